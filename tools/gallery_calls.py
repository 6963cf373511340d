"""What the gallery draws: the indicators there are, the calls that make pictures, words for parameters."""

from __future__ import annotations

import operator
import statistics
from typing import Any

import backtrader as bt

#: What is there to be derived from, or to be put among the bases: nothing to draw.
BASES = {
    "BaseApplyN": "`OperationN` with the function as the parameter `func`",
    "EnvelopeMixIn": "behind an indicator among the bases: lines `perc` per cent above and below it",
    "Indicator": "what every indicator is",
    "MovingAverageBase": "a `period`, a place over the prices; derived classes are found in `bt.ind.MovAv`",
    "OperationN": "a line of `func(values)` of the last `period` values; give it a `func`",
    "OscillatorMixIn": "behind a moving average among the bases: the distance from it in its place",
    "PeriodN": "a `period` that the first value needs",
}

#: Calls other than ``bt.ind.NAME(data)``, by class name. ``data`` and ``other`` are feeds of days,
#: ``months`` is one of the months of ``data``.
CALLS = {
    "Accum": "bt.ind.Accum(data.close - data.open)",
    "AllN": "bt.ind.AllN(data.close > data.open, period=3)",
    "AnyN": "bt.ind.AnyN(data.close > data.open, period=3)",
    "ApplyN": "bt.ind.ApplyN(data, func=statistics.median, period=20, subplot=False)",
    "Average": "bt.ind.Average(data, period=20, subplot=False)",
    "CointN": "bt.ind.CointN(data, other, period=60)",
    "CrossDown": "bt.ind.CrossDown(data, bt.ind.SMA(data, period=20))",
    "CrossOver": "bt.ind.CrossOver(data, bt.ind.SMA(data, period=20))",
    "CrossUp": "bt.ind.CrossUp(data, bt.ind.SMA(data, period=20))",
    "DemarkPivotPoint": "bt.ind.DemarkPivotPoint(months)",
    "DownMove": "bt.ind.DownMove(data.low)",
    "ExponentialSmoothing": "bt.ind.ExponentialSmoothing(data, period=20, alpha=0.25, subplot=False)",
    "ExponentialSmoothingDynamic": (
        "bt.ind.ExponentialSmoothingDynamic(data, period=20, subplot=False,"
        " alpha=0.4 * bt.ind.PercentRank(data.volume))"
    ),
    "FibonacciPivotPoint": "bt.ind.FibonacciPivotPoint(months)",
    "FindFirstIndex": "bt.ind.FindFirstIndex(data, period=20, _evalfunc=max)",
    "FindFirstIndexHighest": "bt.ind.FindFirstIndexHighest(data.high, period=20)",
    "FindFirstIndexLowest": "bt.ind.FindFirstIndexLowest(data.low, period=20)",
    "FindLastIndex": "bt.ind.FindLastIndex(data, period=20, _evalfunc=max)",
    "FindLastIndexHighest": "bt.ind.FindLastIndexHighest(data.high, period=20)",
    "FindLastIndexLowest": "bt.ind.FindLastIndexLowest(data.low, period=20)",
    "Fractal": "bt.studies.Fractal(data)",
    "Highest": "bt.ind.Highest(data.high, period=20, subplot=False)",
    "LaguerreFilter": "bt.ind.LaguerreFilter(data, gamma=0.8)",
    "LinePlotterIndicator": "bt.LinePlotterIndicator(data.close - data.open, name='body')",
    "Lowest": "bt.ind.Lowest(data.low, period=20, subplot=False)",
    "NonZeroDifference": "bt.ind.NonZeroDifference(data, bt.ind.SMA(data, period=20))",
    "OLS_BetaN": "bt.ind.OLS_BetaN(data, other, period=60)",
    "OLS_Slope_InterceptN": "bt.ind.OLS_Slope_InterceptN(data, other, period=60)",
    "OLS_TransformationN": "bt.ind.OLS_TransformationN(data, other, period=60)",
    "Oscillator": "bt.ind.Oscillator(bt.ind.SMA(data, period=20))",
    "PivotPoint": "bt.ind.PivotPoint(months)",
    "ReduceN": "bt.ind.ReduceN(data, operator.add, period=5)",
    "SumN": "bt.ind.SumN(data.volume, period=10)",
    "TrueHigh": "bt.ind.TrueHigh(data, subplot=False)",
    "TrueLow": "bt.ind.TrueLow(data, subplot=False)",
    "UpMove": "bt.ind.UpMove(data.high)",
    "WeightedAverage": (
        "bt.ind.WeightedAverage(data, period=4, coef=1 / 8, weights=(1, 1, 2, 4), subplot=False)"
    ),
    "WindowIndicator": "bt.ind.WindowIndicator(data, window=bt.StdDevEventWindow(20))",
}

#: What a parameter is, by its name; by class and name where that differs.
WORDS = {
    "_autoplot": "draw it over the feed that `data` was resampled from",
    "_evalfunc": "picks the value out of the window",
    "_hma": "kind of the second average",
    "_movav": "kind of average",
    "_rmovav": "kind of average of the rates of change",
    "_rocperiod": "bars the change is taken over",
    "_smovav": "kind of average of the signal",
    "af": "first acceleration, and what each new extreme adds to it",
    "afmax": "largest acceleration",
    "alpha": "part of the new value that is taken; a line for one that changes",
    "autoheikin": "make Heikin Ashi bars out of the data",
    "band": "where the line of no change is drawn",
    "bardist": "distance of the mark from the bar, as a part of the price",
    "chikou": "bars by which the close is drawn earlier",
    "close": "count the close twice",
    "coef": "factor of the whole sum",
    "devfactor": "standard deviations from the middle to a band",
    "factor": "scale: with 0.015 most values are between -100 and 100",
    "fast": "period of the fast average",
    "func": "the function of the window's values",
    "gainlimit": "largest correction, in tenths",
    "gamma": "smoothing from 0 (none) to 1",
    "hperiod": "period of the Hull average",
    "kijun": "period of the base line",
    "lag_end": "end of the lags, not included; half the period if not given",
    "lag_start": "first lag; 2 if not given",
    "level1": "part of the range to the first levels",
    "level2": "part of the range to the second levels",
    "level3": "part of the range to the third levels",
    "lookback": "bars a rise or fall is taken over",
    "lowerband": "lower line of the chart",
    "maperiod": "bars that are averaged before ranking",
    "movav": "kind of average",
    "open": "count the open too",
    "p1": "short period",
    "p2": "middle period",
    "p3": "long period",
    "pchange": "bars a change is taken over",
    "perc": "distance of the lines in per cent",
    "period": "bars in the window",
    "period1": "period of the first average",
    "period2": "period of the second average",
    "period_dfast": "bars the raw line is averaged over",
    "period_dslow": "bars the slow line is averaged over",
    "period_me1": "period of the fast average",
    "period_me2": "period of the slow average",
    "period_signal": "period of the signal",
    "rfactors": "weights of the four rates",
    "rma1": "average of the first rate",
    "rma2": "average of the second rate",
    "rma3": "average of the third rate",
    "rma4": "average of the fourth rate",
    "rp1": "bars of the first rate of change",
    "rp2": "bars of the second rate of change",
    "rp3": "bars of the third rate of change",
    "rp4": "bars of the fourth rate of change",
    "rsignal": "period of the signal",
    "safediv": "replace what a division by zero would give",
    "safehigh": "value where nothing fell",
    "safelow": "value where nothing moved",
    "safepow": "take a variance that rounding made negative for positive",
    "safezero": "value where the range is zero",
    "seed": "where the total starts",
    "senkou": "period of the slower edge of the cloud",
    "senkou_lead": "bars by which the cloud is drawn later",
    "shift_to_potential_fractal": "bars of the window before the one that may stand out",
    "sigperiod": "period of the signal",
    "slow": "period of the slow average",
    "tenkan": "period of the turning line",
    "trend": "parts of the relation: `c` a constant, `ct` and a trend, `ctt` and a curve, `n` nothing",
    "upperband": "upper line of the chart",
    "weights": "weights, the first for the oldest value",
    "window": "an `EventWindow`, or what makes one",
    "AdaptiveMovingAverage.period": "bars the efficiency is measured over",
    "DownDay.period": "bars the fall is taken over",
    "DownDayBool.period": "bars the fall is taken over",
    "HurstExponent.period": "bars in the window",
    "LaguerreFilter.period": "bars until the first value",
    "LaguerreRSI.period": "bars until the first value",
    "Momentum.period": "bars the change is taken over",
    "MomentumOscillator.period": "bars the change is taken over",
    "ParabolicSAR.period": "bars until the first value, at least 2",
    "PercentChange.period": "bars the change is taken over",
    "RateOfChange.period": "bars the change is taken over",
    "RateOfChange100.period": "bars the change is taken over",
    "UpDay.period": "bars the rise is taken over",
    "UpDayBool.period": "bars the rise is taken over",
}


def indicators() -> dict[str, Any]:
    """Every indicator by its own name, in the order of names; other names of a class are not listed."""
    spaces = (bt.indicators, bt.studies)
    found = {
        x.__name__: x
        for space in spaces
        for x in (getattr(space, name) for name in dir(space))
        if isinstance(x, type) and issubclass(x, bt.Indicator) and not vars(x).get("_aliased")
    }
    return dict(sorted(found.items()))


def drawn() -> dict[str, Any]:
    """Those of them that have a picture."""
    return {name: cls for name, cls in indicators().items() if name not in BASES}


def other_names(cls: type) -> list[str]:
    """The other names of an indicator, each a class of its own."""
    spaces = (bt.indicators, bt.studies)
    every = {x for space in spaces for x in vars(space).values() if isinstance(x, type)}
    return sorted(x.__name__ for x in every if vars(x).get("_aliased") and x.__bases__ == (cls,))


def call_of(name: str) -> str:
    """The expression that makes the indicator in the picture."""
    return CALLS.get(name, f"bt.ind.{name}(data)")


def make(name: str, data: Any, other: Any, months: Any) -> Any:
    """The indicator in the picture; to be called where a strategy is built."""
    scope = {"bt": bt, "operator": operator, "statistics": statistics}
    return eval(call_of(name), {**scope, "data": data, "other": other, "months": months})


def word_for(cls: type, parameter: str) -> str:
    """What a parameter of a class is."""
    for base in cls.__mro__:
        if f"{base.__name__}.{parameter}" in WORDS:
            return WORDS[f"{base.__name__}.{parameter}"]
    return WORDS[parameter]
