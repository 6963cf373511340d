"""Whole columns and rows one by one give the same bars, bit for bit."""

from __future__ import annotations

import datetime as dt
import io
import warnings
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import backtrader as bt
from backtrader.feeds import bulk, csvbase, csvcolumns, pandafeed
from tests.unit.feeds.stage import Hours, Rows, bars, by_rows, preloaded

FORMATS = ["%Y-%m-%d %H:%M:%S", "%d.%m.%Y %H:%M", "%Y%m%d", "%Y-%m-%d", "%Y-%m-%dT%H:%M:%S.%f", "%m/%d/%Y"]
any_time = st.datetimes(dt.datetime(1960, 1, 1), dt.datetime(2080, 1, 1))
moments = any_time | any_time.map(lambda time: time.replace(hour=0, minute=0, second=0, microsecond=0))
numbers = st.one_of(
    st.floats(-1e9, 1e9, allow_nan=False).map(repr),
    st.integers(-10, 10**6).map(str),
    st.sampled_from(["", "nan", "1e-3", " 2 "]),
)
zones = st.sampled_from([None, None, None, Hours(2), Hours(-5.5)])


@pytest.fixture(autouse=True)
def _small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Several blocks even with few rows."""
    monkeypatch.setattr(csvbase, "_BLOCK_ROWS", 7)
    monkeypatch.setattr(pandafeed, "_BLOCK_ROWS", 7)


def outcome(load: Any, data: Any) -> Any:
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        try:
            return bars(load(data)), [str(w.message) for w in said]
        except bt.errors.DataError as error:
            return str(error)


def options(draw: Any, times: list[dt.datetime]) -> dict[str, Any]:
    picked: dict[str, Any] = {"tz": draw(zones), "tzinput": draw(zones)}
    picked["timeframe"] = draw(st.sampled_from([bt.TimeFrame.Ticks, bt.TimeFrame.Minutes, bt.TimeFrame.Days]))
    if draw(st.booleans()):
        picked["sessionend"] = dt.time(17, 30)
    if times and draw(st.booleans()):
        picked["fromdate"] = draw(st.sampled_from(times))
    if times and draw(st.booleans()):
        picked["todate"] = draw(st.sampled_from(times))
    return picked


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_csv_of_any_layout(data: Any) -> None:
    draw = data.draw
    dtformat = draw(st.sampled_from(FORMATS))
    times = draw(st.lists(moments, max_size=25))
    if draw(st.booleans()):
        times.sort()
    rows = [[time.strftime(dtformat).rjust(8, "0")] + [draw(numbers) for _ in range(6)] for time in times]
    if rows and draw(st.integers(0, 4)) == 0:  # a row that is different
        spoilt = draw(st.sampled_from(rows))
        spoilt[draw(st.integers(0, 6))] = draw(st.sampled_from(["x", "2020-1-2", "1,2", "9999-99-99"]))
    text = "".join(",".join(row) + "\n" for row in rows)
    given_ = options(draw, times)

    def make() -> Any:
        return bt.feeds.GenericCSVData(
            dataname=io.StringIO(text), dtformat=dtformat, headers=False, name="f", **given_
        )

    assert outcome(preloaded, make()) == outcome(by_rows, make())


@settings(max_examples=75, deadline=None)
@given(st.data())
def test_csv_of_the_plain_layout(data: Any) -> None:
    draw = data.draw
    times = draw(st.lists(moments, max_size=25))
    layout = draw(st.sampled_from(["%Y-%m-%d", "%Y-%m-%d,%H:%M:%S"]))
    rows = [f"{time.strftime(layout)},{i},{i + 1},{i / 3},{i},7,1\n" for i, time in enumerate(times)]
    if len(rows) > 12:
        rows[12] = rows[12].replace(",7,1", ",7")  # a field is missing
    text = "".join(rows)
    given_ = options(draw, times)

    def make() -> Any:
        return bt.feeds.BacktraderCSVData(dataname=io.StringIO(text), headers=False, name="f", **given_)

    assert outcome(preloaded, make()) == outcome(by_rows, make())


@settings(max_examples=75, deadline=None)
@given(st.data())
def test_frames(data: Any) -> None:
    draw = data.draw
    times = draw(st.lists(moments, max_size=25))
    index = pd.DatetimeIndex(times).as_unit(draw(st.sampled_from(["s", "ms", "us", "ns"])))
    if draw(st.booleans()):
        index = index.tz_localize("Etc/GMT-3")
    count = len(index)
    frame = pd.DataFrame(
        {
            "open": np.arange(count) / 3,
            "Close": range(count),
            "volume": pd.array([None] * count, dtype="Int64"),
        },
        index=index,
    )
    given_ = options(draw, times)

    def make() -> Any:
        return bt.feeds.PandasData(dataname=frame, **given_)

    assert outcome(preloaded, make()) == outcome(by_rows, make())


def test_a_subclass_that_reads_rows_sees_every_row() -> None:
    seen = []

    class Own(bt.feeds.GenericCSVData):
        def _loadline(self, linetokens: list[str]) -> bool:
            seen.append(linetokens[0])
            return super()._loadline(linetokens)

    text = "2020-01-01,1,1,1,1,1,1\n2020-01-02,1,1,1,1,1,1\n"
    preloaded(Own(dataname=io.StringIO(text), dtformat="%Y-%m-%d", headers=False, name="x"))
    assert seen == ["2020-01-01", "2020-01-02"]


def test_what_forces_rows() -> None:
    feed = bt.feeds.GenericCSVData(dataname=io.StringIO(), name="x")
    assert not bulk.rows_are_forced(feed)
    feed._load = lambda: False
    assert bulk.rows_are_forced(feed)
    filtered = bt.feeds.GenericCSVData(dataname=io.StringIO(), name="x")
    filtered.addfilter(lambda data: False)
    assert bulk.rows_are_forced(filtered)
    assert bulk.rows_are_forced(Rows(dataname=[]))


def test_columns_are_not_read_row_by_row(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []
    monkeypatch.setattr(pandafeed._FrameData, "_load", lambda self: bool(asked.append(len(self))))
    frame = pd.DataFrame({"close": range(100)}, index=pd.date_range("2020", periods=100))
    feed = preloaded(bt.feeds.PandasData(dataname=frame))
    assert list(feed.close.array) == list(range(100))
    assert asked == [101]  # only whether there is more


@pytest.mark.parametrize(
    ("dtformat", "layout"),
    [
        ("%Y-%m-%d %H:%M", "YYYY-mm-dd HH:MM"),
        ("%Y%m%d", "YYYYmmdd"),
        ("%b %d %Y", None),
        ("%y-%m-%d", None),
        ("%Y-%m-%d %Y", None),
        ("%Y day d %d %m", None),
    ],
)
def test_which_formats_have_a_fixed_layout(dtformat: str, layout: str | None) -> None:
    assert csvcolumns.layout_of(dtformat) == layout


@pytest.mark.parametrize(
    "text",
    ["2020-02-30", "2020-00-01", "0000-01-01", "2020-13-01", "2020_01-01", "2020-01-1x", "２020-01-01"],
)
def test_a_date_that_is_none_is_left_to_the_row_reader(text: str) -> None:
    assert csvcolumns.wall_clocks(["2020-01-01", text], "YYYY-mm-dd") is None


def test_lines_of_different_length_are_no_columns() -> None:
    assert csvbase.split_columns(["a,b\n", "c\n"], ",") is None
    assert csvbase.split_columns(["a,b\n", "c,d"], ",") == [["a", "c"], ["b", "d"]]
    assert csvbase.split_columns(["a", "c,d"], ",") is None
