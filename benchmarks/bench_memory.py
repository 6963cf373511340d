"""Memory a run adds to a process: by profile, by number of bars, and beside the original.

    python -m benchmarks.bench_memory [BARS]

Every figure is of a process of its own: imports and a short run first, so that compiled kernels
are there, then the peak of one run above what the process held before it. Bars are made while they
are loaded and exist nowhere else. The strategy reads six indicators on each bar (as W1b does).

- profiles: BALANCED must stay below 60 % of CONSERVATIVE, AGGRESSIVE must not grow with the bars
- the original, same script: the default run must take at least 20 % less

Needs ``/proc`` (Linux). The results of all runs must be the same.
"""

from __future__ import annotations

import gc
import json
import os
import resource
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
FIELDS = ("open", "high", "low", "close", "volume", "openinterest")


def main() -> int:
    """Measure everything and print the table; the exit status is 1 if a limit is missed."""
    bars = int(sys.argv[1]) if len(sys.argv) > 1 else 500_000
    # stepping through bars one by one is slow, and flat is flat: fewer of them do for AGGRESSIVE
    sizes = {"CONSERVATIVE": bars, "BALANCED": bars, "AGGRESSIVE": bars // 5}
    figures = {p: [_measure("ours", n // 4, p), _measure("ours", n, p)] for p, n in sizes.items()}
    for profile, (quarter, whole) in figures.items():
        print(
            f"{profile:14}{sizes[profile]:>9,} bars{whole['grown_mb']:8.1f} MB{whole['seconds']:8.2f} s"
            f"   a quarter of them{quarter['grown_mb']:8.1f} MB"
        )
    share = figures["BALANCED"][1]["grown_mb"] / figures["CONSERVATIVE"][1]["grown_mb"]
    growth = figures["AGGRESSIVE"][1]["grown_mb"] - figures["AGGRESSIVE"][0]["grown_mb"]
    same = {(figures[p][1]["value"], figures[p][1]["sum"]) for p in ("CONSERVATIVE", "BALANCED")}
    limits = {
        f"BALANCED is {share:.0%} of CONSERVATIVE": share <= 0.6,
        f"AGGRESSIVE grows by {growth:.1f} MB from a quarter of the bars to all": growth < 2.0,
        "CONSERVATIVE and BALANCED have the same results": len(same) == 1,
    }
    limits.update(_beside_the_original(min(bars, 100_000)))
    for what, kept_to in limits.items():
        print(f"{'ok' if kept_to else 'MISSED':8}{what}")
    return 0 if all(limits.values()) else 1


def _beside_the_original(bars: int) -> dict[str, bool]:
    from tools.oracle import ORACLE

    if not ORACLE.installed:
        print("the original is not installed: python tools/oracle.py")
        return {}
    ours, theirs = _measure("ours", bars, ""), _measure("oracle", bars, "", str(ORACLE.python))
    mine, original = ours["grown_mb"], theirs["grown_mb"]
    return {
        f"{bars:,} bars: {mine:.1f} MB, the original {original:.1f} MB": mine <= 0.8 * original,
        "the same results as the original": (ours["sum"], ours["value"]) == (theirs["sum"], theirs["value"]),
    }


def _measure(engine: str, bars: int, profile: str, python: str = sys.executable) -> dict[str, Any]:
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"}
    if engine == "ours":
        environment.update(PYTHONPATH=str(ROOT), BACKTRADER_JIT="1")
    done = subprocess.run(
        [python, "-P", __file__, "--one", engine, str(bars), profile],
        env=environment, capture_output=True, text=True, cwd=ROOT / "benchmarks",
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(f"{engine} {profile}: {done.stderr}")
    found: dict[str, Any] = json.loads(done.stdout)
    return found


# -- inside a measured process ---------------------------------------------------------------------
def _one(engine: str, bars: int, profile: str) -> None:
    import time

    run = _workload(engine, profile)
    run(20_000 if engine == "ours" else 1_000)
    gc.collect()
    before = _held()
    began = time.perf_counter()
    value, total = run(bars)
    seconds = time.perf_counter() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024.0
    print(json.dumps({"grown_mb": peak - before, "seconds": seconds, "value": value, "sum": total}))


def _held() -> float:
    """Megabytes this process holds now."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1024.0**2


def _workload(engine: str, profile: str) -> Any:
    """What makes and runs the strategy over so many bars."""
    import backtrader as bt

    class Made(bt.feeds.DataBase):
        """Bars made as they are asked for: a walk in cents."""

        params = (("count", 0), ("seed", 7))

        def start(self) -> None:
            super().start()
            self.rows = self.bars()

        def bars(self) -> Iterator[tuple[float, ...]]:
            """Time, open, high, low, close, volume, open interest."""
            state, price = self.p.seed, 10_000
            for i in range(self.p.count):
                state = (state * 1_103_515_245 + 12_345) & 0x7FFFFFFF
                last, price = price, max(100, price + (state >> 8) % 41 - 20)
                high, low = max(last, price) + (state >> 4) % 9, min(last, price) - (state >> 6) % 9
                day = 735_000.0 + i / 1440.0
                yield day, last / 100.0, high / 100.0, low / 100.0, price / 100.0, float(state % 1000), 0.0

        def _load(self) -> bool:
            row = next(self.rows, None)
            if row is None:
                return False
            self.lines.datetime[0] = row[0]
            for name, value in zip(FIELDS, row[1:], strict=True):
                getattr(self.lines, name)[0] = value
            return True

    class Six(bt.Strategy):
        """Six indicators read on each bar, no orders."""

        def __init__(self) -> None:
            ind = bt.indicators
            self.total = 0.0
            self.seen = (
                ind.SMA(period=20), ind.EMA(period=50), ind.RSI(period=14), ind.MACD(),
                ind.BollingerBands(period=20).lines.top, ind.ATR(period=14),
            )  # fmt: skip

        def next(self) -> None:
            for line in self.seen:
                self.total += line[0]

    def run(count: int) -> tuple[float, float]:
        options = {"memory_profile": bt.MemoryProfile[profile]} if profile else {}
        cerebro = bt.Cerebro(**options)
        cerebro.adddata(Made(count=count, timeframe=bt.TimeFrame.Minutes))
        cerebro.addstrategy(Six)
        strategy = cerebro.run()[0]
        return cerebro.broker.getvalue(), strategy.total

    return run


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        _one(sys.argv[2], int(sys.argv[3]), sys.argv[4])
    else:
        sys.exit(main())
