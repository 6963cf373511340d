"""How far values are from their average."""

from __future__ import annotations

from typing import Any

from ..lines.kernels import deviation
from .base import Indicator
from .mabase import MovAv


class StandardDeviation(Indicator):
    """The standard deviation of the last ``period`` values.

    A second data is taken for the average of the first one. ``movav`` averages the squares. With
    ``safepow`` a variance that rounding made negative counts as positive.
    """

    alias: Any = ("StdDev",)
    lines: Any = ("stddev",)
    params: Any = (("period", 20), ("movav", MovAv.Simple), ("safepow", True))

    def __init__(self) -> None:
        mean = self.data1 if len(self.datas) > 1 else self.p.movav(self.data, period=self.p.period)
        mean_square = self.p.movav(pow(self.data, 2), period=self.p.period)
        params = (2.0, 0.5, int(bool(self.p.safepow)))
        self.lines.stddev = self._moved(deviation, (mean_square, mean), params, (0, 0))
        super().__init__()

    def _plotlabel(self) -> Any:
        return [self.p.period] + [self.p.movav] * self.p.notdefault("movav")


class MeanDeviation(Indicator):
    """The average distance of values from their average.

    A second data is taken for the average of the first one.
    """

    alias: Any = ("MeanDev",)
    lines: Any = ("meandev",)
    params: Any = (("period", 20), ("movav", MovAv.Simple))

    def __init__(self) -> None:
        mean = self.data1 if len(self.datas) > 1 else self.p.movav(self.data, period=self.p.period)
        self.lines.meandev = self.p.movav(abs(self.data - mean), period=self.p.period)
        super().__init__()

    def _plotlabel(self) -> Any:
        return [self.p.period] + [self.p.movav] * self.p.notdefault("movav")


__all__ = ["MeanDeviation", "StandardDeviation"]
