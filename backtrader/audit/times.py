"""Checks of the times of one file: order, repeats, gaps, zones, labels."""

from __future__ import annotations

import datetime as _dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .model import DAY, HOUR, Finding, Table, clock, length, shown

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_HALF_HOUR = HOUR // 2
_HOLIDAYS = 6
"""Trading days that may be missing in a row: the longest closures of the larger exchanges."""
_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


@dataclass(frozen=True)
class Rhythm:
    """How often a file has a bar, and on which days of the week."""

    interval: int
    """Microseconds from bar to bar; 0 if there is no usual one (ticks, too few bars)."""
    weekdays: frozenset[int]
    """Days with bars, 0 being Monday; occasional ones left out."""

    @property
    def intraday(self) -> bool:
        """Whether a day has several bars."""
        return 0 < self.interval < 20 * HOUR

    @property
    def daily(self) -> bool:
        """Whether a day has one bar."""
        return 20 * HOUR <= self.interval <= 28 * HOUR


def rhythm_of(micros: NDArray[np.int64]) -> Rhythm:
    """The usual distance of bars, and the usual days."""
    import numpy as np

    times = np.unique(micros)
    if len(times) < 3:
        return Rhythm(0, frozenset())
    steps, counts = np.unique(np.diff(times), return_counts=True)
    usual = int(np.argmax(counts))
    interval = int(steps[usual]) if counts[usual] * 4 >= len(times) else 0
    days = np.unique(times // DAY)
    per_weekday = np.bincount((days + 3) % 7, minlength=7)  # 1 January 1970 was a Thursday
    often = frozenset(int(d) for d in np.flatnonzero(per_weekday * 5 > per_weekday.max()))
    return Rhythm(interval, often)


def order(table: Table, rhythm: Rhythm) -> Iterator[Finding]:
    """Rows that go back in time."""
    import numpy as np

    steps = np.diff(table.micros)
    back = np.flatnonzero(steps < 0) + 1
    if not len(back):
        return
    if len(back) > 0.9 * len(steps):
        yield table.finding(
            "unsorted", "error", back[:1], "the newest row stands first",
            "sort by date, or load with a feed that turns it around (YahooFinanceCSVData: reverse)",
            count=len(back),
        )  # fmt: skip
        return
    yield table.finding(
        "unsorted", "error", back,
        f"earlier than the row before it ({table.moment(int(back[0]) - 1)})",
        "sort the file by date; backtests take rows as they come",
    )  # fmt: skip


def repeats(table: Table, rhythm: Rhythm) -> Iterator[Finding]:
    """Times that occur more than once."""
    import numpy as np

    _, first, where = np.unique(table.micros, return_index=True, return_inverse=True)
    again = np.flatnonzero(first[where] != np.arange(len(table)))
    if not len(again) or (rhythm.interval == 0 and len(again) * 10 > len(table)):
        return  # ticks share their second
    same = np.ones(len(again), dtype=bool)
    for column in table.values.values():
        a, b = column[again], column[first[where[again]]]
        same &= (a == b) | (np.isnan(a) & np.isnan(b))
    for chosen, what, do in (
        (again[same], "the same bar as in row {row}", "remove the second row"),
        (
            again[~same],
            "the time of row {row} with other prices",
            "find out which row is right, remove the other",
        ),
    ):
        if len(chosen):
            row = int(table.rows[first[where[chosen[0]]]])
            yield table.finding("duplicate", "error", chosen, what.format(row=row), do)


def era(table: Table, rhythm: Rhythm) -> Iterator[Finding]:
    """Dates before there were prices, or still to come."""
    import numpy as np

    now = int(_dt.datetime.now(_dt.UTC).timestamp()) * 1_000_000
    first_day = -40 * 365 * DAY
    odd = np.flatnonzero((table.micros < first_day) | (table.micros > now + 2 * DAY))
    if len(odd):
        yield table.finding(
            "date", "error", odd, f"dated {table.moment(int(odd[0]))}",
            "check the date's format (two-digit years, month and day exchanged) "
            "or its unit (seconds, milliseconds)",
        )  # fmt: skip


def gaps(table: Table, rhythm: Rhythm) -> Iterator[Finding]:
    """Bars that are missing between others."""
    import numpy as np

    if not rhythm.interval:
        return
    times, at = np.unique(table.micros, return_index=True)
    missing = _missing_in_days(times, rhythm) if rhythm.intraday else np.zeros(len(times) - 1, dtype=np.int64)
    holes = np.flatnonzero(missing > 0)
    if len(holes):
        worst = int(holes[np.argmax(missing[holes])])
        yield table.finding(
            "gap", "warning", at[holes + 1],
            f"{int(missing[holes].sum()):,} bars are missing before these rows, most of them "
            f"({int(missing[worst]):,}) between {shown(int(times[worst]))} "
            f"and {shown(int(times[worst + 1]))}",
            "download that time again; indicators count bars, not minutes",
            count=len(holes),
        )  # fmt: skip
    if rhythm.intraday or rhythm.daily:
        yield from _missing_days(table, times, at, rhythm)
    else:
        long = np.flatnonzero(np.diff(times) > 1.5 * rhythm.interval)
        if len(long):
            yield table.finding(
                "gap", "warning", at[long + 1],
                f"{length(int(times[long[0] + 1] - times[long[0]]))} after the bar before it, "
                f"usually {length(rhythm.interval)}",
                "download that time again",
            )  # fmt: skip


def _missing_in_days(times: NDArray[np.int64], rhythm: Rhythm) -> NDArray[np.int64]:
    """For each pair of neighbours within a day: how many usual times of day lie between them."""
    import numpy as np

    steps = np.diff(times)
    days, clocks = times // DAY, times % DAY
    count = len(np.unique(days))
    if count < 3:
        regular = (steps == rhythm.interval).mean() > 0.9
        one_day = days[1:] == days[:-1]
        return np.where(one_day & regular, steps // rhythm.interval - 1, 0)
    grid, seen = np.unique(clocks, return_counts=True)
    grid = grid[seen * 2 > count]
    lower = np.searchsorted(grid, clocks[:-1], side="right")
    upper = np.searchsorted(grid, clocks[1:], side="left")
    between = np.where(days[1:] == days[:-1], upper - lower, 0)
    if len(grid) * rhythm.interval > 23 * HOUR:  # trading does not end with the day
        overnight = (days[1:] == days[:-1] + 1) & (len(rhythm.weekdays) == 7)
        between = np.where(overnight, len(grid) - lower + upper, between)
    result: NDArray[np.int64] = np.maximum(between, 0)
    return result


def _missing_days(
    table: Table, times: NDArray[np.int64], at: NDArray[np.int64], rhythm: Rhythm
) -> Iterator[Finding]:
    import numpy as np

    days = times // DAY
    allowed = 0 if len(rhythm.weekdays) == 7 else _HOLIDAYS
    for place in np.flatnonzero(np.diff(days) > 1):
        between = range(int(days[place]) + 1, int(days[place + 1]))
        lost = sum((day + 3) % 7 in rhythm.weekdays for day in between)
        if lost > allowed:
            yield table.finding(
                "gap", "warning", [at[place + 1]],
                f"{lost} trading days are missing, between {shown(int(times[place]))} "
                f"and {shown(int(times[place + 1]))}",
                "download that time again; indicators count bars, not days",
            )  # fmt: skip


# -- zones and labels ---------------------------------------------------------------------------------
def sessions(table: Table, rhythm: Rhythm) -> Iterator[Finding]:
    """Days whose session is another day's moved: by hours (zones) or by one bar (labels)."""
    import numpy as np

    if not rhythm.intraday:
        return
    times, at = np.unique(table.micros, return_index=True)
    days, begins = np.unique(times // DAY, return_index=True)
    ends = np.append(begins[1:], len(times)) - 1
    opens, closes = times[begins] % DAY, times[ends] % DAY
    if len(days) < 3:
        return
    usual_open, usual_close = _usual(opens), _usual(closes)
    if usual_close - usual_open + rhythm.interval >= 23 * HOUR:
        return  # around the clock there is nothing to hold on to
    moved = opens - usual_open
    moved[(closes - usual_close) != moved] = 0
    for shift in np.unique(moved[moved != 0]):
        which = np.flatnonzero(moved == shift)
        shift = int(shift)
        hours = f"{clock(int(opens[which[0]]))} to {clock(int(closes[which[0]]))}"
        usual = f"{clock(usual_open)} to {clock(usual_close)}"
        when = (
            f"on {len(which)} days, {shown(int(days[which[0]]) * DAY)} to {shown(int(days[which[-1]]) * DAY)}"
        )
        if abs(shift) == rhythm.interval:
            yield table.finding(
                "label", "error", at[begins[which]],
                f"{when}, bars are stamped {hours}, on the others {usual}: "
                "once at their start, once at their end",
                f"stamp all bars at their end: add {length(rhythm.interval)} to those stamped at their start",
                count=len(which),
            )  # fmt: skip
        elif shift % _HALF_HOUR == 0 and len(which) > 1:
            daylight = abs(shift) == HOUR
            yield table.finding(
                "zone", "error", at[begins[which]],
                f"{when}, the session is {hours}, on the others {usual}",
                "daylight saving was not followed: convert with the exchange's zone, not with a fixed offset"
                if daylight
                else f"these days are in another time zone: move them by {-shift // _HALF_HOUR / 2:+g} hours",
                count=len(which),
            )  # fmt: skip


def _usual(values: NDArray[np.int64]) -> int:
    import numpy as np

    found, counts = np.unique(values, return_counts=True)
    return int(found[np.argmax(counts)])


def day_stamps(table: Table, rhythm: Rhythm) -> Iterator[Finding]:
    """Daily bars whose date or hour shows that a conversion between zones moved them."""
    import numpy as np

    if not rhythm.daily:
        return
    clocks = table.micros % DAY
    usual = _usual(clocks)
    other = np.flatnonzero(clocks != usual)
    if len(other):
        yield table.finding(
            "zone", "error", other,
            f"stamped {clock(int(clocks[other[0]]))}, the others {clock(usual)}",
            "daily bars should carry the exchange's date: convert to its zone before cutting off the time",
        )  # fmt: skip
    per_day = np.bincount((table.micros // DAY + 3) % 7, minlength=7)
    if per_day[6] > 0.5 * per_day[0] and per_day[4] < 0.1 * per_day[0]:
        sundays = np.flatnonzero((table.micros // DAY + 3) % 7 == 6)
        yield table.finding(
            "zone", "error", sundays,
            "there are bars on Sundays and none on Fridays: dates are one day early",
            "local midnight was written as UTC: add a day, or convert to the exchange's zone",
        )  # fmt: skip


def weekends(table: Table, rhythm: Rhythm) -> Iterator[Finding]:
    """A few bars on days without trading."""
    import numpy as np

    if not rhythm.weekdays or len(rhythm.weekdays) > 5 or not (rhythm.daily or rhythm.intraday):
        return
    weekday = (table.micros // DAY + 3) % 7
    odd: Any = np.flatnonzero(~np.isin(weekday, list(rhythm.weekdays)) & (weekday >= 5))
    if len(odd) and len(odd) * 20 < len(table):
        yield table.finding(
            "weekend", "warning", odd, f"a bar on a {_WEEKDAYS[int(weekday[odd[0]])]}",
            "holidays of the source or a shifted zone: remove it, or check the dates around it",
        )  # fmt: skip


CHECKS = (order, repeats, era, gaps, sessions, day_stamps, weekends)
