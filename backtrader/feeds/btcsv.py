"""The plain CSV layout: ``YYYY-MM-DD[,HH:MM:SS],open,high,low,close,volume,openinterest``."""

from __future__ import annotations

import datetime as _dt
from typing import Any

from ..utils.dateintern import date2num
from . import csvcolumns
from .csvbase import CSVDataBase
from .csvfast import Wanted, nums
from .factory import CSVFeedBase

_PRICES = ("open", "high", "low", "close", "volume", "openinterest")
_WITH_TIME = 8  # fields in a row that has the time of day
_DATE = csvcolumns.ANY.join(("YYYY", "mm", "dd"))
_TIME = csvcolumns.ANY.join(("HH", "MM", "SS"))


class BacktraderCSVData(CSVDataBase):
    """Rows of eight fields have the time of day; other rows get the session's end."""

    def _loadline(self, linetokens: list[str]) -> bool:
        prices = 1
        time = self.p.sessionend
        if len(linetokens) == _WITH_TIME:
            prices, time = 2, _time(linetokens[1])
        lines = self.lines
        lines.datetime[0] = date2num(_dt.datetime.combine(csvcolumns.iso_date(linetokens[0]), time))
        for name, text in zip(_PRICES, linetokens[prices : prices + 6], strict=True):
            getattr(lines, name)[0] = float(text)
        return True

    def _bad_field(self, tokens: list[str]) -> str:
        readers: list[tuple[str, Any]] = [("date", csvcolumns.iso_date)]
        if len(tokens) == _WITH_TIME:
            readers.append(("time", _time))
        readers.extend((name, float) for name in _PRICES)
        return csvcolumns.first_unreadable(tokens, enumerate_readers(readers))

    def _wanted(self, width: int) -> Any:
        with_time = width == _WITH_TIME
        stamps = ((0, _DATE), (1, _TIME)) if with_time else ((0, _DATE),)
        lines = tuple((name, column) for column, name in enumerate(_PRICES, len(stamps)))
        return Wanted(width, self.separator, stamps, lines, takes_empty=False)

    def _finish_columns(self, micros: Any, columns: Any, width: int) -> Any:
        if width != _WITH_TIME:
            micros = micros + csvcolumns.micros_of_day(self.p.sessionend)
        columns["datetime"] = nums(micros)
        return columns

    def _read_columns(self, fields: list[list[str]]) -> Any:
        with_time = len(fields) == _WITH_TIME
        layout = _DATE + _TIME if with_time else _DATE
        texts = list(map(str.__add__, fields[0], fields[1])) if with_time else fields[0]
        micros = csvcolumns.wall_clocks(texts, layout)
        if micros is None:
            return None
        prices = zip(_PRICES, fields[1 + with_time : 7 + with_time], strict=True)
        columns = {name: csvcolumns.floats(texts) for name, texts in prices}
        return self._finish_columns(micros, columns, len(fields))


def _time(text: str) -> _dt.time:
    return _dt.time(int(text[0:2]), int(text[3:5]), int(text[6:8]))


def enumerate_readers(readers: list[tuple[str, Any]]) -> list[tuple[int, str, Any]]:
    """Readers with the number of the column each one reads."""
    return [(i, name, read) for i, (name, read) in enumerate(readers)]


class BacktraderCSV(CSVFeedBase):
    """Makes `BacktraderCSVData`."""

    DataCls = BacktraderCSVData
