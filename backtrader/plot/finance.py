"""Bars of prices and of volume on the axes of a chart.

With very many bars they draw what a pixel can show, see `backtrader.plot.thinning`.
"""

from __future__ import annotations

from typing import Any

from .handlers import (
    CandlestickPlotHandler,
    LineOnClosePlotHandler,
    OHLCPlotHandler,
    VolumePlotHandler,
)
from .utils import shade_color

__all__ = [
    "CandlestickPlotHandler",
    "LineOnClosePlotHandler",
    "OHLCPlotHandler",
    "VolumePlotHandler",
    "plot_candlestick",
    "plot_lineonclose",
    "plot_ohlc",
    "plot_volume",
    "shade_color",
]


def plot_candlestick(
    ax: Any, x: Any, opens: Any, highs: Any, lows: Any, closes: Any,
    colorup: Any = "k", colordown: Any = "r", edgeup: Any = None, edgedown: Any = None,
    tickup: Any = None, tickdown: Any = None, width: float = 1, tickwidth: float = 1.25,
    edgeadjust: float = 0.05, edgeshading: float = -10, alpha: float = 1.0, label: str = "_nolegend",
    fillup: bool = True, filldown: bool = True, **kwargs: Any,
) -> tuple[Any, Any]:  # fmt: skip
    """Draw candles; returns the bodies and the wicks."""
    made = CandlestickPlotHandler(
        ax, x, opens, highs, lows, closes, colorup, colordown, edgeup, edgedown, tickup, tickdown,
        width, tickwidth, edgeadjust, edgeshading, alpha, label, fillup, filldown, **kwargs,
    )  # fmt: skip
    return made.barcol, made.tickcol


def plot_volume(
    ax: Any, x: Any, opens: Any, closes: Any, volumes: Any,
    colorup: Any = "k", colordown: Any = "r", edgeup: Any = None, edgedown: Any = None,
    edgeshading: float = -5, edgeadjust: float = 0.05, width: float = 1, alpha: float = 1.0, **kwargs: Any,
) -> tuple[Any]:  # fmt: skip
    """Draw volume; returns the bars."""
    made = VolumePlotHandler(
        ax, x, opens, closes, volumes, colorup, colordown, edgeup, edgedown, edgeshading, edgeadjust,
        width, alpha, **kwargs,
    )  # fmt: skip
    return (made.barcol,)


def plot_ohlc(
    ax: Any, x: Any, opens: Any, highs: Any, lows: Any, closes: Any,
    colorup: Any = "k", colordown: Any = "r", width: float = 1.5, tickwidth: float = 0.5,
    alpha: float = 1.0, label: str = "_nolegend", **kwargs: Any,
) -> tuple[Any, Any, Any]:  # fmt: skip
    """Draw bars; returns the sticks, the opens and the closes."""
    made = OHLCPlotHandler(
        ax, x, opens, highs, lows, closes, colorup, colordown, width, tickwidth, alpha, label, **kwargs
    )
    return made.barcol, made.opencol, made.closecol


def plot_lineonclose(
    ax: Any, x: Any, closes: Any, color: Any = "k", width: float = 1.5, alpha: float = 1.0,
    label: str = "_nolegend", **kwargs: Any,
) -> tuple[Any]:  # fmt: skip
    """Draw a line through the closes; returns it."""
    return (LineOnClosePlotHandler(ax, x, closes, color, width, alpha, label, **kwargs).loc,)
