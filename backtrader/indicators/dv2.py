"""The DV2 of David Varadi."""

from __future__ import annotations

from typing import Any

from .base import Indicator
from .mabase import MovAv
from .percentrank import PercentRank


class DV2(Indicator):
    """The rank, in per cent, of where bars close in their range, averaged over ``maperiod`` bars."""

    lines: Any = ("dv2",)
    params: Any = (("period", 252), ("maperiod", 2), ("_movav", MovAv.SMA))

    def __init__(self) -> None:
        place = self.data.close / ((self.data.high + self.data.low) / 2.0)
        average = self.p._movav(place, period=self.p.maperiod)
        self.lines.dv2 = PercentRank(average, period=self.p.period) * 100
        super().__init__()


__all__ = ["DV2"]
