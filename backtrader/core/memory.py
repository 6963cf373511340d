"""Keeping the garbage collector out of the way of a run."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

# A run makes many small objects that stay (orders, trades, notifications); looking through them
# again every 700 new ones costs more than making them.
_YOUNG_OBJECTS = 100_000


@contextmanager
def rare_collections() -> Iterator[None]:
    """Collect garbage seldom while the block runs; what the process had set before comes back."""
    before = gc.get_threshold()
    if gc.isenabled() and 0 < before[0] < _YOUNG_OBJECTS:
        gc.set_threshold(_YOUNG_OBJECTS, 20, 20)
    try:
        yield
    finally:
        gc.set_threshold(*before)
