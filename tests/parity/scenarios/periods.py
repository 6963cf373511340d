"""Minimum periods; prenext, nextstart, next."""

from __future__ import annotations

from typing import Any

import backtrader as bt

from ..data import by_day, daily, every, minutes, with_gaps
from ..feeds import intraday
from ..registry import scenario
from ..stage import Stage

# With exactbars=1 the original spoils a feed that is put back because its bar is later: [0] shows the bar to come.
REWOUND = {"exactbars=1": "exactbars=-1"}
SHORT = {"exactbars=1": "ValueError"}


class Status(bt.Strategy):
    """Logs which of the three methods is called when."""

    params = (("fast", 5), ("slow", 3))

    def __init__(self) -> None:
        self.fast = bt.ind.SMA(self.data0, period=self.p.fast)
        if len(self.datas) > 1:
            self.slow = bt.ind.SMA(self.datas[-1], period=self.p.slow)
        self.log: list[Any] = []

    def prenext(self) -> None:
        self.log.append(["pre", len(self), [len(d) for d in self.datas]])

    def nextstart(self) -> None:
        self.log.append(["start", len(self), [len(d) for d in self.datas]])
        super().nextstart()

    def next(self) -> None:
        self.log.append(["next", len(self), [len(d) for d in self.datas]])


@scenario()
def status_one_feed(s: Stage) -> Any:
    """prenext until the longest period, nextstart once, then next."""
    return s.simple(Status, s.feed(daily(12), "d0"))


@scenario(crash=SHORT, like=REWOUND)
def status_two_timeframes(s: Stage) -> Any:
    """Periods are kept per feed; nextstart repeats while the slow feed stands still."""
    rows = minutes(60)
    return s.simple(Status, s.feed(rows, "d0", **intraday()), s.feed(every(rows, 10), "d1", **intraday(10)))


@scenario()
def status_late_feed(s: Stage) -> Any:
    """A feed that begins late holds everything back."""
    rows = daily(30)
    return s.simple(Status, s.feed(rows, "d0"), s.feed(rows[12:], "d1"), slow=2)


@scenario(crash=SHORT, like=REWOUND)
def status_gappy_feeds(s: Stage) -> Any:
    """Two feeds with different holes."""
    rows = daily(40)
    return s.simple(Status, s.feed(with_gaps(rows, 1), "d0"), s.feed(with_gaps(rows, 2), "d1"))


@scenario(crash=SHORT, like=REWOUND)
def status_minutes_and_days(s: Stage) -> Any:
    """Minute bars with daily bars."""
    rows = minutes(120, per_day=20)
    return s.simple(Status, s.feed(rows, "d0", **intraday()), s.feed(by_day(rows), "d1"), slow=2)


@scenario(crash={"batch": "IndexError"})
def feed_shorter_than_period(s: Stage) -> Any:
    """Fewer bars than the period: only prenext; computing in advance fails in the original."""
    return s.simple(Status, s.feed(daily(4), "d0"), fast=9)


class OnlyUnbound(bt.Strategy):
    """Indicators which are not kept still count for the period."""

    def __init__(self) -> None:
        bt.ind.SMA(period=7)
        bt.ind.EMA(bt.ind.SMA(period=3), period=3)
        self.log: list[Any] = []

    def next(self) -> None:
        self.log.append(len(self))


@scenario()
def unbound_indicators(s: Stage) -> Any:
    """Periods of indicators nobody holds on to."""
    return s.simple(OnlyUnbound, s.feed(daily(15), "d0"))


class Forced(bt.Strategy):
    """setminperiod and addminperiod inside a strategy."""

    def __init__(self) -> None:
        self.setminperiod(6)
        self.addminperiod(4)
        self.log: list[Any] = []

    def next(self) -> None:
        self.log.append(len(self))


@scenario()
def strategy_setminperiod(s: Stage) -> Any:
    """setminperiod has no effect in a strategy's __init__."""
    return s.simple(Forced, s.feed(daily(12), "d0"))


class Inner(bt.Indicator):
    """Period from addminperiod and a sub-indicator."""

    lines = ("out",)
    params = (("period", 4),)

    def __init__(self) -> None:
        self.addminperiod(self.p.period)
        bt.ind.SMA(self.data, period=6)

    def next(self) -> None:
        self.lines.out[0] = sum(self.data.get(size=self.p.period))

    def nextstart(self) -> None:
        self.lines.out[0] = 1.0

    def prenext(self) -> None:
        self.lines.out[0] = -1.0


class InnerUser(bt.Strategy):
    """Watches them."""

    def __init__(self) -> None:
        self.inner = Inner()
        self.again = Inner(self.inner, period=2)
        self.late = Inner(self.data(-3), period=2)


@scenario()
def indicator_hooks(s: Stage) -> Any:
    """prenext, nextstart and next of an indicator, alone and stacked."""
    return s.simple(InnerUser, s.feed(daily(30), "d0"))


class InPrenext(bt.Strategy):
    """Trades during prenext."""

    def __init__(self) -> None:
        self.sma = bt.ind.SMA(period=10)

    def prenext(self) -> None:
        if len(self) == 3:
            self.buy(size=2)

    def nextstart(self) -> None:
        self.close()

    def next(self) -> None:
        if len(self) == 14:
            self.sell(size=1)


@scenario()
def orders_in_prenext(s: Stage) -> Any:
    """Orders sent before the period is reached; nextstart without calling next."""
    return s.simple(InPrenext, s.feed(daily(20), "d0"))
