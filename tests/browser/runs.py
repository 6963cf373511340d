"""Runs whose reports the tests, the pictures of the docs and the eyes of people look at."""

from __future__ import annotations

import datetime as dt
import random
from typing import Any

import backtrader as bt

NEW_YORK_OPEN = dt.time(9, 30)


def daily(name: str, seed: int, count: int = 600, start: dt.date = dt.date(2021, 3, 1)) -> Any:
    """Daily bars of a random walk with trends."""
    rng = random.Random(seed)
    day, last, drift, rows = start, 80.0 + 20 * seed, 0.0, []
    while len(rows) < count:
        if day.weekday() < 5:
            if len(rows) % 45 == 0:
                drift = rng.uniform(-0.0022, 0.0032)
            opened = last * (1 + rng.gauss(0, 0.004))
            last = opened * (1 + drift + rng.gauss(0, 0.012))
            high, low = (
                max(opened, last) * (1 + abs(rng.gauss(0, 0.004))),
                min(opened, last) * (1 - abs(rng.gauss(0, 0.004))),
            )
            moved = abs(last / opened - 1)
            rows.append(
                (
                    dt.datetime.combine(day, dt.time()),
                    opened,
                    high,
                    low,
                    last,
                    rng.uniform(0.6, 1.4) * (4e5 + 4e7 * moved),
                )
            )
        day += dt.timedelta(days=1)
    return feed(name, rows, bt.TimeFrame.Days)


def minutes(name: str, seed: int = 5, days: int = 12, step: int = 5) -> Any:
    """Bars of five minutes of a market that is open from 9:30 to 16:00."""
    rng = random.Random(seed)
    day, last, rows = dt.date(2024, 3, 4), 50.0, []
    for _ in range(days):
        while day.weekday() > 4:
            day += dt.timedelta(days=1)
        moment = dt.datetime.combine(day, NEW_YORK_OPEN)
        for _ in range(390 // step):
            moment += dt.timedelta(minutes=step)
            opened, last = last, last * (1 + rng.gauss(0, 0.0012))
            rows.append(
                (
                    moment,
                    opened,
                    max(opened, last) * 1.0004,
                    min(opened, last) * 0.9996,
                    last,
                    rng.randint(500, 5000),
                )
            )
        day += dt.timedelta(days=1)
    return feed(name, rows, bt.TimeFrame.Minutes, step)


def feed(name: str, rows: list[Any], timeframe: int, compression: int = 1) -> Any:
    """A feed of rows (moment, open, high, low, close, volume) with two decimals."""
    import pandas as pd

    names = ["open", "high", "low", "close", "volume"]
    table = pd.DataFrame(
        [[round(x, 2) for x in row[1:5]] + [float(int(row[5]))] for row in rows],
        columns=names,
        index=[row[0] for row in rows],
    )
    return bt.feeds.PandasData(dataname=table, name=name, timeframe=timeframe, compression=compression)


class Cross(bt.Strategy):
    """Long above, short below."""

    params = (("fast", 12), ("slow", 40))

    def __init__(self) -> None:
        self.fast = bt.indicators.EMA(period=self.p.fast)
        self.slow = bt.indicators.EMA(period=self.p.slow)
        self.cross = bt.indicators.CrossOver(self.fast, self.slow, plot=False)
        bt.indicators.MACDHisto()
        bt.indicators.RSI()

    def next(self) -> None:
        if self.cross:
            self.order_target_percent(target=0.5 if self.cross > 0 else -0.2)


class Bracket(bt.Strategy):
    """Buys dips of all feeds but the first to the lower band, with a stop and a target."""

    params = (("period", 20), ("stop", 0.02), ("target", 0.025))

    def __init__(self) -> None:
        self.bands = [bt.indicators.BollingerBands(data, period=self.p.period) for data in self.datas]
        self.ranks = [bt.indicators.Stochastic(data) for data in self.datas]

    def next(self) -> None:
        for data, band in list(zip(self.datas, self.bands, strict=True))[1:]:
            if not self.getposition(data) and data.close[0] < band.bot[0] * 1.02:
                price = data.close[0]
                self.buy_bracket(
                    data=data,
                    size=int(2e4 / price),
                    exectype=bt.Order.Limit,
                    price=price * 1.001,
                    valid=dt.timedelta(days=6),
                    stopargs=dict(valid=None),
                    limitargs=dict(valid=None),
                    stopprice=price * (1 - self.p.stop),
                    limitprice=price * (1 + self.p.target),
                )


class Patient(bt.Strategy):
    """Asks for a price that never comes."""

    def next(self) -> None:
        if len(self) % 10 == 1:
            self.buy(exectype=bt.Order.Limit, price=self.data.low[0] * 0.5, valid=dt.timedelta(days=8))


class Swing(bt.Strategy):
    """In and out by the clock."""

    def __init__(self) -> None:
        bt.indicators.SMA(period=20)

    def next(self) -> None:
        if len(self) % 18 == 6:
            self.buy(size=100)
        elif len(self) % 18 == 15:
            self.close()


def rich(**options: Any) -> Any:
    """Two feeds, two strategies, limit orders, brackets, shorts, observers."""
    cerebro = bt.Cerebro(**options)
    for name, seed in (("ACME", 1), ("ZENO", 2)):
        cerebro.adddata(daily(name, seed))
    cerebro.addstrategy(Cross)
    cerebro.addstrategy(Bracket)
    cerebro.addobserver(bt.observers.DrawDown)
    cerebro.broker.setcash(100_000.0)
    cerebro.broker.setcommission(0.0005)
    cerebro.run()
    return cerebro


def one(bars: int = 250, **options: Any) -> Any:
    """One feed, one strategy."""
    cerebro = bt.Cerebro(**options)
    cerebro.adddata(daily("ACME", 1, bars))
    cerebro.addstrategy(Cross, fast=5, slow=18)
    cerebro.broker.setcash(100_000.0)
    cerebro.broker.setcommission(0.0005)
    cerebro.run()
    return cerebro


def intraday(**options: Any) -> Any:
    """Bars of five minutes, seen on the clock of New York."""
    cerebro = bt.Cerebro(**options)
    cerebro.adddata(minutes("TICK"))
    cerebro.addstrategy(Swing)
    cerebro.run()
    return cerebro


def nothing(**options: Any) -> Any:
    """Not a single trade."""
    cerebro = bt.Cerebro(**options)
    cerebro.adddata(daily("ACME", 1, 120))
    cerebro.addstrategy(Patient)
    cerebro.run()
    return cerebro


def bounded() -> Any:
    """The same with bars forgotten as soon as they can be."""
    return intraday(exactbars=1)


def ambiguous() -> Any:
    """Brackets in bars so wide that they touch stop and target."""
    cerebro = bt.Cerebro()
    start, rows = dt.datetime(2024, 1, 1), []
    for number in range(60):
        wide = 6.0 if number % 6 == 4 else 1.0
        rows.append((start + dt.timedelta(days=number), 100.0, 100.0 + wide, 100.0 - wide, 100.5, 1000.0))
    cerebro.adddata(feed("WIDE", rows, bt.TimeFrame.Days))

    class Both(bt.Strategy):
        def next(self) -> None:
            if len(self) % 6 == 2:
                self.buy_bracket(size=10, exectype=bt.Order.Market, stopprice=97.0, limitprice=104.0)

    cerebro.addstrategy(Both)
    cerebro.run()
    return cerebro


def empty_feed() -> Any:
    """A second feed without a single bar."""
    cerebro = bt.Cerebro()
    cerebro.adddata(daily("ACME", 1, 60))
    cerebro.adddata(feed("NONE", [], bt.TimeFrame.Days))
    cerebro.addstrategy(Patient)
    cerebro.run()
    return cerebro


def few(bars: int, shift: float = 0.0, timeframe: int = bt.TimeFrame.Days) -> Any:
    """A run of very few bars, or of prices below zero."""
    cerebro = bt.Cerebro()
    step = 1 if timeframe == bt.TimeFrame.Days else 7
    rows = [
        (
            dt.datetime(2024, 1, 5) + dt.timedelta(days=step * n),
            *(shift + x + n % 5 for x in (10, 12, 9, 11)),
            0.0,
        )
        for n in range(bars)
    ]
    cerebro.adddata(feed("FEW", rows, timeframe))
    cerebro.addstrategy(Swing)
    cerebro.run()
    return cerebro


def tiny() -> Any:
    """A single bar."""
    return few(1)


def two() -> Any:
    """Two bars."""
    return few(2)


def negative() -> Any:
    """Prices on both sides of zero."""
    return few(80, -12.0)


def weekly() -> Any:
    """A bar a week."""
    return few(300, timeframe=bt.TimeFrame.Weeks)


class Busy(bt.Strategy):
    """In on one bar, out on the next."""

    def next(self) -> None:
        if self.position:
            self.close()
        else:
            self.buy()


def many() -> Any:
    """Six thousand trades."""
    cerebro = bt.Cerebro()
    cerebro.adddata(minutes("TICK", days=155))
    cerebro.addstrategy(Busy)
    cerebro.run()
    return cerebro
