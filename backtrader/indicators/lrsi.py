"""The Laguerre filter of Ehlers and the strength index made of its stages."""

from __future__ import annotations

from functools import partial
from typing import Any

from ..lines.kernels.jit import Buffer, Kernel
from .basicops import PeriodN


@partial(Kernel, outputs=1, state=4, lookback=0, cost=350.0)
def laguerre(
    source: Buffer, out: Buffer, state: Buffer, gamma: float, index: int, start: int, stop: int
) -> None:
    """Four stages of smoothing: their weighted mean, or with ``index`` 1 the share of rises between them."""
    a, b, c, d = state[0], state[1], state[2], state[3]
    for i in range(start, stop):
        a_before, b_before, c_before = a, b, c
        a = (1.0 - gamma) * source[i] + gamma * a
        b = -gamma * a + a_before + gamma * b
        c = -gamma * b + b_before + gamma * c
        d = -gamma * c + c_before + gamma * d
        if index == 0:
            out[i] = (a + 2.0 * b + 2.0 * c + d) / 6.0
            continue
        up = 0.0
        down = 0.0
        if a >= b:
            up = a - b
        else:
            down = b - a
        if b >= c:
            up += b - c
        else:
            down += c - b
        if c >= d:
            up += c - d
        else:
            down += d - c
        total = up + down
        out[i] = up / total if total != 0.0 else 1.0
    state[0], state[1], state[2], state[3] = a, b, c, d


class LaguerreRSI(PeriodN):
    """The share of rises from stage to stage of the filter, from 0.0 to 1.0."""

    alias: Any = ("LRSI",)
    lines: Any = ("lrsi",)
    params: Any = (("gamma", 0.5), ("period", 6))
    plotinfo: Any = dict(plotymargin=0.15, plotyticks=[0.0, 0.2, 0.5, 0.8, 1.0])

    def __init__(self) -> None:
        super().__init__()
        period = self.p.period
        self.lines[0] = self._computed(laguerre, (self.data,), (float(self.p.gamma), 1), period)


class LaguerreFilter(PeriodN):
    """The weighted mean of four stages of smoothing; a larger ``gamma`` smooths more."""

    alias: Any = ("LAGF",)
    lines: Any = ("lfilter",)
    params: Any = (("gamma", 0.5),)
    plotinfo: Any = dict(subplot=False)

    def __init__(self) -> None:
        super().__init__()
        period = self.p.period
        self.lines[0] = self._computed(laguerre, (self.data,), (float(self.p.gamma), 0), period)


__all__ = ["LaguerreFilter", "LaguerreRSI"]
