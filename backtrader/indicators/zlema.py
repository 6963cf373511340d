"""The exponential moving average without lag."""

from __future__ import annotations

from typing import Any

from .mabase import MovAv, MovingAverageBase


class ZeroLagExponentialMovingAverage(MovingAverageBase):
    """The average of data from which the lag was taken by adding what changed in half a period."""

    alias: Any = ("ZLEMA", "ZeroLagEma")
    lines: Any = ("zlema",)
    params: Any = (("_movav", MovAv.EMA),)

    def __init__(self) -> None:
        lag = (self.p.period - 1) // 2
        ahead = 2 * self.data - self.data(-lag)
        self.lines[0] = self.p._movav(ahead, period=self.p.period)
        super().__init__()


__all__ = ["ZeroLagExponentialMovingAverage"]
