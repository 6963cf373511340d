"""Everything the ``pyfolio`` package wants to know about a run."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ..lines.timeframe import TimeFrame
from ..utils.optional import require
from .base import Analyzer
from .leverage import GrossLeverage
from .positions import PositionsValue
from .timereturn import TimeReturn
from .transactions import Transactions

__all__ = ["PyFolio"]


class PyFolio(Analyzer):
    """``returns positions transactions gross_lev``, as dictionaries; `get_pf_items` gives them to pandas."""

    params: Any = (("timeframe", TimeFrame.Days), ("compression", 1))

    def __init__(self) -> None:
        super().__init__()
        self._returns = TimeReturn(timeframe=self.p.timeframe, compression=self.p.compression)
        self._positions = PositionsValue(headers=True, cash=True)
        self._transactions = Transactions(headers=True)
        self._gross_lev = GrossLeverage()

    def stop(self) -> None:
        """Collect the parts."""
        super().stop()
        self.rets["returns"] = self._returns.get_analysis()
        self.rets["positions"] = self._positions.get_analysis()
        self.rets["transactions"] = self._transactions.get_analysis()
        self.rets["gross_lev"] = self._gross_lev.get_analysis()

    def get_pf_items(self) -> tuple[Any, Any, Any, Any]:
        """Returns, positions, transactions and gross leverage as pandas objects with a UTC index."""
        returns = _frame(self.rets["returns"].items(), ["index", "return"])
        # compat: of the positions only that in the last data, beside the cash
        rows = [[when, *values[-2:]] for when, values in self.rets["positions"].items()]
        positions = _frame(rows[1:], rows[0])
        rows = [[when, *fields] for when, entries in self.rets["transactions"].items() for fields in entries]
        transactions = _frame(rows[1:], rows[0])
        leverage = _frame(self.rets["gross_lev"].items(), ["index", "gross_lev"])
        return returns["return"], positions, transactions, leverage["gross_lev"]


def _frame(rows: Iterable[Any], columns: list[str]) -> Any:
    pd: Any = require("pandas", extra="pandas", why="PyFolio.get_pf_items()")
    frame = pd.DataFrame.from_records(list(rows), index=columns[0], columns=columns)
    frame.index = pd.to_datetime(frame.index).tz_localize("UTC")
    return frame
