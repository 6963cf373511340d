"""The edges of bars inside a day: every so many units of time, counted from midnight."""

from __future__ import annotations

import datetime as _dt

from ..lines.timeframe import TimeFrame
from ..utils.dateintern import _EXACT_FROM, num2date

#: Microseconds in a unit.  Ticks have no length: their grid is that of the clock.
UNITS = {
    TimeFrame.Ticks: 1,
    TimeFrame.MicroSeconds: 1,
    TimeFrame.Seconds: 1_000_000,
    TimeFrame.Minutes: 60_000_000,
}


_DAY = 86_400_000_000


def micros_of_day(clock: _dt.time | _dt.datetime) -> int:
    """Microseconds since midnight."""
    seconds = (clock.hour * 60 + clock.minute) * 60 + clock.second
    return seconds * 1_000_000 + clock.microsecond


def micros_at(num: float) -> int:
    """Microseconds since midnight in UTC, as `num2date` reads a number, without making the moment."""
    day = int(num)
    if day < _EXACT_FROM:
        return micros_of_day(num2date(num))
    seconds = (num - day) * 86400.0
    whole = int(seconds)
    micro = int((seconds - whole) * 1e6)
    if micro < 10:
        micro = 0
    elif micro > 999_990:
        micro = 1_000_000
    return (whole * 1_000_000 + micro) % _DAY


class Grid:
    """Cells of ``compression`` units each, moved by ``boundoff`` units.

    All questions are put in microseconds since midnight; what a cell or an edge is does not
    depend on the day.
    """

    __slots__ = ("boundoff", "compression", "unit")

    def __init__(self, timeframe: int, compression: int, boundoff: int = 0) -> None:
        self.unit, self.compression, self.boundoff = UNITS[timeframe], compression, boundoff

    def steps(self, before: int, after: int) -> bool:
        """Whether ``after`` lies in a later unit than ``before``."""
        return after // self.unit > before // self.unit

    def leaves(self, before: int, after: int) -> bool:
        """Whether ``after`` lies in a later cell than ``before``."""
        return self.cell(after) > self.cell(before)

    def cell(self, micros: int) -> int:
        """The number of the cell."""
        return (micros // self.unit + self.boundoff) // self.compression

    def on_edge(self, micros: int) -> bool:
        """Whether this is exactly the beginning of a cell."""
        units, rest = divmod(micros, self.unit)
        return not rest and not (units + self.boundoff) % self.compression

    def edge(self, moment: _dt.datetime, right: bool) -> _dt.datetime:
        """The end (or the beginning) of the cell that holds ``moment``, perhaps on the next day.

        compat: the cell is found with ``boundoff`` and then put back on the clock without it.
        """
        number = self.cell(micros_of_day(moment)) + (1 if right else 0)
        midnight = moment.replace(hour=0, minute=0, second=0, microsecond=0)
        return midnight + _dt.timedelta(microseconds=number * self.compression * self.unit)
