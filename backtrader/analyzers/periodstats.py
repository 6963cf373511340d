"""Statistics of the returns of periods."""

from __future__ import annotations

from typing import Any

from ..lines.timeframe import TimeFrame
from ..utils.mathsupport import average, standarddev
from .base import Analyzer
from .timereturn import TimeReturn

__all__ = ["PeriodStats"]


class PeriodStats(Analyzer):
    """``average stddev positive negative nochange best worst`` of the returns of each ``timeframe``.

    With ``zeroispos`` a period without change counts as positive.
    """

    params: Any = (("timeframe", TimeFrame.Years), ("compression", 1), ("zeroispos", False), ("fund", None))

    def __init__(self) -> None:
        super().__init__()
        self._tr = TimeReturn(timeframe=self.p.timeframe, compression=self.p.compression, fund=self.p.fund)

    def stop(self) -> None:
        """Work the statistics out."""
        returns = list(self._tr.get_analysis().values())
        zeros = returns.count(0.0)
        self.rets["average"] = average(returns)
        self.rets["stddev"] = standarddev(returns)
        self.rets["positive"] = sum(one > 0.0 for one in returns) + (zeros if self.p.zeroispos else 0)
        self.rets["negative"] = sum(one < 0.0 for one in returns)
        self.rets["nochange"] = 0 if self.p.zeroispos else zeros
        self.rets["best"] = max(returns)
        self.rets["worst"] = min(returns)
