"""Pivot points: levels of support and resistance from the bar before, usually a longer one."""

from __future__ import annotations

from functools import partial
from typing import Any

from ..lines.kernels.jit import Array, Buffer, Kernel, Span
from ..lines.operations import Computed
from .base import Indicator

# One kernel a level instead of an operation for each sign in its formula: these lines are read by charts
# and strategies as they are, and moving numbers about would take most of the time.


def _third_span(high: Array, low: Array, close: Array, out: Array) -> None:
    for i in range(len(out)):
        out[i] = (high[i] + low[i] + close[i]) / 3.0


@partial(Kernel, cost=90.0, span=Span(_third_span))
def typical_price(high: Buffer, low: Buffer, close: Buffer, out: Buffer, start: int, stop: int) -> None:
    """(high + low + close) / 3."""
    for i in range(start, stop):
        out[i] = (high[i] + low[i] + close[i]) / 3.0


def _opposite_span(pivot: Array, price: Array, out: Array, factor: float) -> None:
    for i in range(len(out)):
        out[i] = factor * pivot[i] - price[i]


@partial(Kernel, cost=80.0, span=Span(_opposite_span))
def opposite(pivot: Buffer, price: Buffer, out: Buffer, factor: float, start: int, stop: int) -> None:
    """factor * pivot - price."""
    for i in range(start, stop):
        out[i] = factor * pivot[i] - price[i]


def _level_span(pivot: Array, high: Array, low: Array, out: Array, factor: float) -> None:
    for i in range(len(out)):
        out[i] = pivot[i] + factor * (high[i] - low[i])


@partial(Kernel, cost=90.0, span=Span(_level_span))
def level(
    pivot: Buffer, high: Buffer, low: Buffer, out: Buffer, factor: float, start: int, stop: int
) -> None:
    """pivot + factor * (high - low)."""
    for i in range(start, stop):
        out[i] = pivot[i] + factor * (high[i] - low[i])


def _demark_span(opened: Array, high: Array, low: Array, close: Array, out: Array) -> None:
    for i in range(len(out)):
        low_twice = high[i] + 2.0 * low[i] + close[i]
        high_twice = 2.0 * high[i] + low[i] + close[i]
        close_twice = high[i] + low[i] + 2.0 * close[i]
        rest = close_twice if close[i] > opened[i] else high_twice
        out[i] = low_twice if close[i] < opened[i] else rest


@partial(Kernel, cost=130.0, span=Span(_demark_span))
def demark_total(
    opened: Buffer, high: Buffer, low: Buffer, close: Buffer, out: Buffer, start: int, stop: int
) -> None:
    """High, low and close, one of them twice: the low of a bar that fell, the close of one that rose.

    compat: Demark counts the high twice when prices rose; here that is done when they did not move.
    """
    for i in range(start, stop):
        top = high[i]
        bottom = low[i]
        last = close[i]
        if last < opened[i]:
            out[i] = top + 2.0 * bottom + last
        elif last > opened[i]:
            out[i] = top + bottom + 2.0 * last
        else:
            out[i] = 2.0 * top + bottom + last


class _PivotBase(Indicator):
    """What pivot points have in common: they belong into the chart of the data they will be used on.

    The pivot is the mean of high, low and close, with ``close`` the close counted twice, with
    ``open`` the open counted too.
    """

    params: Any = (("open", False), ("close", False), ("_autoplot", True))
    plotinfo: Any = dict(subplot=False)

    def _pivot(self) -> Any:
        data = self.data
        if self.p.close:
            return (data.high + data.low + 2.0 * data.close) / 4.0
        if self.p.open:
            return (data.high + data.low + data.close + data.open) / 4.0
        return Computed(typical_price, (data.high, data.low, data.close))

    def _plotinit(self) -> None:
        if self.p._autoplot and hasattr(self.data, "data"):
            self.plotinfo.plotmaster = self.data.data


class PivotPoint(_PivotBase):
    """The pivot and two levels on each side of it."""

    lines: Any = ("p", "s1", "s2", "r1", "r2")

    def __init__(self) -> None:
        high, low = self.data.high, self.data.low
        self.lines.p = pivot = self._pivot()
        self.lines.s1 = Computed(opposite, (pivot, high), (2.0,))
        self.lines.r1 = Computed(opposite, (pivot, low), (2.0,))
        self.lines.s2 = Computed(level, (pivot, high, low), (-1.0,))
        self.lines.r2 = Computed(level, (pivot, high, low), (1.0,))
        super().__init__()


class FibonacciPivotPoint(_PivotBase):
    """The pivot and three levels on each side at parts of the range of the bar."""

    lines: Any = ("p", "s1", "s2", "s3", "r1", "r2", "r3")
    params: Any = (("level1", 0.382), ("level2", 0.618), ("level3", 1.0))

    def __init__(self) -> None:
        p, lines = self.p, self.lines
        lines.p = pivot = self._pivot()
        prices = (pivot, self.data.high, self.data.low)
        for number, part in enumerate((p.level1, p.level2, p.level3), 1):
            setattr(lines, f"s{number}", Computed(level, prices, (-part,)))
            setattr(lines, f"r{number}", Computed(level, prices, (part,)))
        super().__init__()


class DemarkPivotPoint(_PivotBase):
    """One level on each side; the direction of the bar decides which price counts twice."""

    lines: Any = ("p", "s1", "r1")
    params: Any = (("level1", 0.382), ("level2", 0.618), ("level3", 1.0))

    def __init__(self) -> None:
        data = self.data
        total = Computed(demark_total, (data.open, data.high, data.low, data.close))
        self.lines.p = total / 4.0
        self.lines.s1 = Computed(opposite, (total, data.high), (0.5,))
        self.lines.r1 = Computed(opposite, (total, data.low), (0.5,))
        super().__init__()


__all__ = ["DemarkPivotPoint", "FibonacciPivotPoint", "PivotPoint"]
