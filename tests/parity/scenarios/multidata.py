"""Several feeds: same and different timestamps, timeframes, names, loop variants."""

from __future__ import annotations

import datetime as dt
from typing import Any

import backtrader as bt

from ..data import by_day, daily, every, minutes, shifted, weekly, with_gaps
from ..feeds import intraday
from ..registry import scenario
from ..stage import Stage

# With exactbars=1 the original spoils a feed that is put back because its bar is later: [0] shows the bar to come.
REWOUND = {"exactbars=1": "exactbars=-1"}


class Pairs(bt.Strategy):
    """Trades two feeds, noting how they line up."""

    def __init__(self) -> None:
        self.means = [bt.ind.SMA(data, period=3) for data in self.datas]
        self.log: list[Any] = []

    def next(self) -> None:
        self.log.append(
            [[len(d) for d in self.datas], [d.close[0] for d in self.datas], self.datetime.datetime()]
        )
        for data, mean in zip(self.datas, self.means, strict=True):
            if not self.getposition(data) and data.close > mean:
                self.buy(data=data, size=2)
            elif self.getposition(data) and data.close < mean:
                self.close(data=data)


@scenario()
def same_times(s: Stage) -> Any:
    """Three feeds with the same stamps share a clock."""
    return s.simple(Pairs, *(s.feed(daily(40, seed), f"d{seed}") for seed in (1, 2, 3)))


@scenario(like=REWOUND, crash={"exactbars=1": "ValueError"})
def different_holes(s: Stage) -> Any:
    """Feeds with different missing days."""
    feeds = [s.feed(with_gaps(daily(40, seed), seed), f"d{seed}") for seed in (1, 2, 3)]
    return s.simple(Pairs, *feeds)


@scenario(like=REWOUND, crash={"exactbars=1": "ValueError"})
def different_ends(s: Stage) -> Any:
    """One feed starts late, another ends early."""
    return s.simple(Pairs, s.feed(daily(40, 1)[8:], "late"), s.feed(daily(40, 2)[:25], "early"))


@scenario(like=REWOUND, crash={"exactbars=1": "ValueError"})
def minutes_and_five(s: Stage) -> Any:
    """One- and five-minute bars."""
    rows = minutes(100)
    return s.simple(Pairs, s.feed(rows, "m1", **intraday()), s.feed(every(rows, 5), "m5", **intraday(5)))


@scenario(like=REWOUND, crash={"exactbars=1": "ValueError"})
def slow_feed_first(s: Stage) -> Any:
    """The slower feed added first: evaluation is by timeframe, datas keep their order."""
    rows = minutes(100)
    return s.simple(Pairs, s.feed(every(rows, 5), "m5", **intraday(5)), s.feed(rows, "m1", **intraday()))


@scenario(like=REWOUND, crash={"exactbars=1": "ValueError"})
def days_and_weeks(s: Stage) -> Any:
    """Daily bars with weekly bars stamped with the last day."""
    rows = daily(60)
    return s.simple(Pairs, s.feed(rows, "days"), s.feed(weekly(rows), "weeks", timeframe=bt.TimeFrame.Weeks))


@scenario(like=REWOUND, crash={"exactbars=1": "ValueError"})
def minutes_and_days(s: Stage) -> Any:
    """Minute bars with daily bars at midnight: a day is known before its minutes."""
    rows = minutes(120, per_day=20)
    days = [(row[0].replace(hour=0, minute=0), *row[1:]) for row in by_day(rows)]
    return s.simple(Pairs, s.feed(rows, "mins", **intraday()), s.feed(days, "days"))


@scenario(like=REWOUND, crash={"exactbars=1": "ValueError"})
def interleaved(s: Stage) -> Any:
    """Stamps which never coincide."""
    rows = minutes(40)
    other = shifted(minutes(40, 2), dt.timedelta(seconds=30))
    return s.simple(Pairs, s.feed(rows, "even", **intraday()), s.feed(other, "odd", **intraday()))


@scenario(variants={"oldsync": {"oldsync": True}, "oldsync stepped": {"oldsync": True, "runonce": False}})
def oldsync_same(s: Stage) -> Any:
    """The old loop on feeds with the same stamps."""
    return s.simple(Pairs, s.feed(daily(30, 1), "d1"), s.feed(daily(30, 2), "d2"))


@scenario(
    like=REWOUND, crash={"exactbars=1": "ValueError"},
    variants={"oldsync": {"oldsync": True}, "oldsync stepped": {"oldsync": True, "runonce": False}},
)  # fmt: skip
def oldsync_slow(s: Stage) -> Any:
    """The old loop with a slower second feed: the first is the clock for all."""
    rows = daily(40)
    return s.simple(Pairs, s.feed(rows, "days"), s.feed(weekly(rows), "weeks", timeframe=bt.TimeFrame.Weeks))


class ByName(bt.Strategy):
    """Orders by feed name, positions by name."""

    def __init__(self) -> None:
        self.log: list[Any] = []

    def next(self) -> None:
        if len(self) == 2:
            self.buy("second", size=3)
            self.sell(data="first", size=1)
        if len(self) == 5:
            self.close("second")
            self.log.append([self.getpositionbyname("first").size, self.getpositionbyname("second").size])
            self.log.append({k: p.size for k, p in self.positionsbyname.items()})
            self.log.append([p.size for p in self.getpositions().values()])
        if len(self) == 8:
            self.order_target_size("first", target=4)
        self.log.append([d._name for d in self.datas] + [d._dataname is None for d in self.datas])


@scenario()
def names_of_feeds(s: Stage) -> Any:
    """Names from adddata, orders and positions by name."""
    cerebro = s.cerebro()
    cerebro.adddata(s.feed(daily(12, 1)), name="first")
    cerebro.adddata(s.feed(daily(12, 2), "ignored"), name="second")
    cerebro.adddata(s.feed(daily(12, 3), "third"))
    s.note(
        "names",
        [[d._name for d in cerebro.datas], sorted(cerebro.datasbyname), [d._id for d in cerebro.datas]],
    )
    cerebro.addstrategy(ByName)
    return cerebro


class Nothing(bt.Strategy):
    """Watches only."""


@scenario(like=REWOUND, crash={"exactbars=1": "IndexError"})
def many_feeds(s: Stage) -> Any:
    """Twelve feeds, four of them with holes."""
    feeds = [s.feed(daily(25, i) if i % 3 else with_gaps(daily(25, i), i), f"d{i}") for i in range(12)]
    return s.simple(Nothing, *feeds)
