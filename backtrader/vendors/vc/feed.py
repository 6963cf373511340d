"""Bars from Visual Chart."""

from __future__ import annotations

import datetime as _dt
from typing import Any

from ...feeds.base import DataBase
from ..gone import VC
from .store import VCStore


@VC.refuses(
    {
        "__init__": "self, **kwargs",
        "OnNewDataSerieBar": "self, DataSerie, forcepush=False",
        "OnNewTicks": "self, ArrayTicks",
        "debug_ticks": "self, ticks",
        "ping": "self",
    }
)
class VCData(DataBase):
    """A feed of the vendor; refuses to be made."""

    params: Any = (
        ("qcheck", 0.5),
        ("historical", False),
        ("millisecond", True),
        ("tradename", None),
        ("usetimezones", True),
    )

    NULLDATE = _dt.datetime(1899, 12, 30)
    MILLISECOND = _dt.timedelta(milliseconds=1)
    PING_TIMEOUT = 25.0


VCStore.DataCls = VCData
