"""One line: memory, a clock and bindings."""

from __future__ import annotations

import math
from array import array
from typing import Any

from ..utils.dateintern import num2date, time2num
from .clock import GROWING, NAN, WHOLE, Clock
from .evaluate import memory_for
from .operators import install_operators
from .root import LineRoot, LineSingle, makers
from .shared import has_python
from .view import line_view

_NO_BARS = array("d")


class _Memory:
    """``array`` of a line that has none yet; who defines ``__getattr__`` pays for it at every look-up."""

    def __get__(self, line: Any, owner: Any = None) -> Any:
        return self if line is None else line._materialise()


class LineBuffer(LineSingle):
    """A series of floats read relative to now: ``line[0]`` is now, ``line[-1]`` one bar ago.

    ``array`` is the whole buffer.  In a batch run it does not exist until somebody reads it: the
    first read computes the line (see `_materialise`), so a line that nobody looks at costs nothing.
    """

    UnBounded, QBuffer = range(2)

    array: Any = _Memory()
    _now: Clock

    def __init__(self, clock: Clock | None = None) -> None:
        self.lines = [self]
        self.bindings: list[LineBuffer] = []
        self._source: Any = None
        if not hasattr(self, "_now"):
            self._follow(clock if clock is not None else Clock())

    def _follow(self, clock: Clock) -> None:
        if clock.filler is not None:  # a line made while the run goes on may want to see others whole
            clock.filler.give_up()
        clock.attach(self)
        clock.lines.append(self)
        self._eval = clock

    # -- reading and writing -----------------------------------------------------------------
    def __getitem__(self, ago: int) -> float:
        live = self._live
        if live:
            return live[0][live[1].idx + ago]  # type: ignore[no-any-return]
        if live is None and self._opstage == 2:
            self._go_live()
        return self.array[self._now.idx + ago]  # type: ignore[no-any-return]

    def __setitem__(self, ago: int, value: float) -> None:
        try:
            self.array[self._now.idx + ago] = value
        except TypeError:
            self._writable()[self._now.idx + ago] = value
        for bound in self.bindings:
            bound[ago] = value

    def set(self, value: float, ago: int = 0) -> None:
        """Method form of ``line[ago] = value``."""
        self[ago] = value

    def __len__(self) -> int:
        clock = self._now
        return clock.idx + clock.base + 1

    def get(self, ago: int = 0, size: int = 1) -> Any:
        """The ``size`` values that end at ``ago``, oldest first; empty if history is too short."""
        end = self._now.idx + ago + 1
        part = self.array[end - size : end]
        return array("d", part.tobytes()) if isinstance(part, memoryview) else part

    def getzeroval(self, idx: int = 0) -> float:
        """The value at ``idx`` counted from the first bar."""
        return self.array[idx]  # type: ignore[no-any-return]

    def getzero(self, idx: int = 0, size: int = 1) -> Any:
        """``size`` values counted from the first bar."""
        return array("d", self.array[idx : idx + size])

    def plot(self, idx: int = 0, size: int | None = None) -> Any:
        """``size`` values from ``idx`` on, for drawing; all by default."""
        return self.getzero(idx, size or len(self))

    def plotrange(self, start: int, end: int) -> Any:
        """The values between two positions counted from the first bar."""
        return array("d", self.array[start:end])

    # -- memory ------------------------------------------------------------------------------
    def _go_live(self) -> None:
        self._live = go_live(self, self)

    def _materialise(self) -> Any:
        """First read in a batch run: compute the line, or give it empty memory."""
        if self._now.mode != WHOLE:
            if self._now.mode == GROWING:
                self._start_growing()
                return self.array
            return _NO_BARS[:]
        source = self._source
        if source is not None:
            while_running = source._evaluate()
            if while_running is not None:
                return while_running[self]
        if "array" not in self.__dict__:
            self._allocate()
        return self.array

    def _allocate(self) -> None:
        self.array = memory_for(self._now.size, self._now.size)

    def _writable(self) -> Any:
        """Our values in memory of our own, where so far it was shared with lines that show the same."""
        if getattr(self.array, "readonly", False):
            if self._now.filler is not None:
                self._now.filler.give_up()
            self.array = memoryview(array("d", self.array.tobytes()))
            self._now.wake()
        return self.array

    def _start_growing(self) -> None:
        """Memory for event mode: what the clock has seen so far, as missing values."""
        self.array = array("d", [NAN]) * (self._now.idx + 1)

    def _forget(self) -> None:
        self.__dict__.pop("array", None)

    def _keep_bars(self, size: int) -> None:
        clock = self._now
        if clock.window:
            clock.window = max(clock.window, size)

    def _extend(self, value: float, size: int) -> None:
        self.array = array("d", self.array) + array("d", [value]) * size

    def reset(self) -> None:
        """Forget all values and go back to before the first bar."""
        self.array = array("d")
        self._now.idx, self._now.base = -1, 0

    def buflen(self) -> int:
        """Bars loaded, whether seen yet or not."""
        clock = self._now
        return clock.size if clock.mode == WHOLE else len(self.array) + clock.base

    def get_idx(self) -> int:
        """The index of now in ``array``."""
        return self._now.idx

    def set_idx(self, idx: int, force: bool = False) -> None:
        """Move now; every line of the timeline moves along."""
        self._now.idx = idx

    idx = property(get_idx, set_idx)

    @property
    def lencount(self) -> int:
        """Bars seen so far."""
        return len(self)

    # -- moving; every line of the timeline moves along -------------------------------------------
    def home(self) -> None:
        """Back to before the first bar, keeping what is loaded."""
        self._now.idx = -1

    def forward(self, value: float = NAN, size: int = 1) -> None:
        """Add ``size`` new bars and move on to the last of them."""
        self._now.forward(value, size)

    def backwards(self, size: int = 1, force: bool = False) -> None:
        """Remove the last ``size`` bars."""
        self._now.backwards(size)

    def rewind(self, size: int = 1) -> None:
        """Step back without removing anything."""
        self._now.idx -= size

    def advance(self, size: int = 1) -> None:
        """Step on over bars that are loaded already."""
        self._now.idx += size

    def extend(self, value: float = NAN, size: int = 0) -> None:
        """Add slots beyond the last bar without moving on."""
        self._now.extend(value, size)

    # -- bindings ----------------------------------------------------------------------------
    def addbinding(self, binding: LineBuffer) -> None:
        """Everything written here is written to ``binding`` too."""
        self.bindings.append(binding)
        binding._source = self
        binding.updateminperiod(self._minperiod)

    def _evaluate(self) -> Any:
        """Called by a line bound to this one when it is read first: give it our values."""
        values = self.array
        for bound in self.bindings:
            if "array" not in bound.__dict__ and bound._source is self:
                self._give(bound, values)

    def _give(self, bound: LineBuffer, values: Any) -> None:
        if bound._now.size == self._now.size:
            bound.array = values[:]
            if has_python(bound._owner):  # which may write to any place of it
                bound.array = memoryview(array("d", values.tobytes()))
        else:  # compat: lines of different length are copied bar by bar from the first
            bound._allocate()
            count = min(len(bound.array), len(values))
            bound.array[:count] = values[:count]

    def oncebinding(self) -> None:
        """Copy all values to the bound lines."""
        values = self.array
        for bound in self.bindings:
            bound._writable()[: len(values)] = values

    def bind2lines(self, binding: Any = 0) -> LineBuffer:
        """Bind to a line of the owner, named or numbered."""
        self.addbinding(self._owner.lines[binding])
        return self

    bind2line = bind2lines

    # -- derived lines -------------------------------------------------------------------------
    def __call__(self, ago: Any = None) -> Any:
        """``line(-n)`` is the line n bars ago as a line; ``line()`` follows the owner's clock."""
        if ago is None or isinstance(ago, LineRoot):
            return makers.coupler(self, ago)
        return makers.delay(self, ago)

    def getindicators(self) -> list[Any]:
        """A line has no indicators of its own."""
        return []

    def qbuffer(self, savemem: int = 0, extrasize: int = 0) -> None:
        """Bounded memory is arranged by the run's plan; kept for code that calls it."""

    def get_view(self, length: int | None = None) -> Any:
        """A read-only view, without a copy, of the values seen so far (the last ``length`` of them).

        It is good for this bar: used after the line has moved on it raises `StaleViewError`.
        """
        return line_view(self, length)

    # -- the line as a datetime line ----------------------------------------------------------------
    def _zone(self, tz: Any) -> Any:
        return tz if tz is not None else getattr(self, "_tz", None)

    def datetime(self, ago: int = 0, tz: Any = None, naive: bool = True) -> Any:
        """The value as a datetime, in the feed's zone unless ``tz`` is given."""
        return num2date(self.array[self._now.idx + ago], self._zone(tz), naive)

    def date(self, ago: int = 0, tz: Any = None, naive: bool = True) -> Any:
        """The value as a date."""
        return num2date(self.array[self._now.idx + ago], self._zone(tz), naive).date()

    def time(self, ago: int = 0, tz: Any = None, naive: bool = True) -> Any:
        """The value as a time of day."""
        return num2date(self.array[self._now.idx + ago], self._zone(tz), naive).time()

    def dt(self, ago: int = 0) -> int:
        """The day part as an integer."""
        return math.trunc(self[ago])

    def tm_raw(self, ago: int = 0) -> float:
        """The fraction of the day."""
        return math.modf(self[ago])[0]

    def tm(self, ago: int = 0) -> float:
        """The fraction of the day, rounded as a time of day is."""
        return time2num(num2date(self[ago]).time())

    def tm_lt(self, other: float, ago: int = 0) -> bool:
        """Whether now is before the time ``other`` (a day fraction) of the same day."""
        return self[ago] < self._day_at(other, ago)

    def tm_le(self, other: float, ago: int = 0) -> bool:
        """Whether now is at or before the time ``other`` of the same day."""
        return self[ago] <= self._day_at(other, ago)

    def tm_eq(self, other: float, ago: int = 0) -> bool:
        """Whether now is the time ``other`` of the same day."""
        return self[ago] == self._day_at(other, ago)

    def tm_gt(self, other: float, ago: int = 0) -> bool:
        """Whether now is after the time ``other`` of the same day."""
        return self[ago] > self._day_at(other, ago)

    def tm_ge(self, other: float, ago: int = 0) -> bool:
        """Whether now is at or after the time ``other`` of the same day."""
        return self[ago] >= self._day_at(other, ago)

    def _day_at(self, fraction: float, ago: int) -> float:
        return math.trunc(self[ago]) + fraction

    def tm2dtime(self, tm: float, ago: int = 0) -> float:
        """The day of ``ago`` with the day fraction ``tm``, as a number."""
        return int(self[ago]) + tm

    def tm2datetime(self, tm: float, ago: int = 0) -> Any:
        """The day of ``ago`` with the day fraction ``tm``, as a datetime."""
        return num2date(int(self[ago]) + tm)


def go_live(shown: Any, line: LineBuffer) -> Any:
    """(memory, clock) to read the values of ``line`` from by those who look at ``shown``; False if not."""
    clock = shown._now
    if clock.mode != WHOLE or clock.filler is not None or clock is not line._now:
        return False
    memory = line.array
    if "array" not in line.__dict__:
        return False  # it is worked out anew whenever somebody looks
    clock.lively.append(shown)
    return memory, clock


install_operators(LineBuffer, now="self.array[self._now.idx]")
