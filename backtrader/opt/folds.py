"""Cross-validation in time: which samples to learn from, so that they know nothing of those to judge by.

After López de Prado, "Advances in Financial Machine Learning" (2018), chapters 7 and 12.  A sample says
something about the time from its own moment to the end of its span; learning samples whose spans touch
those of the test are purged, and so are those of an embargo after it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations
from math import comb
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["Split", "combinatorial_purged", "edges_of", "path_count", "purged_kfold"]


class Split(NamedTuple):
    """Samples by number: to learn from, and to judge by."""

    train: NDArray[np.int64]
    test: NDArray[np.int64]
    groups: tuple[int, ...]
    """Which parts of the time are judged by."""


def purged_kfold(count: int, folds: int = 5, horizon: Any = 0, embargo: float = 0.01) -> Iterator[Split]:
    """Every fold once as the test, in order of time.

    ``horizon`` is how many samples later the span of one ends: a number for all, or one for each.
    ``embargo`` is a share of all samples (below 1), or a number of them.
    """
    return combinatorial_purged(count, folds, 1, horizon, embargo)


def combinatorial_purged(
    count: int, groups: int = 6, test_groups: int = 2, horizon: Any = 0, embargo: float = 0.01
) -> Iterator[Split]:
    """Every choice of ``test_groups`` of the parts of time as the test."""
    import numpy as np

    if not 2 <= groups <= count:
        raise ValueError(f"{count} samples cannot be cut into {groups} parts")
    if not 1 <= test_groups < groups:
        raise ValueError(f"of {groups} parts 1 to {groups - 1} can be the test, not {test_groups}")
    ends = np.arange(count) + np.broadcast_to(np.asarray(horizon, dtype=np.int64), (count,))
    if (ends < np.arange(count)).any():
        raise ValueError("a span cannot end before it begins: horizon is 0 or more")
    banned = int(embargo * count) if embargo < 1 else int(embargo)
    edges = edges_of(count, groups)
    return (_split(ends, edges, chosen, banned) for chosen in combinations(range(groups), test_groups))


def edges_of(count: int, groups: int) -> NDArray[np.int64]:
    """Where the parts of time begin, and where the last one ends."""
    import numpy as np

    return np.linspace(0, count, groups + 1).round().astype(np.int64)


def _split(ends: NDArray[np.int64], edges: NDArray[Any], chosen: Sequence[int], embargo: int) -> Split:
    import numpy as np

    samples = np.arange(len(ends))
    test = np.zeros(len(ends), dtype=bool)
    for group in chosen:
        test[edges[group] : edges[group + 1]] = True
    train = ~test
    for start, stop in _runs(test):
        last = int(ends[start:stop].max())
        train &= ~((samples <= last) & (ends >= start))
        train &= ~((samples > last) & (samples <= last + embargo))
    return Split(samples[train], samples[test], tuple(chosen))


def _runs(test: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Where the test samples begin and end, without a break."""
    import numpy as np

    changes = np.flatnonzero(np.diff(np.concatenate(([False], test, [False])).astype(int)))
    return [(int(start), int(stop)) for start, stop in zip(changes[::2], changes[1::2], strict=True)]


def path_count(groups: int, test_groups: int) -> int:
    """How many whole courses of time the tests of all splits can be put together to."""
    return comb(groups - 1, test_groups - 1)
