"""What was bought and sold on each bar."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from ..broker.position import Position
from .base import Analyzer

__all__ = ["Transactions"]


class Transactions(Analyzer):
    """By moment, for each data traded: size, average price, number and name of the data, and value.

    The value is negative for buys.  With ``headers`` the first entry names the fields (``_pfheaders``).
    """

    params: Any = (
        ("headers", False),
        ("_pfheaders", ("date", "amount", "price", "sid", "symbol", "value")),
    )

    _positions: defaultdict[str, Any]

    def start(self) -> None:
        """Write the headers."""
        super().start()
        if self.p.headers:
            first, *rest = self.p._pfheaders
            self.rets[first] = [rest]
        self._positions = defaultdict(Position)

    def notify_order(self, order: Any) -> None:
        """Collect the executions of this bar."""
        if order.status not in (order.Partial, order.Completed):
            return
        for bit in order.executed.iterpending():
            if bit is None:
                break
            self._positions[order.data._name].update(bit.size, bit.price)

    def next(self) -> None:
        """Note what this bar's executions come to."""
        super().next()
        if not self._positions:
            return
        entries = []
        for i, data in enumerate(self.datas):
            done = self._positions.get(data._name)
            if done is not None and done.size:
                entries.append([done.size, done.price, i, data._name, -done.size * done.price])
        if entries:
            self.rets[self.strategy.datetime.datetime()] = entries
        self._positions.clear()
