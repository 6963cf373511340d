"""Whole stretches by numpy, where a run is too short to compile for: the bits that the plain functions give.

Sums are made of whole numbers: if all values of a stretch are multiples of a power of two, and no sum of a
window needs more than 62 bits of it, running sums in 64 bits are exact (they may overflow: the difference of
two of them is right all the same), and turning one into a float rounds it once, as `math.fsum` does.
"""

from __future__ import annotations

from collections.abc import Callable
from math import frexp, inf, ldexp
from typing import Any

from .jit import Buffer, as_array, quiet_arithmetic

__all__ = ["crossings", "window_sums"]

_STRETCH = 16384
_BITS = 62
_SMALLEST = -900  # a unit below 2 ** -900 would leave sums that are no normal floats

Plain = Callable[..., None]


def window_sums(
    plain: Plain,
    source: Buffer,
    out: Buffer,
    state: Buffer,
    period: int,
    divisor: float,
    start: int,
    stop: int,
) -> None:
    """`rolling_sum`; where a stretch has other values than such multiples, the plain function goes on."""
    values, sums = as_array(source), as_array(out)
    with quiet_arithmetic():
        for first in range(start, stop, _STRETCH):
            last = min(first + _STRETCH, stop)
            if not _exact_sums(values[first - period + 1 : last], sums[first:last], period, divisor):
                _begin_anew(state)
                plain(source, out, state, period, divisor, first, last)
    _begin_anew(state)  # whoever goes on sums its first window from scratch


def _begin_anew(state: Buffer) -> None:
    for i in range(6):
        state[i] = 0.0


def _exact_sums(values: Any, out: Any, period: int, divisor: float) -> bool:
    import numpy as np

    largest = float(np.abs(values).max())
    if not largest < inf:
        return False
    unit = frexp(largest)[1] + (period - 1).bit_length() - _BITS
    if not _SMALLEST < unit <= 0:  # above 0, small values would vanish instead of being noticed
        return False
    scaled = values * ldexp(1.0, -unit)
    whole = scaled.astype(np.int64)
    if not (whole == scaled).all():
        return False
    running = np.zeros(len(whole) + 1, dtype=np.int64)
    np.cumsum(whole, out=running[1:])
    sums = (running[period:] - running[:-period]).astype(float)
    sums *= ldexp(1.0, unit)
    np.true_divide(sums, divisor, out=out)
    return True


def crossings(
    plain: Plain, a: Buffer, b: Buffer, out: Buffer, state: Buffer, a_mask: int, b_mask: int,
    up: float, down: float, start: int, stop: int,
) -> None:  # fmt: skip
    """`cross`, whatever the values: the plain function is not needed."""
    if state[0] == 0.0:
        state[0] = 1.0
        state[1] = a[(start - 1) & a_mask] - b[(start - 1) & b_mask]
    lefts: Any = as_array(a) if a_mask else a[0]
    rights: Any = as_array(b) if b_mask else b[0]
    told = as_array(out)
    with quiet_arithmetic():
        for first in range(start, stop, _STRETCH):
            part = slice(first, min(first + _STRETCH, stop))
            left, right = lefts[part] if a_mask else lefts, rights[part] if b_mask else rights
            state[1] = _crossed(left, right, told[part], state[1], up, down)


def _crossed(left: Any, right: Any, out: Any, held: float, up: float, down: float) -> float:
    """Fill ``out``; given and returned is the last difference that was not zero."""
    import numpy as np

    differences = np.empty(len(out) + 1)
    differences[0] = held
    np.subtract(left, right, out=differences[1:])
    last = np.arange(len(differences))
    last[differences == 0.0] = 0
    kept = differences[np.maximum.accumulate(last)]
    before = kept[:-1]
    out[:] = 0.0
    out[(before < 0.0) & (left > right)] = up
    out[(before > 0.0) & (left < right)] = down
    return float(kept[-1])
