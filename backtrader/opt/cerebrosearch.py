"""A search over the strategy of a Cerebro that is set up already.

`Cerebro.optimize` gives the result of a search; `Cerebro.optstrategy` with ``sampler=`` or ``objective=``
lets `run` hand back what it always does, of the combinations that were tried.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import Any

from ..core.assemble import small
from ..core.sweep import Repeated, Search
from ..errors import UnknownParameterError
from ..utils.params import nearest
from .entry import Entry, Outcome
from .job import JobError, StrategyJob
from .options import Options
from .results import OptimizationResult
from .space import ParamSpace
from .study import Study

__all__ = ["CerebroJob", "optimize_cerebro", "run_search"]

_STUDY = ("study", "storage")
_JOB = ("keep_returns", "trading_days")
_SPACE = ("param_space", "constraints")


class _Ready:
    """A Cerebro that has all it needs."""

    def __init__(self, cerebro: Any) -> None:
        self._cerebro = cerebro

    def cerebro(self) -> Any:
        return self._cerebro


class _Among(Repeated):
    """Runs a strategy with the others of its Cerebro, and what it was given besides what varies."""

    def __init__(self, cerebro: Any, place: int, given: Sequence[Any]) -> None:
        super().__init__(cerebro)
        self._place, self._given = place, list(given)

    def combination(self, strategy: Any, params: Any) -> list[Any]:
        found = list(self._given)
        _, args, kwargs = found[self._place]
        found[self._place] = (strategy, args, {**kwargs, **params})
        return found


class CerebroJob(StrategyJob):
    """Runs of a Cerebro in which one strategy varies; ``keep`` brings back what `run` hands out."""

    def __init__(
        self, cerebro: Any, place: int, given: Sequence[Any], keep: bool = False, **options: Any
    ) -> None:
        super().__init__(given[place][0], _Ready(cerebro), **options)  # type: ignore[arg-type]
        self._cerebro, self._place, self._given, self._keep = cerebro, place, given, keep
        self._whole = keep and not cerebro.p.optreturn

    def prepare(self) -> None:
        """Read the feeds."""
        if self._runner is None:
            self._runner = _Among(self._cerebro, self._place, self._given)
            self._runner.load()

    def _read(self, strategies: Sequence[Any], outcome: Outcome) -> None:
        super()._read(strategies, outcome)
        if self._keep:
            outcome.kept = list(strategies) if self._whole else [small(each) for each in strategies]

    def _forget(self) -> None:
        if not self._keep:  # else analyzers, or the strategies themselves, are asked for
            super()._forget()


class _Plain:
    """While it lasts a Cerebro has no observers of its own and looks at nothing but its runs."""

    def __init__(self, cerebro: Any, stdstats: bool) -> None:
        self._cerebro, self._stdstats = cerebro, stdstats

    def __enter__(self) -> None:
        cerebro = self._cerebro
        self._was = cerebro.p.stdstats, cerebro._dooptimize
        cerebro.p.stdstats, cerebro._dooptimize = self._was[0] and self._stdstats, False

    def __exit__(self, *_error: Any) -> None:
        cerebro = self._cerebro
        cerebro.p.stdstats, cerebro._dooptimize = self._was
        cerebro._checkpoints = None
        cerebro._event_stop = cerebro._interrupted = False


def optimize_cerebro(cerebro: Any, strategy: Any = None, **given: Any) -> OptimizationResult:
    """Search the parameters of a strategy of this Cerebro: the one given, or the one added."""
    place, all_given, ranges = _strategies(cerebro, strategy)
    cls = all_given[place][0]
    words = {each.name for each in fields(Options)} | {"objective", *_STUDY, *_JOB, *_SPACE}
    known = cls.params._getkeys()
    words -= set(known)  # a parameter of the strategy's means that, whatever its name
    options = {name: given.pop(name) for name in list(given) if name in words}
    for name in given:
        if name not in known and not _takes_any(cls):
            raise UnknownParameterError(
                f"{cls.__name__} has no parameter {name!r}; " + nearest(name, known, words)
            )
    space = _space(ranges | given, options)
    job_options = {name: options.pop(name) for name in _JOB if name in options}
    study = options.pop("study", None)
    job = CerebroJob(cerebro, place, all_given, **job_options)
    with _Plain(cerebro, stdstats=False):
        return Study(job, space, options.pop("objective", None), name=study, **options).run()


def _space(ranges: Mapping[str, Any], options: dict[str, Any]) -> Any:
    space, constraints = options.pop("param_space", None), options.pop("constraints", ())
    if space is None:
        return ParamSpace(constraints, **ranges) if ranges else None
    if ranges or constraints:
        raise JobError("the space is given as param_space and by keyword: choose one")
    return ParamSpace.of(space)


def _strategies(cerebro: Any, strategy: Any) -> tuple[int, list[Any], dict[str, Any]]:
    """(which strategy varies, all of them with what they are given, the ranges optstrategy was given)."""
    if strategy is not None:
        if any(each[0] is strategy for item in cerebro.strats if isinstance(item, list) for each in item):
            place = next(n for n, item in enumerate(cerebro.strats) if item[0][0] is strategy)
            return place, [next(iter(item)) for item in cerebro.strats], {}
        fixed = [item[0] for item in cerebro.strats if isinstance(item, list)]
        return len(fixed), [*fixed, (strategy, (), {})], {}
    if not cerebro.strats:
        raise JobError("nothing to search: add a strategy, or name its class, optimize(MyStrategy, …)")
    varied = [n for n, item in enumerate(cerebro.strats) if not isinstance(item, list)]
    if len(varied) > 1 or (not varied and len(cerebro.strats) > 1):
        raise JobError("several strategies: say which one varies, optimize(MyStrategy, …)")
    place = varied[0] if varied else 0
    given = [item[0] if isinstance(item, list) else (item.strategy, (), {}) for item in cerebro.strats]
    if not varied:
        return place, given, {}
    item = cerebro.strats[place]
    if item.args:
        raise JobError("give the ranges of a search by keyword")
    return place, given, dict(zip(item.names, item.ranges, strict=True))


def _takes_any(cls: Any) -> bool:
    import inspect

    own = inspect.signature(cls.__init__).parameters.values()
    return any(each.kind is each.VAR_KEYWORD for each in own) and "__init__" in vars(cls)


def run_search(cerebro: Any, search: Search) -> None:
    """What `Cerebro.run` does for an ``optstrategy`` with a sampler: results as ever, of what was tried.

    The result of the search itself is in ``cerebro.optresult``.
    """
    place, given, ranges = _strategies(cerebro, None)
    job = CerebroJob(cerebro, place, given, keep=True)
    options = dict(search.options)
    n_jobs = 1 if job._whole else cerebro.p.maxcpus or -1
    with _Plain(cerebro, stdstats=True):
        study = Study(job, ParamSpace((), **ranges), options.pop("objective", None), n_jobs=n_jobs, **options)
        found: dict[int, Any] = {}

        def keep(entry: Entry, outcome: Outcome) -> None:
            if outcome.kept is not None:
                found[entry.number] = outcome.kept
                for callback in cerebro.optcbs:
                    callback(outcome.kept)

        study.watch = keep
        cerebro.optresult = study.run()
    cerebro.runstrats = [found[number] for number in sorted(found)]
