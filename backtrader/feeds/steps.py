"""Which bar of a feed is now: stepping on, alone or beside a feed that leads."""

from __future__ import annotations

from typing import Any

from ..lines.clock import WHOLE, Clock

_INF = float("inf")


class Steps:
    """Stepping over bars, loaded ones or new ones."""

    lines: Any
    _line0: Any
    _now: Clock
    rewind: Any
    forward: Any
    load: Any
    _tick_fill: Any
    _tick_nullify: Any

    def advance_peek(self) -> float:
        """The time of the next bar if it is loaded."""
        return self.lines.datetime[1] if self._bars_ahead() > 0 else _INF

    def advance(self, size: int = 1, datamaster: Any = None, ticks: bool = True) -> None:
        """Step on over loaded bars, with a master feed not beyond its time."""
        if ticks:
            self._tick_nullify()
        self._now.idx += size
        if not ticks and datamaster is None:
            return
        if datamaster is not None:
            arrived = self._beside(datamaster)
        else:
            arrived = self._bars_ahead() > 0  # compat: not on the last bar loaded
        if ticks and arrived:
            self._tick_fill()

    def next(self, datamaster: Any = None, ticks: bool = True) -> Any:
        """Deliver the next bar: True; with a master feed only one that is not later than its bar.

        Otherwise what ``_load`` said: False if there is none, None if there is none yet.
        """
        answer = self._one_more(ticks)
        if not answer:
            return answer
        if datamaster is not None and self._later_than(datamaster):
            self.rewind()
            return False
        if ticks:
            self._tick_fill()
        return True

    def _one_more(self, ticks: bool) -> Any:
        """Go to the next bar, which may have to be loaded."""
        if self._bars_ahead() > 0:
            self.advance(ticks=ticks)
            return True
        if ticks:
            self._tick_nullify()
        return self.load()

    def _beside(self, master: Any) -> bool:
        """After a step beside a master feed: take it back if it went too far."""
        if self._bars_ahead() < 0:
            self.rewind()
            self.forward()  # an empty bar: the master goes on
            return False
        if self._later_than(master):
            self.rewind()
            return False
        return True

    def _later_than(self, other: Any) -> bool:
        return bool(self.lines.datetime[0] > other.lines.datetime[0])

    def _bars_ahead(self) -> int:
        """Loaded bars beyond the one of now; less than 0 after a step past the last one."""
        clock = self._now
        if clock.mode == WHOLE:
            return clock.size - clock.idx - clock.base - 1
        return len(self._line0.array) - clock.idx - 1
