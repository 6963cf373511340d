"""Two indicators of Larry Williams."""

from __future__ import annotations

from typing import Any

from ..lines.functions import If
from .atr import TrueHigh, TrueLow
from .base import Indicator
from .basicops import Accum, Highest, Lowest
from .rsi import DownDay, UpDay


class WilliamsR(Indicator):
    """Where the close is in the range of the last bars, from 0 at the top to -100 at the bottom."""

    lines: Any = ("percR",)
    params: Any = (("period", 14), ("upperband", -20.0), ("lowerband", -80.0))
    plotinfo: Any = dict(plotname="Williams R%")
    plotlines: Any = dict(percR=dict(_name="R%"))

    def __init__(self) -> None:
        highest = Highest(self.data.high, period=self.p.period)
        lowest = Lowest(self.data.low, period=self.p.period)
        self.lines.percR = -100.0 * (highest - self.data.close) / (highest - lowest)
        super().__init__()

    def _plotinit(self) -> None:
        self.plotinfo.plotyhlines = [self.p.upperband, self.p.lowerband]


class WilliamsAD(Indicator):
    """Accumulation and distribution: how far closes get from the true low when they rise, added up."""

    lines: Any = ("ad",)

    def __init__(self) -> None:
        close = self.data.close
        gained = If(UpDay(close), close - TrueLow(self.data), 0.0)
        lost = If(DownDay(close), close - TrueHigh(self.data), 0.0)
        self.lines.ad = Accum(gained + lost)
        super().__init__()


__all__ = ["WilliamsAD", "WilliamsR"]
