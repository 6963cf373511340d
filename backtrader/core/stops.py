"""Looking at a run while it goes on, after given numbers of bars, and perhaps ending it there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any


class Stops:
    """The steps of a batch run, cut where ``cerebro._checkpoints`` wants to look.

    The loop asks for its next range of steps when it is done with one; that is when they look.
    """

    def __init__(self, cerebro: Any, strats: list[Any], length: int) -> None:
        self._cerebro, self._strats = cerebro, strats
        steps = cerebro._checkpoints.steps(length, cerebro.datas[0]._warmup)
        self._looks = iter([step for step in steps if 0 < step < length])
        self._next: int | None = next(self._looks, None)

    def between(self, ranges: Iterable[Any]) -> Iterator[Any]:
        """``(anything, start, stop)`` in shorter ranges; none after the run was stopped."""
        for what, start, stop in ranges:
            while self._next is not None and start < self._next <= stop:
                yield what, start, self._next
                start = self._next
                if not self._goes_on(start):
                    return
            if start < stop:
                yield what, start, stop

    def _goes_on(self, step: int) -> bool:
        while self._next is not None and self._next <= step:  # shares of a short run may fall together
            self._next = next(self._looks, None)
        self._cerebro._checkpoints.look(self._cerebro, self._strats, step)
        return not self._cerebro._event_stop
