"""What operators cannot say: conditions, logic and reductions over lines."""

from __future__ import annotations

import functools
import math
from collections.abc import Callable
from typing import Any

from ..utils.mathsupport import average, standarddev, variance
from . import kernels as k
from .clock import NAN
from .operations import Computed, LineActions, masks
from .root import LineRoot
from .timelines import values_on


class List(list[Any]):
    """A list that finds objects by identity, since lines compare into new lines."""

    def __contains__(self, other: Any) -> bool:
        return any(item is other for item in self)


class Logic(Computed):
    """A line computed from the values of several lines or numbers at the same moment.

    Subclasses name a kernel; one without falls back to its ``_value`` in Python.
    """

    _kernel_of: Any = None

    def _take_arguments(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        LineActions._take_arguments(self, args, kwargs)
        return args, kwargs

    def __init__(self, *args: Any) -> None:
        self._operands = args
        self._setup(self._kernel_of, args, masks(*args) if self._kernel_of is not None else ())

    @property
    def args(self) -> list[Any]:
        """The operands as lines or one-value buffers."""
        return self._inputs

    def _value(self, values: tuple[float, ...]) -> float:
        raise NotImplementedError

    def _row(self) -> tuple[float, ...]:
        return tuple(x[0] if len(x) else NAN for x in self._inputs)  # none: a feed has no bar yet

    def next(self) -> None:
        """The value of this bar."""
        self[0] = self._value(self._row())

    def once(self, start: int, end: int) -> None:
        """The values of ``[start, end)``."""
        out, value = self.array, self._value
        columns = [
            values_on(x, self._now)[start:end] if isinstance(x, LineRoot) else [x[0]] * (end - start)
            for x in self._inputs
        ]
        for i, row in enumerate(zip(*columns, strict=True), start):
            out[i] = value(row)

    def _in_python(self) -> bool:
        cls = type(self)
        return self._kernel is None or cls.next is not Logic.next or cls.once is not Logic.once

    def _identity(self) -> tuple[Any, ...] | None:
        return None if self._in_python() else super()._identity()

    def _compute(self) -> None:
        if self._in_python():
            LineActions._compute(self)
        else:
            super()._compute()

    def _begin(self, replaying: bool = False) -> None:
        if not self._in_python():
            super()._begin(replaying)

    def _next(self) -> None:
        if self._in_python():
            LineActions._next(self)
        else:
            super()._next()


class DivByZero(Logic):
    """``a / b``, or ``zero`` where ``b`` is zero."""

    _kernel_of = k.divide_or

    def __init__(self, a: Any, b: Any, zero: float = 0.0) -> None:
        super().__init__(a, b)
        self.a, self.b, self.zero = a, b, zero
        self._params += (float(zero),)


class DivZeroByZero(Logic):
    """``a / b``; ``single`` where only ``b`` is zero, ``dual`` where both are."""

    _kernel_of = k.divide_or_zeros

    def __init__(self, a: Any, b: Any, single: float = float("inf"), dual: float = 0.0) -> None:
        super().__init__(a, b)
        self.a, self.b, self.single, self.dual = a, b, single, dual
        self._params += (float(single), float(dual))


class Cmp(Logic):
    """-1, 0 or 1 as ``a`` is below, equal to or above ``b``."""

    _kernel_of = k.compare

    def __init__(self, a: Any, b: Any) -> None:
        super().__init__(a, b)
        self.a, self.b = a, b


class CmpEx(Logic):
    """One of three lines, as ``a`` is below, equal to or above ``b``."""

    _kernel_of = k.compare_choose

    def __init__(self, a: Any, b: Any, r1: Any, r2: Any, r3: Any) -> None:
        super().__init__(a, b, r1, r2, r3)
        self.a, self.b, self.r1, self.r2, self.r3 = a, b, r1, r2, r3


class If(Logic):
    """``a`` where the condition holds, else ``b``."""

    _kernel_of = k.select

    def __init__(self, cond: Any, a: Any, b: Any) -> None:
        super().__init__(cond, a, b)
        self.cond, self.a, self.b = cond, a, b


class MultiLogic(Logic):
    """A reduction over any number of lines; ``flogic`` is the function.

    The built-in reductions of two operands at a time fold a kernel over the operands.
    """

    flogic: Callable[..., Any]
    _fold: Any = None

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        if len(args) > 1:
            self._kernel = self._fold

    def _value(self, values: tuple[float, ...]) -> float:
        result: float = self.flogic(values)
        return result

    def _spans(self) -> list[tuple[Any, tuple[int, ...], tuple[Any, ...]]]:
        """``f(f(a, b), c)``: every kernel but the first takes the result of the one before."""
        first, second, *more = masks(*self._inputs)
        spans = [(self._kernel, (0, 1), (first, second))]
        return spans + [(self._kernel, (-1, i), (k.LINE, mask)) for i, mask in enumerate(more, 2)]

    def _apply(
        self, run: Callable[..., None], columns: Any, out: Any, states: Any, start: int, stop: int
    ) -> None:
        for _, which, params in self._spans():
            run(*(out if i < 0 else columns[i] for i in which), out, *params, start, stop)

    def _state(self) -> tuple[Any, ...]:
        return ()

    def _run_bar(self, i: int) -> None:
        columns = [line.array for line in self._event_inputs]
        self._apply(self._kernel.py, columns, self.array, (), i, i + 1)

    def _bar_worker(self) -> Callable[[int], None]:
        return self._run_bar


class MultiLogicReduce(MultiLogic):
    """A pairwise reduction, from ``initializer`` if one is given."""

    _function: Callable[[Any, Any], Any]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args)
        function = type(self)._function
        if "initializer" in kwargs:
            self._kernel = None
            self.flogic = functools.partial(_reduce_from, function, kwargs["initializer"])
        else:
            self.flogic = functools.partial(functools.reduce, function)


def _reduce_from(function: Callable[[Any, Any], Any], first: Any, values: Any) -> Any:
    return functools.reduce(function, values, first)


class Reduce(MultiLogicReduce):
    """A pairwise reduction with a function of the user's."""

    def _take_arguments(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        super()._take_arguments(args[1:], kwargs)
        return args, kwargs

    def __init__(self, flogic: Callable[[Any, Any], Any], *args: Any, **kwargs: Any) -> None:
        MultiLogic.__init__(self, *args)
        if "initializer" in kwargs:
            self.flogic = functools.partial(_reduce_from, flogic, kwargs["initializer"])
        else:
            self.flogic = functools.partial(functools.reduce, flogic)


class And(MultiLogicReduce):
    """Whether all of the values are true, two at a time."""

    _function = staticmethod(lambda x, y: bool(x and y))
    _fold = k.both


class Or(MultiLogicReduce):
    """Whether one of the values is true, two at a time."""

    _function = staticmethod(lambda x, y: bool(x or y))
    _fold = k.either


class Max(MultiLogic):
    """The highest of the values."""

    flogic = staticmethod(max)
    _fold = k.larger


class Min(MultiLogic):
    """The lowest of the values."""

    flogic = staticmethod(min)
    _fold = k.smaller


class Sum(MultiLogic):
    """The exact sum of the values."""

    flogic = staticmethod(math.fsum)


class Any_(MultiLogic):
    """Whether any of the values is true."""

    flogic = staticmethod(any)
    _fold = k.either


class All(MultiLogic):
    """Whether all of the values are true."""

    flogic = staticmethod(all)
    _fold = k.both


Any_.__name__ = Any_.__qualname__ = "Any"


def cmp(a: Any, b: Any) -> int:
    """-1, 0 or 1 as ``a`` is below, equal to or above ``b``."""
    return int(a > b) - int(a < b)


__all__ = [
    "NAN",
    "All",
    "And",
    "Any_",
    "Cmp",
    "CmpEx",
    "DivByZero",
    "DivZeroByZero",
    "If",
    "List",
    "Logic",
    "Max",
    "Min",
    "MultiLogic",
    "MultiLogicReduce",
    "Or",
    "Reduce",
    "Sum",
    "average",
    "cmp",
    "standarddev",
    "variance",
]
