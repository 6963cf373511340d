"""Two searches or sets of parameters side by side, and whether chance explains the difference."""

from __future__ import annotations

import json
import math
from typing import Any

import numpy as np
import pytest
from scipy import stats

from backtrader.errors import UnknownParameterError
from backtrader.opt.comparison import compare, compare_params, paired_bootstrap
from backtrader.opt.job import job_of
from backtrader.opt.study import Study
from backtrader.opt.trials import AnalysisError
from tests.unit.opt.made import Cross, bowl, prices


def _pair(edge: float, count: int = 750, seed: int = 1) -> tuple[Any, Any]:
    generator = np.random.default_rng(seed)
    common = generator.normal(0, 0.008, count)
    one = common + generator.normal(0.0003, 0.004, count)
    return one, common + generator.normal(0.0003 + edge, 0.004, count)


def test_the_same_returns_do_not_differ() -> None:
    one, _ = _pair(0.0)
    found = paired_bootstrap(one, one)
    assert found.sharpe_difference == found.mean_difference == 0.0
    assert found.p_value == found.mean_p_value == 1.0 and found.correlation == pytest.approx(1.0)


def test_a_large_difference_is_no_chance_and_a_small_one_may_be() -> None:
    assert paired_bootstrap(*_pair(0.001)).p_value < 0.005
    assert paired_bootstrap(*_pair(0.00002, seed=2)).p_value > 0.1
    found = paired_bootstrap(*_pair(0.001))
    assert found.low < found.sharpe_difference < found.high and found.low > 0


# For normal returns without memory the ratio's difference has a variance that Jobson and Korkie (1981), as
# corrected by Memmel (2003), give in closed form; the bootstrap of single returns must come to the same.
@pytest.mark.parametrize("edge", [0.0002, 0.0004])
def test_the_p_value_is_that_of_memmel(edge: float) -> None:
    one, other = _pair(edge, 2000, seed=3)
    a, b = one.mean() / one.std(ddof=1), other.mean() / other.std(ddof=1)
    rho = np.corrcoef(one, other)[0, 1]
    variance = (2 - 2 * rho + 0.5 * (a * a + b * b - 2 * a * b * rho * rho)) / len(one)
    expected = 2 * stats.norm.sf(abs(b - a) / math.sqrt(variance))
    found = paired_bootstrap(one, other, resamples=8000, block=1)
    assert found.p_value == pytest.approx(expected, abs=0.02)
    paired = stats.ttest_rel(other, one).pvalue
    assert found.mean_p_value == pytest.approx(paired, abs=0.02)


def test_where_there_is_no_difference_small_p_values_are_rare() -> None:
    values = [paired_bootstrap(*_pair(0.0, 300, seed), resamples=300).p_value for seed in range(60)]
    assert np.mean(np.array(values) < 0.1) < 0.25 and 0.3 < np.mean(values) < 0.7


def test_the_same_seed_draws_the_same() -> None:
    pair = _pair(0.0002)
    assert paired_bootstrap(*pair, seed=7) == paired_bootstrap(*pair, seed=7)
    assert paired_bootstrap(*pair, seed=7) != paired_bootstrap(*pair, seed=8)


def test_stretches_are_as_long_as_they_should_be() -> None:
    from backtrader.opt.comparison import _places

    places = _places(np.random.default_rng(1), 400, 500, 8.0)
    follows = (places[:, 1:] - places[:, :-1]) % 500 == 1
    assert 1 / (1 - follows.mean()) == pytest.approx(8.0, rel=0.05)
    assert np.bincount(places.ravel(), minlength=500).std() / 400 < 0.15  # every return as often


def test_two_studies_are_compared_by_their_best() -> None:
    job = job_of(Cross, prices(400), keep_returns=True, cash=20_000.0)
    fast = Study(job, {"fast": [3, 5], "slow": [15, 20]}, "sharpe_ratio").run()
    slow = Study(job, {"fast": [10, 12], "slow": [40, 50]}, "sharpe_ratio").run()
    found = compare(fast, slow, names=("fast", "slow"))
    rows = {row.name: row for row in [*found.params, *found.metrics, *found.searches]}
    assert (rows["fast"].a, rows["fast"].b) == (fast.best_params["fast"], slow.best_params["fast"])
    sharpe = rows["sharpe_ratio"]
    assert sharpe.difference == pytest.approx(slow.best_score - fast.best_score)
    assert sharpe.better == ("b" if slow.best_score > fast.best_score else "a")
    fall = rows["max_drawdown_pct"]
    assert (fall.better == "b") == (fall.b < fall.a) and fall.unit == "%"
    assert rows["entries"].a == 4 and not math.isnan(rows["overfitting"].a)
    assert found.significance is not None and found.significance.periods == 400
    assert found.significance.sharpe_difference == pytest.approx(sharpe.difference, rel=1e-4)
    assert json.loads(json.dumps(found.as_dict()))["verdict"] == found.verdict
    assert "sharpe_ratio" in str(found) and found.verdict in str(found)


def test_two_sets_of_parameters_are_run_and_compared() -> None:
    found = compare_params(
        Cross, prices(400), {"fast": 3}, {"fast": 8}, names=("quick", "slow"), cash=20_000.0
    )
    assert [(row.name, row.a, row.b) for row in found.params] == [("fast", 3, 8)]
    assert not found.searches and found.significance is not None and found.names == ("quick", "slow")
    with pytest.raises(UnknownParameterError, match="did you mean 'fast'"):
        compare_params(Cross, prices(50), {"fats": 3}, {"fast": 8})


def test_a_run_that_fails_says_whose() -> None:
    class Picky(Cross):
        def __init__(self) -> None:
            assert self.p.fast > 5, "too quick"
            super().__init__()

    with pytest.raises(AnalysisError, match=r"(?s)the run of a failed.*too quick"):
        compare_params(Picky, prices(50), {"fast": 3}, {"fast": 8})


def test_without_returns_chance_is_not_judged() -> None:
    found = compare(bowl(), bowl(noise=0.2))
    assert found.significance is None and "returns were not kept" in found.notes[0]
    assert found.verdict.startswith("not known")
    apart = compare(bowl()[0], bowl()[1], returns=(np.zeros(30), np.zeros(31)))
    assert "not of the same periods" in apart.notes[0]
    with pytest.raises(AnalysisError, match="too few"):
        paired_bootstrap([0.1] * 5, [0.2] * 5)


def test_what_has_no_difference_has_none() -> None:
    one = {"params": {"k": "a", "p": 1, "flag": True}, "score": 1.0, "metrics": {"profit_factor": math.inf}}
    other = {
        "params": {"k": "b", "q": 2, "flag": False},
        "score": 1.0,
        "metrics": {"profit_factor": math.inf},
    }
    rows = {row.name: row for row in compare(one, other).params}
    assert all(math.isnan(row.difference) for row in rows.values()) and rows["q"].a is None
    factor = {row.name: row for row in compare(one, other).metrics}["profit_factor"]
    assert math.isnan(factor.difference) and factor.better == ""
