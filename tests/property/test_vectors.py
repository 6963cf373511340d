"""Kernels by numpy give the bits of the plain functions, whatever the values, and go on as those do."""

from __future__ import annotations

import math
import struct
from array import array
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backtrader.lines.kernels import vectors
from backtrader.lines.kernels.compare import cross
from backtrader.lines.kernels.rolling import rolling_sum

ODD = [math.nan, math.inf, -math.inf, 0.0, -0.0, 5e-324, 1e-300, 1e300, -1e308, 1.0, 2.0**52 + 1]


def line(random: Random, count: int, kind: str) -> array[float]:
    price = random.choice([0.01, 1.0, 57.3, 4000.0])
    found = array("d")
    for _ in range(count):
        price = abs(price + random.gauss(0, 1) * price * 0.01) + 1e-9
        found.append(value(random, price, kind))
    return found


def value(random: Random, price: float, kind: str) -> float:
    if kind == "odd" or (kind == "seldom odd" and random.random() < 0.01):
        return random.choice(ODD)
    if kind == "wide":
        return random.uniform(-1, 1) * 10.0 ** random.uniform(-200, 200)
    if kind == "around zero":
        return random.choice([-1.5, -0.25, 0.0, 0.0, 0.25, price])
    if kind == "level":
        return 3.75
    return price if kind == "raw" else round(price, 2)


KINDS = ["prices", "raw", "around zero", "wide", "level", "seldom odd", "odd"]


def bits(values: array[float]) -> list[bytes]:
    """Every NaN is as good as any other."""
    return [b"nan" if value != value else struct.pack("d", value) for value in values]


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 10**9), st.sampled_from(KINDS), st.integers(1, 300), st.booleans(), st.integers(0, 60))
def test_sums(seed: int, kind: str, period: int, mean: bool, cut: int) -> None:
    random = Random(seed)
    count = period + random.randint(1, 400)
    source, divisor = line(random, count, kind), float(period) if mean else 1.0
    plain, quick = array("d", bytes(8 * count)), array("d", bytes(8 * count))
    states = [rolling_sum.new_state(period, divisor) for _ in range(2)]
    first, middle = period - 1, min(period - 1 + cut, count)
    stretch, vectors._STRETCH = vectors._STRETCH, random.choice([7, 64, 16384])
    try:
        for start, stop in ((first, middle), (middle, count)):
            if start < stop:
                rolling_sum.py(source, plain, states[0], period, divisor, start, stop)
        if first < middle:
            vectors.window_sums(rolling_sum.py, source, quick, states[1], period, divisor, first, middle)
        # the rest by the plain function: it goes on from what was left in the state
        if middle < count:
            way = random.choice([rolling_sum.py, None])
            if way is None:
                vectors.window_sums(rolling_sum.py, source, quick, states[1], period, divisor, middle, count)
            else:
                way(source, quick, states[1], period, divisor, middle, count)
    finally:
        vectors._STRETCH = stretch
    assert bits(quick) == bits(plain)


@settings(max_examples=150, deadline=None)
@given(
    st.integers(0, 10**9), st.sampled_from(KINDS), st.sampled_from([*KINDS, "one"]),
    st.sampled_from([(1.0, -1.0), (1.0, 0.0), (0.0, 1.0)]), st.integers(0, 60),
)  # fmt: skip
def test_crossings(seed: int, left: str, right: str, told: tuple[float, float], cut: int) -> None:
    random = Random(seed)
    count = random.randint(2, 400)
    a = line(random, count, left)
    b, mask = (
        (array("d", [random.choice([*ODD, 1.5])]), 0) if right == "one" else (line(random, count, right), -1)
    )
    outs = [array("d", bytes(8 * count)) for _ in range(2)]
    states = [cross.new_state(-1, mask, *told) for _ in range(2)]
    middle = min(1 + cut, count)
    stretch, vectors._STRETCH = vectors._STRETCH, random.choice([3, 50, 16384])
    for start, stop in ((1, middle), (middle, count)):
        if start < stop:
            cross.py(a, b, outs[0], states[0], -1, mask, *told, start, stop)
            vectors.crossings(cross.py, a, b, outs[1], states[1], -1, mask, *told, start, stop)
    vectors._STRETCH = stretch
    assert bits(outs[1]) == bits(outs[0])
    assert bits(states[1]) == bits(states[0])


@pytest.mark.parametrize("kind", ["prices", "raw"])
def test_prices_are_summed_in_one_go(kind: str) -> None:
    """Or the tests above would compare the plain function with itself."""
    source = line(Random(3), 5000, kind)
    state, out = rolling_sum.new_state(30, 30.0), array("d", bytes(8 * 5000))

    def plain(*args: object) -> None:
        raise AssertionError("the plain function was asked")

    vectors.window_sums(plain, source, out, state, 30, 30.0, 29, 5000)
    assert out[4999] == math.fsum(source[4970:5000]) / 30.0
