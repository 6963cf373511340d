"""Ratios worked out from returns: Sharpe, returns, statistics, Calmar, variability-weighted."""

from __future__ import annotations

import datetime as dt
import math
import statistics
from typing import Any

import pytest

from backtrader import analyzers
from backtrader.lines.timeframe import TimeFrame as T
from tests.unit.analyzers.stand import Stand

DAYS = [dt.datetime(2020, 1, 1) + dt.timedelta(days=d) for d in range(4)]
VALUES = [100.0, 110.0, 99.0, 108.9]
RETURNS = [0.0, 110.0 / 100.0 - 1, 99.0 / 110.0 - 1, 108.9 / 99.0 - 1]


def result(cls: Any, values: list[float] = VALUES, **kwargs: Any) -> Any:
    stand = Stand(DAYS[: len(values)], values)
    analyzer = stand.add(cls, **kwargs)
    stand.run()
    return analyzer.get_analysis()


def sharpe(**kwargs: Any) -> Any:
    return result(analyzers.SharpeRatio, timeframe=T.Days, **kwargs)["sharperatio"]


def test_sharpe_of_daily_returns() -> None:
    rate = 1.01 ** (1 / 252) - 1
    expected = (statistics.mean(RETURNS) - rate) / statistics.pstdev(RETURNS)
    assert sharpe() == pytest.approx(expected, rel=1e-12)
    assert sharpe(annualize=True) == pytest.approx(math.sqrt(252) * expected, rel=1e-12)
    assert result(analyzers.SharpeRatio_A, timeframe=T.Days)["sharperatio"] == sharpe(annualize=True)


def test_sharpe_of_a_sample_and_with_a_factor_of_ones_own() -> None:
    rate = 1.03 ** (1 / 365) - 1
    expected = (statistics.mean(RETURNS) - rate) / statistics.stdev(RETURNS)
    assert sharpe(stddev_sample=True, factor=365, riskfreerate=0.03) == pytest.approx(expected, rel=1e-12)
    assert sharpe(stddev_sample=True, daysfactor=365, riskfreerate=0.03) == pytest.approx(expected, rel=1e-12)


def test_sharpe_of_returns_made_yearly() -> None:
    yearly = [(1 + one) ** 12 - 1 for one in RETURNS]
    expected = (statistics.mean(yearly) - 0.01) / statistics.pstdev(yearly)
    assert sharpe(convertrate=False, factor=12) == pytest.approx(expected, rel=1e-12)


def test_sharpe_that_cannot_be_computed_is_none() -> None:
    assert result(analyzers.SharpeRatio)["sharperatio"] is None  # one year
    assert result(analyzers.SharpeRatio, stddev_sample=True)["sharperatio"] is None


def test_returns() -> None:
    found = result(analyzers.Returns)
    total = math.log(1.089)
    assert found["rtot"] == pytest.approx(total)
    assert found["ravg"] == pytest.approx(total / 4)
    assert found["rnorm"] == pytest.approx(math.exp(total / 4 * 252) - 1)
    assert found["rnorm100"] == found["rnorm"] * 100
    assert result(analyzers.Returns, tann=12)["rnorm"] == pytest.approx(math.exp(total / 4 * 12) - 1)


def test_returns_of_a_lost_account() -> None:
    assert result(analyzers.Returns, [100.0, -5.0])["rnorm"] == float("-inf")


def test_statistics_of_periods() -> None:
    found = result(analyzers.PeriodStats, timeframe=T.Days)
    assert (found["positive"], found["negative"], found["nochange"]) == (2, 1, 1)
    assert (found["best"], found["worst"]) == (max(RETURNS), min(RETURNS))
    assert found["stddev"] == pytest.approx(statistics.pstdev(RETURNS))
    found = result(analyzers.PeriodStats, timeframe=T.Days, zeroispos=True)
    assert (found["positive"], found["nochange"]) == (3, 0)


def test_calmar_is_missing_until_there_are_enough_periods() -> None:
    found = result(analyzers.Calmar, timeframe=T.Days, period=2)
    assert list(found) == DAYS
    ratios = list(found.values())
    assert ratios[1] == math.log(110.0 / 100.0) / 2 / float("inf")
    assert ratios[2] == math.log(99.0 / 110.0) / 2 / 10.0
    assert math.isnan(list(result(analyzers.Calmar, timeframe=T.Days, period=36).values())[-1])


def test_steady_growth_keeps_its_return() -> None:
    steady = [100.0 * 1.01**i for i in range(4)]
    kept = result(analyzers.VWR, steady, tann=12.0)["vwr"]
    uneven = result(analyzers.VWR, [100.0, 104.0, 98.0, steady[-1]], tann=12.0)["vwr"]
    assert uneven < kept < result(analyzers.Returns, steady, tann=12.0)["rnorm100"]


def test_time_draw_down_counts_periods() -> None:
    found = result(analyzers.TimeDrawDown, [100.0, 90.0, 95.0, 120.0])
    assert found == {"maxdrawdown": 10.0, "maxdrawdownperiod": 2}


def test_rolling_returns_of_several_periods() -> None:
    found = list(result(analyzers.LogReturnsRolling, timeframe=T.Days, compression=2).values())
    assert found[1] == math.log(110.0 / 100.0)
    assert found[2] == math.log(99.0 / 100.0)
    assert found[3] == math.log(108.9 / 110.0)
