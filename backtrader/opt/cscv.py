"""The probability of back-test over-fitting, by combinatorially symmetric cross-validation.

Bailey, Borwein, López de Prado and Zhu, "The Probability of Backtest Overfitting" (2015).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from itertools import combinations, islice
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["Overfitting", "pbo"]

_SPLITS_AT_ONCE = 512


class Overfitting(NamedTuple):
    """``probability`` that the best in one half of the time is below the median in the other."""

    probability: float
    logits: list[float]
    loss: float
    """How often what was best lost money (a score below 0) in the other half."""
    inside: list[float] = []
    """For each split, the score of the best where it was chosen."""
    outside: list[float] = []
    """And its score in the other half."""

    @property
    def slope(self) -> float:
        """How much of a better score when chosen comes back in the other half; below 0 it turns around."""
        import numpy as np

        pairs = np.array([self.inside, self.outside])
        pairs = pairs[:, np.isfinite(pairs).all(axis=0)]
        if pairs.shape[1] < 2 or not np.ptp(pairs[0]) > 0:
            return math.nan
        return float(np.polyfit(pairs[0], pairs[1], 1)[0])


def pbo(returns: Any, blocks: int = 16, score: Callable[[Any], Any] | None = None) -> Overfitting:
    """The probability of back-test over-fitting.

    ``returns`` has a row a period and a column a strategy; it is cut into ``blocks`` parts of equal
    length, and every half of them chooses a best strategy that the other half judges.  ``score`` gives a
    number for each column of a table of returns; the Sharpe ratio if not given.
    """
    import numpy as np

    table = np.asarray(returns, dtype=float)
    if table.ndim != 2 or table.shape[1] < 2:
        raise ValueError("over-fitting is a matter of choosing: give the returns of at least two strategies")
    if blocks < 2 or blocks % 2 or table.shape[0] < blocks:
        raise ValueError(f"{table.shape[0]} periods cannot be cut into {blocks} blocks, an even number")
    if not np.isfinite(table).all():
        raise ValueError("returns must all be numbers: leave out strategies with gaps, or put 0 for them")
    parts = table[: table.shape[0] // blocks * blocks].reshape(blocks, -1, table.shape[1])
    logits, best_inside, best_outside = [], [], []
    for inside, outside in _halves(parts) if score is None else _scored(parts, score):
        best = np.nanargmax(inside, axis=1)
        rows = np.arange(len(best))
        chosen = outside[rows, best]
        # ranks from 1 for the worst; those that are equal share the middle of their ranks
        below = (outside < chosen[:, None]).sum(axis=1)
        equal = (outside == chosen[:, None]).sum(axis=1)
        rank = (below + (equal + 1) / 2) / (table.shape[1] + 1)
        logits.extend(np.log(rank / (1.0 - rank)).tolist())
        best_inside.extend(inside[rows, best].tolist())
        best_outside.extend(chosen.tolist())
    count = len(logits)
    return Overfitting(
        sum(logit <= 0 for logit in logits) / count,
        logits,
        sum(number < 0 for number in best_outside) / count,
        best_inside,
        best_outside,
    )


def _splits(blocks: int) -> Iterator[NDArray[np.float64]]:
    """Every choice of half of the blocks, some at once: rows with 1 for the chosen ones."""
    import numpy as np

    every = combinations(range(blocks), blocks // 2)
    while some := list(islice(every, _SPLITS_AT_ONCE)):
        chosen = np.zeros((len(some), blocks))
        np.put_along_axis(chosen, np.array(some), 1.0, axis=1)
        yield chosen


def _halves(parts: NDArray[np.float64]) -> Iterator[tuple[Any, Any]]:
    """Sharpe ratios in both halves for every split, from sums by block."""
    import numpy as np

    blocks, length, _ = parts.shape
    centre = parts.mean(axis=(0, 1))
    sums, squares = (parts - centre).sum(axis=1), ((parts - centre) ** 2).sum(axis=1)
    count = blocks * length // 2
    quiet = np.flatnonzero((np.ptp(parts, axis=1) == 0).any(axis=0))
    lowest, highest = parts[:, :, quiet].min(axis=1), parts[:, :, quiet].max(axis=1)

    def ratios(chosen: NDArray[np.float64]) -> NDArray[np.float64]:
        mean = chosen @ sums / count
        spread = np.sqrt(np.maximum(chosen @ squares - count * mean * mean, 0.0) / (count - 1))
        with np.errstate(all="ignore"):
            found: NDArray[np.float64] = (mean + centre) / spread
        if len(quiet):
            inside = chosen[:, :, None] > 0
            low = np.where(inside, lowest, np.inf).min(axis=1)
            same = low == np.where(inside, highest, -np.inf).max(axis=1)
            found[:, quiet] = np.where(same, _steady(low), found[:, quiet])
        return found

    for chosen in _splits(blocks):
        yield ratios(chosen), ratios(1.0 - chosen)


def _steady(level: NDArray[np.float64]) -> NDArray[np.float64]:
    """The ratio of returns that are all the same: 0 for a strategy that does nothing."""
    import numpy as np

    return np.where(level == 0, 0.0, np.copysign(np.inf, level))


def _scored(parts: NDArray[np.float64], score: Callable[[Any], Any]) -> Iterator[tuple[Any, Any]]:
    """The same by a function of the user's, which wants to see the returns themselves."""
    import numpy as np

    width = parts.shape[2]
    for some in _splits(len(parts)):
        pairs = [tuple(score(parts[row == part].reshape(-1, width)) for part in (1.0, 0.0)) for row in some]
        yield np.array([inside for inside, _ in pairs]), np.array([outside for _, outside in pairs])
