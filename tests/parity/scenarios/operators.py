"""Operators between lines, functions over lines, delays and couplers."""

from __future__ import annotations

import datetime as dt
from typing import Any

import backtrader as bt

from ..data import daily, every, minutes
from ..feeds import intraday
from ..registry import scenario
from ..stage import Stage


class Arithmetic(bt.Strategy):
    """All arithmetic, both ways round."""

    def __init__(self) -> None:
        c, o = self.data.close, self.data.open
        self.add, self.sub, self.mul, self.div = c + o, c - o, c * o, c / o
        self.floor, self.power = c // o, o ** (c / o)
        self.radd, self.rsub, self.rmul, self.rdiv = 2 + c, 1000 - c, 3 * c, 1000.0 / c
        self.rfloor, self.rpow = 1000 // c, 2 ** (c / 100)
        self.neg, self.abs = -c, abs(o - c)
        self.mixed = (c - o) / (self.data.high - self.data.low + 0.01) * 100.0 - 50
        self.whole = self.data + 1


@scenario()
def arithmetic(s: Stage) -> Any:
    """+ - * / // ** with lines and numbers, reflected, unary; a feed takes part with its close."""
    return s.simple(Arithmetic, s.feed(daily(30), "d0"))


class Comparing(bt.Strategy):
    """All comparisons as lines, then the same operators at run time."""

    def __init__(self) -> None:
        c, o = self.data.close, self.data.open
        self.lt, self.le, self.gt, self.ge, self.eq, self.ne = c < o, c <= o, c > o, c >= o, c == o, c != o
        self.number = c > 100.0
        self.clock = self.data.datetime < dt.time(9, 10)
        self.log: list[Any] = []

    def next(self) -> None:
        c, o = self.data.close, self.data.open
        self.log.append(
            [
                c < o,
                c <= o,
                c > o,
                c >= o,
                c == o,
                c != o,
                c > 100.0,
                c + o,
                c - 1,
                2 * c,
                -c,
                abs(c),
                bool(c),
            ]
        )


@scenario()
def comparisons(s: Stage) -> Any:
    """< <= > >= == != as deferred lines and as plain values; a datetime line against a time."""
    return s.simple(Comparing, s.feed(minutes(30), "d0", **intraday()))


class Logic(bt.Strategy):
    """bt.And and friends."""

    def __init__(self) -> None:
        c, o, h = self.data.close, self.data.open, self.data.high
        up = c > o
        self.both = bt.And(up, h > c)
        self.either = bt.Or(up, c > 100.0)
        self.chosen = bt.If(up, h, self.data.low)
        self.number = bt.If(up, 1.0, -1.0)
        self.all, self.any = bt.All(up, c > 95.0, h > 95), bt.Any(up, c > 105.0)
        self.nested = bt.If(bt.And(up, bt.Or(h > 100, c < 90)), bt.Max(c, o), bt.Min(c, o))
        self.max, self.min, self.sum = bt.Max(c, o, 100.0), bt.Min(c, o, 100.0), bt.Sum(c, o, h)
        self.cmp = bt.Cmp(c, o)


@scenario()
def logic_functions(s: Stage) -> Any:
    """And Or If All Any Max Min Sum Cmp."""
    return s.simple(Logic, s.feed(daily(30), "d0", kind="rows"))


class Reduced(bt.Strategy):
    """A user's reduction."""

    def __init__(self) -> None:
        self.reduced = bt.Reduce(lambda a, b: a - b / 2, self.data.close, self.data.open, self.data.high)
        self.log: list[Any] = []

    def next(self) -> None:
        self.log.append([self.reduced[0], len(self.reduced)])


@scenario(skip={"quiet": "nothing to compare with"}, like={"default": "runonce=False"})
def reduce_function(s: Stage) -> Any:
    """bt.Reduce with a function; computed in advance the original shows it a bar late."""
    return s.simple(Reduced, s.feed(daily(10), "d0", kind="rows"))


class Chosen(bt.Strategy):
    """One of three values by comparison."""

    def __init__(self) -> None:
        d = self.data
        self.lines_ = bt.CmpEx(d.close, d.open, d.high, d.low, d.volume)
        self.numbers = bt.CmpEx(d.close, d.open, 1.0, 2.0, 3.0)


@scenario(like={"stepped": "default"})
def cmpex_function(s: Stage) -> Any:
    """bt.CmpEx with lines and numbers; stepping, the original gives -1, 0, 1 instead of the values."""
    return s.simple(Chosen, s.feed(daily(10), "d0", kind="rows"))


class Divisions(bt.Strategy):
    """Safe divisions."""

    def __init__(self) -> None:
        c, o = self.data.close, self.data.open
        zero = bt.If(c > o, 0.0, c)
        other = bt.If(o > 100, 0.0, o)
        self.safe, self.seven = bt.DivByZero(o, zero), bt.DivByZero(o, zero, zero=7.0)
        self.dual, self.own = (
            bt.DivZeroByZero(other, zero),
            bt.DivZeroByZero(other, zero, single=5.0, dual=-5.0),
        )


@scenario()
def safe_divisions(s: Stage) -> Any:
    """DivByZero, DivZeroByZero with their replacements."""
    return s.simple(Divisions, s.feed(daily(30), "d0"))


@scenario(
    skip={"exactbars=1": "same as stepping"},
    differs={"all": "a division by zero is infinite or NaN and does not end the run"},
)
def division_by_zero(s: Stage) -> Any:
    """A plain division by zero raises as Python does, whenever it is computed."""

    class Bad(bt.Strategy):
        def __init__(self) -> None:
            self.bad = self.data.open / (self.data.close - self.data.close)

    return s.attempt("run", lambda: s.run(s.simple(Bad, s.feed(daily(6), "d0"))) and None)


class Delays(bt.Strategy):
    """line(-n), line(0), line() and delays of multi-line objects."""

    def __init__(self) -> None:
        c = self.data.close
        sma = bt.ind.SMA(self.data, period=3)
        self.one, self.three, self.zero = c(-1), c(-3), c(0)
        self.change = c - c(-1)
        self.late = sma(-2)
        self.multi = self.data(-1)
        self.by_name = self.data(-1, line="high")
        self.bands = bt.ind.BollingerBands(self.data, period=5)
        self.top_before = self.bands.top(-1)
        self.nested = c(-1)(-1)
        self.cross = bt.ind.CrossUp(c, sma(-1))


@scenario()
def delays(s: Stage) -> Any:
    """Delayed lines raise the period and read the past."""
    return s.simple(Delays, s.feed(daily(30), "d0"))


class Ahead(bt.Strategy):
    """A line read ahead of time."""

    def __init__(self) -> None:
        self.ahead = self.data.close(2)
        self.log: list[Any] = []

    def next(self) -> None:
        self.log.append(len(self))


@scenario(
    skip={"stepped": "future values need the whole input"},
    differs={"batch": "the original wraps the first future value around into the last bar"},
)
def delay_forward(s: Stage) -> Any:
    """line(+n) writes into the future."""
    return s.simple(Ahead, s.feed(daily(12), "d0"))


class Coupled(bt.Strategy):
    """A slower feed's lines seen from the fast clock."""

    def __init__(self) -> None:
        self.raw = self.data1.close()
        self.sma = bt.ind.SMA(self.data1, period=2)()
        self.bands = bt.ind.BollingerBands(self.data1, period=3)()
        self.log: list[Any] = []

    def next(self) -> None:
        self.log.append([self.raw[0], self.sma[0], self.bands.top[0], self.sma > self.data0])


def _coupled(s: Stage, strategy: Any) -> Any:
    rows = minutes(60)
    return s.simple(strategy, s.feed(rows, "d0", **intraday()), s.feed(every(rows, 5), "d1", **intraday(5)))


@scenario(
    skip={"batch": "see coupler_batch"},
    crash={"exactbars=1": "ValueError"},
    like={
        "runonce=False": "runonce=False",
        "preload=False": "preload=False",
        "exactbars=1": "exactbars=-1",
        "exactbars=-1": "exactbars=-1",
        "exactbars=-2": "exactbars=-1",
    },
)
def couplers(s: Stage) -> Any:
    """data() and line() couple a slow feed to the fast one; callbacks only: whole arrays of couplers are short in the original."""
    return _coupled(s, Coupled)


@scenario(
    skip={"stepped": "see couplers"}, differs={"batch": "the original leaves coupled lines NaN in batch mode"}
)
def coupler_batch(s: Stage) -> Any:
    """Coupled lines when everything is computed in advance."""
    return _coupled(s, Coupled)


class CoupledOperation(bt.Strategy):
    """Arithmetic with a coupled line."""

    def __init__(self) -> None:
        self.diff = self.data0.close - bt.ind.SMA(self.data1, period=2)()


@scenario(crash={"all": "IndexError"})
def coupler_operation(s: Stage) -> Any:
    """The original cannot compute with a coupled line whose feed has not delivered yet."""
    return _coupled(s, CoupledOperation)


class Stacked(bt.Strategy):
    """Indicators of operations of indicators."""

    def __init__(self) -> None:
        fast, slow = bt.ind.EMA(period=4), bt.ind.EMA(period=9)
        self.spread = fast - slow
        self.signal = bt.ind.SMA(self.spread, period=3)
        self.histo = self.spread - self.signal
        self.up = bt.And(self.histo > 0, self.histo(-1) <= 0)
        self.high = bt.ind.Highest(abs(self.histo), period=6)
        self.share = bt.DivByZero(self.histo, self.high)
        self.mid = bt.ind.SMA((self.data.high + self.data.low) / 2.0, period=5)

    def next(self) -> None:
        if self.up and not self.position:
            self.buy()
        elif self.position and self.share < -0.5:
            self.close()


@scenario()
def stacked_operations(s: Stage) -> Any:
    """Operations over indicators over operations, used for trading."""
    return s.simple(Stacked, s.feed(daily(70, 4), "d0"))


class Bindings(bt.Indicator):
    """Lines bound to lines, to operations, to delays and to numbers."""

    lines = ("same", "op", "late", "const")

    def __init__(self) -> None:
        self.lines.same = self.data.close
        self.lines.op = self.data.high - self.data.low
        self.l.late = self.data.close(-2)
        self.lines.const = bt.If(self.data.close > 0, 42.0, 0.0)


class Binder(bt.Strategy):
    """Watches the bindings."""

    def __init__(self) -> None:
        self.bound = Bindings()
        self.sma = bt.ind.SMA(self.bound.op, period=3)


@scenario()
def line_bindings(s: Stage) -> Any:
    """self.lines.x = other line, operation, delay."""
    return s.simple(Binder, s.feed(daily(20), "d0"))
