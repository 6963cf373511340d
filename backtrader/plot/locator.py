"""Ticks at round dates on an axis of bars.

The x axis counts bars, so that nights, weekends and holidays take no room.  The locators here
choose ticks as matplotlib's do for true dates, and put each on the first bar that is not before it.
"""

from __future__ import annotations

import datetime as _dt
from typing import Any

from ..utils.datearrays import nums_to_datetimes
from ..utils.dateintern import num2date
from ..utils.optional import require

mdates: Any = require("matplotlib.dates", extra="plot", why="backtrader.plot.locator")

__all__ = ["AutoDateFormatter", "AutoDateLocator", "BarTicks", "RRuleLocator", "as_mpl_dates"]

_FIRST_OF_1970 = _dt.date(1970, 1, 1).toordinal()


def as_mpl_dates(dates: Any) -> Any:
    """Date numbers of lines as matplotlib's: days since its own epoch."""
    import numpy as np

    epoch = (np.datetime64(mdates.get_epoch(), "s") - np.datetime64(0, "s")) / np.timedelta64(1, "D")
    return np.asarray(dates, dtype=float) - (_FIRST_OF_1970 + float(epoch))


class BarTicks:
    """Turns the choice of a locator of dates into bars."""

    _dates: Any
    _known: Any = None
    axis: Any

    def _moment(self, x: float) -> _dt.datetime:
        bar = min(max(round(x), 0), len(self._dates) - 1)
        return num2date(float(self._dates[bar])).replace(tzinfo=_dt.UTC)

    def __call__(self) -> Any:
        """Bars for ticks in what is in view."""
        return self.tick_values(*self.viewlim_to_dt())

    def datalim_to_dt(self) -> tuple[_dt.datetime, _dt.datetime]:
        """The dates of the first and the last bar drawn."""
        low, high = sorted(self.axis.get_data_interval())
        return self._moment(low), self._moment(high)

    def viewlim_to_dt(self) -> tuple[_dt.datetime, _dt.datetime]:
        """The dates of the first and the last bar in view."""
        low, high = sorted(self.axis.get_view_interval())
        return self._moment(low), self._moment(high)

    def tick_values(self, vmin: Any, vmax: Any) -> Any:
        """Bars for ticks between two dates."""
        import numpy as np

        chosen = super().tick_values(vmin, vmax)  # type: ignore[misc]
        moments = [moment.replace(tzinfo=None) for moment in mdates.num2date(chosen)]
        bars = np.searchsorted(self._stamps(), np.array(moments, dtype="datetime64[us]"))
        return np.unique(np.clip(bars, 0, len(self._dates) - 1)).astype(float)

    def _stamps(self) -> Any:
        """The dates of all bars to the microsecond: as numbers, two that are the same may differ by some."""
        if self._known is None:
            self._known = nums_to_datetimes(self._dates)
        return self._known


class RRuleLocator(BarTicks, mdates.RRuleLocator):
    """Ticks by a recurrence rule, on bars."""

    def __init__(self, dates: Any, o: Any, tz: Any = None) -> None:
        self._dates = dates
        super().__init__(o, tz)


class AutoDateLocator(BarTicks, mdates.AutoDateLocator):
    """Ticks at the round dates that suit what is in view, on bars."""

    def __init__(self, dates: Any, *args: Any, **kwargs: Any) -> None:
        self._dates = dates
        super().__init__(*args, **kwargs)


class AutoDateFormatter(mdates.AutoDateFormatter):
    """Dates as exact as the distance between ticks asks for."""

    def __init__(self, dates: Any, locator: Any, tz: Any = None, defaultfmt: str = "%Y-%m-%d") -> None:
        self._dates = dates
        super().__init__(locator, tz, defaultfmt)

    def __call__(self, x: float, pos: int | None = None) -> str:
        bar = min(max(round(x), 0), len(self._dates) - 1)
        return str(super().__call__(float(as_mpl_dates([self._dates[bar]])[0]), pos))
