"""How long the report of a long run takes to write, to open and to move about in.

    python -m benchmarks.bench_report [BARS] [--keep FILE] [--rival SCRIPT]

One-minute bars, three indicators, a trade every 200 bars. The run itself is not timed. *Write* is
``cerebro.report``, which also computes the lines of indicators nobody looked at; the first of the rounds
brings in compiled kernels and is told apart. *Open* is from the navigation to the first drawn chart in
Chromium without a window, *frame* how long the page works for one step of zooming and moving.

With ``--rival`` (``lightweight-charts.standalone.production.js`` of its npm package) the same bars are
shown by Lightweight Charts, in a page that does nothing else.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import backtrader as bt
from benchmarks.data import bars
from benchmarks.rival import rival_page
from tools.browser import Browser, browser

ROUNDS, STEPS = 3, 60
WRITE_SECONDS, OPEN_SECONDS, MEGABYTES, FRAME_MS = 10.0, 3.0, 25.0, 50.0

# Zooming in to a day and out again while moving along; `show` draws and gives the milliseconds it took.
MOVE = """(async () => {
  const times = [], steps = STEPS, n = bars;
  for (let i = 0; i < steps; i++) {
    const span = n * (1440 / n) ** Math.sin((Math.PI * i) / steps), from = ((n - span) * i) / steps;
    times.push(await show(from, from + span));
  }
  return times;
})()""".replace("STEPS", str(STEPS))

# The library draws when the step is over; the next frame is waited for, not counted.
SHOW = """(() => {
  const { stack } = report.chart;
  window.bars = stack.bars;
  window.show = async (from, to) => {
    const began = performance.now();
    stack.show(from, to);
    stack.flush();
    await null;
    const took = performance.now() - began;
    await new Promise(requestAnimationFrame);
    return took;
  };
})()"""


class Work(bt.Strategy):
    """Three indicators and a trade every 200 bars."""

    def __init__(self) -> None:
        bt.indicators.SMA(period=10)
        bt.indicators.EMA(period=30)
        bt.indicators.RSI()

    def next(self) -> None:
        place = len(self) % 200
        if place == 60:
            self.buy()
        elif place == 160:
            self.close()


def run(count: int) -> Any:
    """A finished run."""
    cerebro = bt.Cerebro()
    cerebro.adddata(bt.feeds.PandasData(dataname=bars(count), timeframe=bt.TimeFrame.Minutes), name="WALK")
    cerebro.addstrategy(Work)
    cerebro.broker.setcommission(0.0001)
    cerebro.run()
    return cerebro


def write(count: int, path: Path) -> float:
    """Seconds that the report of a fresh run takes."""
    cerebro = run(count)
    began = time.perf_counter()
    cerebro.report(path)
    return time.perf_counter() - began


def open_page(running: Browser, path: Path, prepare: str) -> tuple[float, float, list[float], float]:
    """(seconds by the page's clock to the first chart, by ours, times of the steps, megabytes of heap)."""
    page = running.page(1440, 900)
    began = time.perf_counter()
    page.goto(path.as_uri())
    page.wait_for("document.documentElement.dataset.chart", 120)
    ours = time.perf_counter() - began
    first = page.evaluate("performance.getEntriesByName('first-chart')[0].startTime") / 1000
    page.wait_for("document.documentElement.dataset.ready", 60)
    if prepare:
        page.evaluate(prepare)
    frames = page.evaluate(MOVE)
    page.send("HeapProfiler.collectGarbage")
    heap = page.send("Runtime.getHeapUsage")
    held = (heap["usedSize"] + heap.get("backingStorageSize", 0)) / 1e6
    if page.problems:
        raise SystemExit(f"the page complains: {page.problems}")
    page.close()
    return first, ours, frames, held


def show(name: str, seen: list[tuple[float, float, list[float], float]]) -> tuple[float, float]:
    """Print a row of a page and return (seconds to the first chart, a slow frame in ms)."""
    opened = statistics.median(each[1] for each in seen)
    frames = sorted(ms for each in seen for ms in each[2])
    slow = frames[int(len(frames) * 0.95)]
    print(
        f"{name:22}{statistics.median(each[0] for each in seen):9.2f}{opened:9.2f}"
        f"{statistics.median(frames):11.1f}{slow:9.1f}{seen[0][3]:10.0f}"
    )
    return opened, slow


def main() -> int:
    """Print the tables; the exit status is 1 if a limit is not kept."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("bars", type=int, nargs="?", default=1_000_000)
    parser.add_argument("--keep", type=Path, metavar="FILE", help="leave the report there")
    parser.add_argument("--rival", type=Path, metavar="SCRIPT", help="the library to compare with")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = args.keep or Path(folder) / "report.html"
        written = [write(args.bars, path) for _ in range(ROUNDS)]
        size = path.stat().st_size / 1e6
        pages = {"report (uPlot)": (path, SHOW)}
        if args.rival:
            pages["Lightweight Charts"] = (rival_page(path, args.rival, Path(folder)), "")
        print(
            f"{args.bars:,} bars, {size:.1f} MB: written in {written[0]:.2f} s, then {min(written[1:]):.2f} s"
        )
        print(f"{'':22}{'first s':>9}{'wall s':>9}{'frame ms':>11}{'95 %':>9}{'heap MB':>10}")
        kept: dict[str, tuple[float, float]] = {}
        with browser() as running:
            for name, (page, prepare) in pages.items():
                kept[name] = show(name, [open_page(running, page, prepare) for _ in range(ROUNDS)])
    opened, slow = kept["report (uPlot)"]
    limits = [
        ("write s", max(written), WRITE_SECONDS),
        ("open s", opened, OPEN_SECONDS),
        ("MB", size, MEGABYTES),
        ("frame ms", slow, FRAME_MS),
    ]
    for name, value, limit in limits:
        print(f"{'kept' if value < limit else 'MISSED':7}{name:9}{value:8.2f} of {limit:g}")
    return 0 if all(value < limit for _, value, limit in limits) else 1


if __name__ == "__main__":
    sys.exit(main())
