"""However a kernel is run, the bits are the same: bar by bar or not, compiled or not, in moving memory."""

from __future__ import annotations

import itertools
import math
import random
from array import array
from struct import pack
from typing import Any

import pytest

from backtrader.lines.kernels import ALL_KERNELS, CONSTANT, LINE, Kernel

BARS = 160
LINES_LINES, LINE_CONSTANT, CONSTANT_LINE = (LINE, LINE), (LINE, CONSTANT), (CONSTANT, LINE)
MASKS = [LINES_LINES, LINE_CONSTANT, CONSTANT_LINE]
BINARY = (
    "add subtract multiply true_divide floor_divide raise_to less less_equal greater greater_equal "
    "equal not_equal compare both either larger smaller nonzero_difference"
)
PARAMS: dict[str, list[tuple[Any, ...]]] = {
    **dict.fromkeys(BINARY.split(), MASKS),
    "absolute": [()],
    "accumulate": [(0.0,), (-3.5,)],
    "compare_choose": [(LINE,) * 5, (LINE, CONSTANT, CONSTANT, LINE, CONSTANT)],
    "cross": [(*masks, *ways) for masks in MASKS for ways in ((1.0, -1.0), (1.0, 0.0), (0.0, 1.0))],
    "deviation": [(2.0, 0.5, 0), (2.0, 0.5, 1)],
    "divide_or": [(*masks, 7.0) for masks in MASKS],
    "divide_or_zeros": [(*masks, math.inf, 0.5) for masks in MASKS],
    "exponential": [(1, 1.0), (5, 2 / 6), (30, 1 / 30)],
    "exponential_dynamic": [(1,), (7,)],
    "fall": [(1,), (3,)],
    "negative": [()],
    "relative_strength": [(math.inf, math.nan), (99.0, 1.0)],
    "rise": [(1,), (3,)],
    "rolling_extreme": [(p, s) for p in (1, 2, 7, 30) for s in (1.0, -1.0)],
    "rolling_extreme_ago": [(p, s, n) for p in (1, 2, 7, 30) for s in (1.0, -1.0) for n in (0, 1)],
    "rolling_median": [(1,), (2,), (7,), (30,)],
    "rolling_rank": [(1,), (8,)],
    "rolling_regression": [(2,), (9,)],
    "rolling_sum": [(1, 1.0), (2, 2.0), (7, 1.0), (30, 30.0)],
    "rolling_trend": [(1,), (2,), (9,)],
    "rolling_truth": [(p, e) for p in (1, 4, 9) for e in (0, 1)],
    "rolling_weighted": [(4, 0.1), (30, 2 / (30 * 31))],
    "select": [(LINE,) * 3, (LINE, CONSTANT, CONSTANT), (LINE, LINE, CONSTANT)],
    "shift": [(0,), (3,), (-2,)],
    "sum_lines": [()],
    "true_high": [()],
    "true_low": [()],
    "true_range": [()],
}
CASES = [
    pytest.param(ALL_KERNELS[name], params, id=f"{name}{list(params)}")
    for name, all_params in PARAMS.items()
    for params in all_params
]
WINDOWED = ("rolling_", "exponential")


def prices(r: random.Random) -> float:
    return round(r.gauss(100, 5), 2)


def few_values(r: random.Random) -> float:
    return r.choice([0.0, -0.0, 1.0, -1.0, 2.0, 2.5, -3.0])


def holes(r: random.Random) -> float:
    return math.nan if r.random() < 0.06 else r.choice([prices, few_values])(r)


def anything(r: random.Random) -> float:
    special = [math.nan, math.inf, -math.inf, 0.0, -0.0, 5e-324, 1e300, -1e300]
    return r.choice(special) if r.random() < 0.1 else r.gauss(0, 1) * 10.0 ** r.randint(-30, 30)


SERIES = [prices, few_values, holes, anything]


class Setting:
    """Buffers for one run of a kernel: lines, constants, outputs, state, parameters."""

    def __init__(self, kernel: Kernel, params: tuple[Any, ...], values: Any, seed: int) -> None:
        r = random.Random(seed)
        count = 3 if kernel.variadic else kernel.inputs
        masks = params[:count] if "a_mask" in kernel.params else (LINE,) * count
        sizes = [BARS + 5 if mask == LINE else 1 for mask in masks]
        if kernel.name == "rolling_weighted":
            sizes[1] = params[0]
        self.kernel, self.params = kernel, params
        self.inputs = [array("d", [values(r) for _ in range(size)]) for size in sizes]
        self.outputs = [array("d", [math.nan]) * (BARS + 5) for _ in range(kernel.outputs)]
        self.state = [kernel.new_state(*params)] if kernel.stateful else []
        self.start = kernel.lookback(*params)
        if kernel.name.startswith(WINDOWED):
            self.start = params[0] - 1  # the first full window
        self.start += seed

    def args(self) -> list[Any]:
        inputs: list[Any] = [memoryview(a) for a in self.inputs]
        if self.kernel.variadic:
            inputs = [tuple(inputs)]
        return [*inputs, *map(memoryview, self.outputs), *map(memoryview, self.state), *self.params]

    def bits(self) -> list[list[bytes]]:
        return [[pack("d", x) if x == x else b"nan" for x in out] for out in self.outputs]


def at_once(s: Setting) -> None:
    s.kernel.py(*s.args(), s.start, BARS)


def bar_by_bar(s: Setting) -> None:
    args = s.args()
    for i in range(s.start, BARS):
        s.kernel.py(*args, i, i + 1)


def compiled_at_once(s: Setting) -> None:
    s.kernel.compiled(*s.args(), s.start, BARS)


def compiled_bar_by_bar(s: Setting) -> None:
    args = s.args()
    for i in range(s.start, BARS):
        s.kernel.compiled(*args, i, i + 1)


def in_pieces(s: Setting) -> None:
    args = s.args()
    for k, i in enumerate(range(s.start, BARS, 13)):
        run = s.kernel.compiled if k % 2 else s.kernel.py
        run(*args, i, min(i + 13, BARS))


@pytest.mark.parametrize(("kernel", "params"), CASES)
@pytest.mark.parametrize("run", [bar_by_bar, compiled_at_once, compiled_bar_by_bar, in_pieces])
def test_every_way_of_running_gives_the_same_bits(run: Any, kernel: Kernel, params: tuple[Any, ...]) -> None:
    if run is not bar_by_bar:
        pytest.importorskip("numba")
    for values, seed in itertools.product(SERIES, range(3)):
        expected, got = Setting(kernel, params, values, seed), Setting(kernel, params, values, seed)
        at_once(expected)
        run(got)
        assert got.bits() == expected.bits(), values


@pytest.mark.parametrize(
    ("kernel", "params"), [c for c in CASES if c.values != (ALL_KERNELS["shift"], (-2,))]
)
def test_buffers_may_be_moved_between_two_bars(kernel: Kernel, params: tuple[Any, ...]) -> None:
    for values in SERIES:
        check_moved(kernel, params, values)


def check_moved(kernel: Kernel, params: tuple[Any, ...], values: Any) -> None:
    expected, source = Setting(kernel, params, values, 1), Setting(kernel, params, values, 1)
    at_once(expected)

    # A window memory: room for little more than the lookback, its end moved to the front when full.
    kept = kernel.lookback(*params)
    room = kept + 3
    lines = [k for k, line in enumerate(source.inputs) if len(line) > BARS]
    window = Setting(kernel, params, values, 1)
    for k in lines:
        window.inputs[k] = array("d", [math.nan]) * room
    window.outputs = [array("d", [math.nan]) * room for _ in window.outputs]
    at = 0
    for bar in range(BARS):
        if at == room:
            for buffer in [window.inputs[k] for k in lines] + window.outputs:
                buffer[:kept] = buffer[room - kept :]
            at = kept
        for k in lines:
            window.inputs[k][at] = source.inputs[k][bar]
        if bar >= source.start:
            kernel.py(*window.args(), at, at + 1)
            for out, result in zip(source.outputs, window.outputs, strict=True):
                out[bar] = result[at]
        at += 1
    assert source.bits() == expected.bits()


def test_every_kernel_is_tested_here() -> None:
    assert set(PARAMS) == set(ALL_KERNELS)


def test_a_bar_is_redone_from_a_copy_of_the_state() -> None:
    kernel = ALL_KERNELS["rolling_sum"]
    source, out, state = (
        array("d", [1.0, 2.0, 3.0, 4.0, 5.0]),
        array("d", bytes(40)),
        kernel.new_state(2, 1.0),
    )
    kernel.py(source, out, state, 2, 1.0, 1, 4)
    before = state[:]
    for last in (70.0, 8.0):
        state[:] = before
        source[4] = last
        kernel.py(source, out, state, 2, 1.0, 4, 5)
        assert out[4] == 4.0 + last
