"""Dates on an axis of bars."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

pytest.importorskip("matplotlib")

import matplotlib.dates as mdates

import backtrader as bt
from backtrader.plot.formatters import (
    BarDates,
    MyDateFormatter,
    MyVolFormatter,
    getlocator,
    patch_formatter,
    patch_locator,
)
from backtrader.plot.locator import AutoDateFormatter, AutoDateLocator, RRuleLocator, as_mpl_dates

DAYS = [
    day for day in (dt.datetime(2020, 1, 2) + dt.timedelta(days=n) for n in range(500)) if day.weekday() < 5
]
DATES = [bt.date2num(day.replace(hour=23, minute=59, second=59, microsecond=999990)) for day in DAYS]


@pytest.fixture
def axis() -> Any:
    import matplotlib.pyplot as pyplot

    ax = pyplot.figure().add_subplot()
    ax.plot(range(len(DATES)), range(len(DATES)))
    return ax.xaxis


def ticks(axis: Any, locator: Any, low: float, high: float) -> list[str]:
    axis.set_major_locator(locator)
    axis.axes.set_xlim(low, high)
    return [DAYS[int(bar)].strftime("%m-%d") for bar in locator()]


def test_months_begin_on_their_first_bar(axis: Any) -> None:
    assert ticks(axis, AutoDateLocator(DATES), 0, 120) == ["02-03", "03-02", "04-01", "05-01", "06-01"]


def test_days_of_a_month(axis: Any) -> None:
    found = ticks(axis, AutoDateLocator(DATES), 5, 25)
    assert len(found) > 3 and len(set(found)) == len(found)


def test_views_beyond_the_bars(axis: Any) -> None:
    found = ticks(axis, AutoDateLocator(DATES), -50, len(DATES) + 50)
    assert found[0] >= "01-02" and len(found) > 3


def test_a_rule(axis: Any) -> None:
    rule = mdates.rrulewrapper(mdates.YEARLY, bymonth=(4, 7), bymonthday=1)
    assert ticks(axis, RRuleLocator(DATES, rule), 0, 250) == ["04-01", "07-01"]


def test_limits_as_dates(axis: Any) -> None:
    locator = AutoDateLocator(DATES)
    axis.set_major_locator(locator)
    axis.axes.set_xlim(-5, 3)
    first, last = locator.viewlim_to_dt()
    assert (first.date(), last.date()) == (DAYS[0].date(), DAYS[3].date())
    first, last = locator.datalim_to_dt()
    assert (first.date(), last.date()) == (DAYS[0].date(), DAYS[-1].date())


def test_numbers_of_lines_and_of_matplotlib() -> None:
    assert as_mpl_dates([bt.date2num(DAYS[0])])[0] == mdates.date2num(DAYS[0])


def test_formats_follow_the_distance_of_ticks(axis: Any) -> None:
    locator = AutoDateLocator(DATES)
    formatter = AutoDateFormatter(DATES, locator)
    ticks(axis, locator, 0, 250)
    assert formatter(21) == "2020-01"
    assert formatter(-3) == formatter(0)


def test_a_locator_and_its_formatter(axis: Any) -> None:
    locator, formatter = getlocator(DATES, numticks=4)
    assert 2 <= len(ticks(axis, locator, 0, 250)) <= 6
    assert formatter(0).startswith("2020")


def test_matplotlibs_own_are_taught_about_bars(axis: Any) -> None:
    locator = patch_locator(mdates.MonthLocator(bymonth=(3, 6)), DATES)
    assert isinstance(locator, mdates.MonthLocator)
    assert ticks(axis, locator, 0, 250) == ["03-02", "06-01"]
    formatter = patch_formatter(mdates.DateFormatter("%d.%m.%Y"), DATES)
    assert isinstance(formatter, mdates.DateFormatter)
    assert [formatter(bar) for bar in (0, 21.2, 9999)] == [
        "02.01.2020",
        "31.01.2020",
        DAYS[-1].strftime("%d.%m.%Y"),
    ]


def test_time_of_day_only_where_it_matters() -> None:
    minutes = [bt.date2num(dt.datetime(2020, 3, 2, 9, 30) + dt.timedelta(minutes=n)) for n in range(5000)]
    formatter = BarDates(minutes)
    assert formatter.format_ticks([0, 60, 120]) == [
        "2020-03-02 09:30",
        "2020-03-02 10:30",
        "2020-03-02 11:30",
    ]
    assert formatter.format_ticks([0, 1440, 2880]) == ["2020-03-02", "2020-03-03", "2020-03-04"]
    assert BarDates([]).format_ticks([1, 2]) == ["", ""]


def test_no_bars_have_no_dates() -> None:
    assert MyDateFormatter([])(3) == ""


@pytest.mark.parametrize(("top", "says"), [(1e17, "100P"), (1e20, "100000P"), (999.0, "999"), (1000.0, "1K")])
def test_volume_of_any_size(top: float, says: str) -> None:
    assert MyVolFormatter(top)(top) == says
