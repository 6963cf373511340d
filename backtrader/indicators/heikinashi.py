"""Averaged bars in the manner of Heikin Ashi."""

from __future__ import annotations

from functools import partial
from typing import Any

from ..lines.functions import Max, Min
from ..lines.kernels.jit import Array, Buffer, Kernel, Span
from ..lines.operations import Computed
from .base import Indicator


def _mean_span(a: Array, b: Array, c: Array, d: Array, out: Array) -> None:
    for i in range(len(out)):
        out[i] = (a[i] + b[i] + c[i] + d[i]) / 4.0


@partial(Kernel, cost=105.0, span=Span(_mean_span))
def mean_of_four(a: Buffer, b: Buffer, c: Buffer, d: Buffer, out: Buffer, start: int, stop: int) -> None:
    """(a + b + c + d) / 4, added up in this order."""
    for i in range(start, stop):
        out[i] = (a[i] + b[i] + c[i] + d[i]) / 4.0


@partial(Kernel, outputs=1, state=1, lookback=1, cost=90.0)
def averaged_open(
    opened: Buffer,
    closed: Buffer,
    mean: Buffer,
    out: Buffer,
    state: Buffer,
    seeds: int,
    start: int,
    stop: int,
) -> None:
    """The middle of the averaged bar before: half way from its open to its close ``mean``.

    The first ``seeds`` bars have none before and take the middle of their own open and close.
    """
    first = start
    while first < stop and state[0] < seeds:
        state[0] += 1.0
        out[first] = (opened[first] + closed[first]) / 2.0
        first += 1
    if first < stop:
        value = out[first - 1]
        for i in range(first, stop):
            value = (value + mean[i - 1]) / 2.0
            out[i] = value


class HeikinAshi(Indicator):
    """Bars that begin in the middle of the one before and close at the mean of their prices."""

    lines: Any = ("ha_open", "ha_high", "ha_low", "ha_close")
    linealias: Any = (
        ("ha_open", "open"),
        ("ha_high", "high"),
        ("ha_low", "low"),
        ("ha_close", "close"),
    )
    plotinfo: Any = dict(subplot=False)

    def __init__(self) -> None:
        data, lines = self.data, self.lines
        lines.ha_close = mean = Computed(mean_of_four, (data.open, data.high, data.low, data.close))
        seeds = self._minperiod
        opened = self._computed(averaged_open, (data.open, data.close, mean), (seeds,))
        opened.setminperiod(1)  # compat: there are values as long as the data is not complete
        lines.ha_open = opened
        lines.ha_open.addminperiod(2)
        lines.ha_high = Max(data.high, lines.ha_open, lines.ha_close)
        lines.ha_low = Min(data.low, lines.ha_open, lines.ha_close)
        super().__init__()


__all__ = ["HeikinAshi"]
