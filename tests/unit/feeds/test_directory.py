"""Folders of CSV files: the parallel loader, and the folder as a feed."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import backtrader as bt
from backtrader.errors import DataError
from backtrader.feeds.directory import CSVDirectoryData, CSVDirectoryDataFeed, ParallelCSVLoader

from . import stage

HEADER = "datetime,open,high,low,close,volume,openinterest"


def write(path: Path, first: str = "2020-01-01", count: int = 5, start: float = 100.0) -> Path:
    """A small daily file."""
    rows = [
        f"{day:%Y-%m-%d},{start + i},{start + i + 1.5},{start + i - 1.25},{start + i + 0.5},{1000 + i},0"
        for i, day in enumerate(pd.date_range(first, periods=count))
    ]
    path.write_text("\n".join([HEADER, *rows]) + "\n")
    return path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for i in range(7):
        write(tmp_path / f"s{i}.csv", start=100.0 + i, count=5 + i)
    (tmp_path / "notes.txt").write_text("not a price\n")
    return tmp_path


@pytest.fixture(params=["pyarrow", "pandas"])
def reader(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """With pyarrow, and as if it were not installed."""
    if request.param == "pandas":
        real = importlib.util.find_spec
        monkeypatch.setattr(
            importlib.util, "find_spec", lambda name, *a: None if name == "pyarrow" else real(name, *a)
        )
    return str(request.param)


# --- the loader --------------------------------------------------------------------------------


@pytest.mark.parametrize("workers", [1, 2, 5])
def test_frames_are_those_of_pandas(folder: Path, reader: str, workers: int) -> None:
    frames = ParallelCSVLoader(max_workers=workers).load_directory(folder)
    assert list(frames) == [f"s{i}" for i in range(7)]
    for name, frame in frames.items():
        pd.testing.assert_frame_equal(frame, pd.read_csv(folder / f"{name}.csv"))


@pytest.mark.parametrize(
    "read_args",
    [
        {"parse_dates": ["datetime"]},
        {"parse_dates": ["datetime"], "index_col": "datetime"},
        {"index_col": 0},
        {"usecols": ["datetime", "close"]},
        {"nrows": 2},
        {"header": None, "skiprows": 1},
    ],
)
def test_arguments_mean_what_they_mean_to_pandas(
    folder: Path, reader: str, read_args: dict[str, Any]
) -> None:
    frames = ParallelCSVLoader().load_directory(folder, read_args=read_args)
    for name, frame in frames.items():
        pd.testing.assert_frame_equal(frame, pd.read_csv(folder / f"{name}.csv", **read_args))


AWKWARD = {
    "missing": "a,b\n1,\n2,3.5\n",
    "nothing": "a,b\n1,\n2,\n",
    "words": "a,b\nx,NA\n,y\n",
    "booleans": "a,b\nTrue,0\nFalse,1\n",
    "short row": "a,b\n1,2\n3\n",
    "date later": "a,b\n,1\n2020-01-02,2\n",
    "number then word": "a,b\n1,2\nx,3\n",
    "time": "a,b\n10:30,1\n10:31,2\n",
    "moment": "a,b\n2020-01-02 10:30:00,1\n2020-01-02 10:31:00,2\n",
    "same name": "a,a\n1,2\n",
    "quoted": 'a,b\n"x, y",2\n',
    "names only": "a,b\n",
    "extra field": "a,b\n1,2,3\n4,5,6\n",
    "whole number first": "a,b\n1,2.5\n1.5,3\n",
    "leading zeros": "a,b\n007,0\n008,0\n",
    "long number": "a,b\n123456789012345678901,1.0\n2,2.0\n",
    "number then gap": "a,b\n1,2.5\n,\n",
    "spaces": "a,b\n 1, 2\n",
    "bom": "\ufeffa,b\n1,2\n",
}


@pytest.mark.parametrize("name", AWKWARD)
def test_awkward_files_come_out_as_pandas_reads_them(tmp_path: Path, name: str) -> None:
    path = tmp_path / "file.csv"
    path.write_text(AWKWARD[name], encoding="utf-8")
    loader = ParallelCSVLoader()
    (frame,) = loader.load_multiple([path])
    pd.testing.assert_frame_equal(frame, pd.read_csv(path))
    assert loader.errors == {}


def test_files_that_differ_from_each_other_keep_their_own_types(tmp_path: Path) -> None:
    texts = [
        "a,b\n1,1.5\n",
        "a,b\n1,2\n1.5,x\n",
        "a,b\n2.5,3\n",
        "a,b\n3,4\n",
        "a,b\n3,\n",
        "b,a\n2020-01-01,1\n",
    ]
    for i, text in enumerate(texts):
        (tmp_path / f"{i}.csv").write_text(text)
    for name, frame in ParallelCSVLoader(max_workers=1).load_directory(tmp_path).items():
        pd.testing.assert_frame_equal(frame, pd.read_csv(tmp_path / f"{name}.csv"))


@pytest.mark.parametrize(
    "odd",
    [
        "a,b\n5,1.5",
        "a,b\n\n5,1.5\n\n",
        "a,b\r\n5,1.5\r\n",
        "a,b\n5,1.5\n\r\n6,2.5\n",
        'a,b\n5,"1.5"\n',
        "a,b\n5,\n",
    ],
)
def test_an_odd_file_among_plain_ones(tmp_path: Path, odd: str) -> None:
    for i in range(5):
        (tmp_path / f"{i}.csv").write_text(odd if i == 2 else f"a,b\n{i},0.5\n{i + 1},2.5\n", newline="")
    frames = ParallelCSVLoader().load_directory(tmp_path)
    for name, frame in frames.items():
        pd.testing.assert_frame_equal(frame, pd.read_csv(tmp_path / f"{name}.csv"))
    assert len(frames) == 5


def test_numbers_are_read_to_the_nearest_double(tmp_path: Path, reader: str) -> None:
    texts = [f"0.{digits}" for digits in range(1_000_003, 9_000_000, 7919)]
    path = tmp_path / "file.csv"
    path.write_text("a\n" + "\n".join(texts) + "\n")
    (frame,) = ParallelCSVLoader().load_multiple([path])
    assert frame["a"].tolist() == [float(text) for text in texts]


def test_a_bad_file_does_not_stop_the_others(folder: Path, reader: str) -> None:
    (folder / "s3.csv").write_text('a,b\n1,2\n"unclosed')
    (folder / "empty.csv").write_text("")
    loader = ParallelCSVLoader(max_workers=2)
    frames = loader.load_directory(folder)
    assert sorted(loader.errors) == [str(folder / "empty.csv"), str(folder / "s3.csv")]
    assert list(frames) == ["s0", "s1", "s2", "s4", "s5", "s6"]
    assert len(frames["s6"]) == 11

    loader.load_directory(folder, pattern="s[01].csv")
    assert loader.errors == {}, "errors are those of the last call"


def test_a_file_that_is_not_there_is_an_error_of_its_own(folder: Path, reader: str) -> None:
    loader = ParallelCSVLoader()
    frames = loader.load_multiple([folder / "s0.csv", folder / "gone.csv", folder / "s1.csv"])
    assert [len(frame) for frame in frames] == [5, 6]
    assert isinstance(loader.errors[str(folder / "gone.csv")], FileNotFoundError)


def test_progress_counts_every_file_once(folder: Path, reader: str) -> None:
    (folder / "empty.csv").write_text("")
    seen: list[tuple[int, int]] = []
    ParallelCSVLoader(max_workers=3).load_directory(
        folder, progress_callback=lambda done, total: seen.append((done, total))
    )
    assert seen == [(i, 8) for i in range(1, 9)]


def test_an_error_in_the_callback_comes_out(folder: Path) -> None:
    def stop(done: int, total: int) -> None:
        raise KeyError("stop")

    with pytest.raises(KeyError, match="stop"):
        ParallelCSVLoader(max_workers=2).load_directory(folder, progress_callback=stop)


def test_wrong_arguments_say_so(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="max_workers=0"):
        ParallelCSVLoader(max_workers=0)
    with pytest.raises(DataError, match="no such folder"):
        ParallelCSVLoader().load_directory(tmp_path / "gone")
    assert ParallelCSVLoader().load_directory(tmp_path) == {}


def test_frames_can_be_fed(folder: Path) -> None:
    frames = ParallelCSVLoader().load_directory(folder, read_args={"parse_dates": ["datetime"]})
    feed = stage.preloaded(bt.feeds.PandasData(dataname=frames["s2"], datetime="datetime"))
    assert list(feed.close.array)[:2] == [102.5, 103.5]


def test_frames_are_independent_of_each_other(folder: Path) -> None:
    frames = ParallelCSVLoader().load_directory(folder)
    frames["s0"].loc[0, "close"] = -1.0
    assert frames["s1"]["close"].tolist() == [101.5 + i for i in range(6)]


# --- the folder as a feed --------------------------------------------------------------------------


def test_parts_of_one_series_play_in_the_order_of_their_dates(tmp_path: Path) -> None:
    write(tmp_path / "b.csv", "2020-01-01", 3, start=10)
    write(tmp_path / "a.csv", "2021-01-01", 2, start=20)
    for form in (stage.preloaded, stage.by_rows):
        feed = form(CSVDirectoryData(directory=str(tmp_path)))
        assert list(feed.close.array) == [10.5, 11.5, 12.5, 20.5, 21.5]
        assert feed._name == tmp_path.name


def test_bars_are_those_of_the_generic_csv_feed(tmp_path: Path) -> None:
    path = write(tmp_path / "only.csv", count=30)
    generic = stage.preloaded(bt.feeds.GenericCSVData(dataname=str(path), dtformat="%Y-%m-%d"))
    feed = stage.preloaded(CSVDirectoryDataFeed(directory=tmp_path, parallel=False))
    assert stage.bars(feed) == stage.bars(generic)


def test_a_feed_for_each_file(folder: Path) -> None:
    (folder / "bad.csv").write_text("datetime,close\n2020-01-01,abc\n")
    source = CSVDirectoryData(directory=folder, max_workers=2)
    seen: list[tuple[int, int]] = []
    feeds = source.feeds(progress_callback=lambda done, total: seen.append((done, total)))
    assert [feed._name for feed in feeds] == [f"s{i}" for i in range(7)]
    assert list(source.errors) == [str(folder / "bad.csv")]
    assert "abc" in str(source.errors[str(folder / "bad.csv")])
    assert seen[-1] == (8, 8)

    cerebro = bt.Cerebro()
    for feed in feeds:
        cerebro.adddata(feed)
    (strategy,) = cerebro.run()
    assert [len(data) for data in strategy.datas] == [5 + i for i in range(7)]
    (again,) = cerebro.run()
    assert len(again.datas[6]) == 11


def test_parameters_of_the_folder_go_to_its_feeds(folder: Path) -> None:
    source = CSVDirectoryData(directory=folder, volume=None, timeframe=bt.TimeFrame.Weeks)
    feed = stage.preloaded(source.feeds()[0])
    assert feed._timeframe == bt.TimeFrame.Weeks
    assert all(value != value for value in feed.volume.array)


def test_symbols_in_one_folder_are_no_series(folder: Path) -> None:
    with pytest.raises(DataError, match=r"s1\.csv starts before .*s0\.csv ends.*feeds\(\)"):
        stage.preloaded(CSVDirectoryData(directory=folder))


def test_a_series_with_an_unreadable_part_is_refused(tmp_path: Path) -> None:
    write(tmp_path / "2020.csv")
    (tmp_path / "2021.csv").write_text("what,ever\n1,2\n")
    with pytest.raises(DataError, match=r"2021\.csv.*no column looks like datetime"):
        stage.preloaded(CSVDirectoryData(directory=tmp_path))


def test_no_folder_and_no_file_say_so(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="needs a folder"):
        CSVDirectoryData()
    with pytest.raises(DataError, match=r"no file there is called \*\.csv"):
        stage.preloaded(CSVDirectoryData(directory=tmp_path))
