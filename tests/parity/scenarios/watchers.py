"""Observers and analyzers."""

from __future__ import annotations

import datetime as dt
from typing import Any

import backtrader as bt

from ..data import daily, day_times, minutes, walk
from ..feeds import intraday
from ..registry import scenario
from ..stage import Stage
from .support import InOut


def _run(s: Stage, rows: Any = None, **kwargs: Any) -> Any:
    cerebro = s.simple(InOut, s.feed(rows or daily(120, 100), "d0", **kwargs), short=True, size=15)
    cerebro.broker.setcommission(commission=0.0005)
    return cerebro


YEARS = walk(day_times(700, dt.datetime(2019, 6, 3)), 101)


@scenario()
def stock_observers(s: Stage) -> Any:
    """What is there without asking: Broker, BuySell, Trades; values read in next are of the bar before."""
    return _run(s)


@scenario()
def stock_observers_two_feeds(s: Stage) -> Any:
    """With two feeds: BuySell each and DataTrades."""

    class Both(bt.Strategy):
        def next(self) -> None:
            for i, data in enumerate(self.datas):
                if len(self) % 8 == 1 + i:
                    self.buy(data, size=3)
                elif len(self) % 8 == 5 + i:
                    self.close(data)

    return s.simple(Both, s.feed(daily(40, 102), "d0"), s.feed(daily(40, 103), "d1"))


@scenario()
def old_observers(s: Stage) -> Any:
    """oldbuysell and oldtrades with two feeds."""
    cerebro = s.cerebro(oldbuysell=True, oldtrades=True)
    cerebro.adddata(s.feed(daily(40, 102), "d0"))
    cerebro.adddata(s.feed(daily(40, 103), "d1"))
    cerebro.addstrategy(InOut)
    return cerebro


@scenario()
def no_observers(s: Stage) -> Any:
    """stdstats False."""
    cerebro = s.cerebro(stdstats=False)
    cerebro.adddata(s.feed(daily(40, 102), "d0"))
    cerebro.addstrategy(InOut)
    return cerebro


@scenario()
def added_observers(s: Stage) -> Any:
    """Observers added one by one, one per feed, with a name."""
    cerebro = s.cerebro(stdstats=False)
    cerebro.adddata(s.feed(daily(50, 104), "d0"))
    cerebro.adddata(s.feed(daily(50, 105), "d1"))
    cerebro.addobserver(bt.observers.Cash)
    cerebro.addobserver(bt.observers.Value, obsname="worth")
    cerebro.addobserver(bt.observers.Broker)
    cerebro.addobservermulti(bt.observers.BuySell, barplot=True, bardist=0.02)
    cerebro.addobserver(bt.observers.Trades, pnlcomm=False)
    cerebro.addobserver(bt.observers.DataTrades)

    class Looks(InOut):
        def __init__(self) -> None:
            self.log: list[Any] = []

        def next(self) -> None:
            super().next()
            if len(self) == 30:
                self.log.append(
                    [self.stats.worth.value[0], self.stats.cash[0], self.observers.broker.cash[0]]
                )
                self.log.append([len(self.stats.buysell), type(self.stats.trades).__name__])

    cerebro.addstrategy(Looks, short=True)
    return cerebro


class Counter(bt.Observer):
    """A user's observer."""

    lines = ("held", "orders")
    plotinfo = dict(plot=False)

    def next(self) -> None:
        self.lines.held[0] = self._owner.position.size
        self.lines.orders[0] = len(self._owner._orderspending)


class CounterStrategyClock(Counter):
    """The same on the strategy's clock, another start."""

    _stclock = True

    def prenext(self) -> None:
        self.lines.held[0] = -1.0


@scenario(like={"exactbars=1": "exactbars=-1"}, crash={"exactbars=1": "IndexError"})
def observer_of_user(s: Stage) -> Any:
    """Observers written by users, on the feed's clock and on the strategy's."""
    from ..data import every

    rows = minutes(60)
    cerebro = s.simple(InOut, s.feed(rows, "d0", **intraday()), s.feed(every(rows, 5), "d1", **intraday(5)))
    cerebro.addobserver(Counter)
    cerebro.addobserver(CounterStrategyClock)
    return cerebro


@scenario()
def analyzers_one_year(s: Stage) -> Any:
    """The analyzers of this engine's first stage on a year of days."""
    a = bt.analyzers
    cerebro = _run(s, daily(260, 106))
    for cls in (a.TradeAnalyzer, a.SharpeRatio, a.Returns, a.TimeReturn, a.DrawDown, a.SQN):
        cerebro.addanalyzer(cls)
    return cerebro


@scenario()
def analyzers_years(s: Stage) -> Any:
    """The same over several years."""
    a = bt.analyzers
    cerebro = s.simple(InOut, s.feed(YEARS, "d0"), hold=9, size=60)
    cerebro.broker.setcommission(commission=0.0005)
    for cls in (a.TradeAnalyzer, a.SharpeRatio, a.Returns, a.TimeReturn, a.DrawDown, a.SQN):
        cerebro.addanalyzer(cls, _name="my_" + cls.__name__)
    return cerebro


@scenario()
def sharpe_options(s: Stage) -> Any:
    """SharpeRatio with its options."""
    cerebro = s.simple(InOut, s.feed(YEARS, "d0"), hold=9, size=60)
    tf = bt.TimeFrame
    for kwargs in (
        {"timeframe": tf.Days}, {"timeframe": tf.Months, "annualize": True}, {"timeframe": tf.Weeks, "riskfreerate": 0.03},
        {"timeframe": tf.Days, "factor": 365, "convertrate": False},
        {"timeframe": tf.Months, "stddev_sample": True}, {"timeframe": tf.Days, "daysfactor": 260},
    ):  # fmt: skip
        cerebro.addanalyzer(bt.analyzers.SharpeRatio, **kwargs)
    return cerebro


@scenario(crash={"exactbars=1": "IndexError"})
def annual_return(s: Stage) -> Any:
    """AnnualReturn reads the whole history at the end: the original fails with one bar of memory."""
    cerebro = s.simple(InOut, s.feed(YEARS, "d0"), hold=9, size=60)
    cerebro.addanalyzer(bt.analyzers.AnnualReturn)
    cerebro.addanalyzer(bt.analyzers.SharpeRatio, legacyannual=True)
    return cerebro


@scenario()
def returns_options(s: Stage) -> Any:
    """TimeReturn and Returns by timeframe, on a feed, on minutes."""
    tf = bt.TimeFrame
    cerebro = s.simple(InOut, s.feed(YEARS[:300], "d0"), hold=9, size=60)
    for frame in (tf.Days, tf.Weeks, tf.Months, tf.Years, tf.NoTimeFrame):
        cerebro.addanalyzer(bt.analyzers.TimeReturn, timeframe=frame)
        cerebro.addanalyzer(bt.analyzers.Returns, timeframe=frame, tann=252)
    cerebro.addanalyzer(bt.analyzers.TimeReturn, timeframe=tf.Months, data=cerebro.datas[0])
    cerebro.addanalyzer(bt.analyzers.TimeReturn, timeframe=tf.Months, data=cerebro.datas[0], firstopen=False)
    s.run(cerebro)
    cerebro = s.simple(InOut, s.feed(minutes(100, 3, per_day=25), "d0", **intraday()), size=30)
    for frame, compression in ((tf.Minutes, 1), (tf.Minutes, 10), (tf.Days, 1)):
        cerebro.addanalyzer(bt.analyzers.TimeReturn, timeframe=frame, compression=compression)
    return cerebro


@scenario()
def analyzers_without_trades(s: Stage) -> Any:
    """Nothing traded: empty results."""
    a = bt.analyzers
    cerebro = s.simple(bt.Strategy, s.feed(daily(30, 107), "d0"))
    for cls in (a.TradeAnalyzer, a.SharpeRatio, a.Returns, a.TimeReturn, a.DrawDown, a.SQN):
        cerebro.addanalyzer(cls)
    return cerebro


@scenario()
def analyzer_names(s: Stage) -> Any:
    """Duplicates get numbers, _name is used, access by attribute."""
    cerebro = _run(s, daily(40, 108))
    for kwargs in ({}, {}, {"_name": "own"}, {}):
        cerebro.addanalyzer(bt.analyzers.SQN, **kwargs)
    (strategy,) = s.run(cerebro)
    s.note("names", list(strategy.analyzers.getnames()))
    s.note("by attribute", strategy.analyzers.own.get_analysis())
    s.note("by index", strategy.analyzers[1].get_analysis())


class Everything(bt.Analyzer):
    """A user's analyzer with every hook and a child."""

    params = (("mark", 1),)

    def __init__(self) -> None:
        self.child = bt.analyzers.TimeReturn(timeframe=bt.TimeFrame.Weeks)

    def create_analysis(self) -> None:
        self.rets = bt.utils.AutoOrderedDict()
        self.rets.calls = []

    def _log(self, *what: Any) -> None:
        self.rets.calls.append([*what, len(self.strategy), len(self.data)])

    def start(self) -> None:
        self._log("start", self.p.mark)

    def prenext(self) -> None:
        self._log("prenext")

    def nextstart(self) -> None:
        self._log("nextstart")

    def next(self) -> None:
        self._log("next", self.strategy.broker.getvalue())

    def notify_order(self, order: Any) -> None:
        self._log("order", order.getstatusname(), order.executed.size)

    def notify_trade(self, trade: Any) -> None:
        self._log("trade", trade.status, trade.pnlcomm)

    def notify_cashvalue(self, cash: float, value: float) -> None:
        self._log("cashvalue", cash, value)

    def notify_fund(self, cash: float, value: float, fundvalue: float, shares: float) -> None:
        self._log("fund", fundvalue, shares)

    def stop(self) -> None:
        self._log("stop")
        self.rets.child = self.child.get_analysis()

    def get_analysis(self) -> Any:
        return self.rets


class WithPeriod(InOut):
    """Some bars of prenext first."""

    def __init__(self) -> None:
        self.sma = bt.ind.SMA(period=6)


@scenario()
def analyzer_of_user(s: Stage) -> Any:
    """Order of the hooks of an analyzer and of its child."""
    cerebro = s.simple(WithPeriod, s.feed(daily(30, 109), "d0"))
    cerebro.addanalyzer(Everything, mark=5)
    return cerebro


class Periods(bt.TimeFrameAnalyzerBase):
    """A user's analyzer by period."""

    def start(self) -> None:
        super().start()
        self.log: list[Any] = []

    def on_dt_over(self) -> None:
        self.log.append(["over", len(self.data), self.dtkey, self.dtcmp, self.dtcmp1])

    def next(self) -> None:
        super().next()
        self.log.append(["next", len(self.data)])

    def get_analysis(self) -> Any:
        return {"log": self.log}


@scenario()
def timeframe_analyzer_of_user(s: Stage) -> Any:
    """on_dt_over comes before next when a period changes; keys by timeframe."""
    tf = bt.TimeFrame
    cerebro = s.simple(InOut, s.feed(YEARS[100:160], "d0"))
    for frame in (tf.Days, tf.Weeks, tf.Months, tf.Years, tf.NoTimeFrame):
        cerebro.addanalyzer(Periods, timeframe=frame)
    return cerebro


@scenario()
def analyzers_two_feeds(s: Stage) -> Any:
    """Trades on two feeds, one still open at the end."""

    class Two(bt.Strategy):
        def next(self) -> None:
            for i, data in enumerate(self.datas):
                if len(self) % 9 == 1 + i:
                    (self.buy if i else self.sell)(data, size=4)
                elif len(self) % 9 == 6 + i:
                    self.close(data)

    cerebro = s.simple(Two, s.feed(daily(64, 110), "d0"), s.feed(daily(64, 111), "d1"))
    for cls in (bt.analyzers.TradeAnalyzer, bt.analyzers.SQN, bt.analyzers.DrawDown):
        cerebro.addanalyzer(cls)
    return cerebro
