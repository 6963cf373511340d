"""Two shares from one account, brought back to equal weights by a timer on the first day of a month."""

from pathlib import Path

import backtrader as bt

DATA = Path(__file__).resolve().parent.parent / "data"


class EqualWeights(bt.Strategy):
    def __init__(self):
        self.add_timer(when=bt.timer.SESSION_START, monthdays=[1], monthcarry=True)

    def notify_timer(self, timer, when, *args, **kwargs):
        for data in self.datas:
            self.order_target_percent(data, target=0.95 / len(self.datas))


cerebro = bt.Cerebro()
for name in ("acme", "zeno"):
    data = bt.feeds.GenericCSVData(dataname=str(DATA / f"{name}-daily.csv"), dtformat="%Y-%m-%d")
    cerebro.adddata(data, name=name)
cerebro.addstrategy(EqualWeights)
cerebro.broker.setcash(250_000)
cerebro.broker.setcommission(commission=1.5, commtype=bt.CommInfoBase.COMM_FIXED, stocklike=True)
cerebro.addanalyzer(bt.analyzers.PositionsValue, _name="values")
cerebro.addanalyzer(bt.analyzers.AnnualReturn, _name="years")
cerebro.addanalyzer(bt.analyzers.GrossLeverage, _name="leverage")
cerebro.run()
print(f"final value {cerebro.broker.getvalue():.2f}")
