"""Bollinger bands."""

from __future__ import annotations

from statistics import fmean, pstdev

import pytest

from tests.unit.indicators.cases import walk
from tests.unit.indicators.stage import closes, run, values

PRICES = walk(30)
MODES = pytest.mark.parametrize("mode", ["batch", "event"])


@MODES
def test_bands_and_place_between_them(mode: str) -> None:
    made = run(closes(PRICES), "bt.ind.BollingerBandsPct(d, period=5, devfactor=1.5)", mode)
    windows = [PRICES[i - 4 : i + 1] for i in range(4, 30)]
    bottom = [fmean(w) - 1.5 * pstdev(w) for w in windows]
    top = [fmean(w) + 1.5 * pstdev(w) for w in windows]
    assert values(made, "mid")[4:] == pytest.approx([fmean(w) for w in windows])
    assert values(made, "top")[4:] == pytest.approx(top)
    assert values(made, "bot")[4:] == pytest.approx(bottom)
    places = [(w[-1] - b) / (t - b) for w, b, t in zip(windows, bottom, top, strict=True)]
    assert values(made, "pctb")[4:] == pytest.approx(places)


def test_label_names_the_average_only_if_it_is_another() -> None:
    assert run(closes(PRICES), "bt.ind.BBands(d)")._plotlabel() == [20, 2.0]
    made = run(closes(PRICES), "bt.ind.BBands(d, period=7, movav=bt.ind.EMA)")
    assert made._plotlabel() == [7, 2.0, made.p.movav]
