"""How much of a good result is luck: statistics against over-fitting.

- `probabilistic_sharpe`, `minimum_track_record`: Bailey and López de Prado, "The Sharpe Ratio Efficient
  Frontier" (2012)
- `expected_maximum_sharpe`, `deflated_sharpe`, `effective_trials`: the same, "The Deflated Sharpe Ratio"
  (2014)
- `minimum_backtest_years`: Bailey, Borwein, López de Prado and Zhu, "Pseudo-Mathematics and Financial
  Charlatanism" (2014)
- `haircut_sharpe`: Harvey and Liu, "Backtesting" (2015)
- `pbo`: Bailey, Borwein, López de Prado and Zhu, "The Probability of Backtest Overfitting" (2015)

Ratios are by period, not by year, unless a name says otherwise.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import NormalDist
from typing import TYPE_CHECKING, Any

from .cscv import Overfitting, pbo

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = [
    "Moments",
    "Overfitting",
    "deflated_sharpe",
    "effective_trials",
    "expected_maximum_sharpe",
    "haircut_sharpe",
    "minimum_backtest_years",
    "minimum_track_record",
    "moments_of",
    "pbo",
    "probabilistic_sharpe",
]

_EULER = 0.5772156649015329
_NORMAL = NormalDist()


@dataclass(frozen=True)
class Moments:
    """What the statistics need to know of returns."""

    count: int
    mean: float
    deviation: float
    sharpe: float
    skew: float
    kurtosis: float
    """3 for normal returns."""


def moments_of(returns: Any) -> Moments:
    """The moments of returns by period; what is no number is left out."""
    import numpy as np

    found = np.asarray(returns, dtype=float)
    found = found[np.isfinite(found)]
    count = len(found)
    mean = float(found.mean()) if count else math.nan
    if count < 2 or not float(np.ptp(found)) > 0:
        return Moments(count, mean, 0.0 if count else math.nan, math.nan, math.nan, math.nan)
    deviation = float(found.std(ddof=1))
    centred = found - mean
    second = float((centred**2).mean())
    skew = float((centred**3).mean()) / second**1.5
    kurtosis = float((centred**4).mean()) / second**2
    return Moments(count, mean, deviation, mean / deviation, skew, kurtosis)


def probabilistic_sharpe(
    sharpe: float, benchmark: float, count: int, skew: float = 0.0, kurtosis: float = 3.0
) -> float:
    """The probability that the true Sharpe ratio is above ``benchmark``, after ``count`` returns."""
    spread = _spread(sharpe, skew, kurtosis)
    if not spread > 0 or count < 2:
        return math.nan
    return _NORMAL.cdf((sharpe - benchmark) * math.sqrt(count - 1) / math.sqrt(spread))


def minimum_track_record(
    sharpe: float,
    benchmark: float = 0.0,
    confidence: float = 0.95,
    skew: float = 0.0,
    kurtosis: float = 3.0,
) -> float:
    """How many returns it takes to be so sure that the true ratio is above ``benchmark``.

    Infinite if the ratio seen is not.
    """
    if not sharpe > benchmark:
        return math.nan if math.isnan(sharpe) else math.inf
    quantile = _NORMAL.inv_cdf(confidence) / (sharpe - benchmark)
    return 1.0 + _spread(sharpe, skew, kurtosis) * quantile * quantile


def _spread(sharpe: float, skew: float, kurtosis: float) -> float:
    """The variance of an estimated ratio, times the number of returns less one."""
    return 1.0 - skew * sharpe + (kurtosis - 1.0) / 4.0 * sharpe * sharpe


def expected_maximum_sharpe(variance: float, trials: float) -> float:
    """The best Sharpe ratio to be expected of ``trials`` strategies without any skill."""
    if not trials > 1:
        return 0.0
    first = _NORMAL.inv_cdf(1.0 - 1.0 / trials)
    second = _NORMAL.inv_cdf(1.0 - 1.0 / (trials * math.e))
    return math.sqrt(variance) * ((1.0 - _EULER) * first + _EULER * second)


def deflated_sharpe(
    sharpe: float, variance: float, trials: float, count: int, skew: float = 0.0, kurtosis: float = 3.0
) -> float:
    """The probability that a Sharpe ratio chosen as the best of ``trials`` is more than luck.

    ``variance`` is that of the Sharpe ratios of all trials, per period as ``sharpe`` itself.
    """
    return probabilistic_sharpe(sharpe, expected_maximum_sharpe(variance, trials), count, skew, kurtosis)


def minimum_backtest_years(trials: float, annual_sharpe: float = 1.0) -> float:
    """The years of data below which so many trials without skill bring forth a best one this good."""
    return (expected_maximum_sharpe(1.0, trials) / annual_sharpe) ** 2


def haircut_sharpe(sharpe: float, trials: float, count: int) -> float:
    """The Sharpe ratio that a single trial would need to be as surprising as this one among ``trials``.

    The p-value of the ratio (two-sided, normal) is corrected for the number of trials by Šidák's rule,
    and turned into a ratio again.
    """
    if math.isnan(sharpe) or count < 2:
        return math.nan
    statistic = abs(sharpe) * math.sqrt(count)
    single = math.erfc(statistic / math.sqrt(2.0))
    together = -math.expm1(trials * math.log1p(-single)) if single < 1.0 else 1.0
    if together >= 1.0:
        return 0.0
    if together <= 0.0:
        return sharpe
    return math.copysign(-_NORMAL.inv_cdf(together / 2.0) / math.sqrt(count), sharpe)


def effective_trials(returns: Any) -> float:
    """The number of independent trials that so many correlated ones amount to.

    ``returns`` has a column a trial.  With the mean correlation r between them, N are worth
    r + (1 - r) N: one if they all do the same, N if they have nothing to do with each other.
    """
    import numpy as np

    table = _varying(np.asarray(returns, dtype=float))
    trials = table.shape[1]
    if trials < 2:
        return float(trials)
    standard = (table - table.mean(axis=0)) / table.std(axis=0)
    # the sum of all correlations is the mean square of the sum of standardised columns
    total = float((standard.sum(axis=1) ** 2).mean())
    mean = (total - trials) / (trials * (trials - 1))
    mean = min(max(mean, 0.0), 1.0)
    return float(mean + (1.0 - mean) * trials)


def _varying(table: NDArray[np.float64]) -> NDArray[np.float64]:
    """The columns that are not the same all the time (a strategy that never traded is no trial)."""
    import numpy as np

    kept: NDArray[np.float64] = table[:, np.ptp(table, axis=0) > 0]
    return kept
