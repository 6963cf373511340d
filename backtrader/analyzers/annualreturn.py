"""Returns of calendar years, read off the broker observer."""

from __future__ import annotations

from collections import OrderedDict
from itertools import pairwise
from typing import Any

from ..errors import BacktraderError
from ..lines.timeframe import TimeFrame
from .base import Analyzer
from .periods import Periods

__all__ = ["AnnualReturn"]


class AnnualReturn(Analyzer):
    """``rets``: the returns of the years in order; ``ret``, which is the analysis: by year.

    The first year is measured from the value of the first bar.  Needs the observer ``Broker``, which
    is there unless the run was told otherwise.
    """

    ret: OrderedDict[int, float]

    def stop(self) -> None:
        """Work the returns out."""
        times, values = self._curve()
        self.rets, self.ret = [], OrderedDict()
        years = [*self._years(times), (len(times), 0)]
        before: Any = None
        for (begin, year), (end, _) in pairwise(years):
            start = values[begin] if before is None else before
            before = values[end - 1]
            self.ret[year] = (before / start) - 1.0
            self.rets.append(self.ret[year])

    def _curve(self) -> tuple[Any, Any]:
        """Dates of the first data and the account's value, the latest bars of both side by side."""
        broker = getattr(self.strategy.stats, "broker", None)
        if broker is None:
            raise BacktraderError(
                f"{type(self).__name__} reads the observer Broker, which this run does not have: "
                "leave stdstats on, or add the observer"
            )
        count = len(self.data)
        times, values = self.data.datetime.get(size=count), broker.lines.value.get(size=count)
        if len(times) < count or len(values) < count:
            raise IndexError(f"{type(self).__name__} needs all bars, not only the latest (exactbars)")
        return times, values

    def _years(self, times: Any) -> list[tuple[int, int]]:
        periods = Periods(TimeFrame.Years, 1, getattr(self.data.datetime, "_tz", None))
        return [(step, year) for step, year, _ in periods.changes(times, 0, len(times), None)]

    def get_analysis(self) -> Any:
        """The returns by year."""
        return self.ret
