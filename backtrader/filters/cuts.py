"""Where larger bars end, for all rows of a feed at once.

The answers are those of the boundaries in `boundary`, and so is what they remember afterwards.
Between two ends of a session nothing but the clock or the calendar decides, so that stretch is
decided as columns; the ends themselves are asked for one after the other.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ..lines.timeframe import TimeFrame
from ..utils.datearrays import nums_to_datetimes, nums_to_wall
from .boundary import (
    Boundary,
    CellBoundary,
    DayBoundary,
    EveryInput,
    LongBoundary,
    UnitBoundary,
)

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Bools = NDArray[np.bool_]
    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

_DAY = 86_400_000_000


class Cuts:
    """Which rows end a bar: as the last one in it, or as the first one beyond it."""

    def __init__(self, boundary: Boundary, times: Floats, stand_at: Callable[[int], None]) -> None:
        import numpy as np

        count = len(times)
        self.boundary, self.times, self.stand_at = boundary, times, stand_at
        self.last: Bools = np.zeros(count, dtype=bool)
        self.counted: Bools = np.zeros(count, dtype=bool)  # a period has gone by before the row
        self.session_ends: Floats = np.full(count, np.nan)  # the end that the row reached
        self.beyond: Bools

    def count_periods(self) -> None:
        """Bars are over with every so many periods."""
        import numpy as np

        boundary = self.boundary
        if isinstance(boundary, CellBoundary):
            self.beyond = self.counted
            return
        gone = boundary.periods + np.cumsum(self.counted)
        self.beyond = self.counted & (gone % boundary.p.compression == 0)
        boundary.periods = int(gone[-1])

    # -- kinds of boundaries -------------------------------------------------------------------------
    def by_number(self) -> None:
        """`EveryInput`: the rows are counted."""
        import numpy as np

        count, boundary = len(self.times), self.boundary
        gone = boundary.periods + np.arange(1, count + 1)
        self.last = gone % boundary.p.compression == 0
        self.beyond = np.zeros(count, dtype=bool)
        boundary.periods += count
        for row in [*np.flatnonzero(self.last).tolist(), count - 1] if boundary.moves_time else ():
            self.stand_at(row)
            boundary.session.look()
            self.session_ends[row] = boundary.session.last

    def by_key(self, zone: Any) -> None:
        """`LongBoundary` without a calendar: another week, month or year."""
        days = nums_to_wall(self.times, zone).astype("datetime64[D]")
        key = _PERIODS[self.boundary.p.timeframe](days)
        self.counted[1:] = key[1:] > key[:-1]
        self.count_periods()

    def by_clock(self, zone: Any) -> None:
        """Units and cells inside the day, and sessions."""
        import numpy as np

        boundary = self.boundary
        assert isinstance(boundary, UnitBoundary)
        grid = boundary.grid
        utc = _micros(nums_to_datetimes(self.times))
        wall = utc if zone is None else _micros(nums_to_wall(self.times, zone))
        units, rest = np.divmod(wall, grid.unit)
        on_edge = (rest == 0) & ((units + grid.boundoff) % grid.compression == 0)
        place = utc // grid.unit
        if isinstance(boundary, CellBoundary):
            place = (place + grid.boundoff) // grid.compression
        crosses = np.zeros(len(place), dtype=bool)
        crosses[1:] = place[1:] > place[:-1]
        self._walk_sessions(on_edge, crosses)
        self.count_periods()

    def by_session(self) -> None:
        """`DayBoundary`: nothing but sessions."""
        import numpy as np

        never = np.zeros(len(self.times), dtype=bool)
        self._walk_sessions(never, never)
        self.count_periods()

    def _walk_sessions(self, on_edge: Bools, crosses: Bools) -> None:
        """Go from one end of a session to the next."""
        times, session, count = self.times, self.boundary.session, len(self.times)
        row = 0
        while row < count:
            if session.ahead is None:
                self.stand_at(row)
            ahead = session.ask()
            stop = max(row, int(times.searchsorted(ahead)))
            self._take_stretch(row, stop, on_edge, crosses)
            if stop == count:
                return
            row = self._end_session(stop, ahead, bool(on_edge[stop]))
            if session.ahead is not None and row < count:
                # passed without a bar in the making: this end will never be reached
                self._take_stretch(row, count, on_edge, crosses)
                return

    def _take_stretch(self, start: int, stop: int, on_edge: Bools, crosses: Bools) -> None:
        self.last[start:stop] = on_edge[start:stop]
        counted = self.counted[start:stop]
        counted[:] = crosses[start:stop] & ~on_edge[start:stop]
        counted &= ~self._closed_before(start, stop)

    def _closed_before(self, start: int, stop: int) -> Bools:
        """For each row whether no bar was in the making when it came."""
        import numpy as np

        closed = np.empty(stop - start, dtype=bool)
        if stop > start:
            closed[0] = start == 0 or self.last[start - 1]
            closed[1:] = self.last[start : stop - 1]
        return closed

    def _end_session(self, row: int, ahead: float, on_edge: bool) -> int:
        """The first row at or after the end; the row to go on with."""
        session = self.boundary.session
        exact = self.times[row] == ahead
        open_ = row > 0 and not self.last[row - 1]
        if exact or on_edge:
            self.last[row] = True
        elif open_:
            self.counted[row] = True
        if exact or (open_ and not on_edge):
            self.session_ends[row] = ahead
            session.reach()
        return row + 1


def _micros(moments: NDArray[np.datetime64]) -> Ints:
    """Microseconds since midnight."""
    found: Ints = moments.view("int64") % _DAY
    return found


_PERIODS: dict[int, Callable[[Any], Any]] = {
    TimeFrame.Weeks: lambda days: (days.astype("int64") + 3) // 7,  # 1 January 1970 was a Thursday
    TimeFrame.Months: lambda days: days.astype("datetime64[M]"),
    TimeFrame.Years: lambda days: days.astype("datetime64[Y]"),
}


def cut(boundary: Boundary, times: Floats, feed: Any, stand_at: Callable[[int], None]) -> Cuts | None:
    """The cuts of rows in order of time; None where only rows one by one can tell."""
    zone, calendar = feed._tz, feed._calendar
    if not len(times) or bool((times[1:] < times[:-1]).any()):
        return None
    cuts = Cuts(boundary, times, stand_at)
    kind = type(boundary)
    if kind is EveryInput:
        cuts.by_number()
    elif kind is LongBoundary and calendar is None and boundary.p.timeframe in _PERIODS:
        cuts.by_key(zone)
    elif kind in (UnitBoundary, CellBoundary):
        cuts.by_clock(zone)
    elif kind is DayBoundary:
        cuts.by_session()
    else:
        return None
    return cuts
