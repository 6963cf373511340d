"""Looking for input that is out of order."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING

from ..utils.dateintern import num2date

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class TimeWatch:
    """Sees the time of each bar that comes in; warns once if one does not go on.

    ``repeats``: several bars may have the same time.
    """

    __slots__ = ("before", "bars", "name", "quiet", "repeats")

    def __init__(self, name: str, repeats: bool) -> None:
        self.name, self.repeats = name, repeats
        self.before = float("-inf")
        self.bars = 0
        self.quiet = False

    def see(self, time: float) -> None:
        """One bar."""
        before, self.before = self.before, time
        self.bars += 1
        if time <= before and (time < before or not self.repeats):
            self._warn(self.bars, time, before)

    def see_all(self, times: NDArray[np.float64]) -> None:
        """A column of bars, at least one."""
        import numpy as np

        before = np.concatenate(([self.before], times[:-1]))
        wrong = np.flatnonzero(times < before if self.repeats else times <= before)
        if len(wrong):
            first = int(wrong[0])
            self._warn(self.bars + first + 1, float(times[first]), float(before[first]))
        self.bars += len(times)
        self.before = float(times[-1])

    def _warn(self, bar: int, time: float, before: float) -> None:
        if self.quiet:
            return
        self.quiet = True
        what = "has the same time as" if time == before else "is earlier than"
        warnings.warn(
            f"feed {self.name!r}: bar {bar} ({_shown(time)}) {what} the one before it "
            f"({_shown(before)}); it is used as it is, further ones are not reported",
            stacklevel=2,
        )


def _shown(num: float) -> str:
    try:
        return str(num2date(num))
    except (ValueError, OverflowError):
        return repr(num)
