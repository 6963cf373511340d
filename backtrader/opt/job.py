"""One run of a search: parameters in, what came of it out, over feeds that are loaded once."""

from __future__ import annotations

import inspect
import time
import traceback
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ..core.cerebro import Cerebro
from ..core.memory import rare_collections
from ..core.outcome import record_of
from ..core.sweep import Repeated
from ..errors import BacktraderError, UnknownParameterError
from ..utils.params import nearest
from .checkpoints import Checkpoints, FirstBars
from .entry import COMPLETE, FAILED, PRUNED, Outcome
from .readings import readings_of, returns_of
from .setup import Setup
from .sizes import bytes_of
from .space import ParamSpace

__all__ = ["FactoryJob", "Job", "JobError", "StrategyJob", "job_of"]

_REUSE = "48MB"
_OBSERVERS = {"stats", "observers"}


class JobError(BacktraderError, ValueError):
    """A search was asked for without saying what to run, or on what."""


class Job:
    """What every run of a search does; the base of the two kinds there are."""

    def __init__(
        self,
        keep_returns: bool = False,
        trading_days: float = 252.0,
        objective: Any = None,
        reuse_memory: Any = _REUSE,
    ) -> None:
        self.workers = 1
        """How many processes share the memory that is there for all."""
        self.reuse_memory = bytes_of(reuse_memory) if reuse_memory else 0
        self.keep_returns = keep_returns
        self.trading_days = trading_days
        self.objective = objective
        """What runs that may be stopped early are measured by on the way."""
        self._bars = 0  # of the last whole run, for loops that cannot know in advance

    @property
    def names(self) -> list[str] | None:
        """The parameters a run understands; None if that cannot be told."""
        return None

    @property
    def title(self) -> str:
        """What is run, in a word or two."""
        raise NotImplementedError

    def own_space(self) -> ParamSpace | None:
        """The space the strategy itself suggests, if it does."""
        return None

    def check(self, space: Any) -> None:
        """Complain of parameters of ``space`` that nobody knows, before anything is run."""
        known = self.names
        if known is None:
            return
        for name in ParamSpace.of(space).names:
            if name not in known:
                raise UnknownParameterError(
                    f"{self.title} has no parameter {name!r}; " + nearest(name, known)
                )

    def prepare(self) -> None:
        """Load what all runs share."""

    def warm_up(self, params: Mapping[str, Any]) -> None:
        """Import and compile what a run with these parameters needs, before workers are forked."""

    def run(
        self, params: Mapping[str, Any], thresholds: Mapping[float, float | None] | None = None
    ) -> Outcome:
        """One run; whatever the user's code does, this comes back with an `Outcome`.

        ``thresholds`` has for shares of the bars (0.25: after a quarter) the objective a run must have
        by then not to be stopped; None only notes it.
        """
        began = time.perf_counter()
        outcome = Outcome()
        watch = None
        if thresholds:
            watch = Checkpoints(thresholds, self.objective, self.trading_days, self._bars)
        with rare_collections():
            self._run(params, watch, outcome)
        if watch is not None:
            outcome.interim = watch.seen
            if watch.stopped and outcome.state == COMPLETE:
                outcome.state = PRUNED
        outcome.seconds = time.perf_counter() - began
        return outcome

    def _run(self, params: Mapping[str, Any], watch: Checkpoints | None, outcome: Outcome) -> None:
        try:
            strategies = self._strategies(params, watch)
            if strategies:
                self._read(strategies, outcome)
            else:
                outcome.state, outcome.error = PRUNED, "the strategy asked to be left out (StrategySkipError)"
        except (Exception, SystemExit):  # the user's code may do anything
            outcome.state, outcome.error = FAILED, traceback.format_exc()
        finally:
            self._forget()

    def strategies(self, params: Mapping[str, Any]) -> Sequence[Any]:
        """One run in this process, and its strategies; what the user's code raises comes through."""
        return self._strategies(params, None)

    def _strategies(self, params: Mapping[str, Any], watch: Checkpoints | None) -> Sequence[Any]:
        raise NotImplementedError

    def _forget(self) -> None:
        """A run is over and all that is wanted of it was read."""

    def _read(self, strategies: Sequence[Any], outcome: Outcome) -> None:
        record = record_of(strategies, self.trading_days)
        self._bars = max(self._bars, len(strategies[0]))
        outcome.metrics = readings_of(strategies, record)
        if self.keep_returns:
            outcome.returns = returns_of(record)


class StrategyJob(Job):
    """A strategy over data: one Cerebro runs combination after combination."""

    def __init__(self, strategy: Any, setup: Setup, **options: Any) -> None:
        super().__init__(**options)
        self.strategy = strategy
        self.setup = setup
        self._runner: Repeated | None = None

    @property
    def title(self) -> str:
        """The strategy's name."""
        return str(self.strategy.__name__)

    @property
    def names(self) -> list[str] | None:
        """The strategy's parameters and the keywords of its ``__init__``; None if it takes any."""
        given = inspect.signature(self.strategy.__init__).parameters.values()
        if any(each.kind is each.VAR_KEYWORD for each in given) and _defines_init(self.strategy):
            return None
        keywords = [each.name for each in list(given)[1:] if each.kind is not each.VAR_POSITIONAL]
        return [
            *self.strategy.params._getkeys(),
            *(name for name in keywords if name not in ("args", "kwargs")),
        ]

    def own_space(self) -> ParamSpace | None:
        """The class attribute ``opt_space``: a `ParamSpace` or the dict of one."""
        suggested = getattr(self.strategy, "opt_space", None)
        return None if suggested is None else ParamSpace.of(suggested)

    def prepare(self) -> None:
        """Read the feeds."""
        if self._runner is None:
            self._runner = Repeated(self.setup.cerebro())
            self._runner.load(reuse=(self.reuse_memory or 0) // self.workers)

    def warm_up(self, params: Mapping[str, Any]) -> None:
        """A run of a few bars: everything is built and computed, hardly anything is traded."""
        self.prepare()
        assert self._runner is not None
        self._read(self._runner.run(self.strategy, params, FirstBars(self._runner.cerebro)), Outcome())
        self._bars = 0
        self._forget()

    def _strategies(self, params: Mapping[str, Any], watch: Checkpoints | None) -> Sequence[Any]:
        self.prepare()
        assert self._runner is not None
        return self._runner.run(self.strategy, params, watch)

    def _forget(self) -> None:
        if self._runner is not None:
            self._runner.forget()

    def __getstate__(self) -> dict[str, Any]:
        """Another process reads the feeds itself."""
        return vars(self) | {"_runner": None}


class FactoryJob(Job):
    """A function that makes a Cerebro for given parameters, with everything in it."""

    def __init__(self, cerebro_factory: Callable[..., Any], **options: Any) -> None:
        super().__init__(**options)
        self.cerebro_factory = cerebro_factory

    @property
    def title(self) -> str:
        """The function's name."""
        return getattr(self.cerebro_factory, "__name__", type(self.cerebro_factory).__name__)

    def _strategies(self, params: Mapping[str, Any], watch: Checkpoints | None) -> Sequence[Any]:
        cerebro = self.cerebro_factory(dict(params))
        if not isinstance(cerebro, Cerebro):
            raise JobError(f"{self.title}(params) must return a Cerebro, not {type(cerebro).__name__}")
        cerebro._checkpoints = watch
        found = cerebro.run()
        if cerebro._dooptimize:
            raise JobError(f"{self.title}(params) used optstrategy(): add the strategy with addstrategy()")
        return list(found)


def _defines_init(strategy: Any) -> bool:
    """Whether a class of the user's has an ``__init__`` of its own."""
    from ..core.strategy import Strategy

    return strategy.__init__ is not Strategy.__init__


def _reads_observers(strategy: Any) -> bool:
    """Whether the strategy's code mentions its observers: only then runs of a search have the usual ones."""
    from ..core.strategy import Strategy

    def mentions(code: Any) -> bool:
        inner = (const for const in code.co_consts if hasattr(const, "co_names"))
        return not _OBSERVERS.isdisjoint(code.co_names) or any(map(mentions, inner))

    own = [cls for cls in strategy.__mro__ if issubclass(cls, Strategy) and cls is not Strategy]
    methods = [value for cls in own for value in vars(cls).values() if hasattr(value, "__code__")]
    return any(mentions(method.__code__) for method in methods)


def job_of(
    strategy: Any = None,
    data: Any = None,
    cerebro_factory: Any = None,
    cash: float | None = None,
    commission: Any = None,
    sizer: Any = None,
    analyzers: Any = (),
    broker: Any = None,
    keep_returns: bool = False,
    trading_days: float = 252.0,
    objective: Any = None,
    reuse_memory: Any = _REUSE,
    **cerebro_kwargs: Any,
) -> Job:
    """What to run: a strategy class and its data, or a function that makes a Cerebro of parameters.

    ``data``: a feed, a DataFrame, the path of a CSV or Parquet file, a function that returns one, or
    several in a list or dict.  ``commission``: a rate, a dict for ``setcommission``, or a commission
    scheme.  ``sizer``: a class, (class, keywords), or a number of shares.  ``analyzers``: classes,
    (class, keywords) or a dict by name.  ``broker``: a broker, a function that makes one, or a dict of
    settings.  ``reuse_memory`` is how much all processes together may keep of indicators that several
    combinations have in common.  What is left goes to Cerebro.
    """
    options = {
        "keep_returns": keep_returns, "trading_days": trading_days,
        "objective": objective, "reuse_memory": reuse_memory,
    }  # fmt: skip
    if cerebro_factory is not None:
        given = {"strategy": strategy, "data": data, "cash": cash, "commission": commission, "sizer": sizer}
        also = [name for name, value in (given | cerebro_kwargs).items() if value is not None]
        if also:
            raise JobError(f"a cerebro_factory says everything itself: leave out {', '.join(also)}")
        return FactoryJob(cerebro_factory, **options)
    if not isinstance(strategy, type):
        what = "nothing" if strategy is None else repr(strategy)
        raise JobError(f"say what to run: a strategy class or cerebro_factory, not {what}")
    if data is None:
        raise JobError(f"{strategy.__name__} needs data: a feed, a DataFrame, or the path of a file")
    cerebro_kwargs.setdefault("stdstats", _reads_observers(strategy))
    setup = Setup(data, cash, commission, sizer, analyzers, broker, cerebro_kwargs)
    return StrategyJob(strategy, setup, **options)
