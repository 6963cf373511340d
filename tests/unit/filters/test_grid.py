"""Edges of bars inside a day, and when longer periods are over: the rules on their own."""

from __future__ import annotations

import datetime as dt

import pytest

from backtrader.filters.boundary import LongBoundary
from backtrader.filters.grid import Grid, micros_of_day
from backtrader.lines import TimeFrame

MICRO, SECONDS, MINUTES = TimeFrame.MicroSeconds, TimeFrame.Seconds, TimeFrame.Minutes


@pytest.mark.parametrize(
    ("bar", "now", "compression", "cells", "over"),
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
    bar: dt.time, now: dt.time, compression: int, cells: bool, over: bool
) -> None:
    grid = Grid(MINUTES, compression)
    assert (grid.leaves if cells else grid.steps)(micros_of_day(bar), micros_of_day(now)) is over


def test_edges_can_be_moved() -> None:
    grid, four, five = Grid(MINUTES, 5, 1), micros_of_day(dt.time(10, 4)), micros_of_day(dt.time(10, 5))
    assert not grid.leaves(four, five)
    assert grid.on_edge(four) and not grid.on_edge(five)


def test_an_edge_has_nothing_below_the_unit() -> None:
    grid = Grid(MINUTES, 5)
    found = [grid.on_edge(micros_of_day(t)) for t in (dt.time(10, 5), dt.time(10, 5, 1), dt.time(10, 6))]
    assert found == [True, False, False]


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
    assert Grid(timeframe, compression).edge(moment, right) == edge


def test_periods_longer_than_a_day() -> None:
    week, month, year = (LongBoundary.keys[t] for t in (TimeFrame.Weeks, TimeFrame.Months, TimeFrame.Years))
    eve, new_year = dt.date(2020, 12, 31), dt.date(2021, 1, 1)
    assert week(eve) == week(new_year) < week(dt.date(2021, 1, 4))  # both in ISO week 53 of 2020
    assert month(eve) < month(new_year) == month(dt.date(2021, 1, 31))
    assert year(eve) < year(new_year)
