"""A feed that follows another feed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..lines.clock import WHOLE
from .base import AbstractDataBase

_SAME_PARAMETERS = ("sessionstart", "sessionend", "timeframe", "compression")
_SAME_DATES = ("_calendar", "fromdate", "todate", "sessionstart", "sessionend")


class DataClone(AbstractDataBase):
    """Shows the bars of the feed given as ``dataname``, usually through filters of its own."""

    _clone = True

    _followed = 0  # bars of the other feed that were shown here
    _leads = False  # while preloading: moves the other feed instead of waiting for it

    def __init__(self) -> None:
        self.data = self.p.dataname
        self._dataname = self.data._dataname
        for name in _SAME_PARAMETERS:
            setattr(self.p, name, getattr(self.data.p, name))

    def _start_finish(self) -> None:
        """Dates and zones are those of the other feed, which has converted its input already."""
        other = self.data
        self._set_zone(other._tz)
        self._tzinput = None
        for name in _SAME_DATES:
            setattr(self, name, getattr(other, name))

    def start(self) -> None:
        """Begin at the other feed's first bar."""
        super().start()
        self._followed, self._leads = 0, False

    def preload(self) -> None:
        """Take over all bars of the other feed, which is preloaded already."""
        self._leads = True
        super().preload()
        self._leads = False
        self.data.home()

    def _is_empty(self) -> bool:
        return self._now.mode == WHOLE or not (self._leads or self._followed < len(self.data))

    def _load(self) -> bool:
        if not self._next_of_other():
            return False
        here, there = self._now.idx, self.data._now.idx
        for line, theirs in zip(self.lines.lines, self.data.lines.lines, strict=False):
            line.array[here] = theirs.array[there]
        return True

    def _next_of_other(self) -> bool:
        """Whether the other feed shows a bar that was not shown here."""
        other = self.data
        if self._leads:
            other.advance()
            return bool(len(other) <= other.buflen())
        if self._followed < len(other):
            self._followed += 1
            return True
        return False

    def _column_chunks(self) -> Iterator[Any]:
        import numpy as np

        other = self.data
        if other._now.mode != WHOLE or len(other):
            return
        bars = other.buflen()
        pairs = zip(self.lines._names, other.lines.itersize(), strict=False)
        yield {name: np.frombuffer(line.array, dtype=np.float64, count=bars) for name, line in pairs}
        other._now.idx = bars - 1

    def advance(self, size: int = 1, datamaster: Any = None, ticks: bool = True) -> None:
        """Step on over loaded bars."""
        self._followed += size
        super().advance(size, datamaster, ticks=ticks)


AbstractDataBase._CloneCls = DataClone
