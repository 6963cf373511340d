"""What a matplotlib figure shows, as plain data: panes, artists, colours, labels, limits."""

from __future__ import annotations

import math
from typing import Any

import matplotlib.colors as colors
import numpy as np


def kind(artist: Any) -> str:
    """Which of matplotlib's artists it is, or is made from."""
    return next(
        cls.__name__
        for cls in type(artist).__mro__
        if cls.__module__.startswith("matplotlib") or cls is tuple
    )


def number(value: Any) -> Any:
    """A float that JSON can hold."""
    value = float(value)
    return value if math.isfinite(value) else str(value)


def numbers(values: Any) -> list[Any]:
    """A flat list of floats that JSON can hold."""
    return [number(value) for value in np.ma.filled(np.ma.asarray(values, dtype=float), np.nan).ravel()]


def moments(values: Any) -> list[Any]:
    """x values: bar numbers in nearly all cases."""
    return numbers(np.asarray(values, dtype=float))


def colour(value: Any, alpha: float | None = None) -> str:
    """A colour as #rrggbbaa; none is said."""
    try:
        return colors.to_hex(colors.to_rgba(value, alpha), keep_alpha=True)
    except ValueError:
        return str(value)


def colours(values: Any) -> list[str]:
    """Colours of a collection."""
    return [colour(value) for value in values]


def line(artist: Any) -> dict[str, Any]:
    """A Line2D."""
    return {
        "label": artist.get_label(),
        "x": moments(artist.get_xdata()),
        "y": numbers(artist.get_ydata()),
        "color": colour(artist.get_color(), artist.get_alpha()),
        "style": artist.get_linestyle(),
        "width": artist.get_linewidth(),
        "marker": str(artist.get_marker()),
        "markersize": artist.get_markersize(),
        "fill": artist.get_fillstyle(),
        "alpha": artist.get_alpha(),
        "z": artist.get_zorder(),
        "drawstyle": artist.get_drawstyle(),
        "visible": artist.get_visible(),
    }


def collection(artist: Any) -> dict[str, Any]:
    """Bars of candles and volume, filled areas, sticks."""
    return {
        "kind": kind(artist),
        "label": artist.get_label(),
        "shapes": [numbers(path.vertices) for path in artist.get_paths()],
        "face": colours(artist.get_facecolor()),
        "edge": colours(artist.get_edgecolor()),
        "widths": numbers(artist.get_linewidth()),
        "antialiased": [bool(one) for one in np.atleast_1d(artist.get_antialiased())],
        "alpha": artist.get_alpha(),
        "z": artist.get_zorder(),
        "visible": artist.get_visible(),
    }


def columns(pane: Any) -> list[dict[str, Any]]:
    """The bars of a bar plot, whether each is an artist or all of them are one."""
    found = [(one, one.get_patch_transform().transform(one.get_path().vertices)) for one in pane.patches]
    bars = [_column(one, one.get_facecolor(), one.get_edgecolor(), shape) for one, shape in found]
    for one in pane.collections:
        if type(one).__name__ == "ColumnBars":
            faces, edges = one.get_facecolor(), one.get_edgecolor()
            for number, path in enumerate(one.get_paths()):
                bars.append(
                    _column(one, faces[number % len(faces)], edges[number % len(edges)], path.vertices)
                )
    return bars


def _column(artist: Any, face: Any, edge: Any, shape: Any) -> dict[str, Any]:
    edges = numbers([*shape.min(axis=0), *shape.max(axis=0)])
    if "nan" in edges:
        edges = []
    return {"from_to": edges, "face": colour(face), "edge": colour(edge), "z": artist.get_zorder()}


def text(artist: Any) -> dict[str, Any]:
    """A value tag."""
    box = artist.get_bbox_patch()
    return {
        "text": artist.get_text(),
        "at": numbers(artist.get_position()),
        "color": colour(artist.get_color()),
        "size": artist.get_fontsize(),
        "align": [artist.get_ha(), artist.get_va()],
        "z": artist.get_zorder(),
        "box": None
        if box is None
        else {
            "face": colour(box.get_facecolor()),
            "edge": colour(box.get_edgecolor()),
            "alpha": box.get_alpha(),
            "width": box.get_linewidth(),
            "shape": numbers(box.get_path().vertices),
            "codes": [
                int(code) for code in (box.get_path().codes if box.get_path().codes is not None else ())
            ],
        },
    }


def legend(artist: Any) -> dict[str, Any] | None:
    """Its entries and how it is drawn."""
    if artist is None:
        return None
    frame = artist.get_frame()
    return {
        "texts": [one.get_text() for one in artist.get_texts()],
        "sizes": sorted({one.get_fontsize() for one in artist.get_texts()}),
        "handles": [kind(one) for one in artist.legend_handles],
        "at": numbers(artist.get_window_extent().bounds),
        "face": colour(frame.get_facecolor()),
        "edge": colour(frame.get_edgecolor()),
        "alpha": frame.get_alpha(),
        "frame": bool(artist.get_frame_on()),
        "box": type(frame.get_boxstyle()).__name__,
        "shadow": artist.shadow,
        "title": artist.get_title().get_text(),
        "columns": artist._ncols,
        "z": artist.get_zorder(),
        "spacing": [artist.labelspacing, artist.numpoints, artist.handlelength, artist.borderpad],
    }


def _where(locator: Any) -> list[Any]:
    """What places the ticks, with its settings."""
    known = ("_nbins", "_prune", "_steps", "_edge", "_symmetric", "_integer", "_min_n_ticks", "locs", "nbins")
    return [
        type(locator).__name__,
        {name: str(getattr(locator, name)) for name in known if hasattr(locator, name)},
    ]


def _speaker(formatter: Any) -> str:
    """What writes the texts of ticks: matplotlib's own, or which of this package's."""
    known = {cls.__name__ for cls in type(formatter).__mro__}
    return next(
        (name for name in ("MyDateFormatter", "MyVolFormatter") if name in known), type(formatter).__name__
    )


def ticks(axis: Any) -> dict[str, Any]:
    """Where they are, what they say, and on which side."""
    shown = []
    low, high = sorted(axis.get_view_interval())
    for tick, place in zip(axis.get_major_ticks(), axis.get_majorticklocs(), strict=False):
        if not low <= place <= high:
            continue
        shown.append(
            {
                "at": number(place),
                "says": axis.get_major_formatter()(place, 0),
                "first": tick.label1.get_text() if tick.label1.get_visible() else None,
                "second": tick.label2.get_text() if tick.label2.get_visible() else None,
                "marks": [tick.tick1line.get_visible(), tick.tick2line.get_visible()],
                "grid": [
                    tick.gridline.get_visible(),
                    tick.gridline.get_color(),
                    tick.gridline.get_linestyle(),
                ],
                "turn": [tick.label1.get_rotation(), tick.label1.get_ha(), tick.label1.get_va()],
                "size": tick.label1.get_fontsize(),
            }
        )
    return {
        "ticks": shown,
        "locator": _where(axis.get_major_locator()),
        "formatter": _speaker(axis.get_major_formatter()),
        "minor": [type(axis.get_minor_locator()).__name__, type(axis.get_minor_formatter()).__name__],
        "scale": axis.get_scale(),
        "visible": axis.get_visible(),
        "offset": axis.get_offset_text().get_text(),
        "label": axis.get_label().get_text(),
    }


def _other(axes: list[Any], ax: Any, group: Any) -> list[int]:
    return sorted(axes.index(other) for other in group.get_siblings(ax) if other is not ax and other in axes)


def pane(axes: list[Any], ax: Any) -> dict[str, Any]:
    """One axes object."""
    spec = ax.get_subplotspec()
    return {
        "place": numbers(ax.get_position().bounds),
        "rows": None if spec is None else [spec.rowspan.start, spec.rowspan.stop, spec.get_gridspec().nrows],
        "shares": _other(axes, ax, ax.get_shared_x_axes()),
        "twins": _other(axes, ax, ax._twinned_axes),
        "z": ax.get_zorder(),
        "background": [colour(ax.patch.get_facecolor()), ax.patch.get_visible()],
        "frame": {side: [one.get_visible(), colour(one.get_edgecolor())] for side, one in ax.spines.items()},
        "title": ax.get_title(),
        "below": ax.get_axisbelow(),
        "xlim": numbers(ax.get_xlim()),
        "ylim": numbers(ax.get_ylim()),
        "margins": numbers(ax.margins()),
        "xaxis": ticks(ax.xaxis),
        "yaxis": ticks(ax.yaxis),
        "lines": [line(one) for one in ax.lines],
        "collections": [collection(one) for one in ax.collections if type(one).__name__ != "ColumnBars"],
        "bars": columns(ax),
        "texts": [text(one) for one in ax.texts],
        "images": len(ax.images),
        "legend": legend(ax.get_legend()),
        "format_x": ax.format_xdata(3.2) if ax.get_shared_x_axes() else None,
    }


#: Inches in which figures are drawn: in small ones this engine lays out legends and numbers in its own way.
LARGE = (16.0, 24.0)


def figure(fig: Any) -> dict[str, Any]:
    """All of one figure, after it has been drawn once."""
    size = numbers(fig.get_size_inches())
    fig.set_size_inches(LARGE)
    fig.canvas.draw()
    axes = list(fig.axes)
    return {
        "number": fig.number,
        "size": size,
        "dpi": number(fig.dpi),
        "around": [fig.subplotpars.left, fig.subplotpars.right, fig.subplotpars.top, fig.subplotpars.bottom,
                   fig.subplotpars.hspace, fig.subplotpars.wspace],
        "background": colour(fig.get_facecolor()),
        "texts": [text(one) for one in fig.texts],
        "panes": [pane(axes, ax) for ax in axes],
    }  # fmt: skip
