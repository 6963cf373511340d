"""Acceleration and deceleration of the awesome oscillator."""

from __future__ import annotations

from typing import Any

from .awesomeoscillator import AwesomeOscillator
from .base import Indicator
from .mabase import MovAv


class AccelerationDecelerationOscillator(Indicator):
    """The distance of the awesome oscillator from its average."""

    alias: Any = ("AccDeOsc",)
    lines: Any = ("accde",)
    params: Any = (("period", 5), ("movav", MovAv.SMA))
    plotlines: Any = dict(accde=dict(_method="bar", alpha=0.50, width=1.0))

    def __init__(self) -> None:
        oscillator = AwesomeOscillator(self.data)
        self.lines.accde = oscillator - self.p.movav(oscillator, period=self.p.period)
        super().__init__()


__all__ = ["AccelerationDecelerationOscillator"]
