"""The outside world as bars: what every feed has in common.

A subclass implements ``_load``: write the values of one bar to ``self.lines`` and return True,
return False when there is no more, None when there is nothing now but may be later (live).
A class that can give whole columns implements ``_column_chunks`` as well; preloading uses it when
nothing (a filter, a subclass' own ``_load``) wants to see rows one by one.
"""

from __future__ import annotations

import datetime as _dt
import warnings
from array import array
from collections import deque
from collections.abc import Iterator
from typing import Any

from ..lines.clock import GROWING, NAN, WHOLE, Clock
from ..lines.dataseries import OHLCDateTime
from ..lines.timeframe import TimeFrame
from ..utils.dateintern import TIME_MAX, date2num, num2date
from ..utils.owner import findowner
from .bulk import rows_are_forced, take_columns
from .dates import Dates, moment, time_of_day
from .stack import FilterStack
from .status import Statuses

_INF = float("inf")


class FeedOwner:
    """What makes feeds; a feed made by one finds it as its ``_feed``."""


class AbstractDataBase(OHLCDateTime, FilterStack, Dates, Statuses):
    """Life of a feed: start, dates and zones, loading and stepping over bars."""

    params: Any = (
        ("dataname", None),
        ("name", ""),
        ("compression", 1),
        ("timeframe", TimeFrame.Days),
        ("fromdate", None),
        ("todate", None),
        ("sessionstart", None),
        ("sessionend", None),
        ("filters", []),
        ("tz", None),
        ("tzinput", None),
        ("qcheck", 0.0),  # seconds to wait for live input before others get their turn
        ("calendar", None),
    )

    _CloneCls: Any = None  # set by the module of the class, which derives from this one

    _compensate: Any = None
    _feed: Any = None
    _store: Any = None
    _dataname: Any

    resampling = 0  # not zero: filters make larger bars of what is loaded
    replaying = 0

    tick_close = tick_low = tick_high = tick_open = tick_volume = tick_openinterest = tick_last = None

    _extension = 0
    _lasttime = -_INF
    _rows_seen = 0
    _warned = False

    # -- construction ------------------------------------------------------------------------
    def _take_arguments(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        super()._take_arguments(args, kwargs)
        self._eval = Clock(feed=self)
        for line in self.lines:
            line._eval = self._eval
        self._now.grow()
        return args, kwargs

    def _before_init(self) -> None:
        self._feed = findowner(self, FeedOwner)
        self.notifs = deque()
        self._dataname = self.p.dataname
        self._name = ""

    def _after_init(self) -> None:
        p = self.p
        self._name = self._name or p.name
        if not self._name and isinstance(p.dataname, str):
            self._name = p.dataname
        self._compression, self._timeframe = p.compression, p.timeframe
        p.sessionstart = time_of_day(p.sessionstart, _dt.time.min)
        p.sessionend = time_of_day(p.sessionend, TIME_MAX)
        p.fromdate = moment(p.fromdate, p.sessionstart)
        p.todate = moment(p.todate, p.sessionend)
        self._empty_stacks()
        self._take_filters()

    def getfeed(self) -> Any:
        """The `FeedBase` that made this feed, if one did."""
        return self._feed

    def setenvironment(self, env: Any) -> None:
        """Told by Cerebro which Cerebro the feed runs in."""
        self._env = env

    def getenvironment(self) -> Any:
        """The Cerebro the feed runs in."""
        return self._env

    def clone(self, **kwargs: Any) -> Any:
        """A feed that follows this one."""
        return self._CloneCls(dataname=self, **kwargs)

    def copyas(self, _dataname: Any, **kwargs: Any) -> Any:
        """A feed that follows this one under another name."""
        copy = self.clone(**kwargs)
        copy._dataname = copy._name = _dataname
        return copy

    def compensate(self, other: Any) -> None:
        """Book positions opened here on ``other``."""
        self._compensate = other

    # -- start and stop ------------------------------------------------------------------------
    def _start(self) -> None:
        self._restart_lines()
        self.start()
        if not self._started:
            self._start_finish()

    def _restart_lines(self) -> None:
        self._now.grow()
        self._lasttime, self._rows_seen, self._warned = -_INF, 0, False

    def start(self) -> None:
        """The run starts; a subclass opens its source here, after calling this one."""
        self._empty_stacks()
        self._laststatus = self.CONNECTED

    def stop(self) -> None:
        """The run has ended; a subclass closes its source here."""

    # -- prices of the last input, which differ from the bar's while a larger bar is built ---------
    def _tick_nullify(self) -> None:
        own = self.__dict__
        for name in self.lines._names:
            if name != "datetime":
                own["tick_" + name] = None
        own["tick_last"] = None

    def _tick_fill(self, force: bool = False) -> None:
        """If nothing was reported about the input, it is the bar itself."""
        lines, own = self.lines, self.__dict__
        first = lines._names[0]
        if not force and own.get("tick_" + first) is not None:
            return
        for name in lines._names:
            if name != "datetime":
                own["tick_" + name] = lines.__dict__[name][0]
        own["tick_last"] = lines.lines[0][0]

    # -- stepping --------------------------------------------------------------------------------
    def advance_peek(self) -> float:
        """The time of the next bar if it is loaded."""
        return self.lines.datetime[1] if len(self) < self.buflen() else _INF

    def advance(self, size: int = 1, datamaster: Any = None, ticks: bool = True) -> None:
        """Step on over loaded bars, with a master feed not beyond its time."""
        if ticks:
            self._tick_nullify()
        self.lines.advance(size)
        if datamaster is None:
            # compat: not on the last bar loaded
            fill = len(self) < self.buflen()
        elif len(self) > self.buflen():
            self.rewind()
            self.forward()  # an empty bar: the master goes on
            return
        else:
            fill = not self._later_than(datamaster)
            if not fill:
                self.rewind()
        if ticks and fill:
            self._tick_fill()

    def next(self, datamaster: Any = None, ticks: bool = True) -> Any:
        """Deliver the next bar: True; with a master feed only one that is not later than its bar.

        Otherwise what ``_load`` said: False if there is none, None if there is none yet.
        """
        if len(self) < self.buflen():
            self.advance(ticks=ticks)
        else:
            if ticks:
                self._tick_nullify()
            loaded = self.load()
            if not loaded:
                return loaded
        if datamaster is not None and self._later_than(datamaster):
            self.rewind()
            return False
        if ticks:
            self._tick_fill()
        return True

    def _later_than(self, other: Any) -> bool:
        return bool(self.lines.datetime[0] > other.lines.datetime[0])

    # -- loading ---------------------------------------------------------------------------------
    def preload(self) -> None:
        """Load all bars and go back to before the first one."""
        self._preload_bars()
        self._last()
        self._settle()

    def _preload_bars(self) -> None:
        if not rows_are_forced(self):
            for columns in self._column_chunks():
                if not take_columns(self, columns):
                    return
        while self.load():
            pass

    def _column_chunks(self) -> Iterator[Any]:
        """The rest of the source as columns: dicts from line name to float64 array.

        ``datetime`` holds what ``_load`` would write.  What is not given here is loaded by rows.
        """
        return iter(())

    def _settle(self) -> None:
        """Loading is complete: the lines get memory of exactly as many bars as there are."""
        clock = self._now
        if clock.mode != GROWING:
            return
        count = self.buflen()
        for line in self.lines:
            line.array = memoryview(line.array)
        clock.settle(count)
        if self._extension:
            clock.extend(NAN, self._extension)

    def forward(self, value: float = NAN, size: int = 1) -> None:
        """Add a bar and move on to it; a feed that was complete can grow again."""
        if self._now.mode == WHOLE:
            self._unsettle()
        self._now.forward(value, size)

    def _unsettle(self) -> None:
        clock = self._now
        for line in self.lines:
            line.array = array("d", line.array[: clock.size])
        clock.mode = GROWING

    def load(self) -> Any:
        """Load one bar that passes the dates and the filters; else what ``_load`` said."""
        if self._now.mode == WHOLE and not self._barstack and not self._barstash:
            return False
        while True:
            self.forward()
            if self._fromstack():
                return True
            again = self._fromstack(stash=True)
            if not again:
                loaded = self._load()
                if not loaded:
                    self.backwards(force=True)
                    return loaded
            time = self._input_time()
            if time < self.fromdate:
                self.backwards()
                continue
            if time > self.todate:
                self.backwards(force=True)
                return False
            if not again:
                self._watch_time(time)
            if not self._filters or not self._filtered():
                return True

    def _load(self) -> Any:
        return False

    def _input_time(self) -> float:
        """The time of the bar just loaded, from the source's zone to UTC."""
        line = self.lines.datetime
        if self._tzinput:
            line[0] = date2num(self._tzinput.localize(num2date(line[0])))
        return line[0]  # type: ignore[no-any-return]

    # -- input that is out of order ----------------------------------------------------------------
    def _ticks_repeat(self) -> bool:
        """Several ticks may have the same time."""
        return bool(self.p.timeframe == TimeFrame.Ticks)

    def _watch_time(self, time: float) -> None:
        last, self._lasttime = self._lasttime, time
        self._rows_seen += 1
        if time <= last and (time < last or not self._ticks_repeat()):
            self._warn_time(self._rows_seen, time, last)

    def _warn_time(self, row: int, time: float, before: float) -> None:
        if self._warned:
            return
        self._warned = True
        name = self._name or type(self).__name__
        what = "has the same time as" if time == before else "is earlier than"
        warnings.warn(
            f"feed {name!r}: bar {row} ({_shown(time)}) {what} the one before it "
            f"({_shown(before)}); it is used as it is, further ones are not reported",
            stacklevel=2,
        )

    # -- memory ----------------------------------------------------------------------------------
    def qbuffer(self, savemem: int = 0, replaying: bool = False) -> None:
        """Bounded memory is arranged by the run's plan; kept for code that calls it."""

    def extend(self, value: float = NAN, size: int = 0) -> None:
        """Add slots beyond the last bar: at once if all bars are loaded, else when they are."""
        if self._now.mode == WHOLE:
            self._now.extend(value, size)
        else:
            self._extension = size


class DataBase(AbstractDataBase):
    """Base for feeds."""


def _shown(num: float) -> str:
    try:
        return str(num2date(num))
    except (ValueError, OverflowError):
        return repr(num)
