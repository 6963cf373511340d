"""Oscillators: how far data is from an indicator made of it, and one for each moving average."""

from __future__ import annotations

import sys
from typing import Any

from ..lines.line import LineBuffer
from .base import Indicator
from .mabase import MovingAverage


class OscillatorMixIn(Indicator):
    """Put behind a moving average among the bases, it turns the average into the distance from it."""

    plotlines: Any = dict(_0=dict(_name="osc"))

    def __init__(self) -> None:
        # the line shows the average already; from now on it shows the distance from that and nothing else
        line, average = self.lines[0], self.lines[0]._source
        if isinstance(average, LineBuffer):
            average.bindings.remove(line)
        else:
            average = line
        distance = self.data - average
        distance.updateminperiod(line._minperiod)
        self.lines[0] = distance
        super().__init__()

    def _plotinit(self) -> None:
        self.plotlines._0._name = f"{self.lines._getlinealias(0)}_osc"


class Oscillator(Indicator):
    """The distance from an indicator: ``Oscillator(indicator)`` or ``Oscillator(data, indicator)``."""

    lines: Any = ("osc",)
    plotlines: Any = dict(_0=dict(_name="osc"))

    def __init__(self) -> None:
        if len(self.datas) > 1:
            source, self.dataosc = self.data, self.data1
        else:
            source, self.dataosc = self.data.data, self.data
        self.lines[0] = source - self.dataosc
        super().__init__()

    def _plotinit(self) -> None:
        self.plotlines._0._name = f"{self.dataosc.lines._getlinealias(0)}_osc"


def _make(movav: Any) -> Any:
    """The oscillator of a moving average, with the other names of that."""
    name = movav.__name__
    other = [alias if isinstance(alias, str) else alias[0] for alias in movav.alias]
    names = [stem + suffix for stem in (name, *other) for suffix in ("Oscillator", "Osc")]
    space = {
        "__module__": __name__,
        "__doc__": f"How far data is from its `{name}`.",
        "alias": names[1:],
        "_notregister": True,
    }
    return type(movav)(names[0], (movav, OscillatorMixIn), space)


for _movav in MovingAverage._movavs[1:]:
    if "_aliased" not in vars(_movav):
        _made = _make(_movav)
        setattr(sys.modules[__name__], _made.__name__, _made)

__all__ = ["Oscillator", "OscillatorMixIn"]
