"""Prices from providers on the internet, through their client packages, which are imported when used.

>>> data = bt.feeds.YFinanceData(dataname="AAPL", fromdate=datetime.date(2020, 1, 1))

Each is a feed, and a source for `save`, which writes a file (``tools/download_*.py`` are commands
for that).
"""

from __future__ import annotations

from .akshares import AkShareData, AkShareSource
from .base import OnlineData
from .ccxthistory import CCXTHistoryData, CCXTSource
from .save import Saved, save
from .source import Bar, Source
from .yfinances import YFinanceData, YFinanceSource

__all__ = [
    "AkShareData",
    "AkShareSource",
    "Bar",
    "CCXTHistoryData",
    "CCXTSource",
    "OnlineData",
    "Saved",
    "Source",
    "YFinanceData",
    "YFinanceSource",
    "save",
]
