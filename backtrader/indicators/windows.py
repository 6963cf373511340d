"""Figures of the last values of a stream, brought up to date value by value.

A window takes one value at a time and knows what the last ones come to; the work a value makes
does not depend on how many the window holds.  It needs no feed and no run: give it values from
anywhere, hang it on a line with `EventBasedFilter`, or make an indicator of it with
`WindowIndicator`.  The windows here give what the indicators of the same name give.
"""

from __future__ import annotations

import copy
import operator
from collections import deque
from math import inf, nan
from typing import Any

from ..lines.bar import Bar
from ..lines.cyclic import CyclicBuffer
from ..lines.events import Event, time_line
from ..lines.kernels.arith import divide, power
from ..lines.kernels.exact import rounded_sum
from .base import Indicator
from .windowsums import RunningSum


class EventWindow:
    """The last ``window_size`` values of a stream; a subclass says in `get_value` what they come to.

    ``dtype`` is the numpy type `get_values` gives them in. None is no value and passes by, unless
    ``skip_none`` is false: then it counts as a missing one.
    """

    #: Whether the window takes whole bars (`Bar`) rather than one number of each.
    takes_bars = False

    def __init__(self, window_size: int, dtype: Any = float, skip_none: bool = True) -> None:
        size = operator.index(window_size)
        if size < 1:
            raise ValueError(f"{type(self).__name__}: window_size must be at least 1, and is {size}")
        self.window_size = size
        self.dtype = dtype
        self.skip_none = skip_none
        self._values: deque[Any] = deque(maxlen=size)

    @property
    def values_needed(self) -> int:
        """How many values it takes until there is a figure."""
        return self.window_size

    def on_new_value(self, date_time: Any, value: Any) -> None:
        """Take the next value, which has the time ``date_time`` (a window may not care)."""
        if value is not None or not self.skip_none:
            self._values.append(value)

    def get_values(self) -> Any:
        """The values in the window as a numpy array, oldest first."""
        import numpy as np

        kind = np.dtype(self.dtype)
        if kind.kind != "f":
            return np.array(list(self._values), dtype=kind)
        if None in self._values:
            return np.array([nan if value is None else value for value in self._values], dtype=kind)
        return np.fromiter(self._values, kind, len(self._values))

    def window_full(self) -> bool:
        """Whether there were enough values for a figure."""
        return len(self._values) == self.window_size

    def get_value(self) -> Any:
        """What the values come to; None while there are too few."""
        raise NotImplementedError(f"{type(self).__name__} has no get_value() of its own")

    def _number(self, value: Any) -> float | None:
        """``value`` as a float; None for what is to be passed over."""
        if value is None:
            return None if self.skip_none else nan
        return float(value)


class _Figure(EventWindow):
    """A window that keeps its figure up to date as the values come."""

    def __init__(self, window_size: int, dtype: Any = float, skip_none: bool = True) -> None:
        super().__init__(window_size, dtype, skip_none)
        self._value: float | None = None

    def get_value(self) -> float | None:
        """What the values come to; None while there are too few."""
        return self._value

    def window_full(self) -> bool:
        """Whether there were enough values for a figure."""
        return self._value is not None


class SMAEventWindow(_Figure):
    """The mean of the last values."""

    def __init__(self, window_size: int, dtype: Any = float, skip_none: bool = True) -> None:
        super().__init__(window_size, dtype, skip_none)
        self._sum = RunningSum(self.window_size)
        self._count = float(self.window_size)

    def on_new_value(self, date_time: Any, value: Any) -> None:
        """Take the next value."""
        if value.__class__ is not float and (value := self._number(value)) is None:
            return
        self._values.append(value)
        total = self._sum.take(value)
        if total is not None:
            self._value = total / self._count


class EMAEventWindow(_Figure):
    """The exponential moving average, which begins at the mean of the first ``window_size`` values."""

    def __init__(self, window_size: int, dtype: Any = float, skip_none: bool = True) -> None:
        super().__init__(window_size, dtype, skip_none)
        self._alpha = 2.0 / (1.0 + self.window_size)
        self._keep = 1.0 - self._alpha

    def on_new_value(self, date_time: Any, value: Any) -> None:
        """Take the next value."""
        if value.__class__ is not float and (value := self._number(value)) is None:
            return
        self._values.append(value)
        if self._value is not None:
            self._value = self._value * self._keep + value * self._alpha
        elif len(self._values) == self.window_size:
            self._value = rounded_sum(list(self._values)) / self.window_size


class WMAEventWindow(_Figure):
    """The linearly weighted mean: the newest value counts most, the oldest once.

    It is worked out from the exact weighted sum, where the indicator rounds every product: the two
    may differ in the last digit.
    """

    def __init__(self, window_size: int, dtype: Any = float, skip_none: bool = True) -> None:
        super().__init__(window_size, dtype, skip_none)
        self._sum = RunningSum(self.window_size, weighted=True)
        self._factor = 2.0 / (self.window_size * (self.window_size + 1.0))

    def on_new_value(self, date_time: Any, value: Any) -> None:
        """Take the next value."""
        if value.__class__ is not float and (value := self._number(value)) is None:
            return
        self._values.append(value)
        total = self._sum.take(value)
        if total is not None:
            self._value = self._factor * total


class StdDevEventWindow(_Figure):
    """The standard deviation of the last values, from their mean and the mean of their squares."""

    def __init__(self, window_size: int, dtype: Any = float, skip_none: bool = True) -> None:
        super().__init__(window_size, dtype, skip_none)
        self._sum, self._squares = RunningSum(self.window_size), RunningSum(self.window_size)
        self._count = float(self.window_size)

    def on_new_value(self, date_time: Any, value: Any) -> None:
        """Take the next value."""
        if value.__class__ is not float and (value := self._number(value)) is None:
            return
        self._values.append(value)
        total, squares = self._sum.take(value), self._squares.take(power(value, 2.0))
        if total is not None and squares is not None:
            self._value = power(abs(squares / self._count - power(total / self._count, 2.0)), 0.5)


class HighestEventWindow(EventWindow):
    """The highest of the last values."""

    def __init__(self, window_size: int, dtype: Any = float, skip_none: bool = True) -> None:
        super().__init__(window_size, dtype, skip_none)
        # the values that no later one beats, the best first: that is the figure
        self._best: deque[float] = deque()

    def on_new_value(self, date_time: Any, value: Any) -> None:
        """Take the next value."""
        if value.__class__ is not float and (value := self._number(value)) is None:
            return
        values, best = self._values, self._best
        if best and values[0] == best[0] and len(values) == self.window_size:
            best.popleft()  # it leaves
        values.append(value)
        while best and best[-1] < value:
            best.pop()
        if value == value:  # not missing
            best.append(value)

    def get_value(self) -> Any:
        """The extreme; missing if the oldest value is, as the indicator has it; None with too few values."""
        values = self._values
        if len(values) < self.window_size:
            return None
        oldest = values[0]
        return self._best[0] if oldest == oldest else oldest


class LowestEventWindow(HighestEventWindow):
    """The lowest of the last values."""

    def on_new_value(self, date_time: Any, value: Any) -> None:
        """Take the next value."""
        if value.__class__ is not float and (value := self._number(value)) is None:
            return
        values, best = self._values, self._best
        if best and values[0] == best[0] and len(values) == self.window_size:
            best.popleft()
        values.append(value)
        while best and best[-1] > value:
            best.pop()
        if value == value:
            best.append(value)


class _Smoothed:
    """Wilder's average: the mean of the first ``count`` values, then a ``count``-th of each new one."""

    __slots__ = ("_first", "_count", "_alpha", "_keep", "value")

    def __init__(self, count: int) -> None:
        self._first: list[float] = []
        self._count, self._alpha = count, 1.0 / count
        self._keep = 1.0 - self._alpha
        self.value: float | None = None

    def take(self, value: float) -> float | None:
        if self.value is not None:
            self.value = self.value * self._keep + value * self._alpha
            return self.value
        self._first.append(value)
        if len(self._first) == self._count:
            self.value = rounded_sum(self._first) / self._count
            self._first.clear()
        return self.value


class RSIEventWindow(_Figure):
    """The relative strength index; it needs a value more than ``window_size``, for the first change."""

    def __init__(self, window_size: int, dtype: Any = float, skip_none: bool = True) -> None:
        super().__init__(window_size, dtype, skip_none)
        self._rises, self._falls = _Smoothed(self.window_size), _Smoothed(self.window_size)
        self._before: float | None = None

    @property
    def values_needed(self) -> int:
        """One more than the changes that are averaged."""
        return self.window_size + 1

    def on_new_value(self, date_time: Any, value: Any) -> None:
        """Take the next value."""
        if value.__class__ is not float and (value := self._number(value)) is None:
            return
        self._values.append(value)
        before, self._before = self._before, value
        if before is None:
            return
        rise, fall = value - before, before - value
        rises = self._rises.take(0.0 if rise < 0.0 else rise)
        falls = self._falls.take(0.0 if fall < 0.0 else fall)
        if rises is not None and falls is not None:
            ratio = rises / falls if falls != 0.0 else nan if rises == 0.0 else inf
            self._value = 100.0 - divide(100.0, 1.0 + ratio)


class ATREventWindow(_Figure):
    """The average true range of bars; the window holds the true ranges.

    It takes bars: anything with ``high``, ``low`` and ``close``, or the three in a tuple. It needs
    one more than ``window_size``, for the close before the first range.
    """

    takes_bars = True

    def __init__(self, window_size: int, dtype: Any = float, skip_none: bool = True) -> None:
        super().__init__(window_size, dtype, skip_none)
        self._average = _Smoothed(self.window_size)
        self._close: float | None = None

    @property
    def values_needed(self) -> int:
        """One more than the ranges that are averaged."""
        return self.window_size + 1

    def on_new_value(self, date_time: Any, value: Any) -> None:
        """Take the next bar."""
        if value is None:
            if self.skip_none:
                return
            value = (nan, nan, nan)
        top, bottom, close = value if value.__class__ is tuple else (value.high, value.low, value.close)
        before, self._close = self._close, close
        if before is None:
            return
        if before > top:
            top = before
        if before < bottom:
            bottom = before
        self._values.append(top - bottom)
        self._value = self._average.take(top - bottom)


class EventBasedFilter:
    """Keeps ``window`` up to date with ``series`` (a line, a feed, another filter) and remembers its figures.

    ``filter[0]`` is the figure of now, ``filter[-1]`` that of the bar before, NaN where there was none yet;
    ``max_length`` figures are kept. The window does not see bars before the first valid one of an indicator.
    """

    def __init__(self, series: Any, window: EventWindow, max_length: int = 1024) -> None:
        _check_window(window, "EventBasedFilter")
        self.series, self.window = series, window
        self._first = getattr(series, "_minperiod", 1)
        self._figures = CyclicBuffer(max_length, float)
        self._event = Event()
        self._source = series.get_new_value_event()
        self._source.subscribe(self._take)

    def _take(self, series: Any, date_time: Any, value: Any) -> None:
        figure = None
        if self._first == 1 or len(series) >= self._first:
            self.window.on_new_value(date_time, Bar.from_feed(series) if self.window.takes_bars else value)
            figure = self.window.get_value()
        self._figures.append(nan if figure is None else figure)
        self._event.emit(self, date_time, figure)

    def get_value(self) -> Any:
        """The window's figure of now; None while there were too few values."""
        return self.window.get_value()

    def get_new_value_event(self) -> Event:
        """What calls its subscribers with ``(filter, datetime, figure)`` after every value."""
        return self._event

    def detach(self) -> None:
        """Follow the series no more."""
        self._source.unsubscribe(self._take)

    def __len__(self) -> int:
        """How many figures are remembered."""
        return len(self._figures)

    def __bool__(self) -> bool:
        """It is there even before the first value."""
        return True

    def __getitem__(self, ago: int) -> float:
        if ago > 0:
            raise IndexError(f"a filter knows no values after now: [{ago}]")
        return self._figures[ago - 1]  # type: ignore[no-any-return]


class WindowIndicator(Indicator):
    """A window as an indicator: ``WindowIndicator(data, window=SMAEventWindow(20))``.

    ``window`` is copied for every indicator; a class or function that makes one does as well.
    """

    lines: Any = ("value",)
    params: Any = (("window", None),)

    def __init__(self) -> None:
        super().__init__()
        given = self.p.window
        self.window = given() if callable(given) else copy.deepcopy(given)
        _check_window(self.window, "WindowIndicator: window=")
        self._first = self.data._minperiod
        self._taken = 0
        self._before: EventWindow | None = None
        self._replaying = False
        self._times = time_line(self.data)
        self.addminperiod(self.window.values_needed)

    def _begin(self, replaying: bool = False) -> None:
        super()._begin(replaying)
        self._replaying = replaying

    def prenext(self) -> None:
        """Take the value; there may be no figure yet."""
        if len(self) >= self._first:
            self.next()

    def next(self) -> None:
        """Take the value of this bar; of a bar that is delivered again, the one it has now."""
        bar = len(self)
        if bar == self._taken:
            if self._before is None:
                return  # a slower timeline that did not move
            self.window = copy.deepcopy(self._before)
        elif self._replaying:
            self._before = copy.deepcopy(self.window)
        self._taken = bar
        data, window = self.data, self.window
        when = self._times.datetime(0) if self._times is not None and self._tells_time else None
        window.on_new_value(when, Bar.from_feed(data) if window.takes_bars else data[0])
        figure = window.get_value()
        self.lines[0][0] = nan if figure is None else figure

    @property
    def _tells_time(self) -> bool:
        """The windows of this module do not look at the time, so it need not be worked out."""
        return type(self.window).__module__ != __name__

    def _plotlabel(self) -> Any:
        return [type(self.window).__name__, self.window.window_size]


def _check_window(window: Any, where: str) -> None:
    if not isinstance(window, EventWindow):
        raise TypeError(f"{where} needs an EventWindow, such as SMAEventWindow(20), not {window!r}")


__all__ = [
    "ATREventWindow",
    "EMAEventWindow",
    "EventBasedFilter",
    "EventWindow",
    "HighestEventWindow",
    "LowestEventWindow",
    "RSIEventWindow",
    "SMAEventWindow",
    "StdDevEventWindow",
    "WMAEventWindow",
    "WindowIndicator",
]
