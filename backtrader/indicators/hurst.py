"""The exponent of Hurst: do prices trend or return?"""

from __future__ import annotations

from typing import Any

from ..lines.clock import NAN
from .basicops import PeriodN

# Windows that are worked on together: few enough for the copies of a lag to stay in a cache.
_TOGETHER = 256


class HurstExponent(PeriodN):
    """Below 0.5 prices return to their mean, above they trend, at 0.5 they walk at random.

    How much the spread of the differences between bars grows with the distance of the bars: twice
    the slope of the logarithm of the root of their standard deviation, over the logarithm of the
    distance.  Distances go from ``lag_start`` (2) up to, not including, ``lag_end`` (half the period).
    NaN where prices do not move.
    """

    alias: Any = ("Hurst",)
    lines: Any = ("hurst",)
    params: Any = (("period", 40), ("lag_start", None), ("lag_end", None))
    reusable = True

    def __init__(self) -> None:
        import numpy as np

        super().__init__()
        p = self.p
        self.lags = np.arange(p.lag_start or 2, p.lag_end or p.period // 2)
        if not self.lags.size or self.lags[0] < 1:
            raise ValueError(
                f"HurstExponent: no lags between lag_start={p.lag_start} and lag_end={p.lag_end} "
                f"(without them: 2 and half of period={p.period})"
            )
        self.log10lags = np.log10(self.lags)
        with np.errstate(divide="ignore", invalid="ignore"):
            self._design = np.vander(self.log10lags, 2)
            self._scale = np.sqrt(np.add.reduce(self._design * self._design, axis=0))
            self._design /= self._scale

    def next(self) -> None:
        """The exponent of the last ``period`` values."""
        import numpy as np

        self.lines.hurst[0] = self._exponents(np.array(self.data.get(size=self.p.period)))[0]

    def once(self, start: int, end: int) -> None:
        """The exponents of ``[start, end)``, many at a time."""
        import numpy as np

        values, out = np.frombuffer(self.data.array), np.frombuffer(self.lines.hurst.array)
        for first in range(start, end, _TOGETHER):
            last = min(first + _TOGETHER, end)
            out[first:last] = self._exponents(values[first - self.p.period + 1 : last])

    def _exponents(self, values: Any) -> Any:
        """One exponent for each window of ``period`` values; NaN where there is none."""
        import numpy as np

        period = self.p.period
        found = np.full(len(values) - period + 1, NAN)
        if self.lags[-1] >= period:
            return found
        logs = np.empty((len(self.lags), len(found)))
        with np.errstate(divide="ignore", invalid="ignore"):
            for row, lag in zip(logs, self.lags, strict=True):
                row[:] = self._spread(values[lag:] - values[:-lag], period - lag)
            np.log10(logs, out=logs)
        usable = np.isfinite(logs).all(axis=0)
        # as numpy.polyfit does it, which would spend most of its time on other questions
        if usable.any() and np.isfinite(self._design).all():
            tolerance = len(self.lags) * np.finfo(float).eps
            slopes = np.linalg.lstsq(self._design, logs[:, usable], tolerance)[0][0]
            found[usable] = slopes / self._scale[0] * 2.0
        return found

    @staticmethod
    def _spread(steps: Any, count: int) -> Any:
        """The root of the standard deviation of every ``count`` steps, in the bits of ``numpy.std``."""
        import numpy as np

        if len(steps) == count:
            apart = steps.reshape(1, count)
        else:
            apart = np.lib.stride_tricks.sliding_window_view(steps, count).copy()
        apart -= np.add.reduce(apart, axis=1, keepdims=True) / count
        apart *= apart
        return np.sqrt(np.sqrt(np.add.reduce(apart, axis=1) / count))


__all__ = ["HurstExponent"]
