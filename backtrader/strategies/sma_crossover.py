"""In when a fast average crosses above a slow one, out when it crosses below."""

from __future__ import annotations

from typing import Any

from ..core.strategy import Strategy
from ..indicators import CrossOver, MovAv

__all__ = ["MA_CrossOver"]


class MA_CrossOver(Strategy):
    """Long only: buys on a cross upwards, sells on a cross downwards.

    ``fast`` and ``slow`` are the periods of the averages, ``_movav`` is their class.
    """

    alias: Any = ("SMA_CrossOver",)
    params: Any = (("fast", 10), ("slow", 30), ("_movav", MovAv.SMA))

    def __init__(self) -> None:
        average = self.p._movav
        self.buysig = CrossOver(average(period=self.p.fast), average(period=self.p.slow))

    def next(self) -> None:
        """Look for a cross."""
        if self.position:
            if self.buysig < 0:
                self.sell()  # compat: not close(): a sizer that reverses makes it a short position
        elif self.buysig > 0:
            self.buy()
