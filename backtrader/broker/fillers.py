"""How much of an order a bar can take: callables ``(order, price, ago) -> size``."""

from __future__ import annotations

from typing import Any

from ..utils.construct import ParamsBase

__all__ = ["BarPointPerc", "FixedBarPerc", "FixedSize"]


class FixedSize(ParamsBase):
    """At most ``size`` a bar, and never more than the bar's volume."""

    params: Any = (("size", None),)
    p: Any

    def __call__(self, order: Any, price: float, ago: int) -> float:
        size = self.p.size or abs(order.executed.remsize)
        return min(order.data.volume[ago], abs(order.executed.remsize), size)  # type: ignore[no-any-return]


class FixedBarPerc(ParamsBase):
    """At most ``perc`` percent of the bar's volume."""

    params: Any = (("perc", 100.0),)
    p: Any

    def __call__(self, order: Any, price: float, ago: int) -> float:
        most = order.data.volume[ago] * self.p.perc // 100
        return min(most, abs(order.executed.remsize))  # type: ignore[no-any-return]


class BarPointPerc(ParamsBase):
    """The volume spread evenly over the bar's range in steps of ``minmov``; ``perc`` percent of one step."""

    params: Any = (("minmov", None), ("perc", 100.0))
    p: Any

    def __call__(self, order: Any, price: float, ago: int) -> float:
        data = order.data
        step = self.p.minmov
        parts = 1
        if step:
            parts = (data.high[ago] - data.low[ago] + step) // step
        most = data.volume[ago] / parts * self.p.perc // 100.0
        return min(most, abs(order.executed.remsize))  # type: ignore[no-any-return]
