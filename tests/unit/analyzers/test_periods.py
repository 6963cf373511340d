"""Which period a moment belongs to, and where in a run periods begin."""

from __future__ import annotations

import datetime as dt
import random
import sys
import zoneinfo
from array import array

import pytest

from backtrader.analyzers.periods import Periods, period_of
from backtrader.lines.timeframe import TimeFrame as T
from backtrader.utils.dateintern import date2num

MOMENT = dt.datetime(2019, 12, 30, 22, 13, 27, 5000)  # a Monday; its ISO week is the first of 2020


@pytest.mark.parametrize(
    ("timeframe", "compression", "comparable", "key"),
    [
        (T.Years, 3, 2019, dt.date(2019, 12, 31)),
        (T.Months, 3, 201912, dt.datetime(2019, 12, 31)),
        (T.Weeks, 1, 202001, dt.datetime(2020, 1, 5)),
        (T.Days, 7, 20191230, dt.datetime(2019, 12, 30)),
        (T.Minutes, 1, dt.datetime(2019, 12, 30, 22, 13), dt.datetime(2019, 12, 30, 22, 13)),
        (T.Minutes, 7, dt.datetime(2019, 12, 30, 22, 16), dt.datetime(2019, 12, 30, 22, 16)),
        (T.Seconds, 7, dt.datetime(2019, 12, 30, 22, 13, 29), dt.datetime(2019, 12, 30, 22, 13, 29)),
        (T.Ticks, 1, MOMENT, MOMENT),
        (T.NoTimeFrame, 1, sys.maxsize, dt.datetime.max),
    ],
)
def test_period_of_a_moment(timeframe: int, compression: int, comparable: object, key: object) -> None:
    assert period_of(timeframe, compression, MOMENT) == (comparable, key)


def test_a_part_of_the_day_may_end_after_midnight() -> None:
    late = dt.datetime(2020, 1, 1, 23, 59)
    assert period_of(T.Minutes, 7, late)[1] == dt.datetime(2020, 1, 2, 0, 1)


def test_microseconds_are_counted_from_midnight() -> None:
    moment = dt.datetime(2020, 1, 1, 0, 0, 0, 25)
    assert period_of(T.MicroSeconds, 10, moment)[1] == dt.datetime(2020, 1, 1, 0, 0, 0, 29)


def _times(seed: int, count: int, step_minutes: int) -> array[float]:
    r = random.Random(seed)
    when, times = dt.datetime(2020, 1, 1, 0, 30), array("d")
    for _ in range(count):
        when += dt.timedelta(minutes=r.randint(0, step_minutes), microseconds=r.choice([0, 0, 999_995]))
        times.append(date2num(when))
    return times


@pytest.mark.parametrize("zone", [None, "America/New_York", "Asia/Shanghai", "Australia/Lord_Howe"])
@pytest.mark.parametrize("timeframe", [T.Days, T.Weeks, T.Months, T.Years, T.NoTimeFrame])
@pytest.mark.parametrize("step_minutes", [3, 60, 5000])
def test_leaping_finds_what_looking_at_every_bar_finds(
    zone: str | None, timeframe: int, step_minutes: int
) -> None:
    times = _times(timeframe + step_minutes, 3000, step_minutes)
    periods = Periods(timeframe, 1, zoneinfo.ZoneInfo(zone) if zone else None)
    found = list(periods.changes(times, 5, 3000, None))
    assert found == list(periods._bar_by_bar(times, 5, 3000, None))
    assert found[0][0] == 5


def test_a_day_ends_at_midnight_of_the_zone_when_the_clocks_change() -> None:
    zone = zoneinfo.ZoneInfo("America/New_York")
    start = date2num(dt.datetime(2020, 3, 7, 5, tzinfo=dt.UTC))  # midnight; clocks change on the 8th
    times = array("d", [start + minute / 1440 for minute in range(3 * 1440)])
    starts = [step for step, _, _ in Periods(T.Days, 1, zone).changes(times, 0, len(times), None)]
    assert starts == [0, 1440, 1440 + 23 * 60, 1440 + 47 * 60]


def test_times_out_of_order_start_no_period_twice() -> None:
    days = [dt.datetime(2020, 1, 1) + dt.timedelta(days=d) for d in (*range(60), 3, 4, 60)]
    times = array("d", map(date2num, days))
    steps = [step for step, _, _ in Periods(T.Days, 1).changes(times, 0, len(times), None)]
    assert steps == [*range(60), 62]


def test_a_moment_that_rounds_up_belongs_to_the_next_day() -> None:
    base = date2num(dt.datetime(2020, 1, 1))
    almost = date2num(dt.datetime(2020, 1, 2)) - 5e-11  # 4 microseconds before midnight
    times = array("d", [base + i / 1000 for i in range(900)] + [almost] * 100)
    starts = [step for step, _, _ in Periods(T.Days, 1).changes(times, 0, len(times), None)]
    assert starts == [0, 900]
