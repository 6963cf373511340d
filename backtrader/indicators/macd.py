"""Moving average convergence and divergence."""

from __future__ import annotations

from typing import Any

from .base import Indicator
from .mabase import MovAv


class MACD(Indicator):
    """The distance of a fast and a slow moving average, and the average of that as a signal."""

    lines: Any = ("macd", "signal")
    params: Any = (("period_me1", 12), ("period_me2", 26), ("period_signal", 9), ("movav", MovAv.Exponential))
    plotinfo: Any = dict(plothlines=[0.0])
    plotlines: Any = dict(signal=dict(ls="--"))

    def __init__(self) -> None:
        super().__init__()
        movav = self.p.movav
        fast = movav(self.data, period=self.p.period_me1)
        slow = movav(self.data, period=self.p.period_me2)
        self.lines.macd = fast - slow
        self.lines.signal = movav(self.lines.macd, period=self.p.period_signal)

    def _plotlabel(self) -> Any:
        p = self.p
        return [p.period_me1, p.period_me2, p.period_signal] + [p.movav] * p.notdefault("movav")


class MACDHisto(MACD):
    """`MACD` with the distance from its signal."""

    alias: Any = ("MACDHistogram",)
    lines: Any = ("histo",)
    plotlines: Any = dict(histo=dict(_method="bar", alpha=0.50, width=1.0))

    def __init__(self) -> None:
        super().__init__()
        self.lines.histo = self.lines.macd - self.lines.signal


__all__ = ["MACD", "MACDHisto"]
