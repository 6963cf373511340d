"""Windows that slide over a line: sums, extremes, truth, rank.

All but the weighted sum and the rank cost the same per bar whatever the period. `state` holds
values, ages and counters only, never positions, so a buffer may be moved between two calls.
The window of bar i is source[i - period + 1 .. i]; `start` of the first call is the first bar
whose window is full.
"""

from __future__ import annotations

from math import inf, isfinite, nan

from .exact import exact_pair, weighted_window_sum, window_sum
from .grids import PATIENCE, quick_sums, weighted_in_blocks
from .jit import Array, Buffer, kernel
from .threshold import helper
from .vectors import window_sums


@helper
def _restart_sum(source: Buffer, i: int, state: Buffer, period: int) -> float:
    """Sum the window of bar i from scratch, where the running pair could not go on.

    Leaves the pair in state[1:3] if it holds the window exactly, otherwise NaN there, which
    brings the next bar here again. state[3:6] count down the bars until the newest NaN,
    +inf and -inf are out of the window.
    """
    first = i - period + 1
    if state[0] == 0.0:
        state[0] = 1.0
        newest = first
    else:
        newest = i
    for j in range(newest, i + 1):
        for k in range(3, 6):
            if state[k] > 0.0:
                state[k] -= 1.0
        value = source[j]
        if not isfinite(value):
            state[3 if value != value else 4 if value > 0.0 else 5] = period
    state[1] = nan
    if state[3] > 0.0 or (state[4] > 0.0 and state[5] > 0.0):
        return nan
    if state[4] > 0.0 or state[5] > 0.0:
        return inf if state[4] > 0.0 else -inf
    total, rest, exact = exact_pair(source, first, i + 1)
    state[1] = total
    state[2] = rest
    return total if exact else window_sum(source, first, i + 1)


def _compiled_sum(
    source: Buffer, out: Buffer, state: Buffer, period: int, divisor: float, start: int, stop: int
) -> None:
    i = start
    while i < stop:
        if state[0] != 0.0:
            i = quick_sums(source, out, state, period, divisor, i, stop)
        last = min(i + PATIENCE + period, stop)
        if i < last:
            plain_sums(source, out, state, period, divisor, i, last)
        i = last


@kernel(
    state=6,
    lookback=lambda period, divisor: period,
    cost=220.0,
    compiled=_compiled_sum,
    vectors=window_sums,
)
def rolling_sum(
    source: Buffer, out: Buffer, state: Buffer, period: int, divisor: float, start: int, stop: int
) -> None:
    """Sum of the window, correctly rounded as `math.fsum` rounds it, then divided by `divisor`.

    A divisor of 1.0 gives the sum, float(period) the mean.
    """
    high = state[1] if state[0] != 0.0 else nan
    low = state[2]
    for i in range(start, stop):
        # high + low + (newest - oldest), each rounding error kept. Comparisons with the NaN
        # that stands for "no pair" are false, so this falls through to the restart.
        newest = source[i]
        oldest = source[i - period]
        step = newest - oldest
        total = high + step
        part = total - high
        error = (high - (total - part)) + (step - part)
        rest = low + error
        exact = rest - low == error and rest - error == low
        if exact and not (newest - step == oldest and oldest + step == newest):
            part = step - newest
            error = (newest - (step - part)) - (oldest + part)
            low = rest
            rest = low + error
            exact = rest - low == error and rest - error == low
        if exact:
            high = total + rest
            part = high - total
            low = (total - (high - part)) + (rest - part)
            out[i] = high / divisor
        else:
            out[i] = _restart_sum(source, i, state, period) / divisor
            high = state[1]
            low = state[2]
    state[1] = high
    state[2] = low


plain_sums = helper(rolling_sum.py)


@kernel(
    lookback=lambda period, factor: period - 1,
    cost=lambda period, factor: 350.0 + 35.0 * period,
    compiled=weighted_in_blocks,
)
def rolling_weighted(
    source: Buffer, weights: Buffer, out: Buffer, period: int, factor: float, start: int, stop: int
) -> None:
    """factor * fsum(value * weight), the first of the `period` weights on the oldest value.

    Every product is rounded, as it is when Python multiplies, so no running sum can give the
    same bits: this one costs the period.
    """
    for i in range(start, stop):
        out[i] = factor * weighted_window_sum(source, weights, i - period + 1, period)


@kernel(state=lambda period, sign: period + 3, lookback=lambda period, sign: period - 1, cost=205.0)
def rolling_extreme(
    source: Buffer, out: Buffer, state: Buffer, period: int, sign: float, start: int, stop: int
) -> None:
    """Highest (sign 1.0) or lowest (sign -1.0) value of the window, as Python's max() and min() tell it.

    They start from the oldest value: a NaN there makes the result NaN, elsewhere it is skipped,
    and of equal values (zeros of both signs) the oldest is given.

    Values are taken in blocks of `period`. state[3 + k] is the extreme of the last whole block
    from its k-th value on, state[2] that of the running block, state[1] the size of the latter:
    a window always is the end of the one and the beginning of the other.
    """
    if state[0] == 0.0:
        state[0] = 1.0
        state[1] = period - 1
    filled = int(state[1])
    running = state[2]
    for i in range(start, stop):
        oldest = source[i - period + 1]
        filled += 1
        if filled == period:
            extreme = running = -inf
            for k in range(period):
                value = sign * source[i - k]
                if value >= extreme:
                    extreme = value
                state[2 + period - k] = extreme
            filled = 0
        else:
            value = sign * source[i]
            if value > running:
                running = value
            extreme = state[3 + filled]
            if running > extreme:
                extreme = running
        out[i] = sign * extreme if oldest == oldest else oldest
    state[1] = filled
    state[2] = running


@kernel(
    state=lambda period, sign, newest: 2 * period + 4,
    lookback=lambda period, sign, newest: period - 1,
    cost=290.0,
)
def rolling_extreme_ago(
    source: Buffer, out: Buffer, state: Buffer, period: int, sign: float, newest: int, start: int, stop: int
) -> None:
    """How many bars ago the highest (sign 1.0) or lowest (sign -1.0) value of the window was.

    Of equal values the newest counts if `newest` is 1, the oldest if it is 0. A NaN as the
    oldest value makes the result NaN (compat: the original stops with StopIteration there),
    elsewhere it is skipped. Blocks as in `rolling_extreme`; beside every extreme stands its
    place in its block.
    """
    if state[0] == 0.0:
        state[0] = 1.0
        state[1] = period - 1
    filled = int(state[1])
    running = state[2]
    place = state[3]
    for i in range(start, stop):
        oldest = source[i - period + 1]
        filled += 1
        if filled == period:
            running = nan
            extreme = nan
            position = 0.0
            for k in range(period):
                value = sign * source[i - k]
                if value > extreme or extreme != extreme or (value == extreme and newest == 0):
                    extreme = value
                    position = period - 1.0 - k
                state[3 + period - k] = extreme
                state[3 + 2 * period - k] = position
            filled = 0
            ago = period - 1.0 - position
        else:
            value = sign * source[i]
            if value > running or running != running or (value == running and newest != 0):
                running = value
                place = filled
            extreme = state[4 + filled]
            if running > extreme or (running == extreme and newest != 0):
                ago = filled - place
            else:
                ago = filled + period - 1.0 - state[4 + period + filled]
        out[i] = ago if oldest == oldest else nan
    state[1] = filled
    state[2] = running
    state[3] = place


def _compiled_truth(
    source: Array, out: Array, state: Array, period: int, every: int, start: int, stop: int
) -> None:
    first = start
    if state[0] == 0.0:
        state[0] = 1.0
        first = start - period + 1
    last = first - 1 - period + int(state[1])
    for j in range(first, start):
        last = j if (source[j] == 0.0) == (every != 0) else last
    for j in range(start, stop):
        last = j if (source[j] == 0.0) == (every != 0) else last
        out[j] = 1.0 if (j - last < period) == (every == 0) else 0.0
    state[1] = max(period - (stop - 1 - last), 0)


@kernel(state=2, lookback=lambda period, every: period - 1, cost=80.0, compiled=_compiled_truth)
def rolling_truth(
    source: Buffer, out: Buffer, state: Buffer, period: int, every: int, start: int, stop: int
) -> None:
    """1.0 if any (every = 0) or all (every = 1) values of the window are true, else 0.0.

    True is what bool() says: all but zero, NaN included. One value decides, so state[1] only
    keeps for how many bars the newest deciding one stays in the window.
    """
    first = start
    if state[0] == 0.0:
        state[0] = 1.0
        first = start - period + 1
    decided = state[1]
    for j in range(first, stop):
        if decided > 0.0:
            decided -= 1.0
        if (source[j] == 0.0) == (every != 0):
            decided = period
        if j >= start:
            out[j] = 1.0 if (decided > 0.0) == (every == 0) else 0.0
    state[1] = decided


def _compiled_rank(source: Array, out: Array, period: int, start: int, stop: int) -> None:
    for i in range(start, stop):
        newest = source[i]
        window = source[i - period + 1 : i]
        smaller = 0
        for j in range(len(window)):
            smaller += 1 if window[j] < newest else 0
        out[i] = smaller / period


@kernel(
    lookback=lambda period: period - 1,
    cost=lambda period: 150.0 + 25.0 * period,
    compiled=_compiled_rank,
)
def rolling_rank(source: Buffer, out: Buffer, period: int, start: int, stop: int) -> None:
    """The share of the window's values that are smaller than the newest one."""
    for i in range(start, stop):
        newest = source[i]
        smaller = 0.0
        for j in range(i - period + 1, i):
            if source[j] < newest:
                smaller += 1.0
        out[i] = smaller / period
