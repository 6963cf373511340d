"""Runs over plain and resampled feeds, and everything they show, for tests that compare ways to run them."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np

import backtrader as bt

NAMES = ("open", "high", "low", "close", "volume", "openinterest", "datetime")


class Columns(bt.feed.DataBase):
    """A feed that has its bars as columns."""

    params = (("columns", None),)

    def _column_chunks(self) -> Iterator[Any]:
        yield self.p.columns


class Zone(dt.tzinfo):
    """A fixed zone."""

    def __init__(self, hours: float) -> None:
        self.hours = hours

    def utcoffset(self, when: Any) -> dt.timedelta:
        return dt.timedelta(hours=self.hours)

    def dst(self, when: Any) -> dt.timedelta:
        return dt.timedelta(0)

    def localize(self, when: dt.datetime) -> dt.datetime:
        return when.replace(tzinfo=self)


def columns(times: list[dt.datetime], seed: int, missing: float = 0.0) -> dict[str, Any]:
    """Bars at these times; some of them lack prices."""
    rnd = random.Random(seed)
    rows, close = [], 100.0
    for when in times:
        opened, close = close, close * (1 + rnd.gauss(0, 0.004))
        row = [
            opened,
            max(opened, close) + 0.2,
            min(opened, close) - 0.2,
            close,
            float(rnd.randrange(90)),
            0.0,
        ]
        if rnd.random() < missing:
            row[rnd.randrange(4)] = row[0] = float("nan")
        rows.append([*row, bt.date2num(when)])
    table = np.array(rows, dtype=float).reshape(len(rows), len(NAMES))
    return {name: table[:, i].copy() for i, name in enumerate(NAMES)}


class Counts(bt.Indicator):
    """Counts how often it is called."""

    lines = ("count",)

    def __init__(self) -> None:
        self.calls = 0

    def next(self) -> None:
        self.calls += 1
        self.lines.count[0] = self.calls + self.data[0]


class Parts(bt.Indicator):
    """Made of an operation on something that counts, of a mean, and of its own code."""

    lines = ("bound", "own")

    def __init__(self) -> None:
        self.counts = Counts(self.data)
        self.mean = bt.ind.SMA(self.data, period=3)
        self.lines.bound = self.counts.count + self.data

    def next(self) -> None:
        self.lines.own[0] = self.mean[0] + self.counts.count[0]


class Reads(bt.Indicator):
    """Reads another timeline in its own code."""

    lines = ("sum",)
    _mindatas = 2

    def __init__(self) -> None:
        self.mean, self.coupled = bt.ind.EMA(self.data1, period=2), self.data1.close()

    def next(self) -> None:
        others = [line[0] for line in (self.mean, self.coupled) if len(line) and line[0] == line[0]]
        self.lines.sum[0] = self.data0[0] + sum(others)


class Both(bt.Indicator):
    """Has a batch form that gives something else: it is not to be used."""

    lines = ("twice",)

    def next(self) -> None:
        self.lines.twice[0] = 2 * self.data[0]

    def once(self, start: int, end: int) -> None:
        self.lines.twice.array[start:end] = -self.data.array[start:end]


class Bars(bt.Observer):
    """Counts its steps on each of its bars."""

    lines = ("steps", "bars")

    def next(self) -> None:
        before = self.lines.steps[0]
        self.lines.steps[0] = 1 + (before if before == before else 0)
        self.lines.bars[0] = len(self.data)


class Steps(bt.Analyzer):
    """Notes the bars of every step."""

    def start(self) -> None:
        self.seen: list[Any] = []

    def next(self) -> None:
        self.seen.append((len(self.strategy), [len(data) for data in self.strategy.datas]))

    def get_analysis(self) -> Any:
        return self.seen


def _moved(a: Any, b: Any) -> list[Any]:
    line = b.close(a)
    return [line, bt.ind.SMA(line, period=2), a.close > line, bt.ind.SMA(line(-1), period=2) - b.close]


def _bundle(a: Any, b: Any) -> list[Any]:
    bundle = b(a)
    return [bundle.high, bundle.low + a.close]


LINES: dict[str, Callable[[Any, Any], list[Any]]] = {
    "mean": lambda a, b: [bt.ind.SMA(a, period=3), bt.ind.ATR(b, period=2)],
    "coupled": lambda a, b: [bt.ind.EMA(b, period=2)(), a.close - bt.ind.EMA(b, period=2)()],
    "line": lambda a, b: [b.high(), bt.ind.SMA(b.high(), period=3)],
    "moved": _moved,
    "bundle": _bundle,
    "crossed": lambda a, b: [bt.ind.CrossOver(a.close, b.close())],
    "between": lambda a, b: [(a.close - b.open) / a.high, bt.ind.EMA(a.close - b.close, period=2)],
    "counted": lambda a, b: [Counts(a), bt.ind.SMA(Counts(b), period=2), Counts(b)()],
    "parts": lambda a, b: [Parts(a).bound, Parts(b).own],
    "reads": lambda a, b: [Reads(a, b).sum] if a is not b else [],
    "both": lambda a, b: [Both(a)],
    "ahead": lambda a, b: [a.close(1)],
    "time": lambda a, b: [a.datetime > dt.time(9, 30), bt.If(a.close > a.open, b.close, a.low)],
    "python": lambda a, b: [bt.Reduce(lambda x, y: x / 2 + y, a.close, a.open), bt.Sum(a.close, b.close)],
}


@dataclass
class Plan:
    """What is run."""

    feeds: list[dict[str, Any]]
    added: list[tuple[int, dict[str, Any] | None]]  # which feed, and how it is resampled
    lines: list[tuple[str, int, int]] = field(default_factory=list)
    extras: frozenset[str] = frozenset()
    strategies: int = 1


class Everything(bt.Strategy):
    """Trades on all feeds and notes all there is to see."""

    params = (("plan", None),)

    def __init__(self) -> None:
        datas, plan = self.datas, self.p.plan
        self.log: list[Any] = []
        self.made = [
            line
            for kind, a, b in plan.lines
            for line in LINES[kind](datas[a % len(datas)], datas[b % len(datas)])
        ]
        self.first_order: int | None = None
        if "timer" in plan.extras:
            self.add_timer(when=bt.timer.SESSION_START, cheat=True)
            self.add_timer(when=dt.time(9, 12))

    def note(self, what: str) -> None:
        shown = [[len(line), line[0] if len(line) else None] for line in self.made]
        for data in self.datas:
            bars = len(data)
            shown.append([bars, data.tick_close] + [line[0] for line in data.lines if bars])
        now = self.datetime[0] if len(self) else None
        self.log.append([what, len(self), now, self.broker.getvalue(), self.broker.getcash(), shown])

    def trade(self) -> None:
        for number, data in enumerate(self.datas):
            beat = (len(self) + 3 * number) % 11
            if not len(data) or data.close[0] != data.close[0]:
                continue
            if beat == 1:
                self.buy(data, size=2)
            elif beat == 3:
                self.sell(data, size=1, exectype=bt.Order.Limit, price=data.close[0] * 1.002)
            elif beat == 5:
                self.buy(data, size=1, exectype=bt.Order.Stop, price=data.high[0], valid=dt.timedelta(1))
            elif beat == 8:
                self.close(data)
            elif beat == 9:
                self.sell(data, size=3, exectype=bt.Order.Close)

    def prenext(self) -> None:
        self.note("prenext")
        self.trade()

    def nextstart(self) -> None:
        self.note("nextstart")
        self.trade()

    def next(self) -> None:
        self.note("next")
        self.trade()

    def notify_timer(self, timer: Any, when: Any, *args: Any, **kwargs: Any) -> None:
        self.note(f"timer {when}")

    def notify_order(self, order: Any) -> None:
        self.first_order = order.ref if self.first_order is None else self.first_order
        executed = order.executed
        self.log.append(
            [order.ref - self.first_order, order.status, executed.price, executed.size, len(self)]
        )

    def notify_trade(self, trade: Any) -> None:
        self.log.append([trade.pnl, trade.barlen, trade.isclosed, len(self)])


class Cheating(Everything):
    """Also acts before the open."""

    def prenext_open(self) -> None:
        self.note("prenext_open")

    def next_open(self) -> None:
        self.note("next_open")
        data = self.datas[-1]
        if len(self) % 7 == 0 and data.close[0] == data.close[0]:
            self.buy(data, size=1)


class Talking(Everything):
    """Is told of cash on every bar."""

    def notify_cashvalue(self, cash: float, value: float) -> None:
        self.log.append([cash, value])


def build(plan: Plan) -> bt.Cerebro:
    """A Cerebro that is ready to run the plan."""
    extras = plan.extras
    cerebro = bt.Cerebro(
        stdstats="stdstats" in extras, cheat_on_open="cheat" in extras, quicknotify="quick" in extras
    )
    feeds = [Columns(**kwargs) for kwargs in plan.feeds]
    for number, options in plan.added:
        if options is None:
            cerebro.adddata(feeds[number])
        else:
            cerebro.resampledata(feeds[number], **options)
    if "analyzers" in extras:
        cerebro.addanalyzer(Steps)
        cerebro.addanalyzer(bt.analyzers.TimeReturn, timeframe=bt.TimeFrame.Days)
        cerebro.addanalyzer(bt.analyzers.DrawDown)
    if "observers" in extras:
        cerebro.addobserver(Bars)
        cerebro.addobservermulti(Bars)
        cerebro.addobserver(bt.observers.DrawDown)
    cerebro.broker.setcommission(commission=0.001)
    kind = Cheating if "cheat" in extras else Talking if "talking" in extras else Everything
    for _ in range(plan.strategies):
        cerebro.addstrategy(kind, plan=plan)
    return cerebro


def shown(plan: Plan, **kwargs: Any) -> Any:
    """Everything a run of the plan shows, or the kind of the exception that ends it."""
    cerebro = build(plan)
    try:
        strategies = cerebro.run(**kwargs)
    except (IndexError, ValueError) as error:
        return type(error).__name__
    found: list[Any] = []
    for strategy in strategies:
        found.append(strategy.log)
        for item in [*strategy.made, *strategy.getobservers()]:
            lines = item.lines if isinstance(item, bt.LineSeries) else [item]
            found.append([len(item), *(list(line.array)[: len(item)] for line in lines)])
        found += [repr(analyzer.get_analysis()) for analyzer in strategy.analyzers]
    return found
