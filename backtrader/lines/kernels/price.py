"""What indicators of price movement are made of."""

from __future__ import annotations

from .arith import divide
from .choose import _larger_span, _smaller_span
from .jit import Array, Buffer, Span, kernel


def _now_and_before(period: int) -> tuple[tuple[int, int], ...]:
    return (0, 0), (0, period)


def _before_second() -> tuple[tuple[int, int], ...]:
    return (0, 0), (1, 1)


def _rise_span(now: Array, before: Array, out: Array, period: int) -> None:
    for i in range(len(out)):
        change = now[i] - before[i]
        out[i] = 0.0 if change < 0.0 else change


def _fall_span(now: Array, before: Array, out: Array, period: int) -> None:
    for i in range(len(out)):
        change = before[i] - now[i]
        out[i] = 0.0 if change < 0.0 else change


def _range_span(high: Array, low: Array, before: Array, out: Array) -> None:
    for i in range(len(out)):
        top = before[i] if before[i] > high[i] else high[i]
        bottom = before[i] if before[i] < low[i] else low[i]
        out[i] = top - bottom


def _strength_span(up: Array, down: Array, out: Array, single: float, dual: float) -> None:
    for i in range(len(out)):
        otherwise = dual if up[i] == 0.0 else single
        ratio = up[i] / down[i] if down[i] != 0.0 else otherwise
        out[i] = 100.0 - 100.0 / (1.0 + ratio)


@kernel(lookback=lambda period: period, cost=70.0, span=Span(_rise_span, reads=_now_and_before))
def rise(source: Buffer, out: Buffer, period: int, start: int, stop: int) -> None:
    """How much the line rose within `period` bars, 0.0 if it fell; NaN if either end is."""
    for i in range(start, stop):
        change = source[i] - source[i - period]
        out[i] = 0.0 if change < 0.0 else change


@kernel(lookback=lambda period: period, cost=70.0, span=Span(_fall_span, reads=_now_and_before))
def fall(source: Buffer, out: Buffer, period: int, start: int, stop: int) -> None:
    """How much the line fell within `period` bars, 0.0 if it rose; NaN if either end is."""
    for i in range(start, stop):
        change = source[i - period] - source[i]
        out[i] = 0.0 if change < 0.0 else change


@kernel(lookback=1, cost=65.0, span=Span(_larger_span, reads=_before_second))
def true_high(high: Buffer, close: Buffer, out: Buffer, start: int, stop: int) -> None:
    """max(high, previous close) as Python has it."""
    for i in range(start, stop):
        top = high[i]
        before = close[i - 1]
        out[i] = before if before > top else top


@kernel(lookback=1, cost=65.0, span=Span(_smaller_span, reads=_before_second))
def true_low(low: Buffer, close: Buffer, out: Buffer, start: int, stop: int) -> None:
    """min(low, previous close) as Python has it."""
    for i in range(start, stop):
        bottom = low[i]
        before = close[i - 1]
        out[i] = before if before < bottom else bottom


@kernel(lookback=1, cost=85.0, span=Span(_range_span, reads=lambda: ((0, 0), (1, 0), (2, 1))))
def true_range(high: Buffer, low: Buffer, close: Buffer, out: Buffer, start: int, stop: int) -> None:
    """`true_high` - `true_low` in one go."""
    for i in range(start, stop):
        top = high[i]
        bottom = low[i]
        before = close[i - 1]
        if before > top:
            top = before
        if before < bottom:
            bottom = before
        out[i] = top - bottom


@kernel(cost=100.0, span=Span(_strength_span))
def relative_strength(
    up: Buffer, down: Buffer, out: Buffer, single: float, dual: float, start: int, stop: int
) -> None:
    """100 - 100 / (1 + up / down): the strength index of averaged rises and falls.

    Without any fall the ratio is `single`, without any movement `dual`; (inf, nan) are the
    plain arithmetic. compat: the original stops with ZeroDivisionError there unless its safe
    division is on, which gives the two figures.
    """
    for i in range(start, stop):
        rises = up[i]
        falls = down[i]
        if falls != 0.0:
            ratio = rises / falls
        else:
            ratio = dual if rises == 0.0 else single
        out[i] = 100.0 - divide(100.0, 1.0 + ratio)
