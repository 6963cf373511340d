"""Measure how bars come in: ``python -m benchmarks.bench_loading``.

- 1,000 CSV files of 500 rows: the parallel loader beside a serial ``pandas.read_csv`` loop
- a Parquet file larger than one wants in memory, with ``exactbars=1``: time and peak memory by size
- one large CSV file: `ColumnsCSVData` whole, beside ``pandas.read_csv`` alone
- the glance at preloaded bars before a run, beside the run
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).resolve().parent / "results"
_STEP = 1_000_000

RUN = """
import sys, time
import backtrader as bt
from backtrader.feeds.columns import ParquetData

class Cross(bt.Strategy):
    def __init__(self):
        self.cross = bt.ind.CrossOver(self.data.close, bt.ind.SMA(period=30))

    def next(self):
        if self.cross > 0:
            self.buy()
        elif self.cross < 0:
            self.sell()

path, exactbars = sys.argv[1], int(sys.argv[2])
cerebro = bt.Cerebro(exactbars=exactbars, stdstats=False)
cerebro.adddata(ParquetData(dataname=path, timeframe=bt.TimeFrame.Minutes))
cerebro.addstrategy(Cross)
began = time.perf_counter()
(strategy,) = cerebro.run()
seconds = time.perf_counter() - began
peak = open("/proc/self/status").read().partition("VmHWM:")[2].split()[0]
print(len(strategy), seconds, int(peak) / 1024, cerebro.broker.getvalue())
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print, and keep the record."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.bench_loading", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a tenth of the size, not kept")
    parser.add_argument("--only", choices=["folder", "parquet", "csv", "check"], help="one of the four")
    parser.add_argument("--bars", type=int, default=20_000_000, help="bars of the largest Parquet file")
    options = parser.parse_args(arguments)
    scale = 10 if options.quick else 1
    parts: dict[str, Callable[[Path], Any]] = {
        "folder": lambda folder: folder_of_files(folder, 1000 // scale),
        "parquet": lambda folder: parquet(folder, options.bars // scale),
        "csv": lambda folder: one_csv(folder, _STEP // scale),
        "check": lambda folder: check(_STEP // scale),
    }
    found: dict[str, Any] = {}
    for name, measure in parts.items():
        if options.only in (None, name):
            with tempfile.TemporaryDirectory() as folder:
                found[name] = measure(Path(folder))
            print(f"{name}: {json.dumps(found[name])}", flush=True)
    if not options.quick:
        RESULTS.mkdir(exist_ok=True)
        target = RESULTS / f"loading-{dt.date.today()}.json"
        known = json.loads(target.read_text()) if target.exists() else {}
        record = {**known, "python": platform.python_version(), "cores": os.cpu_count(), **found}
        target.write_text(json.dumps(record, indent=1) + "\n")
        print(f"written: benchmarks/results/{target.name}")
    return 0


# -- a folder of files ---------------------------------------------------------------------------------
def folder_of_files(folder: Path, count: int, rows: int = 500, pairs: int = 5) -> dict[str, Any]:
    """Serial pandas and the parallel loader in turns; the frames must be equal."""
    import pandas as pd

    from backtrader.feeds.directory import CSVDirectoryData, ParallelCSVLoader

    from .data import bars

    for number in range(count):
        table = bars(rows, seed=number)
        table.index = pd.date_range("2020-01-01", periods=rows).strftime("%Y-%m-%d")
        table.to_csv(folder / f"s{number:04}.csv", index_label="datetime")
    paths = sorted(folder.iterdir())
    loader = ParallelCSVLoader()
    loader.load_directory(folder, pattern="s000*.csv")
    serial, parallel, feeds = [], [], []
    for _ in range(pairs):
        serial.append(_timed(lambda: [pd.read_csv(path) for path in paths]))
        parallel.append(_timed(lambda: loader.load_directory(folder)))
        feeds.append(_timed(lambda: CSVDirectoryData(directory=folder).feeds()))
    frames = loader.load_directory(folder)
    for path in paths[:: max(1, count // 20)]:
        pd.testing.assert_frame_equal(frames[path.stem], pd.read_csv(path))
    ratios = [a / b for a, b in zip(serial, parallel, strict=True)]
    return {
        "files": count,
        "rows": rows,
        "pandas one by one, seconds": _middle(serial),
        "ParallelCSVLoader, seconds": _middle(parallel),
        "a feed a file, seconds": _middle(feeds),
        "times faster": round(statistics.median(ratios), 2),
        "least": round(min(ratios), 2),
    }


# -- larger than memory ----------------------------------------------------------------------------------
def parquet(folder: Path, largest: int) -> list[dict[str, Any]]:
    """An average's cross over files of growing size, a process each."""
    results = []
    for count in (largest // 20, largest // 4, largest):
        path = folder / f"{count}.parquet"
        write_parquet(path, count)
        results.append(_one_run(path, exactbars=1))
        if count == largest // 20:
            results.append(_one_run(path, exactbars=0))
        path.unlink()
    return results


def _one_run(path: Path, exactbars: int) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-c", RUN, str(path), str(exactbars)], capture_output=True, text=True, check=True
    )
    bars, seconds, peak, value = done.stdout.split()
    return {
        "bars": int(bars),
        "exactbars": exactbars,
        "file, MB": round(path.stat().st_size / 1e6),
        "seconds": round(float(seconds), 1),
        "peak memory, MB": round(float(peak)),
        "final value": float(value),
    }


def write_parquet(path: Path, count: int) -> None:
    """One-minute bars, written a million at a time."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.parquet as pq

    random, last, writer = np.random.default_rng(1), 100.0, None
    start = int(np.datetime64("1980-01-07T00:00:00", "us").astype("int64"))
    for first in range(0, count, _STEP):
        size = min(_STEP, count - first)
        walk = last + np.cumsum(random.standard_normal(size) * 0.2)
        last = float(walk[-1])
        close = np.round(np.abs(np.mod(walk, 200.0) - 100.0) + 50.0, 2)
        opened = np.round(close + random.standard_normal(size) * 0.05, 2)
        micros = start + (np.arange(size) + first) * 60_000_000
        table = pa.table(
            {
                "datetime": pa.array(micros, pa.timestamp("us")),
                "open": opened,
                "high": np.round(np.maximum(opened, close) + 0.1, 2),
                "low": np.round(np.minimum(opened, close) - 0.1, 2),
                "close": close,
                "volume": random.integers(100, 10_000, size).astype(float),
            }
        )
        writer = writer or pq.ParquetWriter(path, table.schema)
        writer.write_table(table)
    if writer is not None:
        writer.close()


# -- one file ----------------------------------------------------------------------------------------------
def one_csv(folder: Path, count: int, pairs: int = 3) -> dict[str, Any]:
    """A whole file as a feed, beside pandas reading it and doing nothing with it."""
    import pandas as pd

    import backtrader as bt
    from backtrader.feeds.columns import ColumnsCSVData

    from .data import bars

    path = folder / "bars.csv"
    bars(count).to_csv(path, index_label="datetime")

    def load() -> None:
        cerebro = bt.Cerebro()
        feed = ColumnsCSVData(dataname=path, timeframe=bt.TimeFrame.Minutes)
        cerebro.adddata(feed)
        feed._start()
        feed.preload()
        assert feed.buflen() == count

    load()
    ours, theirs = [], []
    for _ in range(pairs):
        theirs.append(_timed(lambda: pd.read_csv(path)))
        ours.append(_timed(load))
    return {
        "rows": count,
        "pandas.read_csv, seconds": _middle(theirs),
        "ColumnsCSVData, seconds": _middle(ours),
        "times pandas": round(_middle(ours) / _middle(theirs), 2),
    }


# -- the check before a run ----------------------------------------------------------------------------------
def check(largest: int) -> list[dict[str, Any]]:
    """What the glance at preloaded bars costs, as a share of a moving-average cross over them."""
    import backtrader as bt
    from backtrader.feeds.checks import check_feeds

    from .data import bars

    class Cross(bt.Strategy):
        def __init__(self) -> None:
            self.cross = bt.ind.CrossOver(bt.ind.SMA(period=10), bt.ind.SMA(period=30))

        def next(self) -> None:
            if self.cross > 0:
                self.buy()
            elif self.cross < 0:
                self.sell()

    results = []
    for count in (250, largest // 10, largest):
        runs, checks = [], []
        for _ in range(3):
            feed = bt.feeds.PandasData(dataname=bars(count), timeframe=bt.TimeFrame.Minutes)
            cerebro = bt.Cerebro(audit=False)
            cerebro.adddata(feed)
            cerebro.addstrategy(Cross)
            runs.append(_timed(cerebro.run))
            checks.append(_timed(lambda feed=feed: check_feeds([feed])))
        share = min(checks) / min(runs)
        results.append(
            {"bars": count, "run, ms": _ms(runs), "check, ms": _ms(checks), "share": f"{share:.2%}"}
        )
    return results


def _timed(work: Callable[[], Any]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _middle(seconds: list[float]) -> float:
    return round(statistics.median(seconds), 3)


def _ms(seconds: list[float]) -> float:
    return round(min(seconds) * 1000, 3)


if __name__ == "__main__":
    sys.exit(main())
