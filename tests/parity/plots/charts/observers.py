"""Observers and strategies."""

from __future__ import annotations

from typing import Any

import backtrader as bt

from ..stage import Drawing, Quiet, Trader, chart, daily, drawing


def _observed(*names: str, stdstats: bool = False, **options: Any) -> Drawing:
    cerebro = bt.Cerebro(stdstats=stdstats)
    for name in names:
        cerebro.addobserver(getattr(bt.observers, name))
    return drawing(cerebro=cerebro, **options)


@chart
def no_observers() -> Drawing:
    return _observed()


@chart
def broker_parts() -> Drawing:
    return _observed("Cash", "Value", "FundValue", "FundShares", "Broker")


@chart
def returns_and_drawdown() -> Drawing:
    return _observed("DrawDown", "DrawDownLength", "DrawDown_Old", stdstats=True)


@chart
def returns_without_timeframe() -> Drawing:
    return _observed("TimeReturn")


@chart(crash="TypeError")
def log_returns_without_timeframe() -> Drawing:
    return _observed("LogReturns")


@chart(crash="TypeError")
def log_returns() -> Drawing:
    cerebro = bt.Cerebro(stdstats=False)
    cerebro.addobserver(bt.observers.LogReturns, timeframe=bt.TimeFrame.Days)
    cerebro.addobserver(bt.observers.LogReturns2, timeframe=bt.TimeFrame.Weeks)
    cerebro.addobserver(bt.observers.TimeReturn, timeframe=bt.TimeFrame.Days, compression=5)
    return drawing(daily(), daily("zeno"), cerebro=cerebro)


@chart
def benchmark() -> Drawing:
    cerebro = bt.Cerebro()
    cerebro.addobserver(bt.observers.Benchmark, timeframe=bt.TimeFrame.Months)
    cerebro.addobserver(bt.observers.TimeReturn, timeframe=bt.TimeFrame.NoTimeFrame)
    return drawing(cerebro=cerebro)


@chart
def fund_mode() -> Drawing:
    cerebro = bt.Cerebro()
    cerebro.broker.set_fundmode(True)
    return drawing(cerebro=cerebro)


@chart
def old_buysell() -> Drawing:
    return drawing(cerebro=bt.Cerebro(oldbuysell=True), style="candle")


@chart
def old_trades_of_two_feeds() -> Drawing:
    return drawing(daily(), daily("zeno"), cerebro=bt.Cerebro(oldtrades=True))


@chart
def observer_for_every_feed() -> Drawing:
    cerebro = bt.Cerebro(stdstats=False)
    cerebro.addobservermulti(bt.observers.BuySell, barplot=True, bardist=0.03)
    cerebro.addobservermulti(bt.observers.Trades)
    return drawing(daily(), daily("zeno"), cerebro=cerebro)


class OrderSizes(bt.Observer):
    """What is held, in its own pane below the prices."""

    lines = ("held", "other")
    plotinfo = dict(plot=True, subplot=True, plotname="Held", plotymargin=0.1)
    plotlines = dict(held=dict(_method="bar", alpha=0.7), other=dict(marker="s", color="orange", ls=""))

    def next(self) -> None:
        self.lines.held[0] = float(self._owner.position.size)
        if len(self) % 10 == 0:
            self.lines.other[0] = 2.0


class AbovePrices(OrderSizes):
    """The same above them."""

    plotinfo = dict(plotabove=True)


class OverPrices(bt.Observer):
    """Over the prices."""

    lines = ("mid",)
    plotinfo = dict(plot=True, subplot=False)

    def next(self) -> None:
        self.lines.mid[0] = (self.data.high[0] + self.data.low[0]) / 2.0


class Clocked(OrderSizes):
    """On the strategy's clock."""

    _stclock = True


@chart
def own_observers() -> Drawing:
    cerebro = bt.Cerebro(stdstats=False)
    for kind in (OrderSizes, AbovePrices, OverPrices, Clocked):
        cerebro.addobserver(kind)
    return drawing(cerebro=cerebro)


@chart(differs={"legend": "the first line has the name, also if it is drawn as bars", "lines": "the same"})
def own_observer_below_feed() -> Drawing:
    cerebro = bt.Cerebro()
    cerebro.addobservermulti(OrderSizes)
    cerebro.addobserver(OrderSizes, plotname="Once more", subplot=False)
    return drawing(daily(), daily("zeno"), cerebro=cerebro)


@chart
def observers_not_drawn() -> Drawing:
    cerebro = bt.Cerebro(stdstats=False)
    cerebro.addobserver(bt.observers.Broker, plot=False)
    cerebro.addobserver(bt.observers.Value, plotskip=True)
    cerebro.addobserver(bt.observers.DrawDown, plotname="Deep")
    return drawing(cerebro=cerebro)


@chart
def two_strategies() -> Drawing:
    cerebro = bt.Cerebro()
    cerebro.addstrategy(Quiet, parts=lambda s: bt.ind.ATR(s.data))
    return drawing(cerebro=cerebro)


@chart
def without_trades() -> Drawing:
    return drawing(strategy=Quiet)


class Short(bt.Strategy):
    """Goes short and long, several orders a bar."""

    params = (("parts", None),)

    def next(self) -> None:
        if len(self) % 12 == 0:
            self.sell(size=5)
            self.sell(size=2)
        elif len(self) % 12 == 6:
            self.buy(size=10)
        elif len(self) % 12 == 9:
            self.close()


@chart
def long_and_short() -> Drawing:
    return drawing(strategy=Short, style="candle")


@chart
def stepped_run() -> Drawing:
    return drawing(run={"runonce": False}, parts=lambda s: bt.ind.RSI(s.data, safediv=True))


@chart
def saved_memory_run() -> Drawing:
    return drawing(run={"exactbars": -1}, parts=lambda s: bt.ind.RSI(s.data, safediv=True))


@chart
def bounded_run() -> Drawing:
    return drawing(run={"exactbars": 1})


@chart
def signals() -> Drawing:
    cerebro = bt.Cerebro()
    cerebro.adddata(daily())
    cerebro.add_signal(
        bt.SIGNAL_LONGSHORT, bt.ind.CrossOver, bt.ind.SMA, bt.ind.SMA
    ) if False else cerebro.add_signal(bt.SIGNAL_LONG, bt.ind.Momentum)
    cerebro.run()
    return Drawing(cerebro)


@chart
def trader_of_two_with_margin() -> Drawing:
    cerebro = bt.Cerebro()
    cerebro.broker.setcommission(commission=1.0, margin=200.0, mult=5.0)
    return drawing(daily(), daily("zeno", name="Z"), cerebro=cerebro, strategy=Trader)
