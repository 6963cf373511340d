"""Every analyzer: timeframes of all sizes, several feeds, fund mode, no trades, minimum periods, futures."""

from __future__ import annotations

from typing import Any

import backtrader as bt

from ..data import by_day, daily, day_times, minutes, with_gaps
from ..feeds import intraday
from ..registry import scenario
from ..stage import Stage
from .support import YEARS, Busy, InOut, busy

A = bt.analyzers
TF = bt.TimeFrame
PLAIN = (
    A.TradeAnalyzer, A.SharpeRatio, A.SharpeRatio_A, A.Returns, A.TimeReturn, A.DrawDown, A.TimeDrawDown, A.SQN, A.VWR,
    A.PeriodStats, A.Calmar, A.GrossLeverage, A.PositionsValue, A.Transactions, A.LogReturnsRolling, A.PyFolio,
)  # fmt: skip
WITH_FUND = (
    A.TimeReturn, A.Returns, A.SharpeRatio, A.VWR, A.TimeDrawDown, A.Calmar, A.LogReturnsRolling, A.PeriodStats,
    A.DrawDown, A.GrossLeverage,
)  # fmt: skip


def add(cerebro: Any, classes: Any = PLAIN, **kwargs: Any) -> Any:
    """Add analyzers with the same arguments."""
    for cls in classes:
        cerebro.addanalyzer(cls, **kwargs)
    return cerebro


@scenario()
def every_analyzer(s: Stage) -> Any:
    """All of them with their defaults, one feed of days, over three calendar years."""
    return add(busy(s, s.feed(YEARS, "d0"), size=30))


@scenario(crash={"exactbars=1": "IndexError"})
def every_analyzer_feeds(s: Stage) -> Any:
    """All of them on three feeds: one with gaps, one short, one without a name."""
    feeds = s.feed(daily(90, 502), "d0"), s.feed(with_gaps(daily(90, 503)), "d1"), s.feed(daily(60, 504))
    return add(busy(s, *feeds))


@scenario(crash={"exactbars=1": "IndexError"})
def every_analyzer_minutes(s: Stage) -> Any:
    """All of them on minutes over several days, beside a feed of days."""
    rows = minutes(160, 505, per_day=40)
    return add(busy(s, s.feed(rows, "d0", **intraday()), s.feed(by_day(rows), "d1"), size=20))


@scenario()
def every_analyzer_idle(s: Stage) -> Any:
    """All of them where nothing is traded."""
    return add(s.simple(bt.Strategy, s.feed(daily(70, 506), "d0")))


@scenario()
def every_analyzer_fund(s: Stage) -> Any:
    """Fund mode with money coming and going; analyzers that follow the broker and that do not."""

    class Money(Busy):
        def next(self) -> None:
            super().next()
            if len(self) % 20 == 5:
                self.broker.add_cash(2000)
            elif len(self) % 20 == 15:
                self.broker.add_cash(-1500)

    for mode in (True, False):
        cerebro = s.simple(Money, s.feed(daily(90, 507), "d0"))
        cerebro.broker.set_fundmode(mode, 50)
        add(cerebro)
        for fund in (True, False):
            add(cerebro, WITH_FUND, fund=fund)
        s.run(cerebro)


@scenario()
def every_analyzer_changes(s: Stage) -> Any:
    """The strategy changes cash and commission, or asks for the value of several positions, on the way."""

    class Changes(Busy):
        params = (("what", ""),)

        def next(self) -> None:
            if len(self) == 1:
                self.getposition(self.datas[1])
            super().next()
            if len(self) in (21, 34):
                if self.p.what == "cash":
                    self.broker.set_cash(self.broker.get_cash() + 500)
                elif self.p.what == "paid":
                    self.broker.add_cash(750)
                elif self.p.what == "commission":
                    self.broker.setcommission(commission=0.01, leverage=2.0)
                elif self.p.what == "margin":
                    self.broker.setcommission(commission=2.0, margin=50.0, mult=2.0)
                elif self.p.what == "value":
                    self.broker.get_value(self.datas)

    for what in ("cash", "paid", "commission", "margin", "value", "whole"):
        feeds = s.feed(daily(50, 528), "d0"), s.feed(daily(50, 529), "d1")
        s.run(add(s.simple(Changes, *feeds, cash=20_000 if what == "whole" else None, what=what)))


class Generous(bt.brokers.BackBroker):
    """A user's broker that says it holds more than it does."""

    def getvalue(self, datas: Any = None) -> Any:
        return super().getvalue(datas) + 1000.0

    def getcash(self) -> Any:
        return super().getcash() + 1000.0


@scenario()
def every_analyzer_own_broker(s: Stage) -> Any:
    """A broker that reports other values: analyzers and observers take what it says."""
    cerebro = busy(s, s.feed(daily(50, 530), "d0"))
    cerebro.setbroker(Generous())
    return add(cerebro)


@scenario()
def every_analyzer_late(s: Stage) -> Any:
    """A minimum period that begins late; with and without what comes before it."""
    cerebro = add(busy(s, s.feed(daily(120, 508), "d0"), period=25))
    for late in (True, False):
        add(cerebro, (A.TimeReturn, A.Returns, A.TimeDrawDown, A.VWR), _doprenext=late, timeframe=TF.Months)
        add(cerebro, (A.TimeReturn, A.LogReturnsRolling), _doprenext=late, timeframe=TF.Weeks)
        add(cerebro, (A.Calmar,), _doprenext=late, timeframe=TF.Weeks, period=4)
    return cerebro


@scenario()
def every_analyzer_futures(s: Stage) -> Any:
    """Margin, multiplier and a commission per contract: positions are worth their margin."""
    cerebro = s.simple(Busy, s.feed(daily(80, 509), "d0"), s.feed(daily(80, 510), "d1"), size=4)
    cerebro.broker.setcommission(commission=2.0, margin=300.0, mult=10.0, name="d0")
    cerebro.broker.setcommission(commission=0.001, leverage=3.0, name="d1")
    return add(cerebro)


@scenario()
def every_analyzer_fills(s: Stage) -> Any:
    """Partial fills, limit orders, slippage, closing in the bar's end."""
    cerebro = s.simple(InOut, s.feed(daily(80, 511), "d0"), size=900, cash=1_000_000.0, short=True)
    cerebro.broker.set_filler(bt.broker.fillers.FixedSize(size=300))
    cerebro.broker.set_slippage_perc(0.002)
    return add(cerebro)


@scenario()
def every_analyzer_cheating(s: Stage) -> Any:
    """Cheat on close, cheat on open, quick notifications."""

    class Opens(InOut):
        def next_open(self) -> None:
            if len(self) % 11 == 3:
                self.buy(size=2)

    for options in ({"cheat_on_open": True}, {"quicknotify": True}, {}):
        cerebro = s.simple(Opens, s.feed(daily(60, 512), "d0"), size=20)
        cerebro.broker.set_coc(not options)
        s.run(add(cerebro), **options)


@scenario()
def every_analyzer_strategies(s: Stage) -> Any:
    """Two strategies on one account."""
    cerebro = busy(s, s.feed(daily(70, 513), "d0"))
    cerebro.addstrategy(InOut, size=7, short=True)
    return add(cerebro)


@scenario()
def every_analyzer_bankrupt(s: Stage) -> Any:
    """The account loses nearly all it has."""

    class Holds(bt.Strategy):
        def next(self) -> None:
            if len(self) == 2:
                self.buy(size=95)

    rows = [
        (when, *(round(price * 0.9 ** (i / 2.0), 2) for price in (100.0, 101.0, 99.0, 99.5)), 10.0, 0.0)
        for i, when in enumerate(day_times(60))
    ]
    skipped = (A.TradeAnalyzer, A.SQN)
    return add(s.simple(Holds, s.feed(rows, "d0")), [cls for cls in PLAIN if cls not in skipped])


@scenario(crash={"batch": "AttributeError"})
def every_analyzer_history(s: Stage) -> Any:
    """Orders of the past and a fund of the past."""
    days = [when for when, *_ in daily(40, 514)]
    cerebro = s.simple(bt.Strategy, s.feed(daily(40, 514), "d0"))
    cerebro.add_order_history([[days[3], 10, 99.0], [days[9], -4, 101.0], [days[20], -6, 98.5]], notify=True)
    cerebro.set_fund_history([[days[0], 100.0, 50.0], [days[15], 130.0, 60.0], [days[30], 90.0, 55.0]])
    return add(cerebro)


@scenario()
def every_analyzer_resampled(s: Stage) -> Any:
    """Beside a resampled feed: the strategy makes a step more at the end."""
    cerebro = s.cerebro()
    data = cerebro.adddata(s.feed(daily(75, 515), "d0"))
    cerebro.resampledata(data, timeframe=TF.Weeks, name="weeks")
    cerebro.addstrategy(Busy)
    # the value of a position in a feed without bars is an error in the original
    return add(cerebro, [cls for cls in PLAIN if cls not in (A.PositionsValue, A.PyFolio)])


@scenario()
def every_analyzer_replayed(s: Stage) -> Any:
    """On a replayed feed: several steps for one bar."""
    cerebro = s.cerebro()
    cerebro.replaydata(s.feed(daily(75, 516), "d0"), timeframe=TF.Weeks)
    cerebro.addstrategy(Busy)
    return add(cerebro)
