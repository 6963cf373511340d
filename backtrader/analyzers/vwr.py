"""Variability-weighted return: a return that is marked down for straying from a steady growth."""

from __future__ import annotations

import math
from typing import Any

from ..utils.mathsupport import standarddev
from .derived import DerivedByPeriod
from .progress import History
from .returns import Returns

__all__ = ["VWR", "VariabilityWeightedReturn"]


class VWR(DerivedByPeriod):
    """``vwr``: the yearly return in percent, less for periods that stray from growing at the average rate.

    ``sdev_max`` is the deviation at which nothing is left of it, ``tau`` how fast that comes.
    """

    params: Any = (("tann", None), ("tau", 0.20), ("sdev_max", 2.0), ("fund", None))

    _fundmode: bool
    _value: float | None
    _begun: list[Any]
    _ended: list[Any]

    def __init__(self) -> None:
        super().__init__()
        # compat: the fund parameter is not handed on
        self._returns = Returns(timeframe=self.p.timeframe, compression=self.p.compression, tann=self.p.tann)

    def start(self) -> None:
        """Take the account's value before the first bar."""
        super().start()
        broker = self.strategy.broker
        self._fundmode = broker.fundmode if self.p.fund is None else self.p.fund
        self._begun = [broker.fundvalue if self._fundmode else broker.getvalue()]
        self._ended = []
        self._value = None

    def notify_fund(self, cash: float, value: float, fundvalue: float, shares: float) -> None:
        """Take this bar's value."""
        self._value = fundvalue if self._fundmode else value

    def on_dt_over(self) -> None:
        """A period ends, and the next begins, with the first value that is past it."""
        self._ended.append(self._value)
        self._begun.append(self._value)
        self._value = None

    def stop(self) -> None:
        """Work the return out."""
        super().stop()
        if self._value is not None:
            self._ended.append(self._value)
        returns = self._returns.get_analysis()
        average = returns["ravg"]
        strayed = [
            end / (begin * math.exp(average * n)) - 1.0
            for n, (begin, end) in enumerate(zip(self._begun, self._ended, strict=False), 1)
        ]
        deviation = standarddev(strayed, bessel=True)
        self.rets["vwr"] = returns["rnorm100"] * (1.0 - pow(deviation / self.p.sdev_max, self.p.tau))

    # -- derived ---------------------------------------------------------------------------------
    def _catch_up(self, past: History, start: int, stop: int) -> None:
        values = past.fundvalues(stop) if self._fundmode else past.values(stop)
        changes = self._changes(past, start, stop)
        for step, _, _ in changes:
            self._ended.append(values[step])
            self._begun.append(values[step])
        self._value = None if changes and changes[-1][0] == stop - 1 else values[stop - 1]


VariabilityWeightedReturn = VWR
