"""Comparisons of two lines and what is made of them; true is 1.0, false 0.0.

Operands may be constants, see `arith`. Every comparison with NaN is false, but for `!=`.
"""

from __future__ import annotations

from .jit import Array, Buffer, Span, by_numpy, kernel
from .vectors import crossings


def _compare_span(a: Array, b: Array, out: Array) -> None:
    for i in range(len(out)):
        out[i] = 1.0 if a[i] > b[i] else -1.0 if a[i] < b[i] else 0.0


def _compare_choose_span(a: Array, b: Array, below: Array, at: Array, above: Array, out: Array) -> None:
    for i in range(len(out)):
        out[i] = below[i] if a[i] < b[i] else above[i] if a[i] > b[i] else at[i]


@kernel(cost=70.0, span=by_numpy(lambda np, a, b, out: np.less(a, b, out)))
def less(a: Buffer, b: Buffer, out: Buffer, a_mask: int, b_mask: int, start: int, stop: int) -> None:
    """a < b."""
    for i in range(start, stop):
        out[i] = 1.0 if a[i & a_mask] < b[i & b_mask] else 0.0


@kernel(cost=70.0, span=by_numpy(lambda np, a, b, out: np.less_equal(a, b, out)))
def less_equal(a: Buffer, b: Buffer, out: Buffer, a_mask: int, b_mask: int, start: int, stop: int) -> None:
    """a <= b."""
    for i in range(start, stop):
        out[i] = 1.0 if a[i & a_mask] <= b[i & b_mask] else 0.0


@kernel(cost=70.0, span=by_numpy(lambda np, a, b, out: np.greater(a, b, out)))
def greater(a: Buffer, b: Buffer, out: Buffer, a_mask: int, b_mask: int, start: int, stop: int) -> None:
    """a > b."""
    for i in range(start, stop):
        out[i] = 1.0 if a[i & a_mask] > b[i & b_mask] else 0.0


@kernel(cost=70.0, span=by_numpy(lambda np, a, b, out: np.greater_equal(a, b, out)))
def greater_equal(a: Buffer, b: Buffer, out: Buffer, a_mask: int, b_mask: int, start: int, stop: int) -> None:
    """a >= b."""
    for i in range(start, stop):
        out[i] = 1.0 if a[i & a_mask] >= b[i & b_mask] else 0.0


@kernel(cost=70.0, span=by_numpy(lambda np, a, b, out: np.equal(a, b, out)))
def equal(a: Buffer, b: Buffer, out: Buffer, a_mask: int, b_mask: int, start: int, stop: int) -> None:
    """a == b."""
    for i in range(start, stop):
        out[i] = 1.0 if a[i & a_mask] == b[i & b_mask] else 0.0


@kernel(cost=70.0, span=by_numpy(lambda np, a, b, out: np.not_equal(a, b, out)))
def not_equal(a: Buffer, b: Buffer, out: Buffer, a_mask: int, b_mask: int, start: int, stop: int) -> None:
    """a != b."""
    for i in range(start, stop):
        out[i] = 1.0 if a[i & a_mask] != b[i & b_mask] else 0.0


@kernel(cost=75.0, span=Span(_compare_span))
def compare(a: Buffer, b: Buffer, out: Buffer, a_mask: int, b_mask: int, start: int, stop: int) -> None:
    """-1.0, 0.0 or 1.0 as a is below, at or above b; 0.0 with NaN."""
    for i in range(start, stop):
        left = a[i & a_mask]
        right = b[i & b_mask]
        out[i] = 1.0 if left > right else -1.0 if left < right else 0.0


@kernel(cost=95.0, span=Span(_compare_choose_span))
def compare_choose(
    a: Buffer,
    b: Buffer,
    below: Buffer,
    at: Buffer,
    above: Buffer,
    out: Buffer,
    a_mask: int,
    b_mask: int,
    below_mask: int,
    at_mask: int,
    above_mask: int,
    start: int,
    stop: int,
) -> None:
    """One of three values as a is below, at or above b; the middle one with NaN."""
    for i in range(start, stop):
        left = a[i & a_mask]
        right = b[i & b_mask]
        if left < right:
            out[i] = below[i & below_mask]
        elif left > right:
            out[i] = above[i & above_mask]
        else:
            out[i] = at[i & at_mask]


@kernel(state=1, lookback=1, cost=75.0)
def nonzero_difference(
    a: Buffer, b: Buffer, out: Buffer, state: Buffer, a_mask: int, b_mask: int, start: int, stop: int
) -> None:
    """a - b, and where that is zero the difference before it. The first one is taken as it is.

    NaN is not zero: it stays until the next difference that is a number other than zero.
    """
    first = start
    if state[0] == 0.0:
        state[0] = 1.0
        out[start] = a[start & a_mask] - b[start & b_mask]
        first += 1
    if first < stop:
        held = out[first - 1]
        for i in range(first, stop):
            difference = a[i & a_mask] - b[i & b_mask]
            if difference != 0.0:
                held = difference
            out[i] = held


@kernel(state=2, lookback=1, cost=95.0, vectors=crossings)
def cross(
    a: Buffer,
    b: Buffer,
    out: Buffer,
    state: Buffer,
    a_mask: int,
    b_mask: int,
    up: float,
    down: float,
    start: int,
    stop: int,
) -> None:
    """`up` where a comes above b from below, `down` where it falls below from above, else 0.0.

    Where from: the last difference that was not zero, as `nonzero_difference` has it, up to the
    bar before. `start` is the second bar on which both lines are valid. (1, -1) tells both ways,
    (1, 0) and (0, 1) one of them.
    """
    if state[0] == 0.0:
        state[0] = 1.0
        state[1] = a[(start - 1) & a_mask] - b[(start - 1) & b_mask]
    held = state[1]
    for i in range(start, stop):
        left = a[i & a_mask]
        right = b[i & b_mask]
        if held < 0.0 and left > right:
            out[i] = up
        elif held > 0.0 and left < right:
            out[i] = down
        else:
            out[i] = 0.0
        difference = left - right
        if difference != 0.0:
            held = difference
    state[1] = held
