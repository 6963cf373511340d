"""A feed that follows another feed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..lines.clock import WHOLE
from .base import AbstractDataBase


class DataClone(AbstractDataBase):
    """Shows the bars of the feed given as ``dataname``, usually through filters of its own."""

    _clone = True

    _dlen = 0  # bars of the other feed that were taken over
    _preloading = False

    def __init__(self) -> None:
        other = self.data = self.p.dataname
        self._dataname = other._dataname
        for name in ("sessionstart", "sessionend", "timeframe", "compression"):
            setattr(self.p, name, getattr(other.p, name))

    def _start(self) -> None:
        self._restart_lines()
        self.start()
        other = self.data
        self._set_zone(other._tz)
        self._tzinput = None  # the other feed has converted its input
        self._calendar = other._calendar
        self.fromdate, self.todate = other.fromdate, other.todate
        self.sessionstart, self.sessionend = other.sessionstart, other.sessionend

    def start(self) -> None:
        """Begin at the other feed's first bar."""
        super().start()
        self._dlen = 0
        self._preloading = False

    def preload(self) -> None:
        """Take over all bars of the other feed, which is preloaded already."""
        self._preloading = True
        super().preload()
        self.data.home()
        self._preloading = False

    def _load(self) -> bool:
        other = self.data
        if self._preloading:
            other.advance()
            if len(other) > other.buflen():
                return False
        elif len(other) <= self._dlen:
            return False
        else:
            self._dlen += 1
        for own, line in zip(self.lines, other.lines, strict=False):
            own[0] = line[0]
        return True

    def _column_chunks(self) -> Iterator[Any]:
        import numpy as np

        other = self.data
        if other._now.mode != WHOLE or len(other):
            return
        size = other.buflen()
        pairs = zip(self.lines._names, other.lines.itersize(), strict=False)
        yield {name: np.frombuffer(line.array, dtype=np.float64, count=size) for name, line in pairs}
        other._now.idx = size - 1

    def advance(self, size: int = 1, datamaster: Any = None, ticks: bool = True) -> None:
        """Step on over loaded bars."""
        self._dlen += size
        super().advance(size, datamaster, ticks=ticks)


AbstractDataBase._CloneCls = DataClone
