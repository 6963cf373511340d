"""The relative strength index and the daily rises and falls it is made of."""

from __future__ import annotations

from math import inf, nan
from typing import Any

from ..lines.kernels import fall, relative_strength, rise
from .base import Indicator
from .mabase import MovAv


class UpDay(Indicator):
    """How much the line rose within ``period`` bars, 0.0 if it fell."""

    lines: Any = ("upday",)
    params: Any = (("period", 1),)

    def __init__(self) -> None:
        period = self.p.period
        self.lines.upday = self._moved(rise, (self.data,), (period,), (period,))
        super().__init__()


class DownDay(Indicator):
    """How much the line fell within ``period`` bars, 0.0 if it rose."""

    lines: Any = ("downday",)
    params: Any = (("period", 1),)

    def __init__(self) -> None:
        period = self.p.period
        self.lines.downday = self._moved(fall, (self.data,), (period,), (period,))
        super().__init__()


class UpDayBool(Indicator):
    """Whether the line rose within ``period`` bars."""

    lines: Any = ("upday",)
    params: Any = (("period", 1),)

    def __init__(self) -> None:
        self.lines.upday = self.data > self.data(-self.p.period)
        super().__init__()


class DownDayBool(Indicator):
    """Whether the line fell within ``period`` bars."""

    lines: Any = ("downday",)
    params: Any = (("period", 1),)

    def __init__(self) -> None:
        self.lines.downday = self.data(-self.p.period) > self.data
        super().__init__()


class RelativeStrengthIndex(Indicator):
    """The share of rises in the movement of ``period`` bars, from 0 to 100.

    Averages of rises and falls (over ``lookback`` bars each) are set against each other. Where
    nothing fell the index is 100, and undefined where nothing moved; with ``safediv`` these give
    ``safehigh`` and ``safelow``.
    """

    alias: Any = ("RSI", "RSI_SMMA", "RSI_Wilder")
    lines: Any = ("rsi",)
    params: Any = (
        ("period", 14),
        ("movav", MovAv.Smoothed),
        ("upperband", 70.0),
        ("lowerband", 30.0),
        ("safediv", False),
        ("safehigh", 100.0),
        ("safelow", 50.0),
        ("lookback", 1),
    )

    def __init__(self) -> None:
        rises = self.p.movav(UpDay(self.data, period=self.p.lookback), period=self.p.period)
        falls = self.p.movav(DownDay(self.data, period=self.p.lookback), period=self.p.period)
        single, dual = inf, nan
        if self.p.safediv:
            single, dual = self._ratio(self.p.safehigh), self._ratio(self.p.safelow)
        self.lines.rsi = self._moved(relative_strength, (rises, falls), (single, dual), (0, 0))
        super().__init__()

    @staticmethod
    def _ratio(index: float) -> float:
        """The ratio of rises to falls that makes the index ``index``."""
        return inf if index == 100.0 else (100.0 / (100.0 - index)) - 1.0

    def _plotlabel(self) -> Any:
        p = self.p
        return [p.period] + [p.movav] * p.notdefault("movav") + [p.lookback] * p.notdefault("lookback")

    def _plotinit(self) -> None:
        self.plotinfo.plotyhlines = [self.p.upperband, self.p.lowerband]


RSI: Any = globals()["RSI"]  # the class made for the alias


class RSI_Safe(RSI):
    """The index with figures where nothing fell or moved, see ``safediv``."""

    params: Any = (("safediv", True),)


class RSI_SMA(RSI):
    """The index from simple averages, as Cutler has it."""

    alias: Any = ("RSI_Cutler",)
    params: Any = (("movav", MovAv.Simple),)


class RSI_EMA(RSI):
    """The index from exponential averages."""

    params: Any = (("movav", MovAv.Exponential),)


__all__ = [
    "DownDay",
    "DownDayBool",
    "RSI_EMA",
    "RSI_SMA",
    "RSI_Safe",
    "RelativeStrengthIndex",
    "UpDay",
    "UpDayBool",
]
