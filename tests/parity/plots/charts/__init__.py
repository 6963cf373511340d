"""The charts, by what they are about."""

from __future__ import annotations

from ..stage import CHARTS
from . import feeds, functions, indicators, lines, observers, panes, prices, ranges, schemes

NAMES = tuple(CHARTS)
