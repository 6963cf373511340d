"""Observers: what is recorded of a run, bar by bar."""

from __future__ import annotations

from .base import MetaObserver, Observer
from .broker import Broker, Cash, CashValue, FundShares, FundShareValue, FundVal, FundValue, Value  # type: ignore[attr-defined]
from .buysell import BuySell
from .trades import DataTrades, Trades

__all__ = [
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
    "Value",
]
