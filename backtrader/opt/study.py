"""A search: what to run, over which space, for which objective; kept in a store, so that it can go on.

>>> study = Study(job_of(MyStrategy, "prices.csv"), {"fast": (5, 30), "slow": (20, 100)}, "sharpe_ratio",
...               name="sma", sampler="tpe", n_trials=200, n_jobs=-1)
>>> result = study.run()                 # again, after whatever broke it off: the missing runs are done
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ..analyzers.metrics import METRICS
from ..utils.params import nearest
from .codec import plain
from .describe import describe_objectives, describe_space, differences
from .entry import Entry
from .formula import ALIASES, Formula
from .objective import ObjectiveError, ObjectiveFunction
from .options import Options, StudyError, options_of
from .results import OptimizationResult
from .samplers import make_sampler
from .samplers.units import Cube, find_one
from .space import NO_SPACE, ParamSpace, SpaceError
from .store import Store, StudyExists, StudyRecord
from .tally import NoScore, Tally, TooManyFailures
from .transfer import best_of_earlier, check_mapped, mapped

__all__ = ["Interrupted", "Study", "StudyError", "objectives_of"]


class Interrupted(KeyboardInterrupt):
    """Ctrl-C during a search; ``result`` is what there was by then, and the study can go on."""

    def __init__(self, result: OptimizationResult) -> None:
        super().__init__(f"interrupted after {result.total_runs} runs")
        self.result = result


def objectives_of(given: Any) -> list[ObjectiveFunction]:
    """Objectives out of what a user says: a metric or a formula of metrics (``min:`` before it makes it
    small), a function, weights, an `ObjectiveFunction`, or several of these."""
    if isinstance(given, list | tuple):
        if not given:
            raise ObjectiveError("a search needs an objective")
        return [one for each in given for one in objectives_of(each)]
    if isinstance(given, ObjectiveFunction):
        return [given]
    if given is None:
        return [ObjectiveFunction()]
    if isinstance(given, Mapping):
        return [ObjectiveFunction(weights=given)]
    if isinstance(given, str):
        return [_said(given)]
    if callable(given):
        return [ObjectiveFunction(custom_func=given)]
    raise ObjectiveError(f"an objective is a metric, a function or an ObjectiveFunction, not {given!r}")


def _said(text: str) -> ObjectiveFunction:
    """A metric, the path of an analyzer's value, or a formula of metrics."""
    small = text.startswith(("-", "min:"))
    name = text.removeprefix("min:").removeprefix("max:").strip()
    if not name.removeprefix("-").replace(".", "").replace("_", "").isalnum():
        small = text.startswith("min:")
        return ObjectiveFunction(False if small else None, custom_func=Formula(name))
    name = name.removeprefix("-").strip()
    name = ALIASES.get(name, name)
    if "." not in name and name not in METRICS:
        raise ObjectiveError(f"there is no metric {name!r}; " + nearest(name, METRICS, ALIASES))
    return ObjectiveFunction(False, weights={name: 1.0}) if small else ObjectiveFunction(name)


class Study:
    """A search that can be run, stopped, and run on.

    With a ``name`` it is kept in ``storage`` (a file, `DEFAULT_FILE` if nothing is said, or a database
    URL); without one it lives in memory.  For ``**options`` see `Options`.
    """

    def __init__(
        self,
        job: Any,
        space: Any = None,
        objective: Any = None,
        *,
        name: str | None = None,
        storage: Any = None,
        **options: Any,
    ) -> None:
        self.job = job
        self.options: Options = options_of(options)
        self.objectives = objectives_of(objective)
        self.space = self._space(space)
        self.sampler_name = self._sampler_name()
        self._check()
        self.name = name or "unnamed"
        self.store = Store.open(":memory:" if storage is None and name is None else storage)
        self.watch: Any = None
        """Called with each entry and the outcome it is of, by those who want more than is stored."""
        self._loop: Any = None
        self._queued: list[Entry] = []
        self._began = 0.0
        self.transferred: list[str] = []
        """What of an earlier study did not fit, in sentences."""
        self._open()
        self.store.use_space(self.name, self.space)

    # -- before anything is run --------------------------------------------------------------------
    def _space(self, given: Any) -> ParamSpace:
        if given is None:
            own = getattr(self.job, "own_space", None)
            given = own() if callable(own) else None
        if given is None:
            raise SpaceError(NO_SPACE)
        space = ParamSpace.of(given)
        if not space.dimensions:
            raise SpaceError("the space is empty: it has no parameter")
        return space

    def _sampler_name(self) -> Any:
        if self.options.sampler is not None:
            return self.options.sampler
        countable = all(each.is_discrete or each.num is not None for each in self.space.dimensions.values())
        return "grid" if countable else "tpe"

    def _check(self) -> None:
        check = getattr(self.job, "check", None)
        if callable(check):
            check(self.space)
        find_one(self.space)
        self.new_sampler()  # complains of options it does not know and spaces it cannot search

    def new_sampler(self, seed: int | None = None) -> Any:
        """A sampler at its beginning."""
        directions = [objective.maximize for objective in self.objectives]
        return make_sampler(
            self.sampler_name, self.space, directions,
            seed=self.options.seed if seed is None else seed, budget=self.options.n_trials,
            **self.options.sampler_options,
        )  # fmt: skip

    def _open(self) -> None:
        settings = self._settings()
        if self.options.resume:
            self.store.load(self.name)  # says which there are
        else:
            try:
                self.store.create(self.name, self.space, self.objectives, settings)
            except StudyExists as error:  # also if another driver made it a moment ago
                if self.options.resume is False:
                    raise StudyError(f"{error}: resume it, or take another name") from None
            else:
                self._warm_start()
                return
        record = self.store.load(self.name)
        self._compare(record)
        self.store.set_settings(self.name, record.settings | settings)

    def _settings(self) -> dict[str, Any]:
        options = self.options
        named = self.sampler_name if isinstance(self.sampler_name, str) else type(self.sampler_name).__name__
        settings = {
            "sampler": named, "sampler_options": dict(options.sampler_options), "seed": options.seed,
            "n_trials": options.n_trials, "n_jobs": options.n_jobs,
            "strategy": getattr(self.job, "title", ""),
        }  # fmt: skip
        return settings | dict(options.settings)

    def _compare(self, record: StudyRecord) -> None:
        said = differences(record.space, describe_space(self.space))
        if said:
            raise StudyError(
                f"study {self.name!r} was begun with another space:\n"
                + "\n".join(f"  {sentence}" for sentence in said)
                + "\nGo on with its own space (btopt resume), or begin a study of another name"
                " (in Python, warm_start= takes over the best of this one)."
            )
        now = describe_objectives(self.objectives)
        if record.objectives != now:
            was = ", ".join(each["name"] for each in record.objectives)
            raise StudyError(
                f"study {self.name!r} was begun with another objective: {_objectives(record.objectives)}; "
                f"now {_objectives(now)}. Its scores are of {was}: begin a new study."
            )
        old = record.settings.get("data")
        new = self.options.settings.get("data", old)
        if old is not None and new != old:
            raise StudyError(f"study {self.name!r} was begun with other data: {old}; now {new}")
        stages = plain(self.options.sampler_options).get("stages")
        if stages != record.settings.get("sampler_options", {}).get("stages"):
            raise StudyError(f"study {self.name!r} was begun with other stages, or with none")

    def _warm_start(self) -> None:
        """Have the best of an earlier study run first."""
        options, maximize = self.options, self.objectives[0].maximize
        if options.warm_start is None:
            return
        earlier = best_of_earlier(options.warm_start, self.store, maximize, options.warm_start_n)
        found, self.transferred = mapped(earlier, self.space)
        check_mapped(found, self.transferred)
        self._queued += [Entry(params) for params in found]

    # -- running -----------------------------------------------------------------------------------
    def enqueue(self, combinations: Iterable[Mapping[str, Any]]) -> None:
        """Have these combinations run before what the sampler suggests."""
        for params in combinations:
            completed = Cube(self.space).fitting(params)
            if completed is None:
                raise SpaceError(f"{dict(params)} is not a combination of the space {self.space!r}")
            self._queued.append(Entry(completed))

    def run(self) -> OptimizationResult:
        """Do what is missing; the result, which has what was there before as well.

        Ctrl-C raises `Interrupted`, which carries the result so far.
        """
        from .loop import Loop

        self._began = time.monotonic()
        self._loop = Loop(self, self._queued)
        self._queued = []
        try:
            self._loop.run()
        except KeyboardInterrupt:
            raise Interrupted(self.result("interrupted")) from None
        return self.result(self._loop.stopped)

    def run_quietly(self) -> OptimizationResult:
        """The same for callers that look at each run themselves: not a score or only failures is no error."""
        try:
            return self.run()
        except (NoScore, TooManyFailures):
            return self.result()

    def stop(self) -> None:
        """Have the study stop after the runs it is at; may be called from a callback or another thread."""
        if self._loop is not None:
            self._loop.stop("asked to stop")

    def get_progress(self) -> dict[str, Any]:
        """How it stands: total, completed, failed, pruned, running, pending, rate, eta, best_score, …"""
        if self._loop is not None:
            return self._loop.tally.progress()  # type: ignore[no-any-return]
        record = self.store.load(self.name)
        tally = Tally(self.objectives[0], self.options, record.counts, self.best())
        tally.total = record.total
        return tally.progress()

    # -- what there is -----------------------------------------------------------------------------
    def entries(self) -> list[Entry]:
        """Everything that has been evaluated, in the order it was taken up."""
        return self.store.entries(self.name)

    def best(self) -> Entry | None:
        """The best valid entry; None if there is none."""
        found = self.store.best(self.name, maximize=self.objectives[0].maximize)
        return found[0] if found else None

    def result(self, stopped: str = "") -> OptimizationResult:
        """What there is by now."""
        return OptimizationResult(
            self.entries, self.objectives, self.best(),
            time.monotonic() - self._began if self._began else 0.0,
            self.store.load(self.name).finished, self.name, stopped, self,
        )  # fmt: skip


def _objectives(described: Sequence[Mapping[str, Any]]) -> str:
    parts = []
    for each in described:
        text = f"{'large' if each['maximize'] else 'small'} {each['name']}"
        text += f" [{each['function']}]" if each["function"] else ""
        text += f" with {', '.join(each['constraints'])}" if each["constraints"] else ""
        parts.append(text)
    return " and ".join(parts)
