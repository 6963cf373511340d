"""Filters: bars in, bars out."""

from __future__ import annotations

import importlib as _importlib
import typing as _typing

from .bar import Bar
from .base import Filter, SimpleFilterWrapper
from .bsplitter import DaySplitter_Close
from .calendardays import CalendarDays
from .daysteps import BarReplayer_Open, DayStepsFilter
from .faker import DTFaker
from .heikinashi import HeikinAshi
from .renko import Renko
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
    Resampler,
    ResamplerDaily,
    ResamplerMinutes,
    ResamplerMonthly,
    ResamplerSeconds,
    ResamplerTicks,
    ResamplerWeekly,
    ResamplerYearly,
)
from .session import SessionFiller, SessionFilter, SessionFilterSimple

__all__ = [
    "Bar",
    "DTFaker",
    "DaySplitter_Close",
    "DayStepsFilter",
    "HeikinAshi",
    "Renko",
    "SessionFiller",
    "SessionFilter",
    "SessionFilterSimple",
    "BarReplayer_Open",
    "CalendarDays",
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


#: Feeds that filter another feed's bars are feeds all the same; they are shown here, too.
_FEEDS = {"DataFiller": "feeds.datafiller", "DataFilter": "feeds.datafilter"}


def __getattr__(name: str) -> _typing.Any:
    if name not in _FEEDS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    package = __name__.rpartition(".")[0]
    found = globals()[name] = getattr(_importlib.import_module(f"{package}.{_FEEDS[name]}"), name)
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *_FEEDS})
