"""Feeds of Parquet and CSV files with named columns: the same bars whole and in blocks."""

from __future__ import annotations

import datetime as dt
import importlib.util
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import backtrader as bt
from backtrader.errors import DataError, OptionalPackageError
from backtrader.feeds.columns import ColumnsCSVData, ParquetData

from . import stage

MINUTES = bt.TimeFrame.Minutes


def frame(count: int = 50, freq: str = "min", tz: str | None = None) -> pd.DataFrame:
    rng = np.random.default_rng(3)
    close = np.round(100 + np.cumsum(rng.standard_normal(count)), 2)
    times = pd.date_range("2020-03-02 09:30", periods=count, freq=freq, tz=tz)
    if freq == "D":
        times = times.normalize()
    return pd.DataFrame(
        {
            "datetime": times,
            "open": close - 0.25,
            "high": close + 1,
            "low": close - 1.5,
            "close": close,
            "volume": rng.integers(1, 1000, count),
        }
    )


@pytest.fixture(params=["pyarrow", "plain"])
def reader(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """CSV with pyarrow, and as if it were not installed."""
    if request.param == "plain":
        real = importlib.util.find_spec
        monkeypatch.setattr(
            importlib.util, "find_spec", lambda name, *a: None if name == "pyarrow" else real(name, *a)
        )
    return str(request.param)


def both(make: Any) -> Any:
    """A feed's bars, which must be the same whole and row by row."""
    whole = stage.bars(stage.preloaded(make()))
    assert stage.bars(stage.by_rows(make())) == whole
    return whole


# --- Parquet -----------------------------------------------------------------------------------


@pytest.mark.parametrize("blockrows", [1, 7, 65536])
@pytest.mark.parametrize("tz", [None, "America/New_York"])
def test_parquet_gives_the_bars_of_the_frame(tmp_path: Path, blockrows: int, tz: str | None) -> None:
    table = frame(tz=tz)
    table.to_parquet(tmp_path / "p.parquet", row_group_size=20)
    bars = both(lambda: ParquetData(dataname=tmp_path / "p.parquet", timeframe=MINUTES, blockrows=blockrows))
    expected = bt.feeds.PandasData(dataname=table.set_index("datetime"), timeframe=MINUTES)
    assert bars == stage.bars(stage.preloaded(expected))


def test_a_zone_in_the_file_goes_before_the_parameter(tmp_path: Path) -> None:
    frame(tz="America/New_York").to_parquet(tmp_path / "zoned.parquet")
    frame().to_parquet(tmp_path / "naive.parquet")
    args = {"timeframe": MINUTES, "tzinput": "America/New_York"}
    zoned = both(lambda: ParquetData(dataname=tmp_path / "zoned.parquet", **args))
    assert zoned == both(lambda: ParquetData(dataname=tmp_path / "naive.parquet", **args))
    first = bt.num2date(float.fromhex(zoned["datetime"][0]))
    assert first == dt.datetime(2020, 3, 2, 14, 30)


def test_times_of_every_kind(tmp_path: Path) -> None:
    table = frame(count=5, freq="D")
    seconds = table["datetime"].astype("datetime64[s]").astype("int64")
    kinds = {
        "timestamp": table["datetime"],
        "date": table["datetime"].dt.date,
        "text": table["datetime"].dt.strftime("%Y-%m-%d"),
        "seconds": seconds,
        "milliseconds": seconds * 1000,
        "nanoseconds": table["datetime"].astype("datetime64[ns]"),
    }
    found = {}
    for name, column in kinds.items():
        path = tmp_path / f"{name}.parquet"
        table.assign(datetime=column).to_parquet(path)
        found[name] = both(lambda path=path: ParquetData(dataname=path))
    assert all(bars == found["timestamp"] for bars in found.values())


def test_dates_limit_and_names_of_ones_own(tmp_path: Path) -> None:
    path = tmp_path / "p.pq"
    frame(freq="D").rename(columns={"close": "settle", "datetime": "day"}).assign(pe=7.5).to_parquet(path)

    class WithPE(ParquetData):
        lines = ("pe",)
        params = (("pe", -1),)

    bars = both(
        lambda: WithPE(
            dataname=path, datetime="day", close="settle", volume=None,
            fromdate=dt.date(2020, 3, 10), todate=dt.date(2020, 3, 12),
        )
    )  # fmt: skip
    assert len(bars["close"]) == 3
    assert set(bars["pe"]) == {(7.5).hex()}
    assert set(bars["volume"]) == {"nan"}


def test_rows_without_a_date_and_files_that_are_none_are_named(tmp_path: Path) -> None:
    table = frame(count=4)
    table.loc[2, "datetime"] = pd.NaT
    table.to_parquet(tmp_path / "p.parquet")
    with pytest.raises(
        DataError, match=r"p\.parquet: datetime cannot be read.*row 2 of the block has no date"
    ):
        stage.preloaded(ParquetData(dataname=tmp_path / "p.parquet"))
    (tmp_path / "q.parquet").write_text("no")
    with pytest.raises(DataError, match=r"q\.parquet: not a Parquet file"):
        stage.preloaded(ParquetData(dataname=tmp_path / "q.parquet"))
    with pytest.raises(DataError, match="no such file"):
        stage.preloaded(ParquetData(dataname=tmp_path / "r.parquet"))
    with pytest.raises(DataError, match="needs a file"):
        stage.preloaded(ParquetData())


def test_without_pyarrow_the_error_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    frame(4).to_parquet(tmp_path / "p.parquet")
    for name in [name for name in sys.modules if name.partition(".")[0] == "pyarrow"]:
        monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(OptionalPackageError, match=r"pip install 'backtrader\[parquet\]'"):
        stage.preloaded(ParquetData(dataname=tmp_path / "p.parquet"))


# --- CSV ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("suffix", ["csv", "csv.gz"])
@pytest.mark.parametrize("freq", ["D", "min"])
def test_csv_gives_the_bars_of_the_generic_feed(tmp_path: Path, reader: str, freq: str, suffix: str) -> None:
    table = frame(count=200, freq=freq)
    text = "%Y-%m-%d" if freq == "D" else "%Y-%m-%d %H:%M:%S"
    table.to_csv(tmp_path / "plain.csv", index=False, date_format=text)
    table.to_csv(tmp_path / f"p.{suffix}", index=False, date_format=text)
    frames = {"timeframe": bt.TimeFrame.Days if freq == "D" else MINUTES, "tzinput": "Europe/Berlin"}
    bars = both(lambda: ColumnsCSVData(dataname=tmp_path / f"p.{suffix}", blockrows=64, **frames))
    generic = bt.feeds.GenericCSVData(
        dataname=str(tmp_path / "plain.csv"), dtformat=text, openinterest=None, **frames
    )
    assert bars == stage.bars(stage.preloaded(generic))


def test_csv_of_other_shapes(tmp_path: Path, reader: str) -> None:
    path = tmp_path / "p.csv"
    path.write_text('Note;Day;Last\n"a; b";04.03.2020;1.5\n;05.03.2020;N/A\n\n;06.03.2020;2\n')
    bars = both(
        lambda: ColumnsCSVData(
            dataname=path, separator=";", datetime="day", close="last", dtformat="%d.%m.%Y"
        )
    )
    assert bars["close"] == [(1.5).hex(), "nan", (2.0).hex()]
    path.write_text("t,close\n1583314215,1\n1583314275,2\n")
    bars = both(lambda: ColumnsCSVData(dataname=path, datetime="t", timeframe=MINUTES))
    assert bt.num2date(float.fromhex(bars["datetime"][0])) == dt.datetime(2020, 3, 4, 9, 30, 15)


def test_an_empty_csv_is_a_feed_without_bars(tmp_path: Path, reader: str) -> None:
    for text in ("", "date,close\n"):
        (tmp_path / "p.csv").write_text(text)
        assert both(lambda: ColumnsCSVData(dataname=tmp_path / "p.csv"))["close"] == []


@pytest.mark.parametrize("bad", ["2020-03-05,abc", "2020-33-05,1.0", "gone,1.0"])
def test_an_unreadable_row_is_named(tmp_path: Path, reader: str, bad: str) -> None:
    path = tmp_path / "p.csv"
    path.write_text(f"date,close\n2020-03-04,1.0\n{bad}\n2020-03-06,2.0\n")
    with pytest.raises(DataError, match=r"p\.csv.*(row 3|Row #3)"):
        stage.preloaded(ColumnsCSVData(dataname=path))


# --- runs --------------------------------------------------------------------------------------


class Average(bt.Strategy):
    def __init__(self) -> None:
        self.cross = bt.ind.CrossOver(self.data.close, bt.ind.SMA(period=5))

    def next(self) -> None:
        if self.cross > 0:
            self.buy()
        elif self.cross < 0:
            self.sell()


@pytest.mark.parametrize("exactbars", [0, 1])
@pytest.mark.parametrize("kind", [ParquetData, ColumnsCSVData])
def test_a_strategy_sees_the_same_in_blocks(tmp_path: Path, kind: Any, exactbars: int) -> None:
    table = frame(count=3000)
    table.to_parquet(tmp_path / "p.parquet")
    table.to_csv(tmp_path / "p.csv", index=False)
    path = tmp_path / ("p.parquet" if kind is ParquetData else "p.csv")

    def value(feed: Any) -> tuple[float, int]:
        cerebro = bt.Cerebro(exactbars=exactbars)
        cerebro.adddata(feed)
        cerebro.addstrategy(Average)
        (strategy,) = cerebro.run()
        return cerebro.broker.getvalue(), len(strategy)

    expected = value(bt.feeds.PandasData(dataname=table.set_index("datetime"), timeframe=MINUTES))
    assert expected[1] == 3000
    assert value(kind(dataname=path, timeframe=MINUTES, blockrows=256)) == expected


MEMORY = """
import sys
import backtrader as bt
from backtrader.feeds.columns import ParquetData

class Average(bt.Strategy):
    def __init__(self):
        self.average = bt.ind.SMA(period=30)

def run(path):
    cerebro = bt.Cerebro(exactbars=1, stdstats=False)
    cerebro.adddata(ParquetData(dataname=path, timeframe=bt.TimeFrame.Minutes, blockrows=4096))
    cerebro.addstrategy(Average)
    assert len(cerebro.run()[0]) == int(sys.argv[2])

run(sys.argv[1])
# getrusage would begin with the memory of the process that started this one
status = open("/proc/self/status").read()
print(status.partition("VmHWM:")[2].split()[0])
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_memory_does_not_grow_with_the_file(tmp_path: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    peaks = []
    for count in (30_000, 230_000):
        path = tmp_path / f"{count}.parquet"
        table = {
            "datetime": np.arange(count) * 60,
            **dict.fromkeys(("open", "high", "low", "close"), np.ones(count)),
        }
        pq.write_table(pa.table(table), path)
        done = subprocess.run(
            [sys.executable, "-c", MEMORY, str(path), str(count)],
            capture_output=True,
            text=True,
            check=True,
            env={**os.environ, "ARROW_DEFAULT_MEMORY_POOL": "system"},  # the others keep what they free
        )
        peaks.append(int(done.stdout))
    kept_whole = 200_000 * 8 * 8 // 1024  # kilobytes: seven lines of the feed and the average
    assert peaks[1] - peaks[0] < kept_whole * 0.7


def test_the_feeds_are_found_where_feeds_are() -> None:
    from backtrader.feeds import columns, directory, online

    for module, names in {
        columns: ["ColumnsCSVData", "ColumnsData", "ParquetData"],
        directory: ["CSVDirectoryData", "CSVDirectoryDataFeed", "ParallelCSVLoader"],
        online: ["AkShareData", "CCXTHistoryData", "YFinanceData"],
    }.items():
        for name in names:
            assert getattr(bt.feeds, name) is getattr(module, name)
            assert name in dir(bt.feeds)
