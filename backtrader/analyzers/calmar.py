"""Calmar ratio: return over the largest draw-down, by period."""

from __future__ import annotations

import math
from collections import deque
from typing import Any

from ..lines.timeframe import TimeFrame
from .base import TimeFrameAnalyzerBase
from .drawdown import TimeDrawDown

__all__ = ["Calmar"]


class Calmar(TimeFrameAnalyzerBase):
    """The ratio at the end of each period, over the last ``period`` of them, once there are as many."""

    params: Any = (("timeframe", TimeFrame.Months), ("period", 36), ("fund", None))

    calmar: float
    _fundmode: bool
    _mdd: float
    _values: deque[float]

    def __init__(self) -> None:
        super().__init__()
        self._maxdd = TimeDrawDown(timeframe=self.p.timeframe, compression=self.p.compression)

    def start(self) -> None:
        """Take the account's value before the first bar."""
        broker = self.strategy.broker
        self._fundmode = broker.fundmode if self.p.fund is None else self.p.fund
        self._mdd = float("-inf")
        self._values = deque([float("nan")] * self.p.period, maxlen=self.p.period)
        self._values.append(broker.fundvalue if self._fundmode else broker.getvalue())

    def on_dt_over(self) -> None:
        """The ratio as of now."""
        broker = self.strategy.broker
        self._mdd = max(self._mdd, self._maxdd.maxdd)
        self._values.append(broker.fundvalue if self._fundmode else broker.getvalue())
        growth = math.log(self._values[-1] / self._values[0]) / len(self._values)
        self.calmar = self.rets[self.dtkey] = growth / (self._mdd or float("inf"))

    def stop(self) -> None:
        """The last period ends with the run."""
        self.on_dt_over()
