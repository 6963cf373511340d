"""Larger bars that are over because other feeds say that it is later."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..filters.boundary import CellBoundary, DayBoundary, UnitBoundary
from ..utils.datearrays import nums_to_datetimes

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

_DAY = 86_400_000_000


class _At:
    """A feed that shows a time."""

    def __init__(self, now: float) -> None:
        self.datetime = [now]


def check_at(data: Any, bars: int, now: float) -> bool:
    """Let the filter of a feed that has shown so many bars, all it has, look at the time of others.

    Whether that delivered a bar, which is the feed's last one then.
    """
    data._now.idx = bars - 1
    if data._clone:
        data.data._now.idx = data.data._now.size - 1
    data._check(forcedata=_At(now))
    if not data._barstack:
        return False
    data._updatebar(data._barstack.popleft(), forward=True)
    return True


class ByClock:
    """Finds the step whose time delivers the bar that a feed's filter holds."""

    def __init__(self, data: Any, bars: int, times: Floats) -> None:
        self.data, self.bars, self.times = data, bars, times
        flt = data._filters[0][0]
        self.bar, self.boundary = flt.bar, flt.boundary
        self._crossed: Any = None

    def first(self, step: int) -> int | None:
        """The first such step from ``step`` on; its bar is in the feed then.

        Steps at which asking changes nothing are left out.
        """
        if not isinstance(self.boundary, (DayBoundary, UnitBoundary)):
            return None
        while self.bar.begun:
            step = self._next(step)
            if step >= len(self.times):
                break
            if check_at(self.data, self.bars, float(self.times[step])):
                return step
            step += 1
        return None

    def _next(self, step: int) -> int:
        """The next step at which the answer may be yes, or something may be remembered."""
        ahead = self.boundary.session.ahead
        if ahead is None:
            return step
        at = max(step, int(self.times.searchsorted(ahead)))
        if at < len(self.times) and self.times[at] != ahead and self.bar.time > ahead:
            at = len(self.times)  # passed while no bar was in the making: never reached
        return min(at, self._next_crossed(step))

    def _next_crossed(self, step: int) -> int:
        """The next step that lies in another cell."""
        boundary = self.boundary
        if not isinstance(boundary, CellBoundary):
            return len(self.times)
        if self._crossed is None:
            import numpy as np

            grid = boundary.grid
            micros = nums_to_datetimes(np.append(self.times, self.bar.time)).view("int64") % _DAY
            cells = (micros // grid.unit + grid.boundoff) // grid.compression
            self._crossed = np.flatnonzero((cells[:-1] > cells[-1]) & (self.times >= self.bar.time))
        found = int(self._crossed.searchsorted(step))
        return int(self._crossed[found]) if found < len(self._crossed) else len(self.times)


__all__ = ["ByClock", "check_at"]
