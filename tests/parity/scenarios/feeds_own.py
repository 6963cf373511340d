"""Feeds and filters written by users."""

from __future__ import annotations

import datetime as dt
from typing import Any

import backtrader as bt

from ..data import daily, minutes
from ..feeds import RowsFeed, intraday
from ..registry import scenario
from ..stage import Stage
from .support import InOut


class Logged(RowsFeed):
    """Notes the calls of the life cycle; an extra line; ints in lines."""

    lines = ("extra",)
    params = (("log", None), ("factor", 2))

    def start(self) -> None:
        super().start()
        self.p.log.append("start")

    def stop(self) -> None:
        self.p.log.append("stop")
        super().stop()

    def preload(self) -> None:
        self.p.log.append("preload")
        super().preload()

    def _load(self) -> bool:
        if not super()._load():
            # How often a feed is asked after its end is the engine's own business.
            if self.p.log[-1] != "end":
                self.p.log.append("end")
            return False
        self.lines.extra[0] = self.p.factor * self._next_row
        return True


class ReadsExtra(bt.Strategy):
    """Uses the extra line."""

    def __init__(self) -> None:
        self.mean = bt.ind.SMA(self.data.extra, period=2)
        self.log: list[Any] = []

    def next(self) -> None:
        self.log.append([self.data.extra[0], self.data.lines.extra[0], self.data.close[0]])


@scenario()
def own_feed(s: Stage) -> Any:
    """_load row by row, start, stop, preload, an extra line."""
    calls: list[str] = []
    cerebro = s.simple(ReadsExtra, Logged(rows=daily(15, 200), log=calls, name="own"))
    s.run(cerebro)
    s.note("calls", calls)


@scenario()
def own_feed_dates(s: Stage) -> Any:
    """fromdate and todate on a user's feed; session times."""
    kwargs = {
        "fromdate": dt.datetime(2021, 3, 4),
        "todate": dt.datetime(2021, 3, 12),
        "sessionstart": dt.time(9),
        "sessionend": dt.time(17),
    }
    feed = RowsFeed(rows=daily(30, 201), name="d0", **kwargs)
    s.run(s.simple(InOut, feed))
    s.note("params", [feed.p.sessionstart, feed.p.sessionend, feed.fromdate, feed.todate])
    for start, end in ((dt.date(2021, 3, 4), dt.date(2021, 3, 12)),):
        s.run(s.simple(InOut, RowsFeed(rows=daily(30, 201), name="d0", fromdate=start, todate=end)))


@scenario()
def unordered_times(s: Stage) -> Any:
    """Duplicate and backward stamps: the result is kept as it is."""
    rows = daily(20, 202)
    rows[7], rows[8] = rows[8], rows[7]
    rows[12] = (rows[11][0], *rows[12][1:])
    return s.simple(InOut, s.feed(rows, "d0", kind="rows"))


@scenario()
def simple_filters(s: Stage) -> Any:
    """addfilter_simple drops bars; several of them."""
    feed = s.feed(daily(40, 203), "d0", kind="rows")
    feed.addfilter_simple(lambda data: data.close[0] > data.open[0])
    feed.addfilter_simple(_on_weekday)
    return s.simple(InOut, feed)


def _on_weekday(data: Any) -> bool:
    return data.datetime.date(0).weekday() == 2


class Halver:
    """A filter class: changes values in place."""

    def __init__(self, data: Any, factor: float = 0.5) -> None:
        self.factor = factor

    def __call__(self, data: Any) -> bool:
        data.volume[0] = data.volume[0] * self.factor
        data.close[0] = (data.high[0] + data.low[0]) / 2.0
        return False


class Splitter:
    """A filter class: one bar becomes two; something at the end."""

    def __init__(self, data: Any) -> None:
        self.count = 0

    def __call__(self, data: Any) -> bool:
        self.count += 1
        bar = [data.lines[i][0] for i in range(data.size())]
        first, second = list(bar), list(bar)
        first[data.DateTime] = bar[data.DateTime] - 0.5
        first[data.Close] = bar[data.Open]
        second[data.Volume] = 0.0
        data.backwards(force=True)
        data._add2stack(first)
        data._add2stack(second)
        return True

    def last(self, data: Any) -> bool:
        return False


@scenario()
def filter_in_place(s: Stage) -> Any:
    """A filter which changes bars."""
    feed = s.feed(daily(30, 204), "d0", kind="rows")
    feed.addfilter(Halver, factor=0.25)
    return s.simple(InOut, feed)


@scenario()
def filter_by_param(s: Stage) -> Any:
    """Filters given as parameter of the feed."""

    def double(data: Any) -> bool:
        data.volume[0] = data.volume[0] * 2.0
        return False

    feed = RowsFeed(rows=daily(30, 204), name="d0", filters=[double])
    return s.simple(InOut, feed)


@scenario()
def filter_function(s: Stage) -> Any:
    """A plain function as filter which removes bars by hand."""

    def remove(data: Any) -> bool:
        if data.volume[0] < 800:
            data.backwards()
            return True
        return False

    feed = s.feed(daily(40, 205), "d0", kind="rows")
    feed.addfilter(remove)
    return s.simple(InOut, feed)


@scenario()
def filter_splits(s: Stage) -> Any:
    """A filter which makes two bars of one, through the bar stack."""
    feed = s.feed(daily(25, 206), "d0", kind="rows")
    feed.addfilter(Splitter)
    return s.simple(InOut, feed)


@scenario()
def filters_on_frame(s: Stage) -> Any:
    """Filters on a DataFrame force rows one by one; fromdate is applied before them."""
    feed = s.feed(daily(40, 207), "d0", fromdate=dt.datetime(2021, 3, 8))
    feed.addfilter_simple(lambda data: data.volume[0] > 1500.0)
    feed.addfilter(Halver)
    return s.simple(InOut, feed)


class Pausing(RowsFeed):
    """A live feed: sometimes nothing now, notifications, statuses."""

    params = (("pause", 3),)

    def islive(self) -> bool:
        return True

    def haslivedata(self) -> bool:
        return self._next_row < len(self.p.rows)

    def start(self) -> None:
        super().start()
        self._calls = 0
        self.put_notification(self.DELAYED)

    def _load(self) -> bool | None:
        self._calls += 1
        if self._calls % self.p.pause == 0:
            return None
        if self._next_row == 6:
            self.put_notification(self.LIVE, "now", code=1)
        if self._next_row == 10:
            self.put_notification(self.LIVE)
            self.put_notification(self.CONNBROKEN)
        return super()._load()


class Heard(InOut):
    """Remembers statuses."""

    def __init__(self) -> None:
        self.log: list[Any] = []

    def notify_data(self, data: Any, status: int, *args: Any, **kwargs: Any) -> None:
        self.log.append([data._name, status, data._getstatusname(status), args, kwargs])


@scenario(like={"exactbars=1": "exactbars=-1"}, crash={"exactbars=1": "IndexError"})
def live_feed(s: Stage) -> Any:
    """islive, None for nothing now, notifications with arguments, callbacks of Cerebro."""
    heard: list[Any] = []
    cerebro = s.simple(Heard, Pausing(rows=daily(16, 208), name="live", qcheck=0.01))
    cerebro.adddatacb(lambda data, status, *args, **kwargs: heard.append([data._name, status, args, kwargs]))
    s.run(cerebro)
    s.note("callback", heard)


@scenario(like={"exactbars=1": "exactbars=-1"}, crash={"exactbars=1": "IndexError"})
def live_feeds_two(s: Stage) -> Any:
    """Two live feeds with other pauses and other stamps."""
    rows = minutes(24)
    one = Pausing(rows=rows, name="one", pause=3, qcheck=0.01, **intraday())
    two = Pausing(rows=minutes(24, 2)[::2], name="two", pause=4, qcheck=0.01, **intraday())
    return s.simple(Heard, one, two)


@scenario()
def live_flag(s: Stage) -> Any:
    """Cerebro(live=True) with a plain feed: stepped, not preloaded."""
    cerebro = s.cerebro(live=True)
    cerebro.adddata(s.feed(daily(20, 209), "d0", kind="rows"))
    cerebro.addstrategy(InOut)
    return cerebro


@scenario()
def cloned_feed(s: Stage) -> Any:
    """clone() follows another feed."""
    feed = s.feed(daily(20, 210), "d0", kind="rows")
    cerebro = s.simple(InOut, feed)
    cerebro.adddata(feed.clone(), name="clone")
    return cerebro
