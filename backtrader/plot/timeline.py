"""Which bars a figure shows, and where on its axis they stand.

The axis counts the steps of the strategy.  Bars of a feed stand where their date falls among the
dates of those steps, so that a weekly bar is drawn on the day that ended it.
"""

from __future__ import annotations

import datetime as _dt
from typing import Any

from ..errors import BacktraderError
from ..lines.dataseries import DataSeries
from ..lines.root import LineRoot
from ..utils.dateintern import date2num, num2date

__all__ = ["Bars", "Repeated", "Timeline", "figure_ranges", "values_of", "wall_dates"]


def values_of(line: Any) -> Any:
    """All values of a line as an array, without a copy where its memory allows that."""
    import numpy as np

    return np.asarray(line.array, dtype=float)


def figure_ranges(dates: Any, start: Any, end: Any, figures: int) -> list[tuple[int, int]]:
    """The first step and the one after the last step of each figure.

    ``start`` and ``end`` are steps or moments.  A negative ``start`` counts from the end as an index
    does, a negative ``end`` from behind the end: -1 is all.  A date is its midnight.
    """
    total = len(dates)
    first = _step(dates, start, 0, "left")
    if isinstance(end, int) and end < 0:
        end += 1
    last = _step(dates, end or None, total, "right")  # compat: an end of 0 is no end
    if figures < 1:
        raise BacktraderError(f"cerebro.plot(numfigs={figures}): there has to be at least one figure")
    if first >= last:
        raise BacktraderError(
            f"cerebro.plot(start={start!r}, end={end!r}): no bar of the run is in this range "
            f"(the run has {total} bars{_span(dates)})"
        )
    size = max((last - first) // figures, 1)
    begins = [first + size * i for i in range(min(figures, last - first))]
    return [(begin, last if begin == begins[-1] else begin + size) for begin in begins]


def _step(dates: Any, given: Any, default: int, side: str) -> int:
    if given is None:
        return default
    if isinstance(given, _dt.date):  # a datetime is one too
        import numpy as np

        return int(np.searchsorted(dates, date2num(given), side="left" if side == "left" else "right"))
    step = int(given)
    if step < 0:
        step += len(dates)
    return min(max(step, 0), len(dates))


def _span(dates: Any) -> str:
    if not len(dates):
        return ""
    return f", from {num2date(float(dates[0])):%Y-%m-%d} to {num2date(float(dates[-1])):%Y-%m-%d}"


def wall_dates(dates: Any, zone: Any) -> Any:
    """Date numbers as the clocks of ``zone`` show them, for many dates at once."""
    import numpy as np

    if zone is None or not len(dates):
        return dates
    days, where = np.unique(np.floor(dates), return_inverse=True)
    first, last = (np.array([_offset(day + part, zone) for day in days.tolist()]) for part in (0.0, 0.99999))
    offsets = first[where]
    for bar in np.flatnonzero((first != last)[where]):  # clocks change on this day
        offsets[bar] = _offset(float(dates[bar]), zone)
    return dates + offsets


def _offset(date: float, zone: Any) -> float:
    """By how many days clocks of ``zone`` are ahead at a moment."""
    return (num2date(date, zone) - num2date(date)) / _dt.timedelta(days=1)


class Bars:
    """The bars of one clock that a figure shows: a slice of its lines, and where they stand."""

    def __init__(self, start: int, stop: int, xs: Any) -> None:
        self.start, self.stop, self.xs = start, stop, xs

    def of(self, line: Any) -> Any:
        """The values of a line for these bars."""
        return values_of(line)[self.start : self.stop]


class Repeated(Bars):
    """The bars of a longer timeframe on those of a shorter one: each value until the next is known."""

    def __init__(self, source: Bars, dates: Any, shown: Bars, shown_dates: Any) -> None:
        import numpy as np

        super().__init__(source.start, source.stop, shown.xs)
        self._which = np.searchsorted(dates, shown_dates) - 1

    def of(self, line: Any) -> Any:
        """What was known of a line at each bar; nothing before its first value."""
        import numpy as np

        values = values_of(line)
        return np.where(self._which < 0, np.nan, values[np.maximum(self._which, 0)])


class Timeline:
    """The steps of a strategy from ``first`` to before ``last``, and all clocks seen on them."""

    def __init__(self, strategy: Any, first: int, last: int) -> None:
        import numpy as np

        self.strategy = strategy
        self.first, self.last = first, last
        self.dates = values_of(strategy.lines.datetime)[first:last]
        self.xs = np.arange(last - first, dtype=float)
        self._known: dict[int, Bars] = {}

    def __len__(self) -> int:
        return self.last - self.first

    def of(self, clock: Any) -> Bars:
        """The bars of a feed, or of whatever else has dates."""
        known = self._known.get(id(clock))
        if known is None:
            known = self._known[id(clock)] = self._find(clock)
        return known

    def seen_from(self, master: Any, clock: Any) -> Bars:
        """The bars of ``clock`` as they are drawn over a feed ``master``, if one is given."""
        if not isinstance(master, DataSeries) or not isinstance(clock, DataSeries):
            return self.of(clock)
        if (clock._timeframe, clock._compression) <= (master._timeframe, master._compression):
            return self.of(clock)
        shown, source = self.of(master), self.of(clock)
        dates = [values_of(one.lines.datetime)[: len(one)] for one in (clock, master)]
        return Repeated(source, dates[0], shown, dates[1][shown.start : shown.stop])

    def _find(self, clock: Any) -> Bars:
        import numpy as np

        if clock is self.strategy or getattr(clock, "_ltype", None) == LineRoot.StratType:
            return Bars(self.first, self.last, self.xs)
        dates = values_of(clock.lines.datetime)[: len(clock)]
        if not len(self.dates):
            return Bars(0, 0, self.xs)
        start = int(np.searchsorted(dates, self.dates[0], side="left"))
        stop = int(np.searchsorted(dates, self.dates[-1], side="right"))
        shown = dates[start:stop]
        if len(shown) == len(self.dates) and np.array_equal(shown, self.dates):
            return Bars(start, stop, self.xs)
        return Bars(start, stop, np.searchsorted(self.dates, shown).astype(float))
