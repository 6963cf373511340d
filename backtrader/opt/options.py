"""How a study is driven: everything that is not what it looks for."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any

from ..errors import BacktraderError
from ..utils.params import nearest
from .entry import FAILED, LOST, PRUNED, TIMEOUT

__all__ = ["Options", "StudyError", "options_of"]


class StudyError(BacktraderError):
    """A study that cannot begin, go on, or come to a result."""


@dataclass(frozen=True)
class Options:
    """Given to `Study`, `optimize` and the optimizers by keyword."""

    sampler: Any = None
    """A name (see `sampler_names`), a class or an object; none is a grid, or TPE where there is no grid."""
    sampler_options: Mapping[str, Any] = field(default_factory=dict)
    n_trials: int | None = None
    """How many combinations the study may have in all, those of earlier sessions included."""
    seed: int | None = 0
    n_jobs: int = 1
    """Processes; -1 is one a core."""
    timeout: float | None = None
    """Seconds a single run may take; it is stopped then."""
    memory_limit: float | None = None
    cluster: str | None = None
    """Address of a Dask scheduler, tcp://host:port."""
    time_limit: float | None = None
    """Seconds this session may take; the runs it is at are finished."""
    patience: int | None = None
    """Stop after so many runs without a better score."""
    min_improvement: float = 0.0
    """How much better a score must be to count for `patience`."""
    target: float | None = None
    """Stop as soon as a valid score is as good as this."""
    max_failures: float = 0.5
    """Share of failed runs at which the study is stopped, once `failures_after` have ended."""
    failures_after: int = 10
    retries: Any = 2
    """How often a run is done again whose worker died; or a mapping of states (lost, timeout, failed)."""
    retry: Any = False
    """Whether what failed or was pruned in earlier sessions is run again: True, or the states meant."""
    pruner: Any = None
    """Stops hopeless runs early: median, percentile, halving, or a `Pruner`."""
    warm_start: Any = None
    """An earlier study (its name, a result, or entries): its best combinations are run first."""
    warm_start_n: int = 10
    resume: bool | None = None
    """None goes on if there is a study of this name; True insists on it, False on there being none."""
    callback: Any = None
    """``callback(params, score, metrics)`` after each run, or several of them."""
    progress: Any = False
    """True shows a bar (lines where there is no terminal); or an object with ``update`` and ``close``."""
    events: Any = None
    """Where to write events as JSON lines: a path, "-" for the standard output, or a file."""
    settings: Mapping[str, Any] = field(default_factory=dict)
    """What else to remember with the study, such as how to make it again."""

    def __post_init__(self) -> None:
        for name in ("n_trials", "patience", "n_jobs"):
            value = getattr(self, name)
            whole = isinstance(value, int) and not isinstance(value, bool)
            if value is not None and not (whole and (value >= 1 or (name == "n_jobs" and value == -1))):
                raise StudyError(f"{name} is a whole number from 1 on, not {value!r}")
        for name in ("timeout", "time_limit"):
            value = getattr(self, name)
            if value is not None and not (
                isinstance(value, int | float) and math.isfinite(value) and value > 0
            ):
                raise StudyError(f"{name} is a number of seconds above 0, not {value!r}")
        if not 0 < self.max_failures <= 1:
            share = self.max_failures
            raise StudyError(f"max_failures is a share of the runs, above 0 and up to 1, not {share!r}")

    @property
    def callbacks(self) -> list[Callable[..., Any]]:
        """The callbacks as a list."""
        if self.callback is None:
            return []
        return list(self.callback) if isinstance(self.callback, list | tuple) else [self.callback]

    def allowed_retries(self, state: str) -> int:
        """How often a run that ended so is done again."""
        if isinstance(self.retries, Mapping):
            return int(self.retries.get(state, 0))
        return int(self.retries) if state == LOST else 0

    @property
    def retried_states(self) -> Sequence[str]:
        """What earlier sessions' runs must have ended with to be run again."""
        every = (FAILED, TIMEOUT, LOST, PRUNED)
        if self.retry is True:
            return every
        given = [self.retry] if isinstance(self.retry, str) else list(self.retry or ())
        for state in given:
            if state not in every:
                raise StudyError(f"retry: {nearest(str(state), every)} (not {state!r})")
        return given


def options_of(given: Mapping[str, Any]) -> Options:
    """The options of keywords; `StudyError` with the nearest names for one that does not exist."""
    known = [each.name for each in fields(Options)]
    for name in given:
        if name not in known:
            raise StudyError(f"a study has no option {name!r}; " + nearest(name, known))
    return Options(**given)
