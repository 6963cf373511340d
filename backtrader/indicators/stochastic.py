"""Where the close is within the range of the last bars."""

from __future__ import annotations

from typing import Any

from ..lines.functions import DivByZero
from .base import Indicator
from .basicops import Highest, Lowest
from .mabase import MovAv


class _StochasticBase(Indicator):
    """The quick line ``k``, 0 at the bottom of the range and 100 at the top, and its average ``d``."""

    lines: Any = ("percK", "percD")
    params: Any = (
        ("period", 14),
        ("period_dfast", 3),
        ("movav", MovAv.Simple),
        ("upperband", 80.0),
        ("lowerband", 20.0),
        ("safediv", False),
        ("safezero", 0.0),
    )
    plotlines: Any = dict(percD=dict(_name="%D", ls="--"), percK=dict(_name="%K"))

    def __init__(self) -> None:
        p, data = self.p, self.data
        highest = Highest(data.high, period=p.period)
        lowest = Lowest(data.low, period=p.period)
        above, span = data.close - lowest, highest - lowest
        share = DivByZero(above, span, zero=p.safezero) if p.safediv else above / span
        self.k = 100.0 * share
        self.d = p.movav(self.k, period=p.period_dfast)
        super().__init__()

    def _plotlabel(self) -> Any:
        return [self.p.period, self.p.period_dfast] + [self.p.movav] * self.p.notdefault("movav")

    def _plotinit(self) -> None:
        self.plotinfo.plotyhlines = [self.p.upperband, self.p.lowerband]


class StochasticFast(_StochasticBase):
    """The quick line and its average."""

    def __init__(self) -> None:
        super().__init__()
        self.lines.percK = self.k
        self.lines.percD = self.d


class _StochasticSlowed(_StochasticBase):
    """What adds an average of the average."""

    params: Any = (("period_dslow", 3),)

    def _plotlabel(self) -> Any:
        p = self.p
        return [p.period, p.period_dfast, p.period_dslow] + [p.movav] * p.notdefault("movav")


class Stochastic(_StochasticSlowed):
    """The slow form: the average of the quick line, and the average of that."""

    alias: Any = ("StochasticSlow",)

    def __init__(self) -> None:
        super().__init__()
        self.lines.percK = self.d
        self.lines.percD = self.p.movav(self.lines.percK, period=self.p.period_dslow)


class StochasticFull(_StochasticSlowed):
    """The quick line, its average, and the average of that."""

    lines: Any = ("percDSlow",)
    plotlines: Any = dict(percDSlow=dict(_name="%DSlow"))

    def __init__(self) -> None:
        super().__init__()
        self.lines.percK = self.k
        self.lines.percD = self.d
        self.lines.percDSlow = self.p.movav(self.lines.percD, period=self.p.period_dslow)


__all__ = ["Stochastic", "StochasticFast", "StochasticFull"]
