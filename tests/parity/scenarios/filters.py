"""Filters on a feed: those that come with the engine, and a user's own."""

from __future__ import annotations

import datetime as dt
from typing import Any

import backtrader as bt

from ..data import daily, minutes, with_gaps
from ..feeds import intraday
from ..registry import scenario
from ..stage import Stage

# Where bars are loaded one by one the original stops if the first bar is taken away.
FIRST_BAR = {"preload=False": "IndexError", "exactbars=1": "IndexError"}
ONE_BAR = {"exactbars=1": "IndexError"}
# Bars after a session come together with the next one, and the original's indicators fall behind their feed.
TOGETHER = {
    "preload=False": "indicators see all bars, also those that come several at a time",
    "exactbars=1": "indicators see all bars, also those that come several at a time",
}
SESSION = {"sessionstart": dt.time(9, 5), "sessionend": dt.time(9, 35)}


class Trader(bt.Strategy):
    """Buys and sells in turns, notes what it sees."""

    def __init__(self) -> None:
        self.mean = bt.ind.SMA(self.data, period=3)
        self.log: list[Any] = []

    def next(self) -> None:
        data = self.data
        self.log.append(
            [len(self), len(data), str(data.datetime.datetime()), data.open[0], data.close[0], data.volume[0]]
        )
        if len(self) % 5 == 1:
            self.buy(size=2)
        elif len(self) % 5 == 4:
            self.close()


def filtered(s: Stage, feed: Any, *filters: Any) -> Any:
    """A run over a feed with filters: each a class or function, with its arguments."""
    for flt, kwargs in filters:
        feed.addfilter(flt, **kwargs)
    return s.simple(Trader, feed)


@scenario()
def heikin_ashi(s: Stage) -> Any:
    """Heikin-Ashi candles."""
    return filtered(s, s.feed(daily(30), "d0"), (bt.filters.HeikinAshi, {}))


@scenario(crash=ONE_BAR)
def renko_bricks(s: Stage) -> Any:
    """Bricks of two points by the close."""
    return filtered(s, s.feed(daily(80, vola=0.03), "d0"), (bt.filters.Renko, {"size": 2}))


@scenario(crash=ONE_BAR)
def renko_dynamic(s: Stage) -> Any:
    """Bricks whose size follows the price, by high and low."""
    options = {"autosize": 40.0, "dynamic": True, "hilo": True, "align": 0.5, "roundstart": False}
    return filtered(s, s.feed(daily(80, vola=0.03), "d0"), (bt.filters.Renko, options))


@scenario(differs=TOGETHER)
def session_filler(s: Stage) -> Any:
    """Holes in sessions filled with the last close."""
    rows = with_gaps(minutes(110), 3, 0.4)
    return filtered(
        s, s.feed(rows, "d0", **intraday(), **SESSION), (bt.filters.SessionFiller, {"fill_vol": 1.0})
    )


@scenario(differs=TOGETHER)
def session_filler_price(s: Stage) -> Any:
    """Holes filled with a price, from the session's start on."""
    options = {"fill_price": 42.0, "fill_vol": 3.0, "fill_oi": 1.0, "skip_first_fill": False}
    rows = with_gaps(minutes(90), 4, 0.5)
    return filtered(s, s.feed(rows, "d0", **intraday(), **SESSION), (bt.filters.SessionFiller, options))


@scenario()
def session_filter(s: Stage) -> Any:
    """Bars outside of the session dropped."""
    return filtered(s, s.feed(minutes(100), "d0", **intraday(), **SESSION), (bt.filters.SessionFilter, {}))


@scenario()
def session_filter_simple(s: Stage) -> Any:
    """The same as a question."""
    feed = s.feed(minutes(100), "d0", **intraday(), **SESSION)
    feed.addfilter_simple(bt.filters.SessionFilterSimple)
    return s.simple(Trader, feed)


@scenario()
def filters_as_parameter(s: Stage) -> Any:
    """Given with the feed."""
    return s.simple(Trader, s.feed(daily(25), "d0", filters=[bt.filters.HeikinAshi]))


@scenario(crash=ONE_BAR)
def calendar_days(s: Stage) -> Any:
    """Weekends filled with the last close."""
    options = {"fill_price": 0, "fill_vol": 0.0}
    return filtered(s, s.feed(daily(25), "d0"), (bt.filters.CalendarDays, options))


@scenario(crash=ONE_BAR)
def calendar_days_middle(s: Stage) -> Any:
    """Weekends filled with the middle of the bar before."""
    options = {"fill_price": -1, "fill_vol": 5.0, "fill_oi": 2.0}
    return filtered(s, s.feed(daily(25), "d0"), (bt.filters.CalendarDays, options))


@scenario(crash=FIRST_BAR)
def day_splitter(s: Stage) -> Any:
    """A day as open-high-low and close."""
    feed = s.feed(daily(20), "d0", sessionstart=dt.time(9), sessionend=dt.time(17, 30))
    return filtered(s, feed, (bt.filters.DaySplitter_Close, {"closevol": 0.3}))


@scenario()
def day_splitter_replayed(s: Stage) -> Any:
    """The two parts of a day replayed to the day."""
    feed = s.feed(daily(20), "d0", sessionstart=dt.time(9), sessionend=dt.time(17, 30), **intraday())
    feed.addfilter(bt.filters.DaySplitter_Close)
    cerebro = s.cerebro()
    cerebro.replaydata(feed, timeframe=bt.TimeFrame.Days)
    cerebro.addstrategy(Trader)
    return cerebro


@scenario(crash=ONE_BAR)
def day_steps(s: Stage) -> Any:
    """First the open, then the whole bar."""
    return filtered(s, s.feed(daily(20), "d0"), (bt.filters.DayStepsFilter, {}))


@scenario()
def filters_in_a_chain(s: Stage) -> Any:
    """Session, holes, candles."""
    feed = s.feed(with_gaps(minutes(110), 3, 0.4), "d0", **intraday(), **SESSION)
    return filtered(
        s,
        feed,
        (bt.filters.SessionFilter, {}),
        (bt.filters.SessionFiller, {"fill_vol": 0.0}),
        (bt.filters.HeikinAshi, {}),
    )


@scenario()
def filtered_and_resampled(s: Stage) -> Any:
    """Bars of a filter resampled."""
    feed = s.feed(with_gaps(minutes(110), 3, 0.4), "d0", **intraday(), **SESSION)
    feed.addfilter(bt.filters.SessionFilter)
    cerebro = s.cerebro()
    cerebro.resampledata(feed, timeframe=bt.TimeFrame.Minutes, compression=5)
    cerebro.addstrategy(Trader)
    return cerebro


class Echo:
    """A user's filter: every bar twice, one more at the end; counts the times it was asked about the clock."""

    def __init__(self, data: Any, shift: float = 0.25) -> None:
        self.shift, self.checks = shift, 0

    def __call__(self, data: Any) -> bool:
        bar = [line[0] for line in data.lines]
        data._save2stack(erase=True)
        data._add2stack([bar[0] + self.shift, *bar[1:6], bar[6] + self.shift])
        return True

    def check(self, data: Any, _forcedata: Any = None) -> None:
        """Called when no bar came in."""
        self.checks += 1

    def last(self, data: Any) -> int:
        """Called when the input has ended."""
        data._add2stack([10.0 + self.checks, 9.0, 12.0, 11.0, 100.0, 0.0, data.datetime[0] + 1.0])
        return 1


@scenario()
def own_filter_with_last(s: Stage) -> Any:
    """A class with ``check`` and ``last``."""
    return filtered(s, s.feed(daily(20), "d0"), (Echo, {"shift": 0.5}))


class Doubled(bt.Filter):
    """On the base class."""

    params = (("factor", 2.0),)

    def nextstart(self, data: Any) -> None:
        data.openinterest[0] = -1.0

    def next(self, data: Any) -> None:
        data.volume[0] *= self.p.factor


@scenario()
def own_filter_by_base(s: Stage) -> Any:
    """A class on ``bt.Filter`` which changes bars."""
    return filtered(s, s.feed(daily(20), "d0"), (Doubled, {"factor": 3.0}))


def quiet_days(data: Any) -> bool:
    """A function: drops bars with little volume."""
    if data.volume[0] > 500.0:
        return False
    data.backwards()
    return True


@scenario()
def own_filter_function(s: Stage) -> Any:
    """A function as a filter, and one as a question."""
    feed = s.feed(daily(60), "d0")
    feed.addfilter(quiet_days)
    feed.addfilter_simple(lambda data: data.close[0] > 120.0)
    return s.simple(Trader, feed)
