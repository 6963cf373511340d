"""Arranges what does not grow with a figure: dates, numbers beside the panes, and legends."""

from __future__ import annotations

import math
from typing import Any

from ..utils.optional import require
from .legends import fit_legends

layout_engine: Any = require("matplotlib.layout_engine", extra="plot", why="backtrader.plot")

__all__ = ["Fit"]

#: Space around what is written beside the panes, in points.
_MARGIN = 2.0

#: Height of a text in heights of its letters.
_LINE = 1.2


class Fit(layout_engine.LayoutEngine):
    """Arranges a chart before each drawing: in a window of another size, and as large as it is saved."""

    _adjust_compatible = True
    _colorbar_gridspec = True

    def __init__(self, dated: Any) -> None:
        """``dated`` are the axes that have the dates below them."""
        super().__init__()
        self._dated = dated
        around = dated.figure.subplotpars
        self._wanted = self._chosen = {side: getattr(around, side) for side in ("left", "right", "bottom")}
        self._hidden: list[Any] = []

    def execute(self, fig: Any) -> None:
        """Called by matplotlib."""
        for label in self._hidden:
            label.set_visible(True)
        if all(getattr(fig.subplotpars, side) == place for side, place in self._chosen.items()):
            self._chosen = self._around(fig)
            fig.subplots_adjust(**self._chosen)
        # else somebody wants it otherwise
        self._hidden = _crowded_dates(self._dated)
        for ax in fig.axes:
            self._hidden += _crowded_numbers(ax)
        for label in self._hidden:
            label.set_visible(False)
        fit_legends(fig)

    def _around(self, fig: Any) -> dict[str, float]:
        """Where the panes begin and end, so that all numbers and dates are in the figure."""
        left = right = below = 0.0
        for ax in fig.axes:
            box = ax.yaxis.get_tightbbox() if ax.yaxis.get_visible() else None
            if box is not None:
                left, right = max(left, ax.bbox.x0 - box.x0), max(right, box.x1 - ax.bbox.x1)
        dates = self._dated.xaxis.get_tightbbox()
        if dates is not None:
            below = self._dated.bbox.y0 - dates.y0
        margin, (width, height) = _MARGIN * fig.dpi / 72.0, fig.bbox.size
        return {
            "left": max(self._wanted["left"], (left + margin) / width),
            "right": min(self._wanted["right"], 1.0 - (right + margin) / width),
            "bottom": max(self._wanted["bottom"], (below + margin) / height),
        }


def _in_view(axis: Any) -> list[Any]:
    """The ticks that are seen, from the lowest to the highest."""
    low, high = sorted(axis.get_view_interval())
    axis.get_ticklabels()  # puts all ticks in their places
    seen = (tick for tick in axis.get_major_ticks() if low <= tick.get_loc() <= high)
    return sorted(seen, key=lambda tick: float(tick.get_loc()))


def _line_height(label: Any) -> float:
    """The height of a line of text in pixels."""
    return float(_LINE * label.get_fontsize() * label.get_figure().dpi / 72.0)


def _crowded_numbers(ax: Any) -> list[Any]:
    """Move numbers at the edge of a pane into it; returns those that lie over the number below them."""
    found: list[Any] = []
    end = -math.inf
    for tick in _in_view(ax.yaxis):
        place = float(ax.transData.transform((0.0, tick.get_loc()))[1])
        height = _line_height(tick.label1)
        if not tick.label1.get_text():
            continue
        over, under = place + height / 2.0 > ax.bbox.y1, place - height / 2.0 < ax.bbox.y0
        bottom = place - height if over else place if under else place - height / 2.0
        for label in (tick.label1, tick.label2):
            label.set_verticalalignment("top" if over else "bottom" if under else "center_baseline")
        if bottom < end:
            found += [label for label in (tick.label1, tick.label2) if label.get_visible()]
        else:
            end = bottom + 0.9 * height  # letters fill no more of a line
    return found


def _crowded_dates(ax: Any) -> list[Any]:
    """The dates that lie over the one before them."""
    found: list[Any] = []
    end = -math.inf
    for tick in _in_view(ax.xaxis):
        label = tick.label1
        place = float(ax.transData.transform((tick.get_loc(), 0.0))[0])
        if place < end:
            found.append(label)
            continue
        height, slope = _line_height(label), abs(math.sin(math.radians(label.get_rotation())))
        end = place + min(label.get_window_extent().width + height / 2.0, height / max(slope, 1e-9))
    return found
