"""The true range of a bar, gaps included, and its average."""

from __future__ import annotations

from typing import Any

from ..lines.kernels import true_high, true_low, true_range
from .base import Indicator
from .mabase import MovAv


class TrueHigh(Indicator):
    """The high, or the close before where that was higher."""

    lines: Any = ("truehigh",)

    def __init__(self) -> None:
        self.lines.truehigh = self._moved(true_high, (self.data.high, self.data.close), (), (0, 1))
        super().__init__()


class TrueLow(Indicator):
    """The low, or the close before where that was lower."""

    lines: Any = ("truelow",)

    def __init__(self) -> None:
        self.lines.truelow = self._moved(true_low, (self.data.low, self.data.close), (), (0, 1))
        super().__init__()


class TrueRange(Indicator):
    """The distance from `TrueHigh` to `TrueLow`."""

    alias: Any = ("TR",)
    lines: Any = ("tr",)

    def __init__(self) -> None:
        prices = (self.data.high, self.data.low, self.data.close)
        self.lines.tr = self._moved(true_range, prices, (), (0, 0, 1))
        super().__init__()


class AverageTrueRange(Indicator):
    """The average of `TrueRange`: how far prices go in a bar."""

    alias: Any = ("ATR",)
    lines: Any = ("atr",)
    params: Any = (("period", 14), ("movav", MovAv.Smoothed))

    def __init__(self) -> None:
        self.lines.atr = self.p.movav(TrueRange(self.data), period=self.p.period)
        super().__init__()

    def _plotlabel(self) -> Any:
        return [self.p.period] + [self.p.movav] * self.p.notdefault("movav")


__all__ = ["AverageTrueRange", "TrueHigh", "TrueLow", "TrueRange"]
