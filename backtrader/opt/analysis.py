"""`OptimizationAnalyzer`: what a search found, asked in Python.

>>> analyzer = OptimizationAnalyzer(result)
>>> analyzer.get_top_n(5)
>>> analyzer.analyze_parameter_importance()
>>> analyzer.generate_report("search.html")
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from functools import cached_property
from importlib import import_module
from pathlib import Path
from typing import Any

from ..utils.optional import require
from .entry import Entry
from .importance import parameter_importance
from .narrowing import narrow
from .overfitting import OverfittingReport, overfitting_report
from .pareto import pareto_front
from .space import ParamSpace
from .surroundings import Surroundings, robust_best, sensitivity
from .trials import AnalysisError, Trials

__all__ = ["OptimizationAnalyzer"]


class OptimizationAnalyzer:
    """Rankings, importance, surroundings, fronts, pictures and a report of a search.

    ``results`` is an `OptimizationResult`, a list of entries (or dicts with ``params``, ``score`` and
    ``metrics``), or the name of a study in ``storage``.  Runs that failed, broke a constraint or have no
    score are in the table and nowhere else.  ``returns`` (see `overfitting_report`) are for the statistics
    against over-fitting; a study that kept them brings them along.
    """

    def __init__(
        self,
        results: Any,
        maximize: bool | None = None,
        storage: Any = None,
        returns: Any = None,
    ) -> None:
        self.results = results
        self.trials = Trials.of(results, maximize, storage)
        self._returns = self.trials.returns if returns is None else returns

    @property
    def entries(self) -> list[Entry]:
        """Everything that was evaluated."""
        return self.trials.entries

    # -- tables --------------------------------------------------------------------------------------
    def to_dataframe(self) -> Any:
        """A row an entry, failed ones too: parameters, score, metrics, then what is known of the run.

        A metric that is called like a parameter is called ``metric_…``.
        """
        pandas = require("pandas", "pandas", "to_dataframe()")
        names = self.trials.names
        rows = []
        for entry in self.entries:
            row = {name: entry.params.get(name) for name in names}
            row["score"] = entry.score
            for metric, value in entry.metrics.items():
                row[f"metric_{metric}" if metric in names else metric] = value
            row |= {"number": entry.number, "state": entry.state, "valid": entry.valid}
            row |= {"seconds": entry.seconds, "stage": entry.stage, "error": entry.error}
            rows.append(row)
        return pandas.DataFrame(rows)

    def get_top_n(self, n: int = 10, sort_by: str = "score") -> list[Entry]:
        """The ``n`` best by the score or a metric, best first."""
        return self.trials.ranked(sort_by)[:n]

    def get_bottom_n(self, n: int = 10, sort_by: str = "score") -> list[Entry]:
        """The ``n`` worst of those that count, worst first."""
        return self.trials.ranked(sort_by)[::-1][:n]

    def rank_by(self, metric: str) -> list[Entry]:
        """All that count, best first: least first for draw-down, volatility and their like."""
        return self.trials.ranked(metric)

    # -- parameters ----------------------------------------------------------------------------------
    def analyze_parameter_importance(
        self, metric: str = "score", seed: int = 0
    ) -> dict[str, dict[str, float]]:
        """For each varied parameter, the most important first.

        ``f_statistic``, ``p_value`` and ``importance`` (eta squared) are of a one-way analysis of variance;
        ``fanova`` and ``mean_decrease`` of a forest of trees; ``entries`` is how many had the parameter.
        """
        found = parameter_importance(self.trials, metric, seed)
        return {name: each._asdict() for name, each in found.items()}

    def parameter_correlation(self, metrics: Sequence[str] = (), method: str = "pearson") -> Any:
        """Correlation of the numeric parameters with each other, the score and ``metrics``: a DataFrame.

        ``method`` is ``pearson`` or ``spearman`` (of ranks).  Where a parameter is missing the pair is left
        out.
        """
        pandas = require("pandas", "pandas", "parameter_correlation()")
        names, table = _correlation(self.trials, metrics, method)
        return pandas.DataFrame(table, index=names, columns=names)

    def sensitivity(self, metric: str = "score", seed: int = 0) -> Surroundings:
        """What is lost one and two steps away from the best, parameter by parameter."""
        return sensitivity(self.trials, metric, seed)

    def get_robust(self, metric: str = "score") -> Entry:
        """The entry with the best surroundings, which need not be the best."""
        return robust_best(self.trials, metric)

    def recommend_space(self, share: float = 0.2, margin: float = 0.1) -> ParamSpace:
        """The space to search next: where the best ``share`` of the entries lie."""
        return narrow(self.trials.space, self.trials, share, margin=margin)

    # -- several objectives --------------------------------------------------------------------------
    def get_pareto_front(self, objectives: Sequence[tuple[str, str]]) -> list[Entry]:
        """Entries that no other beats everywhere; ``objectives`` are pairs of a metric and max or min."""
        return pareto_front(self.trials, objectives)

    # -- honesty -------------------------------------------------------------------------------------
    @cached_property
    def overfitting(self) -> OverfittingReport:
        """How much of the best result is luck: see `OverfittingReport`."""
        return overfitting_report(self.trials, self._returns)

    # -- reports -------------------------------------------------------------------------------------
    def summary(self) -> dict[str, Any]:
        """Everything above as plain data, fit for JSON."""
        trials = self.trials
        states: dict[str, int] = {}
        for entry in trials.entries:
            states[entry.state] = states.get(entry.state, 0) + 1
        found: dict[str, Any] = {"entries": len(trials), "counted": len(trials.good), "states": states}
        if not trials.good:
            return found
        around = self.sensitivity()
        names, table = _correlation(trials, (), "pearson")
        found |= {
            "best": _plain(trials.best()),
            "robust": _plain(self.get_robust()),
            "top": [_plain(entry) for entry in self.get_top_n(10)],
            "importance": self.analyze_parameter_importance(),
            "correlation": {"names": names, "table": table.tolist()},
            "surroundings": {
                "plateau": around.plateau,
                "verdict": around.verdict,
                "edges": around.edges,
                "parameters": {name: vars(each) for name, each in around.parameters.items()},
            },
            "recommended": repr(self.recommend_space()),
            "overfitting": self.overfitting.as_dict(),
        }
        return _json(found)  # type: ignore[no-any-return]

    def generate_report(self, output_file: Any = None) -> Any:
        """The report as a dict; with a file name, written there as JSON or HTML, and its path returned."""
        if output_file is None:
            return self.summary()
        path = Path(output_file)
        suffix = path.suffix.lower()
        if suffix in (".html", ".htm"):
            # by its name: the page is built with what stands here
            return import_module(".report", __package__).write_report(self, path)
        if suffix != ".json":
            raise AnalysisError(f"a report is written as .json or .html: {str(path)!r} says neither")
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("w", encoding="utf-8") as file:
            json.dump(self.summary(), file, indent=1, allow_nan=False, default=str)
        return path

    # -- pictures ------------------------------------------------------------------------------------
    def plot_optimization_surface(
        self, p1: str, p2: str, metric: str = "score", kind: str = "map", best_of: bool = False
    ) -> Any:
        """The score (or a metric) over two parameters, as a ``map`` or a ``3d`` surface: a matplotlib figure.

        Where several entries share the two values their mean is drawn, with ``best_of`` the best of them.
        """
        from .plots import surface

        return surface(self.trials, p1, p2, metric, kind, best_of)

    def plot_parameter_distribution(
        self, param: str | None = None, bins: int = 20, share: float = 0.1
    ) -> Any:
        """How often which values were tried, and how often by the best ``share``: a matplotlib figure."""
        from .plots import distributions

        return distributions(self.trials, None if param is None else [param], bins, share)


def _correlation(trials: Trials, metrics: Sequence[str], method: str) -> tuple[list[str], Any]:
    import numpy as np

    if method not in ("pearson", "spearman"):
        raise AnalysisError(f"method is 'pearson' or 'spearman', not {method!r}")
    good = trials.only_good()
    numeric = [name for name in good.varied if good.is_number(name)]
    columns = [good.numbers(name) for name in numeric] + [good.scores(each) for each in ("score", *metrics)]
    names = [*numeric, "score", *metrics]
    table = np.full((len(names), len(names)), np.nan)
    for i, one in enumerate(columns):
        for j, other in enumerate(columns[: i + 1]):
            table[i, j] = table[j, i] = _pair(one, other, method)
    return names, table


def _pair(one: Any, other: Any, method: str) -> float:
    import numpy as np

    kept = np.isfinite(one) & np.isfinite(other)
    one, other = one[kept], other[kept]
    if len(one) < 3 or not np.ptp(one) > 0 or not np.ptp(other) > 0:
        return math.nan
    if method == "spearman":
        one, other = _ranks(one), _ranks(other)
    return float(np.corrcoef(one, other)[0, 1])


def _ranks(values: Any) -> Any:
    """Ranks from 0; equal values share the middle of theirs."""
    import numpy as np

    _, codes, counts = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    return ((last - counts + last - 1) / 2.0)[codes]


def _plain(entry: Entry) -> dict[str, Any]:
    return {"number": entry.number, "params": entry.params, "score": entry.score, "metrics": entry.metrics}


def _json(value: Any) -> Any:
    """What JSON has no word for as null (no number) or text (no end)."""
    if isinstance(value, dict):
        return {str(key): _json(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_json(inner) for inner in value]
    if hasattr(value, "item") and getattr(value, "ndim", 1) == 0:
        value = value.item()
    if isinstance(value, float) and not math.isfinite(value):
        return None if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    return value if isinstance(value, str | int | float | bool | None) else str(value)
