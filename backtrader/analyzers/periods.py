"""Calendar periods: to which day, week, month... a moment belongs, and where in a run a new one starts."""

from __future__ import annotations

import datetime as _dt
import sys
from bisect import bisect_left
from collections.abc import Callable, Iterator
from typing import Any

from ..lines.timeframe import TimeFrame
from ..utils.dateintern import date2num, num2date

Period = tuple[Any, Any]
Change = tuple[int, Any, Any]

_WHOLE = (sys.maxsize, _dt.datetime.max)
_DAY = _dt.timedelta(days=1)
_UNITS = {
    TimeFrame.Minutes: _dt.timedelta(minutes=1),
    TimeFrame.Seconds: _dt.timedelta(seconds=1),
    TimeFrame.MicroSeconds: _dt.timedelta(microseconds=1),
}
# A date number may round up to the next period by 20 microseconds; a change of the clocks moves
# a period's end by a few hours.  So much before the end every bar is looked at.
_ROUNDING = 3e-10
_CLOCK_CHANGE = 0.25
_FEW = 64


def period_of(timeframe: int, compression: int, moment: _dt.datetime) -> Period:
    """Something to compare periods by, and the key a period has in results: its last day or moment.

    Periods of days and longer ignore the compression.
    """
    return _KINDS.get(timeframe, _instant)(moment, timeframe, compression)


def _year(moment: _dt.datetime, *_: int) -> Period:
    return moment.year, _dt.date(moment.year, 12, 31)


def _month(moment: _dt.datetime, *_: int) -> Period:
    year, month = moment.year, moment.month
    following = _dt.datetime(year + month // 12, month % 12 + 1, 1) if (year, month) != (9999, 12) else None
    return year * 100 + month, following - _DAY if following else _dt.datetime(9999, 12, 31)


def _week(moment: _dt.datetime, *_: int) -> Period:
    year, week, weekday = moment.isocalendar()
    sunday = moment.replace(hour=0, minute=0, second=0, microsecond=0) + (7 - weekday) * _DAY
    return year * 100 + week, sunday


def _day(moment: _dt.datetime, *_: int) -> Period:
    day = _dt.datetime(moment.year, moment.month, moment.day)
    return (day.year * 100 + day.month) * 100 + day.day, day


def _part_of_day(moment: _dt.datetime, timeframe: int, compression: int) -> Period:
    """Runs of ``compression`` units since midnight, named after the last unit."""
    unit = _UNITS[timeframe]
    midnight = _dt.datetime(moment.year, moment.month, moment.day)
    last = (moment - midnight) // unit // compression * compression + compression - 1
    end = midnight + last * unit
    return end, end


def _instant(moment: _dt.datetime, *_: int) -> Period:
    return moment, moment


def _no_timeframe(*_: Any) -> Period:
    return _WHOLE


_KINDS: dict[int, Callable[..., Period]] = {
    TimeFrame.Years: _year,
    TimeFrame.Months: _month,
    TimeFrame.Weeks: _week,
    TimeFrame.Days: _day,
    TimeFrame.Minutes: _part_of_day,
    TimeFrame.Seconds: _part_of_day,
    TimeFrame.MicroSeconds: _part_of_day,
    TimeFrame.NoTimeFrame: _no_timeframe,
}


class Periods:
    """The periods of a run: tells where in ``times[start:stop]`` a new one begins."""

    def __init__(self, timeframe: int, compression: int, tz: Any = None) -> None:
        self.timeframe = timeframe
        self.compression = compression
        self._tz = tz

    def first(self) -> Period:
        """The earliest period there is."""
        return self.of(_dt.datetime.min)

    def of(self, moment: _dt.datetime) -> Period:
        """What the period of ``moment`` is compared by, and its key."""
        return period_of(self.timeframe, self.compression, moment)

    def changes(self, times: Any, start: int, stop: int, current: Any) -> Iterator[Change]:
        """(step, comparable, key) of each step whose period is later than ``current`` and all before it."""
        if self.timeframe >= TimeFrame.Days and stop - start > _FEW and _ascending(times, start, stop):
            return self._by_leaps(times, start, stop, current)
        return self._bar_by_bar(times, start, stop, current)

    def _bar_by_bar(self, times: Any, start: int, stop: int, current: Any) -> Iterator[Change]:
        timeframe, compression = self.timeframe, self.compression
        for step, moment in enumerate(moments(times, start, stop, self._tz), start):
            comparable, key = period_of(timeframe, compression, moment)
            if current is None or comparable > current:
                current = comparable
                yield step, comparable, key

    def _by_leaps(self, times: Any, start: int, stop: int, current: Any) -> Iterator[Change]:
        """As bar by bar, for times in order: leap to shortly before the end of each period."""
        step = start
        while step < stop:
            comparable, key = self.of(num2date(times[step], self._tz))
            if current is None or comparable > current:
                current = comparable
                yield step, comparable, key
            step = max(step + 1, bisect_left(times, self._shortly_before_end(key), step, stop))

    def _shortly_before_end(self, key: Any) -> float:
        if self.timeframe == TimeFrame.NoTimeFrame:
            return float("inf")
        if self._tz is None:
            return date2num(key) + 1.0 - _ROUNDING
        return date2num(_dt.datetime(key.year, key.month, key.day), tz=self._tz) + 1.0 - _CLOCK_CHANGE


def moments(times: Any, start: int, stop: int, tz: Any = None) -> list[_dt.datetime]:
    """Date numbers of steps ``start`` to ``stop - 1`` as datetimes."""
    if tz is None and stop - start > _FEW:
        from ..utils.datearrays import nums_to_datetimes

        found: list[_dt.datetime] = nums_to_datetimes(times[start:stop]).tolist()
        return found
    return [num2date(times[step], tz) for step in range(start, stop)]


def _ascending(times: Any, start: int, stop: int) -> bool:
    import numpy as np

    part = np.asarray(times[start:stop])
    return bool((part[1:] >= part[:-1]).all())
