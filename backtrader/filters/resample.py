"""Bars of a larger timeframe, each delivered once, when it is over."""

from __future__ import annotations

from typing import Any

from ..lines.timeframe import TimeFrame
from .boundary import LAST, WITHIN
from .larger import _BaseResampler


class Resampler(_BaseResampler):
    """Makes larger bars out of a feed's bars.

    ``bar2edge`` aligns bars inside a day to multiples of ``compression`` from midnight, moved by
    ``boundoff``; ``adjbartime`` stamps them with the edge (the right one if ``rightedge``).
    ``takelate`` adds input that is not later than the last bar to the bar in the making, else such
    input is dropped.
    """

    replaying = False

    def __call__(self, data: Any, fromcheck: bool = False, forcedata: Any = None) -> bool:
        if fromcheck:
            if self.bar.begun and self._over_by_clock(data, forcedata):
                self._deliver_if_due(data, forcedata)
        elif self._late(data):
            if self.p.takelate:
                self._add_late(data)
            data.backwards()
        else:
            self._take(data)
        return True

    def last(self, data: Any) -> bool:
        """The input has ended: deliver what there is."""
        if not self.bar.begun:
            return False
        if self.boundary.moves_time:
            self.bar.time = self.boundary.edge(self.bar)  # compat: here also back in time
        self._deliver(data)
        return True

    def _take(self, data: Any) -> None:
        """Take the input out of the feed and into the bar before, or after, the bar is delivered."""
        bar = self.bar
        where = self.boundary.place(bar)
        belongs = where == LAST or self.boundary.takes_all
        if belongs:
            bar.add(data.lines)
            data.backwards()
        # compat: where a period's last day is held, what came before it in the bar is delivered
        over = where != WITHIN and bar.begun
        if over:
            if where != LAST and self.boundary.moves_time:
                self._move_to_edge()
            self._deliver(data)
        if not belongs:
            bar.add(data.lines)
            data.backwards()

    def _deliver_if_due(self, data: Any, forcedata: Any) -> None:
        """By the clock always; by another feed's bar if the bar does not come after that one.

        compat: seconds and microseconds never come from another feed's time.
        """
        if forcedata is not None:
            minutes = self.p.timeframe == TimeFrame.Minutes
            if not minutes or self.boundary.edge(self.bar) > forcedata.datetime[0]:
                return
        if self.boundary.moves_time:
            self._move_to_edge()
        self._deliver(data)

    def _deliver(self, data: Any) -> None:
        data._add2stack(self.bar.values())
        self.bar.clear()


class ResamplerTicks(Resampler):
    """To ticks."""

    params: Any = (("timeframe", TimeFrame.Ticks),)


class ResamplerSeconds(Resampler):
    """To seconds."""

    params: Any = (("timeframe", TimeFrame.Seconds),)


class ResamplerMinutes(Resampler):
    """To minutes."""

    params: Any = (("timeframe", TimeFrame.Minutes),)


class ResamplerDaily(Resampler):
    """To days."""

    params: Any = (("timeframe", TimeFrame.Days),)


class ResamplerWeekly(Resampler):
    """To weeks."""

    params: Any = (("timeframe", TimeFrame.Weeks),)


class ResamplerMonthly(Resampler):
    """To months."""

    params: Any = (("timeframe", TimeFrame.Months),)


class ResamplerYearly(Resampler):
    """To years."""

    params: Any = (("timeframe", TimeFrame.Years),)
