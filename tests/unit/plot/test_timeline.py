"""Bars on the axis of a chart."""

from __future__ import annotations

import datetime as dt
import zoneinfo
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import backtrader as bt
from backtrader.plot.timeline import Timeline, figure_ranges, values_of, wall_dates

Ran = Callable[..., Any]


@pytest.fixture
def weekly(share: Any) -> Any:
    """A strategy with daily bars, weekly ones and another share that begins later."""
    cerebro = bt.Cerebro()
    first = share(todate=dt.datetime(2020, 6, 30, 23, 59, 59))
    cerebro.adddata(first)
    cerebro.resampledata(first, timeframe=bt.TimeFrame.Weeks)
    cerebro.adddata(share("zeno", fromdate=dt.datetime(2020, 3, 2), todate=dt.datetime(2020, 5, 15)))
    cerebro.addstrategy(bt.Strategy)
    return cerebro.run()[0]


def test_every_bar_stands_at_its_date(weekly: Any) -> None:
    timeline = Timeline(weekly, 0, len(weekly))
    dates = values_of(weekly.lines.datetime)
    for feed in weekly.datas:
        bars = timeline.of(feed)
        own = values_of(feed.lines.datetime)[bars.start : bars.stop]
        assert len(bars.xs) == len(feed)
        assert (dates[bars.xs.astype(int)] == own).all()
    assert list(timeline.of(weekly).xs) == list(range(len(weekly)))


def test_a_part_of_the_run_has_the_bars_between_its_dates(weekly: Any) -> None:
    timeline = Timeline(weekly, 30, 60)
    dates = values_of(weekly.lines.datetime)[30:60]
    for feed in weekly.datas:
        bars = timeline.of(feed)
        every = values_of(feed.lines.datetime)[: len(feed)]
        inside = (every >= dates[0]) & (every <= dates[-1])
        assert list(np.flatnonzero(inside)) == list(range(bars.start, bars.stop))
        assert bars.xs.min() >= 0 and bars.xs.max() < 30
        assert list(bars.of(feed.close)) == list(values_of(feed.close)[: len(feed)][inside])


def test_a_longer_timeframe_is_repeated_until_the_next_value_is_known(weekly: Any) -> None:
    daily, week = weekly.datas[:2]
    bars = Timeline(weekly, 0, len(weekly)).seen_from(daily, week)
    shown = bars.of(week.close)
    ends, closes = values_of(week.lines.datetime)[: len(week)], values_of(week.close)[: len(week)]
    for bar, date in enumerate(values_of(daily.lines.datetime)):
        known = closes[ends < date]
        assert (len(known) == 0 and np.isnan(shown[bar])) or shown[bar] == known[-1]


def test_what_is_not_longer_is_drawn_at_its_own_bars(weekly: Any) -> None:
    timeline = Timeline(weekly, 0, len(weekly))
    daily, week, other = weekly.datas
    assert timeline.seen_from(week, daily) is timeline.of(daily)
    assert timeline.seen_from(daily, other) is timeline.of(other)
    assert timeline.seen_from(None, week) is timeline.of(week)


@pytest.mark.parametrize("figures", [1, 2, 3, 7, 10])
def test_ranges_cover_everything_once(figures: int) -> None:
    dates = np.arange(737000.0, 737100.0)
    ranges = figure_ranges(dates, 3, 90, figures)
    assert len(ranges) == figures
    assert [step for first, last in ranges for step in range(first, last)] == list(range(3, 90))


@pytest.mark.parametrize("name", ["America/New_York", "Asia/Shanghai", "Australia/Lord_Howe", "UTC"])
def test_wall_dates_are_those_of_the_zone(name: str) -> None:
    zone = zoneinfo.ZoneInfo(name)
    begin = dt.datetime(2021, 3, 10)
    moments = [begin + dt.timedelta(hours=7 * step) for step in range(1200)]  # over both changes of clocks
    dates = np.array([bt.date2num(moment) for moment in moments])
    shown = [bt.num2date(float(date)) for date in wall_dates(dates, zone)]
    wanted = [moment.replace(tzinfo=dt.UTC).astimezone(zone).replace(tzinfo=None) for moment in moments]
    assert all(abs(a - b) < dt.timedelta(seconds=1) for a, b in zip(shown, wanted))


def test_without_a_zone_dates_stay() -> None:
    dates = np.arange(5.0)
    assert wall_dates(dates, None) is dates
