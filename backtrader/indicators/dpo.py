"""The detrended price oscillator."""

from __future__ import annotations

from typing import Any

from .base import Indicator
from .mabase import MovAv


class DetrendedPriceOscillator(Indicator):
    """The distance from the average of half a period ago, which leaves the cycles and no trend."""

    alias: Any = ("DPO",)
    lines: Any = ("dpo",)
    params: Any = (("period", 20), ("movav", MovAv.Simple))
    plotinfo: Any = dict(plothlines=[0.0])

    def __init__(self) -> None:
        average = self.p.movav(self.data, period=self.p.period)
        self.lines.dpo = self.data - average(-self.p.period // 2 + 1)
        super().__init__()

    def _plotlabel(self) -> Any:
        return [self.p.period] + [self.p.movav] * self.p.notdefault("movav")


__all__ = ["DetrendedPriceOscillator"]
