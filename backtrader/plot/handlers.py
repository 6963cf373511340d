"""Makes the artists that show a feed, and their pictures in legends.

A feed is a handful of artists, whatever its length: one collection of bodies, one of wicks.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..utils.optional import require
from .thinning import BodyBars, PriceLine, SideTicks, VolumeBars, WickBars
from .utils import shade_color

colors: Any = require("matplotlib.colors", extra="plot", why="backtrader.plot")
legend: Any = require("matplotlib.legend")

__all__ = ["CandlestickPlotHandler", "LineOnClosePlotHandler", "OHLCPlotHandler", "VolumePlotHandler"]

_LINE = 0.5


def _column(values: Any) -> Any:
    return np.asarray(values, dtype=float)


def _by_side(opens: Any, closes: Any, up: Any, down: Any) -> Any:
    """A colour for each bar: ``up`` where it closed above its open, ``down`` everywhere else."""
    return np.where((closes > opens)[:, None], colors.to_rgba_array(up), colors.to_rgba_array(down))


def _reach(ax: Any, bars: int, low: Any, high: Any) -> None:
    """Let the axes show from the first bar to where the tags of last values stand."""
    low, high = low[np.isfinite(low)], high[np.isfinite(high)]
    if len(low) and len(high):
        ax.update_datalim([(0, low.min()), (bars, high.max())])
        ax.autoscale_view()  # collections do not ask for it before matplotlib 3.10


def _edge(given: Any, face: Any, shading: float, alpha: float | None = None) -> Any:
    """The colour of an edge: the one given, or that of the face made lighter or darker."""
    return colors.to_rgba(shade_color(face, shading)) if given is None else colors.to_rgba(given, alpha)


class _Handler:
    """What a legend asks for a picture of the artists that this handler made."""

    def legend_artist(self, legend: Any, orig_handle: Any, fontsize: Any, handlebox: Any) -> Any:
        """Put a small picture into the box; returns its artists."""
        pictures = self._picture(handlebox.xdescent, handlebox.ydescent, handlebox.width, handlebox.height)
        for picture in pictures:
            picture.set_transform(handlebox.get_transform())
            handlebox.add_artist(picture)
        return pictures

    def _picture(self, left: float, bottom: float, width: float, height: float) -> tuple[Any, ...]:
        raise NotImplementedError


class _PriceHandler(_Handler):
    """The three bars of a legend's picture of prices."""

    legend_opens = [0.5, 0.5, 0.5]
    legend_highs = [1.0, 1.0, 1.0]
    legend_lows = [0.0, 0.0, 0.0]


def _places(left: float, width: float, count: int) -> list[float]:
    """Where so many bars stand in a picture."""
    return [left + width / count * (i + 0.5) for i in range(count)]


class _Delegate:
    """Registered once for each kind of artist: asks the artist's own handler."""

    def legend_artist(self, legend: Any, orig_handle: Any, fontsize: Any, handlebox: Any) -> Any:
        return orig_handle.legend_picture.legend_artist(legend, orig_handle, fontsize, handlebox)


legend.Legend.update_default_handler_map(
    dict.fromkeys((BodyBars, VolumeBars, WickBars, PriceLine), _Delegate())
)


class CandlestickPlotHandler(_PriceHandler):
    """Candles: a body from open to close, wicks to high and low."""

    legend_closes = [0.80, 0.0, 1.0]

    def __init__(
        self, ax: Any, x: Any, opens: Any, highs: Any, lows: Any, closes: Any,
        colorup: Any = "k", colordown: Any = "r", edgeup: Any = None, edgedown: Any = None,
        tickup: Any = None, tickdown: Any = None, width: float = 1, tickwidth: float = 1,
        edgeadjust: float = 0.05, edgeshading: float = -10, alpha: float = 1.0, label: str = "_nolegend",
        fillup: bool = True, filldown: bool = True, **kwargs: Any,
    ) -> None:  # fmt: skip
        self.colorup, self.colordown = colors.to_rgba(colorup, alpha), colors.to_rgba(colordown, alpha)
        # compat: edges of volume take the opacity, edges of candles do not
        self.edgeup = _edge(edgeup, colorup, edgeshading)
        self.edgedown = _edge(edgedown, colordown, edgeshading)
        self.tickup = self.edgeup if tickup is None else colors.to_rgba(tickup, alpha)
        self.tickdown = self.edgedown if tickdown is None else colors.to_rgba(tickdown, alpha)
        self._fill = fillup, filldown
        self.barcol, self.tickcol = self.barcollection(
            x, opens, highs, lows, closes, width, tickwidth, edgeadjust, label, 1.0, 0, fillup, filldown,
            **kwargs,
        )  # fmt: skip
        self.barcol.legend_picture = self
        ax.add_collection(self.tickcol)
        ax.add_collection(self.barcol)
        _reach(ax, len(self.barcol.bars), _column(lows), _column(highs))

    def barcollection(
        self, xs: Any, opens: Any, highs: Any, lows: Any, closes: Any, width: float, tickwidth: float = 1,
        edgeadjust: float = 0, label: str = "_nolegend", scaling: float = 1.0, bot: float = 0,
        fillup: bool = True, filldown: bool = True, **kwargs: Any,
    ) -> tuple[Any, Any]:  # fmt: skip
        """The bodies and the wicks, not yet on any axes."""
        o, h, lo, c = (_column(values) * scaling + bot for values in (opens, highs, lows, closes))
        faces = _by_side(
            o, c, self.colorup if fillup else (0, 0, 0, 0), self.colordown if filldown else (0, 0, 0, 0)
        )
        half = width / 2.0 - edgeadjust
        options = {"linewidths": _LINE, "antialiaseds": False, "zorder": 1, "label": label, **kwargs}
        edges = _by_side(o, c, self.edgeup, self.edgedown)
        bodies = BodyBars(_column(xs), o, c, half, facecolors=faces, edgecolors=edges, **options)
        wicks = WickBars(
            _column(xs), o, h, lo, c,
            colors=_by_side(o, c, self.tickup, self.tickdown), linewidths=tickwidth, antialiaseds=False,
            zorder=bodies.get_zorder() * 0.9999,
        )  # fmt: skip
        return bodies, wicks

    def _picture(self, left: float, bottom: float, width: float, height: float) -> tuple[Any, ...]:
        count = len(self.legend_opens)
        xs = _places(left, width, count)
        return self.barcollection(
            xs, self.legend_opens, self.legend_highs, self.legend_lows, self.legend_closes,
            width / count, 2, 0, "_nolegend", height, bottom, *self._fill,
        )  # fmt: skip


class VolumePlotHandler(_Handler):
    """Volume: a bar from nothing, coloured as the price went."""

    legend_vols = [0.5, 1.0, 0.75]
    legend_opens = [0, 1, 0]
    legend_closes = [1, 0, 1]

    def __init__(
        self, ax: Any, x: Any, opens: Any, closes: Any, volumes: Any,
        colorup: Any = "k", colordown: Any = "r", edgeup: Any = None, edgedown: Any = None,
        edgeshading: float = -5, edgeadjust: float = 0.05, width: float = 1, alpha: float = 1.0,
        **kwargs: Any,
    ) -> None:  # fmt: skip
        self.colorup, self.colordown = colors.to_rgba(colorup, alpha), colors.to_rgba(colordown, alpha)
        self.edgeup = _edge(edgeup, colorup, edgeshading, alpha)
        self.edgedown = _edge(edgedown, colordown, edgeshading, alpha)
        self.barcol = self.barcollection(x, opens, closes, volumes, width, edgeadjust, **kwargs)
        self.barcol.legend_picture = self
        ax.add_collection(self.barcol)
        tops = _column(volumes)
        _reach(ax, len(tops), tops * 0.0, tops)

    def barcollection(
        self, x: Any, opens: Any, closes: Any, vols: Any, width: float,
        edgeadjust: float = 0, vscaling: float = 1.0, vbot: float = 0, **kwargs: Any,
    ) -> Any:  # fmt: skip
        """The bars, not yet on any axes."""
        o, c = _column(opens), _column(closes)
        tops = _column(vols) * vscaling + vbot
        return VolumeBars(
            _column(x), np.full(len(tops), float(vbot)), tops, width / 2.0 - edgeadjust,
            facecolors=_by_side(o, c, self.colorup, self.colordown),
            edgecolors=_by_side(o, c, self.edgeup, self.edgedown),
            **{"linewidths": _LINE, "antialiaseds": False, "zorder": 1, **kwargs},
        )  # fmt: skip

    def legend_artist(self, legend: Any, orig_handle: Any, fontsize: Any, handlebox: Any) -> Any:
        """One collection, not a tuple of artists."""
        return super().legend_artist(legend, orig_handle, fontsize, handlebox)[0]

    def _picture(self, left: float, bottom: float, width: float, height: float) -> tuple[Any, ...]:
        count = len(self.legend_vols)
        xs = _places(left, width, count)
        return (
            self.barcollection(
                xs, self.legend_opens, self.legend_closes, self.legend_vols, width / count, 0, height, bottom
            ),
        )


class OHLCPlotHandler(_PriceHandler):
    """Bars: a stick from low to high, the open on its left and the close on its right."""

    legend_closes = [0.80, 0.20, 0.90]

    def __init__(
        self, ax: Any, x: Any, opens: Any, highs: Any, lows: Any, closes: Any,
        colorup: Any = "k", colordown: Any = "r", width: float = 1, tickwidth: float = 0.5,
        alpha: float = 1.0, label: str = "_nolegend", **kwargs: Any,
    ) -> None:  # fmt: skip
        self.colorup, self.colordown = colors.to_rgba(colorup, alpha), colors.to_rgba(colordown, alpha)
        self.barcol, self.opencol, self.closecol = self.barcollection(
            x, opens, highs, lows, closes, width, tickwidth, label, **kwargs
        )
        self.barcol.legend_picture = self
        for sticks in (self.barcol, self.opencol, self.closecol):
            ax.add_collection(sticks)
        _reach(ax, len(self.barcol.bars), _column(lows), _column(highs))

    def barcollection(
        self, xs: Any, opens: Any, highs: Any, lows: Any, closes: Any, width: float, tickwidth: float,
        label: str = "_nolegend", scaling: float = 1.0, bot: float = 0, **kwargs: Any,
    ) -> tuple[Any, Any, Any]:  # fmt: skip
        """The sticks, the opens and the closes, not yet on any axes."""
        x = _column(xs)
        o, h, lo, c = (_column(values) * scaling + bot for values in (opens, highs, lows, closes))
        options = {"colors": _by_side(o, c, self.colorup, self.colordown), "antialiaseds": False, **kwargs}
        sticks = WickBars(x, o, h, lo, c, body=False, linewidths=width, label=label, **options)
        return (sticks, *self._sides(x, o, c, tickwidth, tickwidth, **options))

    @staticmethod
    def _sides(
        x: Any, opens: Any, closes: Any, reach: float, width: float, **options: Any
    ) -> tuple[Any, Any]:
        left, right = (
            SideTicks(x, opens, closes, reach, side, linewidths=width, label="_nolegend", **options)
            for side in (True, False)
        )
        return left, right

    def _picture(self, left: float, bottom: float, width: float, height: float) -> tuple[Any, ...]:
        count = len(self.legend_opens)
        room = width / count
        xs = _places(left, width, count)
        sticks = self.barcollection(
            xs, self.legend_opens, self.legend_highs, self.legend_lows, self.legend_closes,
            1.5, 2, "_nolegend", height, bottom,
        )[0]  # fmt: skip
        opens, closes = (_column(part) * height + bottom for part in (self.legend_opens, self.legend_closes))
        options = {"colors": sticks.get_colors(), "antialiaseds": False}
        return (sticks, *self._sides(_column(xs), opens, closes, room * 0.3, 2.0, **options))


class LineOnClosePlotHandler(_Handler):
    """A line through the closes."""

    legend_closes = [0.0, 0.66, 0.33, 1.0]

    def __init__(
        self, ax: Any, x: Any, closes: Any, color: Any = "k", width: float = 1, alpha: float = 1.0,
        label: str = "_nolegend", **kwargs: Any,
    ) -> None:  # fmt: skip
        self.color, self.alpha = color, alpha
        (self.loc,) = self.barcollection(x, closes, width, label, **kwargs)
        self.loc.legend_picture = self
        ax.add_line(self.loc)
        ax.autoscale_view()

    def barcollection(
        self, xs: Any, closes: Any, width: float, label: str = "_nolegend", scaling: float = 1.0,
        bot: float = 0, **kwargs: Any,
    ) -> tuple[Any, ...]:  # fmt: skip
        """The line, not yet on any axes."""
        values = _column(closes) * scaling + bot
        options = {"color": self.color, "lw": width, "alpha": self.alpha, "label": label, **kwargs}
        return (PriceLine(_column(xs), values, **options),)

    def _picture(self, left: float, bottom: float, width: float, height: float) -> tuple[Any, ...]:
        count = len(self.legend_closes)
        xs = _places(left, width, count)
        return self.barcollection(xs, self.legend_closes, 1.5, "_nolegend", height, bottom)
