"""Filters that look at days: two steps a day, days in two, days without trading, other candles."""

from __future__ import annotations

import datetime as dt
import math
from typing import Any

import pytest

import backtrader as bt
from tests.unit.feeds.stage import Hours, Rows, drain, preloaded, started

F = bt.filters


def feed(*days: int, **kwargs: Any) -> Any:
    """January 2020; a bar opens at its day and closes half a point higher."""
    rows = [(dt.datetime(2020, 1, day), day, day + 3, day - 1, day + 0.5, 101, 7) for day in days]
    return Rows(dataname=rows, **kwargs)


def columns(data: Any, *names: str) -> list[list[float]]:
    return [list(getattr(data, name).array) for name in names]


def test_a_day_in_two() -> None:
    data = feed(2, sessionstart=dt.time(9), sessionend=dt.time(17, 30))
    data.addfilter(F.DaySplitter_Close, closevol=0.25)
    preloaded(data)
    assert columns(data, "open", "high", "low", "volume") == [[2, 2.5], [5, 2.5], [1, 2.5], [75, 26]]
    assert list(data.close.array) == [pytest.approx((2 + 5 + 1) / 3), 2.5]
    times = [bt.num2date(time) for time in data.datetime.array]
    assert times == [dt.datetime(2020, 1, 2, 9), dt.datetime(2020, 1, 2, 17, 30)]


def test_a_days_end_that_reads_as_the_next_day_is_not_split_again() -> None:
    """The original splits it for ever."""
    data = feed(2, 3, tz=Hours(-5))
    data.addfilter(F.DaySplitter_Close)
    assert preloaded(data).buflen() == 4


def test_a_day_without_volume_can_be_split() -> None:
    data = Rows(dataname=[(dt.datetime(2020, 1, 2), 2, 5, 1, 2.5, float("nan"), 7)])
    data.addfilter(F.DaySplitter_Close)
    assert all(math.isnan(volume) for volume in preloaded(data).volume.array)


def test_first_the_open_then_the_whole_bar() -> None:
    data = feed(2, 3)
    data.addfilter(F.DayStepsFilter)
    got = drain(started(data))
    assert [(length, close) for length, close, _ in got] == [(1, 2), (1, 2.5), (2, 3)]
    assert data._last() is True
    assert (len(data), data.close[0], data.high[0]) == (2, 3.5, 6)
    assert F.DayStepsFilter is F.BarReplayer_Open


@pytest.mark.parametrize(("fill_price", "price"), [(None, 3.5), (0, 3.5), (-1, 4.0), (-2, 4.0), (9, 9.0)])
def test_days_without_trading(fill_price: Any, price: float) -> None:
    """None and negative numbers other than -1 stop the original."""
    data = feed(2, 3, 6)
    data.addfilter(F.CalendarDays, fill_price=fill_price, fill_vol=1.0)
    preloaded(data)
    assert [bt.num2date(time).day for time in data.datetime.array] == [2, 3, 4, 5, 6, 6]
    assert list(data.close.array) == [2.5, 3.5, price, price, price, 6.5]
    assert data.volume.array[2] == 1.0
    assert math.isnan(data.openinterest.array[2])


def test_heikin_ashi() -> None:
    data = feed(2, 3)
    data.addfilter(F.HeikinAshi)
    preloaded(data)
    closes = [(2 + 5 + 1 + 2.5) / 4, (3 + 6 + 2 + 3.5) / 4]
    assert columns(data, "close", "open") == [closes, [2.25, (2.25 + closes[0]) / 2]]
    assert columns(data, "high", "low") == [[5, 6], [1, 2]]


def test_filters_of_the_package_are_all_there() -> None:
    assert {"DataFiller", "DataFilter", "Renko", "SessionFiller"} <= set(dir(F))
    from backtrader.filters.datafilter import DataFilter as SameFilter

    from backtrader.feeds.datafilter import DataFilter

    assert F.DataFilter is DataFilter is SameFilter
    with pytest.raises(AttributeError, match="Nothing"):
        _ = F.Nothing
