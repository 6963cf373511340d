"""What kernels cost per bar: uncompiled, step by step, compiled, and beside naive compiled loops.

    python -m benchmarks.bench_kernels [BARS]

The naive loops are what one would write by hand without caring about exactness, NaN or ties:
a running sum that drifts, an average without a seed, a window scanned again on every bar.
"""

from __future__ import annotations

import random
import sys
import time
from array import array
from collections.abc import Callable
from typing import Any

from backtrader.lines import kernels as k

UNCOMPILED_BARS = 20_000
STEPS = 2_000
FIRST = 250
LINES = (k.LINE,) * 5


def sample(bars: int) -> dict[str, Any]:
    """A price walk in cents, a second one, noise, and weights."""
    r = random.Random(1)
    price, prices = 100.0, array("d")
    for _ in range(bars):
        price *= 1 + r.gauss(0, 0.001)
        prices.append(round(price, 2))
    other = array("d", prices[::-1])
    noise = array("d", [r.gauss(0, 1) for _ in range(bars)])
    return {"price": prices, "other": other, "noise": noise, "weights": array("d", range(1, 201))}


CASES: list[tuple[k.Kernel, str, tuple[Any, ...]]] = [
    (k.add, "price other", LINES[:2]),
    (k.true_divide, "price other", LINES[:2]),
    (k.raise_to, "price weights", (k.LINE, k.CONSTANT)),
    (k.greater, "price other", LINES[:2]),
    (k.select, "noise price other", LINES[:3]),
    (k.larger, "price other", LINES[:2]),
    (k.shift, "price", (1,)),
    (k.cross, "price other", (*LINES[:2], 1.0, -1.0)),
    (k.exponential, "price", (14, 2 / 15)),
    (k.rolling_sum, "price", (14, 14.0)),
    (k.rolling_sum, "price", (200, 200.0)),
    (k.rolling_sum, "noise", (14, 14.0)),
    (k.rolling_weighted, "price weights", (14, 0.01)),
    (k.rolling_extreme, "price", (14, 1.0)),
    (k.rolling_extreme, "price", (200, 1.0)),
    (k.rolling_extreme_ago, "price", (14, 1.0, 1)),
    (k.rolling_truth, "noise", (14, 1)),
    (k.rolling_rank, "price", (14,)),
    (k.rolling_median, "price", (14,)),
    (k.rolling_trend, "price", (14,)),
    (k.rolling_regression, "price other", (14,)),
    (k.deviation, "other price", (2.0, 0.5, 1)),
    (k.true_range, "price other noise", ()),
]


def best(work: Callable[[], Any], before: Callable[[], Any] = lambda: None, repeat: int = 5) -> float:
    """The shortest of several runs, in nanoseconds; `before` is not timed."""
    times = []
    for _ in range(repeat):
        before()
        began = time.perf_counter_ns()
        work()
        times.append(time.perf_counter_ns() - began)
    return min(times)


def measure(kernel: k.Kernel, inputs: list[Any], params: tuple[Any, ...], bars: int) -> tuple[float, ...]:
    """Nanoseconds a bar: uncompiled in one go, bar by bar, compiled."""
    outputs = [memoryview(array("d", bytes(8 * bars))) for _ in range(kernel.outputs)]
    states = [kernel.new_state(*params)] if kernel.stateful else []
    empty = bytes(8 * len(states[0])) if states else b""
    args = (*(memoryview(line) for line in inputs), *outputs, *states, *params)

    def reset() -> None:
        for state in states:
            memoryview(state).cast("B")[:] = empty

    def steps() -> None:
        run = kernel.py
        for i in range(stop, stop + STEPS):
            run(*args, i, i + 1)

    stop = FIRST + UNCOMPILED_BARS
    uncompiled = best(lambda: kernel.py(*args, FIRST, stop), reset, 3) / UNCOMPILED_BARS
    step = best(steps, repeat=3) / STEPS
    reset()
    kernel.compiled(*args, FIRST, FIRST + 1)
    compiled = best(lambda: kernel.compiled(*args, FIRST, bars), reset) / (bars - FIRST)
    return uncompiled, step, compiled


def naive_sum(source: Any, out: Any, period: int, divisor: float, start: int, stop: int) -> None:
    total = 0.0
    for i in range(start - period + 1, start):
        total += source[i]
    for i in range(start, stop):
        total += source[i] - (source[i - period] if i >= period else 0.0)
        out[i] = total / divisor


def naive_exponential(source: Any, out: Any, period: int, alpha: float, start: int, stop: int) -> None:
    value = source[start]
    for i in range(start, stop):
        value = value * (1.0 - alpha) + source[i] * alpha
        out[i] = value


def naive_extreme(source: Any, out: Any, period: int, sign: float, start: int, stop: int) -> None:
    for i in range(start, stop):
        highest = source[i - period + 1]
        for j in range(i - period + 2, i + 1):
            if source[j] > highest:
                highest = source[j]
        out[i] = highest


def measure_naive(loop: Any, source: Any, params: tuple[Any, ...], bars: int) -> float:
    """Nanoseconds a bar of a hand-written compiled loop."""
    import numba
    import numpy as np

    compiled = numba.njit(loop)
    values, out = np.frombuffer(source), np.empty(bars)
    compiled(values, out, *params, FIRST, FIRST + 1)
    return best(lambda: compiled(values, out, *params, FIRST, bars)) / (bars - FIRST)


def main(bars: int = 1_000_000) -> None:
    """Print both tables."""
    data = sample(bars)
    print(f"ns per bar, {bars:,} bars compiled, {UNCOMPILED_BARS:,} uncompiled\n")
    print(f"{'kernel':40} {'uncompiled':>10} {'step':>7} {'compiled':>9}")
    for kernel, names, params in CASES:
        uncompiled, step, compiled = measure(kernel, [data[name] for name in names.split()], params, bars)
        shown = f"{kernel.name}{tuple(p for p in params if p != k.LINE)}"
        print(f"{shown:40} {uncompiled:10.0f} {step:7.0f} {compiled:9.2f}")

    print(f"\n{'beside a naive loop':40} {'naive':>10} {'kernel':>7} {'ratio':>9}")
    for kernel, loop, params in (
        (k.rolling_sum, naive_sum, (14, 14.0)),
        (k.exponential, naive_exponential, (14, 2 / 15)),
        (k.rolling_extreme, naive_extreme, (14, 1.0)),
        (k.rolling_extreme, naive_extreme, (200, 1.0)),
    ):
        by_hand = measure_naive(loop, data["price"], params, bars)
        ours = measure(kernel, [data["price"]], params, bars)[2]
        print(f"{kernel.name + str(params):40} {by_hand:10.2f} {ours:7.2f} {ours / by_hand:9.2f}")


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:2]))
