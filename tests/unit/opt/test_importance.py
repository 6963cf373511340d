"""Importance of parameters: against scipy for the analysis of variance, against Optuna for forests."""

from __future__ import annotations

import math
from itertools import permutations
from typing import Any

import numpy as np
import optuna
import pytest
from optuna.importance import (
    FanovaImportanceEvaluator,
    MeanDecreaseImpurityImportanceEvaluator,
    get_param_importances,
)
from scipy import stats

from backtrader.opt.importance import analysis_of_variance, forest_importance, parameter_importance
from backtrader.opt.space import ParamSpace
from backtrader.opt.trials import Trials
from tests.unit.opt.made import bowl, mixed

SPACE = ParamSpace(a=(1, 20), b=("log", 0.001, 1.0, 10), c=["x", "y"], d=(0.0, 1.0))


def _study(count: int = 80) -> Any:
    def objective(trial: Any) -> float:
        a = trial.suggest_int("a", 1, 20)
        b = trial.suggest_float("b", 0.001, 1.0, log=True)
        d = trial.suggest_float("d", 0.0, 1.0)
        bonus = 20.0 if trial.suggest_categorical("c", ["x", "y"]) == "x" else 0.0
        return float((a - 7) ** 2 + 5 * math.log(b) + bonus + d)

    study = optuna.create_study(sampler=optuna.samplers.RandomSampler(seed=1))
    study.optimize(objective, count)
    return study


# The reference is Optuna's implementation of Hutter, Hoos and Leyton-Brown, "An Efficient Approach for
# Assessing Hyperparameter Importance" (2014), and of the mean decrease of impurity.
@pytest.mark.parametrize(
    ("kind", "evaluator"),
    [("fanova", FanovaImportanceEvaluator), ("mean_decrease", MeanDecreaseImpurityImportanceEvaluator)],
)
def test_forests_give_the_numbers_of_optuna(kind: str, evaluator: Any) -> None:
    study = _study()
    entries = [{"params": trial.params, "score": trial.value} for trial in study.trials]
    expected = get_param_importances(study, evaluator=evaluator(seed=3))
    found = forest_importance(Trials(entries, space=SPACE), kind=kind, seed=3)
    assert found == pytest.approx(expected, rel=1e-12)


def test_without_a_space_its_bounds_are_those_of_the_entries() -> None:
    study = _study()
    entries = [{"params": trial.params, "score": trial.value} for trial in study.trials]
    found = forest_importance(Trials(entries))
    assert found == pytest.approx(
        get_param_importances(study, evaluator=FanovaImportanceEvaluator(seed=0)), abs=0.02
    )


@pytest.mark.parametrize("kind", ["fanova", "mean_decrease"])
@pytest.mark.parametrize("names", list(permutations("xyz")))
def test_the_order_of_parameters_does_not_matter(kind: str, names: tuple[str, ...]) -> None:
    generator = np.random.default_rng(1)
    rows = generator.uniform(size=(60, 3))
    entries = [
        {"params": {n: row["xyz".index(n)] for n in names}, "score": row[1] * 3 + row[2]} for row in rows
    ]
    found = forest_importance(Trials(entries), kind=kind)
    assert sorted(found, key=lambda name: -found[name]) == ["y", "z", "x"]


def test_an_analysis_of_variance_is_that_of_scipy() -> None:
    entries = bowl(noise=0.5)
    groups = [[e["score"] for e in entries if e["params"]["a"] == a] for a in range(5, 31, 5)]
    expected = stats.f_oneway(*groups)
    f_statistic, p_value, share, count = analysis_of_variance(Trials(entries), "a")
    assert f_statistic == pytest.approx(expected.statistic)
    assert p_value == pytest.approx(expected.pvalue)
    assert 0 < share < 1 and count == len(entries)


def test_many_values_are_put_into_groups_of_equal_size() -> None:
    values = np.arange(100)
    scores = np.random.default_rng(1).normal(size=100) + values / 50
    entries = [{"params": {"p": int(p)}, "score": score} for p, score in zip(values, scores)]
    groups = np.array_split(scores, 10)
    assert analysis_of_variance(Trials(entries), "p")[0] == pytest.approx(stats.f_oneway(*groups).statistic)


def test_the_parameter_that_decides_comes_first() -> None:
    found = parameter_importance(Trials(bowl(noise=0.02)))
    assert list(found) == ["a", "b"]
    assert found["a"].fanova > 0.9 and found["a"].mean_decrease > 0.9 and found["a"].importance > 0.9
    assert found["a"].p_value < 1e-20


def test_failures_choices_and_conditional_parameters_are_taken_as_they_are() -> None:
    trials = Trials(mixed())
    found = parameter_importance(trials)
    assert next(iter(found)) == "zeta" and set(found) == {"zeta", "alpha", "band", "width"}
    assert found["zeta"].mean_decrease > 0.8
    counted = [entry for entry in trials.good if "width" in entry.params]
    assert found["width"].entries == len(counted) < found["zeta"].entries == len(trials.good) == 170


def test_infinite_scores_are_left_out() -> None:
    entries = [*bowl(), {"params": {"a": 15, "b": 60}, "score": math.inf}]
    assert parameter_importance(Trials(entries))["a"].fanova > 0.9


@pytest.mark.parametrize("entries", [[], bowl()[:2], [e | {"score": 1.0} for e in bowl()]])
def test_nothing_to_tell_is_no_number_and_no_error(entries: Any) -> None:
    for each in parameter_importance(Trials(entries)).values():
        assert math.isnan(each.fanova) and not each.importance > 0.99


def test_a_perfect_split_has_no_chance() -> None:
    entries = [{"params": {"p": p}, "score": float(p)} for p in (1, 1, 2, 2)]
    assert analysis_of_variance(Trials(entries), "p")[:3] == (math.inf, 0.0, 1.0)


def test_many_entries_are_thinned_out_the_same_way_for_the_same_seed() -> None:
    entries = bowl(noise=0.1) * 3
    trials = Trials(entries)
    one, other = (forest_importance(trials, seed=5, most=40) for _ in range(2))
    assert one == other and one["a"] > 0.8


def test_optuna_is_left_as_talkative_as_it_was() -> None:
    before = optuna.logging.get_verbosity()
    forest_importance(Trials(bowl()))
    assert optuna.logging.get_verbosity() == before
