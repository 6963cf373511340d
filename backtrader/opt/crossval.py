"""Cross-validation of a search: choose by one part of the time, judge by another, in every way there is.

Each combination is run once, over everything; what is cut is its returns.  A strategy that does not learn
while it runs is the same on every part, so that folds cost nothing.

>>> result = cross_validate(MyStrategy, "prices.csv", {"fast": (5, 30, 5), "slow": [50, 100]}, folds=6)
>>> result.metrics["sharpe_ratio"], result.decay
"""

from __future__ import annotations

import datetime as _dt
import math
from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any

from ..analyzers.metrics import measure, trail_of_arrays
from ..utils.dateintern import num2date
from .bars import Part, PartialFactory, load_bars
from .folds import Split, combinatorial_purged, edges_of, path_count
from .honesty import moments_of
from .job import job_of
from .objective import ObjectiveFunction
from .options import Options
from .overfitting import periods_a_year
from .space import ParamSpace, SpaceError
from .study import Study, objectives_of
from .trials import AnalysisError, Trials

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["CrossValidation", "Fold", "cross_validate"]

_STUDY = {each.name for each in fields(Options)}
_DAYS = 5
_OF_RETURNS = (
    "total_return", "annual_return", "volatility", "sharpe_ratio", "sortino_ratio", "calmar_ratio",
    "max_drawdown_pct", "max_drawdown_len",
)  # fmt: skip


@dataclass
class Fold:
    """One split: what was best on the samples to choose by, and what it did on the others."""

    number: int
    params: dict[str, Any]
    in_score: float
    out_score: float
    rank: float
    """The share of all combinations it beats out of sample: one half is chance."""
    chosen_from: int
    """How many returns it was chosen by, after purge and embargo."""
    stretches: list[tuple[_dt.datetime, _dt.datetime]]
    """First and last moments of what it was judged by."""
    groups: tuple[int, ...] = ()
    returns: Any = None
    """Its returns there."""


@dataclass
class CrossValidation:
    """All splits, and what can be put together of them."""

    folds: list[Fold]
    objective: ObjectiveFunction
    trials: int
    per_year: float
    paths: list[Any] = field(default_factory=list)
    """Returns of whole courses of time, each put together of judged parts; one for plain folds."""
    path_metrics: list[dict[str, float]] = field(default_factory=list)

    @property
    def metrics(self) -> dict[str, float]:
        """Of the first course of time: of the only one with plain folds."""
        return self.path_metrics[0]

    @property
    def decay(self) -> float:
        """How much worse the objective is where it is judged than where it was chosen, on average."""
        sign = 1.0 if self.objective.maximize else -1.0
        return _mean([sign * (fold.in_score - fold.out_score) for fold in self.folds])

    @property
    def overfitting(self) -> float:
        """Share of the splits in which the choice was worse than the middle of all combinations."""
        return _mean([float(fold.rank < 0.5) for fold in self.folds])

    def rows(self) -> list[dict[str, Any]]:
        """A row a split, as plain data."""
        return [
            {
                "fold": fold.number, "params": fold.params, "in_score": fold.in_score,
                "out_score": fold.out_score, "rank": fold.rank, "chosen_from": fold.chosen_from,
                "stretches": [[start.isoformat(), end.isoformat()] for start, end in fold.stretches],
            }
            for fold in self.folds
        ]  # fmt: skip

    def as_dict(self) -> dict[str, Any]:
        """Everything as plain data but the returns."""
        return {
            "objective": self.objective.name, "trials": self.trials, "folds": self.rows(),
            "decay": self.decay, "overfitting": self.overfitting, "paths": self.path_metrics,
        }  # fmt: skip


def cross_validate(
    strategy: Any = None,
    data: Any = None,
    space: Any = None,
    objective: Any = "sharpe_ratio",
    *,
    folds: int = 5,
    test_folds: int = 1,
    purge: int = 0,
    embargo: float = 0.01,
    cerebro_factory: Any = None,
    study: str | None = None,
    storage: Any = None,
    **options: Any,
) -> CrossValidation:
    """Purged k-fold, or with ``test_folds`` above 1 combinatorial purged cross-validation.

    ``purge`` is how many returns a decision goes on to act on (the usual length of a trade), ``embargo``
    how many after a judged stretch are not used to choose (as indicators look back): a share of all, or
    a number.  The objective must be one that returns alone can tell: no trades are counted on a part.
    Constraints are judged by the whole run.  Samplers that learn from results have seen what they are to
    be judged by, and are refused.
    """
    run = {key: value for key, value in options.items() if key not in _STUDY} | {"keep_returns": True}
    chosen = {key: value for key, value in options.items() if key in _STUDY}
    goal = objectives_of(objective)[0]
    given = None if space is None else ParamSpace.of(space)
    if cerebro_factory is None:
        bars = load_bars(data)
        part = Part(bars, 0, len(bars[0].times))
        job = job_of(strategy, part, **run)
    else:
        if given is None:
            raise SpaceError("a cerebro_factory has no space of its own: give one")
        bars = load_bars(cerebro=cerebro_factory(given.sample(1, seed=0)[0]))
        part = Part(bars, 0, len(bars[0].times))
        job = job_of(cerebro_factory=PartialFactory(cerebro_factory, part), **run)
    search = Study(job, given, goal, name=study, storage=storage, **chosen)
    if getattr(search.new_sampler(), "adaptive", False):
        raise AnalysisError(
            f"the sampler {search.sampler_name!r} learns from results, and would know what it is judged by: "
            "take 'grid', 'random' or 'qmc'"
        )
    trials = Trials.of(search.run())
    table, params = _table(trials, search)
    best = trials.best()
    per_year = periods_a_year(best, moments_of(table[:, params.index(best.params)]).sharpe)
    moments = _periods(part, len(table))
    result = CrossValidation([], goal, len(trials), per_year)
    for split in combinatorial_purged(len(table), folds, test_folds, purge, embargo):
        result.folds.append(_judge(len(result.folds), split, table, params, goal, per_year, moments))
    result.paths = _paths(result.folds, len(table), folds, test_folds)
    result.path_metrics = [metrics_of_returns(path, per_year) for path in result.paths]
    return result


def _table(trials: Trials, study: Study) -> tuple[NDArray[np.float64], list[dict[str, Any]]]:
    """A column of returns for each good entry, and their parameters."""
    import numpy as np

    trials.best()  # complains if there is none
    kept = study.store.all_returns(study.name)
    longest = max((len(each) for each in kept.values()), default=0)
    good = [entry for entry in trials.good if len(kept.get(entry.number, ())) == longest]
    if not longest or len(good) < 2:
        raise AnalysisError(f"{len(good)} combinations have returns to the end: two are needed for a choice")
    columns = [np.nan_to_num(np.asarray(kept[entry.number], dtype=float)) for entry in good]
    return np.column_stack(columns), [entry.params for entry in good]


def _periods(part: Part, count: int) -> NDArray[np.float64]:
    """The moments at which the periods of the returns end."""
    import numpy as np

    moments = part.moments()
    if min(bars.timeframe for bars in part.bars) <= _DAYS:
        days = np.floor(moments)
        moments = moments[np.flatnonzero(np.append(days[1:] != days[:-1], True))]
    if len(moments) != count:
        raise AnalysisError(f"{count} returns of {len(moments)} periods: a run ended before its bars did")
    return moments


def _judge(
    number: int,
    split: Split,
    table: NDArray[np.float64],
    params: Sequence[dict[str, Any]],
    objective: ObjectiveFunction,
    per_year: float,
    moments: NDArray[np.float64],
) -> Fold:
    import numpy as np

    if len(split.train) < 2:
        raise AnalysisError("purge and embargo leave nothing to choose by: make them or the folds smaller")
    inside = _scores(table[split.train], objective, per_year)
    outside = _scores(table[split.test], objective, per_year)
    sign = 1.0 if objective.maximize else -1.0
    if not np.isfinite(inside).any():
        raise AnalysisError(
            f"{objective.name} cannot be told from the returns of a part of the time alone: "
            f"take one of {', '.join(_OF_RETURNS)}"
        )
    best = int(np.nanargmax(np.where(np.isfinite(inside), sign * inside, np.nan)))
    ranked = np.where(np.isnan(outside), -np.inf, sign * outside)
    below = float((ranked < ranked[best]).sum() + ((ranked == ranked[best]).sum() - 1) / 2)
    return Fold(
        number,
        dict(params[best]),
        float(inside[best]),
        float(outside[best]),
        below / (len(ranked) - 1),
        len(split.train),
        _stretches(split.test, moments),
        split.groups,
        table[split.test, best],
    )


def _stretches(test: NDArray[np.int64], moments: NDArray[np.float64]) -> list[tuple[Any, Any]]:
    import numpy as np

    parts = np.split(test, np.flatnonzero(np.diff(test) > 1) + 1)
    return [(num2date(moments[part[0]]), num2date(moments[part[-1]])) for part in parts]


def _scores(
    returns: NDArray[np.float64], objective: ObjectiveFunction, per_year: float
) -> NDArray[np.float64]:
    """The objective of each column."""
    import numpy as np

    if objective.metric == "sharpe_ratio":
        with np.errstate(all="ignore"):
            ratios: NDArray[np.float64] = returns.mean(axis=0) / returns.std(axis=0, ddof=1)
        return np.where(np.ptp(returns, axis=0) > 0, ratios * math.sqrt(per_year), np.nan)
    columns = [objective.evaluate(metrics_of_returns(column, per_year))[0] for column in returns.T]
    return np.array(columns, dtype=float)


def metrics_of_returns(returns: Any, per_year: float) -> dict[str, float]:
    """The metrics that returns by period tell; NaN for those that need trades."""
    import numpy as np

    values = np.cumprod(1.0 + np.asarray(returns, dtype=float))
    record = trail_of_arrays(1.0, np.arange(len(values), dtype=float), values, 0, per_year, False)
    return {name: value if name in _OF_RETURNS else math.nan for name, value in measure(record).items()}


def _paths(folds: Sequence[Fold], count: int, groups: int, test_groups: int) -> list[Any]:
    """Whole courses of time out of judged parts: the n-th of each part make the n-th course."""
    import numpy as np

    lengths = np.diff(edges_of(count, groups))
    parts: dict[int, list[Any]] = {group: [] for group in range(groups)}
    for fold in folds:
        start = 0
        for group in fold.groups:
            parts[group].append(fold.returns[start : start + lengths[group]])
            start += lengths[group]
    whole = range(path_count(groups, test_groups))
    return [np.concatenate([parts[group][path] for group in range(groups)]) for path in whole]


def _mean(values: Sequence[float]) -> float:
    known = [value for value in values if math.isfinite(value)]
    return sum(known) / len(known) if known else math.nan
