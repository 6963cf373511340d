"""Built-in indicators with plot options of their own."""

from __future__ import annotations

from typing import Any

import backtrader as bt

from ..stage import Drawing, Quiet, chart, daily, drawing, together_with


def _drawn(*kinds: str, **options: Any) -> Drawing:
    def parts(s: Any) -> None:
        for kind in kinds:
            getattr(bt.ind, kind)(s.data)

    return drawing(parts=parts, **options)


@chart
def bands() -> Drawing:
    return _drawn("BollingerBands", "BollingerBandsPct", "SMAEnvelope", "ParabolicSAR")


@chart(
    differs={
        "lines": "Williams %R has its bands, which the original's means to draw",
        "ylim": "the bands have ticks",
    }
)
def oscillators() -> Drawing:
    return _drawn("StochasticFull", "CCI", "WilliamsR", "UltimateOscillator", "AroonUpDown")


@chart(differs={"lines": "the level 0 of the Aroon oscillator is drawn once", "ylim": "and has one tick"})
def more_oscillators() -> Drawing:
    return _drawn("AroonOscillator", "AwesomeOscillator", "DPO", "Momentum", "TRIX", "KST")


@chart
def directional() -> Drawing:
    return _drawn("DirectionalMovement", "ADXR", "PlusDI", "Vortex")


@chart
def crossings() -> Drawing:
    def parts(s: Any) -> None:
        bt.ind.CrossOver(s.data.close, s.averages[0])
        bt.ind.CrossUp(s.data.close, s.averages[0])
        bt.ind.ZeroLag(s.data) if hasattr(bt.ind, "ZeroLag") else None

    return drawing(parts=parts)


@chart
def averages() -> Drawing:
    return _drawn("EMA", "WMA", "DEMA", "HMA", "KAMA", "SmoothedMovingAverage", style="candle")


@chart
def heikin_ashi() -> Drawing:
    return _drawn("HeikinAshi", "haDelta", style="candle")


@chart
def ranks() -> Drawing:
    return _drawn("PercentRank", "PercentChange", "Highest", "Lowest", "StdDev", "LRSI")


@chart
def oscillator_mixes() -> Drawing:
    def parts(s: Any) -> None:
        bt.ind.SMAOsc(s.data)
        bt.ind.Oscillator(bt.ind.SMA(s.data, period=8))
        bt.ind.Envelope(s.data)

    return drawing(parts=parts)


PIVOTS = {
    "lines": "has the name of the indicator, not that of a coupler, and all lines begin with their first value",
    "legend": "the same",
}


@chart(differs=PIVOTS)
def pivots_on_days() -> Drawing:
    def parts(s: Any) -> None:
        s.pivot = bt.ind.PivotPoint(s.data1)
        s.second = bt.ind.FibonacciPivotPoint(s.data1, _autoplot=False)

    return drawing(cerebro=together_with(daily(), bt.TimeFrame.Months), parts=parts, strategy=Quiet)


@chart(differs=PIVOTS)
def pivots_drawn_on_days() -> Drawing:
    def parts(s: Any) -> None:
        s.pivot = bt.ind.PivotPoint(s.data1)
        s.pivot.plotinfo.plotmaster = s.data0

    return drawing(cerebro=together_with(daily(), bt.TimeFrame.Months), parts=parts, strategy=Quiet)
