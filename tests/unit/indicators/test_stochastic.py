"""Stochastic oscillators."""

from __future__ import annotations

from itertools import pairwise

import pytest

from tests.unit.indicators.stage import closes, run, values

BARS = {
    "open": [5.0] * 6,
    "high": [6.0, 8.0, 7.0, 9.0, 10.0, 9.0],
    "low": [4.0, 5.0, 5.0, 6.0, 7.0, 5.0],
    "close": [5.0, 7.0, 6.0, 9.0, 8.0, 6.0],
}
QUICK = [100 * (6 - 4) / (8 - 4), 100 * (9 - 5) / (9 - 5), 100 * (8 - 5) / (10 - 5), 100 * (6 - 5) / (10 - 5)]
AVERAGED = [(a + b) / 2 for a, b in pairwise(QUICK)]
TWICE = [(a + b) / 2 for a, b in pairwise(AVERAGED)]
MODES = pytest.mark.parametrize("mode", ["batch", "event"])


@MODES
def test_fast_slow_and_full(mode: str) -> None:
    fast = run(BARS, "bt.ind.StochasticFast(d, period=3, period_dfast=2)", mode)
    assert values(fast, "percK")[2:] == pytest.approx(QUICK)
    assert values(fast, "percD")[3:] == pytest.approx(AVERAGED)
    slow = run(BARS, "bt.ind.Stochastic(d, period=3, period_dfast=2, period_dslow=2)", mode)
    assert values(slow, "percK")[3:] == pytest.approx(AVERAGED)
    assert values(slow, "percD")[4:] == pytest.approx(TWICE)
    full = run(BARS, "bt.ind.StochasticFull(d, period=3, period_dfast=2, period_dslow=2)", mode)
    assert values(full, "percDSlow")[4:] == pytest.approx(TWICE)
    assert (fast._minperiod, slow._minperiod, full._minperiod) == (4, 5, 5)


@MODES
def test_without_range(mode: str) -> None:
    flat = closes([5.0] * 6)
    quick = values(run(flat, "bt.ind.StochasticFast(d, period=2)", mode), "percK")
    assert all(v != v for v in quick)
    safe = run(flat, "bt.ind.StochasticFast(d, period=2, safediv=True, safezero=0.5)", mode)
    assert values(safe, "percK")[1:] == [50.0] * 5
