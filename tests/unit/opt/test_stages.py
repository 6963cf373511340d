"""Searches in stages: each begins at the best of the one before."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from backtrader.opt.optimizers import MultiStageOptimizer
from backtrader.opt.samplers import SamplerError
from backtrader.opt.samplers.stages import narrowed, stages_of, union_of
from backtrader.opt.space import ParamSpace, SpaceError
from backtrader.opt.study import Interrupted, Study, StudyError
from tests.unit.opt.fakes import FakeJob


def score(params: Mapping[str, Any]) -> float:
    """Highest, 0, at fast=23, slow=71, stop=0.04."""
    return (
        -abs(params.get("fast", 10) - 23) - abs(params.get("slow", 50) - 71)
        - 100 * abs(params.get("stop", 0.1) - 0.04)
    )  # fmt: skip


COARSE = {"name": "coarse", "params": {"fast": (5, 50, 5), "slow": (20, 100, 10)}}
FINE = {"name": "fine", "narrow": 0.2}
STOP = {"name": "stop", "params": {"stop": [0.02, 0.04, 0.08]}}


def search(*stages: Any, job: FakeJob | None = None, **options: Any) -> tuple[MultiStageOptimizer, FakeJob]:
    job = job or FakeJob(score)
    found = MultiStageOptimizer(None, list(stages), "sharpe", job=job, **options)
    found.optimize()
    return found, job


def test_each_stage_goes_on_from_the_best_of_the_one_before() -> None:
    found, job = search(COARSE, STOP)
    assert job.ran[:90] == ParamSpace(**COARSE["params"]).generate_combinations()  # type: ignore[arg-type]
    assert job.ran[90:] == [{"fast": 25, "slow": 70, "stop": stop} for stop in (0.02, 0.04, 0.08)]
    assert found.get_final_params() == {"fast": 25, "slow": 70, "stop": 0.04}
    first, second = found.get_stage_results()
    assert (first["name"], first["best_params"], first["runs"]) == ("coarse", {"fast": 25, "slow": 70}, 90)
    assert (second["name"], second["best_score"], second["runs"]) == ("stop", -3.0, 3)
    assert [entry.stage for entry in second["results"]] == ["stop"] * 3


def test_ranges_are_narrowed_around_the_best() -> None:
    found, job = search(COARSE, FINE, STOP)
    fine = [entry.params for entry in found.get_stage_results()[1]["results"]]
    assert {params["fast"] for params in fine} == set(range(21, 30))
    assert {params["slow"] for params in fine} == {62, 64, 66, 68, 70, 72, 74, 76, 78}
    assert {"fast": 25, "slow": 70} not in fine  # known from the first stage: not run twice
    assert found.get_final_params() in ({"fast": 23, "slow": s, "stop": 0.04} for s in (70, 72))
    seen = [tuple(sorted(params.items())) for params in job.ran]
    assert len(seen) == len(set(seen))


def test_only_what_is_named_is_narrowed() -> None:
    found, _ = search(COARSE, {"name": "fine", "params": ["fast"], "narrow": 0.2})
    fine = found.get_stage_results()[1]["results"]
    assert {entry.params["slow"] for entry in fine} == {70}
    assert found.get_final_params() == {"fast": 23, "slow": 70}


def test_a_sampler_and_a_budget_a_stage() -> None:
    wide = {"params": {"fast": (1, 200), "slow": (1, 200)}, "sampler": "sobol", "n_trials": 40}
    near = {"narrow": 0.3, "sampler": "tpe", "n_trials": 40, "options": {"startup": 5}}
    found, job = search(wide, near)
    results = found.get_stage_results()
    assert [each["name"] for each in results] == ["stage 1", "stage 2"]
    assert [each["runs"] for each in results] == [40, 40] and len(job.ran) == 80
    assert results[1]["best_score"] > results[0]["best_score"]
    assert found.get_progress()["total"] == 80


def test_constraints_of_a_stage() -> None:
    tied = {"params": {"slow": (10, 90, 10), "constraints": ["slow > 2 * fast"]}}
    found, job = search({"params": {"fast": [10, 20, 30]}}, tied)
    assert found.get_final_params() == {"fast": 20, "slow": 70}
    assert all(params["slow"] > 40 for params in job.ran[3:])


def test_a_stage_needs_something_to_go_on_from() -> None:
    with pytest.raises(SamplerError, match="'coarse' found nothing that counts"):
        search(COARSE, STOP, job=FakeJob(lambda p: float("nan")))


@pytest.mark.parametrize("cut", [40, 92, 100])
def test_broken_off_in_any_stage_it_goes_on(tmp_path: Path, cut: int) -> None:
    whole, job = search(COARSE, FINE, STOP)
    count = 0

    def interrupt(*_: Any) -> None:
        nonlocal count
        count += 1
        if count == cut:
            raise KeyboardInterrupt

    options = {"study": "one", "storage": tmp_path / "s.db"}
    first = FakeJob(score)
    with pytest.raises(Interrupted):
        search(COARSE, FINE, STOP, job=first, callback=interrupt, **options)
    found, second = search(COARSE, FINE, STOP, **options)
    assert first.ran + second.ran == job.ran
    assert found.get_final_params() == whole.get_final_params()
    assert [each["runs"] for each in found.get_stage_results()] == [
        each["runs"] for each in whole.get_stage_results()
    ]
    with pytest.raises(StudyError, match="other stages"):
        search(COARSE, {**FINE, "narrow": 0.3}, STOP, **options)


def test_in_several_processes() -> None:
    found, _ = search(COARSE, FINE, STOP, n_jobs=2)
    whole, _ = search(COARSE, FINE, STOP)
    assert found.result is not None and whole.result is not None
    assert found.result.total_runs == whole.result.total_runs
    assert found.get_final_params()["fast"] == 23


def test_by_the_name_of_the_sampler() -> None:
    stages = [COARSE, STOP]
    result = Study(
        FakeJob(score), union_of(stages), "sharpe", sampler="multi-stage", sampler_options={"stages": stages}
    ).run()
    assert result.best_params == {"fast": 25, "slow": 70, "stop": 0.04}


@pytest.mark.parametrize(
    ("stages", "said"),
    [
        ([], "needs stages="),
        ([3], "stage 1 is a dict"),
        ([{"parms": {}}], "stage 1 has no 'parms'; did you mean 'params'"),
        ([{"name": "x"}], "'x' varies nothing"),
        ([COARSE, COARSE], "two stages are called 'coarse'"),
        ([FINE], "'fine' narrows what came before it"),
        ([COARSE, {**FINE, "narrow": 2}], "narrow is a share between 0 and 1"),
        ([COARSE, {"name": "x", "params": ["fsat"], "narrow": 0.5}], "narrows 'fsat'; did you mean 'fast'"),
    ],
)
def test_stages_that_make_no_sense(stages: Any, said: str) -> None:
    with pytest.raises(SamplerError, match=said):
        MultiStageOptimizer(None, stages)


def test_the_space_is_that_of_the_stages() -> None:
    with pytest.raises(SpaceError, match="has its spaces in the stages"):
        MultiStageOptimizer(None, [COARSE], job=FakeJob()).optimize({"fast": (1, 2)})
    space = union_of([COARSE, {"params": {"fast": (1, 9), "slow": [1, 300], "x": (0.0, 1.0)}}])
    fast, slow, x = space.dimensions.values()
    assert (fast.low, fast.high, fast.step) == (1, 50, 1) and x.high == 1.0
    assert set(slow.choices) == {20, 30, 40, 50, 60, 70, 80, 90, 100, 1, 300}
    assert [stage.name for stage in stages_of([COARSE, STOP])] == ["coarse", "stop"]


@pytest.mark.parametrize(
    ("spec", "best", "share", "values"),
    [
        ((0, 100, 10), 40, 0.2, [30, 32, 34, 36, 38, 40, 42, 44, 46, 48, 50]),
        ((0, 100, 10), 0, 0.2, [0, 2, 4, 6, 8, 10]),
        ((1, 10), 10, 0.4, [9, 10]),
        ((0.0, 1.0, 0.1), 0.5, 0.3, [0.35, 0.38, 0.41, 0.44, 0.47, 0.5, 0.53, 0.56, 0.59, 0.62, 0.65]),
        (["x", "y"], "y", 0.5, ["y"]),
    ],
)
def test_what_is_left_of_a_range(spec: Any, best: Any, share: float, values: list[Any]) -> None:
    dimension = ParamSpace(a=spec).dimensions["a"]
    assert narrowed(dimension, best, share).values() == values


def test_a_range_without_steps() -> None:
    found = narrowed(ParamSpace(a=("log", 0.01, 1.0)).dimensions["a"], 0.5, 0.2)
    assert (found.low, found.high, found.log) == (pytest.approx(0.401), pytest.approx(0.599), True)
