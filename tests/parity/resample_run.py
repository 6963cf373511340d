"""Runs a case of the resampling matrix under whichever engine the worker has."""

from __future__ import annotations

import datetime as dt
import random
from typing import Any

import backtrader as bt

from . import data
from .data import Row
from .stage import Stage

STEPS: dict[str, tuple[str, list[float]]] = {
    "ticks": ("milliseconds", [0, 1, 40, 200, 333, 500, 1000, 1000, 4000, 61000]),
    "seconds": ("seconds", [1, 1, 1, 2, 3, 5, 17, 60, 600]),
    "fives": ("minutes", [5, 5, 5, 5, 10, 35, 1095, 3975]),
    "days": ("days", [1, 1, 1, 1, 3, 4, 12, 45]),
    "weeks": ("days", [7, 7, 7, 14]),
    "late": ("seconds", [0, 20, 60, 60, 60, -60, 120, 3600, 40000]),
}
FRAMES = {"ticks": "Ticks", "seconds": "Seconds", "days": "Days", "weeks": "Weeks"}
COUNTS = {"ticks": 90, "weeks": 60}
FRIDAY = dt.datetime(2021, 3, 26, 9, 0)


def rows_of(source: str) -> list[Row]:
    """Bars over a weekend, a month's end and, for days and weeks, several years."""
    count = COUNTS.get(source, 110)
    if source == "minutes":
        return data.with_gaps(data.minutes(count, 3, per_day=38), 2, 0.1)
    unit, lengths = STEPS[source]
    rnd = random.Random(f"matrix {source}")
    now = FRIDAY if source not in ("days", "weeks") else dt.datetime.combine(FRIDAY, dt.time.min)
    times = []
    for _ in range(count):
        times.append(now)
        now += dt.timedelta(**{unit: rnd.choice(lengths)})
    return data.walk(times, 4)


class Zone(dt.tzinfo):
    """A fixed zone."""

    def __init__(self, hours: int) -> None:
        self.hours = hours

    def utcoffset(self, when: Any) -> dt.timedelta:
        return dt.timedelta(hours=self.hours)

    def dst(self, when: Any) -> dt.timedelta:
        return dt.timedelta(0)

    def localize(self, when: dt.datetime) -> dt.datetime:
        return when.replace(tzinfo=self)


def calendar(name: str) -> Any:
    """A trading calendar with a holiday; one has short days."""
    holidays = [dt.date(2021, 4, 2), dt.date(2021, 3, 31), dt.date(2021, 12, 31)]
    if name == "plain":
        return bt.TradingCalendar(holidays=holidays)
    early = [
        (dt.date(2021, 3, 29), dt.time(9, 0), dt.time(9, 20)),
        (dt.date(2021, 3, 2), dt.time(9), dt.time(9, 25)),
    ]
    return bt.TradingCalendar(open=dt.time(9, 0), close=dt.time(17, 30), holidays=holidays, earlydays=early)


class Trader(bt.Strategy):
    """Trades every feed it has and notes how they line up."""

    def __init__(self) -> None:
        self.means = [bt.ind.SMA(feed, period=3) for feed in self.datas]
        self.ranges = [feed.high - feed.low for feed in self.datas]
        self.log: list[Any] = []

    def prenext(self) -> None:
        self.note()

    def next(self) -> None:
        self.note()
        for feed, mean in zip(self.datas, self.means, strict=True):
            beat = len(self) % 9
            if beat == 1 and not self.getposition(feed):
                self.buy(data=feed, size=2)
            elif beat == 3:
                self.sell(data=feed, size=1, exectype=bt.Order.Limit, price=feed.close[0] * 1.002)
            elif beat == 5:
                self.buy(data=feed, size=1, exectype=bt.Order.Stop, price=feed.high[0], valid=dt.timedelta(2))
            elif beat == 8 and feed.close[0] < mean[0]:
                self.close(data=feed)

    def note(self) -> None:
        stamps = [str(feed.datetime.datetime()) if len(feed) else None for feed in self.datas]
        self.log.append(
            [len(self), [len(feed) for feed in self.datas], stamps, str(self.datetime.datetime())]
        )


def perform(case: dict[str, Any], stage: Stage) -> None:
    """Build and run the case."""
    source, options = case["source"], dict(case["feed"])
    kwargs: dict[str, Any] = {
        "timeframe": getattr(bt.TimeFrame, FRAMES.get(source, "Minutes")),
        "compression": 5 if source == "fives" else 1,
    }
    for name in ("sessionstart", "sessionend"):
        if name in options:
            kwargs[name] = dt.time.fromisoformat(options[name])
    if "zone" in options:
        kwargs["tz"] = Zone(options["zone"])
    cerebro = stage.cerebro()
    if "calendar" in options:
        cerebro.addcalendar(calendar(options["calendar"]))
    feed = stage.feed(rows_of(source), "small", **kwargs)
    if case["place"] == "beside":
        cerebro.adddata(feed)
    make = getattr(cerebro, f"{case['how']}data")
    timeframe = getattr(bt.TimeFrame, case["timeframe"])
    make(feed, name="large", timeframe=timeframe, compression=case["compression"], **case["options"])
    cerebro.broker.setcommission(commission=0.001)
    cerebro.addanalyzer(bt.analyzers.TimeReturn, timeframe=bt.TimeFrame.NoTimeFrame)
    cerebro.addanalyzer(bt.analyzers.TradeAnalyzer)
    cerebro.addstrategy(Trader)
    stage.run(cerebro)
