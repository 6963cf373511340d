"""The venue's time: it runs with the world's, faster, or only when it is told to.

Two times are kept.  *Market time* is that of prices, trades and candles.  *Link time* is that of
connections: keys that expire, pings, rate limits.  A stepped clock has one for both, so that a test can let
a day pass; on a running one, link time is the world's, whatever the speed of the market.
"""

from __future__ import annotations

import asyncio
import heapq
import itertools
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

__all__ = ["Clock", "Timer"]

#: The longest sleep of a running clock between two looks at what is due.
_LOOK = 0.05


@dataclass(order=True, slots=True)
class Timer:
    """Something to do at a time; `cancel` forgets it."""

    at_ms: int
    order: int
    action: Callable[[], None] | None = field(compare=False)

    def cancel(self) -> None:
        """Do not do it."""
        self.action = None


class Clock:
    """``speed`` 1 is the world's pace; 0 is a stepped clock, moved by `advance`."""

    def __init__(self, speed: float = 0.0, start_ms: int | None = None) -> None:
        if speed < 0:
            raise ValueError(f"a clock cannot run at speed {speed}")
        self.speed = speed
        self.skew_ms = 0
        """By how much `api_ms`, which clients see as the server's time, is ahead."""
        self._start_ms = _world_ms() if start_ms is None else start_ms
        self._now_ms = self._start_ms
        self._began = time.monotonic()
        self._timers: list[Timer] = []
        self._order = itertools.count()
        self._task: asyncio.Task[None] | None = None
        self._acting = False
        #: Called when a stepped clock has moved.
        self.moved: list[Callable[[], None]] = []

    @property
    def stepped(self) -> bool:
        """Whether it moves only when told."""
        return self.speed == 0

    def now_ms(self) -> int:
        """Market time; never later than the next thing that is due, and its time while it is done."""
        if self.stepped or self._acting:
            return self._now_ms
        reached = self._reached()
        if self._timers:
            reached = min(reached, self._timers[0].at_ms)
        self._now_ms = max(self._now_ms, reached)
        return self._now_ms

    def _reached(self) -> int:
        return self._start_ms + int((time.monotonic() - self._began) * 1000 * self.speed)

    def api_ms(self) -> int:
        """What clients are told the time is, and what their signatures are held against: the world's."""
        return _world_ms() + self.skew_ms

    def link_s(self) -> float:
        """Link time in seconds."""
        return self._now_ms / 1000 if self.stepped else time.monotonic()

    # -- what is due -------------------------------------------------------------------------------
    def at(self, at_ms: int, action: Callable[[], None]) -> Timer:
        """Do something at a market time."""
        timer = Timer(at_ms, next(self._order), action)
        heapq.heappush(self._timers, timer)
        return timer

    def after(self, seconds: float, action: Callable[[], None]) -> Timer:
        """Do something when so much market time has passed."""
        return self.at(self.now_ms() + int(seconds * 1000), action)

    def link_after(self, seconds: float, action: Callable[[], None]) -> Timer | asyncio.TimerHandle:
        """Do something when so much link time has passed."""
        if self.stepped:
            return self.after(seconds, action)
        return asyncio.get_running_loop().call_later(seconds, action)

    def advance(self, seconds: float) -> None:
        """Let time pass on a stepped clock: everything that becomes due is done, in order."""
        if not self.stepped:
            raise RuntimeError("only a stepped clock is advanced by hand; this one runs")
        self._run_until(self._now_ms + int(seconds * 1000))

    def _run_until(self, until_ms: int) -> int:
        done = 0
        while self._timers and self._timers[0].at_ms <= until_ms:
            timer = heapq.heappop(self._timers)
            if timer.action is None:
                continue
            self._now_ms = max(self._now_ms, timer.at_ms)
            self._acting = True
            try:
                timer.action()
            finally:
                self._acting = False
            done += 1
            if self.speed and done >= 2000:
                return done
        self._now_ms = max(self._now_ms, until_ms)
        for told in self.moved:
            told()
        return done

    # -- a clock that runs -------------------------------------------------------------------------
    def start(self) -> None:
        """Run; needs a running event loop.  A stepped clock stands still."""
        if not self.stepped and self._task is None:
            self._began = time.monotonic() - (self._now_ms - self._start_ms) / 1000 / self.speed
            self._task = asyncio.get_running_loop().create_task(self._run())

    async def stop(self) -> None:
        """Stand still; raises what went wrong in something that was due."""
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    async def _run(self) -> None:
        while True:
            self._run_until(self._reached())
            wait = _LOOK
            if self._timers:
                wait = (self._timers[0].at_ms - self._reached()) / 1000 / self.speed
            await asyncio.sleep(min(max(wait, 0.0), _LOOK))


def _world_ms() -> int:
    return time.time_ns() // 1_000_000
