"""The account's return in the current period."""

from __future__ import annotations

from typing import Any

from .. import analyzers
from ..lines.clock import NAN
from ..lines.timeframe import TimeFrame
from .base import Observer

__all__ = ["TimeReturn"]


class TimeReturn(Observer):
    """Return since the current period (``timeframe``, ``compression``) began."""

    _stclock = True
    params: Any = (("timeframe", None), ("compression", None), ("fund", None))
    lines: Any = ("timereturn",)
    plotinfo: Any = dict(plot=True, subplot=True)
    plotlines: Any = dict(timereturn=dict(_name="Return"))

    treturn: Any

    def __init__(self) -> None:
        self.treturn = self._owner._addanalyzer_slave(analyzers.TimeReturn, **self.p._getkwargs())

    def _plotlabel(self) -> Any:
        timeframe, compression = self.treturn.timeframe, self.treturn.compression
        return [TimeFrame.getname(timeframe, compression), str(compression)]

    def next(self) -> None:
        """Record this bar."""
        self.lines.timereturn[0] = self.treturn.rets.get(self.treturn.dtkey, NAN)
