"""Operators on two lines, or a line and a constant.

Either operand may be a constant: a buffer with one value and the mask `CONSTANT`. A line has
the mask `LINE`; `i & mask` is then 0 or i, so one kernel serves all combinations.

Results are those of Python floats, but for divisions by zero and powers outside the real
numbers. compat: there the original ends the run (ZeroDivisionError, TypeError, OverflowError);
here the result is what IEEE arithmetic says: infinite or NaN.
"""

from __future__ import annotations

from math import copysign, inf

from .jit import Array, Buffer, Span, by_numpy, kernel
from .powers import power as power
from .powers import square_span
from .threshold import helper

LINE = -1
CONSTANT = 0


@helper
def divide(a: float, b: float) -> float:
    """a / b; by zero: infinite with the proper sign, NaN for zero or NaN by zero."""
    return a / b if b != 0.0 else a * copysign(inf, b)


@kernel(cost=70.0, span=by_numpy(lambda np, a, b, out: np.add(a, b, out)))
def add(a: Buffer, b: Buffer, out: Buffer, a_mask: int, b_mask: int, start: int, stop: int) -> None:
    """a + b."""
    for i in range(start, stop):
        out[i] = a[i & a_mask] + b[i & b_mask]


@kernel(cost=70.0, span=by_numpy(lambda np, a, b, out: np.subtract(a, b, out)))
def subtract(a: Buffer, b: Buffer, out: Buffer, a_mask: int, b_mask: int, start: int, stop: int) -> None:
    """a - b."""
    for i in range(start, stop):
        out[i] = a[i & a_mask] - b[i & b_mask]


@kernel(cost=70.0, span=by_numpy(lambda np, a, b, out: np.multiply(a, b, out)))
def multiply(a: Buffer, b: Buffer, out: Buffer, a_mask: int, b_mask: int, start: int, stop: int) -> None:
    """a * b."""
    for i in range(start, stop):
        out[i] = a[i & a_mask] * b[i & b_mask]


@kernel(cost=75.0, span=by_numpy(lambda np, a, b, out: np.true_divide(a, b, out)))
def true_divide(a: Buffer, b: Buffer, out: Buffer, a_mask: int, b_mask: int, start: int, stop: int) -> None:
    """a / b, see `divide`."""
    for i in range(start, stop):
        divisor = b[i & b_mask]
        if divisor != 0.0:
            out[i] = a[i & a_mask] / divisor
        else:
            out[i] = divide(a[i & a_mask], divisor)


@kernel(cost=95.0)
def floor_divide(a: Buffer, b: Buffer, out: Buffer, a_mask: int, b_mask: int, start: int, stop: int) -> None:
    """a // b; by zero like a / b."""
    for i in range(start, stop):
        divisor = b[i & b_mask]
        if divisor != 0.0:
            out[i] = a[i & a_mask] // divisor
        else:
            out[i] = divide(a[i & a_mask], divisor)


def _raise_span(a: Array, b: Array, out: Array) -> None:
    square_span(a, b, out)
    for i in range(len(out)):
        if out[i] != out[i]:
            out[i] = power(a[i], b[i])


@kernel(cost=120.0, span=Span(_raise_span))
def raise_to(a: Buffer, b: Buffer, out: Buffer, a_mask: int, b_mask: int, start: int, stop: int) -> None:
    """a ** b, see `power`."""
    for i in range(start, stop):
        out[i] = power(a[i & a_mask], b[i & b_mask])


@kernel(cost=40.0, span=by_numpy(lambda np, a, out: np.negative(a, out)))
def negative(a: Buffer, out: Buffer, start: int, stop: int) -> None:
    """-a."""
    for i in range(start, stop):
        out[i] = -a[i]


@kernel(cost=50.0, span=by_numpy(lambda np, a, out: np.absolute(a, out)))
def absolute(a: Buffer, out: Buffer, start: int, stop: int) -> None:
    """abs(a)."""
    for i in range(start, stop):
        out[i] = abs(a[i])


def _divide_or_span(a: Array, b: Array, out: Array, zero: float) -> None:
    for i in range(len(out)):
        out[i] = a[i] / b[i] if b[i] != 0.0 else zero


@kernel(cost=75.0, span=Span(_divide_or_span))
def divide_or(
    a: Buffer, b: Buffer, out: Buffer, a_mask: int, b_mask: int, zero: float, start: int, stop: int
) -> None:
    """a / b, and `zero` where b is zero."""
    for i in range(start, stop):
        divisor = b[i & b_mask]
        out[i] = a[i & a_mask] / divisor if divisor != 0.0 else zero


def _divide_or_zeros_span(a: Array, b: Array, out: Array, single: float, dual: float) -> None:
    for i in range(len(out)):
        if b[i] != 0.0:
            out[i] = a[i] / b[i]
        else:
            out[i] = dual if a[i] == 0.0 else single


@kernel(cost=80.0, span=Span(_divide_or_zeros_span))
def divide_or_zeros(
    a: Buffer,
    b: Buffer,
    out: Buffer,
    a_mask: int,
    b_mask: int,
    single: float,
    dual: float,
    start: int,
    stop: int,
) -> None:
    """a / b, `single` where only b is zero and `dual` where both are."""
    for i in range(start, stop):
        dividend = a[i & a_mask]
        divisor = b[i & b_mask]
        if divisor != 0.0:
            out[i] = dividend / divisor
        else:
            out[i] = dual if dividend == 0.0 else single


@kernel(
    lookback=lambda ago: max(ago, 0),
    cost=45.0,
    span=Span(lambda np, a, out, ago: np.copyto(out, a), numpy=True, reads=lambda ago: ((0, ago),)),
)
def shift(source: Buffer, out: Buffer, ago: int, start: int, stop: int) -> None:
    """The value `ago` bars earlier; with a negative `ago`, later ones, which must be there already."""
    for i in range(start, stop):
        out[i] = source[i - ago]
