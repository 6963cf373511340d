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
    "contrib.vortex",
    "williams",
    "lrsi",
    "heikinashi",
    "hadelta",
    "envelope",
    "oscillator",
    "psar",
    "ols",
    "hurst",
    "windows",
)


def _classes(file: str) -> dict[str, object]:
    """What a file offers, and the classes that were made for the other names of its indicators."""
    module = import_module(f"{__name__}.{file}")
    made = vars(module).items()
    return {name: getattr(module, name) for name in module.__all__} | {
        name: x for name, x in made if isinstance(x, type) and issubclass(x, Indicator) and _is_own(x, module)
    }


def _is_own(x: type, module: object) -> bool:
    return x.__module__ == getattr(module, "__name__", "") and not x.__name__.startswith("_")


for _file in _FILES:
    globals().update(_classes(_file))


def __getattr__(name: str) -> typing.Any:
    raise AttributeError(f"backtrader.indicators has no {name!r}")
