"""The parabolic stop and reverse of Wilder."""

from __future__ import annotations

from functools import partial
from typing import Any

from ..lines.kernels import shift
from ..lines.kernels.jit import Buffer, Kernel
from .basicops import PeriodN


@partial(Kernel, outputs=1, state=5, lookback=1, cost=250.0)
def parabolic_stop(
    high: Buffer,
    low: Buffer,
    close: Buffer,
    out: Buffer,
    state: Buffer,
    step: float,
    limit: float,
    start: int,
    stop: int,
) -> None:
    """A stop that follows a trend faster and faster until prices touch it, then turns to the other side.

    ``state``: begun or not, trend (1.0 up, -1.0 down), stop for the bar to come, extreme, acceleration.
    The first trend is that of the close from the bar before.
    """
    trend, level, extreme, pace = state[1], state[2], state[3], state[4]
    for i in range(start, stop):
        top = high[i]
        bottom = low[i]
        if state[0] == 0.0:
            state[0] = 1.0
            # as if the opposite trend had just been stopped
            trend = -1.0 if close[i] >= close[i - 1] else 1.0
            level = (top + bottom) / 2.0
            extreme = low[i - 1] if trend < 0.0 else high[i - 1]
        if (trend > 0.0 and level >= bottom) or (trend < 0.0 and level <= top):
            trend = -trend
            level = extreme
            extreme = top if trend > 0.0 else bottom
            pace = step
        out[i] = level
        if trend > 0.0 and top > extreme:
            extreme = top
            pace = min(pace + step, limit)
        elif trend < 0.0 and bottom < extreme:
            extreme = bottom
            pace = min(pace + step, limit)
        level = level + pace * (extreme - level)
        if trend > 0.0:
            if level > bottom or level > low[i - 1]:
                level = min(bottom, low[i - 1])
        elif level < top or level < high[i - 1]:
            level = max(top, high[i - 1])
    state[1], state[2], state[3], state[4] = trend, level, extreme, pace


class ParabolicSAR(PeriodN):
    """Where to stop and reverse: below prices while they rise, above while they fall.

    It follows prices by ``af`` of the distance from their extreme, and by ``af`` more with each
    new extreme, up to ``afmax``.
    """

    alias: Any = ("PSAR",)
    lines: Any = ("psar",)
    params: Any = (("period", 2), ("af", 0.02), ("afmax", 0.20))
    plotinfo: Any = dict(subplot=False)
    plotlines: Any = dict(psar=dict(marker=".", markersize=4.0, color="black", fillstyle="full", ls=""))

    def __init__(self) -> None:
        super().__init__()
        prices = (self.data.high, self.data.low, self.data.close)
        params = (float(self.p.af), float(self.p.afmax))
        stop = self._computed(parabolic_stop, prices, params, 2)
        if self.p.period > 2:  # compat: a longer period only hides the first values
            stop = self._computed(shift, (stop,), (0,), self.p.period)
        self.lines.psar = stop


__all__ = ["ParabolicSAR"]
