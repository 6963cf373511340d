"""Moving average convergence and divergence."""

from __future__ import annotations

import pytest

import backtrader as bt
from tests.unit.indicators.cases import walk
from tests.unit.indicators.stage import closes, run, values

PRICES = closes(walk(40))
MODES = pytest.mark.parametrize("mode", ["batch", "event"])


@MODES
def test_made_of_averages(mode: str) -> None:
    made = run(PRICES, "bt.ind.MACDHisto(d, period_me1=3, period_me2=6, period_signal=4)", mode)
    fast, slow = (values(run(PRICES, f"bt.ind.EMA(d, period={n})"))[5:] for n in (3, 6))
    assert values(made, "macd")[5:] == [f - s for f, s in zip(fast, slow, strict=True)]
    macd, signal = values(made, "macd")[8:], values(made, "signal")[8:]
    assert values(made, "histo")[8:] == [m - s for m, s in zip(macd, signal, strict=True)]
    assert signal[0] == pytest.approx(sum(values(made, "macd")[5:9]) / 4)
    assert made._minperiod == 9


def test_declarations() -> None:
    assert bt.ind.MACDHisto.lines.getlinealiases() == ("macd", "signal", "histo")
    assert bt.ind.MACDHistogram.__bases__ == (bt.ind.MACDHisto,)
