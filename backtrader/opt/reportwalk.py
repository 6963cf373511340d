"""Walk-forwards and comparisons as parts of the page's document."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Any

from ..analyzers.metrics import METRICS
from ..report.encode import encode
from ..report.times import wall_seconds
from .reportruns import tame

__all__ = ["comparison_part", "walk_part"]

_MOST_POINTS = 6000  # of an account; a screen has fewer columns
_SHOWN = (
    "total_return", "annual_return", "volatility", "sharpe_ratio", "sortino_ratio", "max_drawdown_pct",
    "profit_factor", "trades", "win_rate", "exposure", "commission", "final_value",
)  # fmt: skip


def walk_part(result: Any) -> dict[str, Any]:
    """Windows, the stitched account, the search in hindsight, and what became of the parameters."""
    hindsight = None
    if result.hindsight is not None and result.hindsight.curve is not None:
        hindsight = {
            "params": _labels(result.hindsight.params),
            "metrics": _metrics(result.hindsight.in_sample),
            **_curve(*result.hindsight.curve),
        }
    stitched = result.stitched
    return {
        "name": str(result.settings.get("strategy") or "walk-forward"),
        "objective": {"name": result.objective.name, "maximize": result.objective.maximize},
        "settings": tame(result.settings),
        "start_value": tame(stitched.record.start_value),
        **_curve(stitched.times, stitched.values),
        "metrics": _metrics(result.metrics),
        "windows": [_window(window) for window in result.windows],
        "numbers": tame(
            {
                "efficiency": result.efficiency, "decay": result.decay, "winning": result.winning,
                **result.honesty,
            }
        ),
        "stability": [
            {"name": name, **tame({"changes": each.changes, "drift": each.drift})}
            for name, each in result.stability.items()
        ],
        "hindsight": hindsight,
    }  # fmt: skip


def _window(window: Any) -> dict[str, Any]:
    out = window.out_of_sample
    return {
        "number": window.number,
        "train": [_seconds(window.train_start), _seconds(window.train_end)],
        "test": [_seconds(window.test_start), _seconds(window.test_end)],
        **tame(
            {
                "in_score": window.in_score, "out_score": window.out_score,
                "in_return": window.in_sample.get("annual_return", math.nan),
                "out_return": out.get("annual_return", math.nan),
                "gain": out.get("total_return", math.nan), "trades": out.get("trades", math.nan),
                "trials": window.trials, "failures": window.failures, "note": window.note,
            }
        ),
        "params": tame(window.params or {}),
    }  # fmt: skip


def _seconds(moment: Any) -> int:
    import calendar

    return calendar.timegm(moment.timetuple())


def _curve(times: Any, values: Any) -> dict[str, Any]:
    """Moments and values; of many, the least and the greatest of each stretch, so that no fall is lost."""
    import numpy as np

    moments, numbers = np.asarray(wall_seconds(times)), np.asarray(values, dtype=float)
    if len(numbers) > _MOST_POINTS:
        edges = np.linspace(0, len(numbers), _MOST_POINTS // 2 + 1).astype(int)
        places = {0, len(numbers) - 1}
        for start, stop in pairwise(edges):
            part = numbers[start:stop]
            places |= {int(start + part.argmin()), int(start + part.argmax())}
        kept = np.array(sorted(places))
        moments, numbers = moments[kept], numbers[kept]
    return {"time": encode(moments), "values": encode(numbers, least=2)}


def _metrics(found: Any) -> list[dict[str, Any]]:
    return [
        {"key": name, "unit": METRICS[name].unit, "value": tame(float(found[name]))}
        for name in _SHOWN
        if name in found
    ]


def _labels(params: Any) -> dict[str, Any]:
    return tame(params or {})  # type: ignore[no-any-return]


def comparison_part(found: Any) -> dict[str, Any]:
    """Two sides by side."""
    plain: dict[str, Any] = tame(found.as_dict())
    return plain
