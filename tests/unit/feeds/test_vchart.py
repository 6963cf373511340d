"""Files of Visual Chart, in text and binary."""

from __future__ import annotations

import datetime as dt
import io
import pickle
import struct
from pathlib import Path
from typing import Any

import pytest

import backtrader as bt
from backtrader.errors import DataError
from tests.unit.feeds.stage import bars, by_rows, preloaded, started

TF = bt.TimeFrame
DAY = 2020 * 500 + 1 * 32 + 2
DAILY = struct.pack("<IffffII", DAY, 1.5, 2.5, 0.5, 2.0, 100, 7)
MINUTE = struct.pack("<IIffffII", DAY, 34215, 1.5, 2.5, 0.5, 2.0, 100, 7)


def shown(data: Any, bar: int = 0) -> list[Any]:
    return [bt.num2date(data.datetime.array[bar]), *(line.array[bar] for line in data.lines[:6])]


VALUES = [2.0, 0.5, 2.5, 1.5, 100, 7]


# -- text ------------------------------------------------------------------------------------------
def text_feed(text: str, **kwargs: Any) -> Any:
    return bt.feeds.VChartCSVData(dataname=io.StringIO(text), headers=False, name="v", **kwargs)


def test_the_frame_is_in_the_rows() -> None:
    daily = preloaded(text_feed("ES,W,20200102,0,1.5,2.5,0.5,2.0,100,7\n", sessionend=dt.time(17, 0, 1, 9)))
    assert shown(daily) == [dt.datetime(2020, 1, 2, 17, 0, 1), *VALUES]
    assert daily._timeframe == TF.Weeks
    minutes = preloaded(text_feed("ES,I,20200102,093015,1.5,2.5,0.5,2.0,100,7\n"))
    assert shown(minutes) == [dt.datetime(2020, 1, 2, 9, 30, 15), *VALUES]


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("ES,X,20200102,0,1,2,3,4,5,6", r"column 1 \(frame\) holds 'X' \(one of I, D, W, M is expected\)"),
        ("ES,D,2020,0,1,2,3,4,5,6", r"column 2 \(date\) holds '2020'"),
        ("ES,I,20200102,9:30,1,2,3,4,5,6", r"column 3 \(time\) holds '9:30'"),
        ("ES,I,20200102,99,1,2,3,4,5,6", r"column 3 \(time\) holds '99'"),
        ("ES,D,20200102,,1,2,3,4,5", r"column 9 \(openinterest\) is missing, there are 9"),
        ("ES", r"column 1 \(frame\) is missing, there are 1"),
    ],
)
def test_a_bad_row_is_named(row: str, words: str) -> None:
    with pytest.raises(DataError, match=f"v, row 1: .*{words}"):
        preloaded(text_feed(row + "\n"))


# -- binary, by path -------------------------------------------------------------------------------
def test_the_file_or_else_the_timeframe_tells_the_layout(tmp_path: Path) -> None:
    (tmp_path / "es.fd").write_bytes(DAILY)
    (tmp_path / "es.min").write_bytes(MINUTE)
    day, minute = dt.datetime(2020, 1, 2), dt.datetime(2020, 1, 2, 9, 30, 15)
    for name, timeframe, expected in (
        ("es.fd", TF.Days, day), ("es", TF.Days, day), ("es", TF.Weeks, day), ("es.fd", TF.Minutes, day),
        ("es.min", TF.Days, minute), ("es", TF.Minutes, minute), ("es", TF.Seconds, minute),
    ):  # fmt: skip
        data = preloaded(bt.feeds.VChartData(dataname=str(tmp_path / name), timeframe=timeframe))
        assert shown(data) == [expected, *VALUES]
        assert data._timeframe == timeframe
        assert data.f is None


def test_a_file_that_is_cut_off(tmp_path: Path) -> None:
    path = tmp_path / "es.fd"
    path.write_bytes(DAILY + DAILY[:20])
    with pytest.raises(DataError, match=r"es\.fd, bar 2: 20 bytes are left, a bar has 28"):
        preloaded(bt.feeds.VChartData(dataname=str(path)))


def test_a_day_that_is_none(tmp_path: Path) -> None:
    path = tmp_path / "es.fd"
    path.write_bytes(DAILY + struct.pack("<IffffII", 2020 * 500 + 13 * 32 + 1, 1, 1, 1, 1, 1, 1))
    with pytest.raises(DataError, match=r"es\.fd, bar 2: \(1010417,\) is no day and time"):
        preloaded(bt.feeds.VChartData(dataname=str(path)))


def test_a_family_looks_in_the_programs_folders(tmp_path: Path) -> None:
    folder = tmp_path / "RealServer" / "Data" / "01" / "0ES"
    folder.mkdir(parents=True)
    (folder / "010ES.min").write_bytes(MINUTE)
    family = bt.feeds.VChartFeed(basepath=str(tmp_path), timeframe=TF.Minutes)
    assert shown(preloaded(family.getdata("010ES")))[0] == dt.datetime(2020, 1, 2, 9, 30, 15)
    with pytest.raises(FileNotFoundError, match=r"010XX\.min"):
        started(family.getdata("010XX"))


# -- binary, by ticker -----------------------------------------------------------------------------
@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr(bt.stores.VChartFile, "_singleton", None)
    (tmp_path / "0010").mkdir()
    (tmp_path / "0010" / "010010ES.fd").write_bytes(DAILY + DAILY[:5])
    (tmp_path / "0010" / "010010ES.min").write_bytes(MINUTE * 2)
    return bt.stores.VChartFile(path=str(tmp_path))


def test_a_ticker_in_the_stores_folder(store: Any) -> None:
    data = preloaded(store.getdata(dataname="010ES", sessionend=dt.time(17)))
    assert shown(data) == [dt.datetime(2020, 1, 2, 17), *VALUES]
    assert data.buflen() == 1  # the program may be writing the next one
    assert data._store is store
    assert data in store.datas
    with pytest.warns(UserWarning, match="same time"):
        assert preloaded(bt.feeds.VChartFile(dataname="010ES", timeframe=TF.Minutes)).buflen() == 2


def test_what_is_not_there_or_cannot_be_read(store: Any) -> None:
    with pytest.raises(DataError, match=r"xx: .*010xx.fd cannot be opened \(No such file or directory\)"):
        started(store.getdata(dataname="xx"))
    with pytest.raises(DataError, match=r"010ES: files of ticks \(\.tck\) cannot be read"):
        started(store.getdata(dataname="010ES", timeframe=TF.Seconds))


def test_a_store_without_a_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bt.stores.VChartFile, "_singleton", None)
    assert bt.stores.VChartFile().get_datapath() == ""


def test_columns_and_rows_are_the_same_bars(tmp_path: Path) -> None:
    first, count = dt.date(1999, 12, 20), 900
    dates = [first + dt.timedelta(days=i) for i in range(count)]
    numbers = [day.year * 500 + day.month * 32 + day.day for day in dates]
    daily = [struct.pack("<IffffII", n, i / 3, i, i, 0.1, i, 2**32 - 1) for i, n in enumerate(numbers)]
    minutes = [struct.pack("<IIffffII", n, i * 96, i / 3, i, i, 0.1, i, 1) for i, n in enumerate(numbers)]
    (tmp_path / "es.fd").write_bytes(b"".join(daily))
    (tmp_path / "es.min").write_bytes(b"".join(minutes))
    for name in ("es.fd", "es.min"):
        path = str(tmp_path / name)
        made = preloaded(bt.feeds.VChartData(dataname=path))
        assert made.buflen() == count
        assert bars(made) == bars(by_rows(bt.feeds.VChartData(dataname=path)))


def test_loaded_feeds_can_be_sent_to_other_processes(store: Any) -> None:
    data = preloaded(store.getdata(dataname="010ES"))
    assert data.f is None
    assert pickle.loads(pickle.dumps([len(data.close.array), data.f])) == [1, None]
