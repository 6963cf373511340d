"""Lines of one timeline seen from another."""

from __future__ import annotations

import sys
from array import array
from typing import Any

from .clock import NAN, Clock
from .kernels.jit import as_array

# Below this a loop is quicker than asking numpy.
_MANY = 4096


def same_timeline(a: Clock, b: Clock) -> bool:
    """Whether two clocks show the bars of one timeline."""
    if a is b:
        return True
    fa, fb = a.feed, b.feed
    return fa is not None and fb is not None and (fa is fb or fa._now is fb._now)


def alignment(source: Clock, target: Clock) -> Any:
    """For every bar of ``target``: the index ``source`` stood at when that bar was evaluated."""
    return target.run_table.index_of(source, target)


def aligned_values(line: Any, own: Clock) -> Any:
    """The values ``line`` showed at each bar of the timeline of ``own``."""
    values, places = line.array, alignment(line._now, own)
    if len(places) >= _MANY and "numpy" in sys.modules:
        import numpy as np

        found = np.array(places, dtype="q")
        taken: Any = as_array(values)[found] if len(values) else np.empty(len(found))
        taken[found < 0] = NAN
        return memoryview(taken)
    return memoryview(array("d", [values[i] if i >= 0 else NAN for i in places]))


def values_on(line: Any, own: Clock) -> Any:
    """The whole buffer of ``line`` as seen from the timeline of ``own``."""
    return line.array if same_timeline(line._now, own) else aligned_values(line, own)


__all__ = ["aligned_values", "alignment", "same_timeline", "values_on"]
