"""Is this bar over?  Pure decisions on dates and times, one rule per kind of timeframe.

Inside a day time is counted in the units of the timeframe since midnight (a *point*): with five
minute bars 10:07 is point 427 and lies between the edges 425 and 430.
"""

from __future__ import annotations

import datetime as _dt
from collections.abc import Callable

from ..lines.timeframe import TimeFrame

_SECOND = 1_000_000
_MINUTE = 60 * _SECOND


def point_of_day(tm: _dt.time, timeframe: int, boundoff: int = 0) -> tuple[int, int]:
    """Units of ``timeframe`` since midnight, moved by ``boundoff``, and what is left below a unit.

    The rest only says whether something is left: seconds and microseconds are added up.
    """
    point, rest = tm.hour * 60 + tm.minute, tm.second + tm.microsecond
    if timeframe < TimeFrame.Minutes:
        point, rest = point * 60 + tm.second, tm.microsecond
    if timeframe < TimeFrame.Seconds:
        point, rest = point * _SECOND + tm.microsecond, 0
    return point + boundoff, rest


def crossed_inside_day(
    bar: _dt.time, now: _dt.time, timeframe: int, compression: int, bar2edge: bool, boundoff: int = 0
) -> bool:
    """Whether ``now`` lies beyond the edge of the bar that holds the time ``bar``.

    Without ``bar2edge`` every step to another unit counts and the caller adds the steps up.
    """
    before, _ = point_of_day(bar, timeframe, boundoff)
    after, _ = point_of_day(now, timeframe, boundoff)
    if after <= before:
        return False
    return not bar2edge or after // compression > before // compression


def on_edge_inside_day(now: _dt.time, timeframe: int, compression: int, boundoff: int = 0) -> bool:
    """Whether ``now`` lies exactly on an edge."""
    point, rest = point_of_day(now, timeframe, boundoff)
    return not rest and not point % compression


def edge_inside_day(
    moment: _dt.datetime, timeframe: int, compression: int, rightedge: bool, boundoff: int = 0
) -> _dt.datetime:
    """The edge right (or left) of ``moment``, which may be the next day's first.

    compat: ``boundoff`` is counted in and stays in the result.
    """
    point, _ = point_of_day(moment.time(), timeframe, boundoff)
    point = (point // compression + rightedge) * compression
    midnight = moment.replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight + _dt.timedelta(microseconds=point * _unit(timeframe))


def _unit(timeframe: int) -> int:
    """Microseconds in a unit; ticks are counted like microseconds."""
    if timeframe == TimeFrame.Minutes:
        return _MINUTE
    return _SECOND if timeframe == TimeFrame.Seconds else 1


def other_week(bar: _dt.date, now: _dt.date) -> bool:
    """Whether ``now`` is in a later ISO week than ``bar``."""
    return now.isocalendar()[:2] > bar.isocalendar()[:2]


def other_month(bar: _dt.date, now: _dt.date) -> bool:
    """Whether ``now`` is in a later month than ``bar``."""
    return (now.year, now.month) > (bar.year, bar.month)


def other_year(bar: _dt.date, now: _dt.date) -> bool:
    """Whether ``now`` is in a later year than ``bar``."""
    return now.year > bar.year


#: Timeframes above days: is the period of the bar over now?
PERIOD_OVER: dict[int, Callable[[_dt.date, _dt.date], bool]] = {
    TimeFrame.Weeks: other_week,
    TimeFrame.Months: other_month,
    TimeFrame.Years: other_year,
}

#: The question that a trading calendar answers for the same timeframes.
CALENDAR_QUESTION: dict[int, str] = {
    TimeFrame.Weeks: "last_weekday",
    TimeFrame.Months: "last_monthday",
    TimeFrame.Years: "last_yearday",
}
