"""Bricks of equal size instead of bars of equal time."""

from __future__ import annotations

from typing import Any

from ..errors import DataError
from .base import Filter

__all__ = ["Renko"]


class Renko(Filter):
    """A bar is delivered when the price has moved by a whole brick, else it is dropped.

    ``size`` is the height of a brick; without it the height is the price divided by ``autosize``
    in whole points, and with ``dynamic`` computed anew for each brick.  ``align`` puts the first
    price on multiples of it, ``roundstart`` cuts its decimals off.  With ``hilo`` high and low are
    looked at instead of the close.
    """

    params: Any = (
        ("hilo", False),
        ("size", None),
        ("autosize", 20.0),
        ("dynamic", False),
        ("align", 1.0),
        ("roundstart", True),
    )

    p: Any

    _size: float
    _top: float
    _bottom: float

    def nextstart(self, data: Any) -> None:
        """Lay the first brick's place around the first price."""
        start = self._aligned(data.open[0])
        if self.p.roundstart:
            if start != start:
                raise DataError(
                    f"Renko cannot begin: feed {data._name!r} has no opening price in its first bar"
                )
            start = int(start)
        self._size = self.p.size or self._sized(start)
        self._top, self._bottom = start + self._size, start - self._size

    def next(self, data: Any) -> None:
        """Turn the bar into a brick, or take it out of the feed."""
        up = data.high[0] if self.p.hilo else data.close[0]
        down = data.low[0] if self.p.hilo else data.close[0]
        if up >= self._top:
            self._bottom, self._top = self._top, self._end_of_brick(data, self._top, 1)
            self._lay(data, self._bottom, self._top)
        elif down <= self._bottom:
            self._top, self._bottom = self._bottom, self._end_of_brick(data, self._bottom, -1)
            self._lay(data, self._top, self._bottom)
        else:
            data.backwards()

    def _end_of_brick(self, data: Any, begin: float, way: int) -> float:
        if not self.p.dynamic or self.p.size:
            return begin + way * self._size
        self._size = self._sized(data.close[0])
        return self._aligned(begin + way * self._size)

    def _sized(self, price: float) -> float:
        size: float = price // self.p.autosize
        return size

    def _aligned(self, price: float) -> float:
        align: float = self.p.align
        return align * round(price / align, 0)  # with digits: no number stays none

    @staticmethod
    def _lay(data: Any, begin: float, end: float) -> None:
        # compat: in a falling brick the high is below the low
        data.open[0] = data.low[0] = begin
        data.close[0] = data.high[0] = end
        data.volume[0] = data.openinterest[0] = 0.0
