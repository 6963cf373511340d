"""Pieces several scenarios share. Imports whichever engine runs the worker."""

from __future__ import annotations

from typing import Any

import backtrader as bt


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
