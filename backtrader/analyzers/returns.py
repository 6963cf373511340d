"""Total, average and annualised return of the whole run, on a logarithmic scale."""

from __future__ import annotations

import math
from typing import Any

from ..lines.timeframe import TimeFrame
from .derived import DerivedByPeriod
from .progress import History

__all__ = ["Returns"]


class Returns(DerivedByPeriod):
    """``rtot``, ``ravg`` (a period), ``rnorm`` and ``rnorm100`` (a year, also in percent).

    ``tann`` is the number of periods in a year; by default that of the timeframe.
    """

    params: Any = (("tann", None), ("fund", None))

    _TANN = {TimeFrame.Days: 252.0, TimeFrame.Weeks: 52.0, TimeFrame.Months: 12.0, TimeFrame.Years: 1.0}

    _fundmode: bool
    _value_start: float
    _value_end: float
    _tcount: int

    def start(self) -> None:
        """Take the account's value before the first bar."""
        super().start()
        self._fundmode = self.strategy.broker.fundmode if self.p.fund is None else self.p.fund
        self._value_start = self._value_now()
        self._tcount = 0

    def _value_now(self) -> float:
        broker = self.strategy.broker
        return broker.fundvalue if self._fundmode else broker.getvalue()  # type: ignore[no-any-return]

    def on_dt_over(self) -> None:
        """Count periods."""
        self._tcount += 1

    def stop(self) -> None:
        """Work the returns out."""
        super().stop()
        self._value_end = self._value_now()
        rtot = self._total()
        ravg = rtot / self._tcount
        tann = self.p.tann or self._TANN.get(self.timeframe)
        if tann is None:
            tann = self._TANN.get(self.data._timeframe, 1.0)
        rnorm = math.expm1(ravg * tann) if ravg > float("-inf") else ravg
        self.rets.update(rtot=rtot, ravg=ravg, rnorm=rnorm, rnorm100=rnorm * 100.0)

    def _total(self) -> float:
        """The logarithm of end over start; minus infinity when everything is lost."""
        if not self._value_start:
            return float("-inf")
        growth = self._value_end / self._value_start
        return float("-inf") if growth < 0.0 else math.log(growth)

    # -- derived ---------------------------------------------------------------------------------
    def _catch_up(self, past: History, start: int, stop: int) -> None:
        self._tcount += len(self._changes(past, start, stop))
