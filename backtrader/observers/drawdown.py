"""How far, and for how long, the account is below its highest value."""

from __future__ import annotations

from typing import Any

from .. import analyzers
from .base import Observer

__all__ = ["DrawDown", "DrawDownLength", "DrawDown_Old"]


class DrawDown(Observer):
    """Draw-down in percent, and the largest so far."""

    _stclock = True
    params: Any = (("fund", None),)
    lines: Any = ("drawdown", "maxdrawdown")
    plotinfo: Any = dict(plot=True, subplot=True)
    plotlines: Any = dict(maxdrawdown=dict(_plotskip=True))

    def __init__(self) -> None:
        self._dd = self._owner._addanalyzer_slave(analyzers.DrawDown, **self.p._getkwargs())

    def next(self) -> None:
        """Record this bar."""
        found = self._dd.rets
        self.lines.drawdown[0] = found.drawdown
        self.lines.maxdrawdown[0] = found.max.drawdown


class DrawDownLength(Observer):
    """Length of the draw-down in bars, and the longest so far."""

    _stclock = True
    lines: Any = ("len", "maxlen")
    plotinfo: Any = dict(plot=True, subplot=True)
    plotlines: Any = dict(maxlength=dict(_plotskip=True))  # compat: there is no line of this name

    def __init__(self) -> None:
        self._dd = self._owner._addanalyzer_slave(analyzers.DrawDown)

    def next(self) -> None:
        """Record this bar."""
        found = self._dd.rets
        self.lines.len[0] = found.len
        self.lines.maxlen[0] = found.max.len


class DrawDown_Old(Observer):
    """Draw-down in percent, and the largest so far, without an analyzer."""

    _stclock = True
    lines: Any = ("drawdown", "maxdrawdown")
    plotinfo: Any = dict(plot=True, subplot=True)
    plotlines: Any = dict(maxdrawdown=dict(_plotskip="True"))

    def __init__(self) -> None:
        super().__init__()
        self.maxdd = 0.0
        self.peak = float("-inf")

    def next(self) -> None:
        """Record this bar."""
        value = self._owner.broker.getvalue()
        self.peak = max(self.peak, value)
        drawdown = self.lines.drawdown[0] = 100.0 * (self.peak - value) / self.peak
        self.maxdd = self.lines.maxdrawdown[0] = max(self.maxdd, drawdown)
