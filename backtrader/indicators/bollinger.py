"""Bollinger bands: a moving average and a channel of standard deviations around it."""

from __future__ import annotations

from typing import Any

from .base import Indicator
from .deviation import StandardDeviation
from .mabase import MovAv


class BollingerBands(Indicator):
    """A moving average, and lines ``devfactor`` standard deviations above and below it."""

    alias: Any = ("BBands",)
    lines: Any = ("mid", "top", "bot")
    params: Any = (("period", 20), ("devfactor", 2.0), ("movav", MovAv.Simple))
    plotinfo: Any = dict(subplot=False)
    plotlines: Any = dict(mid=dict(ls="--"), top=dict(_samecolor=True), bot=dict(_samecolor=True))

    def __init__(self) -> None:
        p = self.p
        self.lines.mid = mid = p.movav(self.data, period=p.period)
        width = p.devfactor * StandardDeviation(self.data, mid, period=p.period, movav=p.movav)
        self.lines.top = mid + width
        self.lines.bot = mid - width
        super().__init__()

    def _plotlabel(self) -> Any:
        return [self.p.period, self.p.devfactor] + [self.p.movav] * self.p.notdefault("movav")


class BollingerBandsPct(BollingerBands):
    """The bands, and where between them the value is: 0.0 at the bottom, 1.0 at the top."""

    lines: Any = ("pctb",)
    plotlines: Any = dict(pctb=dict(_name="%B"))

    def __init__(self) -> None:
        super().__init__()
        self.lines.pctb = (self.data - self.lines.bot) / (self.lines.top - self.lines.bot)


__all__ = ["BollingerBands", "BollingerBandsPct"]
