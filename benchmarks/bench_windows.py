"""What a value costs in an event window, beside working the figure out again from the last values.

    python -m benchmarks.bench_windows [VALUES]

In pairs: a window takes the stream, then its rival does, several times over; the ratio of processor
times is taken pair by pair. Two rivals:

- *again*: keeps the last values in a deque and computes the figure from them for every value, with
  what Python has in C where it has it (`math.fsum`, `max`), to the same last digit
- *numpy*: the same from a numpy array, without regard for the last digit

Below it the cost at windows of 10, 100 and 1,000, which should not differ.
"""

from __future__ import annotations

import random
import statistics
import sys
import time
from collections import deque
from collections.abc import Callable
from math import fsum
from operator import mul
from typing import Any

import numpy as np

import backtrader as bt

SIZE = 100
PAIRS = 9
FLOOR = 5.0

Stream = list[Any]
Recompute = Callable[[Any], float]


class Again:
    """Keeps the last values and works the figure out from them."""

    def __init__(self, size: int, figure: Recompute) -> None:
        self.values: deque[Any] = deque(maxlen=size)
        self.figure = figure

    def on_new_value(self, date_time: Any, value: Any) -> None:
        self.values.append(value)

    def get_value(self) -> float | None:
        values = self.values
        return self.figure(values) if len(values) == values.maxlen else None


def sma(values: Any) -> float:
    return fsum(values) / len(values)


def ema(values: Any) -> float:
    alpha = 2.0 / (1.0 + len(values))
    result: float = values[0]
    for value in values:
        result = result * (1.0 - alpha) + value * alpha
    return result


_WEIGHTS = list(range(1, SIZE + 1))


def wma(values: Any) -> float:
    return 2.0 / (SIZE * (SIZE + 1.0)) * fsum(map(mul, values, _WEIGHTS))


def deviation(values: Any) -> float:
    mean = fsum(values) / len(values)
    return float(abs(fsum([value**2.0 for value in values]) / len(values) - mean**2.0) ** 0.5)


def strength(values: Any) -> float:
    up = down = before = 0.0
    for value in values:
        change = value - before
        before = value
        up, down = (
            (up * 0.99 + change * 0.01, down * 0.99)
            if change > 0.0
            else (up * 0.99, down * 0.99 - change * 0.01)
        )
    return 100.0 - 100.0 / (1.0 + up / down) if down else 100.0


def ranges(values: Any) -> float:
    result, before = 0.0, values[0][2]
    for top, bottom, close in values:
        result = result * 0.99 + (max(top, before) - min(bottom, before)) * 0.01
        before = close
    return result


def with_numpy(figure: Callable[[Any], Any]) -> Recompute:
    return lambda values: float(figure(np.fromiter(values, float, SIZE)))


CASES: dict[str, tuple[Any, Recompute, Recompute | None]] = {
    "SMA": (bt.SMAEventWindow, sma, with_numpy(np.mean)),
    "EMA": (bt.EMAEventWindow, ema, None),
    "WMA": (bt.WMAEventWindow, wma, with_numpy(lambda v: np.dot(v, _WEIGHTS))),
    "StdDev": (bt.StdDevEventWindow, deviation, with_numpy(np.std)),
    "Highest": (bt.HighestEventWindow, max, with_numpy(np.max)),
    "Lowest": (bt.LowestEventWindow, min, with_numpy(np.min)),
    "RSI": (bt.RSIEventWindow, strength, None),
    "ATR": (bt.ATREventWindow, ranges, None),
}


def stream(count: int) -> tuple[Stream, Stream]:
    """Prices of a walk in cents, and bars around them."""
    r, price = random.Random(1), 100.0
    prices = []
    for _ in range(count):
        price = round(price * (1 + r.gauss(0, 0.001)), 2)
        prices.append(price)
    return prices, [(p + 0.05, p - 0.05, p) for p in prices]


def nanoseconds(window: Any, values: Stream) -> float:
    """Processor time of one value: taking it and asking for the figure."""
    take, ask = window.on_new_value, window.get_value
    began = time.process_time()
    for value in values:
        take(None, value)
        ask()
    return (time.process_time() - began) / len(values) * 1e9


def main() -> int:
    """Print both tables; the exit status is 1 if a window is not fast enough."""
    prices, bars = stream(int(sys.argv[1]) if len(sys.argv) > 1 else 20_000)
    slow = []
    print(f"window {SIZE}, ns a value{'window':>12}{'again':>10}{'ratio':>8}{'numpy':>10}{'ratio':>8}")
    for name, (make, again, other) in CASES.items():
        values = bars if make.takes_bars else prices
        rivals = [figure for figure in (again, other) if figure is not None]
        times: list[list[float]] = [[] for _ in range(1 + len(rivals))]
        for _ in range(PAIRS):
            times[0].append(nanoseconds(make(SIZE), values))
            for i, figure in enumerate(rivals, 1):
                times[i].append(nanoseconds(Again(SIZE, figure), values))
        row = f"{name:22}{statistics.median(times[0]):12.0f}"
        for theirs in times[1:]:
            ratio = statistics.median(t / o for t, o in zip(theirs, times[0], strict=True))
            row += f"{statistics.median(theirs):10.0f}{ratio:7.1f}x"
            if theirs is times[1] and ratio < FLOOR:
                slow.append(f"{name} is only {ratio:.1f} times as fast as computing again")
        print(row)
    print("\nns a value, by window" + "".join(f"{size:>10,}" for size in (10, 100, 1000)))
    for name, (make, _, _) in CASES.items():
        values = bars if make.takes_bars else prices
        costs = [min(nanoseconds(make(size), values) for _ in range(3)) for size in (10, 100, 1000)]
        print(f"{name:21}" + "".join(f"{cost:10.0f}" for cost in costs))
    for sentence in slow:
        print("MISSED", sentence)
    return 1 if slow else 0


if __name__ == "__main__":
    sys.exit(main())
