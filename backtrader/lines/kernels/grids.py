"""Compiled sums over windows: every value cut into two parts that add up without rounding.

Adding a large power of two to a value and taking it away again rounds the value to a coarse grid. What
is left of it lies on a fine one. Sums of coarse parts need no more bits than a float has, and neither do
sums of fine parts, so both are exact in any order, several at a time, and rounding their sum once gives
what `math.fsum` gives. It works while the values are not larger than a limit and have no bits below the
fine grid, which is nearly always; where it does not, `exact` takes over.
"""

from __future__ import annotations

from math import frexp, ldexp, nan
from typing import Any

from .exact import weighted_window_sum
from .jit import Array
from .threshold import helper, scratch

HEADROOM = 1024.0  # the limit, in units of the largest value at hand
PATIENCE = 64  # bars that are left to the exact way once this one does not work
MOST_PATIENCE = 8192
BLOCK = 1024

# Outside of these a grid would have bits that floats have not.
_LEAST, _MOST = 1e-200, 1e280


@helper
def grids_for(limit: float, period: int) -> tuple[float, float]:
    """What to add and take away for the coarse grid, and for the fine one, with sums of ``period`` values."""
    _, exponent = frexp(limit * (period + 2.0))
    _, more = frexp(period + 4.0)
    return ldexp(1.0, exponent + 1), ldexp(1.0, exponent - 51 + more)


@helper
def largest_size(source: Array, first: int, stop: int) -> float:
    """The largest absolute value of source[first:stop]; NaN does not count."""
    largest = 0.0
    for j in range(first, stop):
        size = abs(source[j])
        if size > largest:
            largest = size
    return largest


@helper
def quick_sums(
    source: Array, out: Array, state: Array, period: int, divisor: float, start: int, stop: int
) -> int:
    """Windowed sums as far as this way goes: the first bar that is not done.

    state[1:3] are the sum of the window that ends before ``start`` and what rounding left of it; afterwards
    they belong to the window before the bar that is given.
    """
    first = max(start - period, 0)
    limit = HEADROOM * largest_size(source, first, start)
    if not _LEAST < limit < _MOST or state[1] != state[1]:
        return start
    coarse, fine = grids_for(limit, period)
    for j in range(first, start):
        value = source[j]
        part = value - ((value + coarse) - coarse)
        if (part + fine) - fine != part:
            return start
    high = (state[1] + coarse) - coarse
    low = (state[1] - high) + state[2]
    work = scratch(2 * BLOCK)
    done = start
    while done < stop:
        last = min(done + BLOCK, stop)
        size = last - done
        rough_steps, fine_steps, sums = work[:size], work[BLOCK : BLOCK + size], out[done:last]
        good = _steps(source[done - period :], rough_steps, fine_steps, period, limit, coarse, fine)
        # the only pass in which a bar waits for the one before
        for k in range(good):
            high += rough_steps[k]
            low += fine_steps[k]
            sums[k] = high + low
        for k in range(good):
            sums[k] /= divisor
        done += good
        if good < size:
            break
    total = high + low
    part = total - high
    state[1] = total
    state[2] = (high - (total - part)) + (low - part)
    return done


@helper
def _steps(
    source: Array,
    rough_steps: Array,
    fine_steps: Array,
    period: int,
    limit: float,
    coarse: float,
    fine: float,
) -> int:
    """What the coarse and the fine sum change by from bar to bar; how many bars can be done that way.

    ``source`` begins with the value that leaves at the first bar.
    """
    size = len(rough_steps)
    leaving, coming = source[:size], source[period : period + size]
    bad = 0
    for k in range(size):
        value = coming[k]
        rough = (value + coarse) - coarse
        part = value - rough
        before = leaving[k]
        rough_before = (before + coarse) - coarse
        bad += 0 if (abs(value) <= limit) & ((part + fine) - fine == part) else 1
        rough_steps[k] = rough - rough_before
        fine_steps[k] = part - (before - rough_before)
    if bad == 0:
        return size
    for k in range(size):
        value = coming[k]
        part = value - ((value + coarse) - coarse)
        if not abs(value) <= limit or (part + fine) - fine != part:
            return k
    return size


@helper
def quick_weighted(
    source: Array, weights: Array, out: Array, period: int, factor: float, limit: float, work: Any
) -> bool:
    """Weighted sums of the windows that end in the bars of ``out``; false if one needs the exact way.

    ``source`` begins with the window of the first bar, ``work`` is memory for three floats a bar.
    """
    size = len(out)
    coarse, fine = grids_for(limit, period)
    high, low, rest = work[:size], work[BLOCK : BLOCK + size], work[2 * BLOCK : 2 * BLOCK + size]
    for k in range(size):
        high[k] = 0.0
        low[k] = 0.0
        rest[k] = 0.0
    larger = 0
    for j in range(period):
        weight = weights[j]
        values = source[j : j + size]
        for k in range(size):
            value = values[k] * weight
            rough = (value + coarse) - coarse
            part = value - rough
            finest = (part + fine) - fine
            high[k] += rough
            low[k] += finest
            rest[k] += abs(part - finest)
            larger += 0 if abs(value) <= limit else 1
    left = 0
    for k in range(size):
        left += 0 if rest[k] == 0.0 else 1
        out[k] = factor * (high[k] + low[k])
    return left == 0 and larger == 0


def weighted_in_blocks(
    source: Array, weights: Array, out: Array, period: int, factor: float, start: int, stop: int
) -> None:
    """Weighted sums block by block, where a block must be with one `weighted_window_sum` a bar."""
    work = scratch(3 * BLOCK)
    heaviest = largest_size(weights, 0, period)
    limit = nan
    patience = PATIENCE
    first = start
    while first < stop:
        last = min(first + BLOCK, stop)
        done = False
        if limit == limit:
            values = source[first - period + 1 : last]
            done = quick_weighted(values, weights, out[first:last], period, factor, limit, work)
        if done:
            patience = PATIENCE
        else:
            # everything may have grown or shrunk since the limit was chosen: the next block has another
            last = min(first + patience, stop)
            patience = min(2 * patience, MOST_PATIENCE)
            limit = HEADROOM * heaviest * largest_size(source, first - period + 1, last)
            if not _LEAST < limit < _MOST:
                limit = nan
            for i in range(first, last):
                out[i] = factor * weighted_window_sum(source, weights, i - period + 1, period)
        first = last
