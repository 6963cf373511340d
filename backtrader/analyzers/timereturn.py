"""Returns of the account, or of a data, by period."""

from __future__ import annotations

from typing import Any

from .derived import DerivedByPeriod
from .progress import History

__all__ = ["TimeReturn"]


class TimeReturn(DerivedByPeriod):
    """The return of each period by the period's key: of the account, of its fund, or of ``data``.

    A data's first period is measured from its first open, unless ``firstopen`` is off.
    """

    params: Any = (("data", None), ("firstopen", True), ("fund", None))

    _fundmode: bool
    _value: float
    _value_start: float
    _lastvalue: float | None

    def start(self) -> None:
        """Take the account's value before the first bar."""
        super().start()
        broker = self.strategy.broker
        self._fundmode = broker.fundmode if self.p.fund is None else self.p.fund
        self._value_start = 0.0
        self._lastvalue = None
        if self.p.data is None:
            self._lastvalue = broker.fundvalue if self._fundmode else broker.getvalue()

    def notify_fund(self, cash: float, value: float, fundvalue: float, shares: float) -> None:
        """Take this bar's value."""
        if self.p.data is not None:
            self._value = self.p.data[0]
        else:
            self._value = fundvalue if self._fundmode else value

    def on_dt_over(self) -> None:
        """Measure from the last value of the period before."""
        if self._lastvalue is not None:
            self._value_start = self._lastvalue
        else:
            self._value_start = self.p.data.open[0] if self.p.firstopen else self.p.data[0]

    def next(self) -> None:
        """The period's return so far."""
        super().next()
        self.rets[self.dtkey] = (self._value / self._value_start) - 1.0
        self._lastvalue = self._value

    # -- derived ---------------------------------------------------------------------------------
    def _can_catch_up(self) -> bool:
        return self.p.data is None and super()._can_catch_up()

    def _catch_up(self, past: History, start: int, stop: int) -> None:
        values = past.fundvalues(stop) if self._fundmode else past.values(stop)
        rets, key, begin = self.rets, self.dtkey, self._value_start
        last: Any = self._lastvalue
        for step, _, next_key in self._changes(past, start, stop):
            if step > start:
                last = values[step - 1]
                rets[key] = (last / begin) - 1.0
            key, begin = next_key, last
        self._lastvalue = self._value = values[stop - 1]
        self._value_start = begin
        rets[key] = (self._value / begin) - 1.0
