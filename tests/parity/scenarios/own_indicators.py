"""Indicators written by users, in every style there is."""

from __future__ import annotations

from typing import Any

import backtrader as bt

from ..data import daily
from ..registry import scenario
from ..stage import Stage


class Typical(bt.Indicator):
    """Operators only."""

    lines = ("typical", "spread")
    params = (("weight", 2.0),)

    def __init__(self) -> None:
        d = self.data
        self.lines.typical = (d.high + d.low + self.p.weight * d.close) / (2.0 + self.p.weight)
        self.lines.spread = bt.Max(d.high - d.low, abs(d.close - d.open)) + 0.5


class Stepper(bt.Indicator):
    """next only, with a period."""

    lines = ("median",)
    params = (("period", 5),)

    def __init__(self) -> None:
        self.addminperiod(self.p.period)

    def next(self) -> None:
        self.lines.median[0] = sorted(self.data.get(size=self.p.period))[self.p.period // 2]


class Both(bt.Indicator):
    """next and once, the classic pair."""

    lines = ("mid",)
    params = (("period", 4),)

    def __init__(self) -> None:
        self.addminperiod(self.p.period)

    def next(self) -> None:
        window = self.data.get(size=self.p.period)
        self.line[0] = (max(window) + min(window)) / 2.0

    def once(self, start: int, end: int) -> None:
        source, target, period = self.data.array, self.line.array, self.p.period
        for i in range(start, end):
            window = source[i - period + 1 : i + 1]
            target[i] = (max(window) + min(window)) / 2.0


class Recursive(bt.Indicator):
    """A recurrence with nextstart and oncestart."""

    lines = ("value",)
    params = (("period", 6), ("alpha", 0.2))

    def __init__(self) -> None:
        self.addminperiod(self.p.period)
        super().__init__()

    def nextstart(self) -> None:
        self.line[0] = sum(self.data.get(size=self.p.period)) / self.p.period

    def next(self) -> None:
        self.line[0] = self.line[-1] + self.p.alpha * (self.data[0] - self.line[-1])

    def oncestart(self, start: int, end: int) -> None:
        source, target = self.data.array, self.line.array
        for i in range(start, end):
            target[i] = sum(source[i - self.p.period + 1 : i + 1]) / self.p.period

    def once(self, start: int, end: int) -> None:
        source, target = self.data.array, self.line.array
        for i in range(start, end):
            target[i] = target[i - 1] + self.p.alpha * (source[i] - target[i - 1])


class Seeded(bt.Indicator):
    """nextstart and prenext only beside next: no vectorised part."""

    lines = ("count", "sum")

    def __init__(self) -> None:
        self.addminperiod(3)

    def prenext(self) -> None:
        self.lines.count[0] = -len(self)

    def nextstart(self) -> None:
        self.lines.count[0] = 0.0
        self.lines.sum[0] = self.data[0]

    def next(self) -> None:
        self.lines.count[0] = self.lines.count[-1] + 1
        self.lines.sum[0] = self.lines.sum[-1] + self.data[0]


class WithParts(bt.Indicator):
    """Sub-indicators, bound and read by hand."""

    lines = ("osc", "smooth", "signal")
    params = (("fast", 3), ("slow", 8), ("movav", bt.ind.MovAv.EMA))

    def __init__(self) -> None:
        fast = self.p.movav(self.data, period=self.p.fast)
        slow = self.p.movav(self.data, period=self.p.slow)
        self.own = Stepper(self.data, period=3)
        self.lines.osc = fast - slow
        self.lines.smooth = bt.ind.SMA(self.lines.osc, period=4)

    def next(self) -> None:
        self.lines.signal[0] = self.lines.osc[0] - self.lines.smooth[0] + self.own[0]


class Child(WithParts):
    """Inherits lines and params, adds and changes some."""

    lines = ("extra",)
    params = (("fast", 2), ("more", 10.0))

    def __init__(self) -> None:
        super().__init__()
        self.lines.extra = self.lines.osc * self.p.more


class Aliased(bt.Indicator):
    """Names, aliases, line aliases, plot settings."""

    alias = ("AliasOne", ("AliasTwo", "Second"))
    lines = ("first", "second")
    linealias = (("first", "primary"), ("second", "secondary"))
    params = (("n", 1),)
    plotinfo = {"subplot": True, "plotyhlines": [1.0]}
    plotlines = {"first": {"color": "red"}, "second": {"_name": "two"}}

    def __init__(self) -> None:
        self.lines.first = self.data - self.data(-self.p.n)
        self.lines.second = self.data.high - self.data.low

    def _plotlabel(self) -> list[Any]:
        return [self.p.n]


class TwoSources(bt.Indicator):
    """Takes exactly two data arguments."""

    _mindatas = 2
    lines = ("diff",)

    def __init__(self) -> None:
        self.lines.diff = self.data0 - self.data1


class Stateful(bt.Indicator):
    """Keeps Python state between calls."""

    lines = ("state",)

    def __init__(self) -> None:
        self.level = 0

    def next(self) -> None:
        self.level += 1 if self.data.close[0] > self.data.open[0] else -1
        self.lines.state[0] = self.level


class ForcedNext(bt.Indicator):
    """Asks for stepping in the whole run."""

    _nextforce = True
    lines = ("out",)

    def next(self) -> None:
        self.lines.out[0] = self.data[0] * 2


def _strategy(*makers: Any) -> Any:
    class Watching(bt.Strategy):
        def __init__(self) -> None:
            self.all = [make(self) for make in makers]

    return Watching


@scenario()
def own_operators(s: Stage) -> Any:
    """Operators in __init__."""
    return s.simple(_strategy(lambda t: Typical(), lambda t: Typical(t.data, weight=0.5), lambda t: Typical(weight=1.0).spread + 1),
                    s.feed(daily(30, 160), "d0"))  # fmt: skip


@scenario()
def own_next(s: Stage) -> Any:
    """Only next: stepped also when the rest is computed in advance."""
    return s.simple(
        _strategy(
            lambda t: Stepper(), lambda t: Stepper(t.data.high, period=3), lambda t: bt.ind.SMA(Stepper(), period=3),
            lambda t: Stepper(Stepper(period=3), period=4), lambda t: Stepper(t.data.close - t.data.open),
            lambda t: Stepper(t.data.low(-2), period=3),
        ),
        s.feed(daily(40, 161), "d0"),
    )  # fmt: skip


class AroundStepper(bt.Indicator):
    """Stepping around stepping around a vectorised indicator."""

    lines = ("out",)

    def __init__(self) -> None:
        self.inner = Stepper(bt.ind.SMA(period=2), period=3)

    def next(self) -> None:
        self.lines.out[0] = self.inner[0]


@scenario(crash={"batch": "IndexError"}, like={"default": "runonce=False"})
def own_next_over_indicators(s: Stage) -> Any:
    """Only next, over a vectorised indicator: the original does not set its position back in batch mode."""
    return s.simple(
        _strategy(lambda t: Stepper(bt.ind.SMA(period=3), period=3), lambda t: AroundStepper()),
        s.feed(daily(40, 161), "d0"),
    )


@scenario(skip={"quiet": "nothing to compare with"}, like={"default": "runonce=False"})
def own_prenext_over_indicators(s: Stage) -> Any:
    """prenext and nextstart over a vectorised indicator: all NaN in the original's batch mode."""
    return s.simple(_strategy(lambda t: Seeded(bt.ind.SMA(period=4))), s.feed(daily(30, 164), "d0"))


@scenario()
def own_next_and_once(s: Stage) -> Any:
    """next and once."""
    return s.simple(_strategy(lambda t: Both(), lambda t: Both(bt.ind.EMA(period=3)), lambda t: bt.ind.EMA(Both(period=2), period=3)),
                    s.feed(daily(40, 162), "d0"))  # fmt: skip


@scenario()
def own_recurrence(s: Stage) -> Any:
    """nextstart, oncestart."""
    return s.simple(_strategy(lambda t: Recursive(), lambda t: Recursive(Recursive(period=3), period=2), lambda t: Recursive(alpha=0.9)),
                    s.feed(daily(40, 163), "d0"))  # fmt: skip


@scenario()
def own_prenext(s: Stage) -> Any:
    """prenext and nextstart write values."""
    return s.simple(_strategy(lambda t: Seeded(), lambda t: Seeded(t.data.high), lambda t: Seeded().sum(-1)),
                    s.feed(daily(30, 164), "d0"))  # fmt: skip


@scenario()
def own_parts(s: Stage) -> Any:
    """Sub-indicators, another moving average as parameter, inheritance."""
    return s.simple(_strategy(lambda t: WithParts(), lambda t: WithParts(movav=bt.ind.SMA, slow=5), lambda t: Child(), lambda t: Child(more=2)),
                    s.feed(daily(60, 165), "d0"))  # fmt: skip


@scenario()
def own_aliases(s: Stage) -> Any:
    """alias classes, linealias, two sources, state, constants as data."""

    def note(t: Any) -> Any:
        one = AliasOne(t.data, n=2)  # noqa: F821
        s.note(
            "names",
            [
                type(one).__name__,
                type(one).__mro__[1].__name__,
                one.primary is one.first,
                one.plotinfo.subplot,
            ],
        )
        s.note("second", [AliasTwo.plotinfo.plotname, one.plotinfo.plotyhlines, one.plotlines.first.color])  # noqa: F821
        return one

    return s.simple(
        _strategy(
            note,
            lambda t: TwoSources(t.data.high, t.data.low),
            lambda t: TwoSources(t.data, 50.0),
            lambda t: Stateful(),
        ),
        s.feed(daily(30, 166), "d0"),
    )


@scenario()
def own_forced_stepping(s: Stage) -> Any:
    """_nextforce."""
    return s.simple(
        _strategy(lambda t: ForcedNext(), lambda t: bt.ind.SMA(ForcedNext(), period=3)),
        s.feed(daily(20, 167), "d0"),
    )


class Ratio(bt.Indicator):
    """Two sources, stepped."""

    lines = ("ratio", "mean")
    _mindatas = 2

    def __init__(self) -> None:
        self.addminperiod(4)

    def next(self) -> None:
        one, two = self.data0.get(size=4), self.data1.get(size=4)
        self.lines.ratio[0] = one[-1] / two[-1]
        self.lines.mean[0] = sum(one) / sum(two)


@scenario()
def own_two_feeds(s: Stage) -> Any:
    """A user's indicator over two feeds; several feeds as arguments; default data."""
    return s.simple(
        _strategy(lambda t: Ratio(), lambda t: Ratio(t.data1, t.data0), lambda t: Ratio(t.data0.high, t.data1.low)),
        s.feed(daily(30, 168), "d0"), s.feed(daily(30, 169), "d1"),
    )  # fmt: skip


@scenario(crash={"batch": "IndexError"}, like={"default": "runonce=False"})
def own_same_source_twice(s: Stage) -> Any:
    """One feed given twice to a stepping indicator is moved on twice in the original's batch mode."""
    return s.simple(
        _strategy(lambda t: Ratio(t.data, t.data), lambda t: Ratio(t.data.close, t.data)),
        s.feed(daily(30, 168), "d0"),
    )


@scenario(skip={"exactbars=1": "reads a bar before with one bar of memory"})
def own_line_writes(s: Stage) -> Any:
    """Lines written by a strategy in next and read by others."""

    class Marks(bt.Strategy):
        lines = ("level",)

        def __init__(self) -> None:
            self.log: list[Any] = []

        def next(self) -> None:
            self.lines.level[0] = self.data.close[0] * 1.01
            self.log.append([self.lines.level[0], self.lines.level[-1] if len(self) > 1 else None])

    return s.simple(Marks, s.feed(daily(12, 170), "d0", kind="rows"))


@scenario(differs={"batch": "lines of a strategy bound to operations stay NaN in the original's batch mode"})
def own_strategy_binding(s: Stage) -> Any:
    """A line of the strategy bound to an operation."""

    class Halves(bt.Strategy):
        lines = ("half",)

        def __init__(self) -> None:
            self.lines.half = self.data.close / 2.0
            self.log: list[Any] = []

        def next(self) -> None:
            self.log.append(self.lines.half[0])

    return s.simple(Halves, s.feed(daily(12, 171), "d0", kind="rows"))
