"""Indicators written by users out of the built-in ones, and over several timeframes."""

from __future__ import annotations

from typing import Any

import backtrader as bt

from ..data import daily, every, minutes, weekly
from ..feeds import intraday
from ..registry import scenario
from ..stage import Stage

ind = bt.indicators


class Spread(ind.OperationN):
    """A function over a window."""

    lines = ("spread",)
    params = (("period", 4),)

    def func(self, values: Any) -> float:
        return max(values) - min(values)


class Span(ind.PeriodN):
    """A period of the base class, next and once."""

    lines = ("span",)
    params = (("period", 3),)

    def next(self) -> None:
        self.lines.span[0] = self.data[0] - self.data[1 - self.p.period]

    def once(self, start: int, end: int) -> None:
        source, target, back = self.data.array, self.lines.span.array, self.p.period - 1
        for i in range(start, end):
            target[i] = source[i] - source[i - back]


class MiddleAverage(bt.ind.MovingAverageBase):
    """An average of one's own, which registers itself."""

    alias = ("MidAv",)
    lines = ("mid",)
    params = (("weight", 0.5),)

    def __init__(self) -> None:
        top, bottom = ind.Highest(period=self.p.period), ind.Lowest(period=self.p.period)
        self.lines.mid = top * self.p.weight + bottom * (1.0 - self.p.weight)
        super().__init__()


class MiddleEnvelope(MiddleAverage, ind.EnvelopeMixIn):
    """The envelope of that."""

    lines = ("top", "bot")
    params = (("perc", 4.0),)


class MiddleOscillator(MiddleAverage, ind.OscillatorMixIn):
    """The oscillator of that."""


class ShiftedBands(ind.BollingerBands):
    """A built-in with a line more and other defaults."""

    lines = ("width",)
    params = (("period", 6), ("shift", 2))

    def __init__(self) -> None:
        super().__init__()
        self.lines.width = (self.lines.top - self.lines.bot)(-self.p.shift)


class CountingAverage(ind.SMA):
    """A built-in whose values are changed bar by bar."""

    lines = ("count",)
    params = (("period", 4),)

    def __init__(self) -> None:
        super().__init__()
        self.seen = 0

    def next(self) -> None:
        super().next()
        self.seen += 1
        self.lines.count[0] = self.seen


def _strategy(*makers: Any) -> Any:
    class Watching(bt.Strategy):
        def __init__(self) -> None:
            self.all = [make(self) for make in makers]

    return Watching


@scenario()
def own_from_parts(s: Stage) -> Any:
    """Subclasses of PeriodN, OperationN and of indicators."""
    return s.simple(
        _strategy(
            lambda t: Spread(), lambda t: Spread(t.data.high, period=7), lambda t: ind.SMA(Spread(), period=3),
            lambda t: Span(), lambda t: Span(t.data.low, period=6), lambda t: Span(ind.EMA(period=3)),
            lambda t: ShiftedBands(), lambda t: ShiftedBands(t.data.open, period=4, shift=1, devfactor=1.0),
            lambda t: ind.ApplyN(t.data.close, period=3, func=lambda values: sum(values) / 2.0),
        ),
        s.feed(daily(50, 172), "d0"),
    )  # fmt: skip


@scenario()
def own_average(s: Stage) -> Any:
    """An average of one's own as a parameter of built-ins, with envelope and oscillator."""

    def registered(t: Any) -> Any:
        s.note("registered", [hasattr(ind.MovAv, name) for name in ("MiddleAverage", "Middle", "MidAv")])
        return ind.MovAv.MidAv(period=3)  # type: ignore[attr-defined]

    return s.simple(
        _strategy(
            registered, lambda t: MiddleAverage(t.data.high, period=5, weight=0.25),
            lambda t: ind.MACD(period_me1=2, period_me2=5, period_signal=3, movav=MiddleAverage),
            lambda t: ind.RSI_Safe(period=4, movav=MiddleAverage), lambda t: ind.ATR(period=4, movav=MiddleAverage),
            lambda t: ind.BollingerBands(period=5, movav=MiddleAverage), lambda t: MiddleEnvelope(period=4),
            lambda t: MiddleEnvelope(t.data.low, period=3, perc=1.0), lambda t: MiddleOscillator(period=4),
        ),
        s.feed(daily(50, 173), "d0"),
    )  # fmt: skip


@scenario(skip={"quiet": "nothing to compare with"}, like={"default": "runonce=False"})
def own_next_in_subclass(s: Stage) -> Any:
    """next added to a built-in: in batch mode the original goes on with the built-in's own once."""
    return s.simple(_strategy(lambda t: CountingAverage(), lambda t: CountingAverage(t.data.high, period=2)),
                    s.feed(daily(20, 174), "d0"))  # fmt: skip


class TwoPaces(bt.Indicator):
    """Reads a fast and a slow feed bar by bar."""

    _mindatas = 2
    lines = ("ratio", "slow")

    def __init__(self) -> None:
        self.mean = ind.SMA(self.data1, period=2)

    def next(self) -> None:
        if len(self.data1):
            self.lines.slow[0] = self.data1.close[0]
        if len(self.data1) > 1:
            self.lines.ratio[0] = self.data0.close[0] / self.mean[0]


class Levels(bt.Indicator):
    """Operators only, over one feed."""

    lines = ("upper", "lower")

    def __init__(self) -> None:
        step = ind.ATR(period=2) * 0.5
        self.lines.upper = self.data.close + step
        self.lines.lower = self.data.close - step


@scenario(like={"exactbars=1": "exactbars=-1"})
def own_on_slow_feed(s: Stage) -> Any:
    """Indicators of one's own on daily and on weekly bars, next to each other."""
    rows = daily(70, 175)
    return s.simple(
        _strategy(
            lambda t: Levels(), lambda t: Levels(t.data1), lambda t: Spread(t.data1, period=3), lambda t: Span(t.data1),
            lambda t: ShiftedBands(t.data1, period=3), lambda t: MiddleAverage(t.data1, period=2),
        ),
        s.feed(rows, "days"), s.feed(weekly(rows), "weeks", timeframe=bt.TimeFrame.Weeks),
    )  # fmt: skip


@scenario(
    skip={"batch": "the original steps an indicator of two feeds by bar number there"},
    like={"exactbars=1": "exactbars=-1"},
    crash={"exactbars=1": "ValueError"},
)
def own_two_timeframes(s: Stage) -> Any:
    """An indicator of one's own that reads two timeframes."""
    rows = minutes(60)
    return s.simple(
        _strategy(lambda t: TwoPaces(t.data0, t.data1)),
        s.feed(rows, "d0", **intraday()), s.feed(every(rows, 5), "d1", **intraday(5)),
    )  # fmt: skip


class PivotUser(bt.Strategy):
    """Weekly pivots on daily bars, coupled."""

    def __init__(self) -> None:
        self.pivot = ind.PivotPoint(self.data1)
        self.levels = ind.FibonacciPivotPoint(self.data1, _autoplot=False)
        self.p1, self.s1 = self.pivot.lines.p(), self.levels.s1()
        self.log: list[Any] = []

    def next(self) -> None:
        self.log.append([self.pivot.lines.p[0], self.levels.r3[0], self.p1[0], self.s1[0]])
        if not self.position and self.data.close[0] > self.p1[0]:
            self.buy()
        elif self.position and self.data.close[0] < self.s1[0]:
            self.close()


@scenario(
    skip={"batch": "coupled lines are NaN in the original's batch mode"},
    like={
        "runonce=False": "runonce=False", "preload=False": "preload=False", "exactbars=1": "exactbars=-1",
        "exactbars=-1": "exactbars=-1", "exactbars=-2": "exactbars=-1",
    },
    crash={"exactbars=1": "IndexError"},
)  # fmt: skip
def weekly_pivots(s: Stage) -> Any:
    """Pivot points of weeks, used on days."""
    rows = daily(70, 176)
    return s.simple(
        PivotUser, s.feed(rows, "days"), s.feed(weekly(rows), "weeks", timeframe=bt.TimeFrame.Weeks)
    )
