"""How much of the account is invested."""

from __future__ import annotations

from typing import Any

from .derived import Derived
from .periods import moments
from .progress import History

__all__ = ["GrossLeverage"]


class GrossLeverage(Derived):
    """The part of the account (or fund) that is not cash, by moment of the first data."""

    params: Any = (("fund", None),)

    _fundmode: bool
    _cash: float
    _value: float

    def start(self) -> None:
        """Account or fund: as asked for, else as the broker."""
        self._fundmode = self.strategy.broker.fundmode if self.p.fund is None else self.p.fund

    def notify_fund(self, cash: float, value: float, fundvalue: float, shares: float) -> None:
        """Take this bar's cash and value."""
        self._cash = cash
        # compat: in fund mode the value of one share is compared with the cash of the account
        self._value = fundvalue if self._fundmode else value

    def next(self) -> None:
        """Note this bar."""
        self.rets[self.data0.datetime.datetime()] = (self._value - self._cash) / self._value

    # -- derived ---------------------------------------------------------------------------------
    def _catch_up(self, past: History, start: int, stop: int) -> None:
        values = past.fundvalues(stop) if self._fundmode else past.values(stop)
        now = self.data0.datetime
        times = moments(past.column(self.data0, now), start, stop, now._tz)
        rets = self.rets
        for moment, value, cash in zip(times, values[start:stop], past.cash(stop)[start:stop], strict=True):
            rets[moment] = (value - cash) / value
