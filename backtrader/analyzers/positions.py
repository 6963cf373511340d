"""The value of each position, bar by bar."""

from __future__ import annotations

from typing import Any

from ..lines.timeframe import TimeFrame
from .base import Analyzer

__all__ = ["PositionsValue"]


class PositionsValue(Analyzer):
    """A list of the values of the positions in each data by date (by moment, for data below days).

    With ``headers`` the first entry, under ``Datetime``, names the datas; with ``cash`` it comes last.
    """

    params: Any = (("headers", False), ("cash", False))

    _usedate: bool

    def start(self) -> None:
        """Write the headers."""
        if self.p.headers:
            names = [data._name or f"Data{i}" for i, data in enumerate(self.datas)]
            self.rets["Datetime"] = names + ["cash"] * self.p.cash
        self._usedate = min(data._timeframe for data in self.datas) >= TimeFrame.Days

    def next(self) -> None:
        """Note this bar."""
        broker = self.strategy.broker
        values = [broker.get_value([data]) for data in self.datas]
        if self.p.cash:
            values.append(broker.get_cash())
        now = self.strategy.datetime
        self.rets[now.date() if self._usedate else now.datetime()] = values
