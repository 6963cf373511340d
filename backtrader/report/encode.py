"""Columns of numbers as short text: scaled to integers, differences taken, bytes sorted, deflated, base64.

A price with two decimals becomes an exact integer of cents; a value that is no short decimal is kept to
seven significant digits of the column's largest one, which is more than a screen shows.  Reading back is
a matter of one pass in the browser (see ``decode`` in ``assets/columns.js``), and `decode` does the same
here for the tests.
"""

from __future__ import annotations

import base64
import zlib
from typing import Any

__all__ = ["decode", "encode", "pack"]

_MOST_DIGITS = 8
_LARGEST = 2**31 - 1
_SIGNIFICANT = 7


def encode(values: Any, least: int = 0) -> dict[str, Any]:
    """A column: numbers, NaN where there is none.

    ``least`` decimals are kept even where that is more than seven digits, as for money.
    """
    import numpy as np

    numbers = np.asarray(values, dtype=np.float64)
    known = np.isfinite(numbers)
    present = numbers[known]
    found: dict[str, Any] = {"n": len(numbers)}
    if len(present) < len(numbers):
        found["gaps"] = _runs(known)
    if not len(present):
        return found | {"digits": 0, "data": ""}
    digits = _digits(present, least)
    if digits is None:  # too wide for integers: the bytes as they are
        return found | {"digits": -1, "data": pack(present.view(np.uint8), 8)}
    whole = np.rint(present * 10.0**digits).astype(np.int64)
    first = int(whole[0])
    steps = np.diff(whole, prepend=first)
    if np.abs(steps).max() > _LARGEST:
        return found | {"digits": -1, "data": pack(present.view(np.uint8), 8)}
    steps = steps.astype(np.int32)
    folded = ((steps << 1) ^ (steps >> 31)).view(np.uint32)  # small numbers of either sign become small
    return found | {"digits": digits, "first": first, "data": pack(folded.view(np.uint8), 4)}


def decode(column: dict[str, Any]) -> list[float]:
    """The numbers of a column again."""
    import numpy as np

    digits, count = column["digits"], column["n"]
    raw = zlib.decompress(base64.b64decode(column["data"])) if column["data"] else b""
    width = 8 if digits < 0 else 4
    plain = np.ascontiguousarray(np.frombuffer(raw, dtype=np.uint8).reshape(width, -1).T)
    if digits < 0:
        present = plain.view(np.float64).ravel()
    else:
        folded = plain.view(np.uint32).ravel().astype(np.int64)
        present = (column.get("first", 0) + np.cumsum((folded >> 1) ^ -(folded & 1))) / 10.0**digits
    numbers = np.full(count, np.nan)
    known = np.ones(count, dtype=bool)
    for start, length in column.get("gaps", ()):
        known[start : start + length] = False
    numbers[known] = present
    back: list[float] = numbers.tolist()
    return back


def _digits(present: Any, least: int) -> int | None:
    """How many decimals to keep: all of them where they are few; None if they cannot be counted."""
    import numpy as np

    largest = float(np.abs(present).max())
    for digits in range(_MOST_DIGITS + 1):
        if largest * 10.0**digits > 2**52:
            break
        scaled = present * 10.0**digits
        if np.all(np.rint(scaled) / 10.0**digits == present):
            return digits
    if not largest:
        return 0
    digits = max(_SIGNIFICANT - 1 - int(np.floor(np.log10(largest))), least)
    return digits if 0 <= digits <= 18 and largest * 10.0**digits < 2**52 else None


def _runs(known: Any) -> list[list[int]]:
    """[start, length] of the stretches without a number."""
    import numpy as np

    edges = np.flatnonzero(np.diff(np.concatenate(([True], known, [True])).astype(np.int8)))
    return [[int(start), int(stop - start)] for start, stop in edges.reshape(-1, 2)]


def pack(stream: Any, width: int) -> str:
    """Bytes of the same rank next to each other, which deflates far better."""
    import numpy as np

    sorted_bytes = np.ascontiguousarray(stream.reshape(-1, width).T).tobytes()
    return base64.b64encode(zlib.compress(sorted_bytes, 6)).decode("ascii")
