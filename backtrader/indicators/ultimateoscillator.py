"""The ultimate oscillator of Williams."""

from __future__ import annotations

from typing import Any

from .atr import TrueLow, TrueRange
from .base import Indicator
from .basicops import SumN


class UltimateOscillator(Indicator):
    """Buying pressure as a part of the true range over three periods, weighted 4 : 2 : 1, from 0 to 100."""

    lines: Any = ("uo",)
    params: Any = (("p1", 7), ("p2", 14), ("p3", 28), ("upperband", 70.0), ("lowerband", 30.0))

    def __init__(self) -> None:
        pressure, span = self.data.close - TrueLow(self.data), TrueRange(self.data)
        shares = [SumN(pressure, period=n) / SumN(span, period=n) for n in (self.p.p1, self.p.p2, self.p.p3)]
        factor = 100.0 / (4.0 + 2.0 + 1.0)
        self.lines.uo = (4.0 * factor) * shares[0] + (2.0 * factor) * shares[1] + factor * shares[2]
        super().__init__()

    def _plotinit(self) -> None:
        bands = [self.p.upperband, self.p.lowerband]
        self.plotinfo.plotyticks = [10.0, 50.0, 90.0, *bands]
        self.plotinfo.plotyhlines = bands


__all__ = ["UltimateOscillator"]
