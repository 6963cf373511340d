"""The awesome oscillator."""

from __future__ import annotations

from typing import Any

from .base import Indicator
from .mabase import MovAv


class AwesomeOscillator(Indicator):
    """The distance of a fast and a slow average of the middle of the bars."""

    alias: Any = ("AwesomeOsc", "AO")
    lines: Any = ("ao",)
    params: Any = (("fast", 5), ("slow", 34), ("movav", MovAv.SMA))
    plotlines: Any = dict(ao=dict(_method="bar", alpha=0.50, width=1.0))

    def __init__(self) -> None:
        middle = (self.data.high + self.data.low) / 2.0
        fast = self.p.movav(middle, period=self.p.fast)
        slow = self.p.movav(middle, period=self.p.slow)
        self.lines.ao = fast - slow
        super().__init__()


__all__ = ["AwesomeOscillator"]
