"""Legends that can be read over lines and that fit into their pane."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..utils.optional import require

patheffects: Any = require("matplotlib.patheffects", extra="plot", why="backtrader.plot")

__all__ = ["draw_legend", "fit_legends"]

#: In heights of letters: an entry with the space to the next, a further line of it, the space around all.
_ENTRY, _LINE, _AROUND = 1.75, 1.2, 1.3

_HALO = [patheffects.withStroke(linewidth=2.5, foreground="white", alpha=0.8)]


def draw_legend(ax: Any, handles: Any, labels: Any, loc: Any, font: Any) -> None:
    """Draw a legend; its entries are kept beside it, so that it can be laid out again."""
    _draw(ax, (handles, labels, loc, font), 1, False)


def _draw(ax: Any, entries: Any, columns: int, flat: bool) -> None:
    handles, labels, loc, font = entries
    if flat:
        labels = [label.replace("\n", "  ") for label in labels]
    legend = ax.legend(
        handles, labels, loc=loc, prop=font, ncols=columns, numpoints=1, frameon=False, shadow=False,
        fancybox=False,
    )  # fmt: skip
    for text in legend.get_texts():
        text.set_path_effects(_HALO)
    legend.entries, legend.laid_out = entries, (columns, flat)


def fit_legends(figure: Any) -> None:
    """Entries side by side where a pane is not high enough for them one below the other."""
    for ax in figure.axes:
        legend = ax.get_legend()
        if legend is None or not hasattr(legend, "entries"):
            continue
        _, labels, _, font = legend.entries
        wanted = _layout(labels, ax.bbox.height / (font.get_size_in_points() * figure.dpi / 72.0))
        if wanted != legend.laid_out:
            _draw(ax, legend.entries, *wanted)


def _layout(labels: Any, room: float) -> tuple[int, bool]:
    """The columns that entries need in so many lines of text, and whether titles go beside lines too."""
    for columns in range(1, len(labels) + 1):
        if _AROUND + max(map(_height, _parts(labels, columns))) <= room:
            return columns, False
    return len(labels), True


def _parts(labels: Any, columns: int) -> Iterator[Any]:
    """The entries of each column, as matplotlib deals them out: the first columns have one more."""
    size, more = divmod(len(labels), columns)
    start = 0
    for column in range(columns):
        end = start + size + (column < more)
        yield labels[start:end]
        start = end


def _height(labels: Any) -> float:
    return float(sum(_ENTRY + _LINE * label.count("\n") for label in labels))
