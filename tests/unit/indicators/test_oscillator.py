"""Oscillators and envelopes of all moving averages."""

from __future__ import annotations

import pytest

import backtrader as bt
from tests.unit.indicators.cases import walk
from tests.unit.indicators.stage import closes, run, values

PRICES = walk(20)
MODES = pytest.mark.parametrize("mode", ["batch", "event"])


@MODES
@pytest.mark.parametrize("average", ["SMA", "EMA", "WMA", "ZLInd"])
def test_distance_from_the_average(mode: str, average: str) -> None:
    # compat: for ZLInd the original shows the average itself
    mean = values(run(closes(PRICES), f"bt.ind.{average}(d, period=4)"))
    expected = [p - m for p, m in zip(PRICES, mean, strict=True)][3:]
    assert values(run(closes(PRICES), f"bt.ind.{average}Oscillator(d, period=4)", mode))[3:] == expected
    assert values(run(closes(PRICES), f"bt.ind.{average}Osc(d, period=4)", mode))[3:] == expected
    assert (
        values(run(closes(PRICES), f"bt.ind.Oscillator(bt.ind.{average}(d, period=4))", mode))[3:] == expected
    )


@MODES
@pytest.mark.parametrize("average", ["SMA", "EMA", "ZLInd"])
def test_envelope_around_the_average(mode: str, average: str) -> None:
    # compat: for ZLInd the original gives no values
    mean = values(run(closes(PRICES), f"bt.ind.{average}(d, period=4)"))[3:]
    made = run(closes(PRICES), f"bt.ind.{average}Envelope(d, period=4, perc=10.0)", mode)
    assert values(made)[3:] == mean
    assert values(made, "top")[3:] == [m * 1.1 for m in mean]
    assert values(made, "bot")[3:] == [m * 0.9 for m in mean]


def test_one_for_each_moving_average_and_its_other_names() -> None:
    assert issubclass(bt.ind.SimpleMovingAverageOsc, bt.ind.MovingAverageSimple)
    assert issubclass(bt.ind.WilderMAEnvelope, bt.ind.SmoothedMovingAverage)
    assert "SMAOsc" not in vars(bt.ind.MovAv)
    assert bt.ind.SMAOsc.plotinfo.subplot is True
    assert bt.ind.SMAEnvelope.plotinfo.subplot is False
