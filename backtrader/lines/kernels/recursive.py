"""Recurrences: every value comes from the one before it.

They read their own previous output, so a buffer may be moved between two calls as long as
the previous bar is still in it. `state[0]` only tells the first bar, which is seeded from
the window that ends there.
"""

from __future__ import annotations

from .exact import window_sum
from .jit import Buffer, kernel


@kernel(state=1, lookback=lambda period, alpha: max(period - 1, 1), cost=50.0)
def exponential(
    source: Buffer, out: Buffer, state: Buffer, period: int, alpha: float, start: int, stop: int
) -> None:
    """Exponential smoothing, seeded with the mean of the first `period` values.

    alpha 2 / (1 + period) makes an exponential, 1 / period a smoothed (Wilder) moving average.
    """
    keep = 1.0 - alpha
    first = start
    if state[0] == 0.0:
        state[0] = 1.0
        out[start] = window_sum(source, start - period + 1, start + 1) / period
        first += 1
    if first < stop:
        value = out[first - 1]
        for i in range(first, stop):
            value = value * keep + source[i] * alpha
            out[i] = value


@kernel(state=1, lookback=lambda period: max(period - 1, 1), cost=67.0)
def exponential_dynamic(
    source: Buffer, alpha: Buffer, out: Buffer, state: Buffer, period: int, start: int, stop: int
) -> None:
    """Exponential smoothing with a factor of its own for each bar (adaptive moving averages)."""
    first = start
    if state[0] == 0.0:
        state[0] = 1.0
        out[start] = window_sum(source, start - period + 1, start + 1) / period
        first += 1
    if first < stop:
        value = out[first - 1]
        for i in range(first, stop):
            factor = alpha[i]
            value = value * (1.0 - factor) + source[i] * factor
            out[i] = value


@kernel(state=1, lookback=1, cost=40.0)
def accumulate(source: Buffer, out: Buffer, state: Buffer, seed: float, start: int, stop: int) -> None:
    """Running total that begins at `seed`, added up bar by bar."""
    total = seed
    if state[0] == 0.0:
        state[0] = 1.0
    else:
        total = out[start - 1]
    for i in range(start, stop):
        total = total + source[i]
        out[i] = total
