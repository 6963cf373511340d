"""How far a line has moved within a number of bars."""

from __future__ import annotations

from typing import Any

from .base import Indicator


class Momentum(Indicator):
    """The difference to the value ``period`` bars ago."""

    lines: Any = ("momentum",)
    params: Any = (("period", 12),)
    plotinfo: Any = dict(plothlines=[0.0])

    def __init__(self) -> None:
        self.lines.momentum = self.data - self.data(-self.p.period)
        super().__init__()


class MomentumOscillator(Indicator):
    """The ratio to the value ``period`` bars ago, 100 meaning no change."""

    alias: Any = ("MomentumOsc",)
    lines: Any = ("momosc",)
    params: Any = (("period", 12), ("band", 100.0))

    def __init__(self) -> None:
        self.lines.momosc = 100.0 * (self.data / self.data(-self.p.period))
        super().__init__()

    def _plotlabel(self) -> Any:
        return [self.p.period]

    def _plotinit(self) -> None:
        self.plotinfo.plothlines = [self.p.band]


class RateOfChange(Indicator):
    """The change within ``period`` bars as a part of the value then: 0.01 is one per cent."""

    alias: Any = ("ROC",)
    lines: Any = ("roc",)
    params: Any = (("period", 12),)

    def __init__(self) -> None:
        before = self.data(-self.p.period)
        self.lines.roc = (self.data - before) / before
        super().__init__()


class RateOfChange100(Indicator):
    """The change within ``period`` bars in per cent."""

    alias: Any = ("ROC100",)
    lines: Any = ("roc100",)
    params: Any = (("period", 12),)

    def __init__(self) -> None:
        self.lines.roc100 = 100.0 * RateOfChange(self.data, period=self.p.period)
        super().__init__()


__all__ = ["Momentum", "MomentumOscillator", "RateOfChange", "RateOfChange100"]
