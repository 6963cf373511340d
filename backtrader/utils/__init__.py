"""Parameters, construction, dates and containers: things that know nothing of trading."""

from __future__ import annotations

from typing import Any

from .autodict import AutoDict, AutoDictList, AutoOrderedDict, DotDict, OrderedDefaultdict, Tree
from .construct import MetaBase, MetaParams, ParamsBase, findbases, with_metaclass
from .dateintern import (
    TIME_MAX,
    TIME_MIN,
    UTC,
    Localizer,
    TZLocal,
    date2num,
    num2date,
    num2dt,
    num2time,
    time2num,
    tzparse,
)
from .owner import findowner
from .params import AutoInfoClass

__all__ = [
    "TIME_MAX",
    "TIME_MIN",
    "UTC",
    "AutoDict",
    "AutoDictList",
    "AutoInfoClass",
    "AutoOrderedDict",
    "DotDict",
    "Localizer",
    "MetaBase",
    "MetaParams",
    "OrderedDefaultdict",
    "ParamsBase",
    "TZLocal",
    "Tree",
    "date2num",
    "findbases",
    "findowner",
    "num2date",
    "num2dt",
    "num2time",
    "time2num",
    "tzparse",
    "with_metaclass",
]


def __getattr__(name: str) -> Any:
    """The legacy names of two Pythons, which live in a module of their own."""
    if name in ("iteritems", "py3lvalues"):
        from . import py3

        return getattr(py3, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
