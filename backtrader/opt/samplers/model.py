"""Samplers of Optuna: TPE, CMA-ES, NSGA-II, and a genetic search.

Optuna runs in memory, as a sampler only; the study is ours and fills it again when it goes on.
"""

from __future__ import annotations

import contextlib
import math
import random
import warnings
from abc import abstractmethod
from collections.abc import Iterator, Mapping
from typing import Any

from ...utils.optional import require
from ..codec import key_of
from ..entry import COMPLETE, PRUNED, Entry
from .base import Sampler, SamplerError
from .units import Axis, Cube

__all__ = ["CmaSampler", "GeneticSampler", "Nsga2Sampler", "TpeSampler", "quiet"]

_TRIES = 50  # suggestions that break a constraint, before chance finds one that does not
_LIMIT = "breaks"  # user attribute: above 0 if the trial breaks a constraint


class OptunaSampler(Sampler):
    """A sampler of Optuna behind ours."""

    adaptive = True
    memory: int | None = None
    """How many trials are kept before the least useful are forgotten; None is all."""
    learns_from_repeats = True
    """Whether a combination that is suggested again counts again; a generation needs each of its members."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._optuna: Any = require("optuna", "opt", f"the sampler {type(self).__name__}")
        self.cube = Cube(self.space)
        self._axes = {axis.name: axis for axis in self.cube.axes}
        self._spread = {axis.name: self._distribution(axis) for axis in self.cube.axes}
        self._random = random.Random(self.seed)
        self._pending: dict[str, list[Any]] = {}
        self._told: list[Entry] = []
        self._keys: set[str] = set()
        self._study: Any = None

    @abstractmethod
    def make(self, trials: list[Any]) -> Any:
        """The sampler, told that there are these trials already."""

    # -- Optuna's side -------------------------------------------------------------------------------
    def _distribution(self, axis: Axis) -> Any:
        """Values that can be counted are told by their place: steps are exact, choices may be anything."""
        found = self._optuna.distributions
        if axis.count is None:
            return found.FloatDistribution(axis.low, axis.high, log=axis.log)
        if axis.is_ordered:
            return found.IntDistribution(0, axis.count - 1)
        return found.CategoricalDistribution(range(axis.count))

    def _suggest_one(self, trial: Any, axis: Axis) -> Any:
        if axis.count is None:
            return trial.suggest_float(axis.name, axis.low, axis.high, log=axis.log)
        if axis.is_ordered:
            return trial.suggest_int(axis.name, 0, axis.count - 1)
        return trial.suggest_categorical(axis.name, list(range(axis.count)))

    def _value(self, axis: Axis, place: Any) -> Any:
        return float(place) if axis.count is None else axis.values[int(place)]

    def _begin(self, entries: list[Entry]) -> None:
        trials = [trial for entry in entries if (trial := self._frozen(entry)) is not None]
        with quiet(self._optuna):
            sampler = self.make(trials)
            self._study = self._optuna.create_study(
                sampler=sampler,
                directions=["maximize" if large else "minimize" for large in self.directions],
            )
        self._study.add_trials(trials)
        self._told = list(entries)

    # -- ours ------------------------------------------------------------------------------------------
    def ask(self) -> Any:
        """What the sampler suggests; what breaks a constraint is told to it and never comes out."""
        if self._study is None:
            self._begin(self._told)
        for _ in range(_TRIES):
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                trial = self._study.ask()
                params = self.cube.complete(self._suggest(trial))
            if params is not None:
                self._pending.setdefault(key_of(params), []).append(trial)
                return params
            self._refuse(trial)
        return self.cube.draw_valid(self._random)

    def _suggest(self, trial: Any) -> dict[str, Any]:
        """Ask for each parameter in turn; for those with a condition only where it holds."""
        values: dict[str, Any] = dict(self.cube.fixed)
        for name, axis in self._axes.items():
            if self.cube.means_something(name, values):
                values[name] = self._value(axis, self._suggest_one(trial, axis))
        return values

    def _refuse(self, trial: Any) -> None:
        """The suggestion breaks a constraint of the space."""
        trial.set_user_attr(_LIMIT, 1.0)
        states = self._optuna.trial.TrialState
        self._study.tell(trial, state=states.PRUNED if len(self.directions) == 1 else states.FAIL)

    def drop(self, params: Mapping[str, Any]) -> None:
        """It is run elsewhere: the result will come in as another's."""
        key = key_of(params)
        trials = self._pending.get(key)
        if trials:
            if len(trials) == 1:
                del self._pending[key]
            self._study.tell(trials.pop(), state=self._optuna.trial.TrialState.FAIL)

    def tell(self, entry: Entry) -> None:
        """The result goes to the trial that suggested it, or in as a new one."""
        key = key_of(entry.params)
        trials = self._pending.pop(key, [])
        if key in self._keys and not self.learns_from_repeats:
            for trial in trials:
                self._study.tell(trial, state=self._optuna.trial.TrialState.FAIL)
            return
        self._keys.add(key)
        self._told.append(entry)
        if self._study is None:
            return
        if not trials:
            frozen = self._frozen(entry)
            if frozen is not None:
                self._study.add_trial(frozen)
        for trial in trials:
            self._tell(trial, entry)
        if self.memory is not None and len(self._told) > 2 * self.memory:
            self._pending.clear()  # what they come to is told as what another has found
            self._begin(self._remembered(self.memory))

    def _tell(self, trial: Any, entry: Entry) -> None:
        values, state, limit = self._judged(entry)
        trial.set_user_attr(_LIMIT, limit)
        if state.name == "PRUNED":
            for step, value in entry.interim:
                trial.report(value, step)
            values = None
        self._study.tell(trial, values, state)

    def _judged(self, entry: Entry) -> tuple[list[float] | None, Any, float]:
        """(values, state, above 0 if it breaks a constraint) of an entry, as Optuna understands it."""
        states = self._optuna.trial.TrialState
        scores = list(entry.scores or (entry.score,))
        whole = len(scores) == len(self.directions) and not any(map(math.isnan, scores))
        if entry.state == COMPLETE and whole:
            return scores, states.COMPLETE, 0.0 if entry.valid else 1.0
        if len(self.directions) > 1:
            return None, states.FAIL, 1.0
        return None, states.PRUNED, 0.0 if entry.state == PRUNED else 1.0

    def _frozen(self, entry: Entry) -> Any:
        """A trial for what was evaluated elsewhere or earlier; None if it is not of this space."""
        places = self._places(entry)
        if places is None:
            return None
        values, state, limit = self._judged(entry)
        return self._optuna.trial.create_trial(
            params=places,
            distributions={name: self._spread[name] for name in places},
            values=values,
            state=state,
            user_attrs={_LIMIT: limit},
            system_attrs=self.marks(),
            intermediate_values=dict(entry.interim) if state.name == "PRUNED" else None,
        )

    def marks(self) -> dict[str, Any]:
        """What the sampler notes with its own trials, for one that it did not suggest."""
        return {}

    def _places(self, entry: Entry) -> dict[str, Any] | None:
        found: dict[str, Any] = {}
        for name, axis in self._axes.items():
            if name in entry.params:
                value = entry.params[name]
                if not axis.dimension.contains(value):
                    return None
                found[name] = float(value) if axis.count is None else axis.index(value)
        return found

    def _remembered(self, count: int) -> list[Entry]:
        """The best half and the latest half of so many: what a model learns most from."""
        sign = -1.0 if self.directions[0] else 1.0
        scored = [entry for entry in self._told if not math.isnan(entry.score)]
        best = sorted(scored, key=lambda entry: sign * entry.score)[: count // 2]
        chosen = {id(entry) for entry in [*best, *self._told[-(count // 2) :]]}
        return [entry for entry in self._told if id(entry) in chosen]

    def _one_objective(self, name: str) -> None:
        if len(self.directions) > 1:
            raise SamplerError(f"the sampler {name!r} has one objective; for several take nsga2 or tpe")


def _limits(trial: Any) -> tuple[float, ...]:
    """Optuna's way to ask whether a trial keeps to the constraints: it does up to 0."""
    return (float(trial.user_attrs.get(_LIMIT, 0.0)),)


@contextlib.contextmanager
def quiet(optuna: Any) -> Iterator[None]:
    """Without the notes on experimental arguments, and on a study having been made."""
    level = optuna.logging.get_verbosity()
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        optuna.logging.set_verbosity(level)


class TpeSampler(OptunaSampler):
    """Tree-structured Parzen estimators: where good runs are dense and bad ones are not.

    A good first choice: any kind of parameter, constraints, several objectives, runs in parallel.
    """

    # What a suggestion costs grows with the number of trials, 1 ms for 100; the 25 best it goes by stay.
    memory = 400
    learns_from_repeats = False  # it would dig itself in

    def __init__(self, *args: Any, startup: int = 10, candidates: int = 24, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.startup, self.candidates = startup, candidates

    def make(self, trials: list[Any]) -> Any:
        """TPE over all parameters together, by group where they have conditions."""
        conditional = any(axis.dimension.when for axis in self.cube.axes)
        return self._optuna.samplers.TPESampler(
            n_startup_trials=self.startup,
            n_ei_candidates=self.candidates,
            multivariate=True,
            group=conditional,
            constant_liar=len(self.directions) == 1,
            constraints_func=_limits,
            seed=self.seed,
        )


class CmaSampler(OptunaSampler):
    """CMA-ES: a cloud of points that moves and stretches; for numbers that work together."""

    def __init__(
        self, *args: Any, startup: int = 1, population_size: int | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.startup, self.population_size = startup, population_size
        self._one_objective("cmaes")
        if sum(axis.is_ordered and not axis.dimension.when for axis in self.cube.axes) < 2:
            raise SamplerError("cmaes needs at least two parameters that are numbers; take tpe or gp")
        require("cmaes", "opt", "the sampler 'cmaes'")

    def make(self, trials: list[Any]) -> Any:
        """Begins around the best of what is there already."""
        complete = [trial for trial in trials if trial.values is not None]
        return self._optuna.samplers.CmaEsSampler(
            n_startup_trials=self.startup,
            popsize=self.population_size,
            seed=self.seed,
            source_trials=complete if len(complete) >= 10 else None,
            warn_independent_sampling=False,
        )

    def _judged(self, entry: Entry) -> tuple[list[float] | None, Any, float]:
        """A generation needs a value of each of its points: the worst so far, where a run has none."""
        values, state, limit = super()._judged(entry)
        if values is None or limit:
            scores = [each.score for each in self._told if not math.isnan(each.score)]
            if scores:
                worst = min(scores) if self.directions[0] else max(scores)
                return [worst], self._optuna.trial.TrialState.COMPLETE, 0.0
        return values, state, limit


class Nsga2Sampler(OptunaSampler):
    """NSGA-II: generations that get better in several objectives at once."""

    def __init__(
        self,
        *args: Any,
        population_size: int | None = None,
        mutation_rate: float | None = None,
        crossover_rate: float = 0.9,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        if population_size is not None and population_size < 2:
            raise SamplerError(f"population_size is 2 or more, not {population_size!r}")
        self.population_size = population_size or min(max((self.budget or 200) // 10, 8), 50)
        self.mutation_rate, self.crossover_rate = mutation_rate, crossover_rate
        self._resumed = 0

    def make(self, trials: list[Any]) -> Any:
        """Numbers are crossed by blending; the generations of earlier sessions are what its own marks say."""
        return self._optuna.samplers.NSGAIISampler(
            population_size=self.population_size,
            mutation_prob=self.mutation_rate,
            crossover_prob=self.crossover_rate,
            crossover=self._optuna.samplers.nsgaii.BLXAlphaCrossover(),
            constraints_func=_limits,
            seed=self.seed,
        )

    def marks(self) -> dict[str, Any]:
        """The generation: as many as make up a population belong together."""
        generation = self._resumed // self.population_size
        self._resumed += self._study is None
        key = self._optuna.samplers.NSGAIISampler._get_generation_key()
        return {key: generation} if self._study is None else {}


class GeneticSampler(Nsga2Sampler):
    """A genetic search for one objective: parents by rank, crossed and mutated.

    NSGA-II with one objective is that, and is tried and tested; so there is no other one here.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._one_objective("genetic")
