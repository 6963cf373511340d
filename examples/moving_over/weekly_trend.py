"""Daily bars and the weeks made of them: trade the day's momentum in the direction of the week's trend."""

from pathlib import Path

import backtrader as bt

DATA = Path(__file__).resolve().parent.parent / "data"


class Slope(bt.Indicator):
    """How much the average of ``period`` bars moved, an indicator of one's own."""

    lines = ("slope",)
    params = (("period", 10),)

    def __init__(self):
        average = bt.ind.SMA(self.data, period=self.p.period)
        self.lines.slope = average - average(-1)


class WeeklyTrend(bt.Strategy):
    def __init__(self):
        self.trend = Slope(self.data1.close, period=8)
        self.rsi = bt.ind.RSI_Safe(self.data0.close, period=7)

    def next(self):
        if not self.position and self.trend[0] > 0 and self.rsi[0] < 40:
            self.buy(size=300)
            self.sell(exectype=bt.Order.StopTrail, trailpercent=0.08, size=300)
        elif not self.position:
            return
        elif self.trend[0] < 0:
            self.close()


cerebro = bt.Cerebro()
daily = bt.feeds.GenericCSVData(dataname=str(DATA / "zeno-daily.csv"), dtformat="%Y-%m-%d")
cerebro.adddata(daily, name="days")
cerebro.resampledata(daily, name="weeks", timeframe=bt.TimeFrame.Weeks)
cerebro.addstrategy(WeeklyTrend)
cerebro.broker.setcash(100_000)
cerebro.broker.setcommission(commission=0.0005)
cerebro.addanalyzer(bt.analyzers.SQN, _name="sqn")
cerebro.addanalyzer(bt.analyzers.TimeReturn, _name="months", timeframe=bt.TimeFrame.Months)
cerebro.run()
print(f"final value {cerebro.broker.getvalue():.2f}")
