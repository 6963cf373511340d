"""The vortex indicator."""

from __future__ import annotations

from typing import Any

from ..lines.functions import Max
from .base import Indicator
from .basicops import SumN


class Vortex(Indicator):
    """Movement from the low before to the high and from the high before to the low, against the range."""

    lines: Any = ("vi_plus", "vi_minus")
    params: Any = (("period", 14),)
    plotlines: Any = dict(vi_plus=dict(_name="+VI"), vi_minus=dict(_name="-VI"))

    def __init__(self) -> None:
        high, low, close = self.data.high, self.data.low, self.data.close
        span = Max(abs(high - low), abs(high - close(-1)), abs(low - close(-1)))
        total = SumN(span, period=self.p.period)
        self.lines.vi_plus = SumN(abs(high - low(-1)), period=self.p.period) / total
        self.lines.vi_minus = SumN(abs(low - high(-1)), period=self.p.period) / total
        super().__init__()


__all__ = ["Vortex"]
