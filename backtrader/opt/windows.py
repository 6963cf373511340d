"""Where walk-forward windows begin and end: in bars, or in days, weeks, months and years."""

from __future__ import annotations

import calendar
import datetime as _dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..errors import BacktraderError
from ..utils.dateintern import date2num, num2date

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["Span", "Window", "WindowError", "windows_of"]

_UNITS = {
    "s": _dt.timedelta(seconds=1), "min": _dt.timedelta(minutes=1), "h": _dt.timedelta(hours=1),
    "D": _dt.timedelta(days=1), "W": _dt.timedelta(weeks=1),
}  # fmt: skip
_SAID = re.compile(r"\s*(\d+)\s*(s|min|h|H|d|D|w|W|m|M|ME|MS|y|Y|YE)\s*$")
_DAY = _dt.timedelta(days=1)


class WindowError(BacktraderError, ValueError):
    """Windows that cannot be cut out of the bars there are."""


@dataclass(frozen=True)
class Span:
    """A length of time: so many bars, or a delta, or so many months."""

    bars: int = 0
    delta: _dt.timedelta = _dt.timedelta(0)
    months: int = 0

    @classmethod
    def of(cls, given: Any, what: str) -> Span:
        """A span out of a number of bars, a timedelta, or a text such as 90D, 26W, 6M, 2Y, 36h, 30min."""
        span = cls()
        if isinstance(given, cls):
            span = given
        elif isinstance(given, _dt.timedelta):
            span = cls(delta=given)
        elif isinstance(given, str):
            span = _said(given, what)
        elif isinstance(given, int) and not isinstance(given, bool):
            span = cls(bars=given)
        else:
            raise WindowError(f"{what} is a number of bars, a timedelta or a text like '365D', not {given!r}")
        if span.bars <= 0 and span.delta <= _dt.timedelta(0) and span.months <= 0:
            raise WindowError(f"{what} must be longer than nothing, not {given!r}")
        return span

    @property
    def whole_days(self) -> bool:
        """Whether it is told in days or longer units."""
        return bool(self.months) or not self.delta % _DAY

    def after(self, moment: _dt.datetime, times: int = 1) -> _dt.datetime:
        """The moment so many of these spans later."""
        if not self.months:
            return moment + self.delta * times
        month = moment.month - 1 + self.months * times
        year, month = moment.year + month // 12, month % 12 + 1
        return moment.replace(
            year=year, month=month, day=min(moment.day, calendar.monthrange(year, month)[1])
        )


def _said(text: str, what: str) -> Span:
    found = _SAID.match(text)
    if found is None:
        raise WindowError(
            f"{what}={text!r} cannot be read: a number and a unit, as 90D, 26W, 6M (months), 2Y, 36h, 30min"
        )
    count, unit = int(found[1]), found[2]
    if unit in ("m", "M", "ME", "MS"):
        return Span(months=count)
    if unit in ("y", "Y", "YE"):
        return Span(months=12 * count)
    return Span(delta=count * _UNITS[{"d": "D", "w": "W", "H": "h"}.get(unit, unit)])


@dataclass(frozen=True)
class Window:
    """Bars to search on and bars to judge by: ``train_start`` to before ``train_stop``, and so on."""

    number: int
    train_start: int
    train_stop: int
    test_start: int
    test_stop: int


def windows_of(
    times: NDArray[np.float64], train: Any, test: Any, step: Any = None, anchored: bool = False
) -> list[Window]:
    """Windows one after the other, each judged on what comes right after what it was searched on.

    ``train``, ``test`` and ``step`` (as long as ``test`` if not given) are all numbers of bars, or all
    spans of time.  Anchored windows all begin at the first bar.  The last test may be shorter than the
    others, but not by more than half; a test never begins before the one before it has ended.
    """
    spans = [Span.of(train, "train"), Span.of(test, "test"), Span.of(test if step is None else step, "step")]
    in_bars = [bool(span.bars) for span in spans]
    if any(in_bars) != all(in_bars):
        raise WindowError("train, test and step are all numbers of bars, or all spans of time: not mixed")
    cut = _by_bars if all(in_bars) else _by_time
    found: list[Window] = []
    for train_start, start, stop in cut(times, *spans):
        found.append(Window(len(found), 0 if anchored else train_start, start, start, stop))
    if not found:
        raise WindowError(
            f"{len(times)} bars, {num2date(times[0]):%Y-%m-%d} to {num2date(times[-1]):%Y-%m-%d}: "
            f"too few for train={train!r} and test={test!r}"
        )
    return found


def _by_bars(
    times: NDArray[np.float64], train: Span, test: Span, step: Span
) -> Iterator[tuple[int, int, int]]:
    if step.bars < test.bars:
        raise WindowError(f"step={step.bars} is shorter than test={test.bars}: bars would be judged by twice")
    count = len(times)
    for start in range(train.bars, count, step.bars):
        stop = min(start + test.bars, count)
        if stop - start >= max(test.bars / 2, 2):
            yield start - train.bars, start, stop


def _by_time(
    times: NDArray[np.float64], train: Span, test: Span, step: Span
) -> Iterator[tuple[int, int, int]]:
    import numpy as np

    first, last = num2date(times[0]), num2date(times[-1])
    if all(span.whole_days for span in (train, test, step)):
        first = first.replace(hour=0, minute=0, second=0, microsecond=0)
    if step.after(first) < test.after(first):
        raise WindowError("step is shorter than test: bars would be judged by twice")

    def place(moment: _dt.datetime) -> int:
        return int(np.searchsorted(times, date2num(moment), "left"))

    number = 0
    while True:
        begin = step.after(first, number)
        start, end = train.after(begin), test.after(train.after(begin))
        if start > last:
            return
        edges = place(begin), place(start), place(end)
        long_enough = last >= start + (end - start) / 2
        if edges[0] < edges[1] and edges[2] - edges[1] >= 2 and long_enough:
            yield edges
        number += 1
