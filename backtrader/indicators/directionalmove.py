"""The directional movement of Wilder: is there a trend, and which way?"""

from __future__ import annotations

from typing import Any

from ..lines.functions import And, If
from .atr import AverageTrueRange
from .base import Indicator
from .mabase import MovAv


class UpMove(Indicator):
    """How much the value rose since the bar before."""

    lines: Any = ("upmove",)

    def __init__(self) -> None:
        self.lines.upmove = self.data - self.data(-1)
        super().__init__()


class DownMove(Indicator):
    """How much the value fell since the bar before."""

    lines: Any = ("downmove",)

    def __init__(self) -> None:
        self.lines.downmove = self.data(-1) - self.data
        super().__init__()


class _DirectionalIndicator(Indicator):
    """The share of movement upwards and downwards in the true range, ``DIplus`` and ``DIminus``."""

    params: Any = (("period", 14), ("movav", MovAv.Smoothed))
    plotlines: Any = dict(plusDI=dict(_name="+DI"), minusDI=dict(_name="-DI"))

    def __init__(self, _plus: bool = True, _minus: bool = True) -> None:
        atr = AverageTrueRange(self.data, period=self.p.period, movav=self.p.movav)
        rise, fall = UpMove(self.data.high), DownMove(self.data.low)
        if _plus:
            self.DIplus = self._share(rise, fall, atr)
        if _minus:
            self.DIminus = self._share(fall, rise, atr)
        super().__init__()

    def _share(self, move: Any, other: Any, atr: Any) -> Any:
        counted = If(And(move > other, move > 0.0), move, 0.0)
        return 100.0 * self.p.movav(counted, period=self.p.period) / atr

    def _plotlabel(self) -> Any:
        return [self.p.period] + [self.p.movav] * self.p.notdefault("movav")


class DirectionalIndicator(_DirectionalIndicator):
    """The share of upward and of downward movement."""

    alias: Any = ("DI",)
    lines: Any = ("plusDI", "minusDI")

    def __init__(self) -> None:
        super().__init__()
        self.lines.plusDI = self.DIplus
        self.lines.minusDI = self.DIminus


class PlusDirectionalIndicator(_DirectionalIndicator):
    """The share of upward movement."""

    alias: Any = (("PlusDI", "+DI"),)
    lines: Any = ("plusDI",)
    plotinfo: Any = dict(plotname="+DirectionalIndicator")

    def __init__(self) -> None:
        super().__init__(_minus=False)
        self.lines.plusDI = self.DIplus


class MinusDirectionalIndicator(_DirectionalIndicator):
    """The share of downward movement."""

    alias: Any = (("MinusDI", "-DI"),)
    lines: Any = ("minusDI",)
    plotinfo: Any = dict(plotname="-DirectionalIndicator")

    def __init__(self) -> None:
        super().__init__(_plus=False)
        self.lines.minusDI = self.DIminus


class AverageDirectionalMovementIndex(_DirectionalIndicator):
    """How much one direction outweighs the other, averaged: the strength of a trend, not its direction."""

    alias: Any = ("ADX",)
    lines: Any = ("adx",)
    plotlines: Any = dict(adx=dict(_name="ADX"))

    def __init__(self) -> None:
        super().__init__()
        outweighs = abs(self.DIplus - self.DIminus) / (self.DIplus + self.DIminus)
        self.lines.adx = 100.0 * self.p.movav(outweighs, period=self.p.period)


class AverageDirectionalMovementIndexRating(AverageDirectionalMovementIndex):
    """The mean of the strength now and ``period`` bars ago."""

    alias: Any = ("ADXR",)
    lines: Any = ("adxr",)
    plotlines: Any = dict(adxr=dict(_name="ADXR"))

    def __init__(self) -> None:
        super().__init__()
        self.lines.adxr = (self.lines.adx + self.lines.adx(-self.p.period)) / 2.0


class DirectionalMovementIndex(AverageDirectionalMovementIndex, DirectionalIndicator):
    """Strength and both directions."""

    alias: Any = ("DMI",)


class DirectionalMovement(AverageDirectionalMovementIndexRating, DirectionalIndicator):
    """Strength, its rating and both directions."""

    alias: Any = ("DM",)


__all__ = [
    "AverageDirectionalMovementIndex",
    "AverageDirectionalMovementIndexRating",
    "DirectionalIndicator",
    "DirectionalMovement",
    "DirectionalMovementIndex",
    "DownMove",
    "MinusDirectionalIndicator",
    "PlusDirectionalIndicator",
    "UpMove",
]
