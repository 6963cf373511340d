"""Scores out of metrics."""

from __future__ import annotations

import math

import pytest

from backtrader.opt.objective import (
    Constraint,
    MaxDrawdownConstraint,
    MinTradesConstraint,
    ObjectiveError,
    ObjectiveFunction,
)

RUN = {"profit_factor": 1.5, "sharpe_ratio": 2.0, "trades": 12.0, "max_drawdown_pct": 20.0, "sqn": math.nan}


def test_without_arguments_it_is_the_profit_factor() -> None:
    assert ObjectiveFunction().evaluate(RUN) == (1.5, True)


def test_one_metric_weights_or_a_function() -> None:
    assert ObjectiveFunction("sharpe_ratio").evaluate(RUN) == (2.0, True)
    weights = {"sharpe_ratio": 2.0, "max_drawdown_pct": -0.1}
    assert ObjectiveFunction(weights=weights).evaluate(RUN) == (2.0, True)
    product = ObjectiveFunction(custom_func=lambda m: m["profit_factor"] * m["sharpe_ratio"])
    assert product.evaluate(RUN) == (3.0, True)
    with pytest.raises(ObjectiveError, match="choose one"):
        ObjectiveFunction("sqn", weights={"sqn": 1.0})


@pytest.mark.parametrize(
    ("constraint", "counts"),
    [
        (MinTradesConstraint(), True), (MinTradesConstraint(13), False),
        (MaxDrawdownConstraint(), True), (MaxDrawdownConstraint(max_dd_pct=19.9), False),
        (Constraint(lambda m: m["sharpe_ratio"] > 3), False),
    ],
)  # fmt: skip
def test_constraints_decide_whether_it_counts(constraint: Constraint, counts: bool) -> None:
    assert constraint.check(RUN) is counts
    assert ObjectiveFunction(constraints=[constraint]).evaluate(RUN) == (1.5, counts)


def test_no_number_does_not_count_and_is_never_better() -> None:
    objective = ObjectiveFunction("sqn")
    score, valid = objective.evaluate(RUN)
    assert math.isnan(score) and not valid
    assert not objective.is_better(score, -1e9)
    assert objective.is_better(-1e9, score)


def test_what_is_to_be_small_is_better_smaller() -> None:
    objective = ObjectiveFunction(False, custom_func=lambda m: m["max_drawdown_pct"])
    assert objective.is_better(1.0, 2.0) and not objective.is_better(2.0, 1.0)
    assert ObjectiveFunction().is_better(2.0, 1.0)


def test_an_unknown_metric_names_the_nearest() -> None:
    with pytest.raises(ObjectiveError, match="'sharp_ratio'; did you mean 'sharpe_ratio'"):
        ObjectiveFunction("sharp_ratio").evaluate(RUN)
