"""What a user may give as data, made into feeds."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import Any

from ..errors import DataError
from ..feeds import AbstractDataBase
from ..lines.timeframe import TimeFrame

__all__ = ["feeds_of"]

_DAY = 86_400.0
_TIMES = ("datetime", "date", "time", "timestamp")
#: The longest spacing of bars, in seconds, that still belongs to a timeframe.
_SPACINGS = (
    (0.999, TimeFrame.MicroSeconds, 1e-6),
    (59.0, TimeFrame.Seconds, 1.0),
    (0.9 * _DAY, TimeFrame.Minutes, 60.0),
    (4.5 * _DAY, TimeFrame.Days, _DAY),
    (20.0 * _DAY, TimeFrame.Weeks, 7 * _DAY),
    (200.0 * _DAY, TimeFrame.Months, 30.4 * _DAY),
    (float("inf"), TimeFrame.Years, 365.25 * _DAY),
)


def feeds_of(data: Any) -> list[tuple[Any, str | None]]:
    """(feed, name) of each feed in ``data``.

    A feed, a DataFrame, the path of a CSV or Parquet file, a function that returns one of these, or
    several of them in a list or, by name, in a dict.  The timeframe of a table is told by the usual
    distance of its bars: metrics for a year depend on it.
    """
    if isinstance(data, Mapping):
        return [(_feed(each), str(name)) for name, each in data.items()]
    if callable(data) and not isinstance(data, AbstractDataBase):
        return feeds_of(data())
    several = isinstance(data, Sequence) and not isinstance(data, str | bytes)
    return [(_feed(each), None) for each in (data if several else [data])]


def _feed(data: Any) -> Any:
    if isinstance(data, AbstractDataBase):
        return data
    if isinstance(data, str | os.PathLike):
        return _file(os.fspath(data))
    if hasattr(data, "iloc") and hasattr(data, "columns"):
        return _frame(data)
    if callable(data):
        return _feed(data())
    raise DataError(
        f"data is {type(data).__name__}: give a feed, a DataFrame, the path of a CSV or Parquet file, "
        "a function that returns one, or a list of these"
    )


def _file(path: Any) -> Any:
    from .. import feeds

    if not os.path.isfile(path):
        raise DataError(f"there is no file {path!r} to read bars from")
    kind = feeds.ParquetData if path.lower().endswith((".parquet", ".pq")) else feeds.ColumnsCSVData
    probe = kind(dataname=path, timeframe=TimeFrame.Minutes)
    block = next(probe._table(path).blocks(), None)
    timeframe, compression = timeframe_of([] if block is None else block[0]["datetime"] / 1e6)
    return kind(dataname=path, timeframe=timeframe, compression=compression)


def _frame(frame: Any) -> Any:
    """A DataFrame with its times in the index, or in a column that is called so."""
    from ..feeds import PandasData
    from ..utils.datearrays import datetimes_to_nums

    times: Any = frame.index
    options: dict[str, Any] = {}
    if getattr(times.dtype, "kind", "") != "M":
        named = [name for name in frame.columns if str(name).lower() in _TIMES]
        if named:
            options["datetime"] = named[0]
            times = frame[named[0]]
    try:
        numbers = datetimes_to_nums(times.array.asi8, times.array.unit)
    except (TypeError, ValueError, AttributeError) as error:
        raise DataError(f"the DataFrame has no times in its index or a column 'datetime': {error}") from None
    timeframe, compression = timeframe_of(numbers * _DAY)
    return PandasData(dataname=frame, timeframe=timeframe, compression=compression, **options)


def timeframe_of(seconds: Any) -> tuple[int, int]:
    """(timeframe, compression) of bars at these times, by their most usual distance."""
    import numpy as np

    steps = np.diff(np.asarray(seconds, dtype=float))
    steps = np.round(steps[steps > 0], 6)
    if not len(steps):
        return TimeFrame.Days, 1
    distances, counts = np.unique(steps, return_counts=True)
    usual = float(distances[counts.argmax()])
    for limit, timeframe, unit in _SPACINGS:
        if usual <= limit:
            return timeframe, max(round(usual / unit), 1)
    raise AssertionError("every distance is below the last limit")
