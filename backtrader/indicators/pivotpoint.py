"""Pivot points: levels of support and resistance from the bar before, usually a longer one."""

from __future__ import annotations

from typing import Any

from ..lines.functions import CmpEx
from .base import Indicator


class _PivotBase(Indicator):
    """What pivot points have in common: they belong into the chart of the data they will be used on.

    The pivot is the mean of high, low and close, with ``close`` the close counted twice, with
    ``open`` the open counted too.
    """

    params: Any = (("open", False), ("close", False), ("_autoplot", True))
    plotinfo: Any = dict(subplot=False)

    def _pivot(self) -> Any:
        data = self.data
        total = data.high + data.low + data.close
        if self.p.close:
            return (data.high + data.low + 2.0 * data.close) / 4.0
        if self.p.open:
            return (total + data.open) / 4.0
        return total / 3.0

    def _plotinit(self) -> None:
        if self.p._autoplot and hasattr(self.data, "data"):
            self.plotinfo.plotmaster = self.data.data


class PivotPoint(_PivotBase):
    """The pivot and two levels on each side of it."""

    lines: Any = ("p", "s1", "s2", "r1", "r2")

    def __init__(self) -> None:
        high, low = self.data.high, self.data.low
        self.lines.p = pivot = self._pivot()
        self.lines.s1 = 2.0 * pivot - high
        self.lines.r1 = 2.0 * pivot - low
        span = high - low
        self.lines.s2 = pivot - span
        self.lines.r2 = pivot + span
        super().__init__()


class FibonacciPivotPoint(_PivotBase):
    """The pivot and three levels on each side at parts of the range of the bar."""

    lines: Any = ("p", "s1", "s2", "s3", "r1", "r2", "r3")
    params: Any = (("level1", 0.382), ("level2", 0.618), ("level3", 1.0))

    def __init__(self) -> None:
        p, lines = self.p, self.lines
        lines.p = pivot = self._pivot()
        span = self.data.high - self.data.low
        for number, level in enumerate((p.level1, p.level2, p.level3), 1):
            setattr(lines, f"s{number}", pivot - level * span)
            setattr(lines, f"r{number}", pivot + level * span)
        super().__init__()


class DemarkPivotPoint(_PivotBase):
    """One level on each side; the direction of the bar decides which price counts twice."""

    lines: Any = ("p", "s1", "r1")
    params: Any = (("level1", 0.382), ("level2", 0.618), ("level3", 1.0))

    def __init__(self) -> None:
        data = self.data
        low_twice = data.high + 2.0 * data.low + data.close
        high_twice = 2.0 * data.high + data.low + data.close
        close_twice = data.high + data.low + 2.0 * data.close
        # compat: Demark counts the high twice when prices rose; here that is done when they did not move
        total = CmpEx(data.close, data.open, low_twice, high_twice, close_twice)
        self.lines.p = total / 4.0
        self.lines.s1 = total / 2.0 - data.high
        self.lines.r1 = total / 2.0 - data.low
        super().__init__()


__all__ = ["DemarkPivotPoint", "FibonacciPivotPoint", "PivotPoint"]
