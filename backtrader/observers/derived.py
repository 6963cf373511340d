"""Observers whose lines come from the account's history instead of being written bar by bar."""

from __future__ import annotations

from array import array
from typing import Any

from ..analyzers.progress import OBSERVERS, History
from ..lines.clock import NAN
from ..lines.line import LineBuffer
from .base import Observer

__all__ = ["DerivedObserver"]


class _DerivedLine(LineBuffer):
    """A line of such an observer: looking at its values brings them up to date."""

    @property
    def array(self) -> Any:  # type: ignore[override]
        return self._owner._column(self)


class DerivedObserver(Observer):
    """With a history at hand, a subclass' lines are what ``_columns`` gives; without one it is stepped."""

    _stclock = True
    _quiet = "derived"

    _past: Any = None
    _filled = 0
    _memory: list[Any]

    @property
    def _history(self) -> Any:  # type: ignore[override]
        return self._past

    @_history.setter
    def _history(self, history: Any) -> None:
        if self._quiet != "derived":
            return
        self._past = history
        self._memory = [memoryview(array("d", [NAN]) * self._now.size) for _ in self.lines]
        for line in self.lines:
            line.__class__ = _DerivedLine

    def _column(self, line: LineBuffer) -> Any:
        start, stop = self._filled, self._past.progress.done(OBSERVERS)
        if stop > start:
            self._filled = stop
            for memory, values in zip(self._memory, self._columns(self._past, start, stop), strict=True):
                if values is not None:
                    memory[start:stop] = values
        return self._memory[self.lines.lines.index(line)]

    def _columns(self, past: History, start: int, stop: int) -> list[Any]:
        """The values of steps ``start`` to ``stop - 1`` of every line; None where there are none."""
        raise NotImplementedError


CASH, VALUE, FUNDVALUE, FUNDSHARES = range(4)


def account(past: History, which: int, start: int, stop: int) -> array[float]:
    """Cash, value, fund value or fund shares of steps ``start`` to ``stop - 1`` as observers saw them."""
    curve = (past.cash, past.values, past.fundvalues, past.fundshares)[which](stop)
    values = array("d", curve[start:stop])
    for step, late in past.late.items():
        if start <= step < stop:
            values[step - start] = late[which]
    return values
