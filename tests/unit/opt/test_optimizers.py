"""Every way to ask for a search, with real strategies and real runs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import backtrader as bt
from backtrader import opt
from backtrader.opt import (
    BayesianOptimizer,
    GeneticOptimizer,
    GridSearchOptimizer,
    MinTradesConstraint,
    MultiStageOptimizer,
    ObjectiveFunction,
    OptimizationResult,
    OptimizerBase,
    OptimizerServer,
    OptimizerWithProgress,
    ParamOptimizer,
    ParamSpace,
    RandomSearchOptimizer,
    StudyError,
    optimize,
    to_optuna,
)
from backtrader.opt.entry import COMPLETE, FAILED, PRUNED, TIMEOUT
from tests.unit.opt.fakes import FakeJob
from tests.unit.opt.runs_for_tests import Cross, frame

SPACE = {"fast": (3, 9, 2), "slow": [15, 25, 40]}


def make_cerebro(params: dict[str, Any]) -> bt.Cerebro:
    """What users write: a Cerebro for given parameters."""
    cerebro = bt.Cerebro(stdstats=False)
    cerebro.adddata(bt.feeds.PandasData(dataname=frame()))
    cerebro.addstrategy(Cross, **params)
    return cerebro


def run_one(params: dict[str, Any]) -> float:
    """The final value by the usual script."""
    cerebro = make_cerebro(params)
    cerebro.run()
    return float(cerebro.broker.getvalue())


@pytest.mark.parametrize(
    "maker",
    [
        lambda **k: GridSearchOptimizer(make_cerebro, "final_value", **k).optimize(SPACE),
        lambda **k: GridSearchOptimizer(objective="final_value", **k).optimize(Cross, frame(), SPACE),
        lambda **k: GridSearchOptimizer(**k).optimize(Cross, frame(), SPACE, "final_value"),
        lambda **k: GridSearchOptimizer(None, **k).optimize(
            strategy=Cross, data=frame(), param_space=ParamSpace(**SPACE), objective="final_value"
        ),
        lambda **k: optimize(Cross, frame(), SPACE, "final_value", **k),
        lambda **k: OptimizerServer(
            Cross, frame(), SPACE, k.pop("n_jobs", 1), objective="final_value", **k
        ).run(),
    ],
)
def test_a_grid_in_all_spellings_runs_what_the_script_runs(maker: Any) -> None:
    result = maker()
    assert isinstance(result, OptimizationResult) and result.total_runs == 12
    assert {repr(e.params): e.score for e in result} == {
        repr(params): run_one(params) for params in ParamSpace(**SPACE)
    }
    assert result.best_score == max(entry.score for entry in result)
    assert [e.metrics for e in maker(n_jobs=2)] == [e.metrics for e in result]


@pytest.mark.parametrize(
    ("maker", "runs"),
    [
        (lambda: RandomSearchOptimizer(make_cerebro, "sharpe_ratio", n_iter=9), 9),
        (
            lambda: BayesianOptimizer(
                make_cerebro, "sharpe_ratio", n_iter=6, init_points=3, acq="ucb", kappa=2.0
            ),
            9,
        ),
        (lambda: GeneticOptimizer(make_cerebro, "sharpe_ratio", population_size=4, generations=3), 12),
    ],
)
def test_the_others_keep_to_their_budget(maker: Any, runs: int) -> None:
    heard: list[Any] = []
    optimizer = maker()
    optimizer.callback = lambda params, score, metrics: heard.append(params)
    result = optimizer.optimize({"fast": (2, 12), "slow": (15, 60)})
    assert result.total_runs == runs == len(heard)
    assert optimizer.get_progress()["completed"] == runs and optimizer.result is result
    assert result.best_params == max(result, key=lambda entry: entry.score).params


def test_the_usual_arguments_by_place() -> None:
    heard: list[float] = []
    optimizer = GridSearchOptimizer(
        make_cerebro, ObjectiveFunction("sharpe_ratio", constraints=MinTradesConstraint(1)), 1,
        lambda params, score, metrics: heard.append(score), 60.0,
    )  # fmt: skip
    assert optimizer.get_progress()["completed"] == 0
    assert len(optimizer.optimize({"fast": [3, 5]})) == len(heard) == 2


def test_stages_with_a_factory() -> None:
    optimizer = MultiStageOptimizer(
        make_cerebro,
        [{"name": "fast", "params": {"fast": (3, 9, 2)}}, {"name": "slow", "params": {"slow": [15, 25, 40]}}],
        "final_value", 1,
    )  # fmt: skip
    optimizer.optimize()
    first, second = optimizer.get_stage_results()
    assert second["best_params"]["fast"] == first["best_params"]["fast"]
    assert optimizer.get_final_params() == second["best_params"]
    assert (first["runs"], second["runs"]) == (4, 3)


def test_a_search_is_stopped_from_a_callback() -> None:
    optimizer: OptimizerBase = GridSearchOptimizer(make_cerebro, "final_value")
    optimizer.callback = lambda *_: optimizer.stop()
    assert optimizer.optimize(SPACE).total_runs == 1


def test_a_named_search_goes_on(tmp_path: Path) -> None:
    words = {"study": "cross", "storage": tmp_path / "s.db", "commission": 0.001, "cash": 50_000.0}
    assert optimize(Cross, frame(), SPACE, "final_value", n_trials=5, **words).total_runs == 5
    result = optimize(Cross, frame(), SPACE, "final_value", **words)
    assert result.total_runs == 12
    assert opt.Store.open(tmp_path / "s.db").load("cross").settings["strategy"] == "Cross"


def test_what_is_missing_is_said() -> None:
    with pytest.raises(StudyError, match="GridSearchOptimizer needs a cerebro_factory"):
        GridSearchOptimizer().optimize(SPACE)
    with pytest.raises(TypeError, match="given objective twice"):
        GridSearchOptimizer(make_cerebro).optimize(SPACE, "sqn", objective="sqn")
    with pytest.raises(TypeError, match="no more than 4"):
        GridSearchOptimizer(make_cerebro).optimize(Cross, 1, 2, 3, 4)
    with pytest.raises(StudyError, match="leave out cash"):
        optimize(param_space=SPACE, job=FakeJob(), cash=3)
    with pytest.raises(StudyError, match="batch_size"):
        OptimizerServer(Cross, frame(), SPACE, batch_size=0)


def test_with_progress(capsys: pytest.CaptureFixture[str]) -> None:
    optimizer = OptimizerWithProgress(Cross, frame(), SPACE, worker_count=2, batch_size=5, objective="sqn")
    assert optimizer.run().total_runs == 12
    assert "12 of 12 runs" in capsys.readouterr().err
    assert optimizer.get_progress()["percent"] == 100.0


# -- ParamOptimizer ---------------------------------------------------------------------------------------
made: list[dict[str, Any]] = []


def counting(params: dict[str, Any]) -> bt.Cerebro:
    """Notes what a Cerebro was made for."""
    made.append(params)
    if params["fast"] == 5:
        raise ValueError("no five")
    return make_cerebro(params)


def test_param_optimizer_runs_each_once() -> None:
    made.clear()
    optimizer = ParamOptimizer(counting, {"fast": [3, 5, 7], "slow": [15, 25]})
    assert made == []  # nothing is built before it is needed
    combinations = optimizer.generate_param_combinations()
    assert len(combinations) == 6 and combinations[0] == {"fast": 3, "slow": 15}
    one = optimizer.run_single(combinations[0])
    assert (
        one.params == combinations[0]
        and one.error is None
        and one.metrics["final_value"] == run_one(one.params)
    )
    seen: list[tuple[int, int]] = []
    results = optimizer.run_sequential(progress_callback=lambda done, total: seen.append((done, total)))
    assert seen == [(n, 6) for n in range(1, 7)] and len(made) == 6
    assert [result.error is None for result in results] == [True] * 4 + [False] * 2
    scores = [result.metrics["sharpe_ratio"] for result in results[:4]]
    assert scores == sorted(scores, reverse=True)
    assert "ValueError: no five" in (results[-1].error or "")
    assert optimizer.best is results[0]
    optimizer.run_sequential()
    assert len(made) == 6
    ParamOptimizer(counting, {"fast": [3]}, cache=False).run_sequential()
    assert len(made) == 7


def test_param_optimizer_in_processes_and_the_other_way_round() -> None:
    space = {"fast": [3, 7], "slow": [15, 25, 40]}
    large = ParamOptimizer(make_cerebro, space, metric="final_value", max_workers=2)
    small = ParamOptimizer(make_cerebro, space, metric="final_value", maximize=False)
    results, others = large.run(), small.run_sequential()
    assert [r.params for r in results] == [r.params for r in reversed(others)]
    assert {repr(r.params): r.metrics for r in results} == {repr(r.params): r.metrics for r in others}


# -- Cerebro -----------------------------------------------------------------------------------------------
def cerebro(**options: Any) -> bt.Cerebro:
    """Feeds and settings, no strategy yet."""
    found = bt.Cerebro(**options)
    found.adddata(bt.feeds.PandasData(dataname=frame()))
    found.broker.setcash(40_000)
    return found


def test_cerebro_optimize() -> None:
    machine = cerebro()
    machine.addstrategy(Cross, size=3)
    result = machine.optimize(sampler="grid", objective="final_value", **SPACE)
    expected = []
    for params in ParamSpace(**SPACE):
        other = cerebro()
        other.addstrategy(Cross, size=3, **params)
        other.run()
        expected.append(other.broker.getvalue())
    assert [entry.score for entry in result] == expected
    again = machine.run()[0]  # it is as it was
    assert again.p.size == 3 and again.p.fast == 5 and again.stats.broker.value[0] > 0


def test_cerebro_optimize_of_a_class_beside_others() -> None:
    class Other(Cross):
        params = (("fast", 8),)

    machine = cerebro()
    machine.addstrategy(Other)
    machine.addstrategy(Cross)
    with pytest.raises(opt.JobError, match="say which one varies"):
        machine.optimize(objective="final_value", fast=[3])
    result = machine.optimize(Cross, objective="final_value", fast=[3, 4], slow=[20])
    for entry in result:
        both = cerebro()
        both.addstrategy(Other)
        both.addstrategy(Cross, **entry.params)
        both.run()
        assert entry.score == both.broker.getvalue()
    with pytest.raises(opt.JobError, match="nothing to search"):
        cerebro().optimize(fast=[3])


def test_cerebro_optimize_says_what_is_unknown() -> None:
    machine = cerebro()
    machine.addstrategy(Cross)
    with pytest.raises(bt.errors.UnknownParameterError, match="'fsat'; did you mean 'fast'"):
        machine.optimize(fsat=(3, 9))
    with pytest.raises(bt.errors.UnknownParameterError, match="'n_trails'; did you mean 'n_trials'"):
        machine.optimize(fast=(3, 9), n_trails=4)
    with pytest.raises(opt.JobError, match="choose one"):
        machine.optimize(fast=(3, 9), param_space={"fast": (3, 9)})


class Sampled(Cross):
    """Declares a parameter of the name of a word."""

    params = (("sampler", 1), ("seed", 7))


@pytest.mark.parametrize(("maxcpus", "optreturn"), [(1, True), (2, True), (1, False)])
def test_optstrategy_with_a_sampler(maxcpus: int, optreturn: bool) -> None:
    def sweep(**words: Any) -> tuple[bt.Cerebro, list[Any], list[Any]]:
        machine = cerebro(maxcpus=maxcpus, optreturn=optreturn)
        machine.addanalyzer(bt.analyzers.SharpeRatio, timeframe=bt.TimeFrame.Days, _name="sharpe")
        heard: list[Any] = []
        machine.optcallback(heard.append)
        machine.optstrategy(Cross, fast=range(3, 9), slow=[15, 25], **words)
        return machine, machine.run(), heard

    _, every, _ = sweep()
    found = {(r[0].p.fast, r[0].p.slow): r[0].analyzers.sharpe.get_analysis() for r in every}
    machine, some, heard = sweep(sampler="random", objective="sharpe_ratio", n_trials=5, seed=3)
    assert len(some) == len(heard) == 5 and machine.optresult.total_runs == 5
    for (result,), entry in zip(some, machine.optresult.all_results, strict=True):
        assert isinstance(result, bt.OptReturn) is optreturn
        assert {"fast": result.p.fast, "slow": result.p.slow} == entry.params
        assert result.analyzers.sharpe.get_analysis() == found[result.p.fast, result.p.slow]
    machine, grid, _ = sweep(objective="sharpe_ratio")
    assert [(r[0].p.fast, r[0].p.slow) for r in grid] == [(r[0].p.fast, r[0].p.slow) for r in every]


def test_a_parameter_of_that_name_is_a_parameter() -> None:
    machine = cerebro(maxcpus=1)
    machine.optstrategy(Sampled, sampler=[1, 2, 3])
    assert [r[0].p.sampler for r in machine.run()] == [1, 2, 3]
    machine = cerebro(maxcpus=1)
    machine.optstrategy(Sampled, sampler=[1, 2], objective="final_value", n_trials=2, seed=[4, 5])
    assert [(r[0].p.sampler, r[0].p.seed) for r in machine.run()] == [(1, 4), (1, 5)]
    machine = cerebro()
    machine.addstrategy(Sampled)
    assert machine.optimize(objective="final_value", sampler=[1, 2], seed=(1, 3)).total_runs == 6


# -- and out of it again ------------------------------------------------------------------------------------
def test_a_study_as_one_of_optunas(tmp_path: Path) -> None:
    import optuna

    def score(params: Any) -> float:
        if params["n"] == 4:
            raise ValueError("four")
        return float(params["n"]) + params["x"]

    space = ParamSpace(n=(1, 9), x=(0.0, 1.0), kind=["a", (1, 2)])
    study = opt.Study(FakeJob(score), space, "sharpe", name="one", storage=tmp_path / "s.db", n_trials=30)
    best = study.run().best_params
    url = f"sqlite:///{tmp_path / 'optuna.db'}"
    to_optuna(tmp_path / "s.db", "one", url, space)
    loaded = optuna.load_study(study_name="one", storage=url)
    assert len(loaded.trials) == 30
    assert (loaded.best_params["n"], loaded.best_params["x"]) == (best["n"], best["x"])
    states = {trial.number: trial.state.name for trial in loaded.trials}
    assert all((states[e.number] == "FAIL") == (e.state == FAILED) for e in study.entries())
    assert loaded.trials[0].user_attrs["metrics"]["trades"] == 50.0
    plain = to_optuna(study.store, "one")  # without the space parameters are categories
    assert len(plain.get_trials(states=[optuna.trial.TrialState.COMPLETE])) == sum(
        entry.state == COMPLETE for entry in study.entries()
    )


# -- what a study adds to a run -------------------------------------------------------------------------------
def test_hopeless_runs_stop_themselves_and_the_best_stays_the_best(tmp_path: Path) -> None:
    words: dict[str, Any] = {"study": "cut", "storage": tmp_path / "s.db", "n_jobs": 2, "seed": 3}
    space = {"fast": (2, 12), "slow": (15, 60, 3)}
    whole = optimize(Cross, frame(900), space, "total_return")
    cut = optimize(Cross, frame(900), space, "total_return", sampler="random", pruner="median", **words)
    pruned = [entry for entry in cut if entry.state == PRUNED]
    assert cut.total_runs == whole.total_runs and 20 < len(pruned) < len(cut)
    assert all(1 <= len(entry.interim) <= 3 and entry.interim[-1][0] < 900 for entry in pruned)
    assert cut.best_score == pytest.approx(whole.best_score, rel=0.25)
    complete = {repr(entry.params): entry.metrics for entry in whole}
    assert all(entry.metrics == complete[repr(entry.params)] for entry in cut if entry.state == COMPLETE)


def test_returns_are_kept_for_what_needs_them(tmp_path: Path) -> None:
    words: dict[str, Any] = {"study": "kept", "storage": tmp_path / "s.db"}
    optimize(Cross, frame(), SPACE, "total_return", keep_returns=True, **words)
    store = opt.Store.open(tmp_path / "s.db")
    returns = store.all_returns("kept")
    assert sorted(returns) == list(range(12))
    for entry in store.entries("kept"):
        growth = float((1.0 + returns[entry.number].astype(float)).prod())
        assert 100 * (growth - 1) == pytest.approx(entry.metrics["total_return"], abs=1e-3)


def slow_at_three(params: Any) -> float:
    import time

    if params["a"] == 3:
        time.sleep(60)
    return float(params["a"])


def test_a_run_that_takes_too_long_is_recorded_and_the_rest_goes_on() -> None:
    result = opt.Study(FakeJob(slow_at_three), {"a": (1, 8)}, "sharpe", timeout=0.5, n_jobs=2).run()
    assert [entry.state for entry in result] == [COMPLETE, COMPLETE, TIMEOUT, *[COMPLETE] * 5]
    assert "0.5 s" in result[2].error and result.best_params == {"a": 8}
