"""How long charts take beside the original's, with the same matplotlib.

    python -m benchmarks.bench_plot [--pairs 7] [--quick] [--no-record]

2,000 daily bars with six indicators, trades and volume, 1,600 by 900 pixels: the chart is made and drawn
to memory by both engines in turns; times are those of the processor, ratios are taken pair by pair.  Then
charts that the original cannot draw in reasonable time, of 100,000 and 1,000,000 bars: made, drawn, and
drawn again after zooming in.  The record is ``results/plot-<date>.json``.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
from typing import Any

from . import report
from .engines import HERE, Engine, Worker, oracle, ours

BARS = 2_000
LARGE = (100_000, 1_000_000)
STYLES = ("line", "candle", "bar")
FLOOR = 1.0
LARGE_SECONDS = 10.0

#: Facts that must be the same for both engines, or other charts would be timed.
FACTS = ("panes", "lines", "matplotlib")

HEAD = """\
milliseconds                ours            theirs
of the processor        made   drawn    made   drawn  zoomed  times the original"""

Measured = dict[str, Any]


def pairs(style: str, count: int, workers: list[Worker]) -> Measured:
    """Both engines in turns: the parts of every time, in seconds, and the ratio of their sums."""
    request = {"bars": BARS, "style": style}
    first = [worker.ask(**request) for worker in workers]  # imports, fonts and the run itself
    answers = [[worker.ask(**request) for worker in workers] for _ in range(count)]
    ratios = [_whole(theirs) / _whole(mine) for mine, theirs in answers]
    times = {
        name: {part: [answer[side][part] for answer in answers] for part in ("made", "drawn")}
        for side, name in enumerate(("ours", "oracle"))
    }
    return {
        "bars": BARS,
        **{fact: first[0][fact] for fact in FACTS},
        "differs": [fact for fact in FACTS if first[0][fact] != first[1][fact]],
        **times,
        "ratios": ratios,
        "ratio": statistics.median(ratios),
    }


def _whole(answer: Measured) -> float:
    return float(answer["made"] + answer["drawn"])


def large(bars: int, style: str, worker: Worker) -> Measured:
    """A chart of very many bars, ours alone, in seconds."""
    request = {"bars": bars, "style": style}
    worker.ask(**request)
    answer = worker.ask(**request)
    return {"bars": bars, **{part: answer[part] for part in ("made", "drawn", "zoomed", "panes")}}


def kept(entry: Measured) -> bool:
    """Whether a measurement is as good as it has to be."""
    if "ratio" in entry:
        return entry["ratio"] > FLOOR and not entry["differs"]
    return _whole(entry) < LARGE_SECONDS


def line(name: str, entry: Measured) -> str:
    """One line of the table, times in milliseconds."""
    if "ratio" in entry:
        times = [
            f"{statistics.median(entry[engine][part]) * 1e3:8.0f}"
            for engine in ("ours", "oracle")
            for part in ("made", "drawn")
        ]
        least, most = min(entry["ratios"]), max(entry["ratios"])
        row = f"{''.join(times)}{'':8}  {entry['ratio']:5.2f}  ({least:.2f} to {most:.2f})"
    else:
        mine = "".join(f"{entry[part] * 1e3:8.0f}" for part in ("made", "drawn"))
        row = f"{mine}{'':16}{entry['zoomed'] * 1e3:8.0f}"
    end = "  kept" if kept(entry) else f"  NOT kept {entry.get('differs', '')}"
    return f"{name:<24}{row}{end}"


def measure(count: int, sizes: tuple[int, ...], engines: list[Engine]) -> dict[str, Measured]:
    """All measurements, printed as they come."""
    found: dict[str, Measured] = {}

    def tell(name: str, entry: Measured) -> None:
        found[name] = entry
        print(line(name, entry), flush=True)

    with (
        Worker(engines[0], "plot_worker.py") as mine,
        Worker(engines[1], "plot_worker.py") as theirs,
    ):
        for style in STYLES:
            tell(f"{BARS:,} bars, {style}", pairs(style, count, [mine, theirs]))
        for bars in sizes:
            for style in STYLES[:2]:
                tell(f"{bars:,} bars, {style}", large(bars, style, mine))
    return found


def main(argv: list[str] | None = None) -> int:
    """Print the table and keep the record; the exit status is 1 if a limit is not kept."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--pairs", type=int, default=7)
    parser.add_argument("--quick", action="store_true", help="no million bars, no record")
    parser.add_argument("--no-record", action="store_true", help="print only")
    args = parser.parse_args(argv)
    engines = [ours(), oracle()]
    print(HEAD)
    found = measure(args.pairs, LARGE[:1] if args.quick else LARGE, engines)
    if not (args.quick or args.no_record):
        result = report.record(found, engines, quick=False)
        path = HERE / "results" / f"plot-{result['date']}.json"
        path.write_text(json.dumps(result, indent=1) + "\n")
        print(f"written: benchmarks/results/{path.name}")
    return 0 if all(map(kept, found.values())) else 1


if __name__ == "__main__":
    sys.exit(main())
