"""Lines shifted in time, and numbers as lines."""

from __future__ import annotations

from array import array
from typing import Any

from .clock import NAN
from .kernels.arith import shift
from .operations import Computed, LineActions
from .root import makers


def LineDelay(a: Any, ago: int = 0, **kwargs: Any) -> Any:
    """``a`` some bars ago (``ago <= 0``), or written ahead of its time (``ago > 0``)."""
    return _LineDelay(a, ago, **kwargs) if ago <= 0 else _LineForward(a, ago, **kwargs)


# compat: named as upstream does: packages that draw charts tell these classes by their names
class _LineDelay(Computed):
    """The values of ``a`` from ``-ago`` bars ago."""

    def _take_arguments(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        LineActions._take_arguments(self, args[:1], kwargs)
        return args, kwargs

    def __init__(self, a: Any, ago: int) -> None:
        self.a, self.ago = a, ago
        self._setup(shift, (a,), (-ago,))
        self.addminperiod(abs(ago) + 1)

    def next(self) -> None:
        """The value of this bar, without the kernel."""
        self[0] = self.a[self.ago]

    def once(self, start: int, end: int) -> None:
        """The values of ``[start, end)``, without the kernel."""
        self.array[start:end] = self.a.array[start + self.ago : end + self.ago]


class _LineForward(LineActions):
    """The values of ``a`` written ``ago`` bars into the future of the line: they appear earlier.

    compat: the last ``ago`` values stay missing.
    """

    def __init__(self, a: Any, ago: int) -> None:
        self.a, self.ago = a, ago
        if ago > a._minperiod:
            self.addminperiod(ago - a._minperiod + 1)

    def _compute(self) -> None:
        values, ago, size = self.a.array, self.ago, self._now.size
        first = max(self._minperiod - 1, ago)
        if size > first:
            self.array[first - ago : size - ago] = values[first:size]

    def next(self) -> None:
        """Write the value of now ``ago`` bars back, if there is such a bar."""
        if self._now.idx >= self.ago:
            self[-self.ago] = self.a[0]


class ConstantLine(LineActions):
    """A number that is the same on every bar, on the timeline of ``clock`` or of the owner."""

    def _take_arguments(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        clock = kwargs.pop("clock", None)
        super()._take_arguments(args if clock is None else (clock,), kwargs)
        self._minperiod = 1
        return args, kwargs

    def __init__(self, num: float) -> None:
        self.num = float(num)

    def _compute(self) -> None:
        self.array = memoryview(array("d", [self.num]) * self._now.size)

    def _start_growing(self) -> None:
        self.array = array("d", [self.num]) * (self._now.idx + 1)

    def next(self) -> None:
        """The same number on every bar."""
        self[0] = self.num

    def prenext(self) -> None:
        """The same number on every bar."""
        self[0] = self.num


class PseudoArray:
    """A number that can be indexed like a buffer."""

    def __init__(self, wrapped: Any) -> None:
        self.wrapped = wrapped

    def __getitem__(self, key: Any) -> Any:
        return next(iter(self.wrapped)) if hasattr(self.wrapped, "__iter__") else self.wrapped

    @property
    def array(self) -> PseudoArray:
        """Itself."""
        return self


def LineNum(num: float) -> Any:
    """``num`` as a line of the object under construction."""
    return ConstantLine(num)


makers.delay, makers.constant = LineDelay, LineNum

__all__ = ["NAN", "ConstantLine", "LineDelay", "LineNum", "PseudoArray"]
