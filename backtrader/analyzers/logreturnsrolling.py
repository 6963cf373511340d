"""Logarithmic returns over a rolling number of periods."""

from __future__ import annotations

import math
from collections import deque
from typing import Any

from .base import TimeFrameAnalyzerBase

__all__ = ["LogReturnsRolling"]


class LogReturnsRolling(TimeFrameAnalyzerBase):
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
