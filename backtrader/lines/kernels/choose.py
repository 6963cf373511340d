"""Functions across lines at one bar: conditions, the larger and smaller, sums.

Those of two lines are folded for more: max(a, b, c) is max(max(a, b), c), and so with NaN
and zeros of both signs. Operands may be constants, see `arith`.
"""

from __future__ import annotations

from .exact import cross_sum
from .jit import Array, Buffer, Buffers, Span, kernel


def _select_span(condition: Array, a: Array, b: Array, out: Array) -> None:
    for i in range(len(out)):
        out[i] = a[i] if condition[i] != 0.0 else b[i]


def _both_span(a: Array, b: Array, out: Array) -> None:
    for i in range(len(out)):
        out[i] = 1.0 if (a[i] != 0.0) & (b[i] != 0.0) else 0.0


def _either_span(a: Array, b: Array, out: Array) -> None:
    for i in range(len(out)):
        out[i] = 1.0 if (a[i] != 0.0) | (b[i] != 0.0) else 0.0


def _larger_span(a: Array, b: Array, out: Array) -> None:
    for i in range(len(out)):
        out[i] = b[i] if b[i] > a[i] else a[i]


def _smaller_span(a: Array, b: Array, out: Array) -> None:
    for i in range(len(out)):
        out[i] = b[i] if b[i] < a[i] else a[i]


@kernel(cost=70.0, span=Span(_select_span))
def select(
    condition: Buffer,
    a: Buffer,
    b: Buffer,
    out: Buffer,
    condition_mask: int,
    a_mask: int,
    b_mask: int,
    start: int,
    stop: int,
) -> None:
    """a where the condition is true, which NaN is, else b."""
    for i in range(start, stop):
        out[i] = a[i & a_mask] if condition[i & condition_mask] != 0.0 else b[i & b_mask]


@kernel(cost=75.0, span=Span(_both_span))
def both(a: Buffer, b: Buffer, out: Buffer, a_mask: int, b_mask: int, start: int, stop: int) -> None:
    """1.0 if a and b are true, else 0.0. True is what bool() says: all but zero, NaN included."""
    for i in range(start, stop):
        out[i] = 1.0 if a[i & a_mask] != 0.0 and b[i & b_mask] != 0.0 else 0.0


@kernel(cost=75.0, span=Span(_either_span))
def either(a: Buffer, b: Buffer, out: Buffer, a_mask: int, b_mask: int, start: int, stop: int) -> None:
    """1.0 if a or b is true, else 0.0."""
    for i in range(start, stop):
        out[i] = 1.0 if a[i & a_mask] != 0.0 or b[i & b_mask] != 0.0 else 0.0


@kernel(cost=72.0, span=Span(_larger_span))
def larger(a: Buffer, b: Buffer, out: Buffer, a_mask: int, b_mask: int, start: int, stop: int) -> None:
    """max(a, b) as Python has it: b only if it is greater. So NaN in a stays, NaN in b is passed over."""
    for i in range(start, stop):
        left = a[i & a_mask]
        right = b[i & b_mask]
        out[i] = right if right > left else left


@kernel(cost=72.0, span=Span(_smaller_span))
def smaller(a: Buffer, b: Buffer, out: Buffer, a_mask: int, b_mask: int, start: int, stop: int) -> None:
    """min(a, b) as Python has it: b only if it is less."""
    for i in range(start, stop):
        left = a[i & a_mask]
        right = b[i & b_mask]
        out[i] = right if right < left else left


@kernel(cost=300.0)
def sum_lines(lines: Buffers, out: Buffer, start: int, stop: int) -> None:
    """Sum across any number of lines, correctly rounded as `math.fsum` rounds it."""
    for i in range(start, stop):
        out[i] = cross_sum(lines, i)
