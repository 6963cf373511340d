"""A study as one of Optuna's, so that Optuna's own tools (its dashboard, its plots) can open it."""

from __future__ import annotations

import datetime as _dt
import math
from typing import Any

from ..utils.optional import require
from .codec import dumps, plain
from .entry import COMPLETE, PRUNED, Entry
from .samplers.model import quiet
from .samplers.units import Axis, Cube
from .space import ParamSpace
from .store import Store

__all__ = ["to_optuna"]


def to_optuna(store: Any, name: str, url: str | None = None, space: Any = None) -> Any:
    """Copy study ``name`` into an Optuna storage (``sqlite:///optuna.db``; in memory without a URL).

    Returns the Optuna study.  Metrics are user attributes; without ``space`` parameters are categories.
    """
    optuna = require("optuna", "opt", "the export to Optuna")
    store = Store.open(store)
    record = store.load(name)
    entries = store.entries(name)
    spread = _distributions(optuna, space, entries)
    with quiet(optuna):
        study = optuna.create_study(
            storage=url, study_name=name,
            directions=["maximize" if large else "minimize" for large in record.directions],
        )  # fmt: skip
        study.set_metric_names([each["name"] for each in record.objectives])
    study.add_trials([_trial(optuna, entry, spread, len(record.directions)) for entry in entries])
    return study


def _distributions(optuna: Any, space: Any, entries: list[Entry]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    axes = Cube(ParamSpace.of(space)).axes if space is not None else []
    for axis in axes:
        if axis.is_number:
            found[axis.name] = _numbers(optuna, axis)
    names = {name: None for entry in entries for name in entry.params if name not in found}
    for name in names:
        values = {dumps(_category(entry.params[name])): _category(entry.params[name])
                  for entry in entries if name in entry.params}  # fmt: skip
        found[name] = optuna.distributions.CategoricalDistribution(list(values.values()))
    return found


def _numbers(optuna: Any, axis: Axis) -> Any:
    if axis.dimension.kind == "int":
        high = int(axis.low) + ((axis.count or 1) - 1) * int(axis.step or 1)
        return optuna.distributions.IntDistribution(int(axis.low), high, step=int(axis.step or 1))
    return optuna.distributions.FloatDistribution(axis.low, axis.high, log=axis.log)


def _category(value: Any) -> Any:
    value = plain(value)
    return dumps(value) if isinstance(value, list | dict) else value


def _trial(optuna: Any, entry: Entry, spread: dict[str, Any], objectives: int) -> Any:
    states = optuna.trial.TrialState
    state = {COMPLETE: states.COMPLETE, PRUNED: states.PRUNED}.get(entry.state, states.FAIL)
    values = list(entry.scores or (entry.score,))
    if state is states.COMPLETE and (len(values) != objectives or any(map(math.isnan, values))):
        state = states.FAIL
    started = None
    if not math.isnan(entry.started):
        started = _dt.datetime.fromtimestamp(entry.started)
    trial = optuna.trial.create_trial(
        params={
            name: value if _is_number(spread[name]) else _category(value)
            for name, value in entry.params.items()
        },
        distributions={name: spread[name] for name in entry.params},
        values=values if state is states.COMPLETE else None,
        state=state,
        intermediate_values=dict(entry.interim),
        user_attrs={"metrics": plain(entry.metrics), "valid": entry.valid, "error": entry.error[-2000:]},
    )
    if started is not None:
        trial.datetime_start = started
        trial.datetime_complete = started + _dt.timedelta(seconds=entry.seconds)
    return trial


def _is_number(distribution: Any) -> bool:
    return hasattr(distribution, "low")
