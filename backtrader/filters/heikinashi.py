"""Heikin-Ashi candles instead of the bars that came in."""

from __future__ import annotations

from typing import Any

__all__ = ["HeikinAshi"]


class HeikinAshi:
    """Rewrites prices: the close is the bar's mean, the open lies between the last candle's open and close.

    High and low are stretched to hold both.
    """

    def __init__(self, data: Any) -> None:
        pass

    def __call__(self, data: Any) -> bool:
        o, h, lo, c = data.open[0], data.high[0], data.low[0], data.close[0]
        data.close[0] = close = (o + h + lo + c) / 4.0
        if len(data) > 1:
            data.open[0] = opening = (data.open[-1] + data.close[-1]) / 2.0
            data.high[0] = max(opening, close, h)
            data.low[0] = min(opening, close, lo)
        else:
            # compat: the first candle is not stretched
            data.open[0] = (o + c) / 2.0
        return False
