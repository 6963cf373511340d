"""Straight lines through pairs of prices by least squares, and how well pairs hold together.

The fit is that of statsmodels' ``OLS`` to the last bit, without statsmodels: the pseudo-inverse
of the columns 1 and ``data1`` out of a singular value decomposition.  Only `CointN` needs it.
"""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from ..lines.clock import NAN
from ..lines.operations import same_timeline
from ..utils.optional import require
from .basicops import PeriodN
from .deviation import StandardDeviation
from .sma import MovingAverageSimple

# Windows that are decomposed together: enough to spend the time in the algebra, few enough for a cache.
_TOGETHER = 1024
# Singular values smaller than this part of the largest count as zero, as they do in statsmodels.
_NOTHING = 1e-15


def fit_lines(y: Any, x: Any, period: int) -> Any:
    """Intercepts and slopes of ``y = intercept + slope * x`` over every window of ``period`` values.

    Two rows with as many columns as there are windows; NaN where a window has a value that is no
    number.  Where ``x`` does not vary it is the shortest of all solutions.
    """
    import numpy as np

    window = np.lib.stride_tricks.sliding_window_view
    rows, columns = window(y, period), window(x, period)
    usable = np.isfinite(rows).all(axis=1) & np.isfinite(columns).all(axis=1)
    found = np.full((2, len(rows)), NAN)
    design = np.ones((int(usable.sum()), period, 2))
    design[:, :, 1] = columns[usable]
    u, s, v = np.linalg.svd(design, full_matrices=False)
    kept = s > _NOTHING * s.max(axis=1, keepdims=True)
    inverse = np.where(kept, 1.0 / np.where(kept, s, 1.0), 0.0)
    pseudo = v.transpose(0, 2, 1) @ (inverse[:, :, None] * u.transpose(0, 2, 1))
    found[:, usable] = (pseudo @ rows[usable][:, :, None])[:, :, 0].T
    return found


class _FittedLine(PeriodN):
    """The line that explains ``data0`` by ``data1``; ``_order`` says which of its figures are ours."""

    _mindatas = 2
    reusable = True

    def next(self) -> None:
        """The line through the last ``period`` pairs."""
        period = self.p.period
        fitted = fit_lines(self.data0.get(size=period), self.data1.get(size=period), period)
        for line, value in zip(self.lines, self._order(*fitted[:, 0]), strict=True):
            line[0] = value

    def once(self, start: int, end: int) -> None:
        """The lines of ``[start, end)``, many at a time."""
        import numpy as np

        data0, data1 = self.data0.lines[0], self.data1.lines[0]
        if not (same_timeline(data0._now, self._now) and same_timeline(data1._now, self._now)):
            super().once(start, end)
            return
        y, x, period = np.frombuffer(data0.array), np.frombuffer(data1.array), self.p.period
        out = [np.frombuffer(line.array) for line in self.lines]
        for first in range(start, end, _TOGETHER):
            last = min(first + _TOGETHER, end)
            used = slice(first - period + 1, last)
            for line, values in zip(out, self._order(*fit_lines(y[used], x[used], period)), strict=True):
                line[first:last] = values

    def _order(self, intercept: Any, slope: Any) -> tuple[Any, ...]:
        """The figures of a fit in the order of our lines."""
        return slope, intercept


class OLS_Slope_InterceptN(_FittedLine):
    """Slope and intercept of the line that explains ``data0`` by ``data1`` over ``period`` bars."""

    lines: Any = ("slope", "intercept")
    params: Any = (("period", 10),)


class OLS_TransformationN(PeriodN):
    """How far ``data0`` is from the line that explains it by ``data1``, also in standard deviations."""

    _mindatas = 2
    lines: Any = ("spread", "spread_mean", "spread_std", "zscore")
    params: Any = (("period", 10),)

    def __init__(self) -> None:
        period, lines = self.p.period, self.lines
        line = OLS_Slope_InterceptN(self.data0, self.data1)  # compat: over 10 bars whatever the period
        spread = self.data0 - (line.slope * self.data1 + line.intercept)
        lines.spread = spread
        lines.spread_mean = mean = MovingAverageSimple(spread, period=period)
        lines.spread_std = deviation = StandardDeviation(spread, period=period)
        lines.zscore = (spread - mean) / deviation


class OLS_BetaN(_FittedLine):
    """By how much ``data0`` moves when ``data1`` moves by one, over ``period`` bars."""

    lines: Any = ("beta",)
    params: Any = (("period", 10),)

    def _order(self, intercept: Any, slope: Any) -> tuple[Any, ...]:
        return (slope,)


class CointN(PeriodN):
    """Score and p-value of the Engle-Granger test: do ``data0`` and ``data1`` move together?

    A small ``pvalue`` says yes.  ``trend`` is what the relation may contain: ``"c"`` a constant,
    ``"ct"`` also a trend, ``"ctt"`` also a curve, ``"n"`` nothing.  Needs statsmodels.
    """

    _mindatas = 2
    reusable = True
    lines: Any = ("score", "pvalue")
    params: Any = (("period", 10), ("trend", "c"))

    def __init__(self) -> None:
        super().__init__()
        if self.p.trend not in ("n", "c", "ct", "ctt"):
            raise ValueError(f"CointN: trend must be 'n', 'c', 'ct' or 'ctt', not {self.p.trend!r}")
        self._test = require("statsmodels.tsa.stattools", "stats", "the indicator CointN").coint

    def next(self) -> None:
        """The test over the last ``period`` pairs; NaN where there is nothing to test."""
        import numpy as np

        y, x = (np.array(data.get(size=self.p.period)) for data in (self.data0, self.data1))
        score = pvalue = NAN
        if np.isfinite(y).all() and np.isfinite(x).all():
            # prices that do not move, too few of them
            with suppress(ValueError, np.linalg.LinAlgError):
                score, pvalue, _ = self._test(y, x, trend=self.p.trend)
        self.lines.score[0] = score
        self.lines.pvalue[0] = pvalue


__all__ = ["CointN", "OLS_BetaN", "OLS_Slope_InterceptN", "OLS_TransformationN"]
