"""The simple moving average."""

from __future__ import annotations

from typing import Any

from ..lines.kernels import rolling_sum
from .mabase import MovingAverageBase


class MovingAverageSimple(MovingAverageBase):
    """The mean of the last ``period`` values: the plainest of moving averages."""

    alias: Any = ("SMA", "SimpleMovingAverage")
    lines: Any = ("sma",)

    def __init__(self) -> None:
        period = self.p.period
        self.lines[0] = self._computed(rolling_sum, (self.data,), (period, float(period)), period)
        super().__init__()


__all__ = ["MovingAverageSimple"]
