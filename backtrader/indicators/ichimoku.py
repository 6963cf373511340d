"""The cloud chart of Ichimoku."""

from __future__ import annotations

from typing import Any

from .base import Indicator
from .basicops import Highest, Lowest


class Ichimoku(Indicator):
    """Middles of the price range over three periods, two of them shown later, and the close shown earlier."""

    lines: Any = ("tenkan_sen", "kijun_sen", "senkou_span_a", "senkou_span_b", "chikou_span")
    params: Any = (("tenkan", 9), ("kijun", 26), ("senkou", 52), ("senkou_lead", 26), ("chikou", 26))
    plotinfo: Any = dict(subplot=False)
    plotlines: Any = dict(
        senkou_span_a=dict(_fill_gt=("senkou_span_b", "g"), _fill_lt=("senkou_span_b", "r")),
    )

    def __init__(self) -> None:
        p = self.p
        self.lines.tenkan_sen = tenkan = self._middle(p.tenkan)
        self.lines.kijun_sen = kijun = self._middle(p.kijun)
        cloud = (tenkan + kijun) / 2.0
        self.lines.senkou_span_a = cloud(-p.senkou_lead)
        self.lines.senkou_span_b = self._middle(p.senkou)(-p.senkou_lead)
        self.lines.chikou_span = self.data.close(p.chikou)
        super().__init__()

    def _middle(self, period: int) -> Any:
        return (Highest(self.data.high, period=period) + Lowest(self.data.low, period=period)) / 2.0


__all__ = ["Ichimoku"]
