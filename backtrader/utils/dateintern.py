"""Dates as floats: days since 1 January of year 1 plus the fraction of the day, in UTC.

Every datetime line holds such numbers.  They resolve about ten microseconds, so reading one back
tidies what rounding left of the microseconds.
"""

from __future__ import annotations

import datetime as _dt
import math
from typing import Any

from .zones import DSTDIFF, DSTOFFSET, STDOFFSET, UTC, ZERO, Localizer, TZLocal, tzparse

__all__ = [
    "DSTDIFF",
    "DSTOFFSET",
    "STDOFFSET",
    "TIME_MAX",
    "TIME_MIN",
    "UTC",
    "ZERO",
    "Localizer",
    "TZLocal",
    "date2num",
    "num2date",
    "num2dt",
    "num2time",
    "time2num",
    "tzparse",
]

HOURS_PER_DAY = 24.0
MINUTES_PER_HOUR = 60.0
SECONDS_PER_MINUTE = 60.0
MUSECONDS_PER_SECOND = 1e6
MINUTES_PER_DAY = MINUTES_PER_HOUR * HOURS_PER_DAY
SECONDS_PER_DAY = SECONDS_PER_MINUTE * MINUTES_PER_DAY
MUSECONDS_PER_DAY = MUSECONDS_PER_SECOND * SECONDS_PER_DAY

#: The end of a day as upstream has it: the last moment that survives being stored in a line.
TIME_MAX = _dt.time(23, 59, 59, 999990)
TIME_MIN = _dt.time.min

# From this day on (year 1436) a day's fraction has at most 33 bits and the products below are exact.
_EXACT_FROM = 2**19
_LAST_DAY = _dt.date.max.toordinal()
_MUSECONDS = 86_400_000_000
_microseconds = _dt.timedelta.resolution

_timedelta = _dt.timedelta
_fromordinal = _dt.datetime.fromordinal
_datetime = _dt.datetime
_fsum = math.fsum


def num2date(x: float, tz: _dt.tzinfo | None = None, naive: bool = True) -> _dt.datetime:
    """The moment that a number stands for, in ``tz`` (UTC if None).

    The result carries no time zone unless ``naive`` is False.
    """
    day = int(x)
    if day >= _EXACT_FROM:
        seconds = (x - day) * 86400.0
        whole = int(seconds)
        micro = int((seconds - whole) * 1e6)
    else:
        whole, micro = _split_early(x - day)
    if not 0 < day <= _LAST_DAY:
        raise ValueError(
            f"{x!r} is no date: a date is a number of days from 1 (year 1) to {_LAST_DAY} (year 9999)"
        )
    # compat: fewer than 10 microseconds are dropped and more than 999990 are a full second
    if micro < 10:
        micro = 0
    if tz is None:
        return _fromordinal(day) + _timedelta(0, whole, 1_000_000 if micro > 999_990 else micro)
    moment = (_fromordinal(day) + _timedelta(0, whole, micro)).replace(tzinfo=UTC).astimezone(tz)
    if naive:
        moment = moment.replace(tzinfo=None)
    # compat: rounded up on the wall clock, after the change of zone
    return moment + (1_000_000 - micro) * _microseconds if micro > 999_990 else moment


def _split_early(fraction: float) -> tuple[int, int]:
    """Seconds and microseconds of a day before 1436, each step rounded as upstream's."""
    hours, rest = divmod(24.0 * fraction, 1)
    minutes, rest = divmod(60.0 * rest, 1)
    seconds, rest = divmod(60.0 * rest, 1)
    return int(hours * 3600 + minutes * 60 + seconds), int(1e6 * rest)


def num2dt(num: float, tz: _dt.tzinfo | None = None, naive: bool = True) -> _dt.date:
    """The day that a number stands for."""
    return num2date(num, tz=tz, naive=naive).date()


def num2time(num: float, tz: _dt.tzinfo | None = None, naive: bool = True) -> _dt.time:
    """The time of day that a number stands for; a fraction below one is a time of day by itself.

    A fraction has no date, hence no offset from UTC: with ``tz`` it is refused.
    """
    if 0 <= num < 1 and tz is None:
        micro = min(round(num * MUSECONDS_PER_DAY), _MUSECONDS - 1)
        return (_datetime.min + micro * _microseconds).time()
    return num2date(num, tz=tz, naive=naive).time()


def date2num(dt: Any, tz: Any = None) -> float:
    """The number of a date or datetime; a naive one is taken to be in ``tz`` (UTC if None)."""
    if tz is not None:
        localize = getattr(tz, "localize", None)
        dt = dt.replace(tzinfo=tz) if localize is None else localize(dt)
    if not isinstance(dt, _datetime):
        return float(dt.toordinal())
    if dt.tzinfo is not None:
        offset = dt.utcoffset()
        if offset:
            dt = dt.replace(tzinfo=None) - offset
    return _fsum(
        (
            dt.toordinal(),
            dt.hour / 24.0,
            dt.minute / 1440.0,
            dt.second / 86400.0,
            dt.microsecond / MUSECONDS_PER_DAY,
        )
    )


def time2num(tm: Any) -> float:
    """The fraction of a day of a time (or of a datetime's time)."""
    return float(
        tm.hour / 24.0 + tm.minute / 1440.0 + tm.second / 86400.0 + tm.microsecond / MUSECONDS_PER_DAY
    )
