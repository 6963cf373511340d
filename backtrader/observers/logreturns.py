"""Logarithmic returns of datas."""

from __future__ import annotations

from typing import Any

from .. import analyzers
from ..lines.timeframe import TimeFrame
from .base import Observer

__all__ = ["LogReturns", "LogReturns2"]


class LogReturns(Observer):
    """Logarithmic return of the first data over the last ``compression`` periods."""

    _stclock = True
    params: Any = (("timeframe", None), ("compression", None), ("fund", None))
    lines: Any = ("logret1",)
    plotinfo: Any = dict(plot=True, subplot=True)

    def __init__(self) -> None:
        self.logret1 = self._rolling(self.data0)

    def _rolling(self, data: Any) -> Any:
        return self._owner._addanalyzer_slave(analyzers.LogReturnsRolling, data=data, **self.p._getkwargs())

    def _plotlabel(self) -> Any:
        timeframe, compression = self.p.timeframe, self.p.compression
        name = TimeFrame.getname(timeframe or self.data._timeframe, compression or 1)
        return [name, str(compression or 1)]

    def next(self) -> None:
        """Record this bar."""
        self.lines.logret1[0] = self.logret1.rets[self.logret1.dtkey]


class LogReturns2(LogReturns):
    """The same for the first two datas."""

    lines: Any = ("logret2",)

    def __init__(self) -> None:
        super().__init__()
        self.logret2 = self._rolling(self.data1)

    def next(self) -> None:
        """Record this bar."""
        super().next()
        self.lines.logret2[0] = self.logret2.rets[self.logret2.dtkey]
