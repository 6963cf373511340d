"""Compiled forms that go another way than the plain function: the same bits, whatever the numbers."""

from __future__ import annotations

import math
import random
from array import array
from struct import pack
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backtrader.indicators import heikinashi, kama, pivotpoint
from backtrader.lines import kernels as k
from backtrader.lines.kernels import grids, jit, powers

pytest.importorskip("numba")
NAN, INF = math.nan, math.inf
SIZE = 6000


def bits(values: Any) -> list[bytes]:
    return [pack("d", v) if v == v else b"nan" for v in values]


def both(kernel: k.Kernel, inputs: list[Any], *params: Any, start: int) -> tuple[list[bytes], list[bytes]]:
    """The plain form and the compiled one."""
    found = []
    for form in (kernel.py, kernel.compiled):
        out = array("d", bytes(8 * len(inputs[0])))
        state = [kernel.new_state(*params)] if kernel.stateful else []
        form(*inputs, out, *state, *params, start, len(out))
        found.append(bits(out[start:]))
    return found[0], found[1]


def walk(r: random.Random) -> list[float]:
    price, prices = 100.0, []
    for _ in range(SIZE):
        price = abs(price + r.gauss(0.0, 0.3))
        prices.append(round(price, 2))
    return prices


def noise(r: random.Random) -> list[float]:
    return [r.gauss(0.0, 1.0) for _ in range(SIZE)]


def growing(r: random.Random) -> list[float]:
    """Up and down over thirty orders of magnitude: limits must be chosen again and again."""
    return [math.exp(35.0 * math.sin(i / 400.0)) * r.random() for i in range(SIZE)]


def wild(r: random.Random) -> list[float]:
    """Values of such different sizes that their sums do not fit in two floats."""
    return [r.gauss(0.0, 1.0) * 10.0 ** r.randrange(-40, 40) for _ in range(SIZE)]


def sparse(r: random.Random) -> list[float]:
    return [r.choice([0.0, 0.0, 0.0, -0.0, r.gauss(0.0, 1.0)]) for _ in range(SIZE)]


def holes(r: random.Random) -> list[float]:
    return [NAN if r.random() < 0.003 else x for x in walk(r)]


def infinite(r: random.Random) -> list[float]:
    return [r.choice([INF, -INF, NAN]) if r.random() < 0.002 else x for x in noise(r)]


def tiny(r: random.Random) -> list[float]:
    return [r.gauss(0.0, 1.0) * 1e-310 for _ in range(SIZE)]


def huge(r: random.Random) -> list[float]:
    return [r.gauss(0.0, 1.0) * 1e304 for _ in range(SIZE)]


def one_bit(r: random.Random) -> list[float]:
    """Sums that end exactly half way between two floats."""
    return [r.choice([1.0, -1.0]) * r.choice([1.0, 2.0**-53, 2.0**-54, 2.0**-106]) for _ in range(SIZE)]


SERIES = [walk, noise, growing, wild, sparse, holes, infinite, tiny, huge, one_bit]


@pytest.mark.parametrize("series", SERIES)
@pytest.mark.parametrize("period", [1, 2, 14, 300])
def test_windowed_sums(series: Any, period: int) -> None:
    values = array("d", series(random.Random(period)))
    for divisor in (1.0, float(period)):
        plain, compiled = both(k.rolling_sum, [values], period, divisor, start=period - 1)
        assert plain == compiled


@pytest.mark.parametrize("series", SERIES)
@pytest.mark.parametrize("period", [1, 5, 40])
def test_weighted_sums(series: Any, period: int) -> None:
    r = random.Random(period)
    values = array("d", series(r))
    for weights in (range(1, period + 1), [r.gauss(0.0, 1.0) for _ in range(period)]):
        inputs = [values, array("d", weights)]
        plain, compiled = both(k.rolling_weighted, inputs, period, 0.1, start=period - 1)
        assert plain == compiled


def test_sums_go_the_quick_way_on_prices_and_not_where_it_cannot_be() -> None:
    values = array("d", walk(random.Random(1)))
    out = array("d", bytes(8 * SIZE))
    state = k.rolling_sum.new_state(14, 14.0)
    k.rolling_sum.py(values, out, state, 14, 14.0, 13, 100)
    assert grids.quick_sums(values, out, state, 14, 14.0, 100, 1000) == 1000
    values[500] = NAN
    assert grids.quick_sums(values, out, state, 14, 14.0, 1000, 1000) == 1000
    state = k.rolling_sum.new_state(14, 14.0)
    k.rolling_sum.py(values, out, state, 14, 14.0, 13, 100)
    assert grids.quick_sums(values, out, state, 14, 14.0, 100, 1000) == 500
    assert grids.quick_sums(values, out, k.rolling_sum.new_state(14, 1.0), 14, 1.0, 600, 700) == 700


@pytest.mark.parametrize("series", SERIES)
def test_truth_and_rank(series: Any) -> None:
    values = array("d", series(random.Random(2)))
    for period in (1, 9, 50):
        for every in (0, 1):
            plain, compiled = both(k.rolling_truth, [values], period, every, start=period - 1)
            assert plain == compiled
        plain, compiled = both(k.rolling_rank, [values], period, start=period - 1)
        assert plain == compiled


# -- powers ------------------------------------------------------------------------------------
def check_square_and_root(values: list[float]) -> None:
    line = array("d", values)
    two = array("d", [2.0]) * len(line)
    plain, compiled = both(k.raise_to, [line, two], k.LINE, k.LINE, start=0)
    assert plain == compiled
    zero = array("d", bytes(8 * len(line)))
    for safe in (0, 1):
        plain, compiled = both(k.deviation, [line, zero], 2.0, 0.5, safe, start=0)
        assert plain == compiled
        plain, compiled = both(k.deviation, [zero, line], 2.0, 0.5, safe, start=0)
        assert plain == compiled


@pytest.mark.parametrize("series", SERIES)
def test_squares_and_roots_are_those_of_pow(series: Any) -> None:
    check_square_and_root(series(random.Random(7)))


@settings(deadline=None)
@given(values=st.lists(st.floats(width=64), min_size=1, max_size=50))
def test_squares_and_roots_of_anything(values: list[float]) -> None:
    check_square_and_root(values)


def test_a_square_or_root_taken_without_pow_is_what_pow_says() -> None:
    r = random.Random(11)
    taken = 0
    for _ in range(100_000):
        x = math.ldexp(r.random(), r.randrange(-300, 300))
        square, root = powers.square_or_nan(x), powers.root_or_nan(x)
        assert square != square or square == x**2.0
        assert root != root or root == x**0.5
        taken += (square == square) + (root == root)
    assert taken > 180_000  # nearly all


def test_near_ties_are_left_to_pow() -> None:
    # 1 + 2**-27: the exact square is 1 + 2**-26 + 2**-54, a quarter of a place above a float
    assert powers.square_or_nan(1.0 + 2.0**-27) == (1.0 + 2.0**-27) ** 2.0
    # 1 + 2**-26 + 2**-27 has a square exactly half a place away
    tie = 1.0 + 3.0 * 2.0**-27
    exact = tie * tie
    error = powers.square_error(tie, exact)
    assert abs(error) <= 2.0**-53
    assert math.isnan(powers.square_or_nan(1.0 + 2.0**-26 + 2.0**-53)) or (
        powers.square_or_nan(1.0 + 2.0**-26 + 2.0**-53) == (1.0 + 2.0**-26 + 2.0**-53) ** 2.0
    )


def test_other_exponents() -> None:
    line = array("d", walk(random.Random(4)))
    for exponent in (3.0, 0.5, -1.0, 1.7):
        plain, compiled = both(k.raise_to, [line, array("d", [exponent])], k.LINE, k.CONSTANT, start=0)
        assert plain == compiled


# -- spans ---------------------------------------------------------------------------------------
FUSED = [
    (kama.step_size, 1, (), 1),
    (kama.adaptive_factor, 2, (5, 0.6, 0.06, 2.0), 5),
    (kama.adaptive_factor, 2, (5, 0.6, 0.06, 3.0), 5),
    (heikinashi.mean_of_four, 4, (), 0),
    (heikinashi.averaged_open, 3, (1,), 0),
    (heikinashi.averaged_open, 3, (7,), 0),
    (pivotpoint.typical_price, 3, (), 0),
    (pivotpoint.opposite, 2, (2.0,), 0),
    (pivotpoint.opposite, 2, (0.5,), 0),
    (pivotpoint.level, 3, (-0.618,), 0),
    (pivotpoint.demark_total, 4, (), 0),
]


@pytest.mark.parametrize(("kernel", "inputs", "params", "start"), FUSED)
@pytest.mark.parametrize("series", [walk, holes, sparse, infinite])
def test_kernels_of_one_indicator(
    kernel: k.Kernel, inputs: int, params: Any, start: int, series: Any
) -> None:
    r = random.Random(5)
    plain, compiled = both(kernel, [array("d", series(r)) for _ in range(inputs)], *params, start=start)
    assert plain == compiled


def test_spans_longer_than_a_piece_and_from_anywhere() -> None:
    r = random.Random(6)
    values = array("d", [r.random() for _ in range(3 * jit.PIECE + 17)])
    for kernel, inputs, params, start in (
        (k.rise, [values], (5,), 9),
        (k.larger, [values, values[::-1]], (k.LINE, k.LINE), 3),
        (k.larger, [values, array("d", [0.5])], (k.LINE, k.CONSTANT), 3),
        (k.subtract, [array("d", [0.5]), values], (k.CONSTANT, k.LINE), 0),
        (k.true_range, [values, values[::-1], values], (), 1),
        (k.shift, [values], (7,), 7),
        (k.deviation, [values, values[::-1]], (2.0, 0.5, 1), 0),
    ):
        found = []
        for form in (kernel.py, kernel.compiled):
            out = array("d", bytes(8 * len(values)))
            form(*inputs, out, *params, start, len(values))
            found.append(bits(out))
        assert found[0] == found[1], kernel


def test_read_only_memory_is_not_copied() -> None:
    memory = memoryview(array("d", [1.0, 2.0])).toreadonly()
    view = jit.as_array(memory)
    assert view.flags.writeable and not view.flags.owndata
    assert view.tolist() == [1.0, 2.0]
    with pytest.raises(TypeError):
        memory[0] = 3.0
