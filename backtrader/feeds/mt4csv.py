"""CSV as MetaTrader 4 exports it."""

from __future__ import annotations

from typing import Any

from .csvgeneric import GenericCSVData


class MT4CSVData(GenericCSVData):
    """``2020.01.02,10:11,open,high,low,close,volume``: date and time apart, no open interest."""

    params: Any = (
        ("dtformat", "%Y.%m.%d"),
        ("tmformat", "%H:%M"),
        ("datetime", 0),
        ("time", 1),
        ("open", 2),
        ("high", 3),
        ("low", 4),
        ("close", 5),
        ("volume", 6),
        ("openinterest", -1),
    )
