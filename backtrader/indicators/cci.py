"""The commodity channel index."""

from __future__ import annotations

from typing import Any

from .base import Indicator
from .deviation import MeanDeviation
from .mabase import MovAv


class CommodityChannelIndex(Indicator):
    """The distance of typical prices from their average, in units of the usual distance."""

    alias: Any = ("CCI",)
    lines: Any = ("cci",)
    params: Any = (
        ("period", 20),
        ("factor", 0.015),
        ("movav", MovAv.Simple),
        ("upperband", 100.0),
        ("lowerband", -100.0),
    )

    def __init__(self) -> None:
        p, data = self.p, self.data
        price = (data.high + data.low + data.close) / 3.0
        average = p.movav(price, period=p.period)
        # compat: `movav` makes the average only; the distances from it are averaged simply
        usual = MeanDeviation(price, average, period=p.period)
        self.lines.cci = (price - average) / (p.factor * usual)
        super().__init__()

    def _plotlabel(self) -> Any:
        return [self.p.period, self.p.factor] + [self.p.movav] * self.p.notdefault("movav")

    def _plotinit(self) -> None:
        self.plotinfo.plotyhlines = [0.0, self.p.upperband, self.p.lowerband]


__all__ = ["CommodityChannelIndex"]
