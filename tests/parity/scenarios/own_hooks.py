"""Indicators written by users that override the steps of a run in unusual combinations."""

from __future__ import annotations

from typing import Any

import backtrader as bt

from ..data import daily
from ..registry import scenario
from ..stage import Stage


class AllHooks(bt.Indicator):
    """Every hook there is, in both forms."""

    lines = ("phase", "total")
    params = (("period", 4),)

    def __init__(self) -> None:
        self.addminperiod(self.p.period)

    def prenext(self) -> None:
        self.lines.phase[0] = 1.0

    def nextstart(self) -> None:
        self.lines.phase[0] = 2.0
        self.lines.total[0] = sum(self.data.get(size=self.p.period))

    def next(self) -> None:
        self.lines.phase[0] = 3.0
        self.lines.total[0] = self.lines.total[-1] + self.data[0]

    def preonce(self, start: int, end: int) -> None:
        for i in range(start, end):
            self.lines.phase.array[i] = 1.0

    def oncestart(self, start: int, end: int) -> None:
        for i in range(start, end):
            self.lines.phase.array[i] = 2.0
            self.lines.total.array[i] = sum(self.data.array[i - self.p.period + 1 : i + 1])

    def once(self, start: int, end: int) -> None:
        phase, total, source = self.lines.phase.array, self.lines.total.array, self.data.array
        for i in range(start, end):
            phase[i] = 3.0
            total[i] = total[i - 1] + source[i]


class StartOnly(bt.Indicator):
    """nextstart beside next, and once for all."""

    lines = ("value",)

    def __init__(self) -> None:
        self.addminperiod(3)

    def nextstart(self) -> None:
        self.lines.value[0] = self.data[0] + self.data[-2]

    def next(self) -> None:
        self.lines.value[0] = self.data[0] + self.data[-2]

    def once(self, start: int, end: int) -> None:
        source, target = self.data.array, self.lines.value.array
        for i in range(start, end):
            target[i] = source[i] + source[i - 2]


class UnevenLines(bt.Indicator):
    """Lines with periods of their own."""

    lines = ("early", "late", "both")

    def __init__(self) -> None:
        self.lines.early = self.data - self.data(-1)
        self.lines.late = bt.ind.SMA(self.data, period=6) - self.data(-9)
        self.lines.both = self.lines.early * self.lines.late

    def prenext(self) -> None:
        """Nothing to do, and said so."""


class PeriodByLine(bt.Indicator):
    """The period is set on the line and raised bar by bar."""

    lines = ("out",)

    def __init__(self) -> None:
        self.lines.out.addminperiod(4)
        self.lines.out.incminperiod(2)

    def next(self) -> None:
        self.lines.out[0] = self.data[0] - self.data[-5]


class NextCallsPrenext(bt.Indicator):
    """prenext does what next does, as far as there are bars."""

    lines = ("highest", "bars")
    params = (("period", 5),)

    def __init__(self) -> None:
        self.addminperiod(self.p.period)

    def prenext(self) -> None:
        self.next()

    def next(self) -> None:
        size = min(len(self.data), self.p.period)
        self.lines.highest[0] = max(self.data.get(size=size))
        self.lines.bars[0] = size


def _strategy(*makers: Any) -> Any:
    class Watching(bt.Strategy):
        def __init__(self) -> None:
            self.all = [make(self) for make in makers]

    return Watching


@scenario()
def own_all_hooks(s: Stage) -> Any:
    """prenext, nextstart, next, preonce, oncestart and once in one class, and on each other."""
    return s.simple(
        _strategy(
            lambda t: AllHooks(), lambda t: AllHooks(t.data.high, period=7), lambda t: bt.ind.SMA(AllHooks().total, period=2),
            lambda t: AllHooks(bt.ind.EMA(period=3), period=2), lambda t: AllHooks(AllHooks(period=2).total, period=3),
        ),
        s.feed(daily(30, 180), "d0"),
    )  # fmt: skip


@scenario()
def own_some_hooks(s: Stage) -> Any:
    """Some hooks without the others."""
    return s.simple(
        _strategy(
            lambda t: StartOnly(), lambda t: StartOnly(StartOnly()), lambda t: PeriodByLine(),
            lambda t: bt.ind.EMA(PeriodByLine(t.data.low), period=3), lambda t: NextCallsPrenext(),
            lambda t: NextCallsPrenext(t.data.low, period=9),
        ),
        s.feed(daily(30, 181), "d0"),
    )  # fmt: skip


@scenario()
def own_uneven_lines(s: Stage) -> Any:
    """Lines that start at different bars, as data of others."""
    return s.simple(
        _strategy(
            lambda t: UnevenLines(), lambda t: bt.ind.SMA(UnevenLines(), period=3), lambda t: UnevenLines().early(-2),
            lambda t: bt.ind.RSI_Safe(UnevenLines(), period=3), lambda t: bt.ind.UpDay(UnevenLines(), period=4),
            lambda t: UnevenLines(UnevenLines()), lambda t: bt.ind.StdDev(UnevenLines(), period=2), lambda t: bt.ind.CrossOver(UnevenLines(), UnevenLines().both), lambda t: bt.ind.StdDev(UnevenLines(), UnevenLines().early, period=2),lambda t: StartOnly(UnevenLines()),
        ),
        s.feed(daily(60, 182), "d0"),
    )  # fmt: skip
