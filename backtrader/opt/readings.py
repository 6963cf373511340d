"""The numbers of a run: the metrics, and what its analyzers say, by dotted path."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from ..analyzers.metrics import RunRecord, measure

__all__ = ["readings_of", "returns_of"]

# an analyzer that lists every day of a run is for looking at, not for comparing thousands of runs
_MOST = 200


def readings_of(strategies: Sequence[Any], record: RunRecord) -> dict[str, float]:
    """All metrics, and every number of every analyzer as ``analyzers.<name>.<key>.<key>``."""
    found = measure(record)
    for strategy in strategies:
        for name, analyzer in zip(strategy.analyzers.getnames(), strategy.analyzers, strict=True):
            for path, value in islice(_leaves(f"analyzers.{name}", analyzer.get_analysis()), _MOST):
                found.setdefault(path, value)
    return found


def _leaves(path: str, value: Any) -> Iterator[tuple[str, float]]:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            if isinstance(key, str):
                yield from _leaves(f"{path}.{key}", inner)
    elif value is not None and not isinstance(value, str | bytes):
        try:
            yield path, float(value)
        except (TypeError, ValueError):
            return


def returns_of(record: RunRecord) -> bytes:
    """Returns by period as 32-bit floats: half the room, and exact enough for statistics."""
    import numpy as np

    after = np.asarray(record.values, dtype=float)
    before = np.concatenate(([record.start_value], after[:-1]))
    with np.errstate(all="ignore"):
        found = np.where(before != 0, after / before - 1.0, np.nan)
    return found.astype(np.float32).tobytes()
