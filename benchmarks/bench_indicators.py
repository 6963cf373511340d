"""Every built-in indicator beside a loop written by hand, and beside the original.

    python -m benchmarks.bench_indicators [--quick] [--only NAME,NAME] [--bars N]

Four questions, each with its target: how long a batch of a million bars takes beside hand-written numba
loops for the same formula (at most 3 times as long), how much faster than the original's vectorised form
it is (100 times), what one bar costs in event mode beside the original (less), and whether the period
matters for windows (10 against 1,000: at most 1.5 times).  The exit status is 1 if values differ.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
from collections.abc import Sequence
from typing import Any

from . import report
from .engines import HERE, Worker, oracle, ours
from .indicator_cases import CASES, WINDOWED, Case

BY_HAND, ORACLE, PERIOD = 3.0, 100.0, 1.5
# A running sum drifts, and some indicators magnify the difference of two such sums.
CLOSE_ENOUGH = 1e-4

# Kernels compiled from the start. And memory that was freed stays with the process: whether a line gets
# memory the system must find first is luck, costs more than most indicators, and is the same for all loops.
STEADY = {
    "BACKTRADER_JIT": "1",
    "MALLOC_MMAP_THRESHOLD_": str(32 * 1024**2),
    "MALLOC_TRIM_THRESHOLD_": str(100 * 1024**3),
}

Record = dict[str, Any]


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print the table, keep the record."""
    options = _options(arguments)
    wanted = options.only.split(",") if options.only else None
    cases = [case for case in CASES if wanted is None or case.name in wanted]
    if not cases:
        raise SystemExit(f"no such indicator: {options.only}")
    sizes = {
        "bars": options.bars or (100_000 if options.quick else 1_000_000),
        "oracle_bars": 2_000 if options.quick else 10_000,
        "step_bars": 400 if options.quick else 1_500,
        "pairs": options.pairs or (2 if options.quick else 5),
    }
    engines = [ours(), oracle()]
    engines[0].environment |= STEADY
    found: dict[str, Record] = {}
    with (
        Worker(engines[0], "indicator_worker.py") as mine,
        Worker(engines[1], "indicator_worker.py") as theirs,
    ):
        for case in cases:
            found[case.name] = _measure(case, mine, theirs, sizes)
            print(_line(case.name, found[case.name]), file=sys.stderr, flush=True)
        periods = {name: _periods(name, mine, sizes) for name in WINDOWED if wanted is None or name in wanted}
    result = report.record(found, engines, options.quick)
    result |= {"sizes": sizes, "periods": periods, "targets": _targets(found, periods)}
    print(table(result))
    if not options.no_record and wanted is None:
        path = HERE / "results" / f"{result['date']}-indicators{'-quick' if options.quick else ''}.json"
        path.write_text(json.dumps(result, indent=1) + "\n")
        print(f"written: benchmarks/results/{path.name}")
    return 1 if any(entry["differs"] for entry in found.values()) else 0


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.bench_indicators", description=(__doc__ or "").splitlines()[0]
    )
    parser.add_argument("--quick", action="store_true", help="fewer bars, two pairs")
    parser.add_argument("--only", help="comma-separated names of indicators")
    parser.add_argument("--bars", type=int, help="bars of a batch (1,000,000)")
    parser.add_argument("--pairs", type=int, help="how many times each side runs each indicator (5)")
    parser.add_argument("--no-record", action="store_true", help="print only")
    return parser.parse_args(arguments)


# -- measuring ---------------------------------------------------------------------------------------
def _measure(case: Case, mine: Worker, theirs: Worker, sizes: Record) -> Record:
    if case.bars:
        sizes = {name: min(size, case.bars) if "bars" in name else size for name, size in sizes.items()}
        sizes |= {"oracle_bars": min(sizes["oracle_bars"], 300), "step_bars": min(sizes["step_bars"], 150)}
    entry: Record = {"differs": [], "known": case.known, "bars": sizes["bars"]}
    entry["by_hand"] = _against_loops(case, mine, sizes, entry["differs"]) if case.by_hand else {}
    entry["once"] = _against_once(case, mine, theirs, sizes, entry)
    entry["step"] = _pairs(
        lambda worker: worker.ask(do="step", made=case.made, bars=sizes["step_bars"], copies=5),
        mine,
        theirs,
        sizes["pairs"],
    )
    whole = mine.ask(do="whole", made=case.made, bars=sizes["bars"], repeat=2)
    if "seconds" in whole:
        entry["ours"] = whole["seconds"] / sizes["bars"]
    return entry


def _pairs(ask: Any, one: Worker, other: Worker, count: int) -> Record:
    """Times of both in turns, and for each pair how many times longer the other takes."""
    times: dict[str, list[float]] = {"ours": [], "other": []}
    for _ in range(count):
        for name, worker in (("ours", one), ("other", other)):
            answer = ask(worker)
            if "error" in answer:
                return {"error": answer["error"]}
            times[name].append(answer["seconds"])
    ratios = [b / a for a, b in zip(times["ours"], times["other"], strict=True)]
    return {**times, "ratio": statistics.median(ratios), "least": min(ratios), "most": max(ratios)}


def _against_loops(case: Case, mine: Worker, sizes: Record, differs: list[str]) -> Record:
    bars = sizes["bars"]
    answer = mine.ask(do="compare", made=case.made, by_hand=case.by_hand, bars=bars)
    if "error" in answer or answer["distance"] > CLOSE_ENOUGH:
        differs.append(f"by hand: {answer.get('error') or answer['distance']}")
    mine.ask(do="whole", made=case.made, bars=bars, repeat=4)  # compiled from here on
    measured: dict[str, list[float]] = {"ours": [], "by_hand": []}
    for _ in range(sizes["pairs"]):
        for name, request in (
            ("ours", {"do": "whole", "made": case.made}),
            ("by_hand", {"do": "by_hand", "by_hand": case.by_hand}),
        ):
            answer = mine.ask(**request, bars=bars, repeat=2)
            if "error" in answer:
                return {"error": answer["error"]}
            measured[name].append(answer["seconds"])
    ratios = [a / b for a, b in zip(measured["ours"], measured["by_hand"], strict=True)]
    return {**measured, "ratio": statistics.median(ratios), "least": min(ratios), "most": max(ratios)}


def _against_once(case: Case, mine: Worker, theirs: Worker, sizes: Record, entry: Record) -> Record:
    """The original runs fewer bars: what is compared is the time of one bar."""
    few, many = sizes["oracle_bars"], sizes["bars"]
    values = [worker.ask(do="batch", made=case.made, bars=few) for worker in (mine, theirs)]
    if "error" in values[1] and case.known:
        return {}
    if any("error" in answer for answer in values):
        entry["differs"].append("oracle: " + str([answer.get("error") for answer in values]))
    elif values[0]["lines"] != values[1]["lines"] and not case.known:
        entry["differs"].append("oracle: other bits")
    if values[1].get("seconds") == 0.0:
        return {}  # the original computes it bar by bar in every mode

    def ask(worker: Worker) -> Record:
        if worker is mine:
            answer = worker.ask(do="whole", made=case.made, bars=many, repeat=2)
            return answer if "error" in answer else {"seconds": answer["seconds"] / many}
        answer = worker.ask(do="batch", made=case.made, bars=few)
        return answer if "error" in answer else {"seconds": answer["seconds"] / few}

    return _pairs(ask, mine, theirs, sizes["pairs"])


def _periods(name: str, mine: Worker, sizes: Record) -> Record:
    """The same window with period 10 and 1,000, in turns."""
    measured: dict[int, list[float]] = {10: [], 1000: []}
    for _ in range(sizes["pairs"] + 1):
        for period, times in measured.items():
            made = f"bt.ind.{name}(d, period={period})"
            times.append(mine.ask(do="whole", made=made, bars=sizes["bars"], repeat=3)["seconds"])
    ratios = [long / short for short, long in zip(measured[10][1:], measured[1000][1:], strict=True)]
    return {"ratio": statistics.median(ratios), "least": min(ratios), "most": max(ratios)}


# -- telling -----------------------------------------------------------------------------------------
def _targets(found: dict[str, Record], periods: dict[str, Record]) -> Record:
    """Which indicators miss which target."""

    def missing(kind: str, misses: Any) -> list[str]:
        return [n for n, e in found.items() if "ratio" in e[kind] and misses(e[kind]["ratio"])]

    return {
        f"batch at most {BY_HAND:g} times a hand-written loop": missing("by_hand", lambda r: r > BY_HAND),
        f"batch at least {ORACLE:g} times as fast as the original": missing("once", lambda r: r < ORACLE),
        "a step cheaper than the original's": missing("step", lambda r: r <= 1.0),
        f"period 1,000 at most {PERIOD:g} times period 10": [
            n for n, e in periods.items() if e["ratio"] > PERIOD
        ],
    }


def table(result: Record) -> str:
    """One line an indicator, the windows, and what misses its target."""
    sizes = result["sizes"]
    lines = [
        f"{result['date']}  commit {result['commit']}  {result['machine']['cpu']}",
        f"batch: {sizes['bars']:,} bars, ns a bar; the original's from {sizes['oracle_bars']:,} bars, "
        f"scaled to one bar; step: {sizes['step_bars']:,} bars, microseconds a bar",
        "",
        f"{'indicator':<44}{'ours':>8}{'by hand':>9}{'times':>7}   "
        f"{'once':>9}{'faster':>8}   {'step':>7}{'original':>9}{'faster':>8}   values",
    ]
    lines += [_line(name, entry) for name, entry in result["workloads"].items()]
    if result["periods"]:
        lines += ["", "period 1,000 beside period 10"]
        lines += [f"{name:<44}{_spread(entry)}" for name, entry in result["periods"].items()]
    lines.append("")
    for target, names in result["targets"].items():
        lines.append(f"{target}: " + (f"missed by {len(names)}: {', '.join(names)}" if names else "all"))
    return "\n".join(lines)


def _line(name: str, entry: Record) -> str:
    hand, once, step = entry["by_hand"], entry["once"], entry["step"]
    ours_ns = f"{entry['ours'] * 1e9:.2f}" if "ours" in entry else "-"
    cells = [
        f"{name:<44}{ours_ns:>8}",
        f"{_per_bar(hand, ours_ns):>9}{_ratio(hand):>7}   ",
        f"{_median(once, 1e9):>9}{_ratio(once):>8}   ",
        f"{_median(step, 1e6, 'ours'):>7}{_median(step, 1e6):>9}{_ratio(step):>8}   ",
        "; ".join(entry["differs"]) or entry.get("known") or "same",
    ]
    return "".join(cells)


def _per_bar(hand: Record, ours_ns: str) -> str:
    return f"{float(ours_ns) / hand['ratio']:.2f}" if "ratio" in hand and ours_ns != "-" else "-"


def _median(entry: Record, scale: float, name: str = "other") -> str:
    return f"{statistics.median(entry[name]) * scale:.2f}" if name in entry else "-"


def _ratio(entry: Record) -> str:
    return f"{entry['ratio']:.2f}" if "ratio" in entry else "-"


def _spread(entry: Record) -> str:
    return f"{entry['ratio']:.2f} ({entry['least']:.2f} to {entry['most']:.2f})"


if __name__ == "__main__":
    sys.exit(main())
