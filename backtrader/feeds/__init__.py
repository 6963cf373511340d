"""Feeds: the outside world as bars."""

from __future__ import annotations

import importlib as _importlib
import typing as _typing

from ..compat import names as _names
from .base import AbstractDataBase, DataBase
from .btcsv import BacktraderCSV, BacktraderCSVData
from .chainer import Chainer
from .clone import DataClone
from .csvbase import CSVDataBase
from .csvgeneric import GenericCSV, GenericCSVData
from .factory import CSVFeedBase, FeedBase
from .mt4csv import MT4CSVData
from .pandafeed import PandasData, PandasDirectData
from .rollover import RollOver
from .sierrachart import SierraChartCSVData
from .vchartfile import VChartFile
from .yahoo import YahooFinance, YahooFinanceCSV, YahooFinanceCSVData, YahooFinanceData, YahooLegacyCSV

#: Imported on first use.
_LAZY = {
    "AkShareData": "online",
    "CCXTHistoryData": "online",
    "CSVDirectoryData": "directory",
    "CSVDirectoryDataFeed": "directory",
    "ColumnsCSVData": "columns",
    "ColumnsData": "columns",
    "InfluxDB": "influxfeed",
    "ParallelCSVLoader": "directory",
    "ParquetData": "columns",
    "Quandl": "quandl",
    "QuandlCSV": "quandl",
    "TIMEFRAMES": "influxfeed",
    "VChartCSV": "vchartcsv",
    "VChartCSVData": "vchartcsv",
    "VChartData": "vchart",
    "VChartFeed": "vchart",
    "YFinanceData": "online",
}

__all__ = [
    "AbstractDataBase",
    "BacktraderCSV",
    "BacktraderCSVData",
    "CSVDataBase",
    "CSVFeedBase",
    "Chainer",
    "DataBase",
    "DataClone",
    "FeedBase",
    "GenericCSV",
    "GenericCSVData",
    "MT4CSVData",
    "PandasData",
    "PandasDirectData",
    "RollOver",
    "SierraChartCSVData",
    "VChartFile",
    "YahooFinance",
    "YahooFinanceCSV",
    "YahooFinanceCSVData",
    "YahooFinanceData",
    "YahooLegacyCSV",
]


def __getattr__(name: str) -> _typing.Any:
    if name in _LAZY:
        found = getattr(_importlib.import_module(f".{_LAZY[name]}", __name__), name)
    else:
        found = _names.vendor("feeds", name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *_LAZY, *_names.VENDORS["feeds"]})
