"""The smoothed moving average of Wilder."""

from __future__ import annotations

from typing import Any

from ..lines.kernels import exponential
from .mabase import MovingAverageBase


class SmoothedMovingAverage(MovingAverageBase):
    """Each bar takes one ``period``-th of the new value, so it forgets more slowly than an EMA.

    It begins at the mean of the first ``period`` values.
    """

    alias: Any = ("SMMA", "WilderMA", "MovingAverageSmoothed", "MovingAverageWilder", "ModifiedMovingAverage")
    lines: Any = ("smma",)

    def __init__(self) -> None:
        period = self.p.period
        self.lines[0] = self._computed(exponential, (self.data,), (period, 1.0 / period), period)
        super().__init__()


__all__ = ["SmoothedMovingAverage"]
