"""How scripts use TA-Lib's functions: on indicators, inside indicators, over several feeds and timeframes."""

from __future__ import annotations

from typing import Any

import talib

import backtrader as bt

from ..data import daily, weekly
from ..registry import scenario
from ..stage import Stage

# see talib_functions.py
NEEDS_ALL = {"exactbars=1": "ValueError"}
AS_STEPPED = {"exactbars=1": "runonce=False"}

ta = bt.talib
AVERAGES = ("SMA", "EMA", "WMA", "DEMA", "TEMA", "TRIMA", "KAMA", "MAMA", "T3")


class Types(bt.Strategy):
    """Each kind of moving average, in each function that takes one."""

    def __init__(self) -> None:
        kinds = [getattr(ta.MA_Type, name) for name in AVERAGES]
        self.ma = [ta.MA(self.data, timeperiod=6, matype=kind) for kind in kinds]
        self.bands = [ta.BBANDS(self.data, timeperiod=6, matype=kind) for kind in kinds]
        self.macd = [
            ta.MACDEXT(self.data, fastperiod=4, fastmatype=kind, slowperiod=9, signalperiod=3)
            for kind in kinds
        ]
        self.stochastic = [
            ta.STOCH(self.data.high, self.data.low, self.data.close, slowd_period=4, slowd_matype=kind)
            for kind in kinds
        ]
        self.apo = [ta.APO(self.data.open, fastperiod=3, slowperiod=8, matype=kind) for kind in kinds]


@scenario()
def talib_average_types(s: Stage) -> Any:
    """MA_Type by name."""
    return s.simple(Types, s.feed(daily(90, 241), "d0"))


class Stacked(bt.Strategy):
    """On top of indicators and under them."""

    def __init__(self) -> None:
        sma = bt.ind.SMA(self.data, period=8)
        self.over = [
            ta.SMA(sma, timeperiod=5),
            ta.STDDEV(self.data.close - self.data.open, timeperiod=6, nbdev=2.0),
            ta.MAX(ta.SMA(sma, timeperiod=4), timeperiod=7),
            ta.BBANDS(sma, timeperiod=9),
        ]
        macd = ta.MACD(self.data, fastperiod=4, slowperiod=8, signalperiod=3)
        bands = ta.BBANDS(self.data, timeperiod=9)
        self.under = [
            bt.ind.SMA(macd, period=3),
            bt.ind.SMA(macd.macdsignal, period=3),
            bt.ind.CrossOver(macd.macd, macd.macdsignal),
            bt.ind.Highest(bands.lowerband, period=4),
            bt.Max(bands.upperband, sma),
        ]
        self.operations = [macd + 1.0, bands.upperband - bands.lowerband, macd(-2), bands.middleband(-1)]
        self.numbers = [ta.SUM(self.data.volume, timeperiod=3), ta.ADD(self.data.high, self.data.low)]


@scenario()
def talib_on_indicators(s: Stage) -> Any:
    """Stacks; minimum periods count from the first bar."""
    return s.simple(Stacked, s.feed(daily(60, 242), "d0"))


class Remembering(bt.Strategy):
    """The same with functions that are computed from the first bar on."""

    def __init__(self) -> None:
        sma = bt.ind.SMA(self.data, period=8)
        ema = ta.EMA(sma, timeperiod=5)
        self.over = [ema, ta.RSI(ema, timeperiod=6), ta.KAMA(self.data.close - self.data.open, timeperiod=4)]
        self.under = [bt.ind.SMA(ema, period=3), bt.ind.CrossOver(self.data, ema), ema(-1), ema * 2.0]


@scenario(crash={"bounded": "ValueError"}, like={"bounded": "runonce=False"})
def talib_on_indicators_remembering(s: Stage) -> Any:
    """Stacks of functions with an unstable period."""
    return s.simple(Remembering, s.feed(daily(60, 243), "d0"))


class Bound(bt.Indicator):
    """An indicator of the user's, made of TA-Lib's."""

    lines = ("average", "width", "pattern")

    def __init__(self) -> None:
        bands = ta.BBANDS(self.data, timeperiod=7)
        self.l.average = ta.SMA(self.data, timeperiod=5)
        self.l.width = (bands.upperband - bands.lowerband) / self.l.average
        prices = (self.data.open, self.data.high, self.data.low, self.data.close)
        self.l.pattern = ta.CDLDOJI(*prices) + ta.CDLENGULFING(*prices)


@scenario()
def talib_in_indicators(s: Stage) -> Any:
    """Lines of an indicator bound to TA-Lib's."""

    class Uses(bt.Strategy):
        def __init__(self) -> None:
            self.own = Bound(self.data)
            self.more = bt.ind.SMA(self.own.width, period=4)

    return s.simple(Uses, s.feed(daily(60, 244), "d0"))


class Slow(bt.Strategy):
    """On the slower of two feeds."""

    def __init__(self) -> None:
        slow = self.data1
        self.slow = [ta.SMA(slow, timeperiod=3), ta.MIDPRICE(slow.high, slow.low, timeperiod=4)]
        self.fast = ta.SMA(self.data, timeperiod=6)


@scenario(crash=NEEDS_ALL, like={"exactbars=1": "exactbars=-1"})
def talib_two_timeframes(s: Stage) -> Any:
    """A weekly feed beside the daily one; a feed put back breaks exactbars=1 of the original."""
    rows = daily(60, 245)
    week = s.feed(weekly(rows), "d1", timeframe=bt.TimeFrame.Weeks)
    return s.simple(Slow, s.feed(rows, "d0"), week)


@scenario()
def talib_resampled(s: Stage) -> Any:
    """A resampled feed."""

    class Resampled(bt.Strategy):
        def __init__(self) -> None:
            self.week, self.day = ta.WMA(self.data1, timeperiod=3), ta.WMA(self.data0, timeperiod=3)
            self.coupled = self.week.real() > self.day

    cerebro = s.cerebro()
    feed = s.feed(daily(60, 246), "d0")
    cerebro.adddata(feed)
    cerebro.resampledata(feed, timeframe=bt.TimeFrame.Weeks)
    cerebro.addstrategy(Resampled)
    return cerebro


@scenario(crash=NEEDS_ALL, like=AS_STEPPED)
def talib_replayed(s: Stage) -> Any:
    """Bars that are still being made: the value is computed anew each time."""

    class Replayed(bt.Strategy):
        def __init__(self) -> None:
            self.plain, self.all = ta.SMA(self.data, timeperiod=3), ta.EMA(self.data, timeperiod=3)
            self.range = ta.ATR(self.data.high, self.data.low, self.data.close, timeperiod=3)

    cerebro = s.cerebro()
    cerebro.replaydata(s.feed(daily(60, 247), "d0"), timeframe=bt.TimeFrame.Weeks)
    cerebro.addstrategy(Replayed)
    return cerebro


@scenario()
def talib_two_feeds(s: Stage) -> Any:
    """Functions of two inputs from two feeds with the same stamps."""

    class Two(bt.Strategy):
        def __init__(self) -> None:
            self.all = [
                ta.CORREL(self.data0, self.data1, timeperiod=6),
                ta.BETA(self.data0, self.data1, timeperiod=5),
                ta.SUB(self.data0.close, self.data1.close),
            ]

    return s.simple(Two, s.feed(daily(40, 248), "d0"), s.feed(daily(40, 249), "d1"))


@scenario(crash=NEEDS_ALL, like=AS_STEPPED)
def talib_declared(s: Stage) -> None:
    """What every class declares: lines, parameters, plot options, minimum period."""

    class Declared(bt.Strategy):
        def __init__(self) -> None:
            for name in talib.get_functions():
                cls = getattr(ta, name)
                s.note(name, [cls.lines._getlines(), list(cls.params._getitems())])
                s.note("drawn", [list(cls.plotinfo._getitems()), _options(cls.plotlines)])
                s.note("kind", [cls._unstable, cls._iscandle, cls.CANDLEOVER, cls.CANDLEREF])
            short = ta.RSI(self.data, timeperiod=4, plotname="strength", subplot=False)
            s.note("made", [short.plotlabel(), short.plotinfo.subplot, short._minperiod, short._lookback])

    s.run(s.simple(Declared, s.feed(daily(8, 250), "d0")))


def _options(plotlines: Any) -> Any:
    lines = sorted(plotlines._getkeys())
    options = {name: getattr(plotlines, name) for name in lines}
    return [
        [name, {key: getattr(one, key) for key in sorted(one._getkeys())}] for name, one in options.items()
    ]
