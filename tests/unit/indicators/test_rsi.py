"""The relative strength index."""

from __future__ import annotations

import pytest

from tests.unit.indicators.stage import closes, run, values

PRICES = closes([1.0, 2.0, 4.0, 3.0, 3.0, 6.0])
MODES = pytest.mark.parametrize("mode", ["batch", "event"])


@MODES
def test_rises_and_falls(mode: str) -> None:
    assert values(run(PRICES, "bt.ind.UpDay(d)", mode))[1:] == [1.0, 2.0, 0.0, 0.0, 3.0]
    assert values(run(PRICES, "bt.ind.DownDay(d)", mode))[1:] == [0.0, 0.0, 1.0, 0.0, 0.0]
    assert values(run(PRICES, "bt.ind.UpDayBool(d)", mode))[1:] == [1.0, 1.0, 0.0, 0.0, 1.0]
    assert values(run(PRICES, "bt.ind.DownDayBool(d)", mode))[1:] == [0.0, 0.0, 1.0, 0.0, 0.0]
    assert values(run(PRICES, "bt.ind.UpDay(d, period=2)", mode))[2:] == [3.0, 1.0, 0.0, 3.0]


@MODES
def test_share_of_rises(mode: str) -> None:
    made = run(PRICES, "bt.ind.RSI_SMA(d, period=2)", mode)
    assert made._minperiod == 3
    # windows of two movements: (1, 2), (2, -1), (-1, 0), (0, 3)
    assert values(made)[3:5] == pytest.approx([100.0 * 2 / 3, 0.0])


@MODES
def test_without_falls(mode: str) -> None:
    rising = closes([1.0, 2.0, 3.0])
    assert values(run(rising, "bt.ind.RSI(d, period=2)", mode))[2] == 100.0
    assert values(run(rising, "bt.ind.RSI_Safe(d, period=2)", mode))[2] == 100.0
    assert values(run(rising, "bt.ind.RSI_Safe(d, period=2, safehigh=99.0)", mode))[2] == pytest.approx(99.0)


@MODES
def test_without_movement(mode: str) -> None:
    still = closes([1.0, 1.0, 1.0])
    undefined = values(run(still, "bt.ind.RSI(d, period=2)", mode))[2]
    assert undefined != undefined
    assert values(run(still, "bt.ind.RSI_Safe(d, period=2)", mode))[2] == 50.0


def test_bands_are_lines_in_the_chart() -> None:
    made = run(PRICES, "bt.ind.RSI(d, period=2, upperband=80.0)")
    made._plotinit()
    assert made.plotinfo.plotyhlines == [80.0, 30.0]
    assert type(made).plotinfo.plotyhlines == []
    assert made._plotlabel() == [2]
