"""How Visual Chart writes bars in its binary files, and what feeds of such files have in common.

A day is one number: years of 500 days with months of 32.  Bars within a day have the seconds
since midnight after it.  Then come four prices, volume and open interest.
"""

from __future__ import annotations

import datetime as _dt
import struct
from collections.abc import Iterator
from typing import Any

from ..errors import DataError
from ..utils.dateintern import date2num
from .base import DataBase
from .csvcolumns import micros_of_day
from .csvfast import nums

DAILY = struct.Struct("<IffffII")
INTRADAY = struct.Struct("<IIffffII")

_PRICES = ("open", "high", "low", "close", "volume", "openinterest")
_DAY = 86_400_000_000


class BinaryBars(DataBase):
    """Reads bars of one layout out of an open file; a subclass opens it."""

    f: Any = None
    _layout: struct.Struct
    _path: str
    _number = 0
    _daily_time: _dt.time  # what a bar of a whole day gets as its time of day

    def stop(self) -> None:
        """Close the file."""
        super().stop()
        self._close()

    def _close(self) -> None:
        if self.f is not None:
            self.f.close()
            self.f = None

    def _load(self) -> bool:
        raw = self.f.read(self._layout.size) if self.f is not None else b""
        if len(raw) < self._layout.size:
            self._close()  # a feed that is loaded can be sent to another process, an open file cannot
            if raw:
                self._cut_off(raw)
            return False
        self._number += 1
        record = self._layout.unpack(raw)
        try:
            self.lines.datetime[0] = date2num(_moment(record, self._daily_time))
        except ValueError as error:
            self._close()
            stamp = record[: -len(_PRICES)]
            raise DataError(
                f"{self._path}, bar {self._number}: {stamp} is no day and time ({error})"
            ) from error
        for name, value in zip(_PRICES, record[-len(_PRICES) :], strict=True):
            getattr(self.lines, name)[0] = value
        return True

    def _cut_off(self, raw: bytes) -> None:
        """The file ends within a bar."""

    def _column_chunks(self) -> Iterator[Any]:
        if self.f is None:
            return
        start = self.f.tell()
        raw = self.f.read()
        count = len(raw) // self._layout.size
        columns = _columns(self._layout, raw, count, self._daily_time)
        if columns is None:
            self.f.seek(start)
            return
        self._number += count
        self.f.seek(start + count * self._layout.size)
        yield columns


def _moment(record: tuple[Any, ...], daily_time: _dt.time) -> _dt.datetime:
    year, day_of_year = divmod(record[0], 500)
    month, day = divmod(day_of_year, 32)
    if len(record) == len(_PRICES) + 1:
        return _dt.datetime.combine(_dt.date(year, month, day), daily_time)
    minutes, second = divmod(record[1], 60)
    hour, minute = divmod(minutes, 60)
    return _dt.datetime(year, month, day, hour, minute, second)


def _columns(layout: struct.Struct, raw: bytes, count: int, daily_time: _dt.time) -> Any:
    """Bars as columns by line name; None if a day or a time is none."""
    import numpy as np

    intraday = layout is INTRADAY
    stamps = [("day", "<u4"), ("second", "<u4")] if intraday else [("day", "<u4")]
    kinds = [*stamps, *((name, "<f4") for name in _PRICES[:4]), *((name, "<u4") for name in _PRICES[4:])]
    bars = np.frombuffer(raw, np.dtype(kinds), count)
    year, day_of_year = np.divmod(bars["day"].astype(np.int64), 500)
    month, day = np.divmod(day_of_year, 32)
    months = ((year - 1970) * 12 + month - 1).astype("datetime64[M]")
    lengths = ((months + 1).astype("datetime64[D]") - months.astype("datetime64[D]")).astype(np.int64)
    good = (year >= 1) & (year <= 9999) & (month >= 1) & (month <= 12) & (day >= 1) & (day <= lengths)
    time = bars["second"].astype(np.int64) * 1_000_000 if intraday else np.int64(micros_of_day(daily_time))
    if not (good.all() and (time < _DAY).all()):
        return None
    columns = {name: bars[name].astype(np.float64) for name in _PRICES}
    columns["datetime"] = nums((months.astype("datetime64[D]").astype(np.int64) + day - 1) * _DAY + time)
    return columns
