"""Bars that come into a feed: one by one from its source, or whole columns at once."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from typing import Any

from ..lines.clock import WHOLE, Clock
from ..lines.timeframe import TimeFrame
from ..utils.dateintern import date2num, num2date
from .bulk import reads_a_file, rows_are_forced, take_columns
from .resampled import plain_resampler, resample_rows
from .watch import TimeWatch

_AGAIN = object()  # the bar was taken out of the stream: the next one, please


class Intake:
    """Loading: a bar is made room for, filled from the source, and kept if dates and filters let it."""

    lines: Any
    p: Any
    fromdate: float
    todate: float
    forward: Any
    backwards: Any
    _now: Clock
    _name: str
    _tzinput: Any
    _clone: bool
    _filters: list[Any]
    _barstack: deque[Any]
    _barstash: deque[Any]
    _fromstack: Any
    _filtered: Any
    _last: Any
    _settle: Any

    resampling = 0  # not zero: filters make larger bars of what is loaded
    replaying = 0

    _watch: TimeWatch

    def _forget_input(self) -> None:
        """Loading begins with the first bar again."""
        several = self.p.timeframe == TimeFrame.Ticks
        self._watch = TimeWatch(self._name or type(self).__name__, repeats=several)

    # -- all at once -----------------------------------------------------------------------------
    def preload(self) -> None:
        """Load all bars and go back to before the first one."""
        self._load_all()
        self._last()
        self._settle()

    def _load_all(self) -> None:
        """Load all bars but what filters hold back until the input has ended."""
        resampler = plain_resampler(self)
        more = True
        if not rows_are_forced(self, resampler):
            more = self._load_columns()
            if resampler is not None:
                resample_rows(self, resampler)
        while more and self.load():
            pass

    def _load_ahead(self) -> None:
        """Load all bars now, if they are there, for a run that steps over them one by one.

        Of a resampled feed the last bar stays with the filter: other feeds' times or the end of the
        input deliver it.
        """
        if self._clone or self._barstack or self._barstash:
            return
        resampler = plain_resampler(self)
        if rows_are_forced(self, resampler) and (
            (self._filters and resampler is None) or not reads_a_file(self)
        ):
            return
        self._load_all()
        self._settle()

    def _load_columns(self) -> bool:
        """Take what the source gives as columns; false if it went beyond ``todate``: then that was all."""
        return all(take_columns(self, columns) for columns in self._column_chunks())

    def _column_chunks(self) -> Iterator[Any]:
        """The rest of the source as columns: dicts from line name to float64 array.

        ``datetime`` holds what ``_load`` would write.  What is not given here is loaded by rows.
        """
        return iter(())

    # -- one by one ------------------------------------------------------------------------------
    def load(self) -> Any:
        """Load one bar that passes the dates and the filters; else what ``_load`` said."""
        answer: Any = _AGAIN
        while answer is _AGAIN:
            if not (self._barstack or self._barstash) and self._is_empty():
                return False
            self.forward()
            answer = self._fromstack() or self._fresh_bar()
        return answer

    def _is_empty(self) -> bool:
        """Whether the source need not be asked, because it has nothing now."""
        return self._now.mode == WHOLE

    def _fresh_bar(self) -> Any:
        """Fill the bar from the stash, else from the source; True if it is kept."""
        stashed = self._fromstack(stash=True)
        answer = stashed or self._load()
        if not answer:
            self.backwards(force=True)
            return answer
        time = self._input_time()
        if time < self.fromdate:
            self.backwards()
            return _AGAIN
        if time > self.todate:
            self.backwards(force=True)
            return False
        if not stashed:
            self._watch.see(time)
        return _AGAIN if self._filters and self._filtered() else True

    def _load(self) -> Any:
        """Write the next bar of the source to the lines: True, False (no more) or None (not yet)."""
        return False

    def _input_time(self) -> float:
        """The time of the bar just loaded, from the source's zone to UTC."""
        line = self.lines.datetime
        if self._tzinput:
            line[0] = date2num(self._tzinput.localize(num2date(line[0])))
        return line[0]  # type: ignore[no-any-return]
