"""Indicators: lines computed from other lines.

Every class is found here under its name and its short names, ``RelativeStrengthIndex`` and ``RSI``.
"""

from __future__ import annotations

import typing
from importlib import import_module

from ..lines.functions import (
    All,
    And,
    Cmp,
    CmpEx,
    DivByZero,
    DivZeroByZero,
    If,
    List,
    Logic,
    Max,
    Min,
    MultiLogic,
    MultiLogicReduce,
    Or,
    Reduce,
    Sum,
    cmp,
)
from ..lines.functions import Any_ as Any
from ..utils.construct import with_metaclass
from .base import Indicator, LinePlotterIndicator, MetaIndicator, MtLinePlotterIndicator
from .mabase import MovingAverage

# Moving averages first: the others take them for defaults of their parameters.
_FILES = (
    "basicops",
    "mabase",
    "sma",
    "ema",
    "smma",
    "wma",
    "dema",
    "kama",
    "zlema",
    "hma",
    "zlind",
    "dma",
    "deviation",
    "crossover",
    "rsi",
    "macd",
    "bollinger",
    "atr",
    "momentum",
    "stochastic",
    "awesomeoscillator",
    "accdecoscillator",
    "aroon",
    "cci",
    "directionalmove",
    "dpo",
    "percentrank",
    "dv2",
    "ichimoku",
    "kst",
    "percentchange",
    "pivotpoint",
    "prettygoodoscillator",
    "priceoscillator",
    "rmi",
    "trix",
    "tsi",
    "ultimateoscillator",
    "vortex",
    "williams",
    "lrsi",
    "heikinashi",
    "hadelta",
    "envelope",
    "oscillator",
)


def _classes(file: str) -> dict[str, type]:
    """The indicators of a file, under all of their names: a short name is a class of its own."""
    path = f"{__name__}.{file}"
    return {
        name: found
        for name, found in vars(import_module(path)).items()
        if isinstance(found, type)
        and issubclass(found, (Indicator, MovingAverage))
        and name[0] != "_"
        and found.__module__ == path
    }


for _file in _FILES:
    globals().update(_classes(_file))


def __getattr__(name: str) -> typing.Any:
    raise AttributeError(f"backtrader.indicators has no {name!r}")
