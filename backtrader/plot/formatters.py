"""Numbers of an axis as text: bars as dates, volume with a suffix."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from ..utils.dateintern import num2date
from ..utils.optional import require

ticker: Any = require("matplotlib.ticker", extra="plot", why="backtrader.plot.formatters")

__all__ = [
    "BarDates",
    "MyDateFormatter",
    "MyVolFormatter",
    "getlocator",
    "num2date",
    "patch_formatter",
    "patch_locator",
]


class MyVolFormatter(ticker.Formatter):
    """Volume in the unit that suits the largest one; nothing above it, where prices are drawn."""

    Suffixes = ["", "K", "M", "G", "T", "P"]

    def __init__(self, volmax: float) -> None:
        self.volmax = volmax
        power = 0
        while power < len(self.Suffixes) - 1 and volmax >= 1000.0 ** (power + 1):
            power += 1
        self.divisor = 1000.0**power
        self.suffix = self.Suffixes[power]

    def __call__(self, y: float, pos: int | None = 0) -> str:
        if y > self.volmax * 1.20:
            return ""
        return f"{int(y / self.divisor)}{self.suffix}"


class MyDateFormatter(ticker.Formatter):
    """The date of the bar that a position on the axis is nearest to."""

    def __init__(self, dates: Any, fmt: str = "%Y-%m-%d") -> None:
        self.dates = dates
        self.lendates = len(dates)
        self.fmt = fmt

    def __call__(self, x: float, pos: int | None = 0) -> str:
        if not self.lendates:
            return ""
        bar = min(max(round(x), 0), self.lendates - 1)
        return num2date(float(self.dates[bar])).strftime(self.fmt)


class BarDates(MyDateFormatter):
    """Dates of bars during the day, with the time of day where ticks are close enough for it to matter."""

    def __init__(self, dates: Any, near: str = "%Y-%m-%d %H:%M", far: str = "%Y-%m-%d") -> None:
        super().__init__(dates, near)
        self.near, self.far = near, far

    def set_locs(self, locs: Any) -> None:
        """Told of all ticks before they are shown."""
        super().set_locs(locs)
        if not self.lendates:
            return
        bars = sorted(min(max(round(x), 0), self.lendates - 1) for x in locs)
        apart = [float(self.dates[b] - self.dates[a]) for a, b in pairwise(bars)]
        self.fmt = self.far if apart and min(apart) >= 1.0 else self.near


def getlocator(xdates: Any, numticks: int = 5, tz: Any = None) -> tuple[Any, Any]:
    """A locator and a formatter for bars with these dates, about ``numticks`` ticks apart."""
    from .locator import AutoDateFormatter, AutoDateLocator

    locator = AutoDateLocator(xdates, tz=tz, minticks=min(5, numticks), maxticks=max(2, numticks))
    return locator, AutoDateFormatter(xdates, locator, tz=tz)


def patch_formatter(formatter: Any, xdates: Any) -> Any:
    """Let a formatter of dates read positions as bars with these dates; returns it."""
    original = formatter.__call__

    def of_bar(x: float, pos: int | None = None) -> str:
        from .locator import as_mpl_dates

        bar = min(max(round(x), 0), len(xdates) - 1)
        return str(original(float(as_mpl_dates([xdates[bar]])[0]), pos))

    kind = type(formatter)
    formatter.__class__ = type(kind.__name__, (kind,), {"__call__": lambda _, x, pos=None: of_bar(x, pos)})
    return formatter


def patch_locator(locator: Any, xdates: Any) -> Any:
    """Let a locator of dates place its ticks on bars with these dates; returns it."""
    from .locator import BarTicks

    kind = type(locator)
    locator.__class__ = type(kind.__name__, (BarTicks, kind), {})
    locator._dates = xdates
    return locator
