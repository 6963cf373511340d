"""The fractals of Williams: bars that stand out from those around them."""

from __future__ import annotations

from functools import partial
from typing import Any

from ...indicators.basicops import PeriodN
from ...lines.kernels import Buffer, Kernel


@partial(
    Kernel, outputs=1, state=0, lookback=lambda period, *_: period, cost=lambda period, *_: 40.0 * period
)
def mark_peaks(
    source: Buffer,
    out: Buffer,
    period: int,
    sign: float,
    place: int,
    factor: float,
    start: int,
    stop: int,
) -> None:
    """Mark windows whose highest (``sign`` 1.0) or lowest (-1.0) value stands at ``place``, counted from 0.

    Of equal values the oldest counts.  The mark is the value times ``factor``.
    """
    for i in range(start, stop):
        first = i - period + 1
        best = sign * source[first]
        found = 0
        for k in range(1, period):
            value = sign * source[first + k]
            if value > best:
                best = value
                found = k
        if found == place and best == best:
            out[i - 2] = sign * best * factor


class Fractal(PeriodN):
    """Windows of ``period`` bars whose peak is the bar after the first ``shift_to_potential_fractal`` ones.

    ``fractal_bearish`` marks highs, ``fractal_bullish`` lows; marks stand ``bardist`` away from the bar.
    They come late: written when the whole window is known.

    compat: always written two bars back, which is the bar of the peak for a period of 5 and a shift of 2.
    """

    lines: Any = ("fractal_bearish", "fractal_bullish")
    params: Any = (("period", 5), ("bardist", 0.015), ("shift_to_potential_fractal", 2))
    plotinfo: Any = dict(subplot=False, plotlinelabels=False, plot=True)
    plotlines: Any = dict(
        fractal_bearish=dict(marker="^", markersize=4.0, color="lightblue", fillstyle="full", ls=""),
        fractal_bullish=dict(marker="v", markersize=4.0, color="lightblue", fillstyle="full", ls=""),
    )

    def next(self) -> None:
        """Mark the peaks that this bar confirms."""
        place = self.p.shift_to_potential_fractal
        for line, data, peak, factor in self._sides():
            window = data.get(size=self.p.period)
            value = (max if peak > 0.0 else min)(window)
            if value == value and window.index(value) == place:
                line[-2] = value * factor

    def once(self, start: int, end: int) -> None:
        """Mark the peaks that the bars of ``[start, end)`` confirm."""
        period, place = self.p.period, self.p.shift_to_potential_fractal
        for line, data, peak, factor in self._sides():
            mark_peaks.run(data.array, line.array, period, peak, place, factor, start, end)

    def _sides(self) -> Any:
        """Each line with what it marks: prices, 1.0 for highs and -1.0 for lows, the factor of the mark."""
        distance, lines, data = self.p.bardist, self.lines, self.data
        yield lines.fractal_bearish, data.high, 1.0, 1.0 + distance
        yield lines.fractal_bullish, data.low, -1.0, 1.0 - distance


__all__ = ["Fractal"]
