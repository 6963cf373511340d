"""What closed trades brought."""

from __future__ import annotations

from typing import Any

from ..lines.declare import Lines
from ..lines.root import MetaLine
from ..utils.params import AutoInfoClass
from .base import Observer

__all__ = ["DataTrades", "MetaDataTrades", "Trades"]

_MARKERS = "o", "v", "^", "<", ">", "1", "2", "3", "4", "8", "s", "p", "*", "h", "H", "+", "x", "D", "d"
_COLORS = "b", "g", "r", "c", "m", "y", "k"
_POINT = {"ls": "", "markersize": 8.0, "fillstyle": "full"}


class Trades(Observer):
    """The profit of trades on the bar they closed, winners and losers apart."""

    _stclock = True
    _quiet = "derived"
    lines: Any = ("pnlplus", "pnlminus")
    params: Any = (("pnlcomm", True),)
    plotinfo: Any = dict(
        plot=True, subplot=True, plotname="Trades - Net Profit/Loss", plotymargin=0.10, plothlines=[0.0]
    )
    plotlines: Any = dict(
        pnlplus=dict(_POINT, _name="Positive", marker="o", color="blue"),
        pnlminus=dict(_POINT, _name="Negative", marker="o", color="red"),
    )

    def next(self) -> None:
        """Record the trades that closed on this bar."""
        for trade in self._owner._tradespending:
            if trade.isclosed:
                self._mark(
                    self._now.idx,
                    trade.data,
                    trade.pnl,
                    trade.pnlcomm,
                    self.lines[0].array,
                    self.lines[1].array,
                )

    def _mark(self, at: int, traded: Any, gross: float, net: float, plus: Any, minus: Any) -> None:
        if not any(traded is data for data in self.datas):
            return
        pnl = net if self.p.pnlcomm else gross
        (plus if pnl >= 0.0 else minus)[at] = pnl

    def _derive(self, history: Any, start: int, stop: int) -> None:
        plus, minus = (self._memory[line] for line in self.lines)
        for step, traded, gross, net in history.closed_trades(start, stop):
            self._mark(step, traded, gross, net, plus, minus)


class MetaDataTrades(MetaLine):
    """Upstream's name of the metaclass."""


class DataTrades(Observer, metaclass=MetaDataTrades):
    """The gross profit of trades on the bar they closed, a line for each feed."""

    _stclock = True
    _quiet = "derived"
    params: Any = (("usenames", True),)
    plotinfo: Any = dict(plot=True, subplot=True, plothlines=[0.0], plotymargin=0.10)

    def _make_lines(self, clock: Any, kwargs: dict[str, Any], initlines: Any = None) -> None:
        super()._make_lines(clock, kwargs)
        names = [data._name if self.p.usenames else f"data{i}" for i, data in enumerate(self.datas)]
        points = {
            name: dict(_POINT, marker=_MARKERS[i % len(_MARKERS)], color=_COLORS[i % len(_COLORS)])
            for i, name in enumerate(names)
        }
        # made by hand, not declared: several feeds without a name have lines of the same name
        bundle = type("Lines_DataTrades", (Lines,), {"_names": tuple(names)})(None, clock)
        own = self.__dict__
        own["lines"] = own["l"] = bundle
        own["plotlines"] = AutoInfoClass._derive("DataTrades", points, recurse=True)()
        for line in bundle.lines:
            line._owner = line._source = self
        if bundle.lines:
            own["_line0"] = bundle.lines[0]

    def next(self) -> None:
        """Record the trades that closed on this bar."""
        for trade in self._owner._tradespending:
            if trade.isclosed:
                self._mark(self._now.idx, trade.data, trade.pnl, [line.array for line in self.lines])

    def _mark(self, at: int, traded: Any, gross: float, columns: list[Any]) -> None:
        for data, values in zip(self.datas, columns, strict=False):
            if data is traded:
                values[at] = gross

    def _derive(self, history: Any, start: int, stop: int) -> None:
        columns = [self._memory[line] for line in self.lines]
        for step, traded, gross, _ in history.closed_trades(start, stop):
            self._mark(step, traded, gross, columns)
