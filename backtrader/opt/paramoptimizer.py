"""Running combinations one by one or all at once, with what has been run kept: `ParamOptimizer`."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from .codec import key_of
from .entry import Entry
from .job import job_of
from .objective import ObjectiveFunction
from .space import ParamSpace
from .study import Study, objectives_of

__all__ = ["ParamOptimizer", "ParamResult"]


@dataclass
class ParamResult:
    """One combination, its metrics, and the traceback if the run failed."""

    params: dict[str, Any]
    metrics: dict[str, float] = field(default_factory=dict)
    error: str | None = None

    @classmethod
    def of(cls, entry: Entry) -> ParamResult:
        """Out of an entry of a study."""
        return cls(dict(entry.params), dict(entry.metrics), entry.error or None)


class ParamOptimizer:
    """All combinations of a space; with ``cache`` none is run twice by the same object.

    ``cerebro_factory(params)`` makes a Cerebro, and is called only for what has to be run.  ``metric``
    is what results are ordered by; ``max_workers`` None is one process a core.
    """

    def __init__(
        self,
        cerebro_factory: Callable[..., Any],
        param_space: Any,
        metric: Any = "sharpe",
        maximize: bool = True,
        max_workers: int | None = None,
        cache: bool = True,
        **options: Any,
    ) -> None:
        self.space = ParamSpace.of(param_space)
        self.objective = _objective(metric, maximize)
        self.metric, self.maximize = self.objective.name, maximize
        self.max_workers, self.cache = max_workers, cache
        self.results: list[ParamResult] = []
        self._options = options
        self._job = job_of(cerebro_factory=cerebro_factory)
        self._cached: dict[str, ParamResult] = {}

    def generate_param_combinations(self) -> list[dict[str, Any]]:
        """Every combination, the last parameter changing fastest."""
        return self.space.generate_combinations()

    def run_single(self, params: Mapping[str, Any]) -> ParamResult:
        """Run one combination here; whatever goes wrong in it is in its ``error``."""
        key = key_of(params)
        if not (self.cache and key in self._cached):
            outcome = self._job.run(params)
            self._cached[key] = ParamResult(dict(params), outcome.metrics, outcome.error or None)
        return self._cached[key]

    def run(self, progress_callback: Callable[[int, int], Any] | None = None) -> list[ParamResult]:
        """Run all in processes; the results, best first, what failed last."""
        return self._run(-1 if self.max_workers is None else self.max_workers, progress_callback)

    def run_sequential(self, progress_callback: Callable[[int, int], Any] | None = None) -> list[ParamResult]:
        """The same in this process, one after the other."""
        return self._run(1, progress_callback)

    def _run(self, n_jobs: int, progress_callback: Callable[[int, int], Any] | None) -> list[ParamResult]:
        combinations = self.generate_param_combinations()
        missing = [params for params in combinations if not self._has(params)]
        done = len(combinations) - len(missing)
        if progress_callback is not None and done:
            progress_callback(done, len(combinations))

        def note(_params: Any, _score: float, _metrics: Any) -> None:
            nonlocal done
            done += 1
            if progress_callback is not None:
                progress_callback(done, len(combinations))

        found: dict[str, ParamResult] = {}
        if missing:
            options = {"max_failures": 1.0, **self._options, "n_jobs": n_jobs, "callback": note}
            study = Study(self._job, self.space, self.objective, sampler=_Listed(missing), **options)
            study.run_quietly()
            found = {key_of(entry.params): ParamResult.of(entry) for entry in study.entries()}
        self._cached.update(found)
        everything = self._cached if self.cache else found
        self.results = sorted(
            (everything[key] for key in map(key_of, combinations) if key in everything), key=self._rank
        )
        return self.results

    def _has(self, params: Mapping[str, Any]) -> bool:
        return self.cache and key_of(params) in self._cached

    def _rank(self, result: ParamResult) -> tuple[bool, float]:
        score = math.nan
        if not result.error:
            score, _ = self.objective.evaluate(result.metrics)
        sign = -1.0 if self.objective.maximize else 1.0
        return math.isnan(score), 0.0 if math.isnan(score) else sign * score

    @property
    def best(self) -> ParamResult | None:
        """The best result so far; None if none has a number to go by."""
        ranked = [result for result in self.results if not self._rank(result)[0]]
        return ranked[0] if ranked else None


class _Listed:
    """Suggests given combinations in order."""

    def __init__(self, combinations: list[dict[str, Any]]) -> None:
        self._combinations = combinations
        self._rest = iter(combinations)

    def ask(self) -> Any:
        return next(self._rest, None)

    def count(self) -> int:
        return len(self._combinations)


def _objective(metric: Any, maximize: bool) -> ObjectiveFunction:
    found = objectives_of(metric)[0]
    if maximize or not found.maximize:
        return found
    if found.metric is not None:
        return ObjectiveFunction(False, weights={found.metric: 1.0})
    return ObjectiveFunction(False, found.weights or None, found.custom_func, found.constraints)
