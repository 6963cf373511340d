"""Regressions, cointegration, Hurst exponents, fractals: against other ways to the same figures."""

from __future__ import annotations

import math
import random
import sys
from itertools import pairwise
from typing import Any

import pytest

import backtrader as bt
from backtrader.errors import OptionalPackageError
from tests.parity.data import Row, daily, day_times
from tests.parity.feeds import rows_feed

FIRST, SECOND = daily(80, 1), daily(80, 2)
MODES: list[dict[str, Any]] = [{}, {"runonce": False}, {"preload": False}]
CLOSES = [[row[4] for row in rows] for rows in (FIRST, SECOND)]


def run(make: Any, *feeds: list[Row], **kwargs: Any) -> Any:
    """The indicator that ``make`` builds in a strategy, after a run."""

    class Holder(bt.Strategy):
        def __init__(self) -> None:
            self.made = make(self)

    cerebro = bt.Cerebro(stdstats=False)
    for rows in feeds or (FIRST, SECOND):
        cerebro.adddata(rows_feed(rows))
    cerebro.addstrategy(Holder)
    return cerebro.run(**kwargs)[0].made


def priced(closes: list[float]) -> list[Row]:
    """Bars of one price each."""
    return [(when, c, c, c, c, 1.0, 0.0) for when, c in zip(day_times(len(closes)), closes)]


@pytest.mark.parametrize("mode", MODES, ids=str)
def test_regression_is_that_of_numpy(mode: dict[str, Any]) -> None:
    numpy = pytest.importorskip("numpy")
    line = run(lambda s: bt.ind.OLS_Slope_InterceptN(s.data0, s.data1, period=12), **mode)
    beta = run(lambda s: bt.ind.OLS_BetaN(s.data0, s.data1, period=12), **mode)
    assert line._minperiod == 12
    for i in range(11, 80):
        y, x = (closes[i - 11 : i + 1] for closes in CLOSES)
        slope, intercept = numpy.polyfit(x, y, 1)
        assert line.slope.array[i] == pytest.approx(slope, rel=1e-9)
        assert line.intercept.array[i] == pytest.approx(intercept, rel=1e-9)
        assert beta.beta.array[i] == line.slope.array[i]
    assert all(math.isnan(v) for v in list(line.slope.array)[:11])


@pytest.mark.parametrize("mode", MODES, ids=str)
def test_regression_over_prices_that_stand_still_or_are_missing(mode: dict[str, Any]) -> None:
    y = priced([1.0, 2.0, 3.0, 4.0, 5.0, math.nan, 7.0, 8.0, 9.0, 10.0])
    x = priced([5.0, 5.0, 5.0, 5.0, 6.0, 7.0, 8.0, 9.0, 10.0, 11.0])
    line = run(lambda s: bt.ind.OLS_Slope_InterceptN(s.data0, s.data1, period=3), y, x, **mode)
    slope, intercept = list(line.slope.array), list(line.intercept.array)
    assert slope[3] * 5.0 + intercept[3] == pytest.approx(3.0)  # the mean, whatever the slope
    assert [math.isnan(v) for v in slope] == [True] * 2 + [False] * 3 + [True] * 3 + [False] * 2
    assert slope[9] == pytest.approx(1.0)


def test_many_windows_are_those_of_one() -> None:
    """More bars than are worked on at a time."""
    rows, other = daily(9000, 5), daily(9000, 6)
    for make in (
        lambda s: bt.ind.OLS_Slope_InterceptN(s.data0, s.data1),
        lambda s: bt.ind.Hurst(s.data0, period=12),
        lambda s: bt.studies.Fractal(s.data0),
    ):
        batch, stepped = run(make, rows, other), run(make, rows, other, runonce=False)
        for a, b in zip(batch.lines, stepped.lines):
            assert list(a.array) == pytest.approx(list(b.array), rel=1e-12, abs=1e-15, nan_ok=True)


def test_transformation_is_made_of_the_line() -> None:
    found = run(lambda s: bt.ind.OLS_TransformationN(s.data0, s.data1))
    line = run(lambda s: bt.ind.OLS_Slope_InterceptN(s.data0, s.data1))
    for i in range(30, 80):
        spread = CLOSES[0][i] - (line.slope.array[i] * CLOSES[1][i] + line.intercept.array[i])
        assert found.spread.array[i] == spread
        mean, deviation = found.spread_mean.array[i], found.spread_std.array[i]
        assert found.zscore.array[i] == (spread - mean) / deviation


def test_cointegration_says_what_it_lacks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "statsmodels", None)
    monkeypatch.setitem(sys.modules, "statsmodels.tsa.stattools", None)
    with pytest.raises(OptionalPackageError, match=r"CointN needs the package 'statsmodels'"):
        run(lambda s: bt.ind.CointN(s.data0, s.data1))


def test_cointegration() -> None:
    pytest.importorskip("statsmodels")
    noise = random.Random(3)
    together = priced([2.0 * close + noise.gauss(0.0, 1.0) for close in CLOSES[0]])
    found = run(lambda s: bt.ind.CointN(s.data0, s.data1, period=60), FIRST, together)
    assert found.pvalue.array[79] < 0.01
    missing = priced([*CLOSES[1][:70], math.nan, *CLOSES[1][71:]])
    for still in (FIRST, priced([5.0] * 80)):  # nothing to test: no error
        found = run(lambda s: bt.ind.CointN(s.data0, s.data1, period=20), still, missing)
        assert math.isnan(found.score.array[79])
    with pytest.raises(ValueError, match="trend must be 'n', 'c', 'ct' or 'ctt', not 'x'"):
        run(lambda s: bt.ind.CointN(s.data0, s.data1, trend="x"))


def test_hurst_exponents() -> None:
    noise = random.Random(4)
    back_and_forth = priced([100.0 + noise.random() for _ in range(80)])
    exponent = run(lambda s: bt.ind.HurstExponent(s.data), back_and_forth).hurst.array[79]
    assert exponent < 0.2
    assert math.isnan(run(lambda s: bt.ind.HurstExponent(s.data), priced([7.0] * 80)).hurst.array[79])
    assert math.isnan(run(lambda s: bt.ind.Hurst(s.data, period=10, lag_end=12)).hurst.array[79])
    with pytest.raises(ValueError, match=r"no lags between .*period=5"):
        run(lambda s: bt.ind.Hurst(s.data, period=5))


@pytest.mark.parametrize("mode", MODES, ids=str)
def test_fractals_mark_bars_that_stand_out(mode: dict[str, Any]) -> None:
    found = run(lambda s: bt.studies.Fractal(s.data, bardist=0.0), FIRST, **mode)
    highs, lows = [row[2] for row in FIRST], [row[3] for row in FIRST]
    for line, prices, beyond in (
        (found.fractal_bearish, highs, lambda a, b: a > b),
        (found.fractal_bullish, lows, lambda a, b: a < b),
    ):
        for i in range(2, 78):
            before, after = prices[i - 2 : i], prices[i + 1 : i + 3]
            stands_out = all(beyond(prices[i], p) for p in before) and not any(
                beyond(p, prices[i]) for p in after
            )
            assert (line.array[i] == prices[i]) == stands_out
            assert math.isnan(line.array[i]) != stands_out


@pytest.mark.parametrize("mode", MODES, ids=str)
def test_band_and_distance_of_the_zero_lag_indicator(mode: dict[str, Any]) -> None:
    """NaN, and the indicator itself, in the original."""
    plain = run(lambda s: bt.ind.ZeroLagIndicator(s.data, period=7), **mode)
    bands = run(lambda s: bt.ind.ZeroLagIndicatorEnvelope(s.data, period=7, perc=10.0), **mode)
    distance = run(lambda s: bt.ind.ZeroLagIndicatorOscillator(s.data, period=7), **mode)
    for i in range(6, 80):
        value = plain.ec.array[i]
        assert [bands.ec.array[i], bands.top.array[i]] == [value, value * 1.1]
        assert bands.bot.array[i] == value * 0.9
        assert distance.ec.array[i] == CLOSES[0][i] - value


def test_zero_lag_indicator_follows() -> None:
    found = run(lambda s: bt.ind.ZeroLagIndicator(s.data, period=7))
    errors = [abs(a - b) for a, b in zip(list(found.ec.array)[6:], CLOSES[0][6:])]
    steps = [abs(a - b) for a, b in pairwise(CLOSES[0])]
    assert sum(errors) / len(errors) < sum(steps) / len(steps)
