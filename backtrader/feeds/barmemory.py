"""The memory of a feed's lines: it grows while bars come in and is settled when all are there."""

from __future__ import annotations

from array import array
from typing import Any

from ..lines.clock import GROWING, NAN, WHOLE, Clock


class BarMemory:
    """Room for bars."""

    lines: Any
    buflen: Any
    _now: Clock

    _slots_beyond = 0  # slots to be added behind the last bar

    def forward(self, value: float = NAN, size: int = 1) -> None:
        """Add a bar and move on to it; a feed that was complete can grow again."""
        clock = self._now
        if clock.mode == WHOLE:
            for line in self.lines:
                line.array = array("d", line.array[: clock.size])
            clock.mode = GROWING
            clock.wake()
        clock.forward(value, size)

    def extend(self, value: float = NAN, size: int = 0) -> None:
        """Add slots beyond the last bar: at once if all bars are loaded, else when they are."""
        if self._now.mode != WHOLE:
            self._slots_beyond = size
        else:
            self._now.extend(value, size)

    def _settle(self) -> None:
        """Loading is complete: the lines get memory of exactly as many bars as there are."""
        clock = self._now
        if clock.mode == GROWING:
            bars = self.buflen()
            for line in self.lines:
                line.array = memoryview(line.array)
            clock.settle(bars)
            if self._slots_beyond:
                clock.extend(NAN, self._slots_beyond)

    def qbuffer(self, savemem: int = 0, replaying: bool = False) -> None:
        """Bounded memory is arranged by the run's plan; kept for code that calls it."""
