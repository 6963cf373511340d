"""Simple, exponential, smoothed and weighted moving averages, against sums written out."""

from __future__ import annotations

from math import fsum, nan

import pytest

from tests.unit.indicators.cases import walk
from tests.unit.indicators.stage import closes, run, values

PRICES = walk(40)
MODES = pytest.mark.parametrize("mode", ["batch", "event"])


def _hexed(numbers: list[float]) -> list[str]:
    return [number.hex() for number in numbers]


@MODES
@pytest.mark.parametrize("period", [1, 2, 7])
def test_simple(mode: str, period: int) -> None:
    means = [fsum(PRICES[i + 1 - period : i + 1]) / period for i in range(period - 1, len(PRICES))]
    got = values(run(closes(PRICES), f"bt.ind.SMA(d, period={period})", mode))
    assert _hexed(got) == _hexed([nan] * (period - 1) + means)


def _smoothed(period: int, alpha: float) -> list[float]:
    smoothed = [fsum(PRICES[:period]) / period]
    for price in PRICES[period:]:
        smoothed.append(smoothed[-1] * (1.0 - alpha) + price * alpha)
    return [nan] * (period - 1) + smoothed


@MODES
@pytest.mark.parametrize(("name", "alpha"), [("EMA", 2.0 / 6.0), ("SMMA", 1.0 / 5.0)])
def test_recurrences_begin_at_the_mean(mode: str, name: str, alpha: float) -> None:
    got = values(run(closes(PRICES), f"bt.ind.{name}(d, period=5)", mode))
    assert _hexed(got) == _hexed(_smoothed(5, alpha))


@MODES
def test_weighted(mode: str) -> None:
    made = run(closes([1.0, 2.0, 4.0, 8.0]), "bt.ind.WMA(d, period=3)", mode)
    assert values(made)[2:] == pytest.approx([(1 * 1 + 2 * 2 + 3 * 4) / 6, (1 * 2 + 2 * 4 + 3 * 8) / 6])


@MODES
def test_a_hole_spoils_windows_but_not_what_follows(mode: str) -> None:
    made = run(closes([1.0, 2.0, nan, 4.0, 5.0, 6.0]), "bt.ind.SMA(d, period=2)", mode)
    assert _hexed(values(made)) == _hexed([nan, 1.5, nan, nan, 4.5, 5.5])


def test_smoothing_factors_can_be_read() -> None:
    ema = run(closes(PRICES), "bt.ind.EMA(d, period=9)")
    assert (ema.alpha, ema.alpha1) == (0.2, 0.8)
