"""The picture of a walk-forward, with matplotlib."""

from __future__ import annotations

import math
from typing import Any

from ..utils.dateintern import num2date
from ..utils.optional import require

__all__ = ["walk_forward_figure"]

_COLORS = {"out": "#1f6f8b", "in": "#b8c4d0", "hindsight": "#d1495b", "text": "#444444"}


def walk_forward_figure(result: Any) -> Any:
    """Of a `WalkForwardResult`: above the account, and what a search in hindsight would have promised,
    below the scores by window."""
    pyplot = require("matplotlib.pyplot", "plot", "WalkForwardResult.plot()")
    figure = pyplot.figure(figsize=(10, 6.5), layout="constrained")
    above, below = figure.subplots(2, 1, height_ratios=[3, 2])
    _draw_account(above, result)
    _draw_scores(below, result)
    for plot in (above, below):
        for side in ("top", "right"):
            plot.spines[side].set_visible(False)
        plot.tick_params(labelsize=9)
    return figure


def _draw_account(plot: Any, result: Any) -> None:
    if result.hindsight is not None and result.hindsight.curve is not None:
        times, values = result.hindsight.curve
        moments = [num2date(time) for time in times]
        plot.plot(moments, values, color=_COLORS["hindsight"], linewidth=1, label="searched in hindsight")
    plot.plot(result.times, result.values, color=_COLORS["out"], linewidth=1.5, label="walk-forward")
    for window in result.windows[1:]:
        plot.axvline(window.test_start, color="#dddddd", linewidth=0.8, zorder=0)
    plot.set_ylabel("account")
    plot.margins(x=0.01)
    metrics = result.metrics
    plot.set_title(
        f"a year {metrics['annual_return']:.1f} %, Sharpe ratio {metrics['sharpe_ratio']:.2f}, "
        f"efficiency {_said(result.efficiency)}, decay {_said(result.decay)}",
        fontsize=11, color=_COLORS["text"],
    )  # fmt: skip
    plot.legend(frameon=False, fontsize=9, loc="upper left")


def _draw_scores(plot: Any, result: Any) -> None:
    import numpy as np

    windows = result.windows
    places = np.arange(len(windows))
    plot.bar(places - 0.2, _finite(w.in_score for w in windows), 0.4, color=_COLORS["in"], label="in sample")
    out = _finite(w.out_score for w in windows)
    plot.bar(places + 0.2, out, 0.4, color=_COLORS["out"], label="out of sample")
    plot.axhline(0, color=_COLORS["text"], linewidth=0.8)
    step = max(1, math.ceil(len(windows) / 12))
    plot.set_xticks(places[::step], [f"{w.test_start:%Y-%m}" for w in windows[::step]])
    plot.set_ylabel(result.objective.name.replace("_", " "))
    plot.margins(x=0.01)
    plot.legend(frameon=False, fontsize=9, ncols=2, loc="best")


def _finite(values: Any) -> list[float]:
    return [value if math.isfinite(value) else 0.0 for value in values]


def _said(value: float) -> str:
    return "unknown" if math.isnan(value) else f"{value:.2f}"
