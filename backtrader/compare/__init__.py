"""The same script under the original engine and under this one: ``python -m backtrader.compare``"""

from __future__ import annotations

from .difference import Comparison, compare
from .original import ORIGINAL_VERSION, OriginalMissing, find_original
from .process import Outcome, run_script

__all__ = [
    "ORIGINAL_VERSION",
    "Comparison",
    "OriginalMissing",
    "Outcome",
    "compare",
    "find_original",
    "run_script",
]
