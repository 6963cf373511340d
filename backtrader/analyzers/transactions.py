"""What was bought and sold on each bar."""

from __future__ import annotations

from collections import defaultdict
from itertools import groupby
from operator import itemgetter
from typing import Any

from ..broker.position import Position
from .derived import Derived
from .periods import moments
from .progress import History

__all__ = ["Transactions"]

# (step, name of the data, size, price) of a part of an execution
Noted = tuple[int, str, float, float]


class Transactions(Derived):
    """By moment, for each data traded: size, average price, number and name of the data, and value.

    The value is negative for buys.  With ``headers`` the first entry names the fields (``_pfheaders``).
    """

    params: Any = (
        ("headers", False),
        ("_pfheaders", ("date", "amount", "price", "sid", "symbol", "value")),
    )

    _noted: list[Noted]

    def start(self) -> None:
        """Write the headers."""
        super().start()
        if self.p.headers:
            first, *rest = self.p._pfheaders
            self._results[first] = [rest]
        self._noted = []

    def notify_order(self, order: Any) -> None:
        """Collect the executions of this bar."""
        if order.status not in (order.Partial, order.Completed):
            return
        step = 0 if self._past is None else self._past.progress.clock.idx
        for bit in order.executed.iterpending():
            if bit is None:
                break
            self._noted.append((step, order.data._name, bit.size, bit.price))

    def next(self) -> None:
        """Note what this bar's executions come to."""
        super().next()
        if self._noted:
            self._write(self.strategy.datetime.datetime(), self._noted)
            self._noted.clear()

    def _write(self, moment: Any, noted: list[Noted]) -> None:
        positions: defaultdict[str, Any] = defaultdict(Position)
        for _, name, size, price in noted:
            positions[name].update(size, price)
        entries = []
        for i, data in enumerate(self.datas):
            done = positions.get(data._name)
            if done is not None and done.size:
                entries.append([done.size, done.price, i, data._name, -done.size * done.price])
        if entries:
            self.rets[moment] = entries

    # -- derived ---------------------------------------------------------------------------------
    def _can_catch_up(self) -> bool:
        # with quick notifications a bar's executions are told while the strategy is at the bar before
        return not self.strategy.cerebro.p.quicknotify

    def _catch_up(self, past: History, start: int, stop: int) -> None:
        zone = getattr(self.strategy.datetime, "_tz", None)
        due = [entry for entry in self._noted if entry[0] < stop]
        del self._noted[: len(due)]
        for step, noted in groupby(due, key=itemgetter(0)):
            (moment,) = moments(past.datetimes, step, step + 1, zone)
            self._write(moment, list(noted))
