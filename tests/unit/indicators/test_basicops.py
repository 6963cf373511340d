"""Figures of the last values, sums and smoothing."""

from __future__ import annotations

from math import nan

import pytest

import backtrader as bt
from tests.unit.indicators.stage import closes, run, values

PRICES = closes([3.0, 1.0, 3.0, 2.0, 0.0, 0.0])
MODES = pytest.mark.parametrize("mode", ["batch", "event"])


@MODES
@pytest.mark.parametrize(
    ("case", "expected"),
    [
        ("Highest(d, period=3)", [3.0, 3.0, 3.0, 2.0]),
        ("Lowest(d, period=3)", [1.0, 1.0, 0.0, 0.0]),
        ("SumN(d, period=3)", [7.0, 6.0, 5.0, 2.0]),
        ("AnyN(d, period=3)", [1.0, 1.0, 1.0, 1.0]),
        ("AllN(d, period=3)", [1.0, 1.0, 0.0, 0.0]),
        ("FindFirstIndexHighest(d, period=3)", [0.0, 1.0, 2.0, 2.0]),
        ("FindLastIndexHighest(d, period=3)", [2.0, 1.0, 2.0, 2.0]),
        ("FindFirstIndexLowest(d, period=3)", [1.0, 2.0, 0.0, 0.0]),
        ("FindLastIndexLowest(d, period=3)", [1.0, 2.0, 0.0, 1.0]),
        ("ApplyN(d, period=3, func=lambda x: x[0] - x[-1])", [0.0, -1.0, 3.0, 2.0]),
        ("ReduceN(d, lambda a, b: 10 * a + b, period=3)", [313.0, 132.0, 320.0, 200.0]),
        ("ReduceN(d, lambda a, b: a + b, period=3, initializer=0.5)", [7.5, 6.5, 5.5, 2.5]),
        ("WeightedAverage(d, period=3, coef=0.5, weights=(1, 2, 3))", [7.0, 6.5, 3.5, 1.0]),
        ("WeightedAverage(d, period=3, weights=(1, 2))", [5.0, 7.0, 7.0, 2.0]),
    ],
)
def test_of_the_last_three(mode: str, case: str, expected: list[float]) -> None:
    made = run(PRICES, f"bt.ind.{case}", mode)
    assert made._minperiod == 3
    assert [v != v for v in values(made)[:2]] == [True, True]
    assert values(made)[2:] == expected


@MODES
def test_running_total(mode: str) -> None:
    assert values(run(PRICES, "bt.ind.Accum(d, seed=1.0)", mode)) == [4.0, 5.0, 8.0, 10.0, 10.0, 10.0]


@MODES
def test_smoothing_with_a_factor_of_its_own_for_each_bar(mode: str) -> None:
    alpha = "bt.If(d > 1.0, 0.5, 0.0)"
    made = run(PRICES, f"bt.ind.ExponentialSmoothingDynamic(d, period=2, alpha={alpha})", mode)
    assert values(made)[1:] == [2.0, 2.5, 2.25, 2.25, 2.25]


class Middle(bt.ind.OperationN):
    lines = ("middle",)
    calls = 0

    def func(self, window: object) -> float:
        type(self).calls += 1
        return sorted(window)[1]  # type: ignore[call-overload]


class Biggest(bt.ind.OperationN):
    lines = ("biggest",)
    func = max


class Runner(bt.ind.Highest):
    """A built-in with another function."""

    func = staticmethod(lambda window: sorted(window)[-2])


@MODES
def test_func_of_a_subclass(mode: str) -> None:
    names = {"Middle": Middle, "Biggest": Biggest, "Runner": Runner}
    assert values(run(PRICES, "Middle(d, period=3)", mode, **names))[2:] == [3.0, 2.0, 2.0, 0.0]
    assert values(run(PRICES, "Biggest(d, period=3)", mode, **names))[2:] == [3.0, 3.0, 3.0, 2.0]
    assert values(run(PRICES, "Runner(d, period=3)", mode, **names))[2:] == [3.0, 2.0, 2.0, 0.0]


def test_func_is_called_once_a_bar() -> None:
    Middle.calls = 0
    values(run(PRICES, "Middle(d, period=3)", Middle=Middle))
    assert Middle.calls == 4


@MODES
def test_the_place_of_an_extreme_is_missing_where_a_hole_leaves_the_window(mode: str) -> None:
    # compat: the original stops with StopIteration
    made = run(closes([1.0, nan, 3.0, 2.0, 1.0]), "bt.ind.FindFirstIndexHighest(d, period=2)", mode)
    assert [v.hex() for v in values(made)[1:]] == [v.hex() for v in (1.0, nan, 1.0, 1.0)]
