"""The adaptive moving average of Kaufman."""

from __future__ import annotations

from functools import partial
from math import nan
from typing import Any

from ..lines.kernels.arith import divide
from ..lines.kernels.jit import Array, Buffer, Kernel, Span
from ..lines.kernels.powers import is_exactly, power, square_or_nan
from ..lines.operations import Computed
from .basicops import ExponentialSmoothingDynamic, SumN
from .mabase import MovingAverageBase


def _step_span(now: Array, before: Array, out: Array) -> None:
    for i in range(len(out)):
        out[i] = abs(now[i] - before[i])


@partial(Kernel, lookback=1, cost=65.0, span=Span(_step_span, reads=lambda: ((0, 0), (0, 1))))
def step_size(source: Buffer, out: Buffer, start: int, stop: int) -> None:
    """How far the line moved since the bar before, whichever way."""
    for i in range(start, stop):
        out[i] = abs(source[i] - source[i - 1])


def _factor_span(
    now: Array,
    before: Array,
    way: Array,
    out: Array,
    period: int,
    spread: float,
    least: float,
    exponent: float,
) -> None:
    for i in range(len(out)):
        part = abs((now[i] - before[i]) / way[i]) * spread + least
        out[i] = square_or_nan(part) if is_exactly(exponent, 2.0) else nan
    for i in range(len(out)):
        if out[i] != out[i]:
            out[i] = power(abs((now[i] - before[i]) / way[i]) * spread + least, exponent)


@partial(
    Kernel,
    lookback=lambda period, spread, least, exponent: period,
    cost=190.0,
    span=Span(_factor_span, reads=lambda period, spread, least, exponent: ((0, 0), (0, period), (1, 0))),
)
def adaptive_factor(
    source: Buffer,
    way: Buffer,
    out: Buffer,
    period: int,
    spread: float,
    least: float,
    exponent: float,
    start: int,
    stop: int,
) -> None:
    """(share * spread + least) ** exponent; the share of the way gone that leads somewhere within ``period``.

    The exponent is a parameter for the reason given at `deviation`.
    """
    for i in range(start, stop):
        share = abs(divide(source[i] - source[i - period], way[i]))
        out[i] = power(share * spread + least, exponent)


class AdaptiveMovingAverage(MovingAverageBase):
    """Follows fast where prices go straight and slowly where they go to and fro.

    ``fast`` and ``slow`` are the periods of the exponential averages between which it changes.
    """

    alias: Any = ("KAMA", "MovingAverageAdaptive")
    lines: Any = ("kama",)
    params: Any = (("fast", 2), ("slow", 30))

    def __init__(self) -> None:
        period = self.p.period
        steps = Computed(step_size, (self.data,), period=2)
        way = SumN(steps, period=period)
        fast, slow = 2.0 / (self.p.fast + 1.0), 2.0 / (self.p.slow + 1.0)
        factor = Computed(adaptive_factor, (self.data, way), (period, fast - slow, slow, 2.0))
        factor.updateminperiod(self.data.lines[0]._minperiod + period)
        self.lines[0] = ExponentialSmoothingDynamic(self.data, period=period, alpha=factor)
        super().__init__()


__all__ = ["AdaptiveMovingAverage"]
