"""Several timeframes in one run: what is computed over them, and from which bar on a strategy acts."""

from __future__ import annotations

from typing import Any

import backtrader as bt

from ..data import daily, minutes, with_gaps
from ..feeds import intraday
from ..registry import scenario
from ..stage import Stage

# Bounded memory, and with it what is coupled, is another thing in the original.
BOUNDED = {"bounded": "couplers read bars that the original has dropped"}


class Counts(bt.Indicator):
    """Counts its calls, which come with every bar of the strategy."""

    lines = ("calls",)

    def __init__(self) -> None:
        self.count = 0

    def next(self) -> None:
        self.count += 1
        self.lines.calls[0] = self.count


class Noting(bt.Strategy):
    """Notes the lines that it has made on every step."""

    def __init__(self) -> None:
        self.log: list[Any] = []
        self.made = self.make()

    def make(self) -> list[Any]:
        raise NotImplementedError

    def note(self, what: str) -> None:
        self.log.append([what, len(self), [len(data) for data in self.datas], self.datetime[0]])
        self.log.append([[len(line), line[0]] for line in self.made if len(line)])
        self.log.append([[d.tick_open, d.tick_close, d.tick_last] for d in self.datas if len(d)])

    def prenext(self) -> None:
        self.note("prenext")

    def nextstart(self) -> None:
        self.note("nextstart")

    def next(self) -> None:
        self.note("next")
        if len(self) % 7 == 0:
            self.buy(data=self.datas[len(self) % len(self.datas)])
        elif len(self) % 7 == 5:
            self.close(data=self.datas[-1])


class Coupled(Noting):
    """Couplers onto the strategy, the fast feed and the slow one, and what is computed from them."""

    def make(self) -> list[Any]:
        fast, slow, ind = self.data0, self.data1, bt.ind
        line, onto, back = slow.close(), slow.close(fast), fast.close(slow)
        mean = ind.SMA(slow, period=2)()
        nested = ind.EMA(ind.SMA(slow, period=2), period=2)()
        found = [line, onto, back, mean, nested, slow().high, slow(fast).low]
        found += [fast.close > onto, mean - fast.close, ind.SMA(line, period=3), ind.EMA(onto, period=2)]
        return [*found, slow.open - back, ind.CrossOver(fast.close, line), ind.SMA(line(-1), period=2)]


class Counted(Noting):
    """Python on both feeds, and lines computed from it; operations between the feeds."""

    def make(self) -> list[Any]:
        fast, slow, ind = self.data0, self.data1, bt.ind
        found = [Counts(fast), Counts(slow), ind.SMA(Counts(slow), period=2), Counts(slow)()]
        found += [slow.close - fast.close, ind.EMA(slow.close - fast.close, period=3)]
        return [*found, bt.Max(slow.high, fast.high), bt.If(slow.close > fast.close, slow.low, fast.low)]


class Periods(Noting):
    """What counts for which feed before the strategy begins."""

    def make(self) -> list[Any]:
        first, middle, last, ind = self.data0, self.data1, self.data2, bt.ind
        found = [ind.SMA(last, period=2), ind.SMA(middle.close - 1.0, period=5), last.close(-1)]
        return [*found, ind.EMA(last.close(-1), period=2), ind.SMA(first, period=8)]


@scenario(skip=BOUNDED)
def coupled_to_five_minutes(s: Stage) -> Any:
    """A clone, minutes with gaps."""
    cerebro = s.cerebro()
    feed = s.feed(with_gaps(minutes(60, 301), 302, 0.1), "m1", **intraday())
    cerebro.adddata(feed)
    cerebro.resampledata(feed, name="m5", timeframe=bt.TimeFrame.Minutes, compression=5)
    cerebro.addstrategy(Coupled)
    return cerebro


@scenario(skip=BOUNDED)
def coupled_to_a_feed_of_its_own(s: Stage) -> Any:
    """Weeks made of another feed than the days beside them."""
    cerebro = s.cerebro()
    cerebro.adddata(s.feed(daily(45, 303), "days"))
    cerebro.resampledata(s.feed(daily(45, 304), "other"), name="weeks", timeframe=bt.TimeFrame.Weeks)
    cerebro.addstrategy(Coupled)
    return cerebro


@scenario(skip=BOUNDED)
def counted_over_hours(s: Stage) -> Any:
    """Python is called on every step, and counts that."""
    cerebro = s.cerebro()
    feed = s.feed(minutes(80, 305), "m1", **intraday())
    cerebro.adddata(feed)
    cerebro.resampledata(feed, name="m15", timeframe=bt.TimeFrame.Minutes, compression=15)
    cerebro.addstrategy(Counted)
    return cerebro


@scenario(skip=BOUNDED)
def periods_of_three_timeframes(s: Stage) -> Any:
    """A strategy begins when every feed has had the bars that count for it."""
    cerebro = s.cerebro()
    feed = s.feed(minutes(120, 306), "m1", **intraday())
    cerebro.adddata(feed)
    cerebro.resampledata(feed, name="m5", timeframe=bt.TimeFrame.Minutes, compression=5)
    cerebro.resampledata(feed, name="m15", timeframe=bt.TimeFrame.Minutes, compression=15)
    cerebro.addstrategy(Periods)
    return cerebro


@scenario(skip=BOUNDED)
def stocks_of_one_market(s: Stage) -> Any:
    """Several feeds with the same bars, each beside its own days; timers and cheating."""
    cerebro = s.cerebro(cheat_on_open=True)
    feeds = [s.feed(minutes(90, 307 + i, per_day=30), f"s{i}", **intraday()) for i in range(2)]
    for feed in feeds:
        cerebro.adddata(feed)
    for i, feed in enumerate(feeds):
        cerebro.resampledata(feed, name=f"d{i}", timeframe=bt.TimeFrame.Days)
    cerebro.add_timer(bt.timer.SESSION_START, strats=True)
    cerebro.addstrategy(Counted)
    return cerebro
