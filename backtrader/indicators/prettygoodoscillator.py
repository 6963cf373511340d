"""The pretty good oscillator."""

from __future__ import annotations

from typing import Any

from .atr import AverageTrueRange
from .base import Indicator
from .mabase import MovAv


class PrettyGoodOscillator(Indicator):
    """The distance of the close from its average, in average true ranges."""

    alias: Any = ("PGO", "PrettyGoodOsc")
    lines: Any = ("pgo",)
    params: Any = (("period", 14), ("_movav", MovAv.Simple))

    def __init__(self) -> None:
        average = self.p._movav(self.data, period=self.p.period)
        self.lines.pgo = (self.data - average) / AverageTrueRange(self.data, period=self.p.period)
        super().__init__()


__all__ = ["PrettyGoodOscillator"]
