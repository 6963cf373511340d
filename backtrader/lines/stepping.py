"""One bar of a computed line in event mode, as a function made for that line when the run starts.

What a bar costs in event mode is mostly finding out, again on every bar, what is to be done: which inputs,
which memory, who is bound. All of it is known when the run starts, so it is written into a function of its
own. Lines that read other timelines, and runs in which a bar may be done twice (replay), take the general
way, `Computed._next`.
"""

from __future__ import annotations

import operator
from array import array
from collections.abc import Callable
from typing import Any

Step = Callable[[], None]

# Operators that cannot do anything a float cannot hold; those that divide are tried.
_PLAIN = {
    operator.add,
    operator.sub,
    operator.mul,
    operator.lt,
    operator.le,
    operator.eq,
    operator.ne,
    operator.ge,
    operator.gt,
    operator.truediv,
    operator.floordiv,
}


def stepper(line: Any) -> Step:
    """What computes the bar of now of ``line``."""
    ago = line._delay()
    if ago is not None:
        work = _delayed(line, ago)
    elif getattr(line, "operation", None) in _PLAIN and len(line._inputs) == 2:
        work = _operator(line)
    elif getattr(line, "operation", None) in (operator.neg, operator.abs):
        work = _unary(line)
    else:
        work = line._bar_worker()
    return _guarded(line, _bound(line, work))


def _guarded(line: Any, work: Callable[[int], None]) -> Step:
    """``work`` for a bar that is new and late enough."""
    clock, period = line._now, line._minperiod
    last = -1

    def step() -> None:
        nonlocal last
        i = clock.idx
        seen = i + clock.base + 1
        if seen != last:
            last = seen
            if seen >= period:
                work(i)

    return step


def _bound(line: Any, work: Callable[[int], None]) -> Callable[[int], None]:
    """``work``, and its value given to the lines that are bound to ours."""
    bindings, clock = list(line.bindings), line._now
    if not bindings:
        return work
    if len(bindings) == 1 and not bindings[0].bindings and bindings[0]._now is clock:
        target = bindings[0]

        def give(i: int) -> None:
            work(i)
            target.array[i] = line.array[i]

        return give

    def give_all(i: int) -> None:
        work(i)
        value = line.array[i]
        for bound in bindings:
            bound[0] = value

    return give_all


def _delayed(line: Any, ago: int) -> Callable[[int], None]:
    (source,) = line._inputs

    def work(i: int) -> None:
        line.array[i] = source.array[i - ago]

    return work


def _unary(line: Any) -> Callable[[int], None]:
    (source,), operation = line._inputs, line.operation

    def work(i: int) -> None:
        line.array[i] = operation(source.array[i])

    return work


def _operator(line: Any) -> Callable[[int], None]:
    operation, (a, b), otherwise = line.operation, line._inputs, line._bar_worker()

    def two_lines(i: int) -> None:
        try:
            line.array[i] = operation(a.array[i], b.array[i])
        except ZeroDivisionError:
            otherwise(i)

    def with_constant(i: int) -> None:
        try:
            line.array[i] = operation(a.array[i], second)
        except ZeroDivisionError:
            otherwise(i)

    def of_constant(i: int) -> None:
        try:
            line.array[i] = operation(first, b.array[i])
        except ZeroDivisionError:
            otherwise(i)

    if isinstance(b, array):
        second = b[0]
        return with_constant
    if isinstance(a, array):
        first = a[0]
        return of_constant
    return two_lines


def kernel_worker(line: Any, sources: Any, states: Any) -> Callable[[int], None]:
    """The kernel of ``line`` over one bar."""
    run, rest = line._kernel.py, (*states, *line._params)
    if len(sources) == 1:
        (a,) = sources

        def one(i: int) -> None:
            run(a.array, line.array, *rest, i, i + 1)

        return one
    if len(sources) == 2:
        a, b = sources

        def two(i: int) -> None:
            run(a.array, b.array, line.array, *rest, i, i + 1)

        return two

    def many(i: int) -> None:
        run(*[x.array for x in sources], line.array, *rest, i, i + 1)

    return many


__all__ = ["Step", "kernel_worker", "stepper"]
