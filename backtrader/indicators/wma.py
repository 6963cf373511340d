"""The linearly weighted moving average."""

from __future__ import annotations

from typing import Any

from .basicops import weighted_line
from .mabase import MovingAverageBase


class WeightedMovingAverage(MovingAverageBase):
    """The newest value counts ``period`` times, the one before once less, the oldest once."""

    alias: Any = ("WMA", "MovingAverageWeighted")
    lines: Any = ("wma",)

    def __init__(self) -> None:
        period = self.p.period
        coef = 2.0 / (period * (period + 1.0))
        self.lines[0] = weighted_line(self, coef, range(1, period + 1))
        super().__init__()


__all__ = ["WeightedMovingAverage"]
