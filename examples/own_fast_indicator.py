"""A fast indicator of one's own: a stop that follows prices up and slowly gives in.

    python examples/own_fast_indicator.py              20,000 random bars
    python examples/own_fast_indicator.py --bars 5000

The function under ``@bt.kernel`` is the whole indicator. In a backtest it runs once over all bars, as machine
code if there are many; live it runs once a bar. Beside it stands the same indicator written with ``next``,
and all four ways of running them give equal values.
"""

import argparse
import datetime as dt
import random

import backtrader as bt


# --- the ten lines ---------------------------------------------------------------------------
@bt.kernel(state=1)
def fading_high(high, close, out, state, part, start, stop):
    top = state[0]
    for i in range(start, stop):
        top = max(high[i], top - part * (top - close[i]))
        out[i] = top
    state[0] = top


class FadingHigh(bt.Indicator):
    """The highest high, which gives in by a part of its distance from the close on every bar."""

    lines = ("top",)
    params = (("part", 0.05),)
    plotinfo = dict(subplot=False)

    def __init__(self):
        self.lines.top = fading_high(self.data.high, self.data.close, part=self.p.part)


# --- the same, bar by bar --------------------------------------------------------------------
class FadingHighByNext(bt.Indicator):
    """What one would write without a kernel."""

    lines = ("top",)
    params = (("part", 0.05),)

    def __init__(self):
        self.top = 0.0

    def next(self):
        self.top = max(self.data.high[0], self.top - self.p.part * (self.top - self.data.close[0]))
        self.lines.top[0] = self.top


class Bars(bt.feed.DataBase):
    """Random one-minute bars."""

    params = (("bars", 1000),)

    def start(self):
        super().start()
        self.random, self.price, self.at = random.Random(1), 100.0, 0

    def _load(self):
        if self.at == self.p.bars:
            return False
        opened, self.price = self.price, self.price + self.random.gauss(0.0, 0.1)
        self.lines.datetime[0] = bt.date2num(dt.datetime(2024, 1, 1) + dt.timedelta(minutes=self.at))
        self.lines.open[0], self.lines.close[0] = opened, self.price
        self.lines.high[0] = max(opened, self.price) + 0.05
        self.lines.low[0] = min(opened, self.price) - 0.05
        self.lines.volume[0] = self.lines.openinterest[0] = 0.0
        self.at += 1
        return True


class Watch(bt.Strategy):
    """Owns the indicator and keeps its values."""

    params = (("indicator", FadingHigh),)

    def __init__(self):
        self.made = self.p.indicator(self.data)

    def stop(self):
        self.values = list(self.made.lines.top.array)


def run(indicator, bars, **options):
    """The values of the indicator after a run."""
    cerebro = bt.Cerebro(stdstats=False, **options)
    cerebro.adddata(Bars(bars=bars, timeframe=bt.TimeFrame.Minutes))
    cerebro.addstrategy(Watch, indicator=indicator)
    return cerebro.run()[0].values


def main(arguments=None):
    """Run both indicators in a backtest and bar by bar, and compare."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--bars", type=int, default=20_000, help="how many bars (%(default)s)")
    bars = parser.parse_args(arguments).bars

    expected = run(FadingHigh, bars)
    for way, options in (("backtest", {}), ("bar by bar", {"runonce": False})):
        for indicator in (FadingHigh, FadingHighByNext):
            values = run(indicator, bars, **options)
            same = "equal" if values == expected else "OTHER VALUES"
            print(f"{way:<12}{indicator.__name__:<18}{len(values):>9,} bars, last {values[-1]:.6f}   {same}")


if __name__ == "__main__":
    main()
