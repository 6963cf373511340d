"""Powers as Python has them, and squares and roots without the cost of a power.

`x ** 2.0` is a call of the C library's pow(), whose bits are nearly always those of x * x and not always:
pow() is right to 0.51 of the last place or little more, a product to half of it. So the two can only
differ where the exact square is almost half way between two floats. How far it is from the product is
known exactly; everything nearer than `SURE` of the last place is taken, the rest is left to pow(). The
same goes for `x ** 0.5` and the square root.
"""

from __future__ import annotations

from math import copysign, inf, nan, sqrt
from typing import Any

from .jit import Array
from .threshold import helper, twin

SURE = 0.47

# Beyond these the rounding error of a product is not exact any more.
_LEAST, _MOST = 1e-270, 1e290
_SPLITTER = 134217729.0  # 2 ** 27 + 1: halves a float into two of 26 bits
_HALF_PLACE = 1.1102230246251568e-16  # a bit more than 2 ** -53: adding so much of itself is one place up


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


@helper
def is_exactly(x: float, number: float) -> bool:
    """Whether x is the number, in compiled code that must not learn from it what x is.

    After `x == 2.0` a compiler knows x, and makes x ** 2.0 out of every power to follow, hence x * x.
    """
    return abs(1.0 / (x - number)) > 1e300


@helper
def square_error(x: float, product: float) -> float:
    """x * x - product without rounding, where product is x * x rounded."""
    parted = _SPLITTER * x
    high = parted - (parted - x)
    low = x - high
    return ((high * high - product) + 2.0 * high * low) + low * low


@helper
def square_or_nan(x: float) -> float:
    """x ** 2.0 where it surely is the rounded product, else NaN."""
    product = x * x
    place = (product + product * _HALF_PLACE) - product
    sure = (abs(square_error(x, product)) <= SURE * place) & (product > _LEAST) & (product < _MOST)
    return product if sure else nan


@helper
def root_or_nan(x: float) -> float:
    """x ** 0.5 where it surely is the rounded square root, else NaN."""
    root = sqrt(abs(x))
    product = root * root
    left = (x - product) - square_error(root, product)
    place = (root + root * _HALF_PLACE) - root
    sure = (abs(left) <= 2.0 * SURE * root * place) & (x > _LEAST) & (x < _MOST)
    return root if sure else nan


@helper
def square_span(a: Array, b: Array, out: Array) -> None:
    """Squares where b is 2.0 and the square is sure, NaN elsewhere."""
    for i in range(len(out)):
        out[i] = square_or_nan(a[i]) if is_exactly(b[i], 2.0) else nan
