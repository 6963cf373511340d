"""Requests per time, kept below what the venue allows, with room left for cancellations.

What the venue says of its own counts is right and ours is a guess in between: other programs may use
the same address.  A limit that is not known yet does not hold anything up.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from ..gateways import RateUse
from .clock import elapsed

__all__ = ["Limiter"]

_STEP = 0.02


@dataclass(slots=True)
class _Window:
    length: float
    limit: int
    used: int
    until: float


class Limiter:
    """Gives leave to send.

    ``clock`` is the time of day, by which venues count; waits are measured by ``passed``, which nobody
    sets: a clock put back must not hold anything up.
    """

    def __init__(
        self,
        reserve: float = 0.2,
        clock: Callable[[], float] = time.time,
        passed: Callable[[], float] = elapsed,
    ) -> None:
        self._reserve, self._clock, self._passed = reserve, clock, passed
        self._windows: dict[tuple[str, float], _Window] = {}
        self._blocked_until = 0.0

    def heard(self, uses: Iterable[RateUse]) -> None:
        """What the venue's last answers said."""
        now = self._passed()
        for use in uses:
            if use.limit <= 0:
                continue  # a count without a limit says nothing
            key = use.scope, use.window
            window = self._windows.get(key)
            if window is None or now >= window.until:
                self._windows[key] = _Window(use.window, use.limit, use.used, self._end(use.window))
            else:
                # what was sent since that answer may not be in its count
                window.limit, window.used = use.limit, max(window.used, use.used)

    def blocked(self, seconds: float) -> None:
        """The venue asked for a pause."""
        self._blocked_until = max(self._blocked_until, self._passed() + seconds)

    def wait(self, count: int = 1, *, urgent: bool = False, orders: bool = True) -> float:
        """Seconds until ``count`` requests may be sent; 0 is now.

        ``urgent`` (cancellations, questions about what is unknown) may use the reserve.
        """
        now = self._passed()
        longest = max(self._blocked_until - now, 0.0)
        for window in self._concerned(orders):
            if now >= window.until:
                window.used, window.until = 0, self._end(window.length)
            allowed = window.limit if urgent else int(window.limit * (1 - self._reserve))
            if window.used + count > allowed and window.used:
                longest = max(longest, window.until - now)
        return longest

    def take(self, count: int = 1, *, orders: bool = True) -> None:
        """Count what is sent now."""
        for window in self._concerned(orders):
            window.used += count

    async def acquire(
        self, count: int = 1, *, urgent: bool = False, orders: bool = True, patience: float = 0.0
    ) -> bool:
        """Wait for leave and take it; False, and nothing taken, if that takes longer than ``patience``."""
        until = self._passed() + patience
        while (pause := self.wait(count, urgent=urgent, orders=orders)) > 0:
            if self._passed() + pause > until:
                return False
            await asyncio.sleep(max(pause, _STEP))
        self.take(count, orders=orders)
        return True

    def use(self) -> float:
        """The fullest window, as a part of its limit."""
        now = self._passed()
        parts = [one.used / one.limit for one in self._windows.values() if one.limit and now < one.until]
        return max(parts, default=0.0)

    def _concerned(self, orders: bool) -> list[_Window]:
        return [window for (scope, _), window in self._windows.items() if orders or scope == "requests"]

    def _end(self, length: float) -> float:
        """Venues count in windows that begin at full multiples of their length."""
        return self._passed() + length - self._clock() % length
