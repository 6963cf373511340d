"""Where orders were executed."""

from __future__ import annotations

import math
from typing import Any

from .base import Observer

__all__ = ["BuySell"]

_MARK = {"markersize": 8.0, "fillstyle": "full", "ls": ""}


class BuySell(Observer):
    """The average price of the buys and of the sells of each bar; or a mark below and above it."""

    _quiet = "derived"
    lines: Any = ("buy", "sell")
    params: Any = (("barplot", False), ("bardist", 0.015))
    plotinfo: Any = dict(plot=True, subplot=False, plotlinelabels=True)
    plotlines: Any = dict(
        buy=dict(_MARK, marker="^", color="lime"),
        sell=dict(_MARK, marker="v", color="red"),
    )

    curbuylen = 0
    curselllen = 0

    def next(self) -> None:
        """Record the executions of this bar."""
        pending = self._owner._orderspending
        buy, sell = self.lines.lines
        if not pending and math.isnan(buy[0]) and math.isnan(sell[0]):
            self.curbuylen = self.curselllen = 0
            return
        prices: dict[bool, list[float]] = {True: [], False: []}
        for order in pending:
            if order.data is self.data and order.executed.size:
                prices[order.isbuy()].append(order.executed.price)
        self.curbuylen = self._record(True, self.curbuylen, prices[True])
        self.curselllen = self._record(False, self.curselllen, prices[False])

    def _record(self, isbuy: bool, before: int, prices: list[float]) -> int:
        """Write one side; returns how many executions its bar has had so far."""
        line = self.lines[0 if isbuy else 1]
        average = line[0]
        if math.isnan(average):
            average, before = 0.0, 0
        count = before + len(prices)
        if count:
            # compat: on a bar that is seen again its average counts as one price, and is divided again
            average = (average + math.fsum(prices)) / count
            if not self.p.barplot:
                line[0] = average
            elif average == average:  # no number leaves the mark there was
                line[0] = self._mark(isbuy, self.data._now.idx)
        return count

    def _mark(self, isbuy: bool, at: int) -> float:
        """Where the mark beside a bar of the data goes."""
        data, distance = self.data, self.p.bardist
        edge: float = data.low.array[at] * (1 - distance) if isbuy else data.high.array[at] * (1 + distance)
        return edge

    def _derive(self, history: Any, start: int, stop: int) -> None:
        # compat: in a batch run the lines count strategy steps, also for a feed that has fewer bars
        together: dict[tuple[int, bool], list[float]] = {}
        for step, data, isbuy, price in history.fills(start, stop):
            if data is self.data:
                together.setdefault((step, isbuy), []).append(price)
        positions = history.positions(self.data._now)
        columns = [self._memory[line] for line in self.lines]
        for (step, isbuy), prices in together.items():
            average = math.fsum(prices) / len(prices)
            marked = self.p.barplot and average == average
            columns[0 if isbuy else 1][step] = self._mark(isbuy, positions[step]) if marked else average
