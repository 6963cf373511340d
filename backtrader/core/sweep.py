"""Combinations of parameters over one process or many."""

from __future__ import annotations

import itertools
import multiprocessing
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from ..feeds.checks import check_feeds
from .plan import fresh_clocks


class Combinations:
    """Every combination of parameter ranges of one strategy, the last keyword changing fastest."""

    def __init__(self, strategy: Any, args: list[Any], names: list[str], ranges: list[list[Any]]) -> None:
        self.strategy, self.args, self.names, self.ranges = strategy, args, names, ranges

    def __iter__(self) -> Iterator[Any]:
        for args in itertools.product(*self.args):
            for values in itertools.product(*self.ranges):
                yield self.strategy, args, dict(zip(self.names, values, strict=True))


def combinations(
    strategy: Any, args: list[Any], ranges: dict[str, Any], iterize: Callable[[Any], Any]
) -> Any:
    """The combinations as an iterable that can be walked more than once."""
    columns = [list(column) for column in iterize(ranges.values())]
    return Combinations(strategy, [list(arg) for arg in args], list(ranges), columns)


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
