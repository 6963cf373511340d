"""The value of each position, bar by bar."""

from __future__ import annotations

from typing import Any

from ..lines.timeframe import TimeFrame
from .derived import Derived
from .periods import moments
from .progress import History

__all__ = ["PositionsValue"]


class PositionsValue(Derived):
    """A list of the values of the positions in each data by date (by moment, for data below days).

    With ``headers`` the first entry, under ``Datetime``, names the datas; with ``cash`` it comes last.
    """

    params: Any = (("headers", False), ("cash", False))

    _usedate: bool

    def start(self) -> None:
        """Write the headers."""
        if self.p.headers:
            names = [data._name or f"Data{i}" for i, data in enumerate(self.datas)]
            self._results["Datetime"] = names + ["cash"] * self.p.cash
        self._usedate = min(data._timeframe for data in self.datas) >= TimeFrame.Days
        if self._past is not None:
            self.strategy.broker.ask_later(self.datas, self._leave_history)

    def next(self) -> None:
        """Note this bar."""
        broker = self.strategy.broker
        values = [broker.get_value([data]) for data in self.datas]
        if self.p.cash:
            values.append(broker.get_cash())
        now = self.strategy.datetime
        self.rets[now.date() if self._usedate else now.datetime()] = values

    # -- derived ---------------------------------------------------------------------------------
    def _can_catch_up(self) -> bool:
        """Unless asking the broker on every bar would change what is answered."""
        broker = self.strategy.broker
        alone = len(self.strategy.cerebro.runningstrats) == 1  # nobody changes the account after our turn
        return alone and not broker.eager

    def _read(self) -> None:
        self._leave_history()

    def _leave_history(self) -> None:
        """Be stepped from now on: results are looked at, or what past values depend on is about to change."""
        past = self._past
        if past is not None:
            self._sync()
            self._past = None
            past.wake(self, always=True)

    def _catch_up(self, past: History, start: int, stop: int) -> None:
        columns: list[Any] = [past.worth(data, start, stop) for data in self.datas]
        if self.p.cash:
            columns.append(past.cash(stop)[start:stop])
        times = moments(past.datetimes, start, stop, getattr(self.strategy.datetime, "_tz", None))
        rets, dates = self.rets, self._usedate
        for moment, *values in zip(times, *columns, strict=True):
            rets[moment.date() if dates else moment] = values
