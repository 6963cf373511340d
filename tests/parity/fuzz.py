"""Random order flow under both engines: ``python -m tests.parity.fuzz --n 5000 --seed 1 [--case K] [--jobs J] [--result FILE]``."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .compare import Kinds, Report, compare_bytes, kind_of
from .engine import ROOT, Engine, oracle_engine, product_engine
from .fuzz_gen import Case, make_case
from .fuzz_shrink import shrink
from .modes import MODES

EQUAL, BOTH_RAISE, ORACLE_CRASHED, DIFFERENT = "equal", "both raise", "oracle crashed", "different"
# Where the last long run is kept, with the commit it was made on.
RECORD = Path(__file__).with_name("soak.json")
OUTCOMES = (EQUAL, BOTH_RAISE, ORACLE_CRASHED, DIFFERENT)


def request(case: Case) -> dict[str, Any]:
    """What a worker is asked for a case."""
    mode = MODES[case["mode"]]
    return {"do": "fuzz", "case": case, "mode": mode.name, "run": mode.run, "watch": mode.watch}


@dataclass
class Pair:
    """The two engines one thread works with."""

    oracle: Engine
    product: Engine
    exact: bool = False

    def judge(self, case: Case) -> tuple[str, Report, bytes]:
        """Outcome, comparison and the oracle's trace of one case."""
        asked = request(case)
        oracle, product = self.oracle.ask(asked), self.product.ask(asked)
        failed = _ended_badly(oracle)
        if failed and not _ended_badly(product):
            return ORACLE_CRASHED, Report(), oracle
        report = compare_bytes(oracle, product, self.exact)
        if not report.equal:
            return DIFFERENT, report, oracle
        return (BOTH_RAISE if failed else EQUAL), report, oracle

    def differs(self, case: Case, kind: str | None = None) -> bool:
        """For shrinking: does it differ, in a given way if one is named?"""
        outcome, report, _ = self.judge(case)
        return outcome == DIFFERENT and (kind is None or kind in map(kind_of, report.differences))

    def close(self) -> None:
        """End both processes."""
        self.oracle.close()
        self.product.close()


def _ended_badly(trace: bytes) -> bool:
    return not trace.endswith(b'"error":null}')


@dataclass
class Summary:
    """What a series of cases gave."""

    outcomes: Counter[str] = field(default_factory=Counter)
    modes: Counter[str] = field(default_factory=Counter)
    fills: int = 0
    orders: int = 0
    rounded: int = 0
    deviation: float = 0.0
    worst: str = ""
    kinds: Kinds = field(default_factory=Kinds)
    differences: list[dict[str, Any]] = field(default_factory=list)

    def add(self, case: Case, outcome: str, report: Report, trace: bytes) -> None:
        """Count one case in."""
        self.outcomes[outcome] += 1
        self.modes[case["mode"]] += 1
        events = trace[: trace.rindex(b'"notes":')]
        self.fills += events.count(b'"names":["Completed"') + events.count(b'"names":["Partial"')
        self.orders += events.count(b'"names":["Submitted"')
        self.rounded += report.rounded
        if report.deviation > self.deviation:
            self.deviation, self.worst = report.deviation, f"case {case['number']}: {report.worst}"
        if outcome == DIFFERENT:
            self.kinds.add(f"case {case['number']} [{case['mode']}]", report)

    @property
    def total(self) -> int:
        """Cases so far."""
        return sum(self.outcomes.values())

    def line(self) -> str:
        """For the eye."""
        counts = ", ".join(f"{name} {self.outcomes[name]}" for name in OUTCOMES)
        return f"{self.total} cases: {counts}; {self.orders} submitted, {self.fills} fills"


class Fuzzer:
    """Runs a series of cases over one or more pairs of engines."""

    def __init__(
        self,
        seed: int,
        start_product: Callable[[], Engine] = product_engine,
        exact: bool = False,
        limit: int = 5,
    ) -> None:
        self.seed = seed
        self.summary = Summary()
        self._limit = limit
        self._lock = threading.Lock()
        self._local = threading.local()
        self._pairs: list[Pair] = []
        self._start_product = start_product
        self._exact = exact

    def pair(self) -> Pair:
        """This thread's engines."""
        if not hasattr(self._local, "pair"):
            self._local.pair = Pair(oracle_engine(), self._start_product(), self._exact)
            with self._lock:
                self._pairs.append(self._local.pair)
        found: Pair = self._local.pair
        return found

    def one(self, number: int) -> tuple[str, Report]:
        """Run case ``number`` and count it in."""
        case = make_case(self.seed, number)
        outcome, report, trace = self.pair().judge(case)
        with self._lock:
            self.summary.add(case, outcome, report, trace)
            listed = len(self.summary.differences)
        if outcome == DIFFERENT and listed < self._limit:
            small = self.smallest(case, kind_of(report.differences[0]))
            found = {"case": number, "mode": case["mode"], "report": str(report), "small": small}
            with self._lock:
                self.summary.differences.append(found)
        return outcome, report

    def smallest(self, case: Case, kind: str) -> dict[str, Any]:
        """The shrunk case, which still differs in that way, and how."""
        pair = self.pair()
        small = shrink(case, lambda smaller: pair.differs(smaller, kind))
        return {"case": small, "report": str(pair.judge(small)[1])}

    def run(self, numbers: range, jobs: int = 1, progress: bool = True) -> Summary:
        """Run many cases."""
        shown = time.monotonic()
        with ThreadPoolExecutor(jobs) as pool:
            for _ in pool.map(self.one, numbers):
                if progress and time.monotonic() - shown > 2:
                    shown = time.monotonic()
                    print(f"\r{self.summary.line()}", end="", file=sys.stderr, flush=True)
        if progress:
            print(file=sys.stderr)
        return self.summary

    def close(self) -> None:
        """End all processes."""
        for pair in self._pairs:
            pair.close()


def describe(difference: dict[str, Any], seed: int) -> str:
    """A difference with what is needed to see it again."""
    small = difference["small"]
    again = f"python -m tests.parity.fuzz --seed {seed} --case {difference['case']}"
    return (
        f"--- case {difference['case']} [{difference['mode']}], again: {again}\n{difference['report']}\n"
        f"--- shrunk to:\n{readable(small['case'])}\n{small['report']}"
    )


def readable(case: Case) -> str:
    """A case on a page."""
    parts = (
        "mode",
        "cerebro",
        "broker",
        "commissions",
        "sizer",
        "period",
        "derived",
        "between",
        "timers",
        "signals",
    )
    head = {key: case[key] for key in parts if key in case}
    lines = [json.dumps(head)]
    for feed in case["feeds"]:
        kept = {key: value for key, value in feed.items() if key != "rows"}
        lines.append(f"feed {json.dumps(kept)}, {len(feed['rows'])} bars")
        lines += [f"  {i + 1:3} {row}" for i, row in enumerate(feed["rows"][:40])]
    return "\n".join([*lines, *(json.dumps(step) for step in case["program"])])


def _git(*args: str) -> str:
    done = subprocess.run(["git", "-C", str(ROOT), *args], capture_output=True, text=True, check=False)
    return done.stdout.strip()


def result(fuzzer: Fuzzer, args: argparse.Namespace, seconds: float) -> dict[str, Any]:
    """The summary as data, with the commit it was made on."""
    summary = fuzzer.summary
    return {
        "commit": _git("rev-parse", "HEAD") or None,
        "clean": not _git("status", "--porcelain", "--", "backtrader", "tests/parity"),
        "seed": args.seed, "cases": summary.total, "first": args.start, "exact": args.exact,
        "outcomes": {name: summary.outcomes[name] for name in OUTCOMES}, "modes": dict(sorted(summary.modes.items())),
        "orders": summary.orders, "fills": summary.fills, "rounded": summary.rounded, "deviation": summary.deviation,
        "differences": summary.differences, "seconds": round(seconds, 1), "python": sys.version.split()[0],
    }  # fmt: skip


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.parity.fuzz", description=__doc__)
    parser.add_argument("--n", "--cases", type=int, default=300, help="number of cases")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--start", type=int, default=0, help="number of the first case")
    parser.add_argument("--case", type=int, help="only this case, shown in full")
    parser.add_argument("--jobs", type=int, default=1, help="pairs of processes")
    parser.add_argument("--result", type=Path, help="write the summary as JSON to this file")
    parser.add_argument(
        "--record",
        action="store_const",
        dest="result",
        const=RECORD,
        help=f"the same to {RECORD.name} beside this file",
    )
    parser.add_argument("--exact", action="store_true", help="no tolerance for rounding")
    parser.add_argument("--limit", type=int, default=5, help="differences to shrink and show")
    parser.add_argument("--self", action="store_true", dest="same", help="the original against itself")
    return parser.parse_args()


def main() -> int:
    """Run the series; the exit code says whether a difference was found."""
    args = _arguments()
    fuzzer = Fuzzer(args.seed, oracle_engine if args.same else product_engine, args.exact, args.limit)
    started = time.perf_counter()
    try:
        numbers = (
            range(args.start, args.start + args.n) if args.case is None else range(args.case, args.case + 1)
        )
        fuzzer.run(numbers, args.jobs)
        if args.case is not None:
            print(readable(make_case(args.seed, args.case)))
        for difference in fuzzer.summary.differences:
            print(describe(difference, args.seed))
        seconds = time.perf_counter() - started
        summary = fuzzer.summary
        print(summary.kinds.table(20))
        rounding = (
            f"largest rounding {summary.deviation:.3g} ({summary.worst})"
            if summary.rounded
            else "no rounding"
        )
        print(f"{summary.line()}; {rounding}; {seconds:.1f} s")
        if args.result:
            args.result.write_text(
                json.dumps(result(fuzzer, args, seconds), indent=1) + "\n", encoding="utf-8"
            )
    finally:
        fuzzer.close()
    return 1 if fuzzer.summary.outcomes[DIFFERENT] else 0


if __name__ == "__main__":
    sys.exit(main())
