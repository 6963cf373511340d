"""Pieces several scenarios share. Imports whichever engine runs the worker."""

from __future__ import annotations

import datetime as dt
from typing import Any

import backtrader as bt

from ..data import day_times, walk
from ..stage import Stage

#: Nearly three years of days, over two ends of a year.
YEARS = walk(day_times(700, dt.datetime(2019, 6, 3)), 501)


class Program(bt.Strategy):
    """A strategy driven by a table: bar number -> what to do, so that a scenario reads as a list of orders.

    ``plan`` maps ``len(self)`` to a callable or a list of callables that take the strategy;
    returned orders are kept in ``self.made`` in order.
    """

    params = (("plan", {}), ("filled", None))

    def __init__(self) -> None:
        self.made: list[Any] = []

    def next(self) -> None:
        """Do what the table says for this bar."""
        steps = self.p.plan.get(len(self), [])
        for step in steps if isinstance(steps, list) else [steps]:
            self.keep(step(self))

    def keep(self, outcome: Any) -> None:
        """Remember orders, also those of brackets."""
        if isinstance(outcome, list):
            self.made.extend(outcome)
        else:
            self.made.append(outcome)

    def notify_order(self, order: Any) -> None:
        """Hand completed orders to ``filled`` where given."""
        if self.p.filled is not None and order.status == order.Completed:
            self.p.filled(self, order)


class InOut(bt.Strategy):
    """Buys and closes in turns every few bars: steady order flow for observers, analyzers and accounts."""

    params = (("hold", 4), ("size", 5), ("short", False))

    def next(self) -> None:
        """In on one beat, out on the next."""
        beat = len(self) % (2 * self.p.hold)
        if beat == 1 and not self.position:
            self.enter()
        elif beat == self.p.hold + 1 and self.position:
            self.close()

    def enter(self) -> None:
        """Alternate sides if asked to."""
        if self.p.short and (len(self) // (2 * self.p.hold)) % 2:
            self.sell(size=self.p.size)
        else:
            self.buy(size=self.p.size)


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
