"""What the account is worth on every bar."""

from __future__ import annotations

from typing import Any

from .base import Observer

__all__ = ["Broker", "Cash", "FundShares", "FundValue", "Value"]


class Cash(Observer):
    """The cash at hand."""

    _stclock = True
    _quiet = "derived"
    lines: Any = ("cash",)
    plotinfo: Any = dict(plot=True, subplot=True)

    def next(self) -> None:
        """Record this bar."""
        self.lines.cash[0] = self._owner.broker.getcash()

    def _derive(self, history: Any, start: int, stop: int) -> None:
        self._memory[self.lines.cash][start:stop] = history.observed(start, stop).cash


class Value(Observer):
    """The value of the account, or of a fund share."""

    _stclock = True
    _quiet = "derived"
    params: Any = (("fund", None),)
    lines: Any = ("value",)
    plotinfo: Any = dict(plot=True, subplot=True)
    _fundmode: Any = None

    def start(self) -> None:
        """Find out whether to follow the account or the fund."""
        self._fundmode = self._owner.broker.fundmode if self.p.fund is None else self.p.fund

    def next(self) -> None:
        """Record this bar."""
        broker = self._owner.broker
        self.lines.value[0] = broker.fundvalue if self._fundmode else broker.getvalue()

    def _derive(self, history: Any, start: int, stop: int) -> None:
        curves = history.observed(start, stop)
        self._memory[self.lines.value][start:stop] = curves.fundvalue if self._fundmode else curves.value


class Broker(Observer):
    """Cash and value of the account; in fund mode only the value of a share."""

    _stclock = True
    _quiet = "derived"
    params: Any = (("fund", None),)
    alias: Any = ("CashValue",)
    lines: Any = ("cash", "value")
    plotinfo: Any = dict(plot=True, subplot=True)
    _fundmode: Any = None

    def start(self) -> None:
        """Find out whether to follow the account or the fund."""
        self._fundmode = self._owner.broker.fundmode if self.p.fund is None else self.p.fund
        if self._fundmode:
            self._line_options("cash")._plotskip = True
            self._line_options("value")._name = "FundValue"

    def next(self) -> None:
        """Record this bar."""
        broker = self._owner.broker
        if self._fundmode:
            self.lines.value[0] = broker.fundvalue
        else:
            self.lines.value[0] = broker.getvalue()
            self.lines.cash[0] = broker.getcash()

    def _derive(self, history: Any, start: int, stop: int) -> None:
        curves = history.observed(start, stop)
        if self._fundmode:
            self._memory[self.lines.value][start:stop] = curves.fundvalue
        else:
            self._memory[self.lines.value][start:stop] = curves.value
            self._memory[self.lines.cash][start:stop] = curves.cash


class FundValue(Observer):
    """The value of a fund share."""

    _stclock = True
    _quiet = "derived"
    alias: Any = ("FundShareValue", "FundVal")
    lines: Any = ("fundval",)
    plotinfo: Any = dict(plot=True, subplot=True)

    def next(self) -> None:
        """Record this bar."""
        self.lines.fundval[0] = self._owner.broker.fundvalue

    def _derive(self, history: Any, start: int, stop: int) -> None:
        self._memory[self.lines.fundval][start:stop] = history.observed(start, stop).fundvalue


class FundShares(Observer):
    """The number of fund shares."""

    _stclock = True
    _quiet = "derived"
    lines: Any = ("fundshares",)
    plotinfo: Any = dict(plot=True, subplot=True)

    def next(self) -> None:
        """Record this bar."""
        self.lines.fundshares[0] = self._owner.broker.fundshares

    def _derive(self, history: Any, start: int, stop: int) -> None:
        self._memory[self.lines.fundshares][start:stop] = history.observed(start, stop).fundshares
