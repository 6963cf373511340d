"""A feed of a random walk, delivered row by row, and the ways to run it."""

from __future__ import annotations

import datetime
import random
from typing import Any

import backtrader as bt

#: Every way through the bars, as arguments of ``Cerebro.run``.
MODES: dict[str, dict[str, Any]] = {
    "batch": {},
    "event": {"runonce": False},
    "not preloaded": {"preload": False},
    "bounded": {"exactbars": 1},
    "half bounded": {"exactbars": -1},
    "balanced": {"memory_profile": bt.MemoryProfile.BALANCED},
    "aggressive": {"memory_profile": bt.MemoryProfile.AGGRESSIVE},
}


class Walk(bt.DataBase):
    """``count`` bars, one every ``minutes``; ``hole`` leaves every so many closes missing."""

    params = (("count", 400), ("minutes", 1440), ("seed", 1), ("hole", 0))

    def start(self) -> None:
        super().start()
        self.made, self.random, self.price = 0, random.Random(self.p.seed), 100.0

    def _load(self) -> bool:
        if self.made >= self.p.count:
            return False
        last, r = self.price, self.random
        self.price = price = round(last * (1 + r.gauss(0, 0.01)), 2)
        prices = {
            "open": last,
            "high": round(max(last, price) + r.random(), 2),
            "low": round(min(last, price) - r.random(), 2),
            "close": price,
            "volume": float(r.randint(1, 1000)),
            "openinterest": 0.0,
        }
        if self.p.hole and self.made % self.p.hole == self.p.hole - 1:
            prices["close"] = float("nan")
        when = datetime.datetime(2020, 1, 1) + datetime.timedelta(minutes=self.p.minutes * self.made)
        self.lines.datetime[0] = bt.date2num(when)
        for name, value in prices.items():
            getattr(self.lines, name)[0] = value
        self.made += 1
        return True


def run(strategy: Any, *feeds: Any, options: Any = None, **params: Any) -> Any:
    """The strategy after a run over the feeds, a walk by default."""
    cerebro = bt.Cerebro()
    for feed in feeds or (Walk(),):
        cerebro.adddata(feed)
    cerebro.addstrategy(strategy, **params)
    return cerebro.run(**(options or {}))[0]
