"""Logarithmic returns over a rolling number of periods."""

from __future__ import annotations

import math
from collections import deque
from typing import Any

from .derived import DerivedByPeriod
from .progress import History

__all__ = ["LogReturnsRolling"]


class LogReturnsRolling(DerivedByPeriod):
    """The logarithm of the growth over the last ``compression`` periods: of the account or ``data``.

    A data is measured from its first open, unless ``firstopen`` is off.
    """

    params: Any = (("data", None), ("firstopen", True), ("fund", None))

    _fundmode: bool
    _value: float
    _lastvalue: float
    _values: deque[float]

    def start(self) -> None:
        """Take the value before the first bar."""
        super().start()
        broker, data = self.strategy.broker, self.p.data
        self._fundmode = broker.fundmode if self.p.fund is None else self.p.fund
        self._values = deque([float("nan")] * self.compression, maxlen=self.compression)
        if data is None:
            self._lastvalue = broker.fundvalue if self._fundmode else broker.getvalue()

    def notify_fund(self, cash: float, value: float, fundvalue: float, shares: float) -> None:
        """Take this bar's value."""
        if self.p.data is not None:
            self._value = self.p.data[0]
        else:
            self._value = fundvalue if self._fundmode else value

    def on_dt_over(self) -> None:
        """One more period to measure from."""
        data = self.p.data
        if data is None or len(data) > 1:
            self._values.append(self._lastvalue)
        else:
            self._values.append(data.open[0] if self.p.firstopen else data[0])

    def next(self) -> None:
        """The return so far."""
        super().next()
        self.rets[self.dtkey] = math.log(self._value / self._values[0])
        self._lastvalue = self._value

    # -- derived ---------------------------------------------------------------------------------
    def _can_catch_up(self) -> bool:
        return self.p.data is None and super()._can_catch_up()

    def _catch_up(self, past: History, start: int, stop: int) -> None:
        values = past.fundvalues(stop) if self._fundmode else past.values(stop)
        rets, key, begun = self.rets, self.dtkey, self._values
        for step, _, next_key in self._changes(past, start, stop):
            if step > start:
                self._lastvalue = values[step - 1]
                rets[key] = math.log(self._lastvalue / begun[0])
            begun.append(self._lastvalue)
            key = next_key
        self._lastvalue = self._value = values[stop - 1]
        rets[key] = math.log(self._value / begun[0])
