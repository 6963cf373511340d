"""The indicators of the first stage, with their parameters and on top of each other."""

from __future__ import annotations

from typing import Any

import backtrader as bt

from ..data import daily, line_up, with_flats, with_nans
from ..registry import scenario
from ..stage import Stage

ind = bt.indicators


class Averages(bt.Strategy):
    """Moving averages, all names."""

    def __init__(self) -> None:
        self.sma, self.sma_long = ind.SMA(period=7), ind.SimpleMovingAverage(self.data.high, period=15)
        self.ema, self.ema_long = ind.EMA(period=7), ind.MovingAverageExponential(self.data.low, period=15)
        self.smma, self.wilder = ind.SMMA(period=7), ind.WilderMA(self.data.open, period=10)
        self.wma, self.weighted = ind.WMA(period=7), ind.WeightedMovingAverage(self.data.open, period=10)
        self.short = [ind.SMA(period=2), ind.EMA(period=2), ind.SMMA(period=2), ind.WMA(period=2)]
        self.through = ind.MovAv.EMA(ind.MovAv.SMA(period=3), period=4)
        self.envelope_of_volume = ind.SMA(self.data.volume, period=5)


@scenario()
def moving_averages(s: Stage) -> Any:
    """SMA EMA SMMA WMA and their other names."""
    return s.simple(Averages, s.feed(daily(80, 140), "d0"))


class One(bt.Strategy):
    """Windows of one bar."""

    def __init__(self) -> None:
        self.short = [ind.SMA(period=1), ind.EMA(period=1), ind.SMMA(period=1), ind.WMA(period=1)]
        self.rest = [
            ind.Highest(period=1),
            ind.Lowest(period=1),
            ind.SumN(period=1),
            ind.Accum(self.data.volume, seed=10.0),
        ]
        self.wait = ind.SMA(period=3)


@scenario(like={"bounded": "runonce=False"})
def period_one(s: Stage) -> Any:
    """Windows of one bar and Accum; recurrences over one bar of memory come out NaN in the original."""
    return s.simple(One, s.feed(daily(20, 151), "d0"))


@scenario()
def moving_averages_wild(s: Stage) -> Any:
    """The same over a wild series with large jumps and long windows: rounding of sums."""

    class Long(bt.Strategy):
        def __init__(self) -> None:
            self.sma, self.ema = ind.SMA(period=50), ind.EMA(period=50)
            self.smma, self.wma, self.std = ind.SMMA(period=50), ind.WMA(period=50), ind.StdDev(period=50)
            self.sums = ind.SumN(self.data.volume * 1e9 + self.data.close / 3, period=30)

    return s.simple(Long, s.feed(daily(300, 141, vola=0.2), "d0"))


class Rolling(bt.Strategy):
    """Windows."""

    def __init__(self) -> None:
        self.high, self.low = ind.Highest(self.data.high, period=6), ind.Lowest(self.data.low, period=6)
        self.max, self.min, self.sum = ind.MaxN(period=3), ind.MinN(period=3), ind.SumN(period=4)
        self.any, self.all = (
            ind.AnyN(self.data.close > 100, period=3),
            ind.AllN(self.data.close > 100, period=3),
        )
        self.first = [
            ind.FindFirstIndexHighest(self.data.high, period=6),
            ind.FindFirstIndexLowest(self.data.low, period=6),
        ]
        self.last = [
            ind.FindLastIndexHighest(self.data.high, period=6),
            ind.FindLastIndexLowest(self.data.low, period=6),
        ]
        self.average, self.weighted = (
            ind.Average(period=4),
            ind.WeightedAverage(period=3, coef=2.0, weights=(0.1, 0.3, 0.1)),
        )
        self.exp = ind.ExponentialSmoothing(period=4, alpha=0.3)
        self.rank = ind.PercentRank(period=5)


@scenario()
def windows(s: Stage) -> Any:
    """Highest Lowest SumN AnyN AllN indexes averages."""
    return s.simple(Rolling, s.feed(daily(60, 142), "d0"))


@scenario()
def windows_ties(s: Stage) -> Any:
    """Windows over series with many equal values and flat bars."""
    closes = [
        10,
        10,
        11,
        11,
        11,
        10,
        9,
        9,
        9,
        9,
        12,
        12,
        10,
        10,
        10,
        10,
        10,
        10,
        10,
        11,
        10,
        9,
        10,
        11,
        10,
        9,
    ] * 2
    return s.simple(Rolling, s.feed(with_flats(line_up(closes), part=0.4), "d0"))


class Deviations(bt.Strategy):
    """Deviations and bands."""

    def __init__(self) -> None:
        self.std, self.safe = (
            ind.StdDev(period=10),
            ind.StandardDeviation(self.data.close, period=5, safepow=False),
        )
        self.ema_std = ind.StdDev(period=6, movav=ind.EMA)
        self.mean_dev = ind.MeanDev(period=6)
        self.bands, self.wide = (
            ind.BollingerBands(period=10),
            ind.BBands(self.data.open, period=5, devfactor=3.0, movav=ind.EMA),
        )
        self.percent = ind.BollingerBandsPct(period=8)


@scenario()
def deviations(s: Stage) -> Any:
    """StdDev, MeanDev, Bollinger bands."""
    return s.simple(Deviations, s.feed(daily(60, 143), "d0"))


class Crosses(bt.Strategy):
    """Cross indicators."""

    def __init__(self) -> None:
        c = self.data.close
        sma = ind.SMA(period=4)
        self.over, self.up, self.down = ind.CrossOver(c, sma), ind.CrossUp(c, sma), ind.CrossDown(c, sma)
        self.nzd = ind.NonZeroDifference(c, sma)
        self.number, self.number_up = ind.CrossOver(c, 100.0), ind.CrossUp(c, 100.0)
        self.open, self.open_down = ind.CrossOver(c, self.data.open), ind.CrossDown(c, self.data.open)


@scenario()
def crosses(s: Stage) -> Any:
    """CrossOver CrossUp CrossDown NonZeroDifference with lines and numbers."""
    s.run(s.simple(Crosses, s.feed(daily(80, 144), "d0")))
    closes = [
        100,
        100,
        101,
        101,
        100,
        100,
        100,
        99,
        100,
        100,
        101,
        100,
        100,
        99,
        99,
        100,
        101,
        102,
        100,
        98,
        100,
        100,
        100,
    ] * 2
    return s.simple(Crosses, s.feed(with_flats(line_up(closes), part=0.3), "d0"))


class Oscillators(bt.Strategy):
    """Momentum and oscillators."""

    def __init__(self) -> None:
        self.rsi, self.rsi_ema, self.rsi_sma = ind.RSI(period=8), ind.RSI_EMA(period=8), ind.RSI_SMA(period=8)
        self.rsi_safe, self.rsi_back, self.rsi_open = (
            ind.RSI_Safe(period=8),
            ind.RSI(period=5, lookback=3),
            ind.RSI(self.data.open),
        )
        self.macd, self.histo = ind.MACD(), ind.MACDHisto(period_me1=5, period_me2=9, period_signal=4)
        self.macd_sma = ind.MACDHistogram(
            self.data.high, period_me1=4, period_me2=8, period_signal=3, movav=ind.SMA
        )
        self.momentum, self.osc = ind.Momentum(period=5), ind.MomentumOscillator(period=5)
        self.roc, self.roc100 = ind.ROC(period=6), ind.ROC100(period=6)
        self.up, self.down = ind.UpDay(), ind.DownDay(period=2)
        self.up_bool, self.down_bool = ind.UpDayBool(), ind.DownDayBool(period=2)


@scenario()
def oscillators(s: Stage) -> Any:
    """RSI variants, MACD, momentum, rate of change."""
    return s.simple(Oscillators, s.feed(daily(90, 145), "d0"))


class Ranges(bt.Strategy):
    """Ranges and stochastics."""

    def __init__(self) -> None:
        self.atr, self.atr_sma, self.tr = (
            ind.ATR(period=7),
            ind.AverageTrueRange(period=5, movav=ind.SMA),
            ind.TrueRange(),
        )
        self.high, self.low = ind.TrueHigh(), ind.TrueLow()
        self.slow, self.fast, self.full = (
            ind.Stochastic(period=6),
            ind.StochasticFast(period=6),
            ind.StochasticFull(period=6),
        )
        self.safe = ind.Stochastic(
            period=4, period_dfast=2, period_dslow=5, safediv=True, safezero=50.0, movav=ind.EMA
        )


@scenario()
def ranges(s: Stage) -> Any:
    """ATR, TrueRange, stochastics."""
    return s.simple(Ranges, s.feed(daily(70, 146), "d0"))


@scenario(
    differs={"all": "a division by zero does not end the run: ROC and RSI of flat prices are numbers or NaN"}
)
def flat_series(s: Stage) -> None:
    """A series that does not move: divisions by zero, raised or replaced."""

    class Safe(bt.Strategy):
        def __init__(self) -> None:
            self.rsi, self.stochastic = ind.RSI_Safe(period=4), ind.Stochastic(period=4, safediv=True)
            self.bands, self.std, self.cross = (
                ind.BollingerBands(period=4),
                ind.StdDev(period=4),
                ind.CrossOver(ind.SMA(period=2), 50.0),
            )

    rows = [(row[0], 50.0, 50.0, 50.0, 50.0, 0.0, 0.0) for row in daily(30)]
    s.run(s.simple(Safe, s.feed(rows, "d0")))
    for cls in (ind.RSI, ind.Stochastic, ind.ROC):
        s.attempt(cls.__name__, lambda cls=cls: s.run(s.simple(_single(cls), s.feed(rows, "d0"))) and None)


def _single(cls: Any) -> Any:
    class Single(bt.Strategy):
        def __init__(self) -> None:
            self.only = cls(period=4)

    return Single


class OnIndicators(bt.Strategy):
    """Indicators on indicators, on operations, on single lines of others."""

    def __init__(self) -> None:
        macd = ind.MACD(period_me1=4, period_me2=8, period_signal=3)
        self.of_line, self.of_cross = (
            ind.SMA(macd.signal, period=4),
            ind.SumN(ind.CrossOver(macd.macd, macd.signal), period=10),
        )
        self.of_bands = ind.RSI(ind.BollingerBands(period=5).top, period=6)
        self.of_op = ind.EMA((self.data.high + self.data.low + self.data.close) / 3.0, period=5)
        self.of_multi = ind.ATR(self.data, period=5) / ind.SMA(self.data, period=5)
        self.rank = ind.Highest(ind.StdDev(period=5), period=10) - ind.Lowest(ind.StdDev(period=5), period=10)


@scenario()
def indicators_on_indicators(s: Stage) -> Any:
    """Deep stacks."""
    return s.simple(OnIndicators, s.feed(daily(90, 147), "d0"))


@scenario()
def indicators_over_nan(s: Stage) -> Any:
    """The averages and windows with NaN inside the series."""

    class Some(bt.Strategy):
        def __init__(self) -> None:
            v = self.data.volume
            self.all = [
                ind.SMA(v, period=4),
                ind.EMA(v, period=4),
                ind.SMMA(v, period=4),
                ind.WMA(v, period=4),
            ]
            self.win = [
                ind.Highest(v, period=4),
                ind.Lowest(v, period=4),
                ind.SumN(v, period=4),
                ind.StdDev(v, period=4),
            ]
            self.rest = [ind.CrossOver(v, 900.0), ind.ROC(v + 1.0, period=3), ind.Momentum(v, period=3)]

    return s.simple(Some, s.feed(with_nans(daily(60, 148), part=0.1), "d0"))


class TwoFeeds(bt.Strategy):
    """Indicators which take two feeds."""

    def __init__(self) -> None:
        self.spread = ind.SMA(self.data0.close - self.data1.close, period=5)
        self.cross = ind.CrossOver(self.data0, self.data1)
        self.max = bt.Max(ind.SMA(self.data0, period=3), ind.SMA(self.data1, period=6))
        self.ratio = self.data0.close / self.data1.close


@scenario()
def indicators_two_feeds(s: Stage) -> Any:
    """Operations and crosses between feeds with the same stamps."""
    return s.simple(TwoFeeds, s.feed(daily(40, 149), "d0"), s.feed(daily(40, 150), "d1"))
