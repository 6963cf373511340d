"""A bar of a larger timeframe shown while it is being built."""

from __future__ import annotations

from typing import Any

from ..lines.timeframe import TimeFrame
from .resample import _LATE_STEP, _BaseResampler


class Replayer(_BaseResampler):
    """Delivers the same bar again with every input until it is over; the feed's length stays.

    With ``adjbartime`` a last delivery stamped with the edge closes the bar.
    """

    params: Any = (("bar2edge", True), ("adjbartime", False), ("rightedge", True))

    replaying = True

    def __call__(self, data: Any, fromcheck: bool = False, forcedata: Any = None) -> bool:
        # compat: forcedata is not looked at, a check always goes by the wall clock
        if fromcheck:
            if self._checkbarover(data, fromcheck=True) and self.doadjusttime:
                self._close_by_clock(data)
            return False
        late = self._latedata(data)
        if late and not self.p.takelate:
            data.backwards(force=True)
            return True
        onedge, askover = (False, True) if late or self.componly else self._dataonedge(data)
        consumed = late or self.componly or onedge
        data._tick_fill(force=True)
        if consumed:
            self._absorb(data, late)
        if not onedge and not (askover and self._checkbarover(data)):
            self._show(data, consumed)
        elif not onedge and self.doadjusttime:
            self._close_with_edge(data, consumed)
        else:
            self._close(data, consumed)
        return False

    def _absorb(self, data: Any, late: bool) -> None:
        self.bar.bupdate(data)
        if late:
            self.bar.datetime = data.lines.datetime[-1] + _LATE_STEP

    def _show(self, data: Any, consumed: bool) -> None:
        """Not over: put the input in and show the bar in its place."""
        if not consumed:
            self.bar.bupdate(data)
        self._replace(data)
        self._firstbar = False

    def _close(self, data: Any, consumed: bool) -> None:
        """Over: the input is either its last piece or the first of the next bar."""
        if not consumed:
            self.bar.bupdate(data, reopen=True)  # the feed shows the input already
            return
        self._replace(data)
        self._restart()

    def _replace(self, data: Any) -> None:
        """Drop the input unless it opened the bar and write the bar over what the feed shows."""
        if not self._firstbar:
            data.backwards(force=True)
        data._updatebar(self.bar.lvalues(), forward=False, ago=0)

    def _close_with_edge(self, data: Any, consumed: bool) -> None:
        """Over: show the bar once more, stamped with its edge; input of the next bar waits its turn."""
        if self._adjusttime(greater=True):
            data._updatebar(self.bar.lvalues(), forward=False, ago=0 if consumed else -1)
        if consumed:
            self._restart()
            return
        self.bar.bupdate(data, reopen=True)
        data._save2stack(erase=True, force=True)

    def _close_by_clock(self, data: Any) -> None:
        adjusted = self._adjusttime(greater=True)
        if adjusted:
            data._updatebar(self.bar.lvalues(), forward=False, ago=0)
        self._restart()
        if adjusted:
            data._save2stack(erase=True, force=True)  # to be delivered again

    def _restart(self) -> None:
        self.bar.bstart(maxdate=True)
        self._firstbar = True


class ReplayerTicks(Replayer):
    """Ticks."""

    params: Any = (("timeframe", TimeFrame.Ticks),)


class ReplayerSeconds(Replayer):
    """Seconds."""

    params: Any = (("timeframe", TimeFrame.Seconds),)


class ReplayerMinutes(Replayer):
    """Minutes."""

    params: Any = (("timeframe", TimeFrame.Minutes),)


class ReplayerDaily(Replayer):
    """Days."""

    params: Any = (("timeframe", TimeFrame.Days),)


class ReplayerWeekly(Replayer):
    """Weeks."""

    params: Any = (("timeframe", TimeFrame.Weeks),)


class ReplayerMonthly(Replayer):
    """Months."""

    params: Any = (("timeframe", TimeFrame.Months),)
