"""Bars from Oanda."""

from __future__ import annotations

from typing import Any

from ...feeds.base import DataBase
from ..gone import OANDA
from .store import OandaStore


@OANDA.refuses({"__init__": "self, **kwargs"})
class OandaData(DataBase):
    """A feed of the vendor; refuses to be made."""

    params: Any = (
        ("qcheck", 0.5),
        ("historical", False),
        ("backfill_start", True),
        ("backfill", True),
        ("backfill_from", None),
        ("bidask", True),
        ("useask", False),
        ("includeFirst", True),
        ("reconnect", True),
        ("reconnections", -1),
        ("reconntimeout", 5.0),
    )

    _store: Any = OandaStore


OandaStore.DataCls = OandaData
