"""True ranges."""

from __future__ import annotations

import pytest

from tests.unit.indicators.stage import run, values

BARS = {
    "open": [10.0, 12.0, 8.0, 9.0],
    "high": [11.0, 13.0, 9.0, 10.0],
    "low": [9.0, 12.0, 7.0, 8.0],
    "close": [10.0, 12.5, 8.0, 9.0],
}
MODES = pytest.mark.parametrize("mode", ["batch", "event"])


@MODES
def test_gaps_count(mode: str) -> None:
    assert values(run(BARS, "bt.ind.TrueHigh(d)", mode))[1:] == [13.0, 12.5, 10.0]
    assert values(run(BARS, "bt.ind.TrueLow(d)", mode))[1:] == [10.0, 7.0, 8.0]
    assert values(run(BARS, "bt.ind.TR(d)", mode))[1:] == [3.0, 5.5, 2.0]


@MODES
def test_average(mode: str) -> None:
    made = run(BARS, "bt.ind.ATR(d, period=2)", mode)
    assert made._minperiod == 3
    assert values(made)[2:] == [4.25, 4.25 * 0.5 + 2.0 * 0.5]
