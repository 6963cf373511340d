"""Legends that can be read over lines and that fit into their pane."""

from __future__ import annotations

import math
from typing import Any

from ..utils.optional import require

patheffects: Any = require("matplotlib.patheffects", extra="plot", why="backtrader.plot")

__all__ = ["draw_legend", "fit_legends"]

#: In heights of letters: an entry with the space to the next, a further line of it, the space around all.
_ENTRY, _LINE, _AROUND = 1.75, 1.2, 1.3

_HALO = [patheffects.withStroke(linewidth=2.5, foreground="white", alpha=0.8)]


def draw_legend(ax: Any, handles: Any, labels: Any, loc: Any, font: Any, columns: int = 1) -> None:
    """Draw a legend; its entries are kept beside it, so that it can be laid out again."""
    legend = ax.legend(
        handles,
        labels,
        loc=loc,
        prop=font,
        ncols=columns,
        numpoints=1,
        frameon=False,
        shadow=False,
        fancybox=False,
    )
    for text in legend.get_texts():
        text.set_path_effects(_HALO)
    legend.entries = handles, labels, loc, font, columns


def fit_legends(figure: Any) -> None:
    """Entries side by side where a pane is not high enough for them one below the other."""
    for ax in figure.axes:
        legend = ax.get_legend()
        if legend is None or not hasattr(legend, "entries"):
            continue
        handles, labels, loc, font, columns = legend.entries
        wanted = _columns(labels, ax.bbox.height / (font.get_size_in_points() * figure.dpi / 72.0))
        if wanted != columns:
            draw_legend(ax, handles, labels, loc, font, wanted)


def _columns(labels: Any, room: float) -> int:
    """How many columns entries need in a height of so many lines of text."""
    for columns in range(1, len(labels) + 1):
        rows = math.ceil(len(labels) / columns)
        parts = [labels[start : start + rows] for start in range(0, len(labels), rows)]
        if max(sum(_ENTRY + _LINE * label.count("\n") for label in part) for part in parts) + _AROUND <= room:
            return columns
    return len(labels)
