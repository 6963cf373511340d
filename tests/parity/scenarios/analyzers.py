"""Every analyzer: timeframes of all sizes, several feeds, fund mode, no trades, minimum periods, futures."""

from __future__ import annotations

import datetime as dt
from typing import Any

import backtrader as bt

from ..data import by_day, daily, day_times, every, minutes, walk, with_gaps
from ..feeds import intraday
from ..registry import scenario
from ..stage import Stage
from .support import InOut

A = bt.analyzers
TF = bt.TimeFrame
PLAIN = (
    A.TradeAnalyzer, A.SharpeRatio, A.SharpeRatio_A, A.Returns, A.TimeReturn, A.DrawDown, A.TimeDrawDown, A.SQN, A.VWR,
    A.PeriodStats, A.Calmar, A.GrossLeverage, A.PositionsValue, A.Transactions, A.LogReturnsRolling, A.PyFolio,
)  # fmt: skip
BY_PERIOD = (
    A.TimeReturn, A.Returns, A.SharpeRatio, A.VWR, A.TimeDrawDown, A.Calmar, A.LogReturnsRolling, A.PeriodStats, A.PyFolio,
)  # fmt: skip
WITH_FUND = (
    A.TimeReturn, A.Returns, A.SharpeRatio, A.VWR, A.TimeDrawDown, A.Calmar, A.LogReturnsRolling, A.PeriodStats,
    A.DrawDown, A.GrossLeverage,
)  # fmt: skip
YEARS = walk(day_times(700, dt.datetime(2019, 6, 3)), 501)


class Busy(bt.Strategy):
    """Trades on all feeds, both sides, sizes up and down, some positions over night and some reversed."""

    params = (("size", 10), ("period", 0))

    def __init__(self) -> None:
        if self.p.period:
            self.average = bt.ind.SMA(period=self.p.period)

    def next(self) -> None:
        for i, data in enumerate(self.datas):
            beat = (len(self) + 3 * i) % 23
            if beat == 1:
                self.buy(data, size=self.p.size)
            elif beat in (4, 6):
                self.buy(data, size=self.p.size // 2)
            elif beat == 9:
                self.sell(data, size=self.p.size)
            elif beat == 13:
                self.sell(data, size=3 * self.p.size)
            elif beat == 19:
                self.close(data)


def busy(s: Stage, *feeds: Any, **params: Any) -> Any:
    """A Cerebro with the strategy above and a commission."""
    cerebro = s.simple(Busy, *feeds, **params)
    cerebro.broker.setcommission(commission=0.0007)
    return cerebro


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
    cerebro = add(busy(s, s.feed(minutes(120, 522, per_day=40), "d0", **intraday())), BY_PERIOD[:1])
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
