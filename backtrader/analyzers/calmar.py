"""Calmar ratio: return over the largest draw-down, by period."""

from __future__ import annotations

import math
from collections import deque
from typing import Any

from ..lines.timeframe import TimeFrame
from .derived import Current, DerivedByPeriod, value_seen
from .drawdown import TimeDrawDown
from .progress import History

__all__ = ["Calmar"]


class Calmar(DerivedByPeriod):
    """The ratio at the end of each period, over the last ``period`` of them, once there are as many."""

    params: Any = (("timeframe", TimeFrame.Months), ("period", 36), ("fund", None))

    calmar: Any = Current()
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
        value = broker.fundvalue if self._fundmode else broker.getvalue()
        self._measure(self.dtkey, value, self._maxdd.maxdd)

    def _measure(self, key: Any, value: float, drawdown: float) -> None:
        self._mdd = max(self._mdd, drawdown)
        self._values.append(value)
        growth = math.log(self._values[-1] / self._values[0]) / len(self._values)
        self.calmar = self.rets[key] = growth / (self._mdd or float("inf"))

    def stop(self) -> None:
        """The last period ends with the run."""
        self.on_dt_over()

    # -- derived ---------------------------------------------------------------------------------
    def _can_catch_up(self) -> bool:
        # the periods of the draw-down must be ours
        return type(self._maxdd) is TimeDrawDown and super()._can_catch_up()

    def _catch_up(self, past: History, start: int, stop: int) -> None:
        values = past.fundvalues(stop) if self._fundmode else past.values(stop)
        worst = self._maxdd.course(stop)
        for step, _, key in self._changes(past, start, stop):
            self._measure(key, value_seen(past, values, step, self._fundmode), worst[step])
