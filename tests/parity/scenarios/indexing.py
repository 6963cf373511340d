"""Lines: indexing, slices of history, time accessors, attributes, names."""

from __future__ import annotations

import datetime as dt
from typing import Any

import backtrader as bt

from ..data import daily, minutes, with_nans
from ..feeds import intraday
from ..registry import scenario
from ..stage import Stage


class Reader(bt.Strategy):
    """Reads lines in all the ways there are."""

    def __init__(self) -> None:
        self.sma = bt.ind.SMA(self.data, period=4)
        self.log: list[Any] = []

    def next(self) -> None:
        d = self.data
        if len(self) >= 6:
            ago = [
                d[0],
                d[-1],
                d.close[-2],
                d.lines.high[-3],
                d.lines[1][0],
                self.sma[-1],
                self.sma.lines.sma[0],
            ]
            got = [list(d.get(size=3)), list(d.close.get(ago=-1, size=2)), list(self.sma.get(size=2))]
            self.log.append([ago, got, len(d), len(self.sma), d.close == self.data_close])


@scenario()
def basic_indexing(s: Stage) -> Any:
    """[0], [-1], get, lines by number and name; needs more history than bounded memory promises only where it is kept."""
    return s.simple(Reader, s.feed(daily(20), "d0"))


class Edges(bt.Strategy):
    """Looks over the ends of the buffers."""

    def __init__(self) -> None:
        self.log: list[Any] = []

    def next(self) -> None:
        if len(self) != 3:
            return
        d = self.data
        self.log.append(
            [d[-5], d.close[1], d.close[2], list(d.get(size=5)), list(d.get(ago=0, size=3)), d.buflen()]
        )
        self.log.append([list(d.close.getzero(0, 2)), d.close.getzeroval(1), list(d.close.plotrange(0, 2))])
        self.log.append([list(d.close.plot(1, 2)), d.close.array[0], list(d.close.array[:2])])
        for index in (slice(0, 2), slice(None)):
            try:
                d.close[index]
            except TypeError:
                self.log.append("TypeError")


@scenario(skip={
    "runonce=False": "asked only with everything loaded", "preload=False": "no bar ahead",
    "bounded": "history is cut",
})  # fmt: skip
def indexing_edges(s: Stage) -> Any:
    """Bars ahead, wrap before the first bar, raw buffer access, refused slices."""
    return s.simple(Edges, s.feed(daily(12), "d0"))


class Times(bt.Strategy):
    """Every datetime accessor."""

    def __init__(self) -> None:
        self.log: list[Any] = []

    def next(self) -> None:
        t = self.data.datetime
        row = [t[0], t.datetime(0), t.date(0), t.time(0), t.dt(0), t.tm_raw(0), t.tm(0)]
        if len(self) > 1:
            row += [t.datetime(-1), t.date(-1), t.time(-1), t.dt(-1)]
        when = self.data.num2date(t[0])
        row += [when, self.data.date2num(when), self.data.num2date(), bt.num2date(t[0]), bt.date2num(when)]
        probe = bt.metabase and dt.time(9, 5)
        limit = bt.utils.dateintern.time2num(probe)
        row += [t.tm_lt(limit), t.tm_le(limit), t.tm_eq(limit), t.tm_gt(limit), t.tm_ge(limit)]
        row += [
            t.tm2dtime(limit),
            t.tm2datetime(limit),
            self.datetime.datetime(0),
            self.data.datetime.datetime(),
        ]
        self.log.append(row)


@scenario(skip={"exactbars=1": "one bar of memory: no bar before"})
def datetime_accessors(s: Stage) -> Any:
    """datetime(), date(), time(), dt(), tm*, num2date, date2num on minute bars with seconds."""
    rows = [
        (row[0] + dt.timedelta(seconds=i * 7, microseconds=i * 1013), *row[1:])
        for i, row in enumerate(minutes(14))
    ]
    return s.simple(Times, s.feed(rows, "d0", **intraday()))


class Numbers(bt.Strategy):
    """Date conversions on edges; no bars needed."""

    def __init__(self) -> None:
        self.log: list[Any] = []

    def start(self) -> None:
        for text in (
            "1999-12-31T23:59:59.999990",
            "2020-02-29T00:00:00",
            "2021-06-01T12:34:56.000009",
            "2021-06-01T00:00:00.5",
        ):
            when = dt.datetime.fromisoformat(text)
            num = bt.date2num(when)
            self.log.append([num, bt.num2date(num), bt.utils.num2dt(num), bt.num2date(num, naive=False)])
        self.log.append(
            [bt.date2num(dt.date(2021, 1, 5)), bt.time2num(dt.time(10, 30)), bt.utils.num2time(737000.25)]
        )


@scenario(skip={"stepped": "no lines involved"})
def date_numbers(s: Stage) -> Any:
    """num2date and date2num with microseconds, edges of days and fractions."""
    return s.simple(Numbers, s.feed(daily(2), "d0"))


class Named(bt.Indicator):
    """Several lines and an alias by name."""

    lines = ("one", "two", "three")
    linealias = (("two", "second"),)

    def __init__(self) -> None:
        self.lines.one = self.data.high - self.data.low
        self.lines.two = self.data.close + 1.0
        self.lines.three = self.lines.one / self.lines.two


class Attributes(bt.Strategy):
    """Every documented way to a feed or a line."""

    def __init__(self) -> None:
        self.named = Named(self.data1)
        self.log: list[Any] = []

    def next(self) -> None:
        names = (
            "data_close",
            "data_open",
            "data0_high",
            "data1_low",
            "data_0",
            "data1_2",
            "data_volume",
            "data1_datetime",
        )
        self.log.append([getattr(self, name)[0] for name in names])
        self.log.append([self.data0 is self.data, self.datas[1] is self.data1, self.dnames.d1 is self.data1])
        self.log.append(
            [self.dnames["d0"] is self.data0, self.getdatabyname("d1") is self.data1, self.getdatanames()]
        )
        n = self.named
        self.log.append(
            [n[0], n.line[0], n.line1[0], n.line_2[0], n.l.two[0], n.lines.two[0], n.second[0], n.lines[2][0]]
        )
        self.log.append([n.lines.one is n.one, n.size(), n.lines.size(), len(n), n.data is self.data1])


@scenario()
def attribute_names(s: Stage) -> Any:
    """data_<line>, dataN_<i>, dnames, line_N, linealias, getdatabyname."""
    return s.simple(Attributes, s.feed(daily(8, 1), "d0"), s.feed(daily(8, 2), "d1"))


class Writer(bt.Strategy):
    """Values written into lines at run time reach bound lines; NaN behaves."""

    def __init__(self) -> None:
        self.sum = bt.ind.SumN(self.data.volume, period=3)
        self.log: list[Any] = []

    def next(self) -> None:
        v = self.data.volume[0]
        self.log.append([v > 500, v < 500, v == v, bool(self.data.volume > 500), bool(self.sum)])


@scenario()
def nan_values(s: Stage) -> Any:
    """NaN in a line: comparisons are false, windows over it."""
    return s.simple(Writer, s.feed(with_nans(daily(25), part=0.3), "d0"))


@scenario()
def nan_prices(s: Stage) -> Any:
    """NaN rows in prices go through indicators."""
    return s.simple(NanPrices, s.feed(with_nans(daily(40), part=0.1, fields=(1, 2, 3, 4)), "d0"))


class NanPrices(bt.Strategy):
    """Indicators over NaN prices."""

    def __init__(self) -> None:
        self.sma = bt.ind.SMA(period=3)
        self.ema = bt.ind.EMA(period=3)
        self.high = bt.ind.Highest(self.data.high, period=4)
        self.low = bt.ind.Lowest(self.data.low, period=4)
        self.cross = bt.ind.CrossOver(self.data.close, self.sma)
        self.tr = bt.ind.TrueRange()
