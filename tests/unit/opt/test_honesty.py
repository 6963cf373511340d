"""Statistics against over-fitting reproduce what their authors printed."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from backtrader.opt.honesty import (
    deflated_sharpe,
    effective_trials,
    expected_maximum_sharpe,
    haircut_sharpe,
    minimum_backtest_years,
    minimum_track_record,
    moments_of,
    probabilistic_sharpe,
)

# Bailey and López de Prado, "The Deflated Sharpe Ratio" (2014), section "A numerical example": an
# annualised ratio of 2.5 over 1250 days of 250 a year, variance of the trials' ratios 1/2, skewness -3,
# kurtosis 10.
SHARPE, VARIANCE, DAYS = 2.5 / math.sqrt(250), 0.5 / 250, 1250


def test_the_example_of_the_paper() -> None:
    assert expected_maximum_sharpe(VARIANCE, 100) == pytest.approx(0.1132, abs=5e-5)
    assert deflated_sharpe(SHARPE, VARIANCE, 100, DAYS, -3.0, 10.0) == pytest.approx(0.9004, abs=5e-5)


def test_the_example_with_fewer_trials() -> None:
    assert deflated_sharpe(SHARPE, VARIANCE, 46, DAYS, -3.0, 10.0) == pytest.approx(0.9505, abs=5e-5)


def test_the_example_with_normal_returns() -> None:
    assert deflated_sharpe(SHARPE, VARIANCE, 88, DAYS, 0.0, 3.0) == pytest.approx(0.9505, abs=5e-5)


def test_a_single_trial_is_not_deflated() -> None:
    assert deflated_sharpe(0.1, 1.0, 1, 500) == probabilistic_sharpe(0.1, 0.0, 500)


# Bailey and López de Prado, "The Sharpe Ratio Efficient Frontier" (2012): two years of monthly returns
# with a ratio of 0.458 a month look safe (0.982) until their skewness of -2.448 and kurtosis of 10.164
# are known (0.913).
def test_a_probability_falls_with_bad_tails_as_printed() -> None:
    assert probabilistic_sharpe(0.458, 0.0, 24) == pytest.approx(0.982, abs=5e-4)
    assert probabilistic_sharpe(0.458, 0.0, 24, -2.448, 10.164) == pytest.approx(0.913, abs=5e-4)


# The same paper: years needed to be 95 % sure that an annual ratio of 2 is above 1, for normal returns by
# day, week and month, and for monthly returns with the tails of hedge funds.
@pytest.mark.parametrize(
    ("per_year", "skew", "kurtosis", "years"),
    [(250, 0.0, 3.0, 2.73), (52, 0.0, 3.0, 2.83), (12, 0.0, 3.0, 3.24), (12, -0.72, 5.78, 4.99)],
)
def test_the_minimum_track_record_as_printed(
    per_year: int, skew: float, kurtosis: float, years: float
) -> None:
    root = math.sqrt(per_year)
    found = minimum_track_record(2 / root, 1 / root, 0.95, skew, kurtosis) / per_year
    assert found == pytest.approx(years, abs=0.005)


def test_a_track_record_as_long_as_needed_is_just_sure_enough() -> None:
    needed = minimum_track_record(0.1, 0.02, 0.9, -1.0, 6.0)
    assert probabilistic_sharpe(0.1, 0.02, math.ceil(needed), -1.0, 6.0) >= 0.9
    assert probabilistic_sharpe(0.1, 0.02, math.floor(needed), -1.0, 6.0) < 0.9
    assert minimum_track_record(0.01, 0.02) == math.inf


# Bailey, Borwein, López de Prado and Zhu, "Pseudo-Mathematics and Financial Charlatanism" (2014): the
# expected maximum of 10 trials is 1.57; with five years of data no more than 45 may be tried.
def test_luck_and_years_of_data_as_printed() -> None:
    assert expected_maximum_sharpe(1.0, 10) == pytest.approx(1.57, abs=0.006)
    assert minimum_backtest_years(45) < 5.0 < minimum_backtest_years(46)


def test_the_expected_maximum_is_what_simulation_gives() -> None:
    best = np.random.default_rng(1).normal(size=(20_000, 100)).max(axis=1).mean()
    assert expected_maximum_sharpe(1.0, 100) == pytest.approx(best, rel=0.02)


def test_moments_are_those_of_scipy() -> None:
    returns = np.random.default_rng(2).standard_t(5, 400) / 100 + 0.001
    found = moments_of([*returns, math.nan])
    assert found.count == 400
    assert found.sharpe == pytest.approx(returns.mean() / returns.std(ddof=1))
    assert found.skew == pytest.approx(stats.skew(returns))
    assert found.kurtosis == pytest.approx(stats.kurtosis(returns, fisher=False))


@pytest.mark.parametrize("returns", [[], [0.1], [0.0, 0.0, 0.0]])
def test_returns_that_do_not_vary_have_no_ratio(returns: list[float]) -> None:
    assert math.isnan(moments_of(returns).sharpe)


# Harvey and Liu, "Backtesting" (2015): the ratio whose single p-value is the p-value among many; Šidák's
# correction by the normal distribution of scipy.
def test_a_haircut_is_the_ratio_that_stays_as_surprising() -> None:
    sharpe, trials, count = 0.1, 200, 1250
    single = 2 * stats.norm.sf(sharpe * math.sqrt(count))
    expected = stats.norm.isf((1 - (1 - single) ** trials) / 2) / math.sqrt(count)
    assert haircut_sharpe(sharpe, trials, count) == pytest.approx(expected)
    assert haircut_sharpe(-sharpe, trials, count) == pytest.approx(-expected)


@settings(max_examples=60, deadline=None)
@given(st.floats(0.0, 0.5), st.integers(1, 5000), st.integers(20, 5000))
def test_a_haircut_only_takes_away_and_more_with_more_trials(sharpe: float, trials: int, count: int) -> None:
    found = haircut_sharpe(sharpe, trials, count)
    assert -1e-12 <= found <= sharpe + 1e-9
    assert haircut_sharpe(sharpe, trials + 1, count) <= found + 1e-12


# "The Deflated Sharpe Ratio", appendix: N trials with a mean correlation of r are worth r + (1 - r) N.
def test_trials_that_do_the_same_are_one() -> None:
    one = np.random.default_rng(3).normal(size=(500, 1))
    assert effective_trials(np.repeat(one, 12, axis=1)) == pytest.approx(1.0)


def test_correlated_trials_are_worth_less_as_printed() -> None:
    generator = np.random.default_rng(4)
    common = generator.normal(size=(4000, 1))
    table = math.sqrt(0.6) * common + math.sqrt(0.4) * generator.normal(size=(4000, 30))
    mean = (np.corrcoef(table.T).sum() - 30) / (30 * 29)
    assert effective_trials(table) == pytest.approx(mean + (1 - mean) * 30)
    assert 10 < effective_trials(table) < 15
