"""Analyzers by period, with parameters, read on the way, inside others, derived from."""

from __future__ import annotations

import datetime as dt
from typing import Any

import backtrader as bt

from ..data import daily, every, minutes
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


def add(cerebro: Any, classes: Any = PLAIN, **kwargs: Any) -> Any:
    """Add analyzers with the same arguments."""
    for cls in classes:
        cerebro.addanalyzer(cls, **kwargs)
    return cerebro


@scenario()
def analyzers_days_by_period(s: Stage) -> Any:
    """Analyzers by period on days: every timeframe, with odd compressions."""
    cerebro = busy(s, s.feed(YEARS[:320], "d0"), size=30)
    for frame in (TF.Minutes, TF.Days, TF.Weeks, TF.Months, TF.Years, TF.NoTimeFrame):
        for compression in (1, 3):
            add(
                cerebro,
                (A.TimeReturn, A.TimeDrawDown, A.LogReturnsRolling),
                timeframe=frame,
                compression=compression,
            )
    for frame in (TF.Days, TF.Weeks, TF.Months, TF.Years):
        add(cerebro, (A.Returns, A.VWR, A.SharpeRatio, A.PeriodStats, A.PyFolio), timeframe=frame)
        add(cerebro, (A.Calmar,), timeframe=frame, period=5)
    return cerebro


@scenario()
def analyzers_minutes_by_period(s: Stage) -> Any:
    """The same on minutes and seconds."""
    cerebro = busy(s, s.feed(minutes(200, 517, per_day=50), "d0", **intraday()), size=30)
    for frame in (TF.Seconds, TF.Minutes, TF.Days, TF.Weeks):
        for compression in (1, 7, 60):
            add(cerebro, (A.TimeReturn, A.TimeDrawDown), timeframe=frame, compression=compression)
    for compression in (1, 5, 45):
        add(
            cerebro,
            (A.LogReturnsRolling, A.PyFolio, A.PeriodStats),
            timeframe=TF.Minutes,
            compression=compression,
        )
        add(cerebro, (A.Calmar,), timeframe=TF.Minutes, compression=compression, period=3)
        add(cerebro, (A.Returns, A.VWR), timeframe=TF.Minutes, compression=compression, tann=1000.0)
    return cerebro


@scenario(crash={"exactbars=1": "IndexError"})
def analyzers_of_data(s: Stage) -> Any:
    """Returns of feeds: from the first open or close, of a feed that begins late, with a minimum period."""
    cerebro = busy(s, s.feed(YEARS[:200], "d0"), s.feed(YEARS[60:170], "d1"), period=5)
    for data in cerebro.datas:
        for frame, compression in ((TF.Days, 1), (TF.Weeks, 1), (TF.Months, 2), (TF.NoTimeFrame, 1)):
            for first in (True, False):
                cerebro.addanalyzer(
                    A.TimeReturn, timeframe=frame, compression=compression, data=data, firstopen=first
                )
                if data is cerebro.datas[0]:
                    cerebro.addanalyzer(
                        A.LogReturnsRolling,
                        timeframe=frame,
                        compression=compression,
                        data=data,
                        firstopen=first,
                    )
    return cerebro


@scenario()
def analyzers_with_parameters(s: Stage) -> Any:
    """Parameters that are not periods."""
    cerebro = busy(s, s.feed(YEARS[:300], "d0"), s.feed(YEARS[:300], "d1"), size=25)
    for kwargs in ({"tann": 252}, {"tann": 12, "timeframe": TF.Months}, {"tau": 1.5, "sdev_max": 0.5}):
        cerebro.addanalyzer(A.VWR, **kwargs)
    for kwargs in ({"headers": True}, {"cash": True}, {"headers": True, "cash": True}):
        cerebro.addanalyzer(A.PositionsValue, **kwargs)
    cerebro.addanalyzer(A.Transactions, headers=True)
    cerebro.addanalyzer(A.Transactions, headers=True, _pfheaders=("when", "a", "b", "c", "d", "e"))
    cerebro.addanalyzer(A.PeriodStats, timeframe=TF.Days, zeroispos=True)
    cerebro.addanalyzer(A.PeriodStats, timeframe=TF.Weeks, zeroispos=False)
    for period in (1, 2, 12):
        cerebro.addanalyzer(A.Calmar, timeframe=TF.Weeks, period=period)
    cerebro.addanalyzer(A.SharpeRatio_A, timeframe=TF.Months)
    cerebro.addanalyzer(
        A.SharpeRatio, timeframe=TF.Weeks, riskfreerate=0.0, annualize=True, stddev_sample=True
    )
    return cerebro


@scenario()
def analyzers_read_on_the_way(s: Stage) -> Any:
    """A strategy that reads results while it runs: those of the bar before."""

    class Reads(Busy):
        def __init__(self) -> None:
            self.log: list[Any] = []

        def next(self) -> None:
            super().next()
            if len(self) in (1, 2, 15, 40, 41):
                for name, one in self.analyzers.getitems():
                    found = one.get_analysis()
                    last = list(found.items())[-1:] if hasattr(found, "items") else []
                    self.log.append([len(self), name, len(found), [[str(key), value] for key, value in last]])

    read = (
        A.TimeReturn,
        A.DrawDown,
        A.GrossLeverage,
        A.PositionsValue,
        A.Transactions,
        A.LogReturnsRolling,
        A.Calmar,
    )
    cerebro = add(s.simple(Reads, s.feed(daily(60, 518), "d0")), read)
    cerebro.addanalyzer(A.Calmar, timeframe=TF.Weeks, period=3)
    return cerebro


@scenario()
def analyzers_held_on_the_way(s: Stage) -> Any:
    """A strategy that keeps results it got at the start: they change under its hands."""

    class Keeps(Busy):
        def __init__(self) -> None:
            self.log: list[Any] = []

        def start(self) -> None:
            self.kept = [one.get_analysis() for one in self.analyzers]

        def next(self) -> None:
            super().next()
            self.log.append([len(found) for found in self.kept])

    read = (A.TimeReturn, A.GrossLeverage, A.PositionsValue, A.Transactions, A.LogReturnsRolling, A.Calmar)
    return add(s.simple(Keeps, s.feed(daily(50, 519), "d0")), read)


class Parent(bt.Analyzer):
    """A user's analyzer with stock ones inside, read on every tenth bar."""

    def __init__(self) -> None:
        self.inner = [
            A.GrossLeverage(),
            A.PositionsValue(cash=True),
            A.Transactions(),
            A.Calmar(timeframe=TF.Weeks, period=3),
        ]
        self.seen: list[Any] = []

    def next(self) -> None:
        if len(self) % 10 == 0:
            self.seen.append([len(one.rets) for one in self.inner])

    def get_analysis(self) -> Any:
        return {"seen": self.seen, **{type(one).__name__: one.get_analysis() for one in self.inner}}


class SilentParent(Parent):
    """The same without looking on the way."""

    def next(self) -> None:
        pass


@scenario()
def analyzers_of_users_with_ours(s: Stage) -> Any:
    """Stock analyzers as children."""
    cerebro = busy(s, s.feed(daily(60, 520), "d0"))
    cerebro.addanalyzer(Parent)
    cerebro.addanalyzer(SilentParent)
    return cerebro


class Own(A.GrossLeverage):
    """A user's variant of a stock analyzer: one hook overridden."""

    def next(self) -> None:
        super().next()
        self.rets["bars"] = len(self)


class OwnTransactions(A.Transactions):
    """Another: only buys count."""

    def notify_order(self, order: Any) -> None:
        if order.isbuy():
            super().notify_order(order)


class OwnPositions(A.PositionsValue):
    """Another: one more entry when the run starts."""

    def start(self) -> None:
        super().start()
        self.rets["begun"] = [0.0]


class OwnCalmar(A.Calmar):
    """Another: counts the periods."""

    periods = 0

    def on_dt_over(self) -> None:
        super().on_dt_over()
        self.periods += 1
        self.rets["periods"] = self.periods


@scenario()
def analyzers_derived_by_users(s: Stage) -> Any:
    """Stock analyzers with hooks overridden are stepped."""
    cerebro = busy(s, s.feed(daily(60, 521), "d0"))
    for cls in (Own, OwnTransactions, OwnPositions):
        cerebro.addanalyzer(cls)
    cerebro.addanalyzer(OwnCalmar, timeframe=TF.Weeks, period=4)
    return cerebro


class West(dt.tzinfo):
    """Eleven hours behind."""

    def utcoffset(self, when: Any) -> Any:
        return dt.timedelta(hours=-11)

    def dst(self, when: Any) -> Any:
        return dt.timedelta(0)


@scenario()
def analyzers_in_a_zone(s: Stage) -> Any:
    """A time zone of the strategy that moves bars into other days."""
    cerebro = add(busy(s, s.feed(minutes(120, 522, per_day=40), "d0", **intraday())), (A.TimeReturn,))
    cerebro.addtz(West())
    for cls in (A.PositionsValue, A.Transactions, A.GrossLeverage, A.LogReturnsRolling, A.TimeDrawDown):
        cerebro.addanalyzer(cls)
    cerebro.addanalyzer(A.TimeReturn, timeframe=TF.Days)
    cerebro.addanalyzer(A.Calmar, timeframe=TF.Days, period=2)
    return cerebro


@scenario()
def analyzers_stopped(s: Stage) -> Any:
    """A run that is stopped in the middle of a bar."""

    class Stops(Busy):
        def next(self) -> None:
            super().next()
            if len(self) == 37:
                self.env.runstop()

    return add(s.simple(Stops, s.feed(daily(60, 523), "d0")))


@scenario(skip={"quiet": "the same"})
def analyzers_optimised(s: Stage) -> Any:
    """Results of analyzers of an optimisation."""
    cerebro = s.plain_cerebro(maxcpus=1)
    cerebro.adddata(s.feed(daily(60, 524), "d0"))
    cerebro.optstrategy(InOut, hold=[3, 5], size=20)
    s.run(add(cerebro, [cls for cls in PLAIN if cls is not A.PyFolio]))


@scenario()
def pyfolio_items(s: Stage) -> Any:
    """Frames for pyfolio and quantstats."""
    cerebro = busy(s, s.feed(daily(60, 525), "d0"), s.feed(daily(60, 526), "d1"))
    cerebro.addanalyzer(A.PyFolio, _name="pf")
    for strategy in s.run(cerebro):
        returns, positions, transactions, leverage = strategy.analyzers.pf.get_pf_items()
        for name, item in (("returns", returns), ("leverage", leverage)):
            s.note(name, [[str(when), value] for when, value in item.items()])
            s.note(f"{name} is", [item.name, item.index.name, str(item.index.tz), str(item.dtype)])
        for name, item in (("positions", positions), ("transactions", transactions)):
            s.note(name, [[str(when), *row] for when, row in zip(item.index, item.values.tolist())])
            s.note(f"{name} is", [list(item.columns), item.index.name, str(item.index.tz)])


@scenario(crash={"exactbars=1": "IndexError"})
def slower_feed_first(s: Stage) -> Any:
    """The first feed is the slow one: analyzers by period take its timeframe."""
    rows = minutes(120, 527, per_day=40)
    return add(
        busy(s, s.feed(every(rows, 5), "d0", **intraday(5)), s.feed(rows, "d1", **intraday()), size=20)
    )
