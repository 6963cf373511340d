"""When a bar is over: the rules on their own."""

from __future__ import annotations

import datetime as dt

import pytest

from backtrader.filters import boundary
from backtrader.lines import TimeFrame

MICRO, SECONDS, MINUTES = TimeFrame.MicroSeconds, TimeFrame.Seconds, TimeFrame.Minutes


@pytest.mark.parametrize(
    ("time", "timeframe", "offset", "point"),
    [
        (dt.time(10, 7), MINUTES, 0, (607, 0)),
        (dt.time(10, 7, 3), MINUTES, 0, (607, 3)),
        (dt.time(10, 7), MINUTES, -2, (605, 0)),
        (dt.time(0, 1, 1, 5), SECONDS, 0, (61, 5)),
        (dt.time(0, 0, 1, 5), MICRO, 0, (1_000_005, 0)),
        (dt.time(0, 0, 1, 5), TimeFrame.Ticks, 0, (1_000_005, 0)),
    ],
)
def test_a_time_is_so_many_units_since_midnight(
    time: dt.time, timeframe: int, offset: int, point: tuple[int, int]
) -> None:
    assert boundary.point_of_day(time, timeframe, offset) == point


@pytest.mark.parametrize(
    ("bar", "now", "compression", "to_edge", "over"),
    [
        (dt.time(10, 2), dt.time(10, 4), 5, True, False),
        (dt.time(10, 2), dt.time(10, 5), 5, True, True),
        (dt.time(10, 2), dt.time(10, 3), 1, True, True),
        (dt.time(10, 2), dt.time(10, 2, 59), 1, True, False),
        (dt.time(10, 2), dt.time(10, 3), 5, False, True),
        (dt.time(10, 2), dt.time(9, 0), 5, True, False),
    ],
)
def test_a_bar_is_over_beyond_its_edge(
    bar: dt.time, now: dt.time, compression: int, to_edge: bool, over: bool
) -> None:
    assert boundary.crossed_inside_day(bar, now, MINUTES, compression, to_edge) is over


def test_edges_can_be_moved() -> None:
    ten_four, ten_five = dt.time(10, 4), dt.time(10, 5)
    assert not boundary.crossed_inside_day(ten_four, ten_five, MINUTES, 5, True, boundoff=1)
    assert boundary.on_edge_inside_day(ten_four, MINUTES, 5, boundoff=1)
    assert not boundary.on_edge_inside_day(ten_five, MINUTES, 5, boundoff=1)


def test_an_edge_has_nothing_below_the_unit() -> None:
    assert boundary.on_edge_inside_day(dt.time(10, 5), MINUTES, 5)
    assert not boundary.on_edge_inside_day(dt.time(10, 5, 1), MINUTES, 5)
    assert not boundary.on_edge_inside_day(dt.time(10, 6), MINUTES, 5)


@pytest.mark.parametrize(
    ("moment", "timeframe", "compression", "right", "edge"),
    [
        (dt.datetime(2020, 1, 1, 10, 7), MINUTES, 5, True, dt.datetime(2020, 1, 1, 10, 10)),
        (dt.datetime(2020, 1, 1, 10, 7), MINUTES, 5, False, dt.datetime(2020, 1, 1, 10, 5)),
        (dt.datetime(2020, 1, 31, 23, 57), MINUTES, 5, True, dt.datetime(2020, 2, 1)),
        (dt.datetime(2020, 1, 1, 0, 0, 7), SECONDS, 3, True, dt.datetime(2020, 1, 1, 0, 0, 9)),
        (dt.datetime(2020, 1, 1, 0, 0, 0, 7), MICRO, 3, True, dt.datetime(2020, 1, 1, 0, 0, 0, 9)),
    ],
)
def test_the_edge_of_a_moment(
    moment: dt.datetime, timeframe: int, compression: int, right: bool, edge: dt.datetime
) -> None:
    assert boundary.edge_inside_day(moment, timeframe, compression, right) == edge


def test_periods_longer_than_a_day() -> None:
    week, month, year = (
        boundary.PERIOD_OVER[t] for t in (TimeFrame.Weeks, TimeFrame.Months, TimeFrame.Years)
    )
    new_year_eve, new_year = dt.date(2020, 12, 31), dt.date(2021, 1, 1)
    assert not week(new_year_eve, new_year)  # both in ISO week 53 of 2020
    assert week(new_year, dt.date(2021, 1, 4))
    assert month(new_year_eve, new_year)
    assert not month(new_year, dt.date(2021, 1, 31))
    assert year(new_year_eve, new_year)
    assert not year(new_year, new_year_eve)
