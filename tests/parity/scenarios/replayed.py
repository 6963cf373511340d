"""Bars that are still being made, and steps on which a feed stands still: everything computed follows the bar."""

from __future__ import annotations

from typing import Any

import backtrader as bt

from ..data import daily, minutes
from ..registry import scenario
from ..stage import Stage

# The original forgets the total of Accum in bounded memory.
ACCUM = {"exactbars=1": "runonce=False"}


class Computed(bt.Strategy):
    """With and without memory of their own, on prices and on top of each other."""

    def __init__(self) -> None:
        d, ind = self.data, bt.ind
        sma, ema = ind.SMA(d, period=3), ind.EMA(d, period=3)
        self.plain = [d.close - d.open, -d.close, d.close > d.open, abs(d.close - 100.0), d.close(-1)]
        self.functions = [bt.Max(d.high, sma), bt.If(d.close > sma, 1.0, -1.0), bt.And(d.close > sma)]
        self.kept = [sma, ema, ind.SMMA(d, period=3), ind.Accum(d.volume), ind.Highest(d.high, period=3)]
        self.on_top = [sma - d.open, ema - sma, ind.CrossOver(d, sma), ind.SMA(d.close - d.open, period=2)]
        self.distances = [ind.SMAOscillator(d, period=3), ind.EMAOscillator(d, period=3), ind.Oscillator(sma)]
        self.whole = [ind.MACD(d, period_me1=2, period_me2=4, period_signal=2), ind.ATR(d, period=3)]
        self.more = [ind.RSI_Safe(d, period=3), ind.BBands(d, period=3), ind.Momentum(d, period=2)]


@scenario(like=ACCUM)
def replayed_days(s: Stage) -> Any:
    """Weeks made of days."""
    cerebro = s.cerebro()
    cerebro.replaydata(s.feed(daily(45, 261), "d0"), timeframe=bt.TimeFrame.Weeks)
    cerebro.addstrategy(Computed)
    return cerebro


@scenario(like=ACCUM)
def replayed_minutes(s: Stage) -> Any:
    """Ten minutes made of minutes."""
    cerebro = s.cerebro()
    feed = s.feed(minutes(120, 262), "d0", timeframe=bt.TimeFrame.Minutes, compression=1)
    cerebro.replaydata(feed, timeframe=bt.TimeFrame.Minutes, compression=10)
    cerebro.addstrategy(Computed)
    return cerebro


@scenario(like=ACCUM)
def last_bar_of_a_slower_feed(s: Stage) -> Any:
    """At the end the unfinished month comes alone: what follows the days stays as it is."""
    cerebro = s.cerebro()
    feed = s.feed(daily(45, 263), "d0")
    cerebro.adddata(feed)
    cerebro.resampledata(feed, timeframe=bt.TimeFrame.Months)
    cerebro.addstrategy(Computed)
    return cerebro
