"""System quality number: how large and how steady the profits of trades were."""

from __future__ import annotations

import math
from typing import Any

from ..utils.autodict import AutoOrderedDict
from ..utils.mathsupport import average, standarddev
from .base import Analyzer

__all__ = ["SQN"]


class SQN(Analyzer):
    """``sqn``: the mean net profit of closed trades over its deviation, times the root of their number."""

    alias = ("SystemQualityNumber",)

    pnl: list[float]
    count: int

    def create_analysis(self) -> None:
        """A place that fills itself."""
        self.rets = AutoOrderedDict()

    def start(self) -> None:
        """Begin without trades."""
        super().start()
        self.pnl = []
        self.count = 0

    def notify_trade(self, trade: Any) -> None:
        """Collect the net profit of closed trades."""
        if trade.status == trade.Closed:
            self.pnl.append(trade.pnlcomm)
            self.count += 1

    def stop(self) -> None:
        """Work the number out: 0 for less than two trades, None if all profits are equal."""
        sqn: float | None = 0
        if self.count > 1:
            deviation = standarddev(self.pnl)
            sqn = math.sqrt(len(self.pnl)) * average(self.pnl) / deviation if deviation else None
        self.rets.sqn = sqn
        self.rets.trades = self.count
