"""What the audit works on and what it finds."""

from __future__ import annotations

import datetime as _dt
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_EPOCH = _dt.datetime(1970, 1, 1)
DAY = 86_400_000_000
HOUR = 3_600_000_000
MINUTE = 60_000_000

_UNITS = ((7 * DAY, "week"), (DAY, "day"), (HOUR, "hour"), (MINUTE, "minute"), (1_000_000, "second"))

PRICES = ("open", "high", "low", "close")


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong: where, what, and what to do about it.

    ``rows`` are row numbers as an editor shows them (the column names are row 1), the first ones if
    there are many; ``count`` is how many rows it is about.
    """

    file: str
    kind: str
    severity: str  # "error": results will be wrong; "warning": look at it
    what: str
    do: str
    rows: tuple[int, ...] = ()
    count: int = 1
    time: str | None = None

    def plain(self) -> dict[str, Any]:
        """As JSON holds it."""
        return {
            "file": self.file, "kind": self.kind, "severity": self.severity, "rows": list(self.rows),
            "count": self.count, "time": self.time, "what": self.what, "do": self.do,
        }  # fmt: skip


@dataclass
class Table:
    """The bars of one file in the file's order, and what was noticed while reading it."""

    file: str
    rows: NDArray[np.int64]
    """Row number of each bar in the file."""
    micros: NDArray[np.int64]
    """Time of each bar, microseconds since 1970 as written."""
    values: dict[str, NDArray[np.float64]]
    """The columns that the file has, by line name; what is missing is NaN."""
    aware: bool = False
    findings: list[Finding] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.micros)

    def moment(self, index: int) -> str:
        """The time of a bar as text."""
        return shown(int(self.micros[index]))

    def finding(
        self, kind: str, severity: str, places: Any, what: str, do: str, count: int | None = None
    ) -> Finding:
        """A finding about the bars at ``places`` (positions, not row numbers)."""
        places = [int(place) for place in places]
        return Finding(
            self.file,
            kind,
            severity,
            what,
            do,
            rows=tuple(int(self.rows[place]) for place in places[:10]),
            count=len(places) if count is None else count,
            time=self.moment(places[0]) if places else None,
        )


def shown(micros: int) -> str:
    """A time as text, without a time of day at midnight."""
    moment = _EPOCH + _dt.timedelta(microseconds=micros)
    return str(moment.date()) if micros % DAY == 0 else str(moment)


def clock(micros: int) -> str:
    """A time of day as text."""
    seconds = micros % DAY // 1_000_000
    text = f"{seconds // 3600:02}:{seconds // 60 % 60:02}"
    return text if seconds % 60 == 0 else f"{text}:{seconds % 60:02}"


def length(micros: int) -> str:
    """A length of time in the largest unit that divides it."""
    for size, name in _UNITS:
        if micros and micros % size == 0:
            number = micros // size
            return f"{number} {name}" if number == 1 else f"{number:,} {name}s"
    return f"{micros / 1e6:g} seconds"
