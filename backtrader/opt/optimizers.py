"""Searches as objects, one class a way to search, and `optimize` for all of them.

>>> result = GridSearchOptimizer(make_cerebro, "sharpe_ratio").optimize({"fast": (5, 30, 5)})
>>> result = optimize(MyStrategy, "prices.csv", {"fast": (5, 30), "slow": (20, 100)}, "sharpe_ratio",
...                   sampler="tpe", n_trials=100, n_jobs=-1)
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from .entry import Entry
from .job import job_of
from .options import StudyError
from .results import OptimizationResult
from .samplers.stages import Stage, stages_of, union_of
from .space import ParamSpace, SpaceError
from .study import Study

__all__ = [
    "BayesianOptimizer",
    "GeneticOptimizer",
    "GridSearchOptimizer",
    "MultiStageOptimizer",
    "OptimizerBase",
    "RandomSearchOptimizer",
    "optimize",
    "study_of",
]


def study_of(
    strategy: Any = None,
    data: Any = None,
    param_space: Any = None,
    objective: Any = None,
    *,
    cerebro_factory: Callable[..., Any] | None = None,
    study: str | None = None,
    storage: Any = None,
    job: Any = None,
    **options: Any,
) -> Study:
    """The study of a strategy over data (or of what ``cerebro_factory`` makes), not yet run.

    ``**options`` are those of `Options` and of `job_of`: sampler, n_trials, n_jobs, cash, commission, …
    """
    from dataclasses import fields

    from .options import Options

    own = {each.name for each in fields(Options)}
    driving = {name: value for name, value in options.items() if name in own}
    rest = {name: value for name, value in options.items() if name not in own}
    if job is None:
        job = job_of(strategy, data, cerebro_factory=cerebro_factory, **rest)
    elif rest:
        raise StudyError(f"a job says everything about its runs itself: leave out {', '.join(rest)}")
    return Study(job, param_space, objective, name=study, storage=storage, **driving)


def optimize(
    strategy: Any = None,
    data: Any = None,
    param_space: Any = None,
    objective: Any = None,
    **options: Any,
) -> OptimizationResult:
    """Search the parameters of a strategy; see `study_of` for what can be said.

    With ``study="name"`` everything is kept in a file (or ``storage=``) and goes on where it was left.
    """
    return study_of(strategy, data, param_space, objective, **options).run()


class OptimizerBase:
    """A search over what ``cerebro_factory(params)`` makes, or over a strategy given to `optimize`.

    ``callback(params, score, metrics)`` hears of each run; ``timeout`` is in seconds a run; more
    ``**options`` are those of `Options` (study=, storage=, seed=, progress=, …).
    """

    sampler = "grid"

    def __init__(
        self,
        cerebro_factory: Callable[..., Any] | None = None,
        objective: Any = None,
        n_jobs: int = 1,
        callback: Callable[..., Any] | None = None,
        timeout: float | None = None,
        **options: Any,
    ) -> None:
        self.cerebro_factory, self.objective = cerebro_factory, objective
        self.n_jobs, self.callback, self.timeout = n_jobs, callback, timeout
        self.options = options
        self.study: Study | None = None
        self.result: OptimizationResult | None = None

    def sampler_options(self) -> dict[str, Any]:
        """What this way of searching wants its sampler to know."""
        return {}

    def budget(self) -> int | None:
        """How many runs it makes; None is all there are."""
        return None

    def optimize(self, *args: Any, **kwargs: Any) -> OptimizationResult:
        """``optimize(param_space)``, or ``optimize(strategy, data, param_space, objective=None)``."""
        strategy, data, param_space, objective = self._asked(args, kwargs)
        options = {"sampler": self.sampler, "n_trials": self.budget(), **self.options, **kwargs}
        given = {**self.sampler_options(), **dict(options.pop("sampler_options", {}))}
        self.study = study_of(
            strategy, data, param_space, self.objective if objective is None else objective,
            cerebro_factory=None if strategy is not None else self.cerebro_factory,
            n_jobs=self.n_jobs, callback=self.callback, timeout=self.timeout, sampler_options=given,
            **options,
        )  # fmt: skip
        self.result = self.study.run()
        return self.result

    def _asked(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[Any, Any, Any, Any]:
        """(strategy, data, space, objective) of either way to call `optimize`."""
        names: tuple[str, ...] = ("param_space", "objective")
        if (args and isinstance(args[0], type)) or "strategy" in kwargs or len(args) > 2:
            names = ("strategy", "data", "param_space", "objective")
        if len(args) > len(names):
            raise TypeError(f"optimize({', '.join(names)}) takes no more than {len(names)} arguments")
        found = dict(zip(names, args, strict=False))
        for name in ("strategy", "data", "param_space", "objective"):
            if name in kwargs:
                if name in found:
                    raise TypeError(f"optimize() is given {name} twice")
                found[name] = kwargs.pop(name)
        has_job = "job" in kwargs or "job" in self.options
        if found.get("strategy") is None and self.cerebro_factory is None and not has_job:
            raise StudyError(
                f"{type(self).__name__} needs a cerebro_factory, or optimize(strategy, data, param_space)"
            )
        return found.get("strategy"), found.get("data"), found.get("param_space"), found.get("objective")

    def get_progress(self) -> dict[str, Any]:
        """How it stands: total, completed, failed, running, pending, rate, eta, best_score, best_params."""
        if self.study is None:
            return {"total": None, "completed": 0, "failed": 0, "running": 0, "pending": None}
        return self.study.get_progress()

    def stop(self) -> None:
        """Stop after the runs it is at; from a callback or another thread."""
        if self.study is not None:
            self.study.stop()


class GridSearchOptimizer(OptimizerBase):
    """Every combination, the last parameter changing fastest."""


class RandomSearchOptimizer(OptimizerBase):
    """Combinations by chance, none twice."""

    sampler = "random"

    def __init__(self, *args: Any, n_iter: int = 100, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.n_iter = n_iter

    def budget(self) -> int | None:
        """``n_iter``."""
        return self.n_iter


class BayesianOptimizer(OptimizerBase):
    """A Gaussian process: ``init_points`` evenly spread, then ``n_iter`` where ``acq`` promises most."""

    sampler = "gp"

    def __init__(
        self,
        *args: Any,
        n_iter: int = 50,
        init_points: int = 5,
        acq: str = "ei",
        kappa: float = 2.576,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.n_iter, self.init_points, self.acq, self.kappa = n_iter, init_points, acq, kappa

    def sampler_options(self) -> dict[str, Any]:
        """Of the Gaussian process."""
        return {"init_points": self.init_points, "acq": self.acq, "kappa": self.kappa}

    def budget(self) -> int | None:
        """The first points, and the iterations after them."""
        return self.init_points + self.n_iter


class GeneticOptimizer(OptimizerBase):
    """Generations of combinations: good ones are crossed and mutated."""

    sampler = "genetic"

    def __init__(
        self,
        *args: Any,
        population_size: int = 20,
        generations: int = 10,
        mutation_rate: float | None = None,
        crossover_rate: float = 0.9,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.population_size, self.generations = population_size, generations
        self.mutation_rate, self.crossover_rate = mutation_rate, crossover_rate

    def sampler_options(self) -> dict[str, Any]:
        """Of the genetic search."""
        return {
            "population_size": self.population_size,
            "mutation_rate": self.mutation_rate,
            "crossover_rate": self.crossover_rate,
        }

    def budget(self) -> int | None:
        """All generations together."""
        return self.population_size * self.generations


class MultiStageOptimizer(OptimizerBase):
    """A sequence of searches, each from the best of the one before.

    A stage is a dict: ``name``, ``params`` (its space; what it does not name stays at the best so far),
    and if wanted ``sampler``, ``n_trials``, ``constraints``, ``options`` of the sampler, and ``narrow``:
    0.25 searches a quarter of each earlier range around the best.
    """

    sampler = "multi-stage"

    def __init__(
        self,
        cerebro_factory: Callable[..., Any] | None = None,
        stages: Sequence[Mapping[str, Any]] = (),
        objective: Any = None,
        n_jobs: int = 1,
        **kwargs: Any,
    ) -> None:
        super().__init__(cerebro_factory, objective, n_jobs, **kwargs)
        self.stages: list[Stage] = stages_of(stages)

    def sampler_options(self) -> dict[str, Any]:
        """The stages."""
        return {"stages": self.stages}

    def optimize(self, *args: Any, **kwargs: Any) -> OptimizationResult:
        """``optimize()``, or ``optimize(strategy, data)``; the space is that of the stages."""
        if args and (isinstance(args[0], ParamSpace | Mapping) or len(args) > 2):
            raise SpaceError("a search in stages has its spaces in the stages")
        given = dict(zip(("strategy", "data"), args, strict=False))
        return super().optimize(**given, **kwargs, param_space=union_of(self.stages))

    def get_final_params(self) -> dict[str, Any]:
        """The best combination after all stages."""
        return self.result.best_params if self.result is not None else {}

    def get_stage_results(self) -> list[dict[str, Any]]:
        """For each stage: name, best_params, best_score, runs, and results (its entries)."""
        if self.result is None:
            return []
        return [self._stage_result(stage.name) for stage in self.stages]

    def _stage_result(self, name: str) -> dict[str, Any]:
        assert self.result is not None
        entries: list[Entry] = [entry for entry in self.result.all_results if entry.stage == name]
        own = OptimizationResult(entries, self.result.objectives)
        return {
            "name": name, "best_params": own.best_params, "best_score": own.best_score,
            "runs": len(entries), "results": entries,
        }  # fmt: skip
