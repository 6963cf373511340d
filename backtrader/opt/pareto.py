"""Several objectives at once: what cannot be improved in one without losing in another."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from .entry import Entry
from .trials import AnalysisError, Trials

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["hypervolume", "non_dominated", "pareto_front"]

Objectives = Sequence[tuple[str, str]]


def pareto_front(trials: Trials, objectives: Objectives) -> list[Entry]:
    """The good entries no other is better than in all ``objectives``: pairs of a metric and max or min.

    Sorted by the first objective, best first.  Entries without a number for one of them do not count.
    """
    import numpy as np

    good = trials.only_good()
    points = loss_table(good, objectives)
    known = np.flatnonzero(~np.isnan(points).any(axis=1))
    kept = known[non_dominated(points[known])]
    order = kept[np.lexsort(points[kept].T[::-1])]
    return [good.entries[place] for place in order]


def loss_table(trials: Trials, objectives: Objectives) -> NDArray[np.float64]:
    """A row an entry, a column an objective, less being better."""
    import numpy as np

    if not objectives:
        raise AnalysisError("say at least one objective, as [('sharpe_ratio', 'max'), ('volatility', 'min')]")
    columns = []
    for metric, direction in objectives:
        if direction not in ("max", "min"):
            raise AnalysisError(f"{metric}: an objective is to be 'max' or 'min', not {direction!r}")
        values = trials.scores(metric)
        columns.append(-values if direction == "max" else values)
    return np.column_stack(columns) if len(trials) else np.empty((0, len(objectives)))


def non_dominated(points: Any) -> NDArray[np.int64]:
    """The rows that no other row is at most equal to everywhere and below somewhere; less is better."""
    import numpy as np

    table = np.asarray(points, dtype=float)
    if not len(table):
        return np.empty(0, dtype=np.int64)
    order = np.lexsort(table.T[::-1])  # whoever dominates a row stands before it
    ordered = table[order]
    front: list[int] = []
    for place, row in enumerate(ordered):
        others = ordered[front]
        if not ((others <= row).all(axis=1) & (others < row).any(axis=1)).any():
            front.append(place)
    return np.sort(order[front]).astype(np.int64)


def hypervolume(points: Any, reference: Sequence[float]) -> float:
    """The volume between the front of ``points`` and a ``reference`` worse than all; less is better.

    Exact, in any number of dimensions.  Points that are not below the reference everywhere do not count.
    """
    import numpy as np

    table, corner = np.asarray(points, dtype=float), np.asarray(reference, dtype=float)
    if table.ndim != 2 or table.shape[1] != len(corner):
        raise AnalysisError(f"the reference has {len(corner)} numbers: points need as many")
    table = table[(table < corner).all(axis=1)]
    return _volume(table[non_dominated(table)], corner)


def _volume(front: NDArray[np.float64], corner: NDArray[np.float64]) -> float:
    """Slices along the last dimension: each is a volume with one dimension less."""
    import numpy as np

    if not len(front):
        return 0.0
    if front.shape[1] == 1:
        return float(corner[0] - front[:, 0].min())
    front = front[np.argsort(front[:, -1], kind="stable")]
    if front.shape[1] == 2:
        # by the second objective upwards the first goes down: a staircase
        lowest = np.minimum.accumulate(front[:, 0])
        steps = np.append(front[1:, 1], corner[1]) - front[:, 1]
        return float(((corner[0] - lowest) * steps).sum())
    tops = np.append(front[1:, -1], corner[-1])
    volume = 0.0
    for count, (row, top) in enumerate(zip(front, tops, strict=True), 1):
        if top > row[-1]:
            below = front[:count, :-1]
            volume += (top - row[-1]) * _volume(below[non_dominated(below)], corner[:-1])
    return float(volume)
