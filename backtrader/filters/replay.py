"""A bar of a larger timeframe, delivered again and again while it is being built."""

from __future__ import annotations

from typing import Any

from ..lines.timeframe import TimeFrame
from .boundary import FULL, HELD, LAST, WITHIN
from .larger import _BaseResampler


class Replayer(_BaseResampler):
    """Shows the larger bar with every input; the feed's length changes when a new one begins.

    With ``adjbartime`` the bar is delivered once more when it is over, stamped with its edge.
    """

    params: Any = (("bar2edge", True), ("adjbartime", False), ("rightedge", True))

    replaying = True

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        self._shown = False  # the feed's last bar is the one in the making

    def begin_again(self) -> None:
        """A run starts."""
        super().begin_again()
        self._shown = False

    def __call__(self, data: Any, fromcheck: bool = False, forcedata: Any = None) -> bool:
        if fromcheck:
            # compat: the time of another feed is not looked at, only the clock
            if self._over_by_clock(data) and self.boundary.moves_time:
                self._end_by_clock(data)
            return False
        late = self._late(data)
        if late and not self.p.takelate:
            data.backwards(force=True)
            return True
        data._tick_fill(force=True)
        where = self._take_late(data) if late else self.boundary.place(self.bar)
        taken = where == LAST or self.boundary.takes_all
        if taken:
            self.bar.add(data.lines)
        belongs = late or taken
        if where in (WITHIN, HELD):
            if not belongs:
                self.bar.add(data.lines)
            self._show(data)
            self._shown = True
        elif where != LAST and self.boundary.moves_time and not self.boundary.takes_all:
            self._end_on_edge(data, belongs)
        elif belongs:
            if where == FULL and self.boundary.moves_time:
                self._move_to_edge()
            self._show(data)
            self._start_over()
        else:
            self._begin_with(data)
        return False

    def _take_late(self, data: Any) -> int:
        self._add_late(data)
        return FULL if self.boundary.passed(self.bar) else WITHIN

    def _show(self, data: Any) -> None:
        """Put the bar in the place of the input and, if it was shown before, of itself."""
        if self._shown:
            data.backwards(force=True)
        data._updatebar(self.bar.values())

    def _start_over(self) -> None:
        self.bar.clear()
        self._shown = False

    def _begin_with(self, data: Any) -> None:
        """The input, which the feed shows already, is the beginning of a new bar."""
        self.bar.clear()
        self.bar.add(data.lines)

    def _end_on_edge(self, data: Any, belongs: bool) -> None:
        """Show the bar once more with the time of its edge; an input beyond it waits for its turn."""
        if self._move_to_edge():
            data._updatebar(self.bar.values(), ago=0 if belongs else -1)
        if belongs:
            self._start_over()
            return
        self._begin_with(data)
        data._save2stack(erase=True, force=True)

    def _end_by_clock(self, data: Any) -> None:
        moved = self._move_to_edge()
        if moved:
            data._updatebar(self.bar.values())
        self._start_over()
        if moved:
            data._save2stack(erase=True, force=True)  # to be delivered again


class ReplayerTicks(Replayer):
    """To ticks."""

    params: Any = (("timeframe", TimeFrame.Ticks),)


class ReplayerSeconds(Replayer):
    """To seconds."""

    params: Any = (("timeframe", TimeFrame.Seconds),)


class ReplayerMinutes(Replayer):
    """To minutes."""

    params: Any = (("timeframe", TimeFrame.Minutes),)


class ReplayerDaily(Replayer):
    """To days."""

    params: Any = (("timeframe", TimeFrame.Days),)


class ReplayerWeekly(Replayer):
    """To weeks."""

    params: Any = (("timeframe", TimeFrame.Weeks),)


class ReplayerMonthly(Replayer):
    """To months."""

    params: Any = (("timeframe", TimeFrame.Months),)
