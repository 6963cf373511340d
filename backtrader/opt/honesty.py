"""How much of a good result is luck: statistics against over-fitting.

`deflated_sharpe` follows Bailey and López de Prado, "The Deflated Sharpe Ratio" (2014), `pbo` Bailey,
Borwein, López de Prado and Zhu, "The Probability of Backtest Overfitting" (2015).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import combinations
from statistics import NormalDist
from typing import Any, NamedTuple

__all__ = ["Overfitting", "deflated_sharpe", "expected_maximum_sharpe", "pbo", "probabilistic_sharpe"]

_EULER = 0.5772156649015329
_NORMAL = NormalDist()


def probabilistic_sharpe(
    sharpe: float, benchmark: float, count: int, skew: float = 0.0, kurtosis: float = 3.0
) -> float:
    """The probability that the true Sharpe ratio is above ``benchmark``.

    Ratios are per period (not annualised), ``count`` is the number of returns, ``kurtosis`` is 3 for
    normal returns.
    """
    spread = 1.0 - skew * sharpe + (kurtosis - 1.0) / 4.0 * sharpe * sharpe
    if spread <= 0 or count < 2:
        return math.nan
    return _NORMAL.cdf((sharpe - benchmark) * math.sqrt(count - 1) / math.sqrt(spread))


def expected_maximum_sharpe(variance: float, trials: int) -> float:
    """The best Sharpe ratio to be expected of ``trials`` strategies without any skill."""
    if trials < 2:
        return 0.0
    first = _NORMAL.inv_cdf(1.0 - 1.0 / trials)
    second = _NORMAL.inv_cdf(1.0 - 1.0 / (trials * math.e))
    return math.sqrt(variance) * ((1.0 - _EULER) * first + _EULER * second)


def deflated_sharpe(
    sharpe: float, variance: float, trials: int, count: int, skew: float = 0.0, kurtosis: float = 3.0
) -> float:
    """The probability that a Sharpe ratio chosen as the best of ``trials`` is more than luck.

    ``variance`` is that of the Sharpe ratios of all trials, per period as ``sharpe`` itself.
    """
    return probabilistic_sharpe(sharpe, expected_maximum_sharpe(variance, trials), count, skew, kurtosis)


class Overfitting(NamedTuple):
    """``probability`` that the best in one half of the time is below the median in the other."""

    probability: float
    logits: list[float]
    loss: float
    """How often what was best lost money (a score below 0) in the other half."""


def pbo(returns: Any, blocks: int = 16, score: Any = None) -> Overfitting:
    """The probability of back-test over-fitting, by combinatorially symmetric cross-validation.

    ``returns`` has a row a period and a column a strategy; it is cut into ``blocks`` parts of equal
    length, and every half of them chooses a best strategy that the other half judges.
    """
    import numpy as np

    table = np.asarray(returns, dtype=float)
    if table.ndim != 2 or table.shape[1] < 2:
        raise ValueError("over-fitting is a matter of choosing: give the returns of at least two strategies")
    if blocks < 2 or blocks % 2 or table.shape[0] < blocks:
        raise ValueError(f"{table.shape[0]} periods cannot be cut into {blocks} blocks, an even number")
    parts = np.array_split(table[: table.shape[0] // blocks * blocks], blocks)
    judge = score or _sharpe
    logits, lost = [], 0
    for chosen in combinations(range(blocks), blocks // 2):
        inside = judge(np.concatenate([parts[i] for i in chosen]))
        outside = judge(np.concatenate([parts[i] for i in range(blocks) if i not in chosen]))
        best = int(np.nanargmax(inside))
        rank = _rank(outside, best) / (table.shape[1] + 1)
        logits.append(math.log(rank / (1.0 - rank)))
        lost += outside[best] < 0
    below = sum(logit <= 0 for logit in logits)
    return Overfitting(below / len(logits), logits, lost / len(logits))


def _sharpe(part: Any) -> Any:
    import numpy as np

    with np.errstate(all="ignore"):
        found = part.mean(axis=0) / part.std(axis=0, ddof=1)
    return np.where(np.isfinite(found), found, -np.inf)


def _rank(scores: Sequence[float], which: int) -> float:
    """1 for the worst; those that are equal share the middle of their ranks."""
    own = scores[which]
    below = sum(1 for score in scores if score < own)
    equal = sum(1 for score in scores if score == own)
    return below + (equal + 1) / 2
