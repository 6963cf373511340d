"""Whole columns into a feed at once, with what loading row by row would have done to each bar."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..utils.datearrays import datetimes_to_nums, nums_to_datetimes

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Columns = dict[str, NDArray[np.float64]]

#: Methods through which a row goes; a subclass that changes one of them must see every row.
ROW_METHODS = ("load", "_load", "_loadline", "_getnextline", "_fromstack", "forward", "backwards")

#: Those of them that turn text into rows.
_TEXT_METHODS = ("_loadline", "_getnextline")

#: Methods of which a class that can give columns implements one.
COLUMN_METHODS = ("_column_chunks", "_read_columns")


def rows_are_forced(feed: Any, resampler: Any = None) -> bool:
    """Whether something wants to see bars one by one, other than a resampler that can do without."""
    filters = feed._filters if resampler is None else ()
    return bool(filters or feed._barstack or feed._barstash) or _rows_overridden(feed)


def _rows_overridden(feed: Any) -> bool:
    """Whether a row method was changed below the class that knows how to load columns."""
    if any(name in feed.__dict__ for name in ROW_METHODS):
        return True
    for cls in type(feed).__mro__:
        if any(name in cls.__dict__ for name in COLUMN_METHODS):
            return False
        if any(name in cls.__dict__ for name in ROW_METHODS):
            return True
    return True


def reads_a_file(feed: Any) -> bool:
    """Whether rows come from a text that is there, also if the class has a way of its own to read them."""
    kind = type(feed)
    reader = next((cls for cls in kind.__mro__ if "_reads_text" in cls.__dict__), None)
    return reader is not None and all(
        getattr(kind, name) is getattr(reader, name) and name not in feed.__dict__
        for name in ROW_METHODS
        if name not in _TEXT_METHODS
    )


def take_columns(feed: Any, columns: Columns) -> bool:
    """Append columns, by line name and ``datetime`` among them; false if the feed's ``todate`` was passed."""
    nums = columns["datetime"]
    if feed._tzinput:
        nums = datetimes_to_nums(nums_to_datetimes(nums).view("int64"), "us", feed._tzinput)
    chosen, more = _in_range(nums, feed.fromdate, feed.todate)
    nums = nums[chosen]
    if len(nums):
        feed._watch.see_all(nums)
        _append(feed, {**columns, "datetime": nums}, chosen, len(nums))
    return more


def _in_range(nums: NDArray[np.float64], start: float, end: float) -> tuple[Any, bool]:
    """Which rows to take, and whether reading goes on: it ends at the first row beyond ``end``."""
    import numpy as np

    early = nums < start
    beyond = np.flatnonzero((nums > end) & ~early)
    stop = int(beyond[0]) if len(beyond) else len(nums)
    early = early[:stop]
    chosen = np.flatnonzero(~early) if early.any() else slice(0, stop)
    return chosen, not len(beyond)


def _append(feed: Any, columns: Columns, chosen: Any, count: int) -> None:
    import numpy as np

    missing = np.full(count, np.nan)
    lines = feed.lines
    for name, line in zip(lines._names, lines.itersize(), strict=True):
        values = columns.get(name)
        if values is None:
            values = missing
        elif name != "datetime":
            values = values[chosen]
        block: Any = np.ascontiguousarray(values, dtype=np.float64)
        line.array.frombytes(memoryview(block).cast("B"))
    feed._now.idx += count
