"""Studies: what is run, in which order, when they stop, and how they go on."""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from backtrader.errors import UnknownParameterError
from backtrader.opt.entry import COMPLETE, FAILED, LOST, PRUNED, TIMEOUT, Entry, Outcome
from backtrader.opt.objective import MinTradesConstraint, ObjectiveError, ObjectiveFunction
from backtrader.opt.options import StudyError
from backtrader.opt.samplers import WAIT, Sampler, SamplerError
from backtrader.opt.space import SpaceError
from backtrader.opt.store import Store, StoreError
from backtrader.opt.study import Interrupted, Study, objectives_of
from backtrader.opt.tally import NoScore, TooManyFailures
from tests.unit.opt.fakes import FakeJob, hill

SPACE = {"a": (1, 10), "b": (1, 5)}


def study(job: Any = None, space: Any = None, objective: Any = "sharpe", **options: Any) -> Study:
    return Study(job or FakeJob(), space or SPACE, objective, **options)


# -- a plain search -------------------------------------------------------------------------------------
def test_a_grid_runs_every_combination_once_in_order() -> None:
    job = FakeJob()
    result = study(job).run()
    assert job.ran == [{"a": a, "b": b} for a in range(1, 11) for b in range(1, 6)]
    assert [entry.params for entry in result.all_results] == job.ran
    assert (result.best_params, result.best_score, result.total_runs) == ({"a": 7, "b": 3}, 0.0, 50)
    assert result.metric_name == "sharpe_ratio" and result.stopped == "" and result.optimization_time > 0


def test_less_is_better_where_that_is_asked_for() -> None:
    job = FakeJob(lambda p: {"max_drawdown_pct": abs(p["a"] - 4.0)})
    for objective in ("-max_drawdown_pct", "min:drawdown", ObjectiveFunction(False, {"max_drawdown_pct": 1})):
        assert study(job, {"a": (1, 10)}, objective).run().best_params == {"a": 4}


def test_what_breaks_a_limit_is_not_the_best() -> None:
    job = FakeJob(lambda p: {"sharpe_ratio": float(p["a"]), "trades": 20.0 - p["a"]})
    result = study(
        job, {"a": (1, 10)}, ObjectiveFunction("sharpe_ratio", constraints=MinTradesConstraint(15))
    ).run()
    assert result.best_params == {"a": 5}
    assert [entry.valid for entry in result.all_results] == [True] * 5 + [False] * 5


def test_an_own_space_of_the_strategy() -> None:
    assert study(FakeJob(own={"a": [6, 8]}), space=None).run().total_runs == 50  # what is given goes first
    found = Study(FakeJob(own={"a": [6, 8]}), None, "sharpe").run()
    assert found.total_runs == 2
    with pytest.raises(SpaceError, match="give a space"):
        Study(FakeJob(), None, "sharpe")


def test_several_objectives_have_a_front() -> None:
    job = FakeJob(lambda p: {"sharpe_ratio": float(p["a"]), "sqn": 10.0 - p["a"], "calmar_ratio": p["b"]})
    result = study(job, objective=["sharpe", "sqn", "calmar"]).run()
    assert [entry.params for entry in result.pareto_front()] == [{"a": a, "b": 5} for a in range(1, 11)]


def test_callbacks_hear_of_each_run() -> None:
    heard: list[Any] = []
    study(space={"a": (6, 8)}, callback=lambda *args: heard.append(args)).run()
    assert [(params["a"], score) for params, score, _ in heard] == [(6, -1.0), (7, 0.0), (8, -1.0)]
    assert heard[0][2]["trades"] == 50.0
    twice: list[Any] = []
    study(space={"a": (6, 8)}, callback=[lambda *a: twice.append(1), lambda *a: twice.append(2)]).run()
    assert twice == [1, 2] * 3


def test_progress_while_it_goes_and_afterwards() -> None:
    seen: list[dict[str, Any]] = []
    found = study(callback=lambda *_: seen.append(found.get_progress()))
    found.run()
    assert [each["completed"] for each in seen] == list(range(1, 51))
    assert seen[-1]["total"] == 50 and seen[24]["percent"] == 50.0 and seen[24]["pending"] == 25
    last = found.get_progress()
    assert last["best_params"] == {"a": 7, "b": 3} and last["failed"] == 0 and last["rate"] > 0
    assert study().get_progress()["completed"] == 0


# -- before anything is run -----------------------------------------------------------------------------
def one_that_must_not_run(_params: Any) -> float:
    raise AssertionError("it ran")


@pytest.mark.parametrize(
    ("given", "error", "said"),
    [
        ({"space": {"fsat": (1, 2)}}, UnknownParameterError, "'fsat'; did you mean 'fast'"),
        ({"space": {"fast": (1, 5), "constraints": ["fast > 9"]}}, SpaceError, "keeps to 'fast > 9'"),
        (
            {"space": {"fast": (1, 900), "slow": (1, 900), "constraints": ["fast > slow", "slow > fast"]}},
            SpaceError, "'fast > slow' and 'slow > fast': is the space empty",
        ),
        ({"space": {}}, SpaceError, "it has no parameter"),
        ({"objective": "sharp"}, ObjectiveError, "no metric 'sharp'; did you mean"),
        ({"objective": []}, ObjectiveError, "needs an objective"),
        ({"objective": 3}, ObjectiveError, "not 3"),
        ({"sampler": "tpee"}, SamplerError, "no sampler 'tpee'; did you mean 'tpe'"),
        ({"sampler": 5}, SamplerError, "not 5"),
        ({"sampler": "tpe", "sampler_options": {"startups": 1}}, SamplerError, "did you mean 'startup'"),
        ({"space": {"fast": (0.0, 1.0)}, "sampler": "grid"}, SpaceError, "a grid needs points"),
        ({"n_trails": 5}, StudyError, "no option 'n_trails'; did you mean 'n_trials'"),
        ({"n_trials": 0}, StudyError, "n_trials is a whole number from 1 on"),
        ({"n_jobs": -2}, StudyError, "n_jobs is a whole number"),
        ({"timeout": -1}, StudyError, "timeout is a number of seconds above 0"),
        ({"max_failures": 0}, StudyError, "max_failures is a share"),
        ({"pruner": "mediam"}, StudyError, "no pruner 'mediam'; did you mean 'median'"),
        ({"retry": "lots"}, StudyError, "did you mean 'lost'"),
        ({"resume": True}, StoreError, "no study 'unnamed'"),
        ({"warm_start": []}, StudyError, "nothing of the earlier study fits"),
    ],
)  # fmt: skip
def test_mistakes_are_said_before_any_run(given: dict[str, Any], error: type[Exception], said: str) -> None:
    job = FakeJob(one_that_must_not_run, names=["fast", "slow"])
    words = {"space": {"fast": (1, 5)}, "objective": "sharpe", **given}
    with pytest.raises(error, match=said):
        Study(job, words.pop("space"), words.pop("objective"), **words).run()
    assert job.ran == []


def test_a_metric_that_runs_do_not_have_stops_at_the_first() -> None:
    job = FakeJob()
    with pytest.raises(ObjectiveError, match=r"no metric 'analyzers\.sharpe\.ratio'"):
        study(job, objective="analyzers.sharpe.ratio").run()
    assert len(job.ran) == 1


def test_objectives_in_all_their_forms() -> None:
    for given, name in {
        None: "profit_factor", "calmar": "calmar_ratio", "analyzers.x.y": "analyzers.x.y", hill: "hill",
    }.items():  # fmt: skip
        (found,) = objectives_of(given)
        assert (found.name, found.maximize) == (name, True)
    assert objectives_of("min:trades")[0].maximize is False
    assert [each.name for each in objectives_of(["sqn", {"trades": 2.0}])] == ["sqn", "+2*trades"]


# -- failures ---------------------------------------------------------------------------------------------
def sometimes(params: Mapping[str, Any]) -> float:
    if params["a"] % 3 == 0:
        raise ZeroDivisionError(f"at {params['a']}")
    return hill(params)


def test_a_run_that_raises_is_recorded_and_the_search_goes_on() -> None:
    result = study(FakeJob(sometimes), {"a": (1, 10)}).run()
    failed = [entry for entry in result.all_results if entry.state == FAILED]
    assert [entry.params["a"] for entry in failed] == [3, 6, 9]
    assert all("in sometimes" in entry.error and "ZeroDivisionError: at" in entry.error for entry in failed)
    assert result.best_params == {"a": 7} and all(math.isnan(entry.score) for entry in failed)


def test_an_objective_that_raises_is_a_failed_run() -> None:
    def broken(metrics: Mapping[str, float]) -> float:
        return 1.0 / metrics["trades"]

    job = FakeJob(lambda p: {"trades": float(p["a"] % 5)})
    result = study(job, {"a": (1, 10)}, broken).run()
    assert [entry.params["a"] for entry in result if entry.state == FAILED] == [5, 10]
    assert "ZeroDivisionError" in result[4].error


def test_too_many_failures_stop_it_with_an_account() -> None:
    def fails(params: Mapping[str, Any]) -> float:
        if params["a"] > 20:
            raise ValueError("beyond 20")
        raise KeyError("price") if params["a"] % 2 else RuntimeError("no bars")

    job = FakeJob(fails)
    with pytest.raises(TooManyFailures) as caught:
        study(job, {"a": (1, 100)}).run()
    text = str(caught.value)
    assert "10 of 10 runs failed" in text and "5 x KeyError: 'price'" in text
    assert "5 x RuntimeError: no bars" in text and "Traceback" in text
    assert len(job.ran) == 10
    found = study(FakeJob(fails), {"a": (1, 12)}, max_failures=1.0)
    with pytest.raises(TooManyFailures, match="all 12 runs failed"):
        found.run()
    assert found.result().total_runs == 12


def test_half_may_fail() -> None:
    def half(params: Mapping[str, Any]) -> float:
        return 1 / 0 if params["a"] % 2 else hill(params)

    assert study(FakeJob(half), {"a": (0, 39)}).run().total_runs == 40
    with pytest.raises(TooManyFailures):
        study(FakeJob(half), {"a": (0, 39)}, max_failures=0.4).run()


def test_no_score_at_all_names_the_metric() -> None:
    found = study(FakeJob(lambda p: math.nan), {"a": (1, 12)})
    with pytest.raises(NoScore, match="sharpe_ratio is not a number in any of the 12 runs"):
        found.run()
    assert found.result().total_runs == 12 and found.result().best_params == {}


class Moody:
    """Ends runs as told: ``moods[a]`` are the states of the attempts."""

    def __init__(self, moods: dict[int, list[str]]) -> None:
        self.moods = moods

    def __call__(self, params: Mapping[str, Any]) -> Any:
        moods = self.moods.get(params["a"], [])
        state = moods.pop(0) if moods else COMPLETE
        return hill(params) if state == COMPLETE else Outcome(state, error=f"it was {state}")


def test_lost_runs_are_tried_again_and_the_reasons_kept() -> None:
    job = FakeJob(Moody({2: [LOST], 3: [LOST, LOST], 4: [LOST] * 3, 5: [TIMEOUT]}))
    result = study(job, {"a": (1, 6)}).run()
    states = {entry.params["a"]: (entry.state, len(entry.retries)) for entry in result}
    assert states == {
        1: (COMPLETE, 0), 2: (COMPLETE, 1), 3: (COMPLETE, 2), 4: (LOST, 2), 5: (TIMEOUT, 0), 6: (COMPLETE, 0)
    }  # fmt: skip
    assert result[2].retries == ["lost: it was lost", "lost: it was lost"]


def test_what_is_tried_again_can_be_chosen() -> None:
    job = FakeJob(Moody({2: [LOST], 5: [TIMEOUT], 6: [FAILED]}))
    result = study(job, {"a": (1, 6)}, retries={"timeout": 1, "failed": 1}).run()
    states = {entry.params["a"]: (entry.state, entry.retries) for entry in result}
    assert states[2] == (LOST, []) and states[5] == (COMPLETE, ["timeout: it was timeout"])
    assert states[6] == (COMPLETE, ["failed: it was failed"])


# -- stopping ---------------------------------------------------------------------------------------------
def test_a_budget() -> None:
    assert [e.params for e in study(n_trials=7).run()] == [
        {"a": 1, "b": b} for b in range(1, 6)
    ] + [{"a": 2, "b": 1}, {"a": 2, "b": 2}]  # fmt: skip


def test_patience() -> None:
    result = study(space={"a": (1, 100)}, patience=10).run()
    assert result.total_runs == 17 and "no better score in 10 runs" in result.stopped
    result = study(space={"a": (1, 100)}, patience=3, min_improvement=4.0).run()
    assert result.total_runs == 8 + 0 and result.best_params == {"a": 7}  # from 5 on the steps are below 4


def test_a_target() -> None:
    result = study(space={"a": (1, 100)}, target=-1.0).run()
    assert result.best_params == {"a": 6} and result.total_runs == 6 and "target of -1" in result.stopped
    low = FakeJob(lambda p: {"max_drawdown_pct": 10.0 - p["a"]})
    assert study(low, {"a": (1, 9)}, "-drawdown", target=4.0).run().best_params == {"a": 6}


def test_a_time_limit() -> None:
    import time

    job = FakeJob(lambda p: time.sleep(0.05) or hill(p))
    result = study(job, {"a": (1, 100)}, time_limit=0.3).run()
    assert 2 <= result.total_runs <= 8 and "time limit of 0.3 seconds" in result.stopped


def test_stopped_from_a_callback_or_from_outside(tmp_path: Path) -> None:
    found = study(callback=lambda params, *_: params["a"] == 3 and found.stop())
    assert found.run().total_runs == 11
    store = Store.open(tmp_path / "s.db")

    def ask(params: Any, *_: Any) -> None:
        if params["a"] == 3:
            store.ask_to_stop("one")
            found._loop._flushed = 0.0  # it looks every half second

    found = study(name="one", storage=store, callback=ask)
    result = found.run()
    assert result.total_runs == 11 and result.stopped == "asked to stop"
    assert store.load("one").state == "stopped" and store.load("one").wanted == ""
    found.options.callbacks.clear()
    assert study(name="one", storage=store).run().total_runs == 50


def test_ctrl_c_carries_the_result(tmp_path: Path) -> None:
    def interrupt(params: Mapping[str, Any]) -> float:
        if params["a"] == 9:
            raise KeyboardInterrupt
        return hill(params)

    with pytest.raises(Interrupted) as caught:
        study(FakeJob(interrupt), {"a": (1, 20)}, name="one", storage=tmp_path / "s.db").run()
    result = caught.value.result
    assert result.best_params == {"a": 7} and result.total_runs == 8 and result.stopped == "interrupted"
    job = FakeJob()
    assert study(job, {"a": (1, 20)}, name="one", storage=tmp_path / "s.db").run().total_runs == 20
    assert [params["a"] for params in job.ran] == list(range(9, 21))


# -- going on ---------------------------------------------------------------------------------------------
@pytest.mark.parametrize("sampler", ["grid", "random", "sobol", "tpe", "genetic", "cmaes", "gp"])
def test_nothing_is_run_twice_over_sessions(tmp_path: Path, sampler: str) -> None:
    job = FakeJob()
    for n_trials in (12, 12, 20, 50, 60):
        study(job, name="one", storage=tmp_path / "s.db", sampler=sampler, n_trials=n_trials).run()
    seen = [tuple(params.values()) for params in job.ran]
    assert len(seen) == len(set(seen)) == 50  # the space has no more


@pytest.mark.parametrize("sampler", ["grid", "random", "sobol"])
def test_in_parts_the_same_is_run_as_at_once(tmp_path: Path, sampler: str) -> None:
    whole, parts = FakeJob(), FakeJob()
    study(whole, sampler=sampler, seed=4, n_trials=30).run()
    for n_trials in (7, 19, 30):
        study(parts, name="one", storage=tmp_path / "s.db", sampler=sampler, seed=4, n_trials=n_trials).run()
    assert parts.ran == whole.ran


def test_failed_and_pruned_ones_are_run_again_only_if_asked(tmp_path: Path) -> None:
    moods = {1: FAILED, 2: PRUNED, 3: TIMEOUT, 4: LOST}
    job = FakeJob(Moody({a: [state] for a, state in moods.items()}))
    storage = tmp_path / "s.db"
    space = {"a": (1, 9)}
    study(job, space, name="one", storage=storage, retries=0).run()
    for retry, again in ((False, []), ("failed", [1]), (["timeout", "pruned"], [2, 3]), (True, [4])):
        job = FakeJob()
        result = study(job, space, name="one", storage=storage, retry=retry).run()
        assert [params["a"] for params in job.ran] == again
        assert result.total_runs == 9
    assert all(entry.state == COMPLETE for entry in result)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"space": {"a": (1, 11), "b": (1, 5)}}, "a was 1 to 10 step 1 .int., now 1 to 11 step 1"),
        ({"objective": "sqn"}, "another objective: large sharpe_ratio; now large sqn"),
        ({"settings": {"data": "other.csv"}}, "other data: one.csv; now other.csv"),
        ({"resume": False}, "'one' already in .*: resume it, or take another name"),
        ({"sampler": "multi-stage", "sampler_options": {"stages": [{"params": {"a": [1]}}]}}, "other stages"),
    ],
)
def test_a_study_goes_on_with_what_it_was_begun(tmp_path: Path, change: dict[str, Any], said: str) -> None:
    storage = tmp_path / "s.db"
    study(name="one", storage=storage, settings={"data": "one.csv"}, n_trials=3).run()
    with pytest.raises(StudyError, match=said):
        study(FakeJob(one_that_must_not_run), name="one", storage=storage, **change)
    assert study(name="one", storage=storage, resume=True).run().total_runs == 50


def test_a_name_makes_a_file_in_the_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    study(n_trials=1).run()
    assert not list(tmp_path.iterdir())
    study(name="one", n_trials=1).run()
    assert Store.open().names() == ["one"] and (tmp_path / "studies.db").exists()


def test_combinations_of_ones_own_go_first() -> None:
    job = FakeJob()
    found = study(job)
    found.enqueue([{"a": 9, "b": 4}, {"a": 2, "b": 2}])
    assert found.run().total_runs == 50
    assert job.ran[:3] == [{"a": 9, "b": 4}, {"a": 2, "b": 2}, {"a": 1, "b": 1}]
    with pytest.raises(SpaceError, match="is not a combination of the space"):
        found.enqueue([{"a": 99}])


def test_the_first_choice_of_sampler() -> None:
    assert study().sampler_name == "grid"
    assert study(space={"a": ("log", 0.1, 1.0, 5)}).sampler_name == "grid"
    assert study(space={"a": (0.1, 1.0)}).sampler_name == "tpe"


# -- samplers of one's own ----------------------------------------------------------------------------------
class Impatient(Sampler):
    """Waits for a result that is never to come."""

    adaptive = True

    def ask(self) -> Any:
        return WAIT


class Halving(Sampler):
    """Walks to the best by asking only when all results are in."""

    adaptive = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.told: list[Entry] = []
        self.asked = 0
        self.waited = 0

    def ask(self) -> Any:
        if self.asked > len(self.told):
            self.waited += 1
            return WAIT
        if self.asked == 6:
            return None
        self.asked += 1
        return {"a": self.asked, "b": 1}

    def tell(self, entry: Entry) -> None:
        self.told.append(entry)


def test_a_sampler_may_wait_for_results() -> None:
    assert study(sampler=Halving).run().total_runs == 6


def test_one_that_waits_for_nothing_is_an_error() -> None:
    with pytest.raises(StudyError, match="no run it could wait for"):
        study(sampler=Impatient).run()


def test_the_least_a_sampler_must_have() -> None:
    class Minimal:
        def __init__(self) -> None:
            self.rest = [{"a": 1, "b": 1}, {"a": 1, "b": 1}, {"a": 2, "b": 1}]

        def ask(self) -> Any:
            return self.rest.pop(0) if self.rest else None

    assert study(sampler=Minimal()).run().total_runs == 2


# -- pruning ------------------------------------------------------------------------------------------------
def test_hopeless_runs_are_stopped_and_count_as_evaluated(tmp_path: Path) -> None:
    job = FakeJob(lambda p: float(p["a"]), interim=lambda p, share: p["a"] * share)
    space = {"a": list(range(50, 70)) + list(range(20))}
    result = study(job, space, name="one", storage=tmp_path / "s.db", pruner="median").run()
    states = [entry.state for entry in result]
    assert states[:5] == [COMPLETE] * 5 and states[20:] == [PRUNED] * 20
    assert [step for step, _ in result[39].interim] == [25]
    assert result.best_params == {"a": 69}
    assert result.study.get_progress()["pruned"] == 20
    again = FakeJob()
    study(again, space, name="one", storage=tmp_path / "s.db", pruner="median").run()
    assert again.ran == []
