"""Keeping the garbage collector out of the way of a run."""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

# A run makes many small objects that stay (orders, trades, notifications); looking through them
# again every 700 new ones costs more than making them.
_YOUNG_OBJECTS = 100_000

# A full collection looks through everything the process ever imported, which takes longer than many
# a run.  So one is made when the runs so far have left this much behind, before the next begins.
_BYTES_LEFT_BEHIND = 200_000_000
_BYTES_AN_OBJECT = 150

_left_behind = 0
_full_collections = 0  # how many there were when that was last looked at


@contextmanager
def rare_collections() -> Iterator[None]:
    """Collect garbage seldom while the block runs; what the process had set before comes back."""
    global _left_behind, _full_collections
    before = gc.get_threshold()
    if not gc.isenabled() or not 0 < before[0] < _YOUNG_OBJECTS:
        yield
        return
    if _full_collections != (made_so_far := gc.get_stats()[2]["collections"]):
        _left_behind = 0  # somebody else cleared away since the last run
    elif _left_behind > _BYTES_LEFT_BEHIND:
        gc.collect()
        made_so_far += 1
        _left_behind = 0
    _full_collections = made_so_far
    gc.set_threshold(_YOUNG_OBJECTS, 20, 20)
    try:
        yield
    finally:
        young, middle, _ = gc.get_count()
        made = young + middle * _YOUNG_OBJECTS
        _left_behind += made * _BYTES_AN_OBJECT
        if made > before[0]:
            _promote()  # otherwise the thresholds, back in force, ask for all of it to be looked through
        gc.set_threshold(*before)


def _promote() -> None:
    """Count all objects as old without looking at them: what a run made is in use when it ends."""
    if gc.get_freeze_count():
        gc.collect(1)  # somebody froze objects on purpose, and they cannot be told from ours
    else:
        gc.freeze()
        gc.unfreeze()


def left_behind() -> int:
    """What the runs so far have left behind, to be restored by who clears away after a run himself."""
    return _left_behind


def restore(mark: int) -> None:
    """What was left behind since `left_behind` said ``mark`` is gone."""
    global _left_behind
    _left_behind = min(_left_behind, mark)


def leave_behind(clocks: Iterable[Any]) -> None:
    """Count the memory of lines, which hang on objects that only the collector can free."""
    global _left_behind
    for clock in clocks:
        _left_behind += 8 * clock.size * sum("array" in line.__dict__ for line in clock.lines)
