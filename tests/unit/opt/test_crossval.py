"""Cross-validation of a search: the choice knows nothing of what it is judged by."""

from __future__ import annotations

import json
import math
from typing import Any

import numpy as np
import pytest

import backtrader as bt
from backtrader.opt.crossval import CrossValidation, cross_validate, metrics_of_returns
from backtrader.opt.folds import purged_kfold
from backtrader.opt.job import job_of
from backtrader.opt.space import SpaceError
from backtrader.opt.trials import AnalysisError
from tests.unit.opt.made import Cross, prices

SPACE = {"fast": [3, 6, 9], "slow": [15, 30]}


def _validate(**options: Any) -> CrossValidation:
    return cross_validate(Cross, prices(500), **({"space": SPACE, "cash": 20_000.0} | options))


def _returns() -> dict[tuple[int, int], Any]:
    job = job_of(Cross, prices(500), keep_returns=True, cash=20_000.0)
    found = {}
    for fast in SPACE["fast"]:
        for slow in SPACE["slow"]:
            outcome = job.run({"fast": fast, "slow": slow})
            found[fast, slow] = np.frombuffer(outcome.returns, dtype=np.float32).astype(float)
    return found


def _sharpe(returns: Any) -> float:
    return float(returns.mean() / returns.std(ddof=1) * math.sqrt(252))


def test_each_fold_judges_what_was_best_elsewhere() -> None:
    result, returns = _validate(folds=4, purge=5, embargo=10), _returns()
    for fold, split in zip(result.folds, purged_kfold(500, 4, 5, 10), strict=True):
        inside = {key: _sharpe(column[split.train]) for key, column in returns.items()}
        best = max(inside, key=lambda key: inside[key])
        assert fold.params == {"fast": best[0], "slow": best[1]}
        assert fold.in_score == pytest.approx(inside[best])
        outside = {key: _sharpe(column[split.test]) for key, column in returns.items()}
        assert fold.out_score == pytest.approx(outside[best])
        beaten = sum(score < outside[best] for score in outside.values())
        assert fold.rank == pytest.approx(beaten / 5)
        assert fold.chosen_from == len(split.train)
        np.testing.assert_array_equal(fold.returns, returns[best][split.test])
    assert result.decay == pytest.approx(np.mean([f.in_score - f.out_score for f in result.folds]))
    assert result.overfitting == np.mean([fold.rank < 0.5 for fold in result.folds])


def test_the_judged_parts_make_a_whole_course_of_time() -> None:
    result = _validate(folds=5)
    assert len(result.paths) == 1
    np.testing.assert_array_equal(result.paths[0], np.concatenate([fold.returns for fold in result.folds]))
    assert result.metrics["sharpe_ratio"] == pytest.approx(_sharpe(result.paths[0]))
    begins = [fold.stretches[0][0] for fold in result.folds]
    assert begins == [prices(500).index[100 * n] for n in range(5)]


def test_many_courses_of_time_from_combinations_of_parts() -> None:
    result = _validate(folds=6, test_folds=2)
    assert len(result.folds) == 15 and [len(path) for path in result.paths] == [500] * 5
    # the first part of the first course comes from the first split that judges it
    first = next(fold for fold in result.folds if 0 in fold.groups)
    np.testing.assert_array_equal(result.paths[0][:83], first.returns[:83])
    assert len({metrics["sharpe_ratio"] for metrics in result.path_metrics}) > 1


def test_returns_that_nobody_judges_by_do_not_matter() -> None:
    # what comes in the last fold changes neither the choice that is judged there nor its score inside
    frame = prices(500)
    changed = frame.copy()
    changed.iloc[400:] = changed.iloc[400:].mul(np.exp(np.random.default_rng(1).normal(0, 0.1, 100)), axis=0)
    one, other = (cross_validate(Cross, data, SPACE, cash=20_000.0) for data in (frame, changed))
    assert one.folds[4].params == other.folds[4].params
    assert one.folds[4].in_score == other.folds[4].in_score
    assert one.folds[4].out_score != other.folds[4].out_score


@pytest.mark.parametrize("metric", ["total_return", "sortino_ratio", "min:max_drawdown_pct", "volatility"])
def test_objectives_that_returns_tell(metric: str) -> None:
    result = _validate(objective=metric)
    assert all(math.isfinite(fold.in_score) for fold in result.folds)
    if metric.startswith("min:"):
        assert result.objective.maximize is False


def test_metrics_of_returns_are_those_of_a_run() -> None:
    job = job_of(Cross, prices(500), keep_returns=True, cash=20_000.0)
    outcome = job.run({"fast": 3, "slow": 15})
    returns = np.frombuffer(outcome.returns or b"", dtype=np.float32)
    found = metrics_of_returns(returns, 252.0)
    for name in (
        "total_return",
        "annual_return",
        "sharpe_ratio",
        "sortino_ratio",
        "max_drawdown_pct",
        "calmar_ratio",
    ):
        assert found[name] == pytest.approx(outcome.metrics[name], rel=1e-4)
    assert math.isnan(found["trades"]) and math.isnan(found["profit_factor"])


def test_a_factory_is_validated_as_well() -> None:
    def factory(params: Any) -> Any:
        cerebro = bt.Cerebro(stdstats=False)
        cerebro.adddata(bt.feeds.PandasData(dataname=prices(500)))
        cerebro.addstrategy(Cross, **params)
        cerebro.broker.setcash(20_000.0)
        return cerebro

    found = cross_validate(space=SPACE, cerebro_factory=factory)
    assert found.rows() == _validate().rows()
    with pytest.raises(SpaceError, match="give one"):
        cross_validate(cerebro_factory=factory)


def test_it_is_plain_data() -> None:
    assert json.loads(json.dumps(_validate(folds=3).as_dict()))["folds"][1]["fold"] == 1


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"objective": "profit_factor"}, "profit_factor cannot be told from the returns"),
        ({"sampler": "tpe", "n_trials": 4}, "learns from results"),
        ({"purge": 400}, "leave nothing to choose by"),
    ],
)
def test_what_would_not_be_honest_is_refused(options: Any, said: str) -> None:
    with pytest.raises(AnalysisError, match=said):
        _validate(**options)
