"""Change in per cent, as a fraction."""

from __future__ import annotations

from typing import Any

from .base import Indicator


class PercentChange(Indicator):
    """The change within ``period`` bars: 0.01 is one per cent."""

    alias: Any = ("PctChange",)
    lines: Any = ("pctchange",)
    params: Any = (("period", 30),)
    plotlines: Any = dict(pctchange=dict(_name="%change"))

    def __init__(self) -> None:
        self.lines.pctchange = self.data / self.data(-self.p.period) - 1.0
        super().__init__()


__all__ = ["PercentChange"]
