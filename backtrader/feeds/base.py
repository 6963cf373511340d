"""The outside world as bars: what every feed has in common.

A subclass implements ``_load``: write the values of one bar to ``self.lines`` and return True,
return False when there is no more, None when there is nothing now but may be later (live).
A class that can give whole columns implements ``_column_chunks`` as well; preloading uses it when
nothing (a filter, a subclass' own ``_load``) wants to see rows one by one.

A feed is put together of parts, each in a file of its own: `Steps` (which bar is now), `Intake`
(bars that come in), `FilterStack` (what filters make of them), `Dates`, `Statuses`, `Ticks` and
`BarMemory`.
"""

from __future__ import annotations

import datetime as _dt
from collections import deque
from typing import Any

from ..lines.clock import Clock
from ..lines.dataseries import OHLCDateTime
from ..lines.timeframe import TimeFrame
from ..utils.dateintern import TIME_MAX
from ..utils.owner import findowner
from .barmemory import BarMemory
from .dates import Dates, moment, time_of_day
from .intake import Intake
from .stack import FilterStack
from .status import Statuses
from .steps import Steps
from .ticks import Ticks


class FeedOwner:
    """What makes feeds; a feed made by one finds it as its ``_feed``."""


class AbstractDataBase(Steps, Intake, BarMemory, FilterStack, Dates, Statuses, Ticks, OHLCDateTime):
    """A source of bars: made with its parameters, started, asked for bars, stopped."""

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
    _reuse: Any = None  # keeps what is computed of this feed for other runs, see `lines.reuse`
    _warmup = 0  # so many bars are for indicators only: the run proper begins after them
    _begins_at = float("-inf")  # and this is the time of its first bar

    # -- construction ------------------------------------------------------------------------
    def _take_arguments(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        super()._take_arguments(args, kwargs)
        evaluation = Clock(feed=self)
        for follower in (self, *self.lines):
            follower._eval = evaluation
        self._now.grow()
        return args, kwargs

    def _before_init(self) -> None:
        self._feed = findowner(self, FeedOwner)
        self.notifs = deque()
        self._name, self._dataname = "", self.p.dataname

    def _after_init(self) -> None:
        p = self.p
        if not self._name:
            self._name = p.name or (p.dataname if isinstance(p.dataname, str) else "")
        self._timeframe, self._compression = p.timeframe, p.compression
        p.sessionstart, p.sessionend = (
            time_of_day(p.sessionstart, _dt.time.min),
            time_of_day(p.sessionend, TIME_MAX),
        )
        p.fromdate, p.todate = moment(p.fromdate, p.sessionstart), moment(p.todate, p.sessionend)
        self._take_filters()

    # -- relations -----------------------------------------------------------------------------
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
        """Called by Cerebro at the start of a run: back to before the first bar, then `start`."""
        self._begin()
        if not self._started:  # unless `start` had to know dates and zones and did it itself
            self._start_finish()

    def _begin(self) -> None:
        self._now.grow()
        self._forget_input()
        self._tick_nullify()
        self.start()

    def start(self) -> None:
        """The run starts; a subclass opens its source here, after calling this one."""
        self._restart_filters()
        self._laststatus = self.CONNECTED

    def stop(self) -> None:
        """The run has ended; a subclass closes its source here."""


class DataBase(AbstractDataBase):
    """Base for feeds."""
