"""Ways to hand rows to an engine: a user feed, a DataFrame, a CSV file. Imports whichever engine runs the worker."""

from __future__ import annotations

import datetime as dt
import io
import math
from typing import Any

import backtrader as bt

from .data import Row

_COLUMNS = ("open", "high", "low", "close", "volume", "openinterest")


class RowsFeed(bt.feed.DataBase):
    """A user-written feed: one row at a time through ``_load``."""

    params = (("rows", ()),)

    def start(self) -> None:
        """Back to the first row."""
        super().start()
        self._next_row = 0

    def _load(self) -> bool:
        if self._next_row >= len(self.p.rows):
            return False
        row = self.p.rows[self._next_row]
        self._next_row += 1
        self.lines.datetime[0] = bt.date2num(row[0])
        for name, value in zip(_COLUMNS, row[1:], strict=True):
            getattr(self.lines, name)[0] = value
        return True


def frame(rows: list[Row], **columns: str) -> Any:
    """The rows as a DataFrame indexed by time; keywords rename columns."""
    import pandas as pd

    data = {columns.get(name, name): [row[i + 1] for row in rows] for i, name in enumerate(_COLUMNS)}
    return pd.DataFrame(data, index=pd.DatetimeIndex([row[0] for row in rows], name="datetime"))


def rows_feed(rows: list[Row], **kwargs: Any) -> Any:
    """Rows through the user-written feed."""
    return RowsFeed(rows=rows, **kwargs)


def pandas_feed(rows: list[Row], **kwargs: Any) -> Any:
    """Rows through PandasData."""
    return bt.feeds.PandasData(dataname=frame(rows), **kwargs)


def csv_text(rows: list[Row], fmt: str = "%Y-%m-%d %H:%M:%S", header: bool = True) -> str:
    """Rows as CSV text; NaN becomes an empty field."""

    def field(value: float) -> str:
        return "" if math.isnan(value) else repr(value)

    lines = ["datetime," + ",".join(_COLUMNS)] if header else []
    lines += [",".join([row[0].strftime(fmt), *map(field, row[1:])]) for row in rows]
    return "\n".join(lines) + "\n"


def csv_feed(rows: list[Row], **kwargs: Any) -> Any:
    """Rows through GenericCSVData out of memory."""
    return bt.feeds.GenericCSVData(dataname=io.StringIO(csv_text(rows)), **kwargs)


FEEDS = {"rows": rows_feed, "pandas": pandas_feed, "csv": csv_feed}


def intraday(step: int = 1) -> dict[str, Any]:
    """Feed arguments for minute bars."""
    return {"timeframe": bt.TimeFrame.Minutes, "compression": step}


def at(text: str) -> dt.datetime:
    """Short for a datetime literal."""
    return dt.datetime.fromisoformat(text)
