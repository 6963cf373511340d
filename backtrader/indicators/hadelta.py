"""The body of averaged bars."""

from __future__ import annotations

from typing import Any

from .base import Indicator
from .heikinashi import HeikinAshi
from .mabase import MovAv


class haDelta(Indicator):
    """Close less open of Heikin Ashi bars, and its average.

    With ``autoheikin`` the bars are averaged here; without it the data must be such bars already.
    """

    alias: Any = ("haD",)
    lines: Any = ("haDelta", "smoothed")
    params: Any = (("period", 3), ("movav", MovAv.SMA), ("autoheikin", True))
    plotlines: Any = dict(
        haDelta=dict(color="red"),
        smoothed=dict(color="grey", _fill_gt=(0, "green"), _fill_lt=(0, "red")),
    )

    def __init__(self) -> None:
        bars = HeikinAshi(self.data) if self.p.autoheikin else self.data
        self.lines.haDelta = delta = bars.close - bars.open
        self.lines.smoothed = self.p.movav(delta, period=self.p.period)
        super().__init__()


__all__ = ["haDelta"]
