"""Observers: what is recorded of a run, bar by bar."""

from __future__ import annotations

from .base import MetaObserver, Observer
from .benchmark import Benchmark
from .broker import Broker, Cash, CashValue, FundShares, FundShareValue, FundVal, FundValue, Value  # type: ignore[attr-defined]
from .buysell import BuySell
from .drawdown import DrawDown, DrawDown_Old, DrawDownLength
from .logreturns import LogReturns, LogReturns2
from .timereturn import TimeReturn
from .trades import DataTrades, Trades

__all__ = [
    "Benchmark",
    "Broker",
    "BuySell",
    "Cash",
    "CashValue",
    "DataTrades",
    "FundShareValue",
    "FundShares",
    "FundVal",
    "FundValue",
    "MetaObserver",
    "Observer",
    "Trades",
    "DrawDown",
    "DrawDownLength",
    "DrawDown_Old",
    "LogReturns",
    "LogReturns2",
    "TimeReturn",
    "Value",
]
