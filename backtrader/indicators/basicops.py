"""The basic tools of other indicators: figures of the last ``period`` values, sums, smoothing."""

from __future__ import annotations

import functools
import math
from array import array
from collections.abc import Callable
from operator import mul
from typing import Any

from ..lines.kernels import (
    accumulate,
    exponential,
    exponential_dynamic,
    rolling_extreme,
    rolling_extreme_ago,
    rolling_sum,
    rolling_truth,
    rolling_weighted,
)
from ..lines.operations import LineActions
from .base import Indicator


class PeriodN(Indicator):
    """Base of indicators that look at the last ``period`` values."""

    params: Any = (("period", 1),)

    def __init__(self) -> None:
        super().__init__()
        self.addminperiod(self.p.period)


class WindowCall(LineActions):
    """A line computed by a function of Python from the last ``period`` values, oldest first."""

    def __init__(self, data: Any, function: Callable[[Any], float], period: int) -> None:
        self.data, self.function, self.period = data, function, period
        self.addminperiod(period)

    def next(self) -> None:
        """The value of this bar."""
        self[0] = self.function(self.data.get(size=self.period))

    def once(self, start: int, end: int) -> None:
        """The values of ``[start, end)``."""
        out, values, function = self.array, array("d", self.data.array), self.function
        before = 1 - self.period
        for i in range(start, end):
            out[i] = function(values[i + before : i + 1])


class OperationN(PeriodN):
    """Base of indicators that give ``func(values)`` of the last ``period`` values.

    ``func`` is what a subclass writes. The functions in `KERNELS` run as kernels, all others as
    they are, once a bar.
    """

    func: Any
    KERNELS: dict[Any, Callable[[int], tuple[Any, tuple[Any, ...]]]] = {
        max: lambda period: (rolling_extreme, (period, 1.0)),
        min: lambda period: (rolling_extreme, (period, -1.0)),
        math.fsum: lambda period: (rolling_sum, (period, 1.0)),
        any: lambda period: (rolling_truth, (period, 0)),
        all: lambda period: (rolling_truth, (period, 1)),
    }

    def __init__(self) -> None:
        super().__init__()
        self._bind_func()

    def _after_init(self) -> None:
        self._bind_func()  # a subclass may have chosen its func after super().__init__()
        super()._after_init()

    def _bind_func(self) -> None:
        if self.lines.size() and self.lines[0]._source is self and hasattr(self, "func"):
            self.lines[0] = self._operation_line()

    def _operation_line(self) -> Any:
        period = self.p.period
        form = self._kernel_form()
        if form is not None:
            return self._computed(form[0], (self.data,), form[1], period)
        line = WindowCall(self.data.lines[0], lambda values: self.func(values), period)
        line.updateminperiod(self._minperiod + period - 1)
        return line

    def _kernel_form(self) -> tuple[Any, tuple[Any, ...]] | None:
        """The kernel with its parameters that gives the same as ``func``, if there is one."""
        func = self.func
        known = self.KERNELS.get(func) if getattr(func, "__hash__", None) else None
        return known(self.p.period) if known is not None else None


class BaseApplyN(OperationN):
    """Base of indicators that apply the function given as the parameter ``func``."""

    params: Any = (("func", None),)

    func = None

    def __init__(self) -> None:
        self.func = self.p.func
        super().__init__()


class ApplyN(BaseApplyN):
    """``func(values)`` of the last ``period`` values."""

    lines: Any = ("apply",)


class Highest(OperationN):
    """The highest of the last ``period`` values."""

    alias: Any = ("MaxN",)
    lines: Any = ("highest",)
    func = max


class Lowest(OperationN):
    """The lowest of the last ``period`` values."""

    alias: Any = ("MinN",)
    lines: Any = ("lowest",)
    func = min


class ReduceN(OperationN):
    """The last ``period`` values reduced pairwise by a function: ``ReduceN(data, function, period=3)``."""

    lines: Any = ("reduced",)
    func: Any = functools.reduce

    def __init__(self, function: Callable[[Any, Any], Any], **kwargs: Any) -> None:
        if "initializer" in kwargs:
            first = kwargs["initializer"]
            self.func = lambda values: functools.reduce(function, values, first)
        else:
            self.func = functools.partial(functools.reduce, function)
        super().__init__()


class SumN(OperationN):
    """The exact sum of the last ``period`` values."""

    lines: Any = ("sumn",)
    func = math.fsum


class AnyN(OperationN):
    """Whether any of the last ``period`` values is true (not zero)."""

    lines: Any = ("anyn",)
    func = any


class AllN(OperationN):
    """Whether all of the last ``period`` values are true (not zero)."""

    lines: Any = ("alln",)
    func = all


class _FindIndex(OperationN):
    """How many bars ago the value that ``_evalfunc`` picks among the last ``period`` values was."""

    lines: Any = ("index",)
    params: Any = (("_evalfunc", None),)
    _newest = 1

    def _kernel_form(self) -> tuple[Any, tuple[Any, ...]] | None:
        sign = {max: 1.0, min: -1.0}.get(self.p._evalfunc)
        if sign is None or getattr(self.func, "__func__", None) not in _INDEX_FUNCTIONS:
            return None
        return rolling_extreme_ago, (self.p.period, sign, self._newest)


class FindFirstIndex(_FindIndex):
    """How many bars ago the value that ``_evalfunc`` picks was, the newest of equal ones."""

    def func(self, iterable: Any) -> int:
        """The distance of the picked value from the end."""
        picked = self.p._evalfunc(iterable)
        return next(i for i, value in enumerate(reversed(iterable)) if value == picked)


class FindFirstIndexHighest(FindFirstIndex):
    """How many bars ago the highest value was, the newest of equal ones."""

    params: Any = (("_evalfunc", max),)


class FindFirstIndexLowest(FindFirstIndex):
    """How many bars ago the lowest value was, the newest of equal ones."""

    params: Any = (("_evalfunc", min),)


class FindLastIndex(_FindIndex):
    """How many bars ago the value that ``_evalfunc`` picks was, the oldest of equal ones."""

    _newest = 0

    def func(self, iterable: Any) -> int:
        """The distance of the picked value from the end."""
        picked = self.p._evalfunc(iterable)
        oldest = next(i for i, value in enumerate(iterable) if value == picked)
        return int(self.p.period) - oldest - 1


class FindLastIndexHighest(FindLastIndex):
    """How many bars ago the highest value was, the oldest of equal ones."""

    params: Any = (("_evalfunc", max),)


class FindLastIndexLowest(FindLastIndex):
    """How many bars ago the lowest value was, the oldest of equal ones."""

    params: Any = (("_evalfunc", min),)


_INDEX_FUNCTIONS = (FindFirstIndex.func, FindLastIndex.func)


class Accum(Indicator):
    """The running total of all values, beginning at ``seed``."""

    alias: Any = ("CumSum", "CumulativeSum")
    lines: Any = ("accum",)
    params: Any = (("seed", 0.0),)

    def __init__(self) -> None:
        super().__init__()
        self.lines[0] = self._computed(accumulate, (self.data,), (float(self.p.seed),))


class Average(PeriodN):
    """The mean of the last ``period`` values."""

    alias: Any = ("ArithmeticMean", "Mean")
    lines: Any = ("av",)

    def __init__(self) -> None:
        super().__init__()
        self.lines[0] = self._average()

    def _average(self) -> Any:
        period = self.p.period
        return self._computed(rolling_sum, (self.data,), (period, float(period)), period)


class ExponentialSmoothing(Average):
    """``previous * (1 - alpha) + value * alpha``, beginning at the mean of ``period`` values.

    Without ``alpha`` it is ``2 / (1 + period)``, which makes an exponential moving average.
    """

    alias: Any = ("ExpSmoothing",)
    params: Any = (("alpha", None),)

    def __init__(self) -> None:
        alpha = self.p.alpha
        self.alpha = 2.0 / (1.0 + self.p.period) if alpha is None else alpha
        self.alpha1 = 1.0 - self.alpha
        super().__init__()

    def _average(self) -> Any:
        period = self.p.period
        return self._computed(exponential, (self.data,), (period, float(self.alpha)), period)


class ExponentialSmoothingDynamic(ExponentialSmoothing):
    """Exponential smoothing whose ``alpha`` is a line: a factor of its own for each bar."""

    alias: Any = ("ExpSmoothingDynamic",)

    def _average(self) -> Any:
        period = self.p.period
        line = self._computed(exponential_dynamic, (self.data, self.alpha), (period,), period)
        # compat: what the factor needs beyond the period comes on top, though it may overlap
        later = max(0, self.alpha._minperiod - period)
        line.setminperiod(self._minperiod + period - 1 + later)
        return line


class WeightedAverage(PeriodN):
    """``coef`` times the sum of values times ``weights``; the first weight is for the oldest value."""

    alias: Any = ("AverageWeighted",)
    lines: Any = ("av",)
    params: Any = (("coef", 1.0), ("weights", ()))

    def __init__(self) -> None:
        super().__init__()
        self.lines[0] = weighted_line(self, self.p.coef, self.p.weights)


def weighted_line(owner: Any, coef: float, weights: Any) -> Any:
    """The line of `WeightedAverage` for an indicator with the parameter ``period``."""
    period, values = owner.p.period, array("d", weights)
    if len(values) < period:  # compat: values without a weight are left out
        line = WindowCall(
            owner.data.lines[0], lambda window: coef * math.fsum(map(mul, window, values)), period
        )
        line.updateminperiod(owner._minperiod + period - 1)
        return line
    line = owner._computed(rolling_weighted, (owner.data, 0.0), (period, float(coef)), period)
    line._inputs[1] = values
    return line


__all__ = [
    "Accum",
    "AllN",
    "AnyN",
    "ApplyN",
    "Average",
    "BaseApplyN",
    "ExponentialSmoothing",
    "ExponentialSmoothingDynamic",
    "FindFirstIndex",
    "FindFirstIndexHighest",
    "FindFirstIndexLowest",
    "FindLastIndex",
    "FindLastIndexHighest",
    "FindLastIndexLowest",
    "Highest",
    "Lowest",
    "OperationN",
    "PeriodN",
    "ReduceN",
    "SumN",
    "WeightedAverage",
]
