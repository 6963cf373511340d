"""Bars of a larger timeframe out of smaller ones."""

from __future__ import annotations

import datetime as _dt
from typing import Any

from ..lines.timeframe import TimeFrame
from ..utils.construct import ParamsBase
from ..utils.dateintern import UTC, date2num, num2date
from . import boundary
from .bar import Bar

_LATE_STEP = 0.000001  # days by which a bar made of late input comes after the one before it


class DTFaker:
    """A feed that shows nothing but a time: the wall clock, or the time of another feed's bar.

    Used to ask whether a bar is over although no input came in.
    """

    datetime: Any

    def __init__(self, data: Any, forcedata: Any = None) -> None:
        self.data = data
        self.datetime = self.p = self
        if forcedata is None:
            utc = _dt.datetime.now(UTC).replace(tzinfo=None) + data._timeoffset()
            self._dt = date2num(utc)
            self._dtime = data.num2date(self._dt)
        else:
            self._dt = forcedata.datetime[0]
            self._dtime = forcedata.datetime.datetime()
        self.sessionend = data.p.sessionend

    def __len__(self) -> int:
        return len(self.data)

    def __call__(self, idx: int = 0) -> Any:
        return self._dtime

    def __getitem__(self, idx: int) -> float:
        return self._dt if idx == 0 else float("-inf")

    def datetime(self, idx: int = 0) -> Any:  # type: ignore[no-redef]
        """The moment, in the feed's zone."""
        return self._dtime

    def date(self, idx: int = 0) -> Any:
        """The day."""
        return self._dtime.date()

    def time(self, idx: int = 0) -> Any:
        """The time of day."""
        return self._dtime.time()

    @property
    def _calendar(self) -> Any:
        return self.data._calendar

    def num2date(self, *args: Any, **kwargs: Any) -> Any:
        """The feed's ``num2date``."""
        return self.data.num2date(*args, **kwargs)

    def date2num(self, *args: Any, **kwargs: Any) -> Any:
        """The feed's ``date2num``."""
        return self.data.date2num(*args, **kwargs)

    def _getnexteos(self) -> Any:
        return self.data._getnexteos()


class SessionEdge:
    """The end of the session the bar being built belongs to."""

    def __init__(self, data: Any) -> None:
        self.data = data
        self.pending: Any = None  # when it ends, as UTC; None: ask when needed
        self.pending_num = float("-inf")
        self.last_num = 0.0  # the end that was reached last

    def reached(self, now: float, bar: Bar, exact: bool = False) -> bool:
        """Whether the session has ended at ``now``; if so the next question is about the next one.

        A time beyond the end counts only if the bar holds something from before it: after a
        weekend nothing may have been put in.
        """
        if self.pending is None:
            self.pending, self.pending_num = self.data._getnexteos()
        ended = now == self.pending_num
        if not exact and now > self.pending_num:
            ended = bar.isopen() and bar.datetime <= self.pending_num
        if ended:
            self.last_num = self.pending_num
            self.pending, self.pending_num = None, float("-inf")
        return bool(ended)

    def look(self) -> None:
        """Note where the feed's session ends now."""
        _, self.last_num = self.data._getnexteos()


class _BaseResampler(ParamsBase):
    """What resampling and replaying share: is the bar over, and what time does it get?"""

    params: Any = (
        ("bar2edge", True),
        ("adjbartime", True),
        ("rightedge", True),
        ("boundoff", 0),
        ("timeframe", TimeFrame.Days),
        ("compression", 1),
        ("takelate", True),
        ("sessionend", True),
    )

    p: Any
    replaying = False

    def __init__(self, data: Any) -> None:
        p = self.p
        self.subdays = TimeFrame.Ticks < p.timeframe < TimeFrame.Days
        self.subweeks = p.timeframe < TimeFrame.Weeks
        self.componly = (
            not self.subdays and data._timeframe == p.timeframe and not p.compression % data._compression
        )
        self.bar = Bar(maxdate=True)
        self.compcount = 0  # periods that went by, for compression
        self._firstbar = True
        self.doadjusttime = p.bar2edge and p.adjbartime and self.subweeks
        self.data = data
        self._session = SessionEdge(data)
        data.resampling, data.replaying = 1, self.replaying
        data._timeframe, data._compression = p.timeframe, p.compression

    def check(self, data: Any, _forcedata: Any = None) -> Any:
        """Time has passed without input: deliver the bar if it is over by the clock."""
        if self.bar.isopen():
            return self(data, fromcheck=True, forcedata=_forcedata)
        return None

    def __call__(self, data: Any, fromcheck: bool = False, forcedata: Any = None) -> bool:
        raise NotImplementedError

    def _latedata(self, data: Any) -> bool:
        """Whether the input is not later than the bar delivered last."""
        if not self.subdays:
            return False
        times = data.lines.datetime
        return len(data) > 1 and times[0] <= times[-1]

    # -- is it over? -----------------------------------------------------------------------------
    def _checkbarover(self, data: Any, fromcheck: bool = False, forcedata: Any = None) -> bool:
        """Whether the bar is over, so many times as compression asks for."""
        seen = DTFaker(data, forcedata) if fromcheck else data
        if not self.componly and not self._barover(seen):
            return False
        if self.subdays and self.p.bar2edge:
            return True
        return not fromcheck and self._count_period()

    def _count_period(self) -> bool:
        self.compcount += 1
        return not self.compcount % self.p.compression

    def _barover(self, data: Any) -> bool:
        """Whether the time of ``data`` lies beyond the period of the bar."""
        tframe = self.p.timeframe
        if tframe == TimeFrame.Ticks:
            return self.bar.isopen()
        if tframe < TimeFrame.Days:
            return self._barover_subdays(data)
        if tframe == TimeFrame.Days:
            return self._session.reached(data.datetime[0], self.bar)
        calendar = self.data._calendar
        if tframe == TimeFrame.Weeks and calendar is not None:
            return bool(calendar.last_weekday(data.datetime.date()))
        over = boundary.PERIOD_OVER.get(tframe)
        return over is not None and over(data.num2date(self.bar.datetime).date(), data.datetime.date())

    def _barover_subdays(self, data: Any) -> bool:
        now = data.datetime[0]
        if self._session.reached(now, self.bar):
            return True
        if now < self.bar.datetime:
            return False
        p = self.p
        # compat: edges that are crossed are looked at in UTC, edges that are met in the feed's zone
        bar_time, now_time = num2date(self.bar.datetime).time(), num2date(now).time()
        return boundary.crossed_inside_day(
            bar_time, now_time, p.timeframe, p.compression, p.bar2edge, p.boundoff
        )

    def _dataonedge(self, data: Any) -> tuple[bool, bool]:
        """Whether the input closes its period, and whether `_checkbarover` may still be asked."""
        if not self.subweeks:
            return self._last_of_period(data)
        if self._session.reached(data.datetime[0], self.bar, exact=True):
            return True, True
        if not self.subdays:
            return False, True
        p = self.p
        now = data.datetime.time()
        return boundary.on_edge_inside_day(now, p.timeframe, p.compression, p.boundoff), True

    def _last_of_period(self, data: Any) -> tuple[bool, bool]:
        """Weeks and longer: only a calendar knows that no further day will come."""
        question = boundary.CALENDAR_QUESTION.get(self.p.timeframe)
        if data._calendar is None or question is None:
            return False, True
        if not getattr(data._calendar, question)(data.datetime.date()):
            return False, True
        # counted here: being asked again would count the period twice
        return self._count_period(), False

    # -- what time does it get? --------------------------------------------------------------------
    def _calcadjtime(self, greater: bool = False) -> float:
        """The edge that the bar is stamped with."""
        session, p = self._session, self.p
        if session.pending is None:
            return session.last_num
        moment = self.data.num2date(self.bar.datetime)
        if p.timeframe == TimeFrame.Days:
            # compat: the time of day is the session end's in UTC, on the feed's own day
            end = session.pending
            edge = moment.replace(
                hour=end.hour, minute=end.minute, second=end.second, microsecond=end.microsecond
            )
        else:
            edge = boundary.edge_inside_day(moment, p.timeframe, p.compression, p.rightedge, p.boundoff)
        return float(self.data.date2num(edge))

    def _adjusttime(self, greater: bool = False, forcedata: Any = None) -> bool:
        """Stamp the bar with its edge; with ``greater`` only if that is later than what it has."""
        edge = self._calcadjtime(greater=greater)
        if greater and edge <= self.bar.datetime:
            return False
        self.bar.datetime = edge
        return True


class Resampler(_BaseResampler):
    """Builds bars of a larger timeframe; each is delivered once, when it is over.

    ``bar2edge`` aligns bars inside a day to multiples of ``compression`` from midnight, moved by
    ``boundoff``; ``adjbartime`` stamps them with the edge (the right one if ``rightedge``).
    ``takelate`` adds input that is not later than the last bar to the bar being built, else such
    input is dropped.
    """

    replaying = False

    def last(self, data: Any) -> bool:
        """The input has ended: deliver what there is."""
        if not self.bar.isopen():
            return False
        if self.doadjusttime:
            self._adjusttime()
        self._hand_over(data)
        return True

    def __call__(self, data: Any, fromcheck: bool = False, forcedata: Any = None) -> bool:
        if fromcheck:
            if self.bar.isopen() and self._checkbarover(data, fromcheck=True, forcedata=forcedata):
                self._deliver(data, False, forcedata)
            return True
        if self._latedata(data):
            self._absorb_late(data)
            return True
        onedge, askover = self._closes_bar(data)
        consumed = onedge or self.componly
        if consumed:
            self._absorb(data)
        # compat: where a calendar sees the last day of a period but compression asks for more periods
        # (askover is false), what was collected before that day is delivered all the same
        if self.bar.isopen() and (onedge or not askover or self._checkbarover(data, forcedata=forcedata)):
            self._deliver(data, onedge, forcedata)
        if not consumed:
            self._absorb(data)
        return True

    def _closes_bar(self, data: Any) -> tuple[bool, bool]:
        if self.componly:
            self._session.look()  # while the feed still shows the bar
            return False, True
        return self._dataonedge(data)

    def _absorb(self, data: Any) -> None:
        self.bar.bupdate(data)
        data.backwards()

    def _absorb_late(self, data: Any) -> None:
        if not self.p.takelate:
            data.backwards()
            return
        self.bar.bupdate(data)
        self.bar.datetime = data.lines.datetime[-1] + _LATE_STEP
        data.backwards()

    def _deliver(self, data: Any, onedge: bool, forcedata: Any) -> None:
        if forcedata is not None and not self._due(forcedata):
            return
        if not onedge and self.doadjusttime:
            self._adjusttime(greater=True, forcedata=forcedata)
        self._hand_over(data)

    def _due(self, forcedata: Any) -> bool:
        """Whether the bar, once stamped, would not be later than the bar of ``forcedata``.

        compat: only asked of minutes and days; ticks always are, other timeframes never.
        """
        tframe = self.p.timeframe
        if tframe in (TimeFrame.Minutes, TimeFrame.Days):
            return bool(self._calcadjtime(greater=True) <= forcedata.datetime[0])
        return bool(tframe == TimeFrame.Ticks)

    def _hand_over(self, data: Any) -> None:
        data._add2stack(self.bar.lvalues())
        self.bar.bstart(maxdate=True)


class ResamplerTicks(Resampler):
    """Ticks."""

    params: Any = (("timeframe", TimeFrame.Ticks),)


class ResamplerSeconds(Resampler):
    """Seconds."""

    params: Any = (("timeframe", TimeFrame.Seconds),)


class ResamplerMinutes(Resampler):
    """Minutes."""

    params: Any = (("timeframe", TimeFrame.Minutes),)


class ResamplerDaily(Resampler):
    """Days."""

    params: Any = (("timeframe", TimeFrame.Days),)


class ResamplerWeekly(Resampler):
    """Weeks."""

    params: Any = (("timeframe", TimeFrame.Weeks),)


class ResamplerMonthly(Resampler):
    """Months."""

    params: Any = (("timeframe", TimeFrame.Months),)


class ResamplerYearly(Resampler):
    """Years."""

    params: Any = (("timeframe", TimeFrame.Years),)
