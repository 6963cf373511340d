"""The distance of a fast and a slow moving average, in points and in per cent."""

from __future__ import annotations

from typing import Any

from .base import Indicator
from .mabase import MovAv


class _PriceOscBase(Indicator):
    """Two moving averages, ``ma1`` and ``ma2``."""

    params: Any = (("period1", 12), ("period2", 26), ("_movav", MovAv.Exponential))
    plotinfo: Any = dict(plothlines=[0.0])

    def __init__(self) -> None:
        self.ma1 = self.p._movav(self.data, period=self.p.period1)
        self.ma2 = self.p._movav(self.data, period=self.p.period2)
        super().__init__()


class PriceOscillator(_PriceOscBase):
    """The distance in points."""

    alias: Any = ("PriceOsc", "AbsolutePriceOscillator", "APO", "AbsPriceOsc")
    lines: Any = ("po",)

    def __init__(self) -> None:
        super().__init__()
        self.lines.po = self.ma1 - self.ma2


class PercentagePriceOscillator(_PriceOscBase):
    """The distance in per cent of the slow average, its average as a signal, and the distance from that."""

    _long = True
    alias: Any = ("PPO", "PercPriceOsc")
    lines: Any = ("ppo", "signal", "histo")
    params: Any = (("period_signal", 9),)
    plotlines: Any = dict(histo=dict(_method="bar", alpha=0.50, width=1.0))

    def __init__(self) -> None:
        super().__init__()
        whole = self.ma2 if self._long else self.ma1
        self.lines.ppo = 100.0 * (self.ma1 - self.ma2) / whole
        self.lines.signal = self.p._movav(self.lines.ppo, period=self.p.period_signal)
        self.lines.histo = self.lines.ppo - self.lines.signal


class PercentagePriceOscillatorShort(PercentagePriceOscillator):
    """The same in per cent of the fast average."""

    _long = False
    alias: Any = ("PPOShort", "PercPriceOscShort")


__all__ = ["PercentagePriceOscillator", "PercentagePriceOscillatorShort", "PriceOscillator"]
