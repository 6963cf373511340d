"""Bars and the trading session: fill holes in it, drop what lies outside of it."""

from __future__ import annotations

import datetime as _dt
from typing import Any

from ..lines.timeframe import TimeFrame
from ..utils.construct import ParamsBase

#: How far apart bars of compression 1 are; the days of longer timeframes are not all alike.
UNITS = {
    TimeFrame.Minutes: _dt.timedelta(minutes=1),
    TimeFrame.Seconds: _dt.timedelta(seconds=1),
    TimeFrame.MicroSeconds: _dt.timedelta(microseconds=1),
}


def step_of(data: Any, who: str) -> _dt.timedelta:
    """How far apart the bars of a feed are."""
    if data._timeframe not in UNITS:
        raise ValueError(
            f"{who} knows how far apart minutes, seconds and microseconds are; "
            f"feed {data._name!r} has {TimeFrame.getname(data._timeframe)}"
        )
    return UNITS[data._timeframe] * data._compression  # type: ignore[no-any-return]


class SessionFiller(ParamsBase):
    """Puts bars in where the session has none.

    They carry the close of the bar before (or ``fill_price``), and ``fill_vol`` and ``fill_oi``.
    Before the first bar of all nothing is put in unless ``skip_first_fill`` is False.
    """

    params: Any = (
        ("fill_price", None),
        ("fill_vol", float("nan")),
        ("fill_oi", float("nan")),
        ("skip_first_fill", True),
    )

    p: Any

    #: No session is open: nothing is later than this.
    MAXDATE = _dt.datetime.max

    def __init__(self, data: Any) -> None:
        self.step = step_of(data, type(self).__name__)
        self.unit = UNITS[data._timeframe]
        self.begin_again()

    def begin_again(self) -> None:
        """A run starts: no session is known."""
        self.seenbar = False
        self.sessend = self.dtime_prev = self.MAXDATE

    def __call__(self, data: Any) -> bool:
        now = data.datetime.datetime()
        begin, end = (_dt.datetime.combine(now, t) for t in (data.p.sessionstart, data.p.sessionend))
        over, before = now > self.sessend, self.dtime_prev + self.step if self.seenbar else now
        first = not self.seenbar
        self.dtime_prev, self.seenbar = now, True
        if over:
            # compat: the last one may lie less than a unit beyond the end
            self._fill(data, self._until(before, self.sessend + self.unit))
        if over or first:
            self.sessend = end
            before = now if now > end or (first and self.p.skip_first_fill) else begin
        holes = self._until(before, now)
        if not holes:
            # compat: bars that fill the session before up come after this one; if this one is outside
            # of the session, filters further on do not see it, and it is not shown by itself
            return over and not begin <= now <= end
        bar = [line[0] for line in data.lines]
        self._fill(data, holes)
        data.backwards()
        data._add2stack(bar)
        return True

    def _until(self, first: _dt.datetime, end: _dt.datetime) -> list[_dt.datetime]:
        """Every step from ``first`` on that lies before ``end``."""
        count = max(0, -((first - end) // self.step))
        return [first + i * self.step for i in range(count)]

    def _fill(self, data: Any, times: list[_dt.datetime]) -> None:
        price = self.p.fill_price or data.close[-1]
        for time in times:
            data._add2stack(
                [price, price, price, price, self.p.fill_vol, self.p.fill_oi, data.date2num(time)]
            )


class SessionFilterSimple:
    """For ``addfilter_simple``: true for bars outside of the session, which are dropped then."""

    def __init__(self, data: Any) -> None:
        pass

    def __call__(self, data: Any) -> bool:
        return not data.p.sessionstart <= data.datetime.time() <= data.p.sessionend


class SessionFilter:
    """Drops bars outside of the session."""

    def __init__(self, data: Any) -> None:
        self._outside = SessionFilterSimple(data)

    def __call__(self, data: Any) -> bool:
        if not self._outside(data):
            return False
        data.backwards()
        return True
