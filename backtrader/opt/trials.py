"""The entries of a search as columns: what all analysis begins with.

Three things make it less than plain: a parameter may be missing from some entries (conditional ones), it
may be no number, and a run may have failed or have no score.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from ..analyzers.metrics import METRICS
from ..errors import BacktraderError
from ..utils.params import nearest
from .entry import COMPLETE, Entry
from .space import Dimension, ParamSpace, SpaceError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["AnalysisError", "Levels", "Trials"]


class AnalysisError(BacktraderError, ValueError):
    """Entries that cannot answer what was asked of them."""


class Levels(NamedTuple):
    """A parameter as levels: ``codes`` point into ``values``; -1 where an entry has not got it."""

    codes: NDArray[np.int64]
    values: list[Any]


class Trials:
    """Entries, and which way their score is better."""

    def __init__(self, entries: Iterable[Any], maximize: bool = True, space: Any = None) -> None:
        self.entries = [Entry.of(each) for each in entries]
        self.maximize = maximize
        self.space = None if space is None else ParamSpace.of(space)
        self._known_levels: dict[str, Levels] = {}
        self._numeric: dict[str, bool] = {}
        self.returns: Callable[[Sequence[Entry]], Mapping[int, Any]] | None = None
        """Gives the returns by period of entries, by their numbers, if they were kept."""

    @classmethod
    def of(cls, results: Any, maximize: bool | None = None, storage: Any = None) -> Trials:
        """Out of an `OptimizationResult`, a list of entries or dicts, or the name of a stored study."""
        if isinstance(results, cls):
            return results
        if isinstance(results, str):
            return cls._stored(results, maximize, storage)
        if isinstance(results, Mapping):
            raise AnalysisError("results are a list of entries, an OptimizationResult or a study's name")
        entries = results
        for name in ("all_results", "results", "entries"):
            if hasattr(results, name):
                entries = getattr(results, name)
                break
        if maximize is None:
            objective = getattr(results, "objective", None)
            maximize = bool(getattr(results, "maximize", getattr(objective, "maximize", True)))
        study = getattr(results, "study", None)
        space = getattr(results, "space", None) or getattr(study, "space", None)
        found = cls(entries, maximize, space if isinstance(space, ParamSpace) else None)
        if study is not None and hasattr(study, "store"):
            found.returns = _kept(study.store, study.name)
        return found

    @classmethod
    def _stored(cls, name: str, maximize: bool | None, storage: Any) -> Trials:
        from .store import DEFAULT_FILE, Store

        store = Store.open(DEFAULT_FILE if storage is None else storage)
        record = store.load(name)
        if maximize is None:
            maximize = bool(record.directions[0])
        found = cls(store.entries(name), maximize, _remembered(record.space))
        found.returns = _kept(store, name)
        return found

    def __len__(self) -> int:
        return len(self.entries)

    # -- which of them count -------------------------------------------------------------------------
    @cached_property
    def good(self) -> list[Entry]:
        """Those that ran to the end, keep to the constraints and have a score."""
        return [
            entry
            for entry in self.entries
            if entry.state == COMPLETE and entry.valid and not math.isnan(_number(entry.score))
        ]

    def only_good(self) -> Trials:
        """The same without the others; always the same one, so that what it has worked out is kept."""
        self._only_good.returns = self.returns
        return self._only_good

    @cached_property
    def _only_good(self) -> Trials:
        return Trials(self.good, self.maximize, self.space)

    # -- parameters ----------------------------------------------------------------------------------
    @cached_property
    def names(self) -> list[str]:
        """All parameters, in the order first seen."""
        return list(dict.fromkeys(name for entry in self.entries for name in entry.params))

    @cached_property
    def varied(self) -> list[str]:
        """The parameters with more than one value."""
        return [name for name in self.names if len(self.levels(name).values) > 1]

    def is_number(self, name: str) -> bool:
        """Whether all its values are numbers."""
        if name not in self._numeric:
            self._numeric[name] = all(
                _is_number(entry.params[name]) for entry in self.entries if name in entry.params
            )
        return self._numeric[name]

    def numbers(self, name: str) -> NDArray[np.float64]:
        """The values of a numeric parameter; NaN where an entry has not got it."""
        import numpy as np

        return np.array([entry.params.get(name, math.nan) for entry in self.entries], dtype=float)

    def levels(self, name: str) -> Levels:
        """Any parameter as levels: numbers in order, others as first seen."""
        if name not in self._known_levels:
            self._known_levels[name] = self._find_levels(name)
        return self._known_levels[name]

    def _find_levels(self, name: str) -> Levels:
        import numpy as np

        given = [(name in entry.params, entry.params.get(name)) for entry in self.entries]
        known = {repr(value): value for there, value in given if there}
        values: list[Any] = list(known.values())
        if self.is_number(name):
            values = sorted(set(values))
            places: dict[Any, int] = {value: place for place, value in enumerate(values)}
            codes = [places[value] if there else -1 for there, value in given]
        else:
            places = {text: place for place, text in enumerate(known)}
            codes = [places[repr(value)] if there else -1 for there, value in given]
        return Levels(np.array(codes, dtype=np.int64), values)

    # -- scores --------------------------------------------------------------------------------------
    @cached_property
    def metrics(self) -> list[str]:
        """All metrics, in the order first seen."""
        return list(dict.fromkeys(name for entry in self.entries for name in entry.metrics))

    def scores(self, metric: str = "score") -> NDArray[np.float64]:
        """The score or a metric of each entry; NaN where there is none."""
        import numpy as np

        if metric != "score" and metric not in self.metrics:
            raise AnalysisError(
                f"no entry has a metric {metric!r}; " + nearest(metric, ["score", *self.metrics])
            )
        return np.array([value_of(entry, metric) for entry in self.entries], dtype=float)

    def is_maximized(self, metric: str = "score") -> bool:
        """Whether more of it is better."""
        if metric == "score":
            return self.maximize
        return metric not in METRICS or METRICS[metric].better != "low"

    def ranked(self, metric: str = "score") -> list[Entry]:
        """The good ones, best first; those without the metric are left out."""
        if metric != "score":
            self.scores(metric)  # complains of an unknown one
        pairs = [(value_of(entry, metric), place) for place, entry in enumerate(self.good)]
        sign = -1.0 if self.is_maximized(metric) else 1.0
        order = sorted((sign * value, place) for value, place in pairs if not math.isnan(value))
        return [self.good[place] for _, place in order]

    def best(self) -> Entry:
        """The best of the good ones; an error that says why there is none."""
        ranked = self.ranked()
        if not ranked:
            states: dict[str, int] = {}
            for entry in self.entries:
                state = entry.state if entry.state != COMPLETE else "without a valid score"
                states[state] = states.get(state, 0) + 1
            said = ", ".join(f"{count} {state}" for state, count in states.items()) or "no entries at all"
            raise AnalysisError(f"nothing to analyse: {said}")
        return ranked[0]


def _remembered(described: Mapping[str, Any]) -> ParamSpace:
    """The space of a stored study, as far as it is data: functions cannot be had back."""
    dimensions = {}
    for each in described["params"]:
        words = {word: each[word] for word in ("low", "high", "step", "log", "num", "when") if word in each}
        if each["kind"] != "derived":
            dimensions[each["name"]] = Dimension(
                each["name"], each["kind"], tuple(each.get("values", ())), **words
            )
    kept = {
        name: dimension
        for name, dimension in dimensions.items()
        if all(other in dimensions for other in dimension.when)
    }
    constraints = []
    for text in described["constraints"]:
        try:
            constraints.append(text)
            ParamSpace(constraints, **kept)
        except SpaceError:  # a function's name, or about what is not here
            constraints.pop()
    return ParamSpace(constraints, **kept)


def _kept(store: Any, name: str) -> Callable[[Sequence[Entry]], Mapping[int, Any]]:
    """What a store kept of returns."""
    return lambda some: store.all_returns(name, [entry.number for entry in some])


def value_of(entry: Entry, metric: str) -> float:
    """The score or a metric of one entry."""
    return _number(entry.score if metric == "score" else entry.metrics.get(metric))


def _number(value: Any) -> float:
    return math.nan if value is None else float(value)


def _is_number(value: Any) -> bool:
    if isinstance(value, bool):
        return False
    return isinstance(value, int | float) or (hasattr(value, "dtype") and getattr(value, "ndim", 1) == 0)
