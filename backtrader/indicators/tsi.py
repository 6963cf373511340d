"""The true strength indicator."""

from __future__ import annotations

from typing import Any

from .base import Indicator
from .mabase import MovAv


class TrueStrengthIndicator(Indicator):
    """The doubly averaged change as a part of the doubly averaged size of changes, in per cent."""

    alias: Any = ("TSI",)
    lines: Any = ("tsi",)
    params: Any = (("period1", 25), ("period2", 13), ("pchange", 1), ("_movav", MovAv.EMA))

    def __init__(self) -> None:
        change = self.data - self.data(-self.p.pchange)
        self.lines.tsi = 100.0 * (self._smooth(change) / self._smooth(abs(change)))
        super().__init__()

    def _smooth(self, line: Any) -> Any:
        return self.p._movav(self.p._movav(line, period=self.p.period1), period=self.p.period2)


__all__ = ["TrueStrengthIndicator"]
