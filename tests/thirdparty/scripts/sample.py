"""A run for the packages to look at; imported by the other scripts here, under either engine."""

from __future__ import annotations

import json
import sys
from typing import Any

import backtrader as bt

DATA = sys.argv[1]


class Crosses(bt.Strategy):
    """Indicators of several kinds, and trades."""

    params = (("period", 10),)

    def __init__(self) -> None:
        self.sma = bt.ind.SMA(period=self.p.period)
        self.macd = bt.ind.MACD()
        self.bands = bt.ind.BBands(subplot=False)
        self.rsi = bt.ind.RSI()
        self.stochastic = bt.ind.Stochastic()
        self.cross = bt.ind.CrossOver(self.data.close, self.sma)
        self.other = bt.ind.SMA(self.data1, period=5)

    def next(self) -> None:
        if self.cross > 0:
            self.buy(size=10)
        elif self.cross < 0 and self.position:
            self.close()


def sample(strategy: Any = Crosses) -> Any:
    """A Cerebro with two feeds, the strategy, analyzers and observers."""
    cerebro = bt.Cerebro()
    for name in ("acme-2020", "zeno-2020"):
        path = f"{DATA}/{name}.csv"
        cerebro.adddata(bt.feeds.GenericCSVData(dataname=path, dtformat="%Y-%m-%d", name=name))
    cerebro.addstrategy(strategy)
    a = bt.analyzers
    for cls in (a.SharpeRatio, a.TradeAnalyzer, a.DrawDown, a.SQN, a.TimeReturn, a.PyFolio):
        cerebro.addanalyzer(cls)
    cerebro.addobserver(bt.observers.DrawDown)
    cerebro.addobserver(bt.observers.Value)
    return cerebro


def say(*what: Any) -> None:
    """One line of the outcome."""
    print(json.dumps(what, default=str))
