"""Feeds: the outside world as bars."""

from __future__ import annotations

from .base import AbstractDataBase, DataBase
from .btcsv import BacktraderCSV, BacktraderCSVData
from .clone import DataClone
from .csvbase import CSVDataBase
from .csvgeneric import GenericCSV, GenericCSVData
from .factory import CSVFeedBase, FeedBase
from .pandafeed import PandasData, PandasDirectData

__all__ = [
    "AbstractDataBase",
    "BacktraderCSV",
    "BacktraderCSVData",
    "CSVDataBase",
    "CSVFeedBase",
    "DataBase",
    "DataClone",
    "FeedBase",
    "GenericCSV",
    "GenericCSVData",
    "PandasData",
    "PandasDirectData",
]
