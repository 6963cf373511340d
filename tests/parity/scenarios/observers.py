"""Every observer: periods of all sizes, several feeds, fund mode, minimum periods; what they say about plots."""

from __future__ import annotations

from typing import Any

import backtrader as bt

from ..data import by_day, daily, minutes, with_gaps
from ..feeds import intraday
from ..registry import scenario
from ..stage import Stage
from .support import YEARS, Busy, InOut, busy

O = bt.observers
TF = bt.TimeFrame
EVERY = (
    O.Broker, O.Cash, O.Value, O.FundValue, O.FundShares, O.DrawDown, O.DrawDownLength, O.DrawDown_Old, O.TimeReturn,
    O.LogReturns, O.Benchmark, O.Trades, O.DataTrades, O.BuySell, O.CashValue, O.FundShareValue, O.FundVal,
)  # fmt: skip


def add(cerebro: Any, classes: Any = EVERY, **kwargs: Any) -> Any:
    """Add observers with the same arguments."""
    for cls in classes:
        cerebro.addobserver(cls, **kwargs)
    return cerebro


@scenario()
def every_observer(s: Stage) -> Any:
    """All of them with their defaults over a year and more."""
    return add(busy(s, s.feed(YEARS[:300], "d0"), size=30))


@scenario(crash={"exactbars=1": "IndexError"})
def every_observer_feeds(s: Stage) -> Any:
    """All of them on feeds with gaps and of other length; one per feed."""
    cerebro = busy(
        s, s.feed(daily(80, 602), "d0"), s.feed(with_gaps(daily(80, 603)), "d1"), s.feed(daily(50, 604), "d2")
    )
    add(cerebro, (*EVERY, O.LogReturns2))
    for cls in (O.BuySell, O.TimeReturn, O.DrawDown, O.Trades):
        cerebro.addobservermulti(cls)
    return cerebro


@scenario(crash={"exactbars=1": "IndexError"})
def every_observer_minutes(s: Stage) -> Any:
    """All of them on minutes beside a feed of days."""
    rows = minutes(120, 605, per_day=40)
    cerebro = busy(s, s.feed(rows, "d0", **intraday()), s.feed(by_day(rows), "d1"), size=20)
    return add(cerebro, (*EVERY, O.LogReturns2))


@scenario()
def every_observer_idle(s: Stage) -> Any:
    """All of them where nothing is traded."""
    return add(s.simple(bt.Strategy, s.feed(daily(40, 606), "d0")))


@scenario()
def every_observer_fund(s: Stage) -> Any:
    """Fund mode, with money coming and going."""

    class Money(Busy):
        def next(self) -> None:
            super().next()
            if len(self) % 20 == 5:
                self.broker.add_cash(2000)
            elif len(self) % 20 == 15:
                self.broker.add_cash(-1500)

    for mode in (True, False):
        cerebro = s.simple(Money, s.feed(daily(60, 607), "d0"))
        cerebro.broker.set_fundmode(mode, 50)
        add(cerebro)
        for fund in (True, False):
            add(cerebro, (O.Broker, O.Value, O.DrawDown, O.TimeReturn, O.Benchmark, O.LogReturns), fund=fund)
        s.run(cerebro)


@scenario()
def every_observer_late(s: Stage) -> Any:
    """A minimum period that begins late."""
    cerebro = add(busy(s, s.feed(daily(70, 608), "d0"), period=20))
    for late in (True, False):
        cerebro.addobserver(O.Benchmark, _doprenext=late, timeframe=TF.Weeks)
    return cerebro


@scenario()
def observers_by_period(s: Stage) -> Any:
    """Observers by period with every timeframe and odd compressions."""
    cerebro = busy(s, s.feed(YEARS[:260], "d0"), size=30)
    for frame in (TF.Minutes, TF.Days, TF.Weeks, TF.Months, TF.Years, TF.NoTimeFrame):
        for compression in (None, 1, 4):
            add(cerebro, (O.TimeReturn, O.LogReturns, O.Benchmark), timeframe=frame, compression=compression)
    return cerebro


@scenario()
def benchmark_options(s: Stage) -> Any:
    """Which feed the account is measured against, and from where."""
    cerebro = busy(s, s.feed(YEARS[:150], "d0"), s.feed(YEARS[:150], "d1"), period=7)
    for data in (None, *cerebro.datas):
        for first in (True, False):
            for late in (True, False):
                cerebro.addobserver(
                    O.Benchmark, data=data, firstopen=first, _doprenext=late, timeframe=TF.Months
                )
    cerebro.addobserver(O.Benchmark, data=cerebro.datas[1], timeframe=TF.NoTimeFrame)
    cerebro.addobserver(O.Benchmark, data=cerebro.datas[1], timeframe=TF.Days, compression=3)
    return cerebro


@scenario()
def observers_of_marks(s: Stage) -> Any:
    """BuySell, Trades and DataTrades with their options; futures; a position kept by trade ids."""

    class Ids(bt.Strategy):
        def next(self) -> None:
            for i, data in enumerate(self.datas):
                if len(self) % 12 == 2 + i:
                    self.buy(data, size=2, tradeid=i)
                elif len(self) % 12 == 5:
                    self.buy(data, size=1, tradeid=7)
                elif len(self) % 12 == 8 + i:
                    self.sell(data, size=2, tradeid=i)
                elif len(self) % 12 == 11:
                    self.sell(data, size=3, tradeid=7)

    cerebro = s.simple(Ids, s.feed(daily(60, 609), "d0"), s.feed(daily(60, 610)))
    cerebro.broker.setcommission(commission=1.5, margin=100.0, mult=5.0, name="d0")
    for barplot in (True, False):
        for distance in (0.0, 0.05):
            cerebro.addobservermulti(O.BuySell, barplot=barplot, bardist=distance)
    for value in (True, False):
        cerebro.addobserver(O.Trades, pnlcomm=value)
        cerebro.addobserver(O.DataTrades, usenames=value)
    return cerebro


@scenario()
def observers_cheating(s: Stage) -> Any:
    """Cheat on close, cheat on open, quick notifications."""

    class Opens(InOut):
        def next_open(self) -> None:
            if len(self) % 11 == 3:
                self.buy(size=2)

    for options in ({"cheat_on_open": True}, {"quicknotify": True}, {}):
        cerebro = s.simple(Opens, s.feed(daily(50, 611), "d0"), size=20)
        cerebro.broker.set_coc(not options)
        s.run(add(cerebro), **options)


@scenario()
def observers_two_strategies(s: Stage) -> Any:
    """Two strategies on one account."""
    cerebro = busy(s, s.feed(daily(60, 612), "d0"))
    cerebro.addstrategy(InOut, size=7, short=True)
    return add(cerebro)


@scenario()
def observers_resampled(s: Stage) -> Any:
    """Beside a resampled feed, and on a replayed one."""
    cerebro = s.cerebro()
    data = cerebro.adddata(s.feed(daily(55, 613), "d0"))
    cerebro.resampledata(data, timeframe=TF.Weeks, name="weeks")
    cerebro.addstrategy(Busy)
    s.run(add(cerebro))
    cerebro = s.cerebro()
    cerebro.replaydata(s.feed(daily(55, 614), "d0"), timeframe=TF.Weeks)
    cerebro.addstrategy(Busy)
    s.run(add(cerebro))


class Looks(Busy):
    """Looks at every observer on the way."""

    def __init__(self) -> None:
        super().__init__()
        self.log: list[Any] = []

    def next(self) -> None:
        super().next()
        if len(self) % 7 == 3:
            for one in self.getobservers():
                self.log.append([type(one).__name__, len(one), *[line[0] for line in one.lines]])


@scenario()
def observers_read_on_the_way(s: Stage) -> Any:
    """A strategy reads their lines while it runs: those of the bar before."""
    return add(s.simple(Looks, s.feed(daily(60, 615), "d0")))


class Counts(bt.Analyzer):
    """Counts its calls; one inside another is called by it and once more."""

    def __init__(self) -> None:
        self.rets.update(prenext=0, nextstart=0, next=0, others=0)

    def prenext(self) -> None:
        self.rets["prenext"] += 1

    def nextstart(self) -> None:
        self.rets["nextstart"] += 1

    def next(self) -> None:
        self.rets["next"] += 1

    def other(self, *args: Any) -> None:
        self.rets["others"] += 1

    start = stop = notify_order = notify_trade = notify_cashvalue = notify_fund = other


class CountsAround(Counts):
    """One with a child."""

    def __init__(self) -> None:
        super().__init__()
        self.child = Counts()


class Inner(bt.Observer):
    """A user's observer with analyzers inside, made directly and by way of the strategy."""

    lines = ("trades", "calls", "worst", "leverage", "length")

    def __init__(self) -> None:
        self.direct = bt.analyzers.TradeAnalyzer()
        self.around = CountsAround()
        self.slave = self._owner._addanalyzer_slave(bt.analyzers.DrawDown)
        self.leverage = self._owner._addanalyzer_slave(bt.analyzers.GrossLeverage)
        self.positions = self._owner._addanalyzer_slave(bt.analyzers.PositionsValue)

    def next(self) -> None:
        self.lines.trades[0] = float(self.direct.rets.total.total)
        self.lines.worst[0] = self.slave.rets.max.drawdown
        self.lines.leverage[0] = list(self.leverage.rets.values())[-1]
        self.lines.length[0] = float(len(self.positions.rets))
        for one in (self.around, self.around.child):
            self.lines.calls[0] = sum(value * 100**i for i, value in enumerate(one.rets.values()))


@scenario()
def observer_with_analyzers(s: Stage) -> Any:
    """Analyzers inside a user's observer: stepped only, or like any other; a stock observer with one added."""

    class More(O.Value):
        def __init__(self) -> None:
            super().__init__()
            self.counts = Counts()

    cerebro = busy(s, s.feed(daily(60, 616), "d0"), period=4)
    cerebro.addobserver(Inner)
    cerebro.addobserver(More)
    (strategy,) = s.run(cerebro)
    s.note("inner", [strategy.stats.inner.around.rets, strategy.stats.inner.around.child.rets])
    s.note("more", strategy.stats.more.counts.rets)


def told(info: Any) -> Any:
    """Plot options as plain values in alphabetical order; lines without options are left out."""
    found = [
        [key, told(value) if hasattr(value, "_getkeys") else value]
        for key, value in info._getkwargs().items()
    ]
    return sorted([key, value] for key, value in found if value != [])


@scenario(skip={"stepped": "nothing about modes"})
def observers_about_plots(s: Stage) -> Any:
    """Options of plots and labels: of classes, of objects, and whether objects change those of their class."""
    before = {cls.__name__: told(cls.plotlines()) for cls in EVERY}
    s.note("classes", {cls.__name__: [told(cls.plotinfo()), before[cls.__name__]] for cls in EVERY})
    for mode in (True, False):
        cerebro = s.simple(Busy, s.feed(daily(30, 617), "d0"), s.feed(daily(30, 618)))
        cerebro.broker.set_fundmode(mode)
        add(cerebro, (*EVERY, O.LogReturns2))
        add(cerebro, (O.TimeReturn, O.LogReturns, O.Benchmark), timeframe=TF.Months, compression=3)
        (strategy,) = s.run(cerebro)
        for one in strategy.getobservers():
            name = type(one).__name__
            s.note(name, [told(one.plotinfo), told(one.plotlines), one.csv])
            if not (isinstance(one, O.LogReturns) and one.p.timeframe is None):  # an error in the original
                s.note("label", [one._plotlabel(), one.plotlabel()])
        s.note("classes", {cls.__name__: told(cls.plotlines()) for cls in EVERY})
