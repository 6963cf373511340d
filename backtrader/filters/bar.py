"""The bar that a resampler or replayer is building."""

from __future__ import annotations

import datetime as _dt
from typing import Any

from ..utils.dateintern import date2num

_NAN = float("nan")
_INF = float("inf")


class Bar:
    """Values of one bar, in the order of a feed's lines."""

    __slots__ = ("close", "datetime", "high", "low", "open", "openinterest", "volume")

    replaying = False

    #: A time later than any bar's. Two days below the maximum: there is room for a change of zone.
    MAXDATE = date2num(_dt.datetime.max) - 2

    def __init__(self, maxdate: bool = False) -> None:
        self.bstart(maxdate)

    def bstart(self, maxdate: bool = False) -> None:
        """Begin a new bar: nothing seen yet."""
        self.close = self.open = _NAN
        self.low, self.high = _INF, -_INF
        self.volume = self.openinterest = 0.0
        self.datetime: Any = self.MAXDATE if maxdate else None

    def isopen(self) -> bool:
        """Whether something was put into the bar."""
        return self.open == self.open

    def bupdate(self, data: Any, reopen: bool = False) -> bool:
        """Add the current bar of ``data``; true if it is the first one in here."""
        if reopen:
            self.bstart()
        lines = data.lines
        self.datetime = lines.datetime[0]
        # max and min in this order: a missing value leaves what there is
        self.high = max(self.high, lines.high[0])
        self.low = min(self.low, lines.low[0])
        self.close = lines.close[0]
        self.volume += lines.volume[0]
        self.openinterest = lines.openinterest[0]
        first = reopen or not self.isopen()
        if first:
            self.open = lines.open[0]
        return first

    def lvalues(self) -> list[float]:
        """The values in the order of a feed's lines."""
        return [self.close, self.low, self.high, self.open, self.volume, self.openinterest, self.datetime]
