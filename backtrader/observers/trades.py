"""What closed trades brought."""

from __future__ import annotations

from typing import Any

from ..lines.root import MetaLine
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
                self._mark(self._now.idx, trade, self.lines[0].array, self.lines[1].array)

    def _mark(self, at: int, trade: Any, plus: Any, minus: Any) -> None:
        if not any(trade.data is data for data in self.datas):
            return
        pnl = trade.pnlcomm if self.p.pnlcomm else trade.pnl
        (plus if pnl >= 0.0 else minus)[at] = pnl

    def _derive(self, history: Any, start: int, stop: int) -> None:
        plus, minus = (self._memory[line] for line in self.lines)
        for step, trade in history.closed_trades(start, stop):
            self._mark(step, trade, plus, minus)


class MetaDataTrades(MetaLine):
    """Gives `DataTrades` a class with one line a feed."""

    def doprenew(cls, *args: Any, **kwargs: Any) -> tuple[Any, tuple[Any, ...], dict[str, Any]]:
        """The class whose lines are called like the feeds."""
        usenames = kwargs.get("usenames", cls.params.usenames)  # type: ignore[attr-defined]
        datas = [arg for arg in args if hasattr(arg, "_name")]
        names = tuple(data._name if usenames else f"data{i}" for i, data in enumerate(datas))
        points = {
            name: dict(_POINT, marker=_MARKERS[i % len(_MARKERS)], color=_COLORS[i % len(_COLORS)])
            for i, name in enumerate(names)
        }
        space = {
            "lines": names,
            "plotlines": points,
            "__module__": cls.__module__,
            "__doc__": cls.__doc__,
            "_quiet": cls._quiet,  # type: ignore[attr-defined]
        }
        return type(cls)(cls.__name__, (cls,), space), args, kwargs


class DataTrades(Observer, metaclass=MetaDataTrades):
    """The gross profit of trades on the bar they closed, a line for each feed."""

    _stclock = True
    _quiet = "derived"
    params: Any = (("usenames", True),)
    plotinfo: Any = dict(plot=True, subplot=True, plothlines=[0.0], plotymargin=0.10)

    def next(self) -> None:
        """Record the trades that closed on this bar."""
        for trade in self._owner._tradespending:
            if trade.isclosed:
                self._mark(self._now.idx, trade, [line.array for line in self.lines])

    def _mark(self, at: int, trade: Any, columns: list[Any]) -> None:
        for data, values in zip(self.datas, columns, strict=False):
            if data is trade.data:
                values[at] = trade.pnl

    def _derive(self, history: Any, start: int, stop: int) -> None:
        columns = [self._memory[line] for line in self.lines]
        for step, trade in history.closed_trades(start, stop):
            self._mark(step, trade, columns)
