"""What a chart is made of: feeds, a strategy that trades, and the arguments of ``plot``."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import backtrader as bt

DATA = Path(__file__).resolve().parents[2] / "data"


@dataclass
class Drawing:
    """A Cerebro that has run and how to draw it; or figures made without one, or values to compare."""

    cerebro: Any = None
    options: dict[str, Any] = field(default_factory=dict)
    figures: list[Any] = field(default_factory=list)
    notes: dict[str, Any] = field(default_factory=dict)


@dataclass
class Chart:
    """One chart that is compared, and what is known about the comparison.

    ``differs`` names the kinds of facts that are other here on purpose, with the reason.  ``crash`` is the
    exception that the original ends with; this engine draws the chart, or refuses it with an error of its own
    if ``refused`` says so.
    """

    make: Callable[[], Drawing]
    differs: dict[str, str] = field(default_factory=dict)
    crash: str | None = None
    refused: str | None = None


CHARTS: dict[str, Chart] = {}

Maker = Callable[[], Drawing]


def chart(make: Maker | None = None, **known: Any) -> Any:
    """Make a function one of the charts that are compared."""
    if make is None:
        return lambda function: chart(function, **known)
    CHARTS[make.__name__] = Chart(make, **known)
    return make


def daily(
    share: str = "acme",
    until: dt.date = dt.date(2020, 6, 30),
    kind: type = bt.feeds.GenericCSVData,
    **kwargs: Any,
) -> Any:
    """Half a year of one of the two shares, day by day."""
    last = dt.datetime.combine(until, dt.time.max)
    options = {"dtformat": "%Y-%m-%d", "openinterest": -1, "todate": last}
    return kind(dataname=str(DATA / f"{share}-2020.csv"), **{**options, **kwargs})


def minutes(until: dt.datetime | None = None, **kwargs: Any) -> Any:
    """Two sessions, minute by minute."""
    more = {} if until is None else {"todate": until}
    return bt.feeds.GenericCSVData(
        dataname=str(DATA / "acme-2020-minutes.csv"),
        openinterest=-1,
        timeframe=bt.TimeFrame.Minutes,
        **more,
        **kwargs,
    )


def together_with(feed: Any, timeframe: Any, compression: int = 1) -> Any:
    """A Cerebro with a feed, and with the same in longer bars."""
    cerebro = bt.Cerebro()
    cerebro.adddata(feed)
    cerebro.resampledata(feed, timeframe=timeframe, compression=compression)
    return cerebro


class Trader(bt.Strategy):
    """Buys above its average and sells below, on every feed; ``parts`` makes what else is drawn."""

    params = (("parts", None), ("period", 10), ("trade", True))

    def __init__(self) -> None:
        self.averages = [bt.ind.SMA(data, period=self.p.period) for data in self.datas]
        self.crosses = [
            bt.ind.CrossOver(data.close, average, plot=False)
            for data, average in zip(self.datas, self.averages)
        ]
        if self.p.parts is not None:
            self.p.parts(self)

    def next(self) -> None:
        if not self.p.trade:
            return
        for data, cross in zip(self.datas, self.crosses):
            if cross[0] > 0:
                self.buy(data=data, size=3)
            elif cross[0] < 0 and self.getposition(data).size:
                self.close(data=data)


class Quiet(bt.Strategy):
    """Trades nothing and draws nothing but what ``parts`` makes."""

    params = (("parts", None),)

    def __init__(self) -> None:
        if self.p.parts is not None:
            self.p.parts(self)


def drawing(
    *feeds: Any,
    parts: Any = None,
    strategy: Any = Trader,
    cerebro: Any = None,
    run: Any = None,
    **options: Any,
) -> Drawing:
    """Run a strategy over feeds (one share if none is given); keywords are for ``plot``."""
    cerebro = bt.Cerebro() if cerebro is None else cerebro
    for feed in feeds or (() if cerebro.datas else (daily(),)):
        cerebro.adddata(feed)
    cerebro.addstrategy(strategy, parts=parts)
    cerebro.run(**(run or {}))
    return Drawing(cerebro, options)
