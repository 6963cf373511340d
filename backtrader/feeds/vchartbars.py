"""How Visual Chart writes bars in its binary files.

A day is one number: years of 500 days with months of 32.  Bars within a day have the seconds
since midnight after it.  Then come four prices, volume and open interest.
"""

from __future__ import annotations

import datetime as _dt
import struct
from typing import Any

from ..errors import DataError

DAILY = struct.Struct("<IffffII")
INTRADAY = struct.Struct("<IIffffII")

_PRICES = ("open", "high", "low", "close", "volume", "openinterest")


def moment_of(record: tuple[Any, ...], end_of_day: _dt.time) -> _dt.datetime:
    """The time of an unpacked bar; a daily one gets ``end_of_day``."""
    year, day_of_year = divmod(record[0], 500)
    month, day = divmod(day_of_year, 32)
    if len(record) == len(_PRICES) + 1:
        return _dt.datetime.combine(_dt.date(year, month, day), end_of_day)
    minutes, second = divmod(record[1], 60)
    hour, minute = divmod(minutes, 60)
    return _dt.datetime(year, month, day, hour, minute, second)


def write_prices(record: tuple[Any, ...], lines: Any) -> None:
    """The prices of an unpacked bar to the lines of a feed."""
    for name, value in zip(_PRICES, record[-len(_PRICES) :], strict=True):
        getattr(lines, name)[0] = value


def unpack(layout: struct.Struct, raw: bytes, where: str, number: int) -> tuple[Any, ...]:
    """One bar out of the bytes of a file; an error that names the place if there are too few."""
    if len(raw) < layout.size:
        raise DataError(f"{where}, bar {number}: {len(raw)} bytes are left, a bar has {layout.size}")
    return layout.unpack(raw)


def bad_moment(record: tuple[Any, ...], where: str, number: int, error: Exception) -> DataError:
    """The error for a bar whose day or time is none."""
    stamp = record[: len(record) - len(_PRICES)]
    return DataError(f"{where}, bar {number}: {stamp} is no day and time ({error})")
