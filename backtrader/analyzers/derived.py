"""Analyzers that can be worked out from the account's history instead of being stepped."""

from __future__ import annotations

from typing import Any

from .base import Analyzer, TimeFrameAnalyzerBase
from .periods import Change
from .progress import History

__all__ = ["Current", "Derived", "DerivedByPeriod", "value_seen"]


class Current:
    """An attribute that catches up with the run before it is read."""

    def __set_name__(self, owner: type, name: str) -> None:
        self._kept_as = "_kept_" + name

    def __get__(self, obj: Any, cls: Any = None) -> Any:
        if obj is None:
            return self
        if obj._past is not None:
            obj._read()
        try:
            return vars(obj)[self._kept_as]
        except KeyError:
            raise AttributeError(f"{type(obj).__name__} has no value for {self._kept_as[6:]!r} yet") from None

    def __set__(self, obj: Any, value: Any) -> None:
        vars(obj)[self._kept_as] = value


class Derived(Analyzer):
    """Does its steps in one go when somebody reads the results, if the run has a history.

    Subclasses have the usual hooks and ``_catch_up``, which must come to the same results.  What can
    be read from outside is declared as `Current`.
    """

    rets: Any = Current()
    _seen = 0

    @property
    def _results(self) -> Any:
        """The results as far as they are worked out."""
        return vars(self)["_kept_rets"]

    def _can_catch_up(self) -> bool:
        return True

    def _catch_up(self, past: History, start: int, stop: int) -> None:
        """Do the steps from ``start`` to ``stop - 1``."""
        raise NotImplementedError

    def _read(self) -> None:
        """Somebody reads results during the run."""
        past = self._past
        self._sync()
        past.wake(self)

    def _sync(self) -> None:
        """Do the steps that are missing, those an analyzer at this place would have made by now."""
        past = self._past
        if past is not None:
            self._do_until(past, past.progress.done(self._place))

    def _do_until(self, past: History, stop: int) -> None:
        start = self._seen
        if stop > start:
            self._seen = stop
            self._past = None  # what it reads of itself is current
            try:
                self._catch_up(past, start, stop)
            finally:
                self._past = past

    def _stop(self) -> None:
        self._sync()
        super()._stop()

    # compat: who holds on to a results dictionary sees it change; the run calls these once it was read
    def _next(self) -> None:
        if self._past is None:
            super()._next()
        else:
            self._do_until(self._past, len(self._past.progress.clock))

    def _prenext(self) -> None:
        if self._past is None:
            super()._prenext()
        else:
            self._next()

    def _nextstart(self) -> None:
        if self._past is None:
            super()._nextstart()
        else:
            self._next()

    # calls that a run makes for the sake of other analyzers
    def _notify_cashvalue(self, cash: float, value: float) -> None:
        if self._past is None:
            super()._notify_cashvalue(cash, value)

    def _notify_fund(self, cash: float, value: float, fundvalue: float, shares: float) -> None:
        if self._past is None:
            super()._notify_fund(cash, value, fundvalue, shares)


def value_seen(past: History, values: Any, step: int, fundmode: bool) -> float:
    """The account's (or the fund's) value at an analyzer's turn: after the strategy had its say."""
    late = past.late.get(step)
    return values[step] if late is None else late[2 if fundmode else 1]


class DerivedByPeriod(Derived, TimeFrameAnalyzerBase):
    """A derived analyzer by periods: what it does at a change it does in ``_catch_up``."""

    dtkey: Any = Current()
    dtkey1: Any = Current()
    dtcmp: Any = Current()
    dtcmp1: Any = Current()

    def _can_catch_up(self) -> bool:
        return bool(self.p._doprenext)

    def _changes(self, past: History, start: int, stop: int) -> list[Change]:
        """The periods that begin in steps ``start`` to ``stop - 1``; turns to the last one."""
        changes = list(self._periods.changes(past.datetimes, start, stop, self.dtcmp))
        for _, comparable, key in changes[-2:]:
            self._turn_to(comparable, key)
        return changes
