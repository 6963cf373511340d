"""A daily bar as two ticks."""

from __future__ import annotations

import datetime as _dt
from typing import Any

from ..utils.construct import ParamsBase


class DaySplitter_Close(ParamsBase):
    """Splits a day in the time before its close and the close itself, for replaying.

    The first bar has open, high and low, their mean as close, the session's start as time and the
    volume less the close's part ``closevol``; the second one has the close as all its prices and
    the session's end as time.
    """

    params: Any = (("closevol", 0.5),)

    p: Any

    def __init__(self, data: Any) -> None:
        self.begin_again()

    def begin_again(self) -> None:
        """A run starts: no day was split."""
        self.lastdt = _dt.date.min
        self._closing = 0.0  # the time of the second bar

    def __call__(self, data: Any) -> bool:
        day = data.datetime.date()
        # a session's end just before midnight may read back as the next day
        if day == self.lastdt or data.datetime[0] == self._closing:
            return False
        self.lastdt = day
        o, h, lo, c = data.open[0], data.high[0], data.low[0], data.close[0]
        volume, interest = data.volume[0], data.openinterest[0]
        before = int(volume * (1.0 - self.p.closevol)) if volume == volume else volume
        self._closing = self._time(data, day, data.p.sessionend)
        first = [(o + h + lo) / 3.0, lo, h, o, before, interest, self._time(data, day, data.p.sessionstart)]
        second = [c, c, c, c, volume - before, interest, self._closing]
        data.backwards(force=True)
        data._add2stack(first)
        data._add2stack(second, stash=True)  # comes next, through all filters again
        return False  # compat: not said to be taken, so that filters further on see the first one

    @staticmethod
    def _time(data: Any, day: _dt.date, clock: _dt.time) -> float:
        return float(data.date2num(_dt.datetime.combine(day, clock)))
