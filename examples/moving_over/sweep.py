"""A parameter sweep: every combination of two periods, judged by its analyzers."""

from pathlib import Path

import backtrader as bt

DATA = Path(__file__).resolve().parent.parent / "data"


class Channel(bt.Strategy):
    params = (("entry", 20), ("exit", 10))

    def __init__(self):
        self.top = bt.ind.Highest(self.data.high(-1), period=self.p.entry)
        self.bottom = bt.ind.Lowest(self.data.low(-1), period=self.p.exit)

    def next(self):
        if not self.position and self.data.close[0] > self.top[0]:
            self.buy(size=500)
        elif self.position and self.data.close[0] < self.bottom[0]:
            self.close()


if __name__ == "__main__":
    cerebro = bt.Cerebro(maxcpus=1)
    data = bt.feeds.GenericCSVData(dataname=str(DATA / "acme-daily.csv"), dtformat="%Y-%m-%d")
    cerebro.adddata(data)
    cerebro.optstrategy(Channel, entry=range(20, 61, 10), exit=range(5, 21, 5))
    cerebro.broker.setcash(100_000)
    cerebro.addanalyzer(bt.analyzers.Returns, _name="returns")
    cerebro.addanalyzer(bt.analyzers.TradeAnalyzer, _name="trades")
    for (result,) in cerebro.run():
        profit = result.analyzers.returns.get_analysis()["rnorm100"]
        print(f"{result.p.entry:3} {result.p.exit:3} {profit:7.2f} % a year")
