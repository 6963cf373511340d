"""Tables of any origin as bars: which column goes to which line, and times in whatever form.

Shared by the feeds that read whole columns from files and by the data audit.
"""

from __future__ import annotations

import datetime as _dt
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ..errors import DataError
from ..utils.params import nearest
from . import csvcolumns

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

#: What columns are called elsewhere, by the line they go to; compared without case, spaces and underscores.
NAMES: dict[str, tuple[str, ...]] = {
    "datetime": (
        "datetime", "date", "timestamp", "time", "dt", "ts", "tradedate", "opentime", "index",
        "日期", "时间", "日期时间", "净值日期",
    ),
    "open": ("open", "o", "openprice", "开盘", "开盘价", "今开"),
    "high": ("high", "h", "highprice", "max", "最高", "最高价"),
    "low": ("low", "l", "lowprice", "min", "最低", "最低价"),
    "close": ("close", "c", "closeprice", "last", "price", "收盘", "收盘价", "单位净值"),
    "volume": ("volume", "v", "vol", "qty", "成交量"),
    "openinterest": ("openinterest", "oi", "hold", "持仓量", "持仓"),
}  # fmt: skip

_PLAIN = re.compile(r"[\s_\-.]+")
_SHAPE = re.compile(
    r"(?P<date>\d{4}(?P<sep>\D?)\d\d(?P=sep)\d\d)"
    r"(?:(?P<t>[ T])(?P<clock>\d\d:\d\d(?::\d\d)?)(?P<part>\.\d{6})?(?P<zone> ?(?:Z|UTC|[+-]\d\d:?\d\d))?)?$"
)
_EPOCH = _dt.datetime(1970, 1, 1)
_MICROSECOND = _dt.timedelta.resolution
# The year 2100 in seconds: a larger count of something since 1970 is in a smaller unit.
_SECONDS_LIMIT = 4_102_444_800


def plain(name: Any) -> str:
    """A column's name as names are compared."""
    return _PLAIN.sub("", str(name)).lower()


def find_columns(
    names: Sequence[Any], lines: Iterable[str], wanted: Mapping[str, Any], where: str
) -> dict[str, int]:
    """The position of the column of each line that has one.

    ``wanted`` tells by line: a name or position that must be there, None for "no such column", -1 to
    look for the usual names.  ``where`` names the file in errors.
    """
    known = [plain(name) for name in names]
    found: dict[str, int] = {}
    for line in lines:
        ask = wanted.get(line, -1)
        if ask is None:
            continue
        if isinstance(ask, str):
            if plain(ask) not in known:
                raise DataError(f"{where}: {line}={ask!r}: no such column; {nearest(ask, map(str, names))}")
            found[line] = known.index(plain(ask))
        elif ask >= 0:
            if ask >= len(names):
                raise DataError(f"{where}: {line}={ask}: there are {len(names)} columns, counted from 0")
            found[line] = int(ask)
        else:
            place = next((known.index(n) for n in NAMES.get(line, (plain(line),)) if n in known), None)
            if place is not None:
                found[line] = place
    for needed in ("datetime", "close"):
        if needed not in found and wanted.get(needed, -1) is not None:
            raise DataError(
                f"{where}: no column looks like {needed} among {', '.join(map(str, names))}; "
                f"say which one it is: {needed}='NAME'"
            )
    return found


def numbers_to_micros(values: NDArray[Any]) -> NDArray[np.int64]:
    """Counts since 1970 in seconds, milli-, micro- or nanoseconds (told by their size) as microseconds."""
    import numpy as np

    size = float(np.nanmax(np.abs(values))) if len(values) else 0.0
    if values.dtype.kind == "f":
        if np.isnan(values).any():
            raise ValueError(f"row {int(np.flatnonzero(np.isnan(values))[0])} has no date")
        if size <= _SECONDS_LIMIT:
            micros: NDArray[np.int64] = np.round(values * 1e6).astype(np.int64)
            return micros
    whole = values.astype(np.int64)
    if size <= _SECONDS_LIMIT:
        return whole * 1_000_000
    if size <= _SECONDS_LIMIT * 1e3:
        return whole * 1_000
    return whole if size <= _SECONDS_LIMIT * 1e6 else whole // 1_000


def texts_to_micros(texts: list[str], dtformat: str | None = None) -> tuple[NDArray[np.int64], bool]:
    """Texts as microseconds since 1970, and whether they named a zone (then it is UTC).

    Without ``dtformat``, ISO dates, dates without separators and counts since 1970 are understood; a
    column in one layout is read at once, anything else row by row.
    """
    import numpy as np

    if dtformat is not None:
        layout = csvcolumns.layout_of(dtformat)
        micros = None if layout is None else csvcolumns.wall_clocks(texts, layout)
        if micros is None:
            return _one_by_one(texts, lambda text: _dt.datetime.strptime(text, dtformat))
        return micros, False
    if not texts:
        return np.empty(0, dtype=np.int64), False
    shape = _SHAPE.match(texts[0])
    if shape is not None:
        found = _by_layout(texts, shape)
        if found is not None:
            return found
    if texts[0].replace(".", "", 1).isdigit() and len(texts[0]) > 8:
        return numbers_to_micros(np.array([float(text) for text in texts])), True
    return _one_by_one(texts, _dt.datetime.fromisoformat)


def _by_layout(texts: list[str], shape: re.Match[str]) -> tuple[NDArray[np.int64], bool] | None:
    sep = shape["sep"]
    layout = sep.join(("YYYY", "mm", "dd"))
    if shape["clock"]:
        layout += shape["t"] + ":".join(("HH", "MM", "SS")[: shape["clock"].count(":") + 1])
        layout += ".ffffff" if shape["part"] else ""
    zone = shape["zone"] or ""
    if zone:
        if not all(text.endswith(zone) for text in texts):
            return None
        texts = [text[: -len(zone)] for text in texts]
    micros = csvcolumns.wall_clocks(texts, layout)
    if micros is None:
        return None
    return micros - _offset(zone), bool(zone)


def _offset(zone: str) -> int:
    digits = zone.strip().replace(":", "")
    if digits[:1] not in ("+", "-"):
        return 0
    minutes = int(digits[1:3]) * 60 + int(digits[3:5])
    return (minutes if digits[0] == "+" else -minutes) * 60_000_000


def _one_by_one(texts: list[str], read: Any) -> tuple[NDArray[np.int64], bool]:
    import numpy as np

    micros = np.empty(len(texts), dtype=np.int64)
    aware = False
    for row, text in enumerate(texts):
        try:
            moment = read(text)
        except ValueError as error:
            raise ValueError(f"row {row} holds {text!r} where a date should be ({error})") from None
        if moment.tzinfo is not None:
            aware = True
            moment = moment.astimezone(_dt.UTC).replace(tzinfo=None)
        micros[row] = (moment - _EPOCH) // _MICROSECOND
    return micros, aware
