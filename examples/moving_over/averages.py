"""Two averages cross, a percentage of the account at stake, commission paid; the standard first script."""

from pathlib import Path

import backtrader as bt

DATA = Path(__file__).resolve().parent.parent / "data"


class Cross(bt.Strategy):
    params = (("fast", 10), ("slow", 30))

    def __init__(self):
        fast, slow = bt.ind.EMA(period=self.p.fast), bt.ind.EMA(period=self.p.slow)
        self.cross = bt.ind.CrossOver(fast, slow)

    def notify_trade(self, trade):
        if trade.isclosed:
            print(f"{self.data.datetime.date()} profit {trade.pnlcomm:10.2f}")

    def next(self):
        if self.cross > 0:
            self.buy()
        elif self.cross < 0 and self.position:
            self.close()


cerebro = bt.Cerebro()
cerebro.adddata(bt.feeds.GenericCSVData(dataname=str(DATA / "acme-daily.csv"), dtformat="%Y-%m-%d"))
cerebro.addstrategy(Cross)
cerebro.addsizer(bt.sizers.PercentSizer, percents=90)
cerebro.broker.setcash(50_000)
cerebro.broker.setcommission(commission=0.001)
cerebro.addanalyzer(bt.analyzers.TradeAnalyzer, _name="trades")
cerebro.addanalyzer(bt.analyzers.DrawDown, _name="drawdown")
cerebro.addanalyzer(bt.analyzers.SharpeRatio, _name="sharpe", timeframe=bt.TimeFrame.Months)
cerebro.run()
print(f"final value {cerebro.broker.getvalue():.2f}")
