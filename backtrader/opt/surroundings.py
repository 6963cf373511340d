"""What happens around the best: a plateau is worth more than a spike.

Losses are told as a share of the way from the best score down to the median of all: 0 is as good as the
best, 1 no better than the middle of what was tried.  Where that way is shorter than the range of the
middle half of the scores, as most of what was tried is about as good as the best, it is that range.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ..utils.optional import require
from .entry import Entry
from .trials import AnalysisError, Levels, Trials, value_of

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["Sensitivity", "Surroundings", "robust_best", "sensitivity"]

_STEEP, _FLAT = 0.6, 0.25
_FEWEST, _MOST = 25, 5000  # entries a model needs before it is asked, and those it is fitted to


@dataclass
class Sensitivity:
    """One parameter, all others kept as in the best."""

    name: str
    value: Any
    """Its best value."""
    values: list[Any]
    """The values that were looked at, in order."""
    scores: list[float]
    one_step: float
    """The larger loss one step away; NaN if nothing is known there."""
    two_steps: float
    at_edge: bool
    """Whether the best has the least or the largest value tried: better ones may lie beyond."""
    source: str
    """``runs`` if there were such entries, ``model`` if a forest fitted to all entries had to say."""


@dataclass
class Surroundings:
    """The best entry and what surrounds it."""

    best: Entry
    parameters: dict[str, Sensitivity] = field(default_factory=dict)
    plateau: float = math.nan
    """1 on a plateau, 0 on a spike: 1 less the mean loss one and two steps away."""

    @property
    def edges(self) -> list[str]:
        """The parameters whose best value is the least or the largest tried."""
        return [name for name, each in self.parameters.items() if each.at_edge]

    @property
    def verdict(self) -> str:
        """plateau, slope or spike; unknown if there is nothing around it."""
        if math.isnan(self.plateau):
            return "unknown"
        loss = 1.0 - self.plateau
        return "plateau" if loss <= _FLAT else "spike" if loss >= _STEEP else "slope"


def sensitivity(trials: Trials, metric: str = "score", seed: int = 0) -> Surroundings:
    """One parameter at a time around the best entry.

    Where a search has not tried the neighbours themselves (by chance, or steered), a forest of trees
    fitted to all entries says what they may be worth.
    """
    good = trials.only_good()
    ranked = good.ranked(metric)
    if not ranked:
        trials.best()  # says why, if it is for want of good entries
        raise AnalysisError(f"no valid entry has a {metric}")
    found = Surroundings(ranked[0])
    losses = _Losses(good, metric)
    model: Any = None
    for name in good.varied:
        if name not in found.best.params or not good.is_number(name):
            continue
        near = _tried(good, found.best, name, metric)
        source = "runs"
        if len(near) < 2 and len(good) >= _FEWEST:
            model = model or _Forest(good, metric, seed)
            near, source = model.along(found.best, name), "model"
        levels = good.levels(name).values
        found.parameters[name] = _judge(name, found.best, near, levels, losses, source)
    known = [
        min(max(loss, 0.0), 1.0)
        for each in found.parameters.values()
        for loss in (each.one_step, each.two_steps)
        if not math.isnan(loss)
    ]
    found.plateau = 1.0 - sum(known) / len(known) if known else math.nan
    return found


class _Losses:
    """Scores as shares of the way from the best to the median."""

    def __init__(self, trials: Trials, metric: str) -> None:
        import numpy as np

        scores = trials.scores(metric)
        scores = scores[np.isfinite(scores)]
        self._best, self._way = 0.0, 0.0
        if len(scores):
            self._best = float(scores.max() if trials.is_maximized(metric) else scores.min())
            lower, median, upper = np.quantile(scores, [0.25, 0.5, 0.75])
            way = self._best - float(median)
            self._way = math.copysign(max(abs(way), float(upper - lower)), way)

    def of(self, score: float, best: float) -> float:
        if math.isinf(best):
            best = self._best
        if not self._way:
            return 0.0
        return (best - score) / self._way


def _tried(trials: Trials, best: Entry, name: str, metric: str) -> dict[Any, float]:
    """Scores by value of entries that differ from the best in nothing else."""
    found = {}
    for entry in trials.entries:
        same = entry.params.keys() == best.params.keys() and all(
            entry.params[other] == value for other, value in best.params.items() if other != name
        )
        score = value_of(entry, metric)
        if same and not math.isnan(score):
            found[entry.params[name]] = score
    return dict(sorted(found.items()))


def _judge(
    name: str, best: Entry, near: dict[Any, float], levels: list[Any], losses: _Losses, source: str
) -> Sensitivity:
    values, scores = list(near), list(near.values())
    here = values.index(best.params[name]) if best.params[name] in near else -1

    def worst(steps: int) -> float:
        places = [here - steps, here + steps]
        there = [scores[place] for place in places if 0 <= place < len(scores)]
        return max((losses.of(score, scores[here]) for score in there), default=math.nan)

    one, two = (worst(1), worst(2)) if here >= 0 else (math.nan, math.nan)
    at_edge = best.params[name] in (levels[0], levels[-1])
    return Sensitivity(name, best.params[name], values, scores, one, two, at_edge, source)


class _Forest:
    """What a forest thinks of combinations that were not tried."""

    def __init__(self, trials: Trials, metric: str, seed: int) -> None:
        import numpy as np

        ensemble = require("sklearn.ensemble", "opt", "sensitivity without neighbouring runs")
        self._trials = trials
        self._levels = {name: trials.levels(name) for name in trials.varied}
        scores = trials.scores(metric)
        kept = np.flatnonzero(np.isfinite(scores))
        if len(kept) > _MOST:
            kept = np.random.default_rng(seed).choice(kept, _MOST, replace=False)
        table = np.column_stack([self._column(name) for name in trials.varied])
        self._forest = ensemble.ExtraTreesRegressor(n_estimators=200, min_samples_leaf=2, random_state=seed)
        self._forest.fit(table[kept], scores[kept])

    def _column(self, name: str) -> NDArray[np.float64]:
        """Ranks among the values tried: distances on any scale become steps."""
        return self._levels[name].codes.astype(float)

    def along(self, best: Entry, name: str) -> dict[Any, float]:
        """Scores by value of one parameter, about ten values over its range."""
        import numpy as np

        own = [self._code(self._levels[other], best.params.get(other)) for other in self._trials.varied]
        place = self._trials.varied.index(name)
        values = self._levels[name].values
        here = own[place]
        step = max(1, round(len(values) / 10))
        codes = list(range(here % step, len(values), step))
        rows = np.repeat(np.array([own], dtype=float), len(codes), axis=0)
        rows[:, place] = codes
        guesses = self._forest.predict(rows)
        return {values[code]: float(guess) for code, guess in zip(codes, guesses, strict=True)}

    @staticmethod
    def _code(levels: Levels, value: Any) -> int:
        return next((place for place, known in enumerate(levels.values) if known == value), -1)


def robust_best(trials: Trials, metric: str = "score", neighbours: int | None = None) -> Entry:
    """The entry with the best surroundings: the mean over itself and those nearest to it is best.

    Distance is counted in steps between the values tried, a change of category as one half of the range.
    ``neighbours`` is how many count; by default two for each parameter that was varied.
    """
    import numpy as np

    good = trials.only_good()
    scores = good.scores(metric)
    kept = np.flatnonzero(np.isfinite(scores))
    if not len(kept):
        trials.best()  # says why, if it is for want of good entries
        raise AnalysisError(f"no valid entry has a finite {metric}")
    names = good.varied
    count = min(2 * len(names) if neighbours is None else neighbours, len(kept) - 1)
    if count < 1:
        return good.entries[int(kept[0])]
    spatial = require("sklearn.neighbors", "opt", "robust_best()")
    table = np.column_stack([_coordinates(good, name) for name in names])[kept]
    sign = 1.0 if good.is_maximized(metric) else -1.0
    tree = spatial.KDTree(table, metric="manhattan")
    _, nearest = tree.query(table, k=count + 1)
    means = sign * scores[kept][nearest].mean(axis=1)
    # among equals the better one itself
    best = max(range(len(kept)), key=lambda place: (means[place], sign * scores[kept[place]], -place))
    return good.entries[int(kept[best])]


def _coordinates(trials: Trials, name: str) -> Any:
    import numpy as np

    levels = trials.levels(name)
    count = max(len(levels.values) - 1, 1)
    if trials.is_number(name):
        return np.where(levels.codes < 0, -count, levels.codes) / count
    # one half of the range from every other category: places on one axis cannot do that for many, so
    # categories take a column each
    marks = np.zeros((len(levels.codes), len(levels.values)))
    marks[np.arange(len(levels.codes)), levels.codes] = np.where(levels.codes < 0, 0.0, 0.25)
    return marks
