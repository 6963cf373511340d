"""W0: the first script a reader of the documentation writes; run as a whole process."""

import sys

try:
    import backtrader as bt
except ImportError:
    import back_trader as bt


class Cross(bt.Strategy):
    """Long while the fast average is above the slow one."""

    params = (("fast", 10), ("slow", 30))

    def __init__(self):
        fast = bt.indicators.SMA(self.data.close, period=self.p.fast)
        slow = bt.indicators.SMA(self.data.close, period=self.p.slow)
        self.cross = bt.indicators.CrossOver(fast, slow)

    def next(self):
        if self.cross > 0:
            self.buy(size=10)
        elif self.cross < 0 and self.position:
            self.close()


cerebro = bt.Cerebro()
cerebro.adddata(bt.feeds.GenericCSVData(dataname=sys.argv[1], dtformat="%Y-%m-%d"))
cerebro.addstrategy(Cross)
cerebro.broker.setcash(100_000.0)
cerebro.run()
print(repr(cerebro.broker.getvalue()))
