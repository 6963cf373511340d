"""When a larger bar is over."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

import backtrader as bt
from backtrader.filters.bar import Bar
from backtrader.filters.boundary import (
    BEYOND,
    FULL,
    HELD,
    LAST,
    WITHIN,
    CellBoundary,
    DayBoundary,
    EveryInput,
    LongBoundary,
    TickBoundary,
    UnitBoundary,
    boundary_for,
)
from backtrader.filters.sessionend import SessionEnd
from tests.unit.feeds.stage import Environment, Rows

TF = bt.TimeFrame
Moment = dt.datetime.fromisoformat


def feed_of(timeframe: int, *stamps: str, calendar: Any = None, **kwargs: Any) -> Any:
    """A started feed with a bar at each stamp."""
    rows = [(Moment(stamp), 1, 2, 0.5, 1.5, 10, 0) for stamp in stamps]
    data = Rows(dataname=rows, timeframe=timeframe, **kwargs)
    data.setenvironment(Environment(calendar))
    data._start()
    return data


def places(data: Any, timeframe: int, compression: int = 1, **options: Any) -> list[int]:
    """Where every bar of the feed lies; bars that are over are begun anew."""
    p = bt.filters.Resampler.params(timeframe=timeframe, compression=compression, **options)
    boundary, bar, found = boundary_for(data, p, False), Bar(), []
    while data.next():
        where = boundary.place(bar)
        found.append(where)
        if where in (LAST, FULL):
            bar.clear()
            continue
        if where in (BEYOND, HELD):
            bar.clear()
        bar.add(data.lines)
    return found


@pytest.mark.parametrize(
    ("source", "timeframe", "compression", "options", "kind"),
    [
        (TF.Minutes, TF.Minutes, 5, {}, CellBoundary),
        (TF.Minutes, TF.Minutes, 5, {"bar2edge": False}, UnitBoundary),
        (TF.Minutes, TF.Days, 1, {}, DayBoundary),
        (TF.Days, TF.Days, 2, {}, EveryInput),
        (TF.Days, TF.Weeks, 1, {}, LongBoundary),
        (TF.Seconds, TF.Ticks, 1, {}, TickBoundary),
        (TF.Ticks, TF.Ticks, 3, {}, EveryInput),
    ],
)
def test_every_timeframe_has_its_boundary(
    source: int, timeframe: int, compression: int, options: Any, kind: type
) -> None:
    p = bt.filters.Resampler.params(timeframe=timeframe, compression=compression, **options)
    assert type(boundary_for(feed_of(source), p, False)) is kind


def test_cells() -> None:
    data = feed_of(TF.Minutes, "2020-01-02T10:01", "2020-01-02T10:04", "2020-01-02T10:06", "2020-01-02T10:10")
    assert places(data, TF.Minutes, 5) == [WITHIN, WITHIN, BEYOND, LAST]


def test_units_are_counted_as_they_go_by() -> None:
    stamps = [f"2020-01-02T10:0{i}" for i in (1, 2, 3, 4, 6)]
    assert places(feed_of(TF.Minutes, *stamps), TF.Minutes, 3, bar2edge=False) == [
        WITHIN, WITHIN, LAST, WITHIN, LAST,
    ]  # fmt: skip
    later = [f"2020-01-02T10:0{i}" for i in (1, 2, 4, 5, 7)]
    assert places(feed_of(TF.Minutes, *later), TF.Minutes, 3, bar2edge=False) == [
        WITHIN, WITHIN, WITHIN, BEYOND, WITHIN,
    ]  # fmt: skip


def test_days_are_sessions() -> None:
    stamps = [
        "2020-01-02T10:00",
        "2020-01-02T17:00",
        "2020-01-02T17:30",
        "2020-01-03T10:00",
        "2020-01-06T10:00",
    ]
    data = feed_of(TF.Minutes, *stamps, sessionend=dt.time(17))
    assert places(data, TF.Days) == [WITHIN, LAST, WITHIN, WITHIN, BEYOND]


def test_so_many_inputs() -> None:
    days = [f"2020-01-0{i}" for i in (1, 2, 3, 4)]
    assert places(feed_of(TF.Days, *days), TF.Days, 2) == [WITHIN, FULL, WITHIN, FULL]


@pytest.mark.parametrize(
    ("timeframe", "days", "found"),
    [
        (TF.Weeks, ["2020-12-31", "2021-01-01", "2021-01-04"], [WITHIN, WITHIN, BEYOND]),
        (TF.Months, ["2020-12-31", "2021-01-01", "2021-01-31"], [WITHIN, BEYOND, WITHIN]),
        (TF.Years, ["2020-12-31", "2021-01-01", "2021-12-31"], [WITHIN, BEYOND, WITHIN]),
        (TF.NoTimeFrame, ["2020-12-31", "2021-01-01", "2022-12-31"], [WITHIN, WITHIN, WITHIN]),
    ],
)
def test_long_periods_are_over_with_the_next_one(timeframe: int, days: list[str], found: list[int]) -> None:
    assert places(feed_of(TF.Days, *days), timeframe) == found


def test_a_calendar_knows_the_last_day() -> None:
    calendar = bt.TradingCalendar(holidays=[dt.date(2021, 4, 2)])
    days = ["2021-03-31", "2021-04-01", "2021-04-05", "2021-04-30"]
    assert places(feed_of(TF.Days, *days, calendar=calendar), TF.Weeks) == [WITHIN, LAST, WITHIN, LAST]
    assert places(feed_of(TF.Days, *days, calendar=calendar), TF.Months) == [LAST, WITHIN, WITHIN, LAST]
    assert places(feed_of(TF.Days, *days, calendar=calendar), TF.Months, 2) == [HELD, BEYOND, WITHIN, HELD]


def test_a_session_end_that_was_passed_without_a_bar_is_not_reached_any_more() -> None:
    data = feed_of(TF.Minutes, "2020-01-02T10:00", "2020-01-03T10:00", sessionend=dt.time(17))
    session, bar = SessionEnd(data), Bar()
    data.next()
    ahead = session.ask()
    assert not session.passed(ahead + 0.5, bar)
    bar.add(data.lines)
    bar.time = ahead + 0.5
    assert not session.passed(ahead + 1, bar)
    bar.time = ahead - 0.1
    assert session.passed(ahead + 1, bar)
    assert (session.ahead, session.last) == (None, ahead)
