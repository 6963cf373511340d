"""Cerebro: arguments, several strategies, optimisation, stopping, skipping, memory switches."""

from __future__ import annotations

from typing import Any

import backtrader as bt

from ..data import daily
from ..feeds import RowsFeed
from ..registry import scenario
from ..stage import Stage
from .support import InOut


class Cross(bt.Strategy):
    """The moving average strategy of every tutorial."""

    params = (("fast", 5), ("slow", 12), ("flag", "x"))

    def __init__(self) -> None:
        self.cross = bt.ind.CrossOver(bt.ind.SMA(period=self.p.fast), bt.ind.SMA(period=self.p.slow))
        self.log: list[Any] = []

    def next(self) -> None:
        if not self.position and self.cross > 0:
            self.buy(size=10)
        elif self.position and self.cross < 0:
            self.close()

    def stop(self) -> None:
        self.log.append([self.p.fast, self.p.slow, self.p.flag, self.broker.getvalue()])


@scenario()
def quick_start(s: Stage) -> Any:
    """Two moving averages, commission, analyzers: the first script people run."""
    cerebro = s.simple(Cross, s.feed(daily(150, 120), "d0"), cash=20000.0)
    cerebro.broker.setcommission(commission=0.001)
    cerebro.addanalyzer(bt.analyzers.TradeAnalyzer)
    cerebro.addanalyzer(bt.analyzers.DrawDown)
    return cerebro


@scenario()
def cross_500_days(s: Stage) -> Any:
    """The same on more bars, with shorting."""

    class Both(Cross):
        def next(self) -> None:
            if self.cross > 0:
                self.order_target_size(target=10)
            elif self.cross < 0:
                self.order_target_size(target=-10)

    return s.simple(Both, s.feed(daily(500, 121), "d0"), cash=20000.0)


@scenario(crash={"exactbars=1": "ValueError"}, like={"exactbars=1": "exactbars=-1"})
def several_strategies(s: Stage) -> Any:
    """Three strategies with different periods; with exactbars=1 the last one decides on the memory of the original."""
    cerebro = s.cerebro()
    cerebro.adddata(s.feed(daily(60, 122), "d0"))
    for fast, slow in ((3, 8), (5, 20), (2, 4)):
        cerebro.addstrategy(Cross, fast=fast, slow=slow)
    cerebro.addanalyzer(bt.analyzers.SQN)
    return cerebro


@scenario()
def empty_runs(s: Stage) -> None:
    """No feeds, no strategies, an empty feed."""
    s.note("no feeds", s.cerebro().run(**s.mode.run))
    cerebro = s.cerebro()
    cerebro.addstrategy(Cross)
    s.note("no feeds, one strategy", cerebro.run(**s.mode.run))
    cerebro = s.cerebro()
    cerebro.adddata(s.feed(daily(5), "d0"))
    found = cerebro.run(**s.mode.run)
    s.note("no strategy", [[type(one).__name__, len(one), one.broker.getvalue()] for one in found])


@scenario()
def empty_feed(s: Stage) -> Any:
    """A feed without bars next to a full one."""
    return s.simple(InOut, s.feed(daily(8), "d0"), RowsFeed(rows=[], name="none"))


@scenario()
def run_arguments(s: Stage) -> None:
    """Unknown arguments of Cerebro and of run; known ones are set."""
    s.attempt("unknown to Cerebro", lambda: bt.Cerebro(nonsense=1) and None)
    cerebro = s.cerebro()
    cerebro.adddata(s.feed(daily(6), "d0"))
    cerebro.addstrategy(InOut)
    s.run(cerebro, nonsense=3, stdstats=False)
    s.note("params", [cerebro.p.stdstats, cerebro.p.preload])
    s.attempt("unknown strategy argument", lambda: _with(s, nonsense=1))
    s.attempt("unknown indicator argument", lambda: _with_indicator(s))


def _with(s: Stage, **kwargs: Any) -> None:
    s.simple(InOut, s.feed(daily(6), "d0"), **kwargs).run()


def _with_indicator(s: Stage) -> None:
    class Wrong(bt.Strategy):
        def __init__(self) -> None:
            bt.ind.SMA(periods=3)

    s.simple(Wrong, s.feed(daily(6), "d0")).run()


class Skips(Cross):
    """Refuses some combinations."""

    def __init__(self) -> None:
        if self.p.fast >= self.p.slow:
            raise bt.errors.StrategySkipError
        super().__init__()


@scenario()
def skipping(s: Stage) -> None:
    """StrategySkipError drops a strategy; when all are dropped nothing runs."""
    cerebro = s.cerebro()
    cerebro.adddata(s.feed(daily(40, 123), "d0"))
    for fast, slow in ((3, 8), (9, 4), (4, 9)):
        cerebro.addstrategy(Skips, fast=fast, slow=slow)
    s.run(cerebro)
    cerebro = s.simple(Skips, s.feed(daily(40, 123), "d0"), fast=9, slow=2)
    s.note("all skipped", cerebro.run(**s.mode.run))


class Stops(bt.Strategy):
    """Ends the run early."""

    def next(self) -> None:
        if len(self) == 7:
            self.env.runstop()
        self.buy()


@scenario()
def run_stop(s: Stage) -> Any:
    """runstop from next."""
    return s.simple(Stops, s.feed(daily(20, 124), "d0"))


class Fails(bt.Strategy):
    """Raises in the middle."""

    def next(self) -> None:
        if len(self) == 5:
            raise KeyError("boom")


@scenario(crash={"all": "KeyError"})
def exception_in_next(s: Stage) -> Any:
    """A user's exception comes out as it is."""
    return s.simple(Fails, s.feed(daily(20, 124), "d0"))


class Swept(Cross):
    """For optimisation: quiet."""

    def __init__(self) -> None:
        if self.p.fast == self.p.slow:
            raise bt.errors.StrategySkipError
        super().__init__()


def _sweep(s: Stage, maxcpus: int, strategy: Any = Swept, **kwargs: Any) -> list[Any]:
    cerebro = s.plain_cerebro(maxcpus=maxcpus, **kwargs)
    cerebro.adddata(s.feed(daily(80, 125), "d0"))
    cerebro.broker.setcommission(commission=0.001)
    cerebro.optstrategy(strategy, fast=range(3, 6), slow=(5, 9), flag="text")
    cerebro.addanalyzer(bt.analyzers.TradeAnalyzer, _name="trades")
    cerebro.addanalyzer(bt.analyzers.Returns)
    found: list[Any] = s.run(cerebro)
    return found


@scenario()
def optimise_one_process(s: Stage) -> None:
    """optstrategy in this process: last keyword fastest, strings are one value."""
    found = _sweep(s, 1)
    s.note("types", [[type(one).__name__ for one in item] for item in found])


@scenario()
def optimise_two_processes(s: Stage) -> None:
    """The same with two worker processes."""
    _sweep(s, 2)


@scenario()
def optimise_without_data_sharing(s: Stage) -> None:
    """optdatas False."""
    _sweep(s, 1, optdatas=False)


@scenario()
def optimise_full_return(s: Stage) -> None:
    """optreturn False gives strategies."""
    found = _sweep(s, 1, optreturn=False)
    s.note("logs", [[one.log for one in item] for item in found])


@scenario()
def optimise_with_callback(s: Stage) -> None:
    """optcallback, positional iterables, a fixed strategy beside the swept one."""
    seen: list[Any] = []
    cerebro = s.plain_cerebro(maxcpus=1)
    cerebro.adddata(s.feed(daily(60, 126), "d0"))
    cerebro.addstrategy(InOut, size=2)
    cerebro.optstrategy(Cross, fast=(2, 3), slow=7)
    cerebro.optcallback(lambda item: seen.append(len(item)))
    s.run(cerebro)
    s.note("seen", seen)


@scenario(skip={"stepped": "nothing runs", "quiet": "nothing runs"})
def iterize(s: Stage) -> None:
    """How optimisation arguments are made iterable."""
    s.note("iterized", [list(item) for item in bt.Cerebro.iterize([1, "text", (2, 3), range(2)])])


@scenario()
def lookahead(s: Stage) -> Any:
    """lookahead: NaN slots at the right end can be read."""

    class Reads(bt.Strategy):
        def __init__(self) -> None:
            self.log: list[Any] = []

        def next(self) -> None:
            if s.mode.name in ("default", "quiet"):
                self.log.append([self.data.close[0], self.data.close[2], self.data.buflen()])

    cerebro = s.cerebro(lookahead=3)
    cerebro.adddata(s.feed(daily(9, 127), "d0"))
    cerebro.addstrategy(Reads)
    return cerebro


class SameTwice(bt.Strategy):
    """Creates the same things twice."""

    def __init__(self) -> None:
        self.one, self.two = bt.ind.SMA(self.data, period=5), bt.ind.SMA(self.data, period=5)
        self.three = bt.ind.EMA(self.one, period=3)
        self.diff, self.diff2 = self.data.close - self.one, self.data.close - self.two
        self.log = [self.one is self.two, self.diff is self.diff2]


@scenario(differs={"all": "objcache hands out one object more often than the original"})
def object_cache(s: Stage) -> Any:
    """objcache True: identical objects are made once."""
    cerebro = s.cerebro(objcache=True)
    cerebro.adddata(s.feed(daily(30, 128), "d0"))
    cerebro.addstrategy(SameTwice)
    return cerebro


@scenario()
def no_object_cache(s: Stage) -> Any:
    """The same without: two objects, same values."""
    return s.simple(SameTwice, s.feed(daily(30, 128), "d0"))


@scenario()
def added_indicators(s: Stage) -> Any:
    """cerebro.addindicator."""
    cerebro = s.simple(InOut, s.feed(daily(30, 129), "d0"))
    cerebro.addindicator(bt.ind.SMA, period=6)
    cerebro.addindicator(bt.ind.MACD, period_me1=3, period_me2=6, period_signal=4)
    return cerebro


class Unplotted(bt.Strategy):
    """Indicators with and without plot, arguments of plotinfo and plotlines."""

    def __init__(self) -> None:
        self.shown = bt.ind.SMA(period=4)
        self.hidden = bt.ind.EMA(period=4, plot=False)
        self.named = bt.ind.RSI(period=4, plotname="strength", subplot=False)
        self.later = bt.ind.Highest(period=3)
        self.later.plotinfo.plot = False
        self.log = [
            self.named.plotinfo.plotname,
            self.named.plotinfo.subplot,
            self.hidden.plotinfo.plot,
            self.shown.plotinfo.plot,
        ]


@scenario()
def plot_switches(s: Stage) -> Any:
    """plotinfo given as keywords; decides what exactbars=-2 keeps."""
    return s.simple(Unplotted, s.feed(daily(30, 130), "d0"))


class ParamBase(bt.Strategy):
    """Inherited and redefined params, tuple and dict."""

    params = (("one", 1), ("two", 2))


class ParamMixin:
    """Params on a second base."""

    params = dict(four=4)


class ParamChild(ParamBase):
    """Redefines one, adds another."""

    params = dict(three=3, one=11)

    def __init__(self) -> None:
        p = self.p
        self.log = [
            list(p._getkeys()),
            list(p._getvalues()),
            p.one,
            self.params.two,
            p._getkwargs(),
            p._get("three"),
        ]
        self.log.append([list(p._getitems()), p.isdefault("one"), p.notdefault("two"), p._gettuple()])


@scenario()
def parameters(s: Stage) -> Any:
    """Inheritance, order and access of params."""
    cerebro = s.simple(ParamChild, s.feed(daily(3), "d0"), two=22)
    cerebro.addstrategy(ParamChild, one=1, three=None)
    return cerebro


class Hooks(bt.Strategy):
    """start and stop look around."""

    def __init__(self) -> None:
        self.log: list[Any] = [["init", len(self), len(self.datas), self.broker is not None]]

    def start(self) -> None:
        self.log.append(["start", len(self), self.broker.getcash(), [len(d) for d in self.datas]])

    def stop(self) -> None:
        self.log.append(
            ["stop", len(self), self.broker.getvalue(), [len(d) for d in self.datas], self.position.size]
        )

    def next(self) -> None:
        if len(self) == 2:
            self.buy()


@scenario()
def start_and_stop(s: Stage) -> Any:
    """What start and stop see; the run's leftovers on cerebro."""
    cerebro = s.simple(Hooks, s.feed(daily(7, 131), "d0"))
    s.run(cerebro)
    s.note(
        "cerebro",
        [
            len(cerebro.runstrats),
            len(cerebro.runstrats[0]),
            cerebro.broker.getvalue(),
            cerebro.getbroker() is cerebro.broker,
        ],
    )


@scenario()
def run_twice(s: Stage) -> Any:
    """The same Cerebro run twice: the account starts again."""
    cerebro = s.simple(InOut, s.feed(daily(20, 132), "d0", kind="rows"))
    s.run(cerebro)
    return cerebro


@scenario()
def broker_replaced(s: Stage) -> Any:
    """A broker object set before the run."""
    cerebro = s.simple(InOut, s.feed(daily(20, 133), "d0"))
    cerebro.setbroker(bt.brokers.BackBroker(cash=777.0, shortcash=False))
    return cerebro
