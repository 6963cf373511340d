"""Pictures of a search, with matplotlib."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from ..utils.optional import require
from .trials import AnalysisError, Levels, Trials

__all__ = ["distributions", "surface"]

_MANY_LEVELS = 40
_COLORS = {"all": "#b8c4d0", "best": "#1f6f8b", "mark": "#d1495b", "text": "#444444"}
_MAP = "viridis"


def surface(
    trials: Trials, p1: str, p2: str, metric: str = "score", kind: str = "map", best_of: bool = False
) -> Any:
    """A metric over two parameters, seen from above (``map``) or from the side (``3d``)."""
    if kind not in ("map", "3d"):
        raise AnalysisError(f"kind is 'map' or '3d', not {kind!r}")
    good = trials.only_good()
    known = [name for name in (p1, p2) if name in good.names]
    if len(known) < 2:
        from ..utils.params import nearest

        wrong = p1 if p1 not in good.names else p2
        raise AnalysisError(f"no entry has a parameter {wrong!r}; " + nearest(wrong, good.names))
    pyplot = require("matplotlib.pyplot", "plot", "plot_optimization_surface()")
    axes = [_Axis(good, name) for name in (p1, p2)]
    cells = _cells(good, axes, metric, best_of)
    if not cells:
        raise AnalysisError(f"no valid entry has {p1}, {p2} and a {metric}")
    figure = pyplot.figure(figsize=(9, 6.5), layout="constrained")
    draw = _draw_map if kind == "map" else _draw_relief
    draw(figure, axes, cells, metric)
    sign = 1 if good.is_maximized(metric) else -1
    best = max(cells, key=lambda place: sign * cells[place])
    title = f"{_said(metric)} by {p1} and {p2}"
    where = ", ".join(f"{axis.name} {axis.label(place)}" for axis, place in zip(axes, best, strict=True))
    figure.suptitle(f"{title}\nbest {cells[best]:.4g} at {where}", fontsize=12, color=_COLORS["text"])
    return figure


class _Axis:
    """A parameter along one side: its levels, or ranges of them where there are too many to be seen."""

    def __init__(self, trials: Trials, name: str) -> None:
        import numpy as np

        self.name = name
        self.levels: Levels = trials.levels(name)
        self.edges: Any = None
        values = self.levels.values
        self.codes = self.levels.codes
        self.is_number = trials.is_number(name)
        if self.is_number and len(values) > _MANY_LEVELS:
            low, high = float(values[0]), float(values[-1])
            log = low > 0 and high / low > 100
            self.edges = np.geomspace(low, high, 21) if log else np.linspace(low, high, 21)
            found = np.searchsorted(self.edges, trials.numbers(name), side="right") - 1
            self.codes = np.where(self.codes < 0, -1, np.clip(found, 0, 19))
            self.count = 20
        else:
            self.count = len(values)

    def label(self, place: int) -> str:
        """A level in words."""
        if self.edges is None:
            value = self.levels.values[place]
            return f"{value:.6g}" if self.is_number else str(value)
        return f"{self.edges[place]:.3g}–{self.edges[place + 1]:.3g}"

    def ticks(self, at_most: int = 12) -> tuple[list[float], list[str]]:
        """Where to write which levels: so many that they can be read."""
        if self.edges is not None:
            places = list(range(0, self.count + 1, 5))
            return [place - 0.5 for place in places], [f"{self.edges[place]:.3g}" for place in places]
        step = max(1, math.ceil(self.count / at_most))
        chosen = list(range(0, self.count, step))
        return [float(place) for place in chosen], [self.label(place) for place in chosen]


def _cells(trials: Trials, axes: Sequence[_Axis], metric: str, best_of: bool) -> dict[tuple[int, int], float]:
    """The mean (or best) of the metric for each pair of levels that was tried."""
    grouped: dict[tuple[int, int], list[float]] = {}
    for x, y, value in zip(axes[0].codes, axes[1].codes, trials.scores(metric), strict=True):
        if x >= 0 and y >= 0 and math.isfinite(value):
            grouped.setdefault((int(x), int(y)), []).append(float(value))
    choose = max if trials.is_maximized(metric) else min
    return {
        place: choose(values) if best_of else sum(values) / len(values) for place, values in grouped.items()
    }


def _draw_map(figure: Any, axes: Sequence[_Axis], cells: dict[tuple[int, int], float], metric: str) -> None:
    import numpy as np

    across, up = axes
    table = np.full((up.count, across.count), np.nan)
    for (x, y), value in cells.items():
        table[y, x] = value
    plot = figure.add_subplot()
    plot.set_facecolor("#eeeeee")  # what was not tried
    picture = plot.imshow(table, origin="lower", aspect="auto", cmap=_MAP, interpolation="nearest")
    if across.count * up.count <= 120:
        middle = (np.nanmin(table) + np.nanmax(table)) / 2
        for (x, y), value in cells.items():
            color = "black" if value > middle else "white"
            plot.text(x, y, f"{value:.3g}", ha="center", va="center", fontsize=8, color=color)
    _label(plot, across, up)
    figure.colorbar(picture, ax=plot, label=_said(metric), pad=0.02)


def _draw_relief(
    figure: Any, axes: Sequence[_Axis], cells: dict[tuple[int, int], float], metric: str
) -> None:
    import numpy as np

    across, up = axes
    plot = figure.add_subplot(projection="3d")
    x, y = np.array(list(cells), dtype=float).T
    z = np.array(list(cells.values()))
    enough = len(np.unique(x)) > 1 and len(np.unique(y)) > 1 and len(cells) > 3
    if enough:
        drawn = plot.plot_trisurf(x, y, z, cmap=_MAP, linewidth=0.2, edgecolor="#ffffff80", antialiased=True)
    else:
        drawn = plot.scatter(x, y, z, c=z, cmap=_MAP)
    _label(plot, across, up, at_most=6)
    plot.set_zlabel(_said(metric))
    plot.view_init(elev=32, azim=-125)
    figure.colorbar(drawn, ax=plot, shrink=0.6, pad=0.08)


def _label(plot: Any, across: _Axis, up: _Axis, at_most: int = 12) -> None:
    places, texts = across.ticks(at_most)
    long = max(map(len, texts)) > 5 and len(texts) > 6
    plot.set_xticks(places, texts, rotation=40 if long else 0, ha="right" if long else "center")
    plot.set_yticks(*up.ticks(at_most))
    plot.set_xlabel(across.name)
    plot.set_ylabel(up.name)


def distributions(trials: Trials, params: Sequence[str] | None, bins: int = 20, share: float = 0.1) -> Any:
    """For each parameter: how many entries have which value, and how many of the best ``share``."""
    good = trials.only_good()
    for name in params or ():
        if name not in good.names:
            from ..utils.params import nearest

            raise AnalysisError(f"no entry has a parameter {name!r}; " + nearest(name, good.names))
    names = list(params) if params is not None else good.varied
    if not names:
        raise AnalysisError("no parameter was varied: there is no distribution to draw")
    pyplot = require("matplotlib.pyplot", "plot", "plot_parameter_distribution()")
    ranked = good.ranked()
    count = max(1, round(share * len(ranked)))
    best = Trials(ranked[:count], good.maximize)
    columns = min(len(names), 2)
    rows = math.ceil(len(names) / columns)
    figure = pyplot.figure(figsize=(5.2 * columns + 0.6, 3.1 * rows + 0.8), layout="constrained")
    for place, name in enumerate(names, 1):
        plot = figure.add_subplot(rows, columns, place)
        _draw_shares(plot, good, best, name, bins)
        plot.set_xlabel(name)
        for side in ("top", "right"):
            plot.spines[side].set_visible(False)
    found = figure.axes[0].get_legend_handles_labels()
    handles, labels = zip(*sorted(zip(*found, strict=True), key=lambda pair: pair[1]), strict=True)
    figure.legend(handles, labels, loc="outside upper center", ncols=3, frameon=False)
    figure.supylabel("share of the entries in %", fontsize=10, color=_COLORS["text"])
    return figure


def _draw_shares(plot: Any, everybody: Trials, best: Trials, name: str, bins: int) -> None:
    import numpy as np

    top = best.entries[0].params.get(name)
    groups = [("all", f"all {len(everybody)}", everybody), ("best", f"best {len(best)}", best)]
    if everybody.is_number(name) and len(everybody.levels(name).values) > bins:
        values = everybody.numbers(name)
        values = values[np.isfinite(values)]
        low, high = float(values.min()), float(values.max())
        log = low > 0 and high / low > 100
        edges = np.geomspace(low, high, bins + 1) if log else np.linspace(low, high, bins + 1)
        for which, label, group in groups:
            shares = 100 * np.histogram(group.numbers(name), edges)[0] / len(group)
            filled = which == "all"
            plot.stairs(
                shares, edges, fill=filled, color=_COLORS[which], label=label, linewidth=0 if filled else 2
            )
        if log:
            plot.set_xscale("log")
        mark = top
    else:
        levels = everybody.levels(name).values
        places = np.arange(len(levels))
        for shift, (which, label, group) in zip((-0.2, 0.2), groups, strict=True):
            own = [entry.params.get(name) for entry in group.entries if name in entry.params]
            heights = [100 * sum(value == level for value in own) / len(group) for level in levels]
            plot.bar(places + shift, heights, 0.4, color=_COLORS[which], label=label)
        step = max(1, math.ceil(len(levels) / 12))
        number = everybody.is_number(name)
        texts = [f"{level:.6g}" if number else str(level) for level in levels[::step]]
        plot.set_xticks(places[::step], texts)
        mark = next((place for place, level in enumerate(levels) if level == top), None)
    if mark is not None:
        plot.axvline(mark, color=_COLORS["mark"], linewidth=1.2, linestyle="--", label="the best")
    plot.tick_params(labelsize=9)


def _said(metric: str) -> str:
    return metric.replace("_", " ")
