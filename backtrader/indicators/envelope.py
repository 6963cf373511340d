"""Envelopes: lines some per cent above and below another, and one for each moving average."""

from __future__ import annotations

import sys
from typing import Any

from .base import Indicator
from .mabase import MovingAverage


class EnvelopeMixIn:
    """Put behind an indicator among the bases, it adds lines ``perc`` per cent above and below the first."""

    lines: Any = ("top", "bot")
    params: Any = (("perc", 2.5),)
    plotlines: Any = dict(top=dict(_samecolor=True), bot=dict(_samecolor=True))
    p: Any

    def __init__(self) -> None:
        part = self.p.perc / 100.0
        self.lines.top = self.lines[0] * (1.0 + part)
        self.lines.bot = self.lines[0] * (1.0 - part)
        super().__init__()


class _EnvelopeBase(Indicator):
    """The data as a line of its own, not drawn a second time."""

    lines: Any = ("src",)
    plotinfo: Any = dict(subplot=False)
    plotlines: Any = dict(src=dict(_plotskip=True))

    def __init__(self) -> None:
        self.lines.src = self.data
        super().__init__()


class Envelope(_EnvelopeBase, EnvelopeMixIn):
    """The data and lines ``perc`` per cent above and below it."""

    lines: Any = EnvelopeMixIn.lines
    plotlines: Any = EnvelopeMixIn.plotlines


def _make(movav: Any) -> Any:
    """The envelope of a moving average, with the other names of that."""
    name = movav.__name__
    other = [alias if isinstance(alias, str) else alias[0] for alias in movav.alias]
    space = {
        "__module__": __name__,
        "__doc__": f"`{name}` and lines ``perc`` per cent above and below it.",
        "lines": EnvelopeMixIn.lines,
        "plotlines": EnvelopeMixIn.plotlines,
        "alias": [f"{stem}Envelope" for stem in other],
        "_notregister": True,
    }
    return type(movav)(f"{name}Envelope", (movav, EnvelopeMixIn), space)


for _movav in MovingAverage._movavs[1:]:
    if "_aliased" not in vars(_movav):
        _made = _make(_movav)
        setattr(sys.modules[__name__], _made.__name__, _made)

__all__ = ["Envelope", "EnvelopeMixIn"]
