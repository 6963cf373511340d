"""Entries with a stop and a target, on minutes, with slippage; unfilled entries expire."""

import datetime
from pathlib import Path

import backtrader as bt

DATA = Path(__file__).resolve().parent.parent / "data"


class Pullback(bt.Strategy):
    params = (("period", 60), ("risk", 2.0), ("reward", 3.0))

    def __init__(self):
        self.average = bt.ind.SMA(period=self.p.period)
        self.range = bt.ind.ATR(period=self.p.period)
        self.orders = []

    def notify_order(self, order):
        if not order.alive():
            self.orders = [known for known in self.orders if known.ref != order.ref]

    def next(self):
        if self.orders or self.position or self.data.close[0] < self.average[0]:
            return
        entry = self.data.close[0] - self.range[0]
        self.orders = self.buy_bracket(
            size=200,
            price=entry,
            valid=datetime.timedelta(minutes=30),
            stopprice=entry - self.p.risk * self.range[0],
            limitprice=entry + self.p.reward * self.range[0],
        )


cerebro = bt.Cerebro()
cerebro.adddata(
    bt.feeds.GenericCSVData(dataname=str(DATA / "acme-minutes.csv"), timeframe=bt.TimeFrame.Minutes)
)
cerebro.addstrategy(Pullback)
cerebro.broker.setcash(100_000)
cerebro.broker.set_slippage_perc(0.0002)
cerebro.addanalyzer(bt.analyzers.TradeAnalyzer, _name="trades")
cerebro.addanalyzer(bt.analyzers.Transactions, _name="transactions")
cerebro.run()
print(f"final value {cerebro.broker.getvalue():.2f}")
