"""Figures of a window beyond sums and extremes: deviation, median, regression lines."""

from __future__ import annotations

from math import inf, nan

from .exact import window_sum
from .jit import Array, Buffer, Span, kernel
from .powers import is_exactly, power, root_or_nan, square_or_nan
from .threshold import scratch


def _deviation_span(
    mean_square: Array, mean: Array, out: Array, square: float, root: float, safe: int
) -> None:
    size = len(out)
    variance = scratch(size)
    usual = is_exactly(square, 2.0) & is_exactly(root, 0.5)
    for i in range(size):
        variance[i] = square_or_nan(mean[i]) if usual else nan
    for i in range(size):
        if variance[i] != variance[i]:
            variance[i] = power(mean[i], square)
    for i in range(size):
        left = mean_square[i] - variance[i]
        variance[i] = abs(left) if safe != 0 else left
        out[i] = root_or_nan(variance[i]) if usual else nan
    for i in range(size):
        if out[i] != out[i]:
            out[i] = power(variance[i], root)


@kernel(cost=170.0, span=Span(_deviation_span))
def deviation(
    mean_square: Buffer,
    mean: Buffer,
    out: Buffer,
    square: float,
    root: float,
    safe: int,
    start: int,
    stop: int,
) -> None:
    """Standard deviation from the mean of the squares and the mean.

    Call it with square 2.0 and root 0.5. They are parameters because `x ** 2.0` is a call of
    the C library's pow(), whose bits are not always those of x * x; known at compile time, it
    would be turned into that. `safe` takes the absolute value of a variance that rounding made
    negative. compat: without it the original stops with a TypeError there; here it is NaN.
    """
    for i in range(start, stop):
        variance = mean_square[i] - power(mean[i], square)
        if safe != 0:
            variance = abs(variance)
        out[i] = power(variance, root)


@kernel(
    state=lambda period: period + 2,
    lookback=lambda period: period,
    cost=lambda period: 600.0 + 33.0 * period,
)
def rolling_median(source: Buffer, out: Buffer, state: Buffer, period: int, start: int, stop: int) -> None:
    """Median of the window; NaN while it contains one.

    state[2:] are the window's values in order. A new value takes the slot of the one that
    leaves and moves from there to its place, which is a short way when values change little.
    NaN stands in as +inf; state[1] counts them.
    """
    for i in range(start, stop):
        slot = period - 1
        first = i
        if state[0] == 0.0:
            state[0] = 1.0
            for k in range(period):
                state[2 + k] = inf
            first = i - period + 1
        else:
            leaving = source[i - period] + 0.0
            if leaving != leaving:
                state[1] -= 1.0
                leaving = inf
            below = 0
            while below < slot:
                middle = (below + slot) // 2
                if state[2 + middle] < leaving:
                    below = middle + 1
                else:
                    slot = middle
        for j in range(first, i + 1):
            value = source[j] + 0.0
            if value != value:
                state[1] += 1.0
                value = inf
            while slot > 0 and state[1 + slot] > value:
                state[2 + slot] = state[1 + slot]
                slot -= 1
            while slot < period - 1 and state[3 + slot] < value:
                state[2 + slot] = state[3 + slot]
                slot += 1
            state[2 + slot] = value
            slot = period - 1
        if state[1] > 0.0:
            out[i] = nan
        elif period % 2 == 1:
            out[i] = state[2 + period // 2]
        else:
            out[i] = (state[1 + period // 2] + state[2 + period // 2]) / 2.0


@kernel(outputs=2, lookback=lambda period: period - 1, cost=lambda period: 300.0 + 75.0 * period)
def rolling_trend(
    source: Buffer, slope_out: Buffer, intercept_out: Buffer, period: int, start: int, stop: int
) -> None:
    """Least-squares line through the window against 0, 1, ... period - 1 (0 is the oldest bar).

    The newest point of the line is intercept + slope * (period - 1). A period of 1 has no slope: NaN.
    """
    middle = (period - 1) / 2.0
    spread = period * (period * period - 1.0) / 12.0
    for i in range(start, stop):
        first = i - period + 1
        mean = window_sum(source, first, i + 1) / period
        product = 0.0
        for k in range(period):
            product += (k - middle) * (source[first + k] - mean)
        slope = product / spread if spread > 0.0 else nan
        slope_out[i] = slope
        intercept_out[i] = mean - slope * middle


@kernel(outputs=2, lookback=lambda period: period - 1, cost=lambda period: 300.0 + 125.0 * period)
def rolling_regression(
    y: Buffer, x: Buffer, slope_out: Buffer, intercept_out: Buffer, period: int, start: int, stop: int
) -> None:
    """Least-squares line y = intercept + slope * x over the window; NaN where x does not vary."""
    for i in range(start, stop):
        first = i - period + 1
        x_mean = window_sum(x, first, i + 1) / period
        y_mean = window_sum(y, first, i + 1) / period
        product = 0.0
        spread = 0.0
        for j in range(first, i + 1):
            distance = x[j] - x_mean
            product += distance * (y[j] - y_mean)
            spread += distance * distance
        slope = product / spread if spread > 0.0 else nan
        slope_out[i] = slope
        intercept_out[i] = y_mean - slope * x_mean
