"""Means and deviations."""

from __future__ import annotations

import math

import pytest

from backtrader.utils.mathsupport import average, standarddev, variance


def test_average() -> None:
    assert average([1, 2, 3.5]) == 6.5 / 3
    assert average([1, 2], bessel=True) == 3.0
    assert average([0.1] * 10) == 0.1  # summed without rounding errors
    assert math.isnan(average([float("nan"), 1]))


def test_variance_is_a_list() -> None:
    assert variance([1, 2, 4]) == [1.7777777777777781, 0.11111111111111122, 2.7777777777777772]
    assert variance([1, 2], avgx=0) == [1.0, 4.0]


def test_standarddev() -> None:
    assert standarddev([1, 2, 4]) == 1.247219128924647
    assert standarddev([1, 2, 4], bessel=True) == 1.5275252316519468
    assert standarddev([1, 2, 4], 2, True) == 1.5811388300841898


@pytest.mark.parametrize("call", [lambda: average([]), lambda: standarddev([1], bessel=True)])
def test_too_few_values(call: object) -> None:
    with pytest.raises(ZeroDivisionError):
        call()  # type: ignore[operator]
