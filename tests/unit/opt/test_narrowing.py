"""Ranges drawn closer around the best: always within the old ones, never without the best."""

from __future__ import annotations

import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backtrader.opt.narrowing import narrow, space_of
from backtrader.opt.space import ParamSpace
from backtrader.opt.trials import AnalysisError, Trials
from tests.unit.opt.made import bowl, mixed

SPACE = ParamSpace(
    constraints=["fast < slow"],
    fast=(5, 50, 5),
    slow=(10, 200),
    rate=("log", 0.001, 1.0, 10),
    width={"range": (1.0, 3.0), "when": {"band": ["wide", "wider"]}},
    band=["none", "wide", "wider"],
    stake=10,
    triple={"value": lambda p: 3 * p["fast"]},
)


def _entries(seed: int, count: int = 60) -> list[dict[str, Any]]:
    generator = random.Random(seed)
    return [{"params": params, "score": generator.random()} for params in SPACE.sample(count, seed)]


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 1000), st.floats(0.02, 1.0), st.floats(0.0, 0.5))
def test_the_new_space_is_within_the_old_and_has_the_best_in_it(
    seed: int, share: float, margin: float
) -> None:
    entries = _entries(seed)
    found = narrow(SPACE, entries, share, margin=margin)
    for name, old in SPACE.dimensions.items():
        new = found.dimensions[name]
        assert new.kind == old.kind and new.when == old.when and new.log == old.log and new.step == old.step
        if old.kind in ("int", "float"):
            assert old.low <= new.low <= new.high <= old.high
        elif old.kind == "choice":
            assert set(new.choices) <= set(old.choices)
    best = max(entries, key=lambda entry: entry["score"])["params"]
    assert all(found.dimensions[n].contains(v) for n, v in best.items() if n not in ("triple",))
    assert found.complete(best) == best
    for params in found.sample(20, seed):
        assert SPACE.complete(params) == params and params["fast"] < params["slow"]


def test_a_grid_closes_in_on_the_top() -> None:
    space = ParamSpace(a=(5, 30, 5), b=(20, 100, 10))
    found = narrow(space, bowl(), share=0.05, margin=0.0)
    assert found.dimensions["a"].values() == [10, 15, 20]
    assert 60 in found.dimensions["b"].values() and len(found.dimensions["b"].values()) < 9


def test_less_may_be_better() -> None:
    entries = [{"params": {"p": p}, "score": float(p)} for p in range(10)]
    space = ParamSpace(p=(0, 9))
    assert narrow(space, entries, 0.2, maximize=False, margin=0).dimensions["p"].values() == [0, 1, 2]
    assert narrow(space, entries, 0.2, maximize=True, margin=0).dimensions["p"].values() == [7, 8, 9]


def test_choices_that_are_not_among_the_best_are_dropped() -> None:
    entries = [{"params": {"k": k, "p": p}, "score": p + 10 * (k == "b")} for k in "abc" for p in range(10)]
    assert narrow(ParamSpace(k=list("abc"), p=(0, 9)), entries).dimensions["k"].choices == ("b",)


def test_without_a_space_it_is_the_one_the_entries_span() -> None:
    found = space_of(Trials(mixed()))
    kinds = {name: dimension.kind for name, dimension in found.dimensions.items()}
    assert kinds == {"zeta": "int", "band": "choice", "alpha": "float", "width": "float"}
    narrowed = narrow(None, mixed(), 0.1)
    assert narrowed.dimensions["zeta"].low < 20 < narrowed.dimensions["zeta"].high
    assert narrowed.dimensions["zeta"].high - narrowed.dimensions["zeta"].low < 30


def test_steps_are_found_in_the_entries() -> None:
    assert space_of(Trials(bowl())).dimensions["b"].values() == list(range(20, 101, 10))


def test_what_cannot_be_is_said() -> None:
    with pytest.raises(AnalysisError, match="share is"):
        narrow(SPACE, _entries(1), 0.0)
    with pytest.raises(AnalysisError, match="nothing to analyse: no entries"):
        narrow(SPACE, [])
