"""The exponential moving average."""

from __future__ import annotations

from typing import Any

from ..lines.kernels import exponential
from .mabase import MovingAverageBase


class ExponentialMovingAverage(MovingAverageBase):
    """Recent values count more: each bar takes ``2 / (1 + period)`` of the new value.

    It begins at the mean of the first ``period`` values.
    """

    alias: Any = ("EMA", "MovingAverageExponential")
    lines: Any = ("ema",)

    def __init__(self) -> None:
        period = self.p.period
        self.alpha = 2.0 / (1.0 + period)
        self.alpha1 = 1.0 - self.alpha
        self.lines[0] = self._computed(exponential, (self.data,), (period, self.alpha), period)
        super().__init__()


__all__ = ["ExponentialMovingAverage"]
