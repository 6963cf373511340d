"""The adaptive moving average of Kaufman."""

from __future__ import annotations

from typing import Any

from .basicops import ExponentialSmoothingDynamic, SumN
from .mabase import MovingAverageBase


class AdaptiveMovingAverage(MovingAverageBase):
    """Follows fast where prices go straight and slowly where they go to and fro.

    ``fast`` and ``slow`` are the periods of the exponential averages between which it changes.
    """

    alias: Any = ("KAMA", "MovingAverageAdaptive")
    lines: Any = ("kama",)
    params: Any = (("fast", 2), ("slow", 30))

    def __init__(self) -> None:
        period = self.p.period
        distance = self.data - self.data(-period)
        way = SumN(abs(self.data - self.data(-1)), period=period)
        straight = abs(distance / way)
        fast, slow = 2.0 / (self.p.fast + 1.0), 2.0 / (self.p.slow + 1.0)
        factor = pow(straight * (fast - slow) + slow, 2)
        self.lines[0] = ExponentialSmoothingDynamic(self.data, period=period, alpha=factor)
        super().__init__()


__all__ = ["AdaptiveMovingAverage"]
