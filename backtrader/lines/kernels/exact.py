"""Sums rounded once: what `math.fsum` gives, in plain Python and in compiled code.

Compiled code adds with the rounding error of every addition kept in a second float. As
long as the errors add up exactly, the pair *is* the sum and rounding it once gives the
correctly rounded result. If they do not (values of wildly different size), the slower
algorithm with a whole list of non-overlapping parts takes over.
"""

from __future__ import annotations

from math import fsum, isfinite, nan
from operator import mul
from typing import Any

from .jit import Buffer
from .threshold import helper, twin


@helper
def exact_pair(source: Buffer, first: int, stop: int) -> tuple[float, float, bool]:
    """(sum, its rounding error, True) of source[first:stop]; (nan, nan, False) if a pair cannot hold it."""
    high = 0.0
    low = 0.0
    for j in range(first, stop):
        value = source[j]
        total = high + value
        part = total - high
        error = (high - (total - part)) + (value - part)
        rest = low + error
        if rest - low != error or rest - error != low:
            return nan, nan, False
        high = total
        low = rest
    total = high + low
    part = total - high
    return total, (high - (total - part)) + (low - part), True


@helper
def irregular_sum(values: list[float]) -> float:
    """The sum where `fsum` refuses or something is not finite.

    NaN wins, infinities of both signs make NaN. compat: fsum raises on inf - inf and on an
    intermediate overflow, which ends the run; here the result is NaN, or what plain addition gives.
    """
    infinities = 0.0
    total = 0.0
    for value in values:
        total += value
        if not isfinite(value):
            infinities += value
    return infinities if infinities != 0.0 else total


@helper
def rounded_parts(parts: list[float]) -> float:
    """Round a sum held as non-overlapping parts, smallest first, to the nearest float, ties to even."""
    k = len(parts) - 1
    total = 0.0
    low = 0.0
    while k >= 0 and low == 0.0:
        before = total
        total = before + parts[k]
        low = parts[k] - (total - before)
        k -= 1
    # Exactly half way so far: the sign of what is left decides.
    if k >= 0 and ((low < 0.0 and parts[k] < 0.0) or (low > 0.0 and parts[k] > 0.0)):
        doubled = low * 2.0
        other = total + doubled
        if other - total == doubled:
            total = other
    return total


def sum_by_parts(values: list[float]) -> float:
    """`fsum` for compiled code: every partial sum that can matter is kept."""
    parts = [0.0]
    for value in values:
        carry = value
        kept = 0
        for k in range(len(parts)):
            part = parts[k]
            if abs(carry) < abs(part):
                carry, part = part, carry
            total = carry + part
            error = part - (total - carry)
            if error != 0.0:
                parts[kept] = error
                kept += 1
            carry = total
        if not isfinite(carry):
            return irregular_sum(values)
        while len(parts) > kept:
            parts.pop()
        parts.append(carry)
    # A zero is never negative here, whatever the signs that went in.
    return rounded_parts(parts) + 0.0


@twin(compiled=sum_by_parts)
def rounded_sum(values: list[float]) -> float:
    """The correctly rounded sum of a list."""
    try:
        return fsum(values)
    except (ValueError, OverflowError):
        return irregular_sum(values)


def _window_sum(source: Buffer, first: int, stop: int) -> float:
    total, _, exact = exact_pair(source, first, stop)
    return total if exact else rounded_sum([source[j] for j in range(first, stop)])


@twin(compiled=_window_sum)
def window_sum(source: Any, first: int, stop: int) -> float:
    """The correctly rounded sum of source[first:stop]."""
    return rounded_sum(source[first:stop])


def _weighted_window_sum(source: Buffer, weights: Buffer, first: int, period: int) -> float:
    high = 0.0
    low = 0.0
    exact = True
    for j in range(period):
        value = source[first + j] * weights[j]
        total = high + value
        part = total - high
        error = (high - (total - part)) + (value - part)
        rest = low + error
        part = rest - low
        exact &= (low - (rest - part)) + (error - part) == 0.0
        high = total
        low = rest
    return high + low if exact else rounded_sum([source[first + j] * weights[j] for j in range(period)])


@twin(compiled=_weighted_window_sum)
def weighted_window_sum(source: Any, weights: Any, first: int, period: int) -> float:
    """The correctly rounded sum of source[first + j] * weights[j] over `period` values, oldest first."""
    window = source[first : first + period]
    try:
        return fsum(map(mul, window, weights))
    except (ValueError, OverflowError):
        return irregular_sum(list(map(mul, window, weights)))


@helper
def cross_sum(lines: tuple[Buffer, ...], index: int) -> float:
    """The correctly rounded sum across several lines at one bar."""
    return rounded_sum([line[index] for line in lines])
