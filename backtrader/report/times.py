"""Moments as whole seconds on the clock of a market, counted from 1970 as if that clock were UTC."""

from __future__ import annotations

from typing import Any

from ..utils.datearrays import nums_to_wall

__all__ = ["wall_seconds"]


def wall_seconds(numbers: Any, tz: Any = None) -> Any:
    """Date numbers as a column of seconds on the clock of ``tz``; NaN where there is none."""
    import numpy as np

    moments = np.array(numbers, dtype=np.float64)  # None becomes NaN
    known = np.isfinite(moments) & (moments > 0)
    found = np.full(len(moments), np.nan)
    if known.any():
        found[known] = np.floor(nums_to_wall(moments[known], tz).astype("datetime64[us]").view("int64") / 1e6)
    return found
