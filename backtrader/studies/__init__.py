"""Studies: indicators that mark what has happened rather than follow it."""

from __future__ import annotations

from ..indicators.base import Indicator
from . import contrib
from .contrib.fractal import Fractal

__all__ = ["Fractal", "Indicator", "contrib"]
