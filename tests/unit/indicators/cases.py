"""What is compared with the original: bars, and expressions that make indicators of them."""

from __future__ import annotations

import random
from math import nan

Columns = dict[str, list[float]]


def bars(close: list[float], seed: int = 9) -> Columns:
    """Bars around given closes."""
    rng = random.Random(seed)
    columns: Columns = {"open": [], "high": [], "low": [], "close": list(close), "volume": []}
    for price in close:
        opened = price + rng.uniform(-0.5, 0.5)
        columns["open"].append(opened)
        columns["high"].append(max(opened, price) + rng.random())
        columns["low"].append(min(opened, price) - rng.random())
        columns["volume"].append(float(rng.randrange(1, 1000)))
    return columns


def level(close: list[float]) -> Columns:
    """Bars without extent: all four prices are the same."""
    return {name: list(close) for name in ("open", "high", "low", "close", "volume")}


def walk(size: int, seed: int = 5) -> list[float]:
    """Prices that wander."""
    rng = random.Random(seed)
    prices = [100.0]
    while len(prices) < size:
        prices.append(prices[-1] + rng.gauss(0.0, 1.0))
    return prices


def _datasets() -> dict[str, Columns]:
    prices = walk(64)
    holes = list(prices)
    for i in (7, 8, 40, 41, 42):
        holes[i] = nan
    steps = [10.0] * 8 + [11.0] * 12 + [11.0, 10.0] * 6 + [10.0] * 12 + [float(i) for i in range(20)]
    return {
        "walk": bars(prices),
        "holes": bars(holes),
        "zeros": bars([p - 100.0 if abs(p - 100.0) > 1.0 else 0.0 for p in prices]),
        "flat": level(steps),
    }


DATASETS = _datasets()

_PERIODS = (
    "SMA EMA SMMA WMA DEMA TEMA KAMA ZLEMA HMA Highest Lowest SumN AnyN AllN Average ExponentialSmoothing "
    "FindFirstIndexHighest FindFirstIndexLowest FindLastIndexHighest FindLastIndexLowest StdDev MeanDev "
    "RSI RSI_EMA RSI_Safe RMI UpDay DownDay UpDayBool DownDayBool BollingerBands BollingerBandsPct "
    "ATR Momentum MomentumOscillator RateOfChange ROC100 StochasticFast StochasticSlow StochasticFull "
    "AccDeOsc AroonUpDownOsc CCI ADXR DirectionalMovement PlusDI MinusDI DPO PercentRank PercentChange PGO "
    "Trix TrixSignal Vortex WilliamsR LaguerreFilter LaguerreRSI haDelta ZLInd DMA SMAEnvelope EMAOsc"
)
_SMALL_MACD = "bt.ind.MACD(d, period_me1=2, period_me2=3, period_signal=3)"
_FACTOR = "bt.ind.RSI_Safe(d, period=6) / 100.0"
_OTHERS = f"""
bt.ind.SMA(d, period=1)
bt.ind.WMA(d, period=1)
bt.ind.Highest(d, period=1)
bt.ind.SMA(d.high, period=3)
bt.ind.SMA(d.volume + d.open, period=3)
bt.ind.SMA(d.close(-2), period=3)
bt.ind.Accum(d)
bt.ind.Accum(bt.ind.SMA(d, period=3), seed=3.5)
bt.ind.CrossOver(d, d.open)
bt.ind.CrossUp(d, bt.ind.SMA(d, period=4))
bt.ind.CrossDown(d, bt.ind.SMA(d, period=4))
bt.ind.CrossOver(bt.ind.EMA(d, period=3), bt.ind.SMA(d, period=7))
bt.ind.CrossOver(d, 100.0)
bt.ind.CrossUp(bt.ind.RSI_Safe(d, period=4), 50.0)
bt.ind.NonZeroDifference(d, d.open)
bt.ind.NonZeroDifference(d, bt.ind.SMA(d, period=5))
bt.ind.MACD(d)
bt.ind.MACDHisto(d, period_me1=3, period_me2=6, period_signal=4)
bt.ind.MACD(d, movav=bt.ind.SMA)
bt.ind.TrueRange(d)
bt.ind.TrueHigh(d)
bt.ind.TrueLow(d)
bt.ind.ATR(d, movav=bt.ind.EMA, period=4)
bt.ind.SMA({_SMALL_MACD}, period=2)
bt.ind.SMA({_SMALL_MACD}.macd, period=2)
bt.ind.EMA({_SMALL_MACD}.signal, period=2)
bt.ind.Highest({_SMALL_MACD}, period=2)
bt.ind.WMA({_SMALL_MACD}, period=2)
{_SMALL_MACD}(-1)
bt.ind.StdDev(d, bt.ind.EMA(d, period=9), period=5)
bt.ind.StdDev(d, period=5, movav=bt.ind.EMA)
bt.ind.StdDev(d, period=5, safepow=False)
bt.ind.MeanDev(d, bt.ind.EMA(d, period=9), period=5)
bt.ind.RSI(d, period=5, lookback=3)
bt.ind.RSI_SMA(d, period=12)
bt.ind.RSI_Safe(d, period=5, safehigh=99.0, safelow=40.0, movav=bt.ind.SMA)
bt.ind.RSI_Safe(bt.ind.BollingerBands(d, period=4).top, period=3)
bt.ind.StochasticFull(d, period=5, safediv=True, safezero=7.0)
bt.ind.WeightedAverage(d, period=4, coef=0.5, weights=(1, 2, 3, 4))
bt.ind.WeightedAverage(d, period=4, coef=0.5, weights=(1, 2))
bt.ind.WeightedAverage(d, period=4)
bt.ind.WeightedAverage(d, period=2, weights=(1, 2, 3, 4))
bt.ind.ExponentialSmoothing(d, period=4, alpha=0.3)
bt.ind.ExponentialSmoothingDynamic(d, period=4, alpha={_FACTOR})
bt.ind.ExponentialSmoothingDynamic(bt.ind.SMA(d, period=5), period=4, alpha={_FACTOR})
bt.ind.ExponentialSmoothingDynamic(bt.ind.SMA(d, period=5), period=14, alpha={_FACTOR})
bt.ind.ApplyN(d, period=3, func=lambda x: x[0] * 2 - x[-1])
bt.ind.ReduceN(d, lambda a, b: a * 0.5 + b, period=3)
bt.ind.PercentRank(d, period=5, func=lambda x: x[0])
bt.ind.BollingerBandsPct(d.high, period=4, devfactor=1.5, movav=bt.ind.EMA)
bt.ind.AnyN(d > d.open, period=3)
bt.ind.AllN(bt.And(d > d.open, d.high > d(-1)), period=2)
bt.ind.Highest(d.high, period=4) - bt.ind.Lowest(d.low, period=4)
bt.Max(d.close, bt.ind.SMA(d, period=3), 100.0)
bt.ind.AwesomeOscillator(d, fast=3, slow=7)
bt.ind.UpMove(d)
bt.ind.DownMove(d)
bt.ind.DV2(d, period=20)
bt.ind.KST(d, rp4=12, rma2=3)
bt.ind.PivotPoint(d)
bt.ind.PivotPoint(d, open=True)
bt.ind.FibonacciPivotPoint(d, close=True)
bt.ind.PriceOscillator(d, period1=3, period2=7)
bt.ind.PPO(d, period1=3, period2=7, period_signal=4)
bt.ind.PPOShort(d, period1=3, period2=7, period_signal=4)
bt.ind.TSI(d, period1=6, period2=4, pchange=2)
bt.ind.UltimateOscillator(d, p1=2, p2=4, p3=5)
bt.ind.WilliamsAD(d)
bt.ind.KAMA(bt.ind.SMA(d, period=5), period=4)
bt.ind.DEMA({_SMALL_MACD}, period=3)
bt.ind.HeikinAshi(d)
bt.ind.PSAR(d)
bt.ind.PSAR(d, period=5, af=0.05, afmax=0.12)
bt.ind.Envelope(d, perc=7.1)
bt.ind.Oscillator(bt.ind.SMA(d, period=4))
bt.ind.Oscillator(d.high, bt.ind.SMA(d, period=4))
"""

USER_CLASSES = """
import math

class OnlyNext(bt.Indicator):
    lines = ("a", "b")
    params = (("n", 3),)
    def __init__(self):
        self.addminperiod(self.p.n)
    def next(self):
        self.lines.a[0] = self.data[0] - self.data[-(self.p.n - 1)]
        self.l.b[0] = max(self.data.get(size=self.p.n))

class Span(bt.ind.OperationN):
    lines = ("span",)
    params = (("period", 4),)
    func = lambda self, values: max(values) - min(values)

class Exact(bt.ind.OperationN):
    lines = ("total",)
    func = math.fsum

class SetLater(bt.ind.OperationN):
    lines = ("ends",)
    def __init__(self):
        self.func = lambda values: values[0] + values[-1]
        super().__init__()

class Second(bt.ind.Highest):
    func = lambda self, values: sorted(values)[-2]

class Doubled(bt.ind.SMA):
    def next(self):
        self.lines.sma[0] = self.data[0] * 2

class Distance(bt.ind.SMA):
    lines = ("distance",)
    def __init__(self):
        super().__init__()
        self.l.distance = self.data - self.lines.sma

class Slope(bt.ind.SMA):
    lines = ("slope",)
    def next(self):
        self.l.slope[0] = self.lines.sma[0] - self.lines.sma[-1]

class Bands(bt.ind.RSI):
    lines = ("over", "under")
    params = (("period", 4), ("upperband", 60.0))
    def __init__(self):
        super().__init__()
        self.l.over = self.l.rsi > self.p.upperband
        self.l.under = self.lines.rsi < self.p.lowerband

class HalfMovingAverage(bt.ind.MovingAverageBase):
    lines = ("half",)
    alias = ("HMMA",)
    def __init__(self):
        ema, sma = (movav(self.data, period=self.p.period) for movav in (bt.ind.EMA, bt.ind.SMA))
        self.lines[0] = ema * 0.5 + sma * 0.5
        super().__init__()

class OnceToo(bt.Indicator):
    lines = ("total",)
    params = (("period", 3),)
    def __init__(self):
        self.addminperiod(self.p.period)
    def next(self):
        self.lines.total[0] = sum(self.data.get(size=self.p.period))
    def once(self, start, end):
        source, out, period = self.data.array, self.lines.total.array, self.p.period
        for i in range(start, end):
            out[i] = sum(source[i - period + 1 : i + 1])

class Stack(bt.Indicator):
    lines = ("s",)
    def __init__(self):
        inner = OnlyNext(bt.ind.SMA(self.data, period=4))
        self.l.s = bt.ind.EMA(inner.b, period=3) + inner

class Windowed(bt.ind.PeriodN):
    lines = ("total", "before")
    params = (("period", 5),)
    def next(self):
        self.l.total[0] = math.fsum(self.data.get(size=self.p.period))
        self.l.before[0] = self.l.total[-1]

class Pair(bt.Indicator):
    _mindatas = 2
    lines = ("difference",)
    def next(self):
        self.l.difference[0] = self.data0[0] - self.data1[0]

class Mine(bt.ind.MACD):
    lines = ("mine",)
    params = (("period_me1", 3), ("period_me2", 5), ("period_signal", 3))
    def __init__(self):
        super().__init__()
        self.l.mine = bt.ind.SMA(self.l.macd - self.l.signal, period=2)

class Width(bt.ind.BollingerBands):
    lines = ("width",)
    params = dict(period=5)
    def __init__(self):
        super().__init__()
        self.l.width = 100.0 * (self.l.top - self.l.bot) / self.l.mid

class Smooth(bt.ind.ExponentialSmoothing):
    params = (("alpha", 0.25), ("period", 4))

class Apply(bt.ind.BaseApplyN):
    lines = ("r",)
    params = (("period", 3), ("func", max))
"""
_USER = """
OnlyNext(d)
Span(d)
Exact(d, period=3)
SetLater(d, period=3)
Second(d, period=4)
Doubled(d, period=3)
Distance(d, period=3)
Slope(d, period=3)
Bands(d)
HalfMovingAverage(d, period=4)
bt.ind.MovAv.HMMA(d, period=4)
bt.ind.MovAv.Half(d, period=4)
bt.ind.MACD(d, movav=HalfMovingAverage)
bt.ind.BollingerBands(d, period=4, movav=HalfMovingAverage)
OnceToo(d)
Stack(d)
Windowed(d)
Pair(d.high, d.low)
Pair(d, bt.ind.SMA(d, period=3))
Mine(d)
Width(d)
Smooth(d)
Apply(d)
bt.ind.SMA(OnlyNext(d).b, period=2)
bt.ind.SMA(Span(d), period=2)
bt.ind.CrossOver(OnlyNext(d), 0.0)
"""

BUILT_IN = [f"bt.ind.{name}(d, period={n})" for name in _PERIODS.split() for n in (5, 14)] + _OTHERS.split(
    "\n"
)[1:-1]
USER = _USER.split("\n")[1:-1]
