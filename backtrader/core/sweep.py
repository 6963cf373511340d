"""Combinations of parameters over one process or many."""

from __future__ import annotations

import itertools
import multiprocessing
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from ..feeds.checks import check_feeds
from ..lines.reuse import Reuse
from .apart import take_apart
from .memory import left_behind, restore
from .plan import fresh_clocks


class Combinations:
    """Every combination of parameter ranges of one strategy, the last keyword changing fastest."""

    def __init__(self, strategy: Any, args: list[Any], names: list[str], ranges: list[list[Any]]) -> None:
        self.strategy, self.args, self.names, self.ranges = strategy, args, names, ranges

    def __iter__(self) -> Iterator[Any]:
        for args in itertools.product(*self.args):
            for values in itertools.product(*self.ranges):
                yield self.strategy, args, dict(zip(self.names, values, strict=True))


class Search(Combinations):
    """Ranges of which a sampler chooses the combinations that are run."""

    options: dict[str, Any] = {}


def combinations(
    strategy: Any,
    args: list[Any],
    ranges: dict[str, Any],
    iterize: Callable[[Any], Any],
    options: dict[str, Any] | None = None,
) -> Any:
    """The combinations as an iterable that can be walked more than once; with options those of a search."""
    columns = [list(column) for column in iterize(ranges.values())]
    kind = Combinations if options is None else Search
    found = kind(strategy, [list(arg) for arg in args], list(ranges), columns)
    if isinstance(found, Search):
        found.options = options or {}
    return found


def as_search(strategy: Any, kwargs: dict[str, Any]) -> dict[str, Any] | None:
    """Take the words of a search out of ``kwargs``, if it has any; parameters of the strategy stay in."""
    own = set(strategy.params._getkeys())
    if not any(word in kwargs and word not in own for word in ("sampler", "objective")):
        return None
    words = [word for word in ("sampler", "objective", "n_trials", "seed") if word in kwargs]
    return {word: kwargs.pop(word) for word in words if word not in own}


def run_all(cerebro: Any, runs: Iterable[Any]) -> None:
    """Run each combination; results go to ``cerebro.runstrats``, callbacks see them as they come."""
    if not cerebro._dooptimize:
        cerebro.runstrats.append(cerebro.runstrategies(next(iter(runs))))
        return
    shared = bool(cerebro.p.optdatas and cerebro._dopreload and cerebro._dorunonce)
    if shared:
        load_datas(cerebro)
    for result in _results(cerebro, runs, shared):
        cerebro.runstrats.append(result)
        for callback in cerebro.optcbs:
            callback(result)
    if shared:
        for data in cerebro.datas:
            data.stop()


def _results(cerebro: Any, runs: Iterable[Any], shared: bool) -> Iterator[Any]:
    if cerebro.p.maxcpus == 1:
        for combination in runs:
            yield cerebro.runstrategies(combination, predata=shared)
        return
    global _forked
    _forked = (cerebro, list(runs))
    try:
        with _processes(cerebro.p.maxcpus or None) as pool:
            yield from pool.imap(_run_number, range(len(_forked[1])))
    finally:
        _forked = None


# what the workers of a sweep run; they inherit it, so feeds and strategies need not be picklable
_forked: Any = None


def _run_number(number: int) -> Any:
    cerebro, runs = _forked
    return cerebro(runs[number])


def _inherit(state: Any) -> None:
    global _forked
    _forked = state


def _processes(count: int | None) -> Any:
    """Worker processes that know the sweep: by forking, or where that cannot be by pickling."""
    if "fork" in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("fork").Pool(count)
    return multiprocessing.Pool(count, initializer=_inherit, initargs=(_forked,))


def load_datas(cerebro: Any) -> None:
    """Start and preload all feeds."""
    ahead = cerebro.p.preload and cerebro._exactbars < 1 and not (cerebro._dolive or cerebro.p.live)
    for data in cerebro.datas:
        fresh_clocks(data)
        data.reset()
        if cerebro._exactbars < 1:
            data.extend(size=cerebro.p.lookahead)
        data._start()
        if cerebro._dopreload:
            data.preload()
            data._settle()
        elif ahead:
            data._load_ahead()
    if cerebro._dopreload and cerebro.p.audit:
        check_feeds(cerebro.datas, strict=cerebro.p.audit == "strict")


class Repeated:
    """One Cerebro that runs one strategy after the other over feeds it loads once."""

    def __init__(self, cerebro: Any) -> None:
        self.cerebro = cerebro
        self._loaded = False
        self._mark = 0
        self._kept: tuple[Any, ...] | None = None

    def load(self, reuse: int = 0) -> None:
        """Read the feeds, if the runs can share them, and so many bytes of what is computed from them."""
        cerebro = self.cerebro
        cerebro._choose_modes()
        cerebro._make_writers()
        if cerebro.p.optdatas and cerebro._dopreload and cerebro._dorunonce:
            load_datas(cerebro)
            self._loaded = True
            if reuse:
                kept = Reuse(cerebro.datas, reuse)
                for data in cerebro.datas:
                    data._reuse = kept

    def run(self, strategy: Any, params: Any, watch: Any = None) -> list[Any]:
        """The strategy objects of one run; ``watch`` may look at it on the way, and stop it."""
        cerebro = self.cerebro
        self._as_at_first()
        cerebro._event_stop = cerebro._interrupted = False
        cerebro._checkpoints = watch
        self._mark = left_behind()
        combination = self.combination(strategy, params)
        found: list[Any] = cerebro.runstrategies(combination, predata=self._loaded)
        return found

    def _as_at_first(self) -> None:
        """Undo what the last strategy did to what all share: a run must not depend on those before it."""
        cerebro, broker = self.cerebro, self.cerebro._broker
        settings, schemes = vars(broker.p), broker.comminfo
        if self._kept is None:
            self._kept = dict(settings), dict(schemes), list(cerebro._pretimers), cerebro._dorunonce
            return
        known_settings, known_schemes, timers, cerebro._dorunonce = self._kept
        for shared, known in ((settings, known_settings), (schemes, known_schemes)):
            if shared != known:
                shared.clear()
                shared.update(known)
        cerebro._pretimers = list(timers)

    def combination(self, strategy: Any, params: Any) -> list[Any]:
        """What is run: classes with their arguments."""
        return [(strategy, (), dict(params))]

    def forget(self) -> None:
        """Nobody needs the objects of the last run any more, whether it came to its end or not."""
        take_apart(self.cerebro)
        restore(self._mark)
