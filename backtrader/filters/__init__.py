"""Filters: bars in, bars out."""

from __future__ import annotations

from .bar import Bar
from .base import Filter, SimpleFilterWrapper
from .replay import (
    Replayer,
    ReplayerDaily,
    ReplayerMinutes,
    ReplayerMonthly,
    ReplayerSeconds,
    ReplayerTicks,
    ReplayerWeekly,
)
from .resample import (
    DTFaker,
    Resampler,
    ResamplerDaily,
    ResamplerMinutes,
    ResamplerMonthly,
    ResamplerSeconds,
    ResamplerTicks,
    ResamplerWeekly,
    ResamplerYearly,
)

__all__ = [
    "Bar",
    "DTFaker",
    "Filter",
    "Replayer",
    "ReplayerDaily",
    "ReplayerMinutes",
    "ReplayerMonthly",
    "ReplayerSeconds",
    "ReplayerTicks",
    "ReplayerWeekly",
    "Resampler",
    "ResamplerDaily",
    "ResamplerMinutes",
    "ResamplerMonthly",
    "ResamplerSeconds",
    "ResamplerTicks",
    "ResamplerWeekly",
    "ResamplerYearly",
    "SimpleFilterWrapper",
]
