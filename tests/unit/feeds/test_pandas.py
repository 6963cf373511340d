"""Feeds out of DataFrames: which column is which, and which types can be read."""

from __future__ import annotations

import datetime as dt
import math
from typing import Any

import numpy as np
import pandas as pd
import pytest

import backtrader as bt
from backtrader.errors import DataError
from tests.unit.feeds.stage import Hours, bars, by_rows, preloaded

INDEX = pd.date_range("2020-01-02 10:00", periods=2, freq="D")
NAMES = ("open", "high", "low", "close", "volume", "openinterest")


def frame(names: Any = NAMES, index: Any = INDEX) -> pd.DataFrame:
    """Column k holds k+1, k+2."""
    return pd.DataFrame({name: [float(k + 1), float(k + 2)] for k, name in enumerate(names)}, index=index)


def read(data: pd.DataFrame, **kwargs: Any) -> Any:
    return preloaded(bt.feeds.PandasData(dataname=data, **kwargs))


def first(data: Any) -> dict[str, float]:
    return {name: line.array[0] for name, line in zip(data.lines._names, data.lines, strict=True)}


def moment(data: Any, bar: int = 0) -> dt.datetime:
    return bt.num2date(data.datetime.array[bar])


@pytest.mark.parametrize("names", [NAMES, ("Open", "HIGH", "Low", "Close", "Volume", "OpenInterest")])
def test_columns_are_found_by_name_whatever_the_case(names: Any) -> None:
    found = first(read(frame(names)))
    assert [found[name] for name in NAMES] == [1, 2, 3, 4, 5, 6]


def test_case_matters_if_asked_for() -> None:
    assert math.isnan(first(read(frame(("Open", "close")), nocase=False))["open"])
    assert first(read(frame(("Open", "open")), nocase=False))["open"] == 2
    assert first(read(frame(("Open", "open"))))["open"] == 1


def test_columns_may_be_given_by_name_or_position() -> None:
    found = first(read(frame(tuple("abcdef")), open="a", high=1, low="C", close=3, volume=None))
    assert [found[name] for name in NAMES[:4]] == [1, 2, 3, 4]
    assert math.isnan(found["volume"])


def test_columns_that_are_not_there_are_missing_values() -> None:
    found = first(read(frame(("close",))))
    assert found["close"] == 1
    assert all(math.isnan(found[name]) for name in NAMES if name != "close")


@pytest.mark.parametrize(
    ("columns", "words"),
    [
        ({"open": "opne"}, "open='opne': no such column; did you mean 'open'"),
        ({"open": 17}, "open=17: the DataFrame has 6 columns"),
    ],
)
def test_a_column_asked_for_must_exist(columns: Any, words: str) -> None:
    with pytest.raises(DataError, match=words):
        read(frame(), **columns)


def test_columns_without_plain_names_need_positions() -> None:
    nested = frame()
    nested.columns = pd.MultiIndex.from_tuples([(name, "X") for name in NAMES])
    with pytest.raises(DataError, match="give positions"):
        read(nested)
    assert first(read(nested, close=3))["close"] == 4


@pytest.mark.parametrize("unit", ["s", "ms", "us", "ns"])
def test_any_unit_of_time_will_do(unit: str) -> None:
    assert moment(read(frame(index=INDEX.as_unit(unit)))) == dt.datetime(2020, 1, 2, 10)


def test_nanoseconds_are_cut_off() -> None:
    index = pd.DatetimeIndex(["1950-01-02 10:11:12.123456789", "2020-01-01"])
    assert read(frame(index=index)).datetime.array[0] == 711859.4244458734  # what the original has


def test_aware_times_are_stored_in_utc() -> None:
    index = INDEX.tz_localize("Europe/Berlin")
    assert moment(read(frame(index=index))) == dt.datetime(2020, 1, 2, 9)
    # compat: tzinput is applied to the time in UTC
    assert moment(read(frame(index=index), tzinput=Hours(2))) == dt.datetime(2020, 1, 2, 7)


def test_naive_times_are_in_the_zone_of_the_input() -> None:
    data = read(frame(), tzinput=Hours(2), tz=Hours(5))
    assert moment(data) == dt.datetime(2020, 1, 2, 8)
    data.advance()
    assert data.datetime.datetime() == dt.datetime(2020, 1, 2, 13)


@pytest.mark.parametrize("where", [-1, "datetime", "DateTime", 0])
def test_times_may_be_in_a_column(where: Any) -> None:
    data = frame().reset_index(names="datetime")
    assert moment(read(data, datetime=where)) == dt.datetime(2020, 1, 2, 10)


def test_without_a_column_of_that_name_the_index_has_the_times() -> None:
    assert moment(read(frame(), datetime=-1)) == dt.datetime(2020, 1, 2, 10)


@pytest.mark.parametrize(
    "values",
    [
        [dt.datetime(2020, 1, 2, 10), dt.datetime(2020, 1, 3)],
        [pd.Timestamp("2020-01-02 11:00+01:00"), pd.Timestamp("2020-01-03")],
    ],
)
def test_times_may_be_objects(values: list) -> None:
    data = frame(index=pd.Index(values, dtype=object))
    assert moment(read(data)) == dt.datetime(2020, 1, 2, 10)
    assert moment(read(frame(index=pd.Index([dt.date(2020, 1, 2)] * 2, dtype=object)), timeframe=1)).hour == 0


@pytest.mark.parametrize(
    ("index", "words"),
    [
        (["2020-01-02", "2020-01-03"], "'2020-01-02' is no date; convert with pandas.to_datetime"),
        ([0, 1], "is no date"),
        (pd.DatetimeIndex(["2020-01-02", None]), "rows 0 to 1.*row 1 has no date"),
    ],
)
def test_what_is_no_date_is_refused(index: Any, words: str) -> None:
    with pytest.raises(DataError, match=words):
        read(frame(index=index))


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (pd.array([1, None], dtype="Int64"), [1, math.nan]),
        (pd.array([1.5, None], dtype="Float64"), [1.5, math.nan]),
        (np.array([1.5, None], dtype=object), [1.5, math.nan]),
        (np.array([True, False]), [1, 0]),
        (np.array([1, 2**60 + 1]), [1, float(2**60 + 1)]),
        (np.array([0.1, 2], dtype="float32"), [float(np.float32(0.1)), 2]),
    ],
)
def test_values_of_any_number_type(values: Any, expected: list) -> None:
    data = frame()
    data["volume"] = values
    assert read(data).volume.array.tolist() == pytest.approx(expected, rel=0, abs=0, nan_ok=True)


def test_what_is_no_number_is_refused() -> None:
    data = frame()
    data["volume"] = ["many", "few"]
    with pytest.raises(DataError, match="volume cannot be read, rows 0 to 1"):
        read(data)


def test_the_frame_is_not_changed_by_writing_to_a_line() -> None:
    data = frame()
    feed = read(data)
    feed.advance()
    feed.close[0] = 99
    assert feed.close[0] == 99
    assert data["close"].tolist() == [4, 5]


def test_an_empty_frame_has_no_bars() -> None:
    assert read(frame().iloc[:0]).buflen() == 0


def test_lines_of_a_subclass() -> None:
    class WithRatio(bt.feeds.PandasData):
        lines = ("ratio",)
        params = (("ratio", -1),)

    data = preloaded(WithRatio(dataname=frame((*NAMES, "Ratio"))))
    assert data.ratio.array.tolist() == [7, 8]


def test_positions_as_in_tuples_of_rows() -> None:
    data = preloaded(bt.feeds.PandasDirectData(dataname=frame(tuple("abcde")), openinterest=-1))
    found = first(data)
    assert [found[name] for name in NAMES[:5]] == [1, 2, 3, 4, 5]
    assert math.isnan(found["openinterest"])
    times = frame(tuple("abcde")).reset_index()
    moved = dict(datetime=1, open=2, high=3, low=4, close=5, volume=6, openinterest=None)
    assert bars(preloaded(bt.feeds.PandasDirectData(dataname=times, **moved))) == bars(data)
    with pytest.raises(DataError, match="openinterest=6: there is the index"):
        preloaded(bt.feeds.PandasDirectData(dataname=frame(tuple("abcde"))))


def test_rows_one_by_one_give_the_same_bars() -> None:
    assert bars(by_rows(bt.feeds.PandasData(dataname=frame()))) == bars(read(frame()))
