"""When is a larger bar over?  One answer per kind of timeframe.

For every input the question is where it lies: `WITHIN` the bar that is being built, `LAST` in it,
or `BEYOND` it.  Two more answers are there because of calendars and counting, see below.
"""

from __future__ import annotations

import datetime as _dt
from collections.abc import Callable
from typing import Any, ClassVar

from ..lines.timeframe import TimeFrame
from .bar import Bar
from .grid import Grid, micros_at, micros_of_day
from .sessionend import SessionEnd

WITHIN, LAST, BEYOND = range(3)
#: The last one by count: part of the bar like `LAST`, but its time is not an edge.
FULL = 3
#: A period has ended with this input, but compression asks for more periods.
HELD = 4


class Boundary:
    """The end of bars that last ``compression`` periods; a subclass knows what a period is."""

    takes_all = False  # no input can lie beyond the bar

    def __init__(self, feed: Any, p: Any, replaying: bool = False) -> None:
        self.feed, self.p = feed, p
        #: Whether a bar that is over gets the time of its edge.
        self.moves_time: bool = p.bar2edge and p.adjbartime and p.timeframe < TimeFrame.Weeks
        # compat: a bar that has got inputs but no opening price can be passed only when it is replayed
        self._passes_unopened = replaying
        self.begin_again()

    def begin_again(self) -> None:
        """Nothing is known of sessions and periods."""
        self.session = SessionEnd(self.feed)
        self.periods = 0

    def place(self, bar: Bar) -> int:
        """Where the input that the feed shows lies."""
        return LAST if self._closes() else BEYOND if self.passed(bar) else WITHIN

    def passed(self, bar: Bar) -> bool:
        """Whether the input comes after the bar's last period."""
        if not (bar.begun or self._passes_unopened):
            return False
        return self._goes_beyond(self.feed.lines.datetime[0], bar) and self._counted()

    def passed_by(self, now: float, bar: Bar) -> bool:
        """Whether the bar is over because it is ``now``, although no input came."""
        return False

    def edge(self, bar: Bar) -> float:
        """The time that a bar gets which is over: its session's end, or its own right or left edge."""
        if self.session.ahead is None:
            return self.session.last
        return float(self.feed.date2num(self._edge(self.feed.num2date(bar.time))))

    def _closes(self) -> bool:
        """Whether the input is the very end of its period."""
        return self.session.met(self.feed.lines.datetime[0])

    def _goes_beyond(self, now: float, bar: Bar) -> bool:
        """Whether ``now`` lies after the period of the bar."""
        raise NotImplementedError

    def _edge(self, moment: _dt.datetime) -> _dt.datetime:
        raise NotImplementedError

    def _counted(self) -> bool:
        """One period more has gone by: were these all?"""
        self.periods += 1
        return not self.periods % self.p.compression


class EveryInput(Boundary):
    """Timeframe in is timeframe out: so many inputs make a bar, whatever their times are."""

    takes_all = True

    def place(self, bar: Bar) -> int:
        if self.moves_time:
            self.session.look()
        opening = self.feed.lines.open[0]
        opened = bar.begun or opening == opening or self._passes_unopened
        return FULL if opened and self._counted() else WITHIN


class TickBoundary(Boundary):
    """A tick is over with the next input."""

    def __init__(self, feed: Any, p: Any, replaying: bool = False) -> None:
        super().__init__(feed, p, replaying)
        self.grid = Grid(p.timeframe, p.compression, p.boundoff)

    def _goes_beyond(self, now: float, bar: Bar) -> bool:
        return bar.begun

    def _edge(self, moment: _dt.datetime) -> _dt.datetime:
        return self.grid.edge(moment, self.p.rightedge)


class DayBoundary(Boundary):
    """A day is a session."""

    def _goes_beyond(self, now: float, bar: Bar) -> bool:
        return self.session.passed(now, bar)

    def passed_by(self, now: float, bar: Bar) -> bool:
        # compat: the day is not delivered by the clock, yet its end counts as seen from then on
        self.session.passed(now, bar)
        return False

    def _edge(self, moment: _dt.datetime) -> _dt.datetime:
        return self.session.on_day(moment)


class UnitBoundary(Boundary):
    """Minutes, seconds or microseconds counted one by one as they go by, wherever they lie in the day."""

    def __init__(self, feed: Any, p: Any, replaying: bool = False) -> None:
        super().__init__(feed, p, replaying)
        self.grid = Grid(p.timeframe, p.compression, p.boundoff)
        self._before = self._now = (0.0, 0)  # the last two moments: number, microseconds of the day

    def _closes(self) -> bool:
        line = self.feed.lines.datetime
        if self.session.met(line[0]):
            return True
        in_utc = line._tz is None
        return self.grid.on_edge(self._micros(line[0]) if in_utc else micros_of_day(line.datetime()))

    def _goes_beyond(self, now: float, bar: Bar) -> bool:
        if self.session.passed(now, bar):
            return True
        if now < bar.time:
            return False
        # compat: edges are met on the feed's clock but crossed on UTC's
        return self._crosses(self._micros(bar.time), self._micros(now))

    def _micros(self, num: float) -> int:
        """`micros_at`; the bar's last moment was the one of now a moment ago."""
        if num == self._now[0]:
            return self._now[1]
        if num == self._before[0]:
            return self._before[1]
        self._before, self._now = self._now, (num, micros_at(num))
        return self._now[1]

    def _crosses(self, before: int, after: int) -> bool:
        return self.grid.steps(before, after)

    def passed_by(self, now: float, bar: Bar) -> bool:
        self._goes_beyond(now, bar)  # compat: as with days
        return False

    def _edge(self, moment: _dt.datetime) -> _dt.datetime:
        return self.grid.edge(moment, self.p.rightedge)


class CellBoundary(UnitBoundary):
    """Minutes, seconds or microseconds in cells that are the same on every day."""

    def _crosses(self, before: int, after: int) -> bool:
        return self.grid.leaves(before, after)

    def passed_by(self, now: float, bar: Bar) -> bool:
        return self._goes_beyond(now, bar)

    def _counted(self) -> bool:
        return True  # a cell is a whole bar


class LongBoundary(Boundary):
    """Weeks, months and years: over with the first input of another one.

    A trading calendar knows before that no other day will come.
    """

    keys: ClassVar[dict[int, Callable[[_dt.date], Any]]] = {
        TimeFrame.Weeks: lambda day: day.isocalendar()[:2],
        TimeFrame.Months: lambda day: (day.year, day.month),
        TimeFrame.Years: lambda day: day.year,
    }

    questions: ClassVar[dict[int, str]] = {
        TimeFrame.Weeks: "last_weekday",
        TimeFrame.Months: "last_monthday",
        TimeFrame.Years: "last_yearday",
    }

    def place(self, bar: Bar) -> int:
        calendar, timeframe = self.feed._calendar, self.p.timeframe
        if calendar is None or timeframe not in self.questions:
            return BEYOND if self.passed(bar) else WITHIN
        if getattr(calendar, self.questions[timeframe])(self.feed.lines.datetime.date()):
            return LAST if self._counted() else HELD
        if timeframe == TimeFrame.Weeks:
            return WITHIN  # compat: with a calendar a week without its last day goes on into the next one
        return BEYOND if self.passed(bar) else WITHIN

    def _goes_beyond(self, now: float, bar: Bar) -> bool:
        key = self.keys.get(self.p.timeframe)
        if key is None or bar.empty:
            return False
        later: bool = key(self.feed.lines.datetime.date()) > key(self.feed.num2date(bar.time).date())
        return later


def boundary_for(feed: Any, p: Any, replaying: bool) -> Boundary:
    """The boundary that a filter with parameters ``p`` needs for bars of ``feed``."""
    inside_day = TimeFrame.Ticks < p.timeframe < TimeFrame.Days
    if not inside_day and feed._timeframe == p.timeframe and not p.compression % feed._compression:
        return EveryInput(feed, p, replaying)
    if p.timeframe <= TimeFrame.Ticks:
        return TickBoundary(feed, p, replaying)
    if inside_day:
        return (CellBoundary if p.bar2edge else UnitBoundary)(feed, p, replaying)
    return (DayBoundary if p.timeframe == TimeFrame.Days else LongBoundary)(feed, p, replaying)
