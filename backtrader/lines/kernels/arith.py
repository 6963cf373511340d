"""Operators on two lines, or a line and a constant.

Either operand may be a constant: a buffer with one value and the mask `CONSTANT`. A line has
the mask `LINE`; `i & mask` is then 0 or i, so one kernel serves all combinations.

Results are those of Python floats, but for divisions by zero and powers outside the real
numbers. compat: there the original ends the run (ZeroDivisionError, TypeError, OverflowError);
here the result is what IEEE arithmetic says: infinite or NaN.
"""

from __future__ import annotations

from math import copysign, inf, nan
from typing import Any

from .jit import Buffer, kernel
from .threshold import helper, twin

LINE = -1
CONSTANT = 0


@helper
def divide(a: float, b: float) -> float:
    """a / b; by zero: infinite with the proper sign, NaN for zero or NaN by zero."""
    return a / b if b != 0.0 else a * copysign(inf, b)


def _machine_power(a: float, b: float) -> Any:
    return a**b


@twin(compiled=_machine_power)
def power(a: float, b: float) -> float:
    """a ** b of floats: too large is infinite, zero to a negative power too, a root of a negative is NaN."""
    try:
        result: Any = a**b
    except (ZeroDivisionError, OverflowError):
        if a < 0.0 and b % 1.0 != 0.0:
            return nan
        return copysign(inf, a) if b % 2.0 == 1.0 else inf
    return result if type(result) is float else nan


@kernel(cost=70.0)
def add(a: Buffer, b: Buffer, out: Buffer, a_mask: int, b_mask: int, start: int, stop: int) -> None:
    """a + b."""
    for i in range(start, stop):
        out[i] = a[i & a_mask] + b[i & b_mask]


@kernel(cost=70.0)
def subtract(a: Buffer, b: Buffer, out: Buffer, a_mask: int, b_mask: int, start: int, stop: int) -> None:
    """a - b."""
    for i in range(start, stop):
        out[i] = a[i & a_mask] - b[i & b_mask]


@kernel(cost=70.0)
def multiply(a: Buffer, b: Buffer, out: Buffer, a_mask: int, b_mask: int, start: int, stop: int) -> None:
    """a * b."""
    for i in range(start, stop):
        out[i] = a[i & a_mask] * b[i & b_mask]


@kernel(cost=75.0)
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


@kernel(cost=120.0)
def raise_to(a: Buffer, b: Buffer, out: Buffer, a_mask: int, b_mask: int, start: int, stop: int) -> None:
    """a ** b, see `power`."""
    for i in range(start, stop):
        out[i] = power(a[i & a_mask], b[i & b_mask])


@kernel(cost=40.0)
def negative(a: Buffer, out: Buffer, start: int, stop: int) -> None:
    """-a."""
    for i in range(start, stop):
        out[i] = -a[i]


@kernel(cost=50.0)
def absolute(a: Buffer, out: Buffer, start: int, stop: int) -> None:
    """abs(a)."""
    for i in range(start, stop):
        out[i] = abs(a[i])


@kernel(cost=75.0)
def divide_or(
    a: Buffer, b: Buffer, out: Buffer, a_mask: int, b_mask: int, zero: float, start: int, stop: int
) -> None:
    """a / b, and `zero` where b is zero."""
    for i in range(start, stop):
        divisor = b[i & b_mask]
        out[i] = a[i & a_mask] / divisor if divisor != 0.0 else zero


@kernel(cost=80.0)
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


@kernel(lookback=lambda ago: max(ago, 0), cost=45.0)
def shift(source: Buffer, out: Buffer, ago: int, start: int, stop: int) -> None:
    """The value `ago` bars earlier; with a negative `ago`, later ones, which must be there already."""
    for i in range(start, stop):
        out[i] = source[i - ago]
