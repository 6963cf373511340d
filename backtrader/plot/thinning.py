"""Artists that draw no more than the pixels of a pane can show.

Up to `LIMIT` bars they are what they are called, collections and lines of matplotlib.  With more
they look at each drawing which bars are in view and how many pixels there are: several bars in a
column of pixels are drawn as one bar, with the first open, the highest high, the lowest low and
the last close; a line keeps its first, lowest, highest and last value in each.  Zooming in shows
single bars again.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..utils.optional import require

collections: Any = require("matplotlib.collections", extra="plot", why="backtrader.plot")
colors: Any = require("matplotlib.colors")
lines: Any = require("matplotlib.lines")
transforms: Any = require("matplotlib.transforms")

__all__ = [
    "LIMIT",
    "BodyBars",
    "ColumnBars",
    "SideTicks",
    "ThinLine",
    "PriceLine",
    "VolumeBars",
    "WickBars",
    "columns_in_view",
]

#: Bars up to which every one of them is an artist's shape of its own.
LIMIT = 5000

#: Pixels for one bar when several are drawn as one.
BAR_PIXELS = 3


def columns_in_view(artist: Any, xs: Any, pixels: int = 1) -> tuple[slice, Any]:
    """The bars in view, and where among them each column of pixels begins (None: fewer bars than columns)."""
    low, high = sorted(artist.axes.get_xlim())
    first = max(int(np.searchsorted(xs, low)) - 1, 0)
    last = min(int(np.searchsorted(xs, high, side="right")) + 1, len(xs))
    shown = slice(first, last)
    count = max(int(artist.axes.bbox.width / pixels), 1)
    if last - first <= count:
        return shown, None
    edges = np.searchsorted(xs[shown], np.linspace(low, high, count + 1)[1:-1])
    return shown, np.unique(np.concatenate(([0], edges[edges < last - first])))


class _Bars:
    """What collections of bars have in common: x, columns of numbers, colours for each bar."""

    axes: Any

    def _keep(self, xs: Any, columns: dict[str, Any], half: float, colours: dict[str, Any]) -> None:
        self.bars, self.half = xs, half
        self._columns, self._colours = columns, colours
        self._drawn: Any = None

    @property
    def thins(self) -> bool:
        """Whether there are so many bars that pixels decide what is drawn."""
        return len(self.bars) > LIMIT

    def get_datalim(self, transData: Any) -> Any:
        """The room that all bars need, drawn or not."""
        low, high = self._range()
        there = np.flatnonzero(np.isfinite(low) & np.isfinite(high))
        if not len(there):
            return transforms.Bbox.null()
        left, right = self._sides()
        first, last = self.bars[there[0]] - left, self.bars[there[-1]] + right
        return transforms.Bbox.from_extents(first, low[there].min(), last, high[there].max())

    def draw(self, renderer: Any) -> None:
        """Choose what to draw, if there is more than pixels, and draw it."""
        if self.thins:
            self._choose()
        super().draw(renderer)  # type: ignore[misc]

    def _choose(self) -> None:
        view = (*self.axes.get_xlim(), self.axes.bbox.width)
        if view == self._drawn:
            return
        shown, starts = columns_in_view(self, self.bars, BAR_PIXELS)
        columns = {name: values[shown] for name, values in self._columns.items()}
        xs, half = self.bars[shown], self.half
        colours = {name: values[shown] for name, values in self._colours.items()}
        if starts is not None:
            low, high = sorted(view[:2])
            half *= (high - low) / max(int(view[2] / BAR_PIXELS), 1)
            ends = np.append(starts[1:], len(xs)) - 1
            xs = (xs[starts] + xs[ends]) / 2.0
            colours = self._mixed(columns, colours, starts, ends)
            columns = {name: _together(name, values, starts, ends) for name, values in columns.items()}
        self._show(xs, columns, half, colours)
        self._drawn = view

    def _mixed(self, columns: Any, colours: Any, starts: Any, ends: Any) -> Any:
        """The colours of bars made of several: those of one that goes the same way as a whole."""
        if "open" not in columns or "close" not in columns:
            return {name: values[ends] for name, values in colours.items()}
        ups = columns["close"] > columns["open"]
        up = columns["close"][ends] > columns["open"][starts]
        found = {}
        for name, values in colours.items():
            samples = [values[np.argmax(ups == side)] for side in (False, True)]
            found[name] = np.where(up[:, None], samples[1], samples[0])
        return found

    def _range(self) -> tuple[Any, Any]:
        raise NotImplementedError

    def _sides(self) -> tuple[float, float]:
        return self.half, self.half

    def _show(self, xs: Any, columns: Any, half: float, colours: Any) -> None:
        raise NotImplementedError


def _together(name: str, values: Any, starts: Any, ends: Any) -> Any:
    """One number for the bars of each column of pixels."""
    if name == "open":
        return values[starts]
    if name == "close":
        return values[ends]
    return (np.fmin if name == "low" else np.fmax).reduceat(values, starts)


class _Bodies(_Bars, collections.PolyCollection):
    """Rectangles between two columns of numbers."""

    _ends: tuple[str, str]

    def __init__(self, xs: Any, columns: dict[str, Any], half: float, **options: Any) -> None:
        colours = {
            name: np.broadcast_to(options.pop(name), (len(xs), 4)) for name in ("facecolors", "edgecolors")
        }
        self._keep(xs, columns, half, colours)
        super().__init__([], **options)
        if self.thins:
            self.set_facecolor(
                colours["facecolors"][:1]
            )  # for a legend; the rest is decided when it is drawn
        else:
            self._show(xs, columns, half, colours)

    def _show(self, xs: Any, columns: Any, half: float, colours: Any) -> None:
        corners = np.empty((len(xs), 4, 2))
        corners[:, :2, 0], corners[:, 2:, 0] = (xs - half)[:, None], (xs + half)[:, None]
        for end, places in zip(self._ends, ((0, 3), (1, 2)), strict=True):
            corners[:, places, 1] = columns[end][:, None]
        self.set_verts(corners)
        self.set_facecolor(colours["facecolors"])
        self.set_edgecolor(colours["edgecolors"])

    def _range(self) -> tuple[Any, Any]:
        first, second = (self._columns[end] for end in self._ends)
        return np.fmin(first, second), np.fmax(first, second)


class BodyBars(_Bodies):
    """The bodies of candles."""

    _ends = ("open", "close")

    def __init__(self, xs: Any, opens: Any, closes: Any, half: float, **options: Any) -> None:
        super().__init__(xs, {"open": opens, "close": closes}, half, **options)


class VolumeBars(_Bodies):
    """The bars of volume."""

    _ends = ("bottom", "top")

    def __init__(self, xs: Any, bottom: Any, top: Any, half: float, **options: Any) -> None:
        super().__init__(xs, {"bottom": bottom, "top": top}, half, **options)


class ColumnBars(_Bodies):
    """Columns between nothing and a line's values, as ``axes.bar`` draws them, in one artist."""

    _ends = ("low", "high")

    #: What `of` understands; with anything else ``axes.bar`` is asked.
    OPTIONS = frozenset(("alpha", "color", "facecolor", "label", "width", "zorder"))

    def __init__(self, xs: Any, values: Any, half: float, **options: Any) -> None:
        low, high = np.minimum(values, 0.0), np.maximum(values, 0.0)
        super().__init__(xs, {"low": low, "high": high}, half, **options)
        self.sticky_edges.y.append(0.0)

    @classmethod
    def of(
        cls, xs: Any, values: Any, color: Any, width: float = 0.8, alpha: float | None = None, **options: Any
    ) -> ColumnBars:
        """With the options of ``axes.bar``."""
        face = colors.to_rgba(options.pop("facecolor", color), alpha)
        return cls(xs, values, width / 2.0, facecolors=face, edgecolors=(0.0, 0.0, 0.0, 0.0), **options)


class _Sticks(_Bars, collections.LineCollection):
    """Straight lines, one or two for each bar."""

    def __init__(self, xs: Any, columns: dict[str, Any], half: float, **options: Any) -> None:
        colours = {"colors": options.pop("colors")}
        self._keep(xs, columns, half, colours)
        super().__init__([], **options)
        if not self.thins:
            self._show(xs, columns, half, colours)

    def _show(self, xs: Any, columns: Any, half: float, colours: Any) -> None:
        self.set_segments(self._segments(xs, columns, half))
        self.set_color(colours["colors"])

    def _segments(self, xs: Any, columns: Any, half: float) -> Any:
        raise NotImplementedError

    def _range(self) -> tuple[Any, Any]:
        columns = self._columns
        return columns.get("low", columns.get("at")), columns.get("high", columns.get("at"))


def _segments(x0: Any, y0: Any, x1: Any, y1: Any) -> Any:
    return np.stack([np.stack([x0, y0], axis=-1), np.stack([x1, y1], axis=-1)], axis=1)


class WickBars(_Sticks):
    """The wicks of candles, or with no body the whole range of bars."""

    def __init__(
        self, xs: Any, opens: Any, highs: Any, lows: Any, closes: Any, body: bool = True, **options: Any
    ) -> None:
        self._body = body
        columns = {"open": opens, "high": highs, "low": lows, "close": closes}
        super().__init__(xs, columns, 0.0, **options)

    def _segments(self, xs: Any, columns: Any, half: float) -> Any:
        low, high = columns["low"], columns["high"]
        if not self._body:
            return _segments(xs, low, xs, high)
        ends = columns["open"], columns["close"]
        upper, lower = _segments(xs, high, xs, np.maximum(*ends)), _segments(xs, low, xs, np.minimum(*ends))
        return np.concatenate([upper, lower])


class SideTicks(_Sticks):
    """The short lines of bars: from the left to the open, from the close to the right."""

    def __init__(self, xs: Any, opens: Any, closes: Any, width: float, left: bool, **options: Any) -> None:
        self._left = left
        super().__init__(xs, {"open": opens, "close": closes}, width, **options)

    def _segments(self, xs: Any, columns: Any, half: float) -> Any:
        if self._left:
            return _segments(xs - half, columns["open"], xs, columns["open"])
        return _segments(xs, columns["close"], xs + half, columns["close"])

    def _range(self) -> tuple[Any, Any]:
        values = self._columns["open" if self._left else "close"]
        return values, values

    def _sides(self) -> tuple[float, float]:
        return (self.half, 0.0) if self._left else (0.0, self.half)


class ThinLine(lines.Line2D):
    """A line; with very many values what is drawn of it has a few for each pixel."""

    def draw(self, renderer: Any) -> None:
        """Draw the line, or one like it with fewer values."""
        xs = self.get_xdata(orig=False)
        if len(xs) <= 4 * LIMIT or not self.get_visible() or self.axes is None:
            super().draw(renderer)
            return
        shown, starts = columns_in_view(self, xs)
        xs, ys = np.asarray(xs)[shown], np.asarray(self.get_ydata(orig=False), dtype=float)[shown]
        if starts is not None:
            xs, ys = _four_a_column(xs, ys, starts)
        line = lines.Line2D(xs, ys)
        line.update_from(self)
        line.set_figure(self.get_figure())
        line.axes = self.axes
        line.draw(renderer)
        self.stale = False


class PriceLine(ThinLine):
    """The closes of a feed."""


def _four_a_column(xs: Any, ys: Any, starts: Any) -> tuple[Any, Any]:
    """First, lowest, highest and last value of each column of pixels."""
    ends = np.append(starts[1:], len(xs)) - 1
    low, high = np.fmin.reduceat(ys, starts), np.fmax.reduceat(ys, starts)
    first, last = ys[starts], ys[ends]
    few = np.empty((len(starts), 4, 2))
    few[:, :, 0] = np.stack([xs[starts], xs[starts], xs[ends], xs[ends]], axis=1)
    few[:, :, 1] = np.stack(
        [np.where(np.isnan(first), low, first), low, high, np.where(np.isnan(last), high, last)], axis=1
    )
    return few[:, :, 0].ravel(), few[:, :, 1].ravel()
