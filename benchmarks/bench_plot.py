"""How long charts take beside the original's, with the same matplotlib.

    python -m benchmarks.bench_plot [--pairs 7] [--large]

2,000 daily bars with six indicators, trades and volume, 1,600 by 900 pixels: the chart is made and drawn
to memory by both engines in turns; times are those of the processor, ratios are taken pair by pair.
``--large`` adds charts that the original cannot draw in reasonable time: 100,000 and 1,000,000 bars.
"""

from __future__ import annotations

import argparse
import statistics
import sys

from tools.oracle import ORACLE

from .engines import Engine, Worker, ours

BARS = 2_000
LARGE = (100_000, 1_000_000)
STYLES = ("line", "candle", "bar")
FLOOR = 1.0
LARGE_SECONDS = 10.0


def pairs(style: str, count: int, workers: list[Worker]) -> bool:
    """Measure one style and print a row; whether every pair keeps the floor by its median."""
    request = {"bars": BARS, "style": style}
    first = [worker.ask(**request) for worker in workers]  # imports, fonts and the run itself
    same = all(first[0][fact] == first[1][fact] for fact in ("panes", "lines", "matplotlib"))
    times: list[tuple[float, float]] = []
    parts: list[tuple[float, float, float, float]] = []
    for _ in range(count):
        mine, theirs = (worker.ask(**request) for worker in workers)
        times.append((mine["made"] + mine["drawn"], theirs["made"] + theirs["drawn"]))
        parts.append((mine["made"], mine["drawn"], theirs["made"], theirs["drawn"]))
    ratios = sorted(theirs / mine for mine, theirs in times)
    made, drawn, their_made, their_drawn = (statistics.median(column) for column in zip(*parts, strict=True))
    median = statistics.median(ratios)
    kept = median > FLOOR and same
    print(
        f"{style:<8}{made * 1e3:8.0f} {drawn * 1e3:8.0f}   "
        f"{their_made * 1e3:8.0f} {their_drawn * 1e3:8.0f}   "
        f"{median:5.2f}  ({ratios[0]:.2f} to {ratios[-1]:.2f})  "
        + ("kept" if kept else "NOT kept" if same else "NOT the same panes and lines")
    )
    return kept


def large(worker: Worker) -> bool:
    """Charts of very many bars, ours alone."""
    kept = True
    for bars in LARGE:
        for style in STYLES[:2]:
            worker.ask(bars=bars, style=style)
            answer = worker.ask(bars=bars, style=style)
            seconds = answer["made"] + answer["drawn"]
            good = seconds < LARGE_SECONDS
            kept = kept and good
            print(
                f"{bars:>9,} bars, {style:<7} made {answer['made']:.2f} s, drawn {answer['drawn']:.2f} s  "
                f"{'kept' if good else 'NOT kept'}"
            )
    return kept


def main(argv: list[str] | None = None) -> int:
    """Print the tables; the exit status is 1 if a limit is not kept."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--pairs", type=int, default=7)
    parser.add_argument("--large", action="store_true")
    args = parser.parse_args(argv)
    with (
        Worker(ours(), "plot_worker.py") as mine,
        Worker(Engine("oracle", str(ORACLE.python)), "plot_worker.py") as theirs,
    ):
        print(
            f"{BARS:,} daily bars, six indicators; milliseconds of the processor; "
            f"at least {FLOOR} times as fast"
        )
        print("          ours: made    drawn    theirs: made drawn     ratio")
        kept = [pairs(style, args.pairs, [mine, theirs]) for style in STYLES]
        if args.large:
            kept.append(large(mine))
    return 0 if all(kept) else 1


if __name__ == "__main__":
    sys.exit(main())
