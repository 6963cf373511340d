"""Each sampler finds what is planted, keeps to the space, and says the same for the same seed."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backtrader.opt.codec import key_of
from backtrader.opt.entry import COMPLETE, FAILED, Entry
from backtrader.opt.samplers import (
    Sampler,
    SamplerError,
    make_sampler,
    register_sampler,
    sampler_names,
)
from backtrader.opt.samplers.units import Axis, Cube
from backtrader.opt.space import ParamSpace
from backtrader.opt.study import Study
from tests.unit.opt.fakes import FakeJob

ALL = ["grid", "random", "sobol", "halton", "tpe", "gp", "cmaes", "nsga2", "genetic"]
ADAPTIVE = ["tpe", "gp", "cmaes", "nsga2", "genetic"]

#: What a space may have: numbers with and without steps, choices, conditions, derived values, constraints.
RICH: dict[str, Any] = {
    "fast": (2, 40),
    "width": (0.5, 3.0),
    "rate": ("log", 0.001, 1.0, 7),
    "band": ["none", "wide", "narrow"],
    "depth": {"range": (1, 9, 2), "when": {"band": ["wide", "narrow"]}},
    "slow": {"value": lambda p: 3 * p["fast"]},
    "stake": 10,
    "constraints": ["fast * width < 60", lambda p: p["band"] != "narrow" or p["fast"] > 5],
}


def belongs(params: Mapping[str, Any]) -> bool:
    """Whether it is of the rich space, said without the space."""
    return (
        type(params["fast"]) is int and 2 <= params["fast"] <= 40
        and 0.5 <= params["width"] <= 3.0 and 0.001 <= params["rate"] <= 1.0
        and params["slow"] == 3 * params["fast"] and params["stake"] == 10
        and params["fast"] * params["width"] < 60
        and (params["band"] != "narrow" or params["fast"] > 5)
        and ("depth" in params) == (params["band"] != "none")
        and params.get("depth", 1) in (1, 3, 5, 7, 9)
    )  # fmt: skip


def rich_score(params: Mapping[str, Any]) -> float:
    """Highest, 0, at fast=21, width=1.5, rate=0.03, band=wide, depth=7."""
    away = (params["fast"] - 21) / 20, params["width"] - 1.5, (math.log10(params["rate"]) + 1.5) / 2
    worse = {"wide": abs(params.get("depth", 0) - 7) / 8, "narrow": 1.0, "none": 1.5}[params["band"]]
    return -sum(x * x for x in away) - worse


# -- finding ----------------------------------------------------------------------------------------------
@pytest.mark.parametrize("sampler", ["random", "sobol", "halton", "tpe", "gp", "cmaes", "genetic"])
def test_each_finds_a_planted_optimum(sampler: str) -> None:
    space = {"x": (0.0, 1.0), "y": (0.0, 1.0), "n": (1, 20)}

    def score(p: Mapping[str, Any]) -> float:
        return -((p["x"] - 0.3) ** 2) - (p["y"] - 0.8) ** 2 - ((p["n"] - 13) / 19) ** 2

    best = [
        Study(FakeJob(score), space, "sharpe", sampler=sampler, n_trials=120, seed=seed).run().best_score
        for seed in (1, 2, 3)
    ]
    # of 120 points by chance the best is about 0.03 away from the top; a model comes nearer
    assert sorted(best)[1] > (-0.005 if sampler in ADAPTIVE else -0.05)


def test_the_models_beat_chance() -> None:
    def median(sampler: str) -> float:
        found = [
            Study(FakeJob(rich_score), RICH, "sharpe", sampler=sampler, n_trials=100, seed=seed)
            .run()
            .best_score
            for seed in (1, 2, 3)
        ]
        return sorted(found)[1]

    chance = median("random")
    for sampler in ("tpe", "gp", "genetic"):
        assert median(sampler) > chance * 2 / 3, sampler  # scores are below 0


def test_nsga2_finds_both_ends_of_a_front() -> None:
    job = FakeJob(lambda p: {"sharpe_ratio": p["x"], "sqn": 1 - p["x"] ** 2 - abs(p["y"] - 0.5)})
    study = Study(
        job, {"x": (0.0, 1.0), "y": (0.0, 1.0)}, ["sharpe", "sqn"], sampler="nsga2", n_trials=300, seed=2
    )
    front = study.run().pareto_front()
    near = [entry for entry in front if entry.scores[1] > 1 - entry.scores[0] ** 2 - 0.1]
    assert len(near) >= 10
    assert min(e.scores[0] for e in near) < 0.2 and max(e.scores[0] for e in near) > 0.8


@pytest.mark.parametrize("acq", ["ei", "ucb", "poi"])
def test_the_acquisition_functions(acq: str) -> None:
    def score(p: Mapping[str, Any]) -> float:
        return -((p["x"] - 0.62) ** 2)

    options = {"acq": acq, "init_points": 5, "kappa": 1.0}
    result = Study(
        FakeJob(score), {"x": (0.0, 1.0)}, "sharpe", sampler="gp", sampler_options=options, n_trials=25
    ).run()
    assert result.best_params["x"] == pytest.approx(0.62, abs=0.02)


def test_a_large_kappa_looks_around() -> None:
    def spread(kappa: float) -> float:
        options = {"acq": "ucb", "init_points": 5, "kappa": kappa}
        job = FakeJob(lambda p: -((p["x"] - 0.9) ** 2))
        Study(job, {"x": (0.0, 1.0)}, "sharpe", sampler="gp", sampler_options=options, n_trials=20).run()
        late = [params["x"] for params in job.ran[5:]]
        return max(late) - min(late)

    assert spread(20.0) > 3 * spread(0.01)


@pytest.mark.parametrize("sampler", ["tpe", "gp", "genetic", "cmaes"])
def test_what_fails_or_breaks_a_limit_is_avoided(sampler: str) -> None:
    def run(params: Mapping[str, Any]) -> Any:
        if params["x"] > 0.5:
            raise ValueError("too far")
        return {"sharpe_ratio": params["x"] + 0.1 * params["y"]}

    job = FakeJob(run)
    space = {"x": (0.0, 1.0), "y": (0.0, 1.0)}
    Study(job, space, "sharpe", sampler=sampler, n_trials=100, max_failures=1.0, seed=3).run()
    late = sum(params["x"] > 0.5 for params in job.ran[-25:])
    assert late <= 15  # who takes failures for nothing goes on uphill, into all of them
    assert max(params["x"] for params in job.ran if params["x"] <= 0.5) > 0.45


# -- keeping to the space -----------------------------------------------------------------------------------
@pytest.mark.parametrize("sampler", [name for name in ALL if name != "grid"])
def test_all_of_a_rich_space_is_respected(sampler: str) -> None:
    job = FakeJob(rich_score)
    Study(job, RICH, "sharpe", sampler=sampler, n_trials=60, seed=5).run()
    assert len(job.ran) == 60 and all(belongs(params) for params in job.ran)
    assert len({key_of(params) for params in job.ran}) == 60


SPACES = st.fixed_dictionaries(
    {
        "a": st.one_of(
            st.tuples(st.integers(0, 3), st.integers(3, 9)),
            st.tuples(st.just("log"), st.floats(0.1, 1.0), st.floats(2.0, 9.0), st.integers(2, 5)),
        ),
        "b": st.one_of(
            st.lists(
                st.sampled_from([1, 2.5, "x", None, (1, 2), True]), min_size=1, max_size=4, unique_by=repr
            ),
            st.tuples(st.floats(0.0, 0.4), st.floats(0.5, 1.0), st.sampled_from([0.1, 0.25])),
        ),
        "c": st.fixed_dictionaries(
            {"range": st.just((1, 3)), "when": st.one_of(st.just({}), st.just({"a": [1, 2, 3]}))}
        ),
    }
)


@given(SPACES, st.sampled_from(ALL), st.integers(0, 20))
@settings(max_examples=60, deadline=None)
def test_whatever_the_space_what_is_run_is_of_it_and_never_twice(
    specs: dict[str, Any], sampler: str, seed: int
) -> None:
    space = ParamSpace(["c < 3 or c == 3"], **specs)
    if (
        sampler == "cmaes"
        and sum(axis.is_ordered and not axis.dimension.when for axis in Cube(space).axes) < 2
    ):
        return
    job = FakeJob(lambda p: float(len(repr(p))))
    Study(job, space, "sharpe", sampler=sampler, n_trials=15, seed=seed).run()
    assert len({key_of(params) for params in job.ran}) == len(job.ran) <= 15
    cube = Cube(space)
    for params in job.ran:
        assert cube.fitting(params) == params
        assert list(params) == [name for name in space.names if name in params]


@pytest.mark.parametrize("sampler", ALL)
def test_a_small_space_is_gone_through_to_its_end(sampler: str) -> None:
    space = {"a": (1, 4), "b": [1.5, 2.5, 4.0], "constraints": ["a < b + 1"]}
    job = FakeJob(lambda p: -abs(p["a"] - 2.0) - p["b"])
    Study(job, space, "sharpe", sampler=sampler, n_trials=100, seed=1).run()
    every = ParamSpace(**space).generate_combinations()
    assert sorted(map(repr, job.ran)) == sorted(map(repr, every))


# -- seeds ------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("sampler", ALL)
def test_the_same_seed_the_same_sequence(sampler: str) -> None:
    space = RICH if sampler != "grid" else {"a": (1, 5), "b": [1, 2]}
    score = rich_score if sampler != "grid" else (lambda p: p["a"])

    def ran(seed: int) -> list[Any]:
        job = FakeJob(score)
        Study(job, space, "sharpe", sampler=sampler, n_trials=40, seed=seed).run()
        return job.ran

    assert ran(7) == ran(7)
    if sampler != "grid":
        assert ran(7) != ran(8)


# -- what a study needs of an adaptive one ----------------------------------------------------------------
@pytest.mark.parametrize("name", ADAPTIVE)
def test_results_of_others_are_learned_from(name: str) -> None:
    space = ParamSpace(x=(0.0, 1.0), y=(0.0, 1.0))
    sampler = make_sampler(name, space, [True], seed=1, budget=200)
    for number in range(120):  # all of it from elsewhere; the top is at 0.2, 0.7
        x, y = (number % 11) / 10, (number // 11) / 10
        score = -((x - 0.2) ** 2) - (y - 0.7) ** 2
        sampler.tell(Entry({"x": x, "y": y}, score, {}, number, COMPLETE, (score,)))
    away = []
    for _ in range(40):
        params = sampler.ask()
        score = -((params["x"] - 0.2) ** 2) - (params["y"] - 0.7) ** 2
        sampler.tell(Entry(params, score, {}, -1, COMPLETE, (score,)))
        away.append(math.sqrt(-score))
    assert sorted(away)[20] < 0.25, away  # by chance half of them are farther away than 0.45


@pytest.mark.parametrize("name", ADAPTIVE)
def test_what_is_dropped_or_failed_does_no_harm(name: str) -> None:
    sampler = make_sampler(name, ParamSpace(x=(0.0, 1.0), y=(1, 50)), [True], seed=1, budget=60)
    for number in range(40):
        params = sampler.ask()
        if number % 4 == 0:
            sampler.drop(params)
        elif number % 4 == 1:
            sampler.tell(Entry(params, math.nan, {}, number, FAILED, valid=False))
        else:
            sampler.tell(Entry(params, params["x"], {}, number, COMPLETE, (params["x"],)))


def test_tpe_forgets_what_it_cannot_use_and_goes_on_well() -> None:
    from backtrader.opt.samplers.model import TpeSampler

    class Short(TpeSampler):
        memory = 40

    job = FakeJob(lambda p: -((p["x"] - 0.5) ** 2) - (p["y"] - 0.5) ** 2)
    result = Study(job, {"x": (0.0, 1.0), "y": (0.0, 1.0)}, "sharpe", sampler=Short, n_trials=200).run()
    assert result.best_score > -0.001


def test_the_gp_keeps_its_memory_bounded() -> None:
    options = {"memory": 30, "init_points": 5, "candidates": 50}
    job = FakeJob(lambda p: -((p["x"] - 0.5) ** 2))
    result = Study(job, {"x": (0.0, 1.0)}, "sharpe", sampler="gp", sampler_options=options, n_trials=60).run()
    assert result.best_score > -1e-4


# -- the registry -----------------------------------------------------------------------------------------
def test_all_have_names() -> None:
    assert set(ALL) | {"multi-stage"} <= set(sampler_names())


def test_one_of_ones_own() -> None:
    class Best(Sampler):
        def __init__(self, *args: Any, where: int = 3, **kwargs: Any) -> None:
            super().__init__(*args, **kwargs)
            self.rest = [{"a": where}]

        def ask(self) -> Any:
            return self.rest.pop() if self.rest else None

    register_sampler("Best", Best)
    try:
        job = FakeJob()
        Study(job, {"a": (1, 9)}, "sharpe", sampler="best", sampler_options={"where": 5}).run()
        assert job.ran == [{"a": 5}]
        with pytest.raises(SamplerError, match="no option 'were'; did you mean 'where'"):
            Study(job, {"a": (1, 9)}, "sharpe", sampler="best", sampler_options={"were": 5})
    finally:
        from backtrader.opt.samplers import registry

        registry._registered.clear()
    with pytest.raises(SamplerError, match="a name and a class"):
        register_sampler("", Best)


@pytest.mark.parametrize(
    ("sampler", "space", "objective", "options", "said"),
    [
        (
            "cmaes",
            {"a": ["x", "y", "z"], "b": (1, 5)},
            "sharpe",
            {},
            "at least two parameters that are numbers",
        ),
        ("cmaes", {"a": (1, 5), "b": (1, 5)}, ["sharpe", "sqn"], {}, "'cmaes' has one objective"),
        ("gp", {"a": (1, 5)}, ["sharpe", "sqn"], {}, "'gp' has one objective"),
        ("genetic", {"a": (1, 5)}, ["sharpe", "sqn"], {}, "'genetic' has one objective"),
        ("gp", {"a": (1, 5)}, "sharpe", {"acq": "pi"}, "acq is one of ei, ucb, poi, not 'pi'"),
        ("genetic", {"a": (1, 5)}, "sharpe", {"population_size": 1}, "population_size is 2 or more"),
    ],
)
def test_what_a_sampler_cannot_search_is_said(
    sampler: str, space: Any, objective: Any, options: dict[str, Any], said: str
) -> None:
    with pytest.raises(SamplerError, match=said):
        Study(FakeJob(), space, objective, sampler=sampler, sampler_options=options)


# -- the unit cube ----------------------------------------------------------------------------------------
@given(st.floats(0, 1), st.sampled_from(["int", "step", "real", "log", "words", "numbers"]))
def test_a_place_and_its_value(unit: float, kind: str) -> None:
    spec = {
        "int": (3, 17, 2), "step": (0.1, 0.9, 0.2), "real": (-2.0, 5.0), "log": ("log", 0.01, 100.0),
        "words": ["x", "y", None], "numbers": [200, 10, 50],
    }[kind]  # fmt: skip
    axis = Axis(ParamSpace(a=spec).dimensions["a"])
    value = axis.at(unit)
    assert axis.dimension.contains(value) or kind in ("real", "log")
    assert axis.is_ordered == (kind != "words")
    if kind in ("real", "log"):
        assert axis.place(value) == pytest.approx(unit, abs=1e-9)
    if kind == "numbers":
        assert axis.values == [10, 50, 200]
