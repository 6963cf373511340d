"""Whole columns of dates at once: the same doubles as `date2num` row by row, and back.

numpy is imported when a function is called: importing the package must not bring it.
"""

from __future__ import annotations

import datetime as _dt
from typing import TYPE_CHECKING, Any

from .dateintern import _EXACT_FROM, UTC, date2num, num2date

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_PER_SECOND = {"s": 1, "ms": 1_000, "us": 1_000_000, "ns": 1_000_000_000}
_EPOCH = _dt.datetime(1970, 1, 1)
_EPOCH_ORDINAL = _EPOCH.toordinal()
_DAY = 86_400_000_000
_QUARTER = 900_000_000
_MICROSECOND = _dt.timedelta.resolution


def datetimes_to_nums(epoch: Any, unit: str = "ns", tz: Any = None) -> NDArray[np.float64]:
    """Date numbers of moments counted from 1970 in ``unit`` (D, s, ms, us or ns).

    The moments are UTC, or wall clock times of ``tz`` if given.  Below a microsecond is cut off.
    """
    import numpy as np

    stamps = np.asarray(epoch, dtype=np.int64)
    empty = np.flatnonzero(stamps == np.iinfo(np.int64).min)  # what numpy and pandas keep for "no date"
    if empty.size:
        raise ValueError(f"row {int(empty[0])} has no date")
    micro = _to_microseconds(stamps, unit)
    if tz is not None:
        micro = _wall_to_utc(micro, tz)
    days, rest = np.divmod(micro, _DAY)
    days += _EPOCH_ORDINAL
    if days.size and not (days.min() > 0 and days.max() <= _dt.date.max.toordinal()):
        bad = int(np.flatnonzero((days < 1) | (days > _dt.date.max.toordinal()))[0])
        raise ValueError(f"row {bad}: not a date between year 1 and year 9999")
    nums, doubtful = _exact_sum(days.astype(np.float64), rest)
    for row in np.flatnonzero(doubtful):
        nums[row] = date2num(_EPOCH + int(micro[row]) * _MICROSECOND)
    return nums


def nums_to_datetimes(nums: Any) -> NDArray[np.datetime64]:
    """The moments (datetime64[us], UTC) that `num2date` gives for each number."""
    import numpy as np

    x = np.asarray(nums, dtype=np.float64)
    days = np.floor(x)
    if x.size and not (days.min() >= _EXACT_FROM and days.max() <= _dt.date.max.toordinal()):
        return np.array([num2date(value) for value in x.tolist()], dtype="datetime64[us]")
    seconds = (x - days) * 86400.0
    whole = np.floor(seconds)
    micro = np.floor((seconds - whole) * 1e6)
    micro[micro < 10] = 0
    micro[micro > 999_990] = 1_000_000
    total = (days.astype(np.int64) - _EPOCH_ORDINAL) * _DAY + whole.astype(np.int64) * 1_000_000
    return (total + micro.astype(np.int64)).view("datetime64[us]")


def nums_to_wall(nums: Any, tz: Any = None) -> NDArray[np.datetime64]:
    """The moments on the clock of ``tz`` (datetime64[us]) that `num2date` gives for each number."""
    import numpy as np

    moments = nums_to_datetimes(nums)
    if tz is None:
        return moments
    micro = moments.view("int64")
    quarters, where = np.unique(np.floor_divide(micro, _QUARTER), return_inverse=True)
    first = np.array([_ahead(int(q) * _QUARTER, tz) for q in quarters], dtype=np.int64)
    last = np.array([_ahead((int(q) + 1) * _QUARTER - 1, tz) for q in quarters], dtype=np.int64)
    wall = (micro + first[where]).view("datetime64[us]")
    for row in np.flatnonzero((first != last)[where]):  # a change inside the quarter: ask row by row
        wall[row] = num2date(float(nums[row]), tz)
    return wall


def _ahead(micro: int, tz: Any) -> int:
    """How much the clock of ``tz`` is ahead of UTC at a moment in UTC."""
    utc = _EPOCH + micro * _MICROSECOND
    wall = utc.replace(tzinfo=UTC).astimezone(tz).replace(tzinfo=None)
    return (wall - utc) // _MICROSECOND


def _to_microseconds(epoch: NDArray[np.int64], unit: str) -> NDArray[np.int64]:
    import numpy as np

    if unit == "D":
        return epoch * _DAY
    if unit not in _PER_SECOND:
        raise ValueError(f"unknown unit {unit!r}: known are D, {', '.join(_PER_SECOND)}")
    per_second = _PER_SECOND[unit]
    if per_second > 1_000_000:
        return np.floor_divide(epoch, per_second // 1_000_000)
    return epoch * (1_000_000 // per_second)


def _exact_sum(
    days: NDArray[np.float64], rest: NDArray[np.int64]
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """day + hour/24 + minute/1440 + second/86400 + microsecond/86400e6, rounded once at the end.

    The four fractions are added without loss as a pair (high, low).  Adding the day then rounds
    ``high`` correctly, and ``low`` can only matter where that fell exactly between two doubles:
    those rows are reported as doubtful, as are those at a power of two.
    """
    import numpy as np

    seconds, micros = np.divmod(rest, 1_000_000)
    minutes, second = np.divmod(seconds, 60)
    hour, minute = np.divmod(minutes, 60)
    high, low = hour / 24.0, np.zeros(len(days))
    for part in (minute / 1440.0, second / 86400.0, micros / 86400e6):
        if part.any():
            high, error = _two_sum(high, part)
            low += error
    high, low = _two_sum(high, low)
    nums, error = _two_sum(days, high)
    tie = 2.0 * np.abs(error) == np.spacing(nums)
    return nums, (tie & (low != 0.0)) | (np.frexp(nums)[0] == 0.5)


def _two_sum(
    a: NDArray[np.float64], b: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The rounded sum and what rounding left out."""
    total = a + b
    part = total - a
    return total, (a - (total - part)) + (b - part)


def _wall_to_utc(micro: NDArray[np.int64], tz: Any) -> NDArray[np.int64]:
    """Wall clock times to UTC: the offset is asked once a quarter of an hour in use."""
    import numpy as np

    quarters, where = np.unique(np.floor_divide(micro, _QUARTER), return_inverse=True)
    first = np.array([_offset(int(q) * _QUARTER, tz) for q in quarters], dtype=np.int64)
    last = np.array([_offset((int(q) + 1) * _QUARTER - 1, tz) for q in quarters], dtype=np.int64)
    offsets = first[where]
    for row in np.flatnonzero((first != last)[where]):  # a change inside the quarter: ask row by row
        offsets[row] = _offset(int(micro[row]), tz)
    return micro - offsets


def _offset(micro: int, tz: Any) -> int:
    wall = _EPOCH + micro * _MICROSECOND
    localize = getattr(tz, "localize", None)
    aware = wall.replace(tzinfo=tz) if localize is None else localize(wall)
    return (wall - aware.astimezone(UTC).replace(tzinfo=None)) // _MICROSECOND
