"""Moving averages that take the lag of an exponential average out again."""

from __future__ import annotations

from typing import Any

from .mabase import MovAv, MovingAverageBase


class DoubleExponentialMovingAverage(MovingAverageBase):
    """Twice the average, less the average of the average."""

    alias: Any = ("DEMA", "MovingAverageDoubleExponential")
    lines: Any = ("dema",)
    params: Any = (("_movav", MovAv.EMA),)

    def __init__(self) -> None:
        once = self.p._movav(self.data, period=self.p.period)
        twice = self.p._movav(once, period=self.p.period)
        self.lines[0] = 2.0 * once - twice
        super().__init__()


class TripleExponentialMovingAverage(MovingAverageBase):
    """Three times the average, less three times the average of that, and once more averaged."""

    alias: Any = ("TEMA", "MovingAverageTripleExponential")
    lines: Any = ("tema",)
    params: Any = (("_movav", MovAv.EMA),)

    def __init__(self) -> None:
        once = self.p._movav(self.data, period=self.p.period)
        twice = self.p._movav(once, period=self.p.period)
        thrice = self.p._movav(twice, period=self.p.period)
        self.lines[0] = 3.0 * once - 3.0 * twice + thrice
        super().__init__()


__all__ = ["DoubleExponentialMovingAverage", "TripleExponentialMovingAverage"]
