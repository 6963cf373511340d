"""Every kernel equals a slow, obvious reference, whatever the numbers."""

from __future__ import annotations

import math
import operator
import random
import statistics
from array import array
from collections.abc import Callable
from struct import pack
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from backtrader.lines import kernels as k

NAN, INF = math.nan, math.inf
WILD = st.floats(width=64) | st.sampled_from(
    [NAN, INF, -INF, 0.0, -0.0, 5e-324, -5e-324, 1e-308, 1e16, -1e16]
)
# Sums of these cannot overflow, where fsum would refuse.
SUMMABLE = st.floats(-1e300, 1e300) | st.sampled_from(
    [NAN, INF, -INF, 0.0, -0.0, 5e-324, -5e-324, 1e16, -1e16, 1.0, 2**-53, 2**53 + 2.0, 1e300, -1e300, 0.1]
)
FEW = st.sampled_from([0.0, -0.0, 1.0, -1.0, 2.0, NAN, INF, -INF])
SMALL = st.integers(-100, 100).map(lambda n: n / 100)
FORMS = [pytest.param("py", id="uncompiled"), pytest.param("compiled", id="compiled")]


def forall(**strategies: Any) -> Callable[[Any], Any]:
    """`given`, without a time limit: the first example of a kernel may wait for the compiler."""
    return lambda test: settings(deadline=None)(given(**strategies)(test))


def lists(elements: Any, count: int = 60) -> Any:
    return st.lists(elements, min_size=1, max_size=count)


def bits(values: Any) -> list[bytes]:
    return [pack("d", v) if v == v else b"nan" for v in values]


def run(form: str, kernel: k.Kernel, inputs: list[Any], *params: Any, start: int = 0) -> list[list[float]]:
    if form == "compiled":
        pytest.importorskip("numba")
    size = len(inputs[0][0] if kernel.variadic else inputs[0])
    outputs = [array("d", bytes(8 * size)) for _ in range(kernel.outputs)]
    state = [kernel.new_state(*params)] if kernel.stateful else []
    if start < size:
        getattr(kernel, form)(*inputs, *outputs, *state, *params, start, size)
    return [out.tolist()[start:] for out in outputs]


def floats(values: Any) -> array[float]:
    return array("d", values)


def windows(values: list[float], period: int) -> list[list[float]]:
    return [values[i - period + 1 : i + 1] for i in range(period - 1, len(values))]


def fsum(values: list[float]) -> float:
    try:
        return math.fsum(values)
    except ValueError:  # inf - inf
        return NAN


def check_window(
    form: str, kernel: k.Kernel, values: list[float], period: int, params: Any, slow: Any
) -> None:
    (got,) = run(form, kernel, [floats(values)], *params, start=period - 1)
    assert bits(got) == bits([slow(window) for window in windows(values, period)])


# -- windows ---------------------------------------------------------------------------------


@pytest.mark.parametrize("form", FORMS)
@forall(
    values=lists(SUMMABLE) | lists(SMALL, 200) | lists(st.floats(-1e6, 1e6), 200), period=st.integers(1, 12)
)
@example(values=[1e16, 1.0, 1e-16, -1e16, 1.0, 1e-16, 3.0, 4.0, 5.0], period=3)
@example(values=[1.0, 2.0**-53, 2.0**-106, 1.0, 2.0**-53, 0.0, 0.0, 0.0, 0.0], period=3)
@example(values=[1.0, 2.0**-53, -(2.0**-106), 5e-324, 1e300, 1.0, 1.0, 1.0, 1.0, 1.0], period=4)
@example(values=[0.0] * 8 + [2.0**60, 1.0, 2.0**-60, -(2.0**60), -1.0, 0.0, 0.0], period=8)
@example(values=[INF, 1.0, -INF, 2.0, 3.0, NAN, 4.0, 5.0, INF, 6.0, 7.0, 8.0, 9.0], period=3)
def test_sum_and_mean_are_fsum(form: str, values: list[float], period: int) -> None:
    check_window(form, k.rolling_sum, values, period, (period, 1.0), fsum)
    check_window(form, k.rolling_sum, values, period, (period, float(period)), lambda w: fsum(w) / period)


@pytest.mark.parametrize("form", FORMS)
@forall(values=lists(st.floats(-1e150, 1e150) | SMALL | FEW), data=st.data(), period=st.integers(1, 9))
def test_weighted_sum_is_fsum_of_products(form: str, values: list[float], data: Any, period: int) -> None:
    size = st.lists(st.floats(-1e150, 1e150) | SMALL, min_size=period, max_size=period)
    weights = data.draw(size)
    slow = [0.3 * fsum(list(map(operator.mul, w, weights))) for w in windows(values, period)]
    (got,) = run(form, k.rolling_weighted, [floats(values), floats(weights)], period, 0.3, start=period - 1)
    assert bits(got) == bits(slow)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(("sign", "builtin"), [(1.0, max), (-1.0, min)])
@forall(values=lists(FEW) | lists(WILD), period=st.integers(1, 9))
def test_extreme_is_the_builtin(
    form: str, sign: float, builtin: Any, values: list[float], period: int
) -> None:
    check_window(form, k.rolling_extreme, values, period, (period, sign), builtin)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(("sign", "builtin"), [(1.0, max), (-1.0, min)])
@pytest.mark.parametrize("newest", [0, 1])
@forall(values=lists(FEW) | lists(WILD), period=st.integers(1, 9))
def test_extreme_ago_is_where_the_builtin_value_is(
    form: str, sign: float, builtin: Any, newest: int, values: list[float], period: int
) -> None:
    def slow(window: list[float]) -> float:
        found = [period - 1 - place for place, v in enumerate(window) if v == builtin(window)]
        return (min if newest else max)(found, default=NAN)

    check_window(form, k.rolling_extreme_ago, values, period, (period, sign, newest), slow)


@pytest.mark.parametrize("form", FORMS)
@forall(values=lists(FEW) | lists(WILD), period=st.integers(1, 9))
def test_truth_rank_and_median(form: str, values: list[float], period: int) -> None:
    def median(window: list[float]) -> float:
        return NAN if any(map(math.isnan, window)) else statistics.median([v + 0.0 for v in window])

    check_window(form, k.rolling_truth, values, period, (period, 0), lambda w: float(any(w)))
    check_window(form, k.rolling_truth, values, period, (period, 1), lambda w: float(all(w)))
    check_window(form, k.rolling_median, values, period, (period,), median)
    check_window(
        form, k.rolling_rank, values, period, (period,), lambda w: math.fsum(v < w[-1] for v in w) / period
    )


@pytest.mark.parametrize("form", FORMS)
@forall(pairs=lists(st.tuples(st.integers(-999, 999), st.integers(-999, 999))), period=st.integers(2, 9))
def test_regression_lines(form: str, pairs: list[tuple[int, int]], period: int) -> None:
    y, x = [float(p[0]) for p in pairs], [float(p[1]) for p in pairs]
    fitted = run(form, k.rolling_regression, [floats(y), floats(x)], period, start=period - 1)
    trend = run(form, k.rolling_trend, [floats(y)], period, start=period - 1)
    steps = [float(n) for n in range(period)]
    for n, (ys, xs) in enumerate(zip(windows(y, period), windows(x, period), strict=True)):
        expected = statistics.linear_regression(steps, ys)
        assert [trend[0][n], trend[1][n]] == pytest.approx(list(expected), abs=1e-9)
        if len(set(xs)) == 1:
            assert math.isnan(fitted[0][n])
            assert math.isnan(fitted[1][n])
        else:
            expected = statistics.linear_regression(xs, ys)
            assert [fitted[0][n], fitted[1][n]] == pytest.approx(list(expected), rel=1e-9, abs=1e-9)


# -- recurrences -----------------------------------------------------------------------------


@pytest.mark.parametrize("form", FORMS)
@forall(values=lists(st.floats(-1e9, 1e9) | st.just(NAN)), period=st.integers(1, 9), alpha=st.floats(0, 1))
def test_exponential_smoothing(form: str, values: list[float], period: int, alpha: float) -> None:
    alphas = [alpha * (n % 3) / 2 for n in range(len(values))]
    fixed, dynamic = [fsum(values[:period]) / period], [fsum(values[:period]) / period]
    for value, factor in list(zip(values, alphas, strict=True))[period:]:
        fixed.append(fixed[-1] * (1.0 - alpha) + value * alpha)
        dynamic.append(dynamic[-1] * (1.0 - factor) + value * factor)
    if len(values) >= period:
        (got,) = run(form, k.exponential, [floats(values)], period, alpha, start=period - 1)
        assert bits(got) == bits(fixed)
        (got,) = run(form, k.exponential_dynamic, [floats(values), floats(alphas)], period, start=period - 1)
        assert bits(got) == bits(dynamic)


@pytest.mark.parametrize("form", FORMS)
@forall(values=lists(WILD), seed=st.floats(-1e9, 1e9))
def test_accumulate(form: str, values: list[float], seed: float) -> None:
    total, slow = seed, []
    for value in values:
        total += value
        slow.append(total)
    (got,) = run(form, k.accumulate, [floats(values)], seed)
    assert bits(got) == bits(slow)


# -- value by value --------------------------------------------------------------------------


def ieee(operation: Callable[[float, float], float]) -> Callable[[float, float], float]:
    """What stands where Python raises: the limits that IEEE arithmetic defines."""

    def value(a: float, b: float) -> float:
        try:
            result = operation(a, b)
        except ZeroDivisionError:
            if operation is not operator.pow:
                return NAN if a == 0.0 or a != a else math.copysign(INF, a) * math.copysign(1.0, b)
            result = math.copysign(INF, a) if b % 2.0 == 1.0 else INF
        except OverflowError:
            if a < 0.0 and not b.is_integer():
                return NAN
            result = -INF if a < 0.0 and b % 2.0 == 1.0 else INF
        return NAN if isinstance(result, complex) else result

    return value


def cmp(a: float, b: float) -> float:
    return float(a > b) - float(a < b)


BINARY: list[tuple[k.Kernel, Callable[[float, float], Any]]] = [
    (k.add, operator.add),
    (k.subtract, operator.sub),
    (k.multiply, operator.mul),
    (k.true_divide, ieee(operator.truediv)),
    (k.floor_divide, ieee(operator.floordiv)),
    (k.raise_to, ieee(operator.pow)),
    (k.less, operator.lt),
    (k.less_equal, operator.le),
    (k.greater, operator.gt),
    (k.greater_equal, operator.ge),
    (k.equal, operator.eq),
    (k.not_equal, operator.ne),
    (k.compare, cmp),
    (k.both, lambda a, b: bool(a and b)),
    (k.either, lambda a, b: bool(a or b)),
    (k.larger, max),
    (k.smaller, min),
]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(("kernel", "slow"), [pytest.param(*pair, id=pair[0].name) for pair in BINARY])
@forall(pairs=lists(st.tuples(WILD | SMALL | FEW, WILD | SMALL | FEW)))
def test_binary_operators(form: str, kernel: k.Kernel, slow: Any, pairs: list[tuple[float, float]]) -> None:
    a, b = floats(p[0] for p in pairs), floats(p[1] for p in pairs)
    (got,) = run(form, kernel, [a, b], k.LINE, k.LINE)
    assert bits(got) == bits([float(slow(x, y)) for x, y in pairs])
    (got,) = run(form, kernel, [a, b[:1]], k.LINE, k.CONSTANT)
    assert bits(got) == bits([float(slow(x, b[0])) for x in a])
    out = floats(b)
    getattr(kernel, form)(a[:1], b, out, k.CONSTANT, k.LINE, 0, len(b))
    assert bits(out) == bits([float(slow(a[0], y)) for y in b])


@pytest.mark.parametrize("form", FORMS)
@forall(rows=lists(st.tuples(*[WILD | SMALL | FEW] * 5)))
def test_functions_of_lines(form: str, rows: list[tuple[float, ...]]) -> None:
    a, b, c, d, e = (floats(column) for column in zip(*rows, strict=True))
    two, three, five = [k.LINE] * 2, [k.LINE] * 3, [k.LINE] * 5

    def check(kernel: k.Kernel, inputs: list[Any], params: list[Any], slow: Callable[..., float]) -> None:
        (got,) = run(form, kernel, inputs, *params)
        assert bits(got) == bits([slow(*row) for row in rows])

    check(k.negative, [a], [], lambda a, *_: -a)
    check(k.absolute, [a], [], lambda a, *_: abs(a))
    check(k.select, [a, b, c], three, lambda a, b, c, *_: b if a else c)
    check(k.compare_choose, [a, b, c, d, e], five, lambda a, b, c, d, e: c if a < b else e if a > b else d)
    check(k.divide_or, [a, b], [*two, 7.0], lambda a, b, *_: a / b if b else 7.0)
    check(
        k.divide_or_zeros,
        [a, b],
        [*two, 7.0, 8.0],
        lambda a, b, *_: a / b if b else 8.0 if a == 0.0 else 7.0,
    )
    check(
        k.relative_strength,
        [a, b],
        [7.0, 8.0],
        lambda a, b, *_: 100.0 - ieee(operator.truediv)(100.0, 1.0 + (a / b if b else 7.0 if a else 8.0)),
    )


@pytest.mark.parametrize("form", FORMS)
@forall(rows=lists(st.tuples(*[SUMMABLE] * 4)))
@example(rows=[(1e16, 1.0, 1e-16, 0.0), (-0.0, -0.0, -0.0, -0.0), (1.0, 2.0**-53, 2.0**-80, 2.0**-300)])
def test_sum_across_lines_is_fsum(form: str, rows: list[tuple[float, ...]]) -> None:
    columns = [floats(column) for column in zip(*rows, strict=True)]
    for count in (1, 2, 4):
        (got,) = run(form, k.sum_lines, [tuple(columns[:count])])
        assert bits(got) == bits([fsum(list(row[:count])) for row in rows])


@pytest.mark.parametrize("form", FORMS)
@forall(pairs=lists(st.tuples(FEW | SMALL, FEW | SMALL)))
def test_crosses(form: str, pairs: list[tuple[float, float]]) -> None:
    held = [pairs[0][0] - pairs[0][1]]
    for a, b in pairs[1:]:
        held.append(a - b or held[-1])
    slow = [
        float(held[n] < 0.0 and a > b) - float(held[n] > 0.0 and a < b) for n, (a, b) in enumerate(pairs[1:])
    ]
    inputs = [floats(p[0] for p in pairs), floats(p[1] for p in pairs)]
    (got,) = run(form, k.nonzero_difference, inputs, k.LINE, k.LINE)
    assert bits(got) == bits(held)
    for up, down in ((1.0, -1.0), (1.0, 0.0), (0.0, 1.0)):
        (got,) = run(form, k.cross, inputs, k.LINE, k.LINE, up, down, start=1)
        assert got == [up if v > 0.0 else down if v < 0.0 else 0.0 for v in slow]


@pytest.mark.parametrize("form", FORMS)
@forall(bars=lists(st.tuples(*[FEW | SMALL] * 3)))
def test_price_movement(form: str, bars: list[tuple[float, float, float]]) -> None:
    high, low, close = (list(column) for column in zip(*bars, strict=True))
    before = list(zip(high[1:], low[1:], close, strict=False))

    def check(kernel: k.Kernel, inputs: list[list[float]], params: list[int], slow: list[float]) -> None:
        (got,) = run(form, kernel, [floats(line) for line in inputs], *params, start=1)
        assert bits(got) == bits(slow)

    check(k.true_high, [high, close], [], [max(h, c) for h, _, c in before])
    check(k.true_low, [low, close], [], [min(x, c) for _, x, c in before])
    check(k.true_range, [high, low, close], [], [max(h, c) - min(x, c) for h, x, c in before])
    steps = list(zip(close[1:], close, strict=False))
    check(k.rise, [close], [1], [max(now - past, 0.0) for now, past in steps])
    check(k.fall, [close], [1], [max(past - now, 0.0) for now, past in steps])
    check(k.shift, [close], [1], close[:-1])


@pytest.mark.parametrize("form", FORMS)
@forall(pairs=lists(st.tuples(st.floats(0, 1e12), st.floats(-1e6, 1e6))))
def test_deviation_is_made_of_python_powers(form: str, pairs: list[tuple[float, float]]) -> None:
    inputs = [floats(p[0] for p in pairs), floats(p[1] for p in pairs)]
    variances = [square - mean**2.0 for square, mean in pairs]
    (got,) = run(form, k.deviation, inputs, 2.0, 0.5, 0)
    assert bits(got) == bits([NAN if v < 0.0 else v**0.5 for v in variances])
    (got,) = run(form, k.deviation, inputs, 2.0, 0.5, 1)
    assert bits(got) == bits([abs(v) ** 0.5 for v in variances])


@pytest.mark.parametrize("form", FORMS)
def test_powers_keep_the_bits_of_python(form: str) -> None:
    # x ** 2.0 differs from x * x, and x ** 0.5 from sqrt(x), about once in a thousand values.
    r = random.Random(8)
    values = [r.uniform(1, 1000) for _ in range(20_000)]
    zeros = [0.0] * len(values)
    (got,) = run(form, k.deviation, [floats(values), floats(zeros)], 2.0, 0.5, 0)
    assert got == [v**0.5 for v in values]
    (got,) = run(form, k.deviation, [floats(zeros), floats(values)], 2.0, 1.0, 1)
    assert got == [v**2.0 for v in values]
    for exponent in (2.0, 0.5, -1.0, 3.0, 1.7):
        (got,) = run(form, k.raise_to, [floats(values), floats([exponent])], k.LINE, k.CONSTANT)
        assert got == [v**exponent for v in values]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("period", [2, 14, 150])
def test_long_sums_do_not_drift(form: str, period: int) -> None:
    r = random.Random(period)
    series = [
        [round(r.gauss(100, 5), 2) for _ in range(5000)],
        [r.gauss(0, 1) * 10.0 ** r.randint(-20, 20) for _ in range(5000)],
        [r.choice([1.0, 2**-53, -(2**-53), 1 + 2**-52, 2**-54, 0.0]) for _ in range(5000)],
    ]
    for values in series:
        check_window(form, k.rolling_sum, values, period, (period, 1.0), fsum)
