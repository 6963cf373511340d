"""Stores: one connection shared by feeds and a broker."""

from __future__ import annotations

import typing as _typing

from ..compat import names as _names
from .base import MetaSingleton, Store
from .vchartfile import VChartFile

__all__ = ["MetaSingleton", "Store", "VChartFile"]


def __getattr__(name: str) -> _typing.Any:
    found = globals()[name] = _names.vendor("stores", name)
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *_names.VENDORS["stores"]})
