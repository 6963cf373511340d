"""Charts: ``cerebro.plot()`` and its settings.

matplotlib is imported when something is drawn, not before; the backend in use stays.
"""

from __future__ import annotations

import importlib
from typing import Any

from .plot import Plot, Plot_OldSync
from .scheme import PlotScheme

__all__ = ["Plot", "PlotScheme", "Plot_OldSync"]

_MODULES = ("finance", "formatters", "locator", "multicursor", "utils")


def __getattr__(name: str) -> Any:
    """The drawing modules, which need matplotlib."""
    if name in _MODULES:
        return importlib.import_module(f"{__name__}.{name}")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
