"""The bars of another feed, and bars where its sessions have holes."""

from __future__ import annotations

import datetime as _dt
from collections import deque
from typing import Any

from ..filters.session import step_of
from .onefeed import OneFeed


class DataFiller(OneFeed):
    """Fills holes in the sessions of the feed ``dataname``, in steps of its compression.

    The bars put in carry the close of the bar before (or ``fill_price``), and ``fill_vol`` and
    ``fill_oi``.  Nothing is put in before the first bar and after the last one.
    """

    params: Any = (
        ("fill_price", None),
        ("fill_vol", float("nan")),
        ("fill_oi", float("nan")),
    )

    _before: _dt.datetime | None = None
    _waiting: deque[list[float]]

    def start(self) -> None:
        """Start the feed that is read; its timeframe, compression and session are this one's."""
        source = self.p.dataname
        self._timeframe, self._compression = source._timeframe, source._compression
        self.p.sessionstart, self.p.sessionend = source.p.sessionstart, source.p.sessionend
        self._step = step_of(source, type(self).__name__)
        self._before, self._waiting, self._close = None, deque(), 0.0
        super().start()

    def preload(self) -> None:
        """Load the feed that is read and fill it up."""
        super().preload()

    def _load(self) -> Any:
        if not self._waiting:
            answer = self._source.next()
            if not answer:
                return answer
            self._take(self._source)
        self._write(self._waiting.popleft())
        return True

    def _take(self, source: Any) -> None:
        now = source.datetime.datetime()
        price = self.p.fill_price or self._close
        for time in self._holes(now):
            stamp = source.date2num(time)
            self._waiting.append([price, price, price, price, self.p.fill_vol, self.p.fill_oi, stamp])
        self._waiting.append([line[0] for line in source.lines.itersize()])
        self._before, self._close = now, source.close[0]

    def _holes(self, now: _dt.datetime) -> list[_dt.datetime]:
        """Times without a bar between the bar before and the one of ``now``.

        compat: a session is filled up to its end, which gets no bar itself.
        """
        before = self._before
        if before is None:
            return []
        end = _dt.datetime.combine(before, self.p.sessionend)
        if now <= end:
            return self._steps(before + self._step, now)
        holes = self._steps(before + self._step, end)
        if now <= _dt.datetime.combine(now, self.p.sessionend):
            holes += self._steps(_dt.datetime.combine(now, self.p.sessionstart), now)
        return holes

    def _steps(self, first: _dt.datetime, end: _dt.datetime) -> list[_dt.datetime]:
        count = max(0, -((first - end) // self._step))
        return [first + i * self._step for i in range(count)]
