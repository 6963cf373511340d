"""Movement within a number of bars."""

from __future__ import annotations

import pytest

from tests.unit.indicators.stage import closes, run, values

PRICES = closes([100.0, 110.0, 121.0, 99.0])
MODES = pytest.mark.parametrize("mode", ["batch", "event"])


@MODES
@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Momentum", [21.0, -11.0]),
        ("MomentumOscillator", [121.0, 90.0]),
        ("RateOfChange", [0.21, -0.1]),
        ("ROC100", [21.0, -10.0]),
        ("PercentChange", [0.21, -0.1]),
    ],
)
def test_within_two_bars(mode: str, name: str, expected: list[float]) -> None:
    made = run(PRICES, f"bt.ind.{name}(d, period=2)", mode)
    assert made._minperiod == 3
    assert values(made)[2:] == pytest.approx(expected)


@MODES
def test_from_zero_there_is_no_rate(mode: str) -> None:
    # compat: the original stops with ZeroDivisionError
    made = run(closes([0.0, 1.0, 0.0, 0.0]), "bt.ind.ROC(d, period=1)", mode)
    assert [repr(v) for v in values(made)[1:]] == ["inf", "-1.0", "nan"]
