"""The edges of bars inside a day."""

from __future__ import annotations

import datetime as dt

import pytest

from backtrader.filters.grid import Grid, micros_of_day
from backtrader.lines import TimeFrame

MICRO, SECONDS, MINUTES = TimeFrame.MicroSeconds, TimeFrame.Seconds, TimeFrame.Minutes


def at(text: str) -> int:
    return micros_of_day(dt.time.fromisoformat(text))


@pytest.mark.parametrize(
    ("time", "micros"),
    [("10:07", 36_420_000_000), ("00:01:01.000005", 61_000_005), ("00:00:00", 0)],
)
def test_times_are_counted_in_microseconds(time: str, micros: int) -> None:
    assert at(time) == micros
    assert micros_of_day(dt.datetime.combine(dt.date(2020, 1, 1), dt.time.fromisoformat(time))) == micros


@pytest.mark.parametrize(
    ("before", "after", "compression", "leaves"),
    [
        ("10:02", "10:04", 5, False),
        ("10:02", "10:05", 5, True),
        ("10:02", "10:03", 1, True),
        ("10:02", "10:02:59", 1, False),
        ("10:02", "09:00", 5, False),  # another day's morning is no later cell
    ],
)
def test_a_cell_is_left_at_its_edge(before: str, after: str, compression: int, leaves: bool) -> None:
    assert Grid(MINUTES, compression).leaves(at(before), at(after)) is leaves


def test_steps_are_units_whatever_the_compression() -> None:
    grid = Grid(MINUTES, 5)
    assert grid.steps(at("10:02"), at("10:03"))
    assert not grid.steps(at("10:02"), at("10:02:59"))


def test_cells_can_be_moved() -> None:
    grid = Grid(MINUTES, 5, boundoff=1)
    assert not grid.leaves(at("10:04"), at("10:05"))
    assert grid.on_edge(at("10:04"))
    assert not grid.on_edge(at("10:05"))


@pytest.mark.parametrize(("time", "on_edge"), [("10:05", True), ("10:05:01", False), ("10:06", False)])
def test_an_edge_has_nothing_below_the_unit(time: str, on_edge: bool) -> None:
    assert Grid(MINUTES, 5).on_edge(at(time)) is on_edge


@pytest.mark.parametrize(
    ("moment", "timeframe", "compression", "right", "edge"),
    [
        ("2020-01-01T10:07", MINUTES, 5, True, "2020-01-01T10:10"),
        ("2020-01-01T10:07", MINUTES, 5, False, "2020-01-01T10:05"),
        ("2020-01-31T23:57", MINUTES, 5, True, "2020-02-01T00:00"),
        ("2020-01-01T00:00:07", SECONDS, 3, True, "2020-01-01T00:00:09"),
        ("2020-01-01T00:00:00.000007", MICRO, 3, True, "2020-01-01T00:00:00.000009"),
    ],
)
def test_the_edge_of_a_moment(moment: str, timeframe: int, compression: int, right: bool, edge: str) -> None:
    found = Grid(timeframe, compression).edge(dt.datetime.fromisoformat(moment), right)
    assert found == dt.datetime.fromisoformat(edge)
