"""Every built-in indicator: how a user makes it, and the hand-written loops that give the same lines.

In the first expression ``d`` is the feed, in the second ``o h l c v`` are its columns and the names are
those of `loops` and `loops_price`.  A tuple has one array a line.  Both run with the default periods
where an indicator has some.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Case:
    """An indicator and the loops to compare it with; none where the user brings the formula."""

    name: str
    made: str
    by_hand: str = ""
    known: str = ""  # in what the values differ from the original's, on purpose
    bars: int = 0  # at most so many where others get a million, because a bar takes long


_BASICS = {
    "Accum": ("Accum(d)", "accumulate(c)"),
    "AllN": ("AllN(d > d.open, period=14)", "truth(distance_sign(c, o), 14, True)"),
    "AnyN": ("AnyN(d > d.open, period=14)", "truth(distance_sign(c, o), 14, False)"),
    "ApplyN": ("ApplyN(d, period=14, func=lambda x: x[0] - x[-1])", ""),
    "Average": ("Average(d, period=14)", "sma(c, 14)"),
    "ExponentialSmoothing": ("ExponentialSmoothing(d, period=14)", "ema(c, 14)"),
    "ExponentialSmoothingDynamic": (
        "ExponentialSmoothingDynamic(d, period=14, alpha=d.close / d.close(-1) / 10.0)",
        "smooth_by(c, ratio(c, 1, 0.1, 0.0), 14, 13)",
    ),
    "FindFirstIndex": ("FindFirstIndex(d, period=14, _evalfunc=max)", "extreme_ago(c, 14, 1.0, True)"),
    "FindFirstIndexHighest": ("FindFirstIndexHighest(d, period=14)", "extreme_ago(c, 14, 1.0, True)"),
    "FindFirstIndexLowest": ("FindFirstIndexLowest(d, period=14)", "extreme_ago(c, 14, -1.0, True)"),
    "FindLastIndex": ("FindLastIndex(d, period=14, _evalfunc=min)", "extreme_ago(c, 14, -1.0, False)"),
    "FindLastIndexHighest": ("FindLastIndexHighest(d, period=14)", "extreme_ago(c, 14, 1.0, False)"),
    "FindLastIndexLowest": ("FindLastIndexLowest(d, period=14)", "extreme_ago(c, 14, -1.0, False)"),
    "Highest": ("Highest(d, period=14)", "highest(c, 14)"),
    "Lowest": ("Lowest(d, period=14)", "lowest(c, 14)"),
    "ReduceN": ("ReduceN(d, lambda a, b: a * 0.5 + b, period=14)", ""),
    "SumN": ("SumN(d, period=14)", "sumn(c, 14)"),
    "WeightedAverage": (
        "WeightedAverage(d, period=14, coef=0.1, weights=tuple(range(14, 0, -1)))",
        "weighted(c, weights14, 0.1)",
    ),
    "NonZeroDifference": ("NonZeroDifference(d, d.open)", "nonzero_difference(c, o)"),
    "CrossOver": ("CrossOver(d, d.open)", "cross(c, o, 1.0, -1.0)"),
    "CrossUp": ("CrossUp(d, d.open)", "cross(c, o, 1.0, 0.0)"),
    "CrossDown": ("CrossDown(d, d.open)", "cross(c, o, 0.0, 1.0)"),
    "StandardDeviation": ("StandardDeviation(d)", "stddev(c, 20)[1:]"),
    "MeanDeviation": ("MeanDeviation(d)", "mean_deviation(c, 20)"),
    "PercentRank": ("PercentRank(d)", "rank(c, 50)"),
}
_AVERAGES = {
    "MovingAverageSimple": "sma(c, 30)",
    "ExponentialMovingAverage": "ema(c, 30)",
    "SmoothedMovingAverage": "smma(c, 30)",
    "WeightedMovingAverage": "wma(c, 30, 0)",
    "DoubleExponentialMovingAverage": "dema(c, 30)",
    "TripleExponentialMovingAverage": "tema(c, 30)",
    "AdaptiveMovingAverage": "kama(c, 30, 2, 30)",
    "ZeroLagExponentialMovingAverage": "zlema(c, 30)",
    "HullMovingAverage": "hma(c, 30)",
    "ZeroLagIndicator": "zlind(c, 30, 50)",
    "DicksonMovingAverage": "dma(c, 30, 50, 7)",
}
_MOVES = {
    "UpDay": "day(c, 1, 1.0)",
    "DownDay": "day(c, 1, -1.0)",
    "UpDayBool": "day_bool(c, 1, 1.0)",
    "DownDayBool": "day_bool(c, 1, -1.0)",
    "UpMove": "momentum(c, 1)",
    "DownMove": "day_fall(c)",
    "RelativeStrengthIndex": "rsi(c, 14, 1, 1.0 / 14.0)",
    "RSI_Safe": "rsi(c, 14, 1, 1.0 / 14.0)",
    "RSI_EMA": "rsi(c, 14, 1, 2.0 / 15.0)",
    "RSI_SMA": "rsi(c, 14, 1, 0.0)",
    "RelativeMomentumIndex": "rsi(c, 20, 5, 1.0 / 20.0)",
    "Momentum": "momentum(c, 12)",
    "MomentumOscillator": "ratio(c, 12, 100.0, 0.0)",
    "RateOfChange": "change(c, 12, 1.0)",
    "RateOfChange100": "change(c, 12, 100.0)",
    "PercentChange": "ratio(c, 30, 1.0, 1.0)",
    "MACD": "macd(c, 12, 26, 9)",
    "MACDHisto": "macd_histo(c, 12, 26, 9)",
    "PriceOscillator": "price_oscillator(c, 12, 26)",
    "PercentagePriceOscillator": "percent_oscillator(c, 12, 26, 9, True)",
    "PercentagePriceOscillatorShort": "percent_oscillator(c, 12, 26, 9, False)",
    "DetrendedPriceOscillator": "detrended(c, 20)",
    "Trix": "trix(c, 15)",
    "TrixSignal": "trix_signal(c, 15, 9)",
    "TrueStrengthIndicator": "strength(c, 25, 13)",
    "KnowSureThing": "sure_thing(c, 9)",
    "BollingerBands": "bands(c, 20, 2.0)",
    "BollingerBandsPct": "bands_percent(c, 20, 2.0)",
    "LaguerreFilter": "laguerre(c, 0.5, False, 0)",
    "LaguerreRSI": "laguerre(c, 0.5, True, 5)",
}
_BARS = {
    "TrueHigh": "true_high(h, c)",
    "TrueLow": "true_low(l, c)",
    "TrueRange": "true_range(h, l, c)",
    "AverageTrueRange": "atr(h, l, c, 14)",
    "PrettyGoodOscillator": "pretty_good(h, l, c, 14)",
    "DirectionalIndicator": "directions(h, l, c, 14)",
    "PlusDirectionalIndicator": "direction(h, l, c, 14, 1.0)",
    "MinusDirectionalIndicator": "direction(h, l, c, 14, -1.0)",
    "AverageDirectionalMovementIndex": "adx(h, l, c, 14)",
    "AverageDirectionalMovementIndexRating": "adxr(h, l, c, 14)",
    "DirectionalMovementIndex": "dmi(h, l, c, 14)",
    "DirectionalMovement": "directional(h, l, c, 14)",
    "CommodityChannelIndex": "cci(h, l, c, 20, 0.015)",
    "AwesomeOscillator": "awesome(h, l, 5, 34)",
    "AccelerationDecelerationOscillator": "acceleration(h, l, 5)",
    "AroonUp": "aroon(h, 14, 1.0)",
    "AroonDown": "aroon(l, 14, -1.0)",
    "AroonUpDown": "aroon(h, 14, 1.0), aroon(l, 14, -1.0)",
    "AroonOscillator": "distance(aroon(h, 14, 1.0), aroon(l, 14, -1.0))",
    "AroonUpDownOscillator": "with_distance(aroon(h, 14, 1.0), aroon(l, 14, -1.0))",
    "StochasticFast": "stochastic(h, l, c, 14, 3)",
    "Stochastic": "stochastic_full(h, l, c, 14, 3, 3)[1:]",
    "StochasticFull": "stochastic_full(h, l, c, 14, 3, 3)",
    "WilliamsR": "williams_r(h, l, c, 14)",
    "WilliamsAD": "williams_ad(h, l, c)",
    "UltimateOscillator": "ultimate(h, l, c)",
    "Vortex": "vortex(h, l, c, 14)",
    "DV2": "dv2(h, l, c, 252)",
    "Ichimoku": "ichimoku(h, l, c)",
    "HeikinAshi": "heikin(o, h, l, c)",
    "haDelta": "heikin_delta(o, h, l, c, 3)",
    "PivotPoint": "pivots(h, l, c)",
    "FibonacciPivotPoint": "fibonacci(h, l, c)",
    "DemarkPivotPoint": "demark(o, h, l, c)",
    "ParabolicSAR": "parabolic(h, l, c, 0.02, 0.2)",
}


# The bars of the benchmarks have runs without any fall, at which the original stops.
_MADE = {"RSI_SMA": "bt.ind.RSI_SMA(d, safediv=True)"}
_FAILS = "the original fails"
_TOO_EARLY = "in the original's batch what is made of the average is computed before it: NaN"
_KNOWN = {
    "Ichimoku": "same, but for a close that the original's batch writes before the first bar",
    "OLS_BetaN": _FAILS,
    "LinePlotterIndicator": _FAILS,
    "HurstExponent": "same to 13 digits",
    "ZeroLagIndicatorEnvelope": _TOO_EARLY,
    "ZeroLagIndicatorOscillator": _TOO_EARLY,
}


# Least squares as the original's statsmodels and numpy have them: by singular value decomposition.
_SLOW = [
    (
        "OLS_Slope_InterceptN",
        "OLS_Slope_InterceptN(d.close, d.open, period=10)",
        "line_fit(c, o, 10)",
        20_000,
    ),
    ("OLS_BetaN", "OLS_BetaN(d.close, d.open, period=10)", "line_fit(c, o, 10)[0]", 20_000),
    (
        "OLS_TransformationN",
        "OLS_TransformationN(d.close, d.open, period=10)",
        "line_distance(c, o, 10)",
        20_000,
    ),
    ("HurstExponent", "HurstExponent(d)", "hurst(c, 40)", 20_000),
    ("CointN", "CointN(d.close, d.open, period=10)", "", 300),
]


def _cases() -> list[Case]:
    cases = [Case(name, f"bt.ind.{made}", by_hand) for name, (made, by_hand) in _BASICS.items()]
    for name, by_hand in {**_AVERAGES, **_MOVES, **_BARS}.items():
        made = _MADE.get(name, f"bt.ind.{name}(d)")
        cases.append(Case(name, made, by_hand, _KNOWN.get(name, "")))
    for name, by_hand in _AVERAGES.items():
        for other, loops in (
            (f"{name}Envelope", f"with_envelope({by_hand}, 0.025)"),
            (f"{name}Oscillator", f"distance(c, {by_hand})"),
        ):
            cases.append(Case(other, f"bt.ind.{other}(d)", loops, _KNOWN.get(other, "")))
    cases += [
        Case(name, f"bt.ind.{made}", by_hand, _KNOWN.get(name, ""), bars)
        for name, made, by_hand, bars in _SLOW
    ]
    cases.append(
        Case(
            "LinePlotterIndicator",
            "bt.LinePlotterIndicator(bt.ind.SMA(d, period=30), name='average')",
            "sma(c, 30)",
            _KNOWN["LinePlotterIndicator"],
        )
    )
    cases.append(Case("Envelope", "bt.ind.Envelope(d)", "with_envelope(c.copy(), 0.025)"))
    cases.append(
        Case("Oscillator", "bt.ind.Oscillator(bt.ind.MovingAverageSimple(d))", "distance(c, sma(c, 30))")
    )
    return cases


CASES = _cases()

WINDOWED = (
    "SumN",
    "Average",
    "MovingAverageSimple",
    "StandardDeviation",
    "MeanDeviation",
    "Highest",
    "Lowest",
    "FindFirstIndexHighest",
    "FindLastIndexLowest",
)
"""Windowed sums and extremes, whose cost must not depend on the period."""
