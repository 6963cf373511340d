"""Columns of text to numbers: the same values as field by field, or an error that sends the block
back to be read row by row.
"""

from __future__ import annotations

import datetime as _dt
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

#: Digits that a strptime directive stands for in a column of equally long texts.
_WIDTHS = {"Y": 4, "m": 2, "d": 2, "H": 2, "M": 2, "S": 2, "f": 6}
_LIMITS = {"H": 24, "M": 60, "S": 60}

ANY = "\0"  # in a layout: a place that may hold anything


def floats(texts: list[str], null: float | None = None) -> NDArray[np.float64]:
    """Texts as floats; an empty one is ``null`` if that is given."""
    import numpy as np

    if null is not None and "" in texts:
        return np.array([null if text == "" else float(text) for text in texts], dtype=np.float64)
    return np.fromiter(map(float, texts), dtype=np.float64, count=len(texts))


def layout_of(dtformat: str) -> str | None:
    """A strptime format as a layout: the directive's letter for each digit, other characters as
    they are.  None if the format has parts that are not a fixed number of digits.
    """
    layout, parts = "", iter(dtformat)
    for char in parts:
        if char != "%":
            layout += char
            continue
        directive = next(parts, "")
        if directive not in _WIDTHS or directive in layout:
            return None
        layout += directive * _WIDTHS[directive]
    literal = any(dtformat.count(code) != dtformat.count("%" + code) for code in _WIDTHS)
    return None if literal else layout  # a literal letter would be taken for a directive's


def wall_clocks(texts: list[str], layout: str) -> NDArray[np.int64] | None:
    """Dates of a fixed layout as microseconds since 1970 of the wall clock; None if any is not plain."""
    import numpy as np

    width = len(layout)
    if set(map(len, texts)) != {width}:
        return None
    try:
        raw = "".join(texts).encode("ascii")
    except UnicodeEncodeError:
        return None
    chars = np.frombuffer(raw, dtype=np.uint8).reshape(len(texts), width)
    fields: dict[str, Any] = {}
    for place, code in enumerate(layout):
        column = chars[:, place]
        if code in _WIDTHS:
            digit = column - np.uint8(48)  # anything below '0' wraps around to a large number
            if (digit > 9).any():
                return None
            fields[code] = fields.get(code, 0) * 10 + digit.astype(np.int64)
        elif code != ANY and (column != ord(code)).any():
            return None
    return _from_fields(fields)


def _from_fields(fields: dict[str, Any]) -> NDArray[np.int64] | None:
    import numpy as np

    if not {"Y", "m", "d"} <= fields.keys():
        return None
    year, month, day = fields["Y"], fields["m"], fields["d"]
    if (year < 1).any() or (month < 1).any() or (month > 12).any() or (day < 1).any():
        return None
    if any((fields[code] >= limit).any() for code, limit in _LIMITS.items() if code in fields):
        return None
    months = (year - 1970) * 12 + month - 1
    first = months.astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
    following = (months + 1).astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
    days = first + day - 1
    if (days >= following).any():
        return None
    seconds = ((days * 24 + fields.get("H", 0)) * 60 + fields.get("M", 0)) * 60 + fields.get("S", 0)
    micros: NDArray[np.int64] = seconds * 1_000_000 + fields.get("f", 0)
    return micros


def seconds(texts: list[str]) -> NDArray[np.int64]:
    """Whole seconds since 1970 as microseconds."""
    import numpy as np

    micros: NDArray[np.int64] = np.fromiter(map(int, texts), dtype=np.int64, count=len(texts)) * 1_000_000
    return micros


def constant(value: float, count: int) -> NDArray[np.float64]:
    """A column that holds one value."""
    import numpy as np

    return np.full(count, value)


def rounded(values: NDArray[np.float64], digits: int | None) -> NDArray[np.float64]:
    """What ``round(value, digits)`` gives for each value.

    A decimal of few digits is a whole number divided by a power of ten, and that division rounds
    correctly.  Which whole number it is is doubtful only where the value lies close to the middle
    between two: those are left to ``round`` itself.
    """
    import numpy as np

    places = int(digits or 0)
    with np.errstate(all="ignore"):
        scale = 10.0**places
        scaled = values * scale
        whole = np.rint(scaled)
        doubtful = ~(np.abs(np.abs(scaled - whole) - 0.5) > np.abs(scaled) * 1e-15)
        doubtful |= ~(np.abs(scaled) < 2.0**52)
        result: NDArray[np.float64] = whole / scale
    if not 0 <= places <= 15:
        doubtful[:] = True
    for i in np.flatnonzero(doubtful):
        result[i] = round(float(values[i]), digits)
    return result


def micros_of_day(time: Any) -> int:
    """A time of day in microseconds."""
    return int(((time.hour * 60 + time.minute) * 60 + time.second) * 1_000_000 + time.microsecond)


def iso_date(text: str) -> _dt.date:
    """A date written as year, month and day with one character between them, whatever it is."""
    return _dt.date(int(text[0:4]), int(text[5:7]), int(text[8:10]))


def first_unreadable(tokens: list[str], readers: Iterable[tuple[int, str, Any]]) -> str:
    """Say which field cannot be read: ``readers`` are (column, name, function of the text)."""
    for column, name, read in readers:
        if column >= len(tokens):
            return f"column {column} ({name}) is missing, there are {len(tokens)}"
        try:
            read(tokens[column])
        except Exception as error:  # a callable of the user's may raise anything
            return f"column {column} ({name}) holds {tokens[column]!r} ({error})"
    return ""
