"""A glance at preloaded bars before a strategy sees them: a line in the log when something is wrong.

It looks only for what makes results wrong whatever the strategy does, and costs a few
milliseconds for a million bars. `python -m backtrader.audit` looks closely, and at files.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Iterator, Sequence
from typing import Any

from ..errors import DataError
from ..lines.clock import WHOLE
from ..utils.dateintern import num2date

#: From so many bars on numpy is worth being imported, or used if it is there already.
_WORTH_NUMPY, _WORTH_LOADED = 2000, 200
_BLOCK = 16384  # bars whose columns stay in the processor's cache

_PRICES = ("open", "high", "low", "close")
# a feed that starts after so much of the run keeps strategies in `prenext` for all that time
_LATE_SHARE = 0.25


def check_feeds(datas: Sequence[Any], strict: bool = False) -> None:
    """Log one line for each feed with impossible bars, and one if a feed starts very late.

    Each feed is told about once. ``strict`` raises `DataError` instead.
    """
    said = []
    for data in datas:
        if data._now.mode != WHOLE or vars(data).get("_checked"):
            continue
        vars(data)["_checked"] = True
        sentence = _sentence(data)
        if sentence:
            said.append(sentence)
    if len(datas) > 1:
        said.extend(_late(datas))
    if not said:
        return
    if strict:
        raise DataError("; ".join(said))
    import logging

    log = logging.getLogger("backtrader.data")
    for sentence in said:
        log.warning("%s", sentence)


def _sentence(data: Any) -> str:
    """What is wrong with a feed's bars; empty if nothing is."""
    columns = _columns(data)
    if columns is None:
        return ""
    count, first = _impossible(columns, data.buflen())
    if not count:
        return ""
    values = {name: column[first] for name, column in zip(_PRICES, columns, strict=True)}
    name = data._name or type(data).__name__
    bars = "1 bar is" if count == 1 else f"{count:,} bars are"
    return (
        f"feed {name!r}: {bars} impossible, first bar {first + 1} ({_when(data, first)}): {_why(values)}; "
        "`python -m backtrader.audit FILE` says more, Cerebro(audit=False) says nothing"
    )


def _columns(data: Any) -> list[Any] | None:
    lines = data.lines
    try:
        columns = [getattr(lines, name).array for name in _PRICES]
    except AttributeError:
        return None  # no bars: the lines of something else
    return None if any(len(column) < data.buflen() for column in columns) else columns


def _impossible(columns: list[Any], size: int) -> tuple[int, int]:
    """How many bars are impossible, and the first of them.

    A bar is if its high or low does not enclose the others. Bars with a price that is not there or
    not above zero count too, unless that is so throughout: a feed of something else than prices.
    """
    if size < (_WORTH_LOADED if "numpy" in sys.modules else _WORTH_NUMPY):
        return _impossible_by_row(columns, size)
    import numpy as np

    arrays = [np.frombuffer(column, dtype=np.float64)[:size] for column in columns]
    count, first = 0, -1
    for begin in range(0, size, _BLOCK):
        opened, high, low, close = (array[begin : begin + _BLOCK] for array in arrays)
        # written so that NaN makes it false
        good = (high >= opened) & (high >= close) & (low <= opened) & (low <= close) & (low > 0)
        bad = len(good) - int(np.count_nonzero(good))
        if bad:
            if first < 0:
                first = begin + int(np.argmin(good))
            count += bad
    return _unless_usual(count, first, size)


def _impossible_by_row(columns: list[Any], size: int) -> tuple[int, int]:
    count, first = 0, -1
    for i, (opened, high, low, close) in enumerate(zip(*columns, strict=False)):
        if i == size:
            break
        if not (high >= opened <= high >= close and low <= opened and low <= close and low > 0):
            count += 1
            if first < 0:
                first = i
    return _unless_usual(count, first, size)


def _unless_usual(count: int, first: int, size: int) -> tuple[int, int]:
    return (0, -1) if count * 2 > size else (count, first)


def _why(values: dict[str, float]) -> str:
    for name, value in values.items():
        if math.isnan(value):
            return f"{name} is missing"
        if value <= 0:
            return f"{name} is {value:g}"
    for outer in ("high", "low"):
        for other in _PRICES:
            a, b = values[outer], values[other]
            if (a < b) if outer == "high" else (a > b):
                return f"{outer} {a:g} is {'below' if outer == 'high' else 'above'} {other} {b:g}"
    return "its prices do not fit together"


def _when(data: Any, bar: int) -> str:
    try:
        return str(num2date(data.lines.datetime.array[bar]))
    except (ValueError, OverflowError):
        return "no date"


def _late(datas: Sequence[Any]) -> Iterator[str]:
    """The feed that starts last, if most of the run is over by then or nearly so."""
    times = [(data.lines.datetime.array, data.buflen()) for data in datas if data._now.mode == WHOLE]
    if len(times) < len(datas) or not all(size for _, size in times) or vars(datas[0]).get("_told_late"):
        return
    begins = [column[0] for column, _ in times]
    begin, last = min(begins), max(begins)
    end = max(column[size - 1] for column, size in times)
    if end <= begin or (last - begin) / (end - begin) < _LATE_SHARE:
        return
    vars(datas[0])["_told_late"] = True
    data = datas[begins.index(last)]
    yield (
        f"feed {data._name or type(data).__name__!r} starts on {num2date(last).date()}, the run on "
        f"{num2date(begin).date()}: until then strategies only get prenext()"
    )
