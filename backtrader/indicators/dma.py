"""The moving average of Dickson."""

from __future__ import annotations

from typing import Any

from .mabase import MovAv, MovingAverageBase
from .zlind import ZeroLagIndicator


class DicksonMovingAverage(MovingAverageBase):
    """The mean of the zero lag indicator and of a Hull moving average over ``hperiod`` bars."""

    alias: Any = ("DMA", "DicksonMA")
    lines: Any = ("dma",)
    params: Any = (("gainlimit", 50), ("hperiod", 7), ("_movav", MovAv.EMA), ("_hma", MovAv.HMA))

    def __init__(self) -> None:
        p = self.p
        corrected = ZeroLagIndicator(self.data, period=p.period, gainlimit=p.gainlimit, _movav=p._movav)
        hull = p._hma(self.data, period=p.hperiod)
        self.lines[0] = (corrected + hull) / 2.0
        super().__init__()

    def _plotlabel(self) -> Any:
        p = self.p
        values = [p.period, p.gainlimit, p.hperiod]
        return values + [p._movav] * p.notdefault("_movav") + [p._hma] * p.notdefault("_hma")


__all__ = ["DicksonMovingAverage"]
