"""Fronts and the volume below them: against the definition, and against Optuna's volumes."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from optuna._hypervolume import compute_hypervolume

from backtrader.opt.pareto import hypervolume, non_dominated, pareto_front
from backtrader.opt.trials import AnalysisError, Trials

TABLES = st.integers(1, 4).flatmap(
    lambda width: st.lists(
        st.lists(st.integers(0, 6), min_size=width, max_size=width), min_size=1, max_size=25
    )
)


def _dominates(one: Any, other: Any) -> bool:
    return all(a <= b for a, b in zip(one, other)) and any(a < b for a, b in zip(one, other))


@settings(max_examples=150, deadline=None)
@given(TABLES)
def test_the_front_is_what_nothing_dominates(rows: list[list[int]]) -> None:
    expected = [i for i, row in enumerate(rows) if not any(_dominates(other, row) for other in rows)]
    assert non_dominated(rows).tolist() == expected


@settings(max_examples=100, deadline=None)
@given(TABLES)
def test_volumes_are_those_of_optuna(rows: list[list[int]]) -> None:
    corner = [5.5] * len(rows[0])
    inside = [row for row in rows if max(row) < 5.5]
    expected = compute_hypervolume(np.array(inside, float), np.array(corner)) if inside else 0.0
    assert hypervolume(rows, corner) == pytest.approx(expected)


def test_volumes_of_real_numbers_in_two_and_three_dimensions_are_those_of_optuna() -> None:
    for width in (2, 3):
        points = np.random.default_rng(width).normal(size=(60, width))
        corner = points.max(axis=0) + 0.1
        expected = compute_hypervolume(points, corner)
        assert hypervolume(points, corner) == pytest.approx(expected, rel=1e-12)


def test_a_volume_that_can_be_seen() -> None:
    assert hypervolume([(1, 3), (2, 2), (3, 1)], (4, 4)) == 3 + 2 + 1
    assert hypervolume([(1, 1, 1)], (2, 3, 4)) == 6
    assert hypervolume([(5, 5)], (4, 4)) == 0


ENTRIES = [
    {"params": {"p": 1}, "score": 1, "metrics": {"gain": 3.0, "risk": 3.0}},
    {"params": {"p": 2}, "score": 1, "metrics": {"gain": 2.0, "risk": 1.0}},
    {"params": {"p": 3}, "score": 1, "metrics": {"gain": 2.0, "risk": 2.0}},
    {"params": {"p": 4}, "score": 1, "metrics": {"gain": 9.0, "risk": math.nan}},
    {"params": {"p": 5}, "score": 1, "metrics": {"gain": 9.0, "risk": 0.0}, "state": "failed"},
    {"params": {"p": 6}, "score": 1, "metrics": {"gain": 9.0, "risk": 0.0}, "valid": False},
]


def test_entries_on_the_front_come_by_the_first_objective() -> None:
    found = pareto_front(Trials(ENTRIES), [("gain", "max"), ("risk", "min")])
    assert [entry.params["p"] for entry in found] == [1, 2]


@pytest.mark.parametrize(
    ("objectives", "said"),
    [
        ([("gain", "up")], "'max' or 'min'"),
        ([], "at least one objective"),
        ([("gian", "max")], "mean 'gain'"),
    ],
)
def test_objectives_that_mean_nothing_are_said(objectives: Any, said: str) -> None:
    with pytest.raises(AnalysisError, match=said):
        pareto_front(Trials(ENTRIES), objectives)
