"""Aroon: how fresh the last high and the last low are."""

from __future__ import annotations

from typing import Any

from .base import Indicator
from .basicops import FindFirstIndexHighest, FindFirstIndexLowest


class _AroonBase(Indicator):
    """100 when the extreme is of this bar, less for each bar it is old, 0 after ``period`` bars.

    Subclasses say which of the two, ``up`` and ``down``, they need.
    """

    _up = False
    _down = False

    params: Any = (("period", 14), ("upperband", 70), ("lowerband", 30))
    plotinfo: Any = dict(plotymargin=0.05, plotyhlines=[0, 100])

    def __init__(self) -> None:
        if self._up:
            self.up = self._freshness(FindFirstIndexHighest, self.data.high)
        if self._down:
            self.down = self._freshness(FindFirstIndexLowest, self.data.low)
        super().__init__()

    def _freshness(self, find: Any, data: Any) -> Any:
        period = self.p.period
        return (100.0 / period) * (period - find(data, period=period + 1))

    def _plotlabel(self) -> Any:
        return [self.p.period]

    def _plotinit(self) -> None:
        self.plotinfo.plotyhlines = [*self.plotinfo.plotyhlines, self.p.lowerband, self.p.upperband]


class AroonUp(_AroonBase):
    """How fresh the highest high is."""

    _up = True
    lines: Any = ("aroonup",)

    def __init__(self) -> None:
        super().__init__()
        self.lines.aroonup = self.up


class AroonDown(_AroonBase):
    """How fresh the lowest low is."""

    _down = True
    lines: Any = ("aroondown",)

    def __init__(self) -> None:
        super().__init__()
        self.lines.aroondown = self.down


class AroonUpDown(AroonUp, AroonDown):
    """Both lines."""

    alias: Any = ("AroonIndicator",)


class AroonOscillator(_AroonBase):
    """How much fresher the high is than the low, from -100 to 100."""

    _up = True
    _down = True
    alias: Any = ("AroonOsc",)
    lines: Any = ("aroonosc",)

    def __init__(self) -> None:
        super().__init__()
        self.lines.aroonosc = self.up - self.down

    def _plotinit(self) -> None:
        super()._plotinit()
        self.plotinfo.plotyhlines = [
            *self.plotinfo.plotyhlines,
            *(-y for y in self.plotinfo.plotyhlines if y),
        ]


class AroonUpDownOscillator(AroonUpDown, AroonOscillator):
    """Both lines and their difference."""

    alias: Any = ("AroonUpDownOsc",)


__all__ = ["AroonDown", "AroonOscillator", "AroonUp", "AroonUpDown", "AroonUpDownOscillator"]
