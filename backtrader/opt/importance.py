"""Which parameters matter: analysis of variance, fANOVA and mean decrease of impurity.

The last two are Optuna's, on a study made in memory; both fit a forest of regression trees to the scores.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple

from ..utils.optional import require
from .trials import Trials

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["Importance", "analysis_of_variance", "forest_importance", "parameter_importance"]

_BINS = 10
_MOST = {"fanova": 500, "mean_decrease": 5000}  # entries: fANOVA takes the square of their number
_FEWEST = 4


class Importance(NamedTuple):
    """How much one parameter decides of the score."""

    f_statistic: float
    """Of a one-way analysis of variance by the parameter's values."""
    p_value: float
    importance: float
    """The share of the variance that lies between its values (eta squared)."""
    fanova: float
    """The share a forest ascribes to it alone, of all parameters 1; NaN where it cannot be told."""
    mean_decrease: float
    """Its share in the decrease of impurity in such a forest."""
    entries: int
    """How many entries have the parameter and a score: fewer for conditional ones."""


def parameter_importance(trials: Trials, metric: str = "score", seed: int = 0) -> dict[str, Importance]:
    """Every varied parameter, the most important first (by fANOVA where there is one)."""
    good = trials.only_good()
    fanova = forest_importance(good, metric, "fanova", seed)
    decrease = forest_importance(good, metric, "mean_decrease", seed)
    found = {}
    for name in good.varied:
        f_statistic, p_value, share, count = analysis_of_variance(good, name, metric)
        found[name] = Importance(
            f_statistic, p_value, share, fanova.get(name, math.nan), decrease.get(name, math.nan), count
        )
    return dict(sorted(found.items(), key=lambda item: -_rank(item[1])))


def _rank(importance: Importance) -> float:
    first = importance.fanova if not math.isnan(importance.fanova) else importance.importance
    return -1.0 if math.isnan(first) else first


# -- analysis of variance ------------------------------------------------------------------------------
def analysis_of_variance(
    trials: Trials, name: str, metric: str = "score", bins: int = _BINS
) -> tuple[float, float, float, int]:
    """(F, p, eta squared, number of entries), one way, by the values of a parameter.

    A number with more than ``bins`` values is put into so many groups of equal size.
    """
    import numpy as np

    scores = trials.scores(metric)
    levels = trials.levels(name)
    kept = (levels.codes >= 0) & np.isfinite(scores)
    codes, scores = levels.codes[kept], scores[kept]
    if trials.is_number(name) and len(np.unique(codes)) > bins:
        codes = _by_quantile(codes, bins)
    groups = [scores[codes == code] for code in np.unique(codes)]
    total, count = len(scores), len(groups)
    if count < 2 or total <= count:
        return math.nan, math.nan, math.nan if count > 1 else 0.0, total
    mean = scores.mean()
    between = float(sum(len(group) * (group.mean() - mean) ** 2 for group in groups))
    within = float(sum(((group - group.mean()) ** 2).sum() for group in groups))
    if between + within == 0:
        return math.nan, math.nan, 0.0, total
    if within <= 1e-14 * between:
        return math.inf, 0.0, 1.0, total
    ratio = (between / (count - 1)) / (within / (total - count))
    special = require("scipy.special", "opt", "an analysis of variance")
    return ratio, float(special.fdtrc(count - 1, total - count, ratio)), between / (between + within), total


def _by_quantile(codes: NDArray[np.int64], bins: int) -> NDArray[np.int64]:
    import numpy as np

    edges = np.quantile(codes, np.linspace(0, 1, bins + 1)[1:-1])
    return np.searchsorted(np.unique(edges), codes, side="left").astype(np.int64)


# -- forests -------------------------------------------------------------------------------------------
def forest_importance(
    trials: Trials, metric: str = "score", kind: str = "fanova", seed: int = 0, most: int | None = None
) -> dict[str, float]:
    """Importance by a forest: ``kind`` is ``fanova`` or ``mean_decrease``.

    A parameter that some entries have not got is judged among those that have it, together with the
    parameters all have.  Of more than ``most`` entries (500 for fANOVA, 5000 for the other) as many are
    taken by chance, the same ones for the same ``seed``.  Empty if there are too few entries, or all scores
    are equal.
    """
    import numpy as np

    scores = trials.scores(metric)
    kept = [int(place) for place in np.flatnonzero(np.isfinite(scores)) if trials.entries[place].params]
    most = most or _MOST[kind]
    if len(kept) > most:
        kept = sorted(np.random.default_rng(seed).choice(kept, most, replace=False).tolist())
    everywhere = [n for n in trials.varied if all(n in trials.entries[place].params for place in kept)]
    sometimes = [n for n in trials.varied if n not in everywhere]
    found = _evaluate(trials, kept, everywhere, scores, kind, seed)
    for name in sometimes:
        having = [place for place in kept if name in trials.entries[place].params]
        among = _evaluate(trials, having, [*everywhere, name], scores, kind, seed)
        if name in among:
            found[name] = among[name]
    return found


def _evaluate(
    trials: Trials, places: list[int], names: list[str], scores: Any, kind: str, seed: int
) -> dict[str, float]:
    import numpy as np

    if len(places) < _FEWEST or not names or not np.ptp(scores[places]) > 0:
        return {}
    optuna = require("optuna", "opt", "the importance of parameters")
    require("sklearn", "opt", "the importance of parameters")
    evaluators = {
        "fanova": optuna.importance.FanovaImportanceEvaluator,
        "mean_decrease": optuna.importance.MeanDecreaseImpurityImportanceEvaluator,
    }
    names = sorted(names)  # Optuna's mean decrease mixes names up in any other order
    columns, distributions = {}, {}
    for name in names:
        columns[name], distributions[name] = _as_optuna(optuna, trials, name, places)
    with _quiet(optuna):
        study = optuna.create_study()
        study.add_trials(
            [
                optuna.trial.create_trial(
                    params={name: columns[name][i] for name in names},
                    distributions=distributions,
                    value=float(scores[place]),
                )
                for i, place in enumerate(places)
            ]
        )
        found = optuna.importance.get_param_importances(
            study, evaluator=evaluators[kind](seed=seed), params=list(names)
        )
    return {name: float(value) for name, value in found.items()}


def _as_optuna(optuna: Any, trials: Trials, name: str, places: list[int]) -> tuple[list[Any], Any]:
    """The values of a parameter as Optuna takes them, and their distribution."""
    distributions = optuna.distributions
    dimension = trials.space.dimensions.get(name) if trials.space is not None else None
    values = [trials.entries[place].params[name] for place in places]
    if not trials.is_number(name) or (dimension is not None and dimension.kind == "choice"):
        texts = list(map(repr, trials.levels(name).values if dimension is None else dimension.choices))
        texts = list(dict.fromkeys([*texts, *map(repr, values)]))
        codes = [texts.index(repr(value)) for value in values]
        return codes, distributions.CategoricalDistribution(list(range(len(texts))))
    low, high, log, whole = min(values), max(values), False, all(float(v).is_integer() for v in values)
    if dimension is not None and dimension.kind in ("int", "float"):
        low, high, log = min(dimension.low, low), max(dimension.high, high), dimension.log
        whole = whole and dimension.kind == "int"
    if whole:
        distribution = distributions.IntDistribution(math.floor(low), math.ceil(high), log=log)
        return [int(value) for value in values], distribution
    return [float(v) for v in values], distributions.FloatDistribution(float(low), float(high), log=log)


@contextmanager
def _quiet(optuna: Any) -> Iterator[None]:
    """Without the line Optuna prints for every study it makes."""
    before = optuna.logging.get_verbosity()
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    try:
        yield
    finally:
        optuna.logging.set_verbosity(before)
