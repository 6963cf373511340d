"""Crossings."""

from __future__ import annotations

import pytest

from tests.unit.indicators.stage import closes, run, values

#           below, touches, above, touches, touches, below, above
PRICES = closes([1.0, 2.0, 3.0, 2.0, 2.0, 1.0, 3.0])
MODES = pytest.mark.parametrize("mode", ["batch", "event"])


@MODES
def test_touching_bars_do_not_count(mode: str) -> None:
    made = run(PRICES, "bt.ind.CrossOver(d, 2.0)", mode)
    assert made._minperiod == 2
    assert values(made)[1:] == [0.0, 1.0, 0.0, 0.0, -1.0, 1.0]


@MODES
def test_one_direction_only(mode: str) -> None:
    assert values(run(PRICES, "bt.ind.CrossUp(d, 2.0)", mode))[1:] == [0.0, 1.0, 0.0, 0.0, 0.0, 1.0]
    assert values(run(PRICES, "bt.ind.CrossDown(d, 2.0)", mode))[1:] == [0.0, 0.0, 0.0, 0.0, 1.0, 0.0]


@MODES
def test_beginning_equal_crosses_nothing(mode: str) -> None:
    made = run(closes([2.0, 2.0, 3.0, 1.0]), "bt.ind.CrossOver(d, 2.0)", mode)
    assert values(made)[1:] == [0.0, 0.0, -1.0]


@MODES
def test_a_difference_of_zero_repeats_the_one_before(mode: str) -> None:
    made = run(PRICES, "bt.ind.NonZeroDifference(d, 2.0)", mode)
    assert values(made) == [-1.0, -1.0, 1.0, 1.0, 1.0, -1.0, 1.0]
