"""Every indicator of the original with default and odd parameters, as expressions.

An expression is what a strategy would write: ``d`` and ``e`` are two feeds with the same times,
the names are those of ``backtrader.indicators`` and ``backtrader.studies``.  A text without
data in front, such as ``period=3``, means ``Name(d, period=3)``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

# Classes that others are made of: they compute nothing by themselves.
PARTS = {
    "BaseApplyN", "EnvelopeMixIn", "Indicator", "MovAv", "MovingAverage", "MovingAverageBase", "OperationN",
    "OscillatorMixIn", "PeriodN",
}  # fmt: skip

# Without arguments these do not know what to do.
INCOMPLETE = {"ApplyN", "ExponentialSmoothingDynamic", "FindFirstIndex", "FindLastIndex", "ReduceN"}

# Averages, each also as an envelope and as an oscillator.
AVERAGES: dict[str, tuple[str, ...]] = {
    "MovingAverageSimple": ("period=1", "period=2", "period=13"),
    "ExponentialMovingAverage": ("period=1", "period=2", "period=13"),
    "SmoothedMovingAverage": ("period=1", "period=2", "period=13"),
    "WeightedMovingAverage": ("period=1", "period=2", "period=13"),
    "DoubleExponentialMovingAverage": ("period=1", "period=5", "period=7, _movav=MovAv.SMA"),
    "TripleExponentialMovingAverage": ("period=1", "period=5", "period=7, _movav=MovAv.WMA"),
    "AdaptiveMovingAverage": ("period=2", "period=9, fast=3, slow=11", "period=5, fast=1, slow=1"),
    "ZeroLagExponentialMovingAverage": ("period=1", "period=2", "period=8, _movav=MovAv.SMMA"),
    "HullMovingAverage": ("period=2", "period=3", "period=9, _movav=MovAv.EMA"),
    "ZeroLagIndicator": ("period=1", "period=7, gainlimit=11", "period=5, gainlimit=3, _movav=MovAv.SMA"),
    "DicksonMovingAverage": (
        "period=1, hperiod=2",
        "period=9, gainlimit=7, hperiod=5",
        "period=4, gainlimit=3, _movav=MovAv.WMA, _hma=MovAv.SMA",
    ),
}  # fmt: skip

# Those that take any single line.
SINGLE: dict[str, tuple[str, ...]] = {
    "Accum": ("seed=-17.5", "d.volume"),
    "AllN": ("d.volume, period=3", "d.close > d.open, period=4"),
    "AnyN": ("d.volume, period=3", "d.close > d.open, period=4"),
    "ApplyN": ("func=sum", "func=lambda v: v[-1] - v[0], period=4", "func=max, period=7"),
    "Average": ("period=7",),
    "BollingerBands": ("period=1", "period=5, devfactor=0.5", "period=7, movav=MovAv.EMA"),
    "BollingerBandsPct": ("period=5, devfactor=0.5", "period=7, movav=MovAv.EMA"),
    "DetrendedPriceOscillator": ("period=1", "period=5", "period=8, movav=MovAv.EMA"),
    "DownDay": ("period=3",),
    "DownDayBool": ("period=3",),
    "Envelope": ("perc=10.0", "SMA(d, period=4), perc=0.5"),
    "ExponentialSmoothing": ("period=5", "period=5, alpha=0.3", "period=2, alpha=1.0"),
    "ExponentialSmoothingDynamic": (
        "d, period=4, alpha=d.volume / 4000.0", "d, period=3, alpha=SMA(d.volume, period=6) / 4000.0",
        "SMA(d, period=5), period=4, alpha=d.volume / 4000.0",
    ),
    "FindFirstIndex": ("_evalfunc=max, period=5", "_evalfunc=min, period=4"),
    "FindFirstIndexHighest": ("period=6",),
    "FindFirstIndexLowest": ("period=6",),
    "FindLastIndex": ("_evalfunc=max, period=5", "_evalfunc=min, period=4"),
    "FindLastIndexHighest": ("period=6",),
    "FindLastIndexLowest": ("period=6",),
    "Highest": ("period=6", "d.high, period=17"),
    "HurstExponent": ("period=20", "period=20, lag_start=3, lag_end=9", "period=6", "period=12, lag_end=11"),
    "KnowSureThing": (
        "rp1=1, rp2=2, rp3=3, rp4=5, rma1=2, rma2=3, rma3=1, rma4=4, rsignal=3",
        "rp1=2, rp2=3, rp3=4, rp4=5, rfactors=[4.0, 1.5, 0.0, -1.0], _rmovav=MovAv.EMA, _smovav=MovAv.WMA",
    ),
    "LaguerreFilter": ("gamma=0.8", "period=4, gamma=0.0"),
    "LaguerreRSI": ("period=1", "gamma=0.8, period=3"),
    "Lowest": ("period=6", "d.low, period=17"),
    "MACD": ("period_me1=2, period_me2=5, period_signal=3", "period_me1=9, period_me2=4, movav=MovAv.SMA"),
    "MACDHisto": ("period_me1=2, period_me2=5, period_signal=3", "period_me1=9, period_me2=4, movav=MovAv.SMA"),
    "MeanDeviation": ("period=1", "period=6, movav=MovAv.EMA"),
    "Momentum": ("period=1", "period=5"),
    "MomentumOscillator": ("period=1", "period=5, band=50.0"),
    "PercentChange": ("period=1", "period=7"),
    "PercentRank": ("period=1", "period=9", "period=4, func=lambda v: sorted(v)[0]"),
    "PercentagePriceOscillator": ("period1=2, period2=5, period_signal=3", "period1=7, period2=3, _movav=MovAv.SMA"),
    "PercentagePriceOscillatorShort": (
        "period1=2, period2=5, period_signal=3", "period1=7, period2=3, _movav=MovAv.SMA",
    ),
    "PriceOscillator": ("period1=2, period2=5", "period1=7, period2=3, _movav=MovAv.SMA"),
    "RSI_EMA": ("period=3", "period=5, lookback=3", "period=4, safediv=True, safehigh=90.0, safelow=40.0"),
    "RSI_SMA": ("period=3", "period=5, lookback=3", "period=4, safediv=True, safehigh=90.0, safelow=40.0"),
    "RSI_Safe": ("period=3", "period=5, lookback=3", "period=4, safehigh=90.0, safelow=40.0"),
    "RateOfChange": ("period=1", "period=5"),
    "RateOfChange100": ("period=1", "period=5"),
    "ReduceN": ("d, lambda a, b: a + b, period=4", "d, lambda a, b: max(a, b), initializer=90.0, period=3"),
    "RelativeMomentumIndex": ("period=3", "period=4, lookback=2, movav=MovAv.SMA", "period=3, safediv=True"),
    "RelativeStrengthIndex": ("period=1", "period=3", "period=5, lookback=3, movav=MovAv.WMA", "period=4, safediv=True"),
    "StandardDeviation": ("period=1", "period=5, safepow=False", "period=4, movav=MovAv.EMA"),
    "SumN": ("period=6", "d.volume, period=17"),
    "Trix": ("period=2", "period=3, _rocperiod=4, _movav=MovAv.SMA"),
    "TrixSignal": ("period=2, sigperiod=3", "period=3, _rocperiod=4, _movav=MovAv.SMA"),
    "TrueStrengthIndicator": ("period1=3, period2=2", "period1=2, period2=5, pchange=3, _movav=MovAv.SMA"),
    "UpDay": ("period=3",),
    "UpDayBool": ("period=3",),
    "WeightedAverage": (
        "period=3, coef=0.5, weights=(0.25, 1.0, 3.0)", "period=3, weights=(1.0, 2.0)", "weights=(2.0,)",
        "period=2, weights=(1.0, 2.0, 3.0)",
    ),
}  # fmt: skip

# Those that need the prices of a bar.
BARS: dict[str, tuple[str, ...]] = {
    "AccelerationDecelerationOscillator": ("period=3", "period=7, movav=MovAv.EMA"),
    "AroonDown": ("period=1", "period=5"),
    "AroonOscillator": ("period=1", "period=5"),
    "AroonUp": ("period=1", "period=5"),
    "AroonUpDown": ("period=1", "period=5, upperband=80, lowerband=20"),
    "AroonUpDownOscillator": ("period=1", "period=5"),
    "AverageDirectionalMovementIndex": ("period=2", "period=5, movav=MovAv.SMA"),
    "AverageDirectionalMovementIndexRating": ("period=2", "period=5, movav=MovAv.SMA"),
    "AverageTrueRange": ("period=1", "period=5, movav=MovAv.EMA"),
    "AwesomeOscillator": ("fast=2, slow=5", "fast=7, slow=3, movav=MovAv.EMA"),
    "CommodityChannelIndex": ("period=2", "period=5, factor=0.03, movav=MovAv.EMA"),
    "DV2": ("period=5", "period=9, maperiod=4, _movav=MovAv.EMA"),
    "DemarkPivotPoint": ("open=True", "close=True", "level1=0.5, level2=0.7"),
    "DirectionalIndicator": ("period=2", "period=5, movav=MovAv.SMA"),
    "DirectionalMovement": ("period=2", "period=5, movav=MovAv.SMA"),
    "DirectionalMovementIndex": ("period=2", "period=5, movav=MovAv.SMA"),
    "DownMove": ("d.low",),
    "FibonacciPivotPoint": ("open=True", "close=True", "level1=0.5, level2=0.7, level3=1.5"),
    "Fractal": (
        "bardist=0.1", "period=3, shift_to_potential_fractal=1", "period=7, shift_to_potential_fractal=3",
        "period=6, shift_to_potential_fractal=0",
    ),
    "HeikinAshi": (),
    "Ichimoku": ("tenkan=2, kijun=3, senkou=5, senkou_lead=3, chikou=4", "tenkan=5, kijun=3, senkou=2, senkou_lead=1, chikou=1"),
    "MinusDirectionalIndicator": ("period=2", "period=5, movav=MovAv.SMA"),
    "ParabolicSAR": ("period=5", "af=0.1, afmax=0.15", "period=3, af=0.3, afmax=0.1"),
    "PivotPoint": ("open=True", "close=True", "open=True, close=True"),
    "PlusDirectionalIndicator": ("period=2", "period=5, movav=MovAv.SMA"),
    "PrettyGoodOscillator": ("period=2", "period=5, _movav=MovAv.EMA"),
    "Stochastic": (
        "period=3, period_dfast=2, period_dslow=2", "period=5, movav=MovAv.EMA", "period=1, safediv=True, safezero=50.0",
    ),
    "StochasticFast": ("period=3, period_dfast=2", "period=5, movav=MovAv.EMA", "period=1, safediv=True, safezero=50.0"),
    "StochasticFull": (
        "period=3, period_dfast=2, period_dslow=4", "period=5, movav=MovAv.EMA", "period=4, safediv=True, safezero=50.0",
    ),
    "TrueHigh": (),
    "TrueLow": (),
    "TrueRange": (),
    "UltimateOscillator": ("p1=2, p2=3, p3=5", "p1=9, p2=4, p3=1"),
    "UpMove": ("d.high",),
    "Vortex": ("period=1", "period=5"),
    "WilliamsAD": (),
    "WilliamsR": ("period=1", "period=5, upperband=-10.0"),
    "haDelta": ("period=1", "period=5, movav=MovAv.EMA", "autoheikin=False", "HeikinAshi(d), autoheikin=False"),
}  # fmt: skip

# Those that compare two lines: all of their arguments are written out, the first is the default.
DOUBLE: dict[str, tuple[str, ...]] = {
    "CointN": ("d, e", "d, e, period=25, trend='ct'", "d.close, d.open, period=20, trend='n'"),
    "CrossDown": ("d.close, d.open", "d, e", "d, 100.0", "SMA(d, period=3), SMA(d, period=7)"),
    "CrossOver": ("d.close, d.open", "d, e", "d, 100.0", "SMA(d, period=3), SMA(d, period=7)"),
    "CrossUp": ("d.close, d.open", "d, e", "d, 100.0", "SMA(d, period=3), SMA(d, period=7)"),
    "LinePlotterIndicator": ("d.close, name='shown'",),
    "NonZeroDifference": ("d.close, d.open", "d, e", "SMA(d, period=3), SMA(d, period=7)"),
    "OLS_BetaN": ("d, e", "d, e, period=4"),
    "OLS_Slope_InterceptN": ("d, e", "d, e, period=2", "d.close, d.open, period=25", "e, SMA(d, period=5), period=6"),
    "OLS_TransformationN": ("d, e", "d, e, period=4", "d.close, d.open, period=17"),
    "Oscillator": ("SMA(d, period=7)", "d, SMA(d, period=7)", "EMA(SMA(d, period=3), period=4)", "d, e"),
}  # fmt: skip


@dataclass(frozen=True)
class Case:
    """One indicator with one set of arguments."""

    indicator: str
    expression: str
    other_name: str = ""

    @property
    def written(self) -> str:
        """The expression under the name that is asked for."""
        return self.expression.replace(self.indicator, self.other_name or self.indicator, 1)

    @property
    def feeds(self) -> int:
        """How many feeds it reads."""
        return 2 if re.search(r"\be\b", self.expression) else 1

    @property
    def steps(self) -> bool:
        """Whether it makes the original step through the whole run, whatever the mode."""
        return "HeikinAshi" in self.expression or "haDelta" in self.expression


def _written(name: str, text: str) -> str:
    """The whole expression for arguments of the tables."""
    bare = not text or re.match(r"\w+=", text)
    return f"{name}(d{', ' if text else ''}{text})" if bare else f"{name}({text})"


def _generated() -> dict[str, tuple[str, ...]]:
    """Envelopes and oscillators of all averages."""
    made: dict[str, tuple[str, ...]] = {}
    for name, odd in AVERAGES.items():
        made[f"{name}Envelope"] = (f"{odd[1]}, perc=0.7",)
        made[f"{name}Oscillator"] = (odd[1],)
    return made


def cases() -> list[Case]:
    """All of them, class by class."""
    found: list[Case] = []
    for name, odd in {**AVERAGES, **SINGLE, **_generated()}.items():
        # and once on lines that start late, each at another bar
        texts = [_written(name, text) for text in (odd if name in INCOMPLETE else ("", *odd))]
        first = re.sub(
            r"^\w+\(d\b(?!\.)",
            f"{name}(MACD(d.high, period_me1=2, period_me2=4, period_signal=3)",
            texts[-1 if odd else 0],
        )
        found += [Case(name, text) for text in dict.fromkeys([*texts, first])]
    for name, odd in BARS.items():
        # and once on bars whose prices start at different times
        found += [Case(name, _written(name, text)) for text in ("", *odd, "HeikinAshi(d)")]
    for name, odd in DOUBLE.items():
        found += [Case(name, _written(name, text)) for text in odd]
    return found


CASES = cases()
CLASSES = list(dict.fromkeys(case.indicator for case in CASES))


def alias_case(name: str, indicator: str) -> Case:
    """The first arguments of ``indicator`` under another of its names."""
    first = next(case for case in CASES if case.indicator == indicator)
    return Case(indicator, first.expression, name)
