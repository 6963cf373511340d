"""Bars from Interactive Brokers."""

from __future__ import annotations

from typing import Any

from ...feeds.base import DataBase
from ...lines.timeframe import TimeFrame
from ..gone import IB
from .store import IBStore


@IB.refuses(
    {
        "__init__": "self, **kwargs",
        "canceldata": "self",
        "parsecontract": "self, dataname",
        "reqdata": "self",
    }
)
class IBData(DataBase):
    """A feed of the vendor; refuses to be made."""

    params: Any = (
        ("sectype", "STK"),
        ("exchange", "SMART"),
        ("currency", ""),
        ("rtbar", False),
        ("historical", False),
        ("what", None),
        ("useRTH", False),
        ("qcheck", 0.5),
        ("backfill_start", True),
        ("backfill", True),
        ("backfill_from", None),
        ("latethrough", False),
        ("tradename", None),
    )

    RTBAR_MINSIZE = (TimeFrame.Seconds, 5)

    _store: Any = IBStore


IBStore.DataCls = IBData
