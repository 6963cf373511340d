"""Thresholds for runs on their way, checked against Optuna's own pruners."""

from __future__ import annotations

import random
from typing import Any

import pytest

from backtrader.opt.entry import COMPLETE, FAILED, PRUNED, Entry
from backtrader.opt.options import StudyError
from backtrader.opt.pruners import HalvingPruner, MedianPruner, PercentilePruner, pruner_of

optuna = pytest.importorskip("optuna")


def decisions(pruner: Any, runs: list[list[float]]) -> list[int | None]:
    """For each run in turn the checkpoint at which it is stopped."""
    found: list[int | None] = []
    for number, values in enumerate(runs):
        table = pruner.thresholds()
        stopped = None
        for place, share in enumerate(pruner.checkpoints):
            threshold = table[share]
            if threshold is None:
                continue
            value = values[place]
            if value < threshold if pruner.maximize else value > threshold:
                stopped = place
                break
        found.append(stopped)
        seen = values if stopped is None else values[: stopped + 1]
        interim = [(place + 1, value) for place, value in enumerate(seen)]
        state = COMPLETE if stopped is None else PRUNED
        pruner.note(Entry({"a": number}, values[-1], state=state, interim=interim))
    return found


def optunas(pruner: Any, runs: list[list[float]], maximize: bool) -> list[int | None]:
    """The same by Optuna's pruner: it is asked after each report, as its users do."""
    study = optuna.create_study(direction="maximize" if maximize else "minimize", pruner=pruner)
    found: list[int | None] = []
    for values in runs:
        trial = study.ask()
        stopped = None
        for place, value in enumerate(values):
            trial.report(value, place + 1)
            if trial.should_prune():
                stopped = place
                break
        if stopped is None:
            study.tell(trial, values[-1])
        else:
            study.tell(trial, state=optuna.trial.TrialState.PRUNED)
        found.append(stopped)
    return found


def curves(count: int, seed: int, maximize: bool, steps: int = 4) -> list[list[float]]:
    """Runs that get better as they go: then the best so far, which Optuna takes, is the last."""
    generator = random.Random(seed)
    runs = []
    for _ in range(count):
        values, value = [], generator.gauss(0, 1)
        for _ in range(steps):
            value += abs(generator.gauss(0, 0.5)) * (1 if maximize else -1)
            values.append(value)
        runs.append(values)
    return runs


@pytest.mark.parametrize("maximize", [True, False])
@pytest.mark.parametrize("seed", range(5))
def test_the_median_decides_as_optunas_does(seed: int, maximize: bool) -> None:
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    runs = curves(60, seed, maximize)
    ours = MedianPruner(startup=5, checkpoints=(0.2, 0.4, 0.6, 0.8), maximize=maximize)
    theirs = optuna.pruners.MedianPruner(n_startup_trials=5)
    found = decisions(ours, runs)
    assert found == optunas(theirs, runs, maximize)
    assert {None, 0} <= set(found)


@pytest.mark.parametrize("maximize", [True, False])
@pytest.mark.parametrize("percentile", [10.0, 25.0, 80.0])
def test_percentiles_decide_as_optunas_do(percentile: float, maximize: bool) -> None:
    runs = curves(80, 3, maximize)
    ours = PercentilePruner(percentile, startup=4, checkpoints=(0.2, 0.4, 0.6, 0.8), maximize=maximize)
    theirs = optuna.pruners.PercentilePruner(percentile, n_startup_trials=4)
    assert decisions(ours, runs) == optunas(theirs, runs, maximize)


@pytest.mark.parametrize("maximize", [True, False])
@pytest.mark.parametrize("reduction", [2, 3, 4])
def test_halving_decides_as_optunas_does(reduction: int, maximize: bool) -> None:
    steps = [reduction**power for power in range(3)]  # its rungs: after 1, 2, 4 steps
    runs = curves(60, 5, maximize, steps=steps[-1])
    theirs = optuna.pruners.SuccessiveHalvingPruner(min_resource=1, reduction_factor=reduction)
    last = steps[-1]
    shares = [step / (last + 1) for step in steps]
    ours = HalvingPruner(reduction, checkpoints=shares, maximize=maximize)
    at_rungs = [[run[step - 1] for step in steps] for run in runs]
    found = [None if place is None else steps[place] - 1 for place in decisions(ours, at_rungs)]
    assert found == optunas(theirs, runs, maximize)
    assert {None, 0} <= set(found)


def test_only_whole_runs_measure_others_by_the_median() -> None:
    pruner = MedianPruner(startup=2, checkpoints=(0.5,))
    for state, value in ((PRUNED, 9.0), (FAILED, 9.0), (COMPLETE, 1.0), (COMPLETE, float("nan"))):
        pruner.note(Entry({}, value, state=state, interim=[(5, value)]))
    assert pruner.thresholds() == {0.5: None}
    pruner.note(Entry({}, 3.0, interim=[(5, 3.0)]))
    assert pruner.thresholds() == {0.5: 2.0}


def test_pruners_by_name() -> None:
    assert pruner_of(None) is None and pruner_of(False) is None
    assert isinstance(pruner_of("median"), MedianPruner)
    assert isinstance(pruner_of("successive_halving"), HalvingPruner)
    found = pruner_of(PercentilePruner(30), maximize=False)
    assert found is not None and found.maximize is False
    for make, said in (
        (lambda: PercentilePruner(120), "between 0 and 100"), (lambda: HalvingPruner(1), "from 2 on"),
        (lambda: MedianPruner(checkpoints=(0.5, 1.5)), "shares of a run between 0 and 1"),
    ):  # fmt: skip
        with pytest.raises(StudyError, match=said):
            make()
