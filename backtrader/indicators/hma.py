"""The moving average of Hull."""

from __future__ import annotations

from math import sqrt
from typing import Any

from .mabase import MovAv, MovingAverageBase


class HullMovingAverage(MovingAverageBase):
    """Twice an average over half the period less one over all of it, smoothed over its square root."""

    alias: Any = ("HMA", "HullMA")
    lines: Any = ("hma",)
    params: Any = (("_movav", MovAv.WMA),)

    def __init__(self) -> None:
        period, movav = self.p.period, self.p._movav
        whole = movav(self.data, period=period)
        half = 2.0 * movav(self.data, period=period // 2)
        self.lines[0] = movav(half - whole, period=int(sqrt(period)))
        super().__init__()


__all__ = ["HullMovingAverage"]
