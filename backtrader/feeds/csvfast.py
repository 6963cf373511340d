"""Large CSV files as columns by machine code: which columns are wanted, block by block.

It is worth its price from some megabytes on; below, and where numba is missing, the text is taken
apart by Python (see `csvcolumns`), to the same values.
"""

from __future__ import annotations

import math
import os
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..lines.kernels import policy
from ..utils.datearrays import datetimes_to_nums
from ..utils.dateintern import date2num
from .csvcolumns import ANY

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Scanned = tuple[NDArray[np.int64], dict[str, NDArray[np.float64]]]

_WORTH_A_THREAD = 1 << 20  # bytes
_NS_PER_BYTE = 16.0  # what the text reader takes
_MOST_SPECIAL = 4096  # fields of a block that may be left to Python
_PARTS = "YmdHMSf"
_TENS = tuple(float(10**k) for k in range(19))
_NO_SEPARATORS = frozenset("0123456789.+-\r\n")


class _Compiled:
    """Whether there is machine code; keeps account of the time spent without it."""

    def __init__(self) -> None:
        self.spent = 0.0
        self.ready = False

    def on_disk(self) -> bool:
        """Whether compiling is likely to have happened in an earlier process."""
        from pathlib import Path

        from . import csvscan

        scan: Any = csvscan.scan
        return any(Path(scan.stats.cache_path or "").glob("csvscan.scan-*.nbi"))

    def worthwhile(self, size: int) -> bool:
        """Whether so many bytes should be read by machine code; if not, they will be by other means."""
        if policy.never:
            return False
        work = size * _NS_PER_BYTE
        if not self.ready and policy.worth_compiling(self, work):
            self.ready = policy.load() and self._works()
        if not self.ready:
            self.spent += work
            policy.spent += work
        return self.ready

    @staticmethod
    def _works() -> bool:
        """Compile, or load what is compiled, with a row of nothing."""
        import numpy as np

        try:
            Wanted(2, ",", ((0, "YYYYmmdd"),), (("close", 1),)).scan(b"20200102,1\n")
            _exact_nums(np.zeros(1, np.int64))
        except Exception as error:  # whatever ails numba, the text reader still works
            policy.give_up(f"numba cannot compile the CSV reader: {type(error).__name__}: {error}")
            return False
        return True


compiled = _Compiled()


@dataclass(frozen=True)
class Wanted:
    """What a file of ``width`` columns holds: stamps (column, layout) and a column for each line.

    A layout of None stands for whole seconds since 1970.  An empty field is ``null``, or an error.
    """

    width: int
    separator: str
    stamps: tuple[tuple[int, str | None], ...]
    lines: tuple[tuple[str, int], ...]
    null: float = math.nan
    takes_empty: bool = True

    def possible(self) -> bool:
        """Whether the columns are there, each for one purpose."""
        stamps = [column for column, _ in self.stamps]
        used = [*stamps, *{column for _, column in self.lines}]
        return (
            len(self.separator) == 1
            and self.separator.isascii()
            and self.separator not in _NO_SEPARATORS
            and len(set(used)) == len(used)
            and all(0 <= column < self.width for column in used)
        )

    def scan(self, text: bytes) -> Scanned | None:
        """The wall clock in microseconds since 1970 and the values of whole rows; None if rows do not fit."""
        import numpy as np

        if not self.possible():
            return None
        parts: list[Scanned | None] = _each(self._scan_part, _halves(text))
        done = [part for part in parts if part is not None]
        if len(done) != len(parts):
            return None
        if len(done) == 1:
            return done[0]
        micros = np.concatenate([part[0] for part in done])
        return micros, {name: np.concatenate([part[1][name] for part in done]) for name, _ in self.lines}

    def _scan_part(self, text: bytes) -> Scanned | None:
        import numpy as np

        from . import csvscan

        block = np.frombuffer(text, np.uint8)
        rows = text.count(b"\n")
        columns = dict.fromkeys(column for _, column in self.lines)  # a column may serve two lines
        slots = {column: slot for slot, column in enumerate(columns)}
        values = np.empty((max(len(slots), 1), rows))
        micros = np.empty(rows, np.int64)
        special = np.empty((_MOST_SPECIAL, 4), np.int64)
        clock = np.zeros(csvscan.CLOCK, np.int64)
        clock[csvscan.LAST_DATE] = -1
        kinds, targets, places, literals = self._tables(slots)
        found, specials = csvscan.scan(
            block, ord(self.separator), kinds, targets, places, literals, values, micros, clock, special,
            np.array(_TENS), self.null, self.takes_empty,
        )  # fmt: skip
        if found != rows:
            return None
        try:
            for slot, row, begin, end in special[:specials].tolist():
                values[slot, row] = float(text[begin:end].decode("ascii"))
        except ValueError:
            return None
        return micros, {name: values[slots[column]] for name, column in self.lines}

    def _tables(self, slots: dict[int, int]) -> tuple[Any, Any, Any, Any]:
        """What the scan wants to know of every column and of every layout."""
        import numpy as np

        from . import csvscan

        kinds = np.full(self.width, csvscan.SKIP, np.int64)
        targets = np.zeros(self.width, np.int64)
        for column, slot in slots.items():
            kinds[column], targets[column] = csvscan.FLOAT, slot
        for i, (column, layout) in enumerate(self.stamps):
            kinds[column], targets[column] = csvscan.SECONDS if layout is None else csvscan.STAMP, i
        layouts = [layout or "" for _, layout in self.stamps]
        places = np.array(
            [[layout.find(code) for code in _PARTS] + [len(layout)] for layout in layouts], np.int64
        )
        literals = np.zeros((len(layouts), max(map(len, layouts)) + 1, 2), np.int64)
        for own, layout in zip(literals, layouts, strict=True):
            fixed = [
                (at, -1 if char == ANY else ord(char)) for at, char in enumerate(layout) if char not in _PARTS
            ]
            own[0, 0] = len(fixed)
            own[1 : len(fixed) + 1] = fixed or 0
        return kinds, targets, places, literals


def _halves(text: bytes) -> list[bytes]:
    """A large text cut in two at a line's end, for two processors."""
    middle = text.find(b"\n", len(text) // 2) + 1
    if len(text) < _WORTH_A_THREAD or (os.cpu_count() or 1) < 2 or not 0 < middle < len(text):
        return [text]
    return [text[:middle], text[middle:]]


def _each(work: Callable[[bytes], Any], parts: list[bytes]) -> list[Any]:
    """The results of ``work`` for each part, the last of which is done here and the others in threads."""
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(max_workers=len(parts)) if len(parts) > 1 else nullcontext() as pool:
        others = [pool.submit(work, part) for part in parts[:-1]] if pool else []
        last = work(parts[-1])
        return [*(other.result() for other in others), last]


def nums(micros: NDArray[np.int64]) -> NDArray[np.float64]:
    """`datetimes_to_nums` of microseconds without a zone, by machine code if there is any."""
    made = _exact_nums(micros) if compiled.ready else None
    return datetimes_to_nums(micros, "us") if made is None else made


def _exact_nums(micros: NDArray[np.int64]) -> NDArray[np.float64] | None:
    import numpy as np

    from . import csvscan

    out = np.empty(len(micros))
    sixty = np.arange(60)
    if not csvscan.nums(micros, np.arange(24) / 24.0, sixty / 1440.0, sixty / 86400.0, out):
        return None
    for row in np.flatnonzero(np.isnan(out)):
        out[row] = date2num(micros[row].astype("datetime64[us]").item())
    return out
