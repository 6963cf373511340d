"""Timers: once a day (or repeatedly until the session ends) at a time, on chosen days."""

from __future__ import annotations

import datetime as _dt
from collections.abc import Sequence
from typing import Any

from ..feeds.base import AbstractDataBase
from ..utils.construct import ParamsBase
from ..utils.dateintern import TIME_MAX, date2num, num2date

SESSION_TIME, SESSION_START, SESSION_END = range(3)

_NO_TIME = _dt.timedelta()


class _Days:
    """Wanted days of a week or a month; a missed one may be made up for on the next day there is."""

    def __init__(self, wanted: Sequence[int], carry: bool) -> None:
        self.wanted, self.carry = list(wanted), carry
        self.period = -1
        self.left: list[int] = []

    def admit(self, period: int, day: int) -> bool:
        """Whether the timer may fire on ``day`` of ``period``."""
        if not self.wanted:
            return True
        made_up = False
        if period != self.period:
            made_up = self.carry and bool(self.left)
            self.period, self.left = period, list(self.wanted)
        missed = sum(wanted < day for wanted in self.left)
        self.left = self.left[missed:]
        # compat: after a missed day the next wanted one is used up as well, and the timer fires
        hit = bool(self.left) and (missed > 0 or self.left[0] == day)
        if hit:
            del self.left[0]
        return hit or made_up or (self.carry and missed > 0)


class Timer(ParamsBase):
    """When to call `notify_timer`; made by `add_timer`."""

    SESSION_TIME, SESSION_START, SESSION_END = range(3)

    params: Any = (
        ("tid", None),
        ("owner", None),
        ("strats", False),
        ("when", None),
        ("offset", _NO_TIME),
        ("repeat", _NO_TIME),
        ("weekdays", []),
        ("weekcarry", False),
        ("monthdays", []),
        ("monthcarry", True),
        ("allow", None),
        ("tzdata", None),
        ("cheat", False),
    )
    p: Any
    lastwhen: Any = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.args, self.kwargs = args, kwargs

    def start(self, data: Any) -> None:
        """A run begins; ``data`` gives the session times unless ``tzdata`` is another feed."""
        when, reference = self.p.when, self.p.tzdata
        if isinstance(when, int):
            reference = data if reference is None else reference
            when = reference.p.sessionstart if when == SESSION_START else reference.p.sessionend
        self._time = when
        self._reference = reference
        self._feed = reference if isinstance(reference, AbstractDataBase) else None
        self._weekdays = _Days(self.p.weekdays, self.p.weekcarry)
        self._monthdays = _Days(self.p.monthdays, self.p.monthcarry)
        self._day = _dt.date.min
        self._session_end = _dt.datetime.min
        self._rest()

    def _rest(self, until_after: _dt.date = _dt.date.min) -> None:
        """Nothing is due; a day given here is done with."""
        self._due_at: Any = None
        self._due = 0.0
        self._done_with = until_after

    def check(self, dt: float) -> bool:
        """Whether the timer is due at ``dt``; it then moves on to its next time."""
        now = num2date(dt)
        day = now.date()
        if day == self._done_with:
            return False
        if now > self._session_end:
            self._session_end = self._end_of_session(day)
            self._rest()
        if day > self._day:
            self._day = day
            if not self._allowed(day):
                self._rest(day)
                return False
        if self._due_at is None:
            self._set_due(_dt.datetime.combine(day, self._time) + self.p.offset)
        if dt < self._due:
            return False
        self.lastwhen = self._due_at
        self._move_on(now, dt, day)
        return True

    def _allowed(self, day: _dt.date) -> bool:
        _, week, weekday = day.isocalendar()
        return bool(
            self._monthdays.admit(day.month, day.day)
            and self._weekdays.admit(week, weekday)
            and (self.p.allow is None or self.p.allow(day))
        )

    def _end_of_session(self, day: _dt.date) -> _dt.datetime:
        if self._feed is not None:
            end: _dt.datetime = self._feed._getnexteos()[0]
            return end
        return _dt.datetime.combine(day, TIME_MAX)

    def _set_due(self, at: _dt.datetime) -> None:
        self._due_at = at
        self._due = self._feed.date2num(at) if self._feed is not None else date2num(at, tz=self._reference)

    def _move_on(self, now: _dt.datetime, dt: float, day: _dt.date) -> None:
        if not self.p.repeat:
            self._rest(day)
            return
        if now > self._session_end:
            self._session_end = self._end_of_session(day)
        while self._due <= dt:
            following = self._due_at + self.p.repeat
            if following > self._session_end:
                self._rest(day)
                return
            self._set_due(following)
