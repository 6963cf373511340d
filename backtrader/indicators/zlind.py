"""The zero lag indicator of Ehlers and Way."""

from __future__ import annotations

from functools import partial
from math import inf
from typing import Any

from ..lines.kernels.jit import Buffer, Kernel
from .mabase import MovAv, MovingAverageBase


@partial(Kernel, outputs=1, state=1, lookback=1, cost=lambda alpha, first, last: 150.0 * (last - first))
def error_correcting(
    data: Buffer,
    average: Buffer,
    out: Buffer,
    state: Buffer,
    alpha: float,
    first: int,
    last: int,
    start: int,
    stop: int,
) -> None:
    """``average`` corrected by one of the gains first / 10 ... (last - 1) / 10: the one nearest to ``data``.

    Without a value before there is nothing to correct: the average as it is.
    """
    for i in range(start, stop):
        best = average[i]
        if state[0] == 0.0:
            state[0] = 1.0
        else:
            before = out[i - 1]
            least = inf
            for tenth in range(first, last):
                gain = tenth / 10.0
                corrected = alpha * (average[i] + gain * (data[i] - before)) + (1.0 - alpha) * before
                error = abs(data[i] - corrected)
                if error < least:
                    least = error
                    best = corrected
        out[i] = best


class ZeroLagIndicator(MovingAverageBase):
    """An exponential average, at each bar corrected by the gain that brings it nearest to the data.

    ``gainlimit`` is the largest gain in tenths.
    """

    alias: Any = ("ZLIndicator", "ZLInd", "EC", "ErrorCorrecting")
    lines: Any = ("ec",)
    params: Any = (("gainlimit", 50), ("_movav", MovAv.EMA))

    def __init__(self) -> None:
        limit = self.p.gainlimit
        # compat: `_movav` is taken and not used
        self.ema = MovAv.EMA(self.data, period=self.p.period)
        self.limits = [-limit, limit + 1]
        params = (2.0 / (1.0 + self.p.period), *self.limits)
        self.lines[0] = self._computed(error_correcting, (self.data, self.ema), params)
        super().__init__()

    def _plotlabel(self) -> Any:
        p = self.p
        return [p.period, p.gainlimit] + [p._movav] * p.notdefault("_movav")


__all__ = ["ZeroLagIndicator"]
