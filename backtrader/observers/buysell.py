"""Where orders were executed."""

from __future__ import annotations

import math
from collections import defaultdict
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
    plotlines: Any = dict(buy=dict(_MARK, marker="^", color="lime"), sell=dict(_MARK, marker="v", color="red"))

    def _start(self) -> None:
        # per bar of the feed and side: sum and number of the prices
        self._seen: Any = defaultdict(lambda: [0.0, 0])
        super()._start()

    def next(self) -> None:
        """Record the executions of this bar."""
        prices: dict[bool, list[float]] = {True: [], False: []}
        for order in self._owner._orderspending:
            if order.data is self.data and order.executed.size:
                prices[order.isbuy()].append(order.executed.price)
        at = self._now.idx
        for isbuy, found in prices.items():
            self._mark(at, isbuy, found, self.lines[0 if isbuy else 1].array)

    def _mark(self, at: int, isbuy: bool, prices: list[float], values: Any) -> None:
        if not prices:
            return
        entry = self._seen[self._now.base + at, isbuy]
        entry[0] += math.fsum(prices)
        entry[1] += len(prices)
        price = entry[0] / entry[1]
        if self.p.barplot:
            data, distance = self.data, self.p.bardist
            now = data._now.idx if self._history is None else self._history.positions(data._now)[at]
            price = data.low.array[now] * (1 - distance) if isbuy else data.high.array[now] * (1 + distance)
        values[at] = price

    def _derive(self, history: Any, start: int, stop: int) -> None:
        # compat: in a batch run the lines count strategy steps, also for a feed that has fewer bars
        together: dict[tuple[int, bool], list[float]] = {}
        for step, data, isbuy, price in history.fills(start, stop):
            if data is self.data:
                together.setdefault((step, isbuy), []).append(price)
        for (step, isbuy), prices in together.items():
            self._mark(step, isbuy, prices, self._memory[self.lines[0 if isbuy else 1]])
