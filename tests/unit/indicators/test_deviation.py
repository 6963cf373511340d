"""Deviations, against the statistics module."""

from __future__ import annotations

from statistics import fmean, pstdev

import pytest

from tests.unit.indicators.cases import walk
from tests.unit.indicators.stage import closes, run, values

PRICES = walk(30)
MODES = pytest.mark.parametrize("mode", ["batch", "event"])


@MODES
def test_standard_deviation(mode: str) -> None:
    got = values(run(closes(PRICES), "bt.ind.StdDev(d, period=6)", mode))
    assert got[5:] == pytest.approx([pstdev(PRICES[i - 5 : i + 1]) for i in range(5, 30)])


@MODES
def test_mean_deviation_averages_distances_from_the_average_of_their_own_bar(mode: str) -> None:
    got = values(run(closes(PRICES), "bt.ind.MeanDev(d, period=4)", mode))
    distances = {i: abs(PRICES[i] - fmean(PRICES[i - 3 : i + 1])) for i in range(3, 30)}
    assert got[6:] == pytest.approx([fmean(distances[j] for j in range(i - 3, i + 1)) for i in range(6, 30)])
    assert all(v != v for v in got[:6])


@MODES
def test_a_second_data_is_taken_for_the_average(mode: str) -> None:
    made = run(closes([1.0, 3.0, 5.0, 7.0]), "bt.ind.MeanDev(d, d.close - 2.0, period=2)", mode)
    assert made._minperiod == 2
    assert values(made)[1:] == [2.0, 2.0, 2.0]


def test_without_safety_a_negative_variance_has_no_root() -> None:
    # three equal prices: the mean of the squares less the square of the mean is a rounding error below zero
    price = next(
        p for p in (i / 10.0 for i in range(1, 999)) if (p**2.0 + p**2.0 + p**2.0) / 3 - p**2.0 < 0.0
    )
    flat = closes([price] * 5)
    assert all(v >= 0.0 for v in values(run(flat, "bt.ind.StdDev(d, period=3)"))[2:])
