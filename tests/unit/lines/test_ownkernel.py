"""Kernels of the user's own: lines out of a function, in a backtest and live; and the example of the guide."""

from __future__ import annotations

import importlib.util
import pickle
import re
import sys
import warnings
from pathlib import Path
from typing import Any

import pytest

import backtrader as bt
from backtrader.lines import evaluate
from backtrader.lines import kernels as k
from tests.unit.indicators.cases import DATASETS, bars, walk
from tests.unit.indicators.stage import evaluate as evaluate_cases


@bt.kernel(state=1)
def fading_high(high: Any, close: Any, out: Any, state: Any, part: float, start: int, stop: int) -> None:
    """A high that gives in by a part of its distance from the close."""
    top = state[0]
    for i in range(start, stop):
        top = max(high[i], top - part * (top - close[i]))
        out[i] = top
    state[0] = top


@bt.kernel
def midpoint(high, low, out, period, start, stop):
    for i in range(start, stop):
        top, bottom = high[i], low[i]
        for j in range(i - period + 1, i):
            top, bottom = max(top, high[j]), min(bottom, low[j])
        out[i] = (top + bottom) / 2.0


@bt.kernel(period=lambda lag, factor: lag + 1)
def change(source, out, lag: int, factor=100.0, start=0, stop=0):
    for i in range(start, stop):
        out[i] = factor * (source[i] / source[i - lag] - 1.0)


@bt.kernel
def anything(source, out, length: int, start, stop):
    """Looks further back than it says."""
    for i in range(start, stop):
        out[i] = source[i] - source[i - length] if i >= length else 0.0


@bt.kernel(state=lambda size: size + 1)
def ring(source, out, state, size=3, start=0, stop=0):
    """The value ``size`` bars ago, out of the state."""
    at = int(state[size])
    for i in range(start, stop):
        out[i] = state[at]
        state[at] = source[i]
        at = (at + 1) % size
    state[size] = at


SCOPE = {f.__name__: f for f in (fading_high, midpoint, change, anything, ring)}
CASES = [
    "fading_high(d.high, d.close, 0.1)",
    "fading_high(d.high, d, part=0.1) - d.close(-2)",
    "midpoint(d.high, d.low, period=7)",
    "bt.ind.SMA(midpoint(d.high, d.low, period=7), period=3)",
    "midpoint(bt.ind.EMA(d.high, period=5), d.low, 4)",
    "change(d, 5)",
    "change(d, lag=5, factor=1.0)",
    "anything(d.close, 9)",
    "bt.ind.EMA(anything(d.close, 9) + d(-1), period=4)",
    "ring(d)",
    "ring(d, 5) + ring(d, size=5)",
    "fading_high(d.high, 100.0, 0.5)",
]


@pytest.mark.parametrize("always", [False, True])
def test_batch_and_bar_by_bar_are_equal(monkeypatch: pytest.MonkeyPatch, always: bool) -> None:
    event = evaluate_cases(DATASETS["walk"], CASES, SCOPE, "event")
    if always:
        pytest.importorskip("numba")
        monkeypatch.setattr(k.policy, "always", True)
        monkeypatch.setattr(evaluate, "MANY", 8)
        monkeypatch.setattr(evaluate, "PIECE", 16)
    batch = evaluate_cases(DATASETS["walk"], CASES, SCOPE, "batch")
    for case in CASES:
        want = [v.hex() for v in event[case].array]
        assert [v.hex() for v in batch[case].array] == want, case


def test_where_lines_begin_and_what_is_before() -> None:
    found = evaluate_cases(bars(walk(40)), CASES, SCOPE, "batch")
    assert found["fading_high(d.high, d.close, 0.1)"]._minperiod == 1
    assert found["midpoint(d.high, d.low, period=7)"]._minperiod == 7
    assert found["midpoint(bt.ind.EMA(d.high, period=5), d.low, 4)"]._minperiod == 8
    assert found["change(d, 5)"]._minperiod == 6
    line = list(found["change(d, 5)"].array)
    assert all(v != v for v in line[:5]) and all(v == v for v in line[5:])


def test_long_lines_are_compiled_and_equal(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("numba")
    monkeypatch.setattr(k.policy, "always", True)
    columns = bars(walk(2 * evaluate.MANY))
    batch = evaluate_cases(columns, CASES, SCOPE, "batch")
    for case in CASES:
        batch[case].array
    assert all(f.kernel._built for f in SCOPE.values())
    event = evaluate_cases(columns, CASES, SCOPE, "event")
    for case in CASES:
        assert [v.hex() for v in batch[case].array] == [v.hex() for v in event[case].array], case


def test_equal_lines_are_computed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    ran = []
    run = k.Kernel.run
    monkeypatch.setattr(k.Kernel, "run", lambda self, *args: ran.append(self.name) or run(self, *args))
    cases = ["midpoint(d.high, d.low, 7)", "midpoint(d.high, d.low, period=7)", "midpoint(d.high, d.low, 8)"]
    for line in evaluate_cases(DATASETS["walk"], cases, SCOPE, "batch").values():
        line.array
    assert ran == ["midpoint", "midpoint"]


def test_in_memory_that_moves() -> None:
    class Holds(bt.Strategy):
        def __init__(self) -> None:
            self.lines_ = [
                eval(case, {"d": self.data, "bt": bt, **SCOPE}) for case in CASES[:7] + CASES[9:11]
            ]
            self.seen: list[list[str]] = []

        def next(self) -> None:
            self.seen.append([line[0].hex() for line in self.lines_])

    from tests.unit.core.walk import Walk

    found = []
    for options in ({}, {"exactbars": 1}, {"runonce": False}):
        cerebro = bt.Cerebro(stdstats=False, **options)
        cerebro.adddata(Walk(count=900))
        cerebro.addstrategy(Holds)
        found.append(cerebro.run()[0].seen)
    assert found[0] == found[1] == found[2] and len(found[0]) > 800


# -- what is wrong is said -----------------------------------------------------------------------
def no_out(source, start, stop): ...
def no_inputs(out, start, stop): ...
def no_stop(source, out, start): ...
def state_late(source, out, x, state, start, stop): ...
def with_state(source, out, state, start, stop): ...
def without_state(source, out, start, stop): ...


@pytest.mark.parametrize("function", [no_out, no_inputs, no_stop])
def test_a_function_with_other_arguments(function: Any) -> None:
    with pytest.raises(TypeError, match=rf"{function.__name__}: the arguments of a kernel are .*start, stop"):
        bt.kernel(function)


def test_state_and_its_size_go_together() -> None:
    for function, size in ((with_state, 0), (without_state, 2), (state_late, 1)):
        with pytest.raises(TypeError, match="go together"):
            bt.kernel(state=size)(function)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        ("midpoint(d.high)", "midpoint\\(\\) needs 2 lines: high, low"),
        ("midpoint(d.high, d.low)", "needs the parameter 'period'"),
        ("midpoint(d.high, d.low, 3, 4)", "has 1 parameters, 2 were given"),
        ("midpoint(d.high, d.low, length=3)", "no parameter 'length', only period"),
        ("midpoint(d.high, d.low, 3.5)", "period must be of type int, not 3.5"),
        ("midpoint(d.high, d.low, 'a')", "period must be of type int, not 'a'"),
        ("change(d, 3, None)", "factor must be of type float, not None"),
    ],
)
def test_a_wrong_call(call: str, message: str) -> None:
    with pytest.raises(TypeError, match=message):
        evaluate_cases(DATASETS["walk"], [call], SCOPE, "batch")


def test_a_function_that_cannot_be_compiled_works_and_is_named_once(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("numba")
    monkeypatch.setattr(k.policy, "always", True)

    @bt.kernel
    def odd(source, out, start, stop):
        for i in range(start, stop):
            out[i] = float(str(source[i]).replace("1", "2"))

    scope = {"odd": odd}
    found = evaluate_cases(DATASETS["walk"], ["odd(d)", "odd(d.high)"], scope, "batch")
    with pytest.warns(RuntimeWarning, match="numba cannot compile odd") as caught:
        assert [len(line.array) for line in found.values()] == [64, 64]
    assert len(caught) == 1
    event = evaluate_cases(DATASETS["walk"], ["odd(d)"], scope, "event")
    assert list(found["odd(d)"].array) == list(event["odd(d)"].array)
    assert k.policy.always and not k.policy.never  # the others are compiled all the same
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        k.accumulate.compiled(*_line(), 0.0, 0, 1)


def _line() -> tuple[Any, ...]:
    from array import array

    return array("d", [1.0]), array("d", [0.0]), k.accumulate.new_state(0.0)


def test_it_has_the_name_of_the_function() -> None:
    assert repr(fading_high) == "<kernel fading_high(high, close, part)>"
    assert "gives in" in (fading_high.__doc__ or "")
    assert pickle.loads(pickle.dumps(fading_high)) is fading_high
    assert "fading_high" not in k.ALL_KERNELS


# -- guide and example -----------------------------------------------------------------------------
@pytest.fixture
def example(root: Path) -> Any:
    """The example as a module."""
    spec = importlib.util.spec_from_file_location(
        "own_fast_indicator", root / "examples/own_fast_indicator.py"
    )
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    yield module
    del sys.modules[spec.name]


def test_the_example_gives_equal_values_in_all_ways(example: Any, capsys: pytest.CaptureFixture[str]) -> None:
    example.main(["--bars", "600"])
    rows = capsys.readouterr().out.splitlines()
    assert len(rows) == 4 and all(row.endswith("equal") for row in rows)
    assert {row.split()[0] for row in rows} == {"backtest", "bar"}
    batch, event = (example.run(example.FadingHigh, 600, **o) for o in ({}, {"runonce": False}))
    assert [v.hex() for v in batch] == [v.hex() for v in event] and len(batch) == 600
    assert batch[-1] != batch[-2]


def test_the_guide_shows_the_example(root: Path) -> None:
    guide = (root / "docs/guide/own-fast-indicator.md").read_text()
    source = (root / "examples/own_fast_indicator.py").read_text()
    first, _, window, *_ = re.findall(r"```python\n(.*?)```", guide, re.DOTALL)
    kernel = first.split("import backtrader as bt\n\n")[1].split("\n\n")[0]
    assert kernel in source and len(kernel.splitlines()) <= 10
    scope: dict[str, Any] = {"bt": bt}
    exec(first, scope)
    assert issubclass(scope["FadingHigh"], bt.Indicator)
    body = window.split("\n\nline =")[0]
    exec(body, scope)
    cases = [
        "midpoint(d.high, d.low, period=20)",
        "(bt.ind.Highest(d.high, period=20) + bt.ind.Lowest(d.low, period=20)) / 2.0",
    ]
    found = evaluate_cases(DATASETS["walk"], cases, {"midpoint": scope["midpoint"]}, "batch")
    one, other = ([v.hex() for v in found[case].array] for case in cases)
    assert one == other
