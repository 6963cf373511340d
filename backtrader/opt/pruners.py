"""Thresholds by which a run that is not worth finishing stops itself.

Before each run the driver works out, from the runs that have ended, what a run must have come to at
shares of its bars; the worker compares and stops, without asking anyone.  So it costs no talk between
processes and works on a cluster as well.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from bisect import insort
from collections.abc import Mapping, Sequence
from typing import Any

from ..utils.params import nearest
from .entry import COMPLETE, PRUNED, Entry
from .options import StudyError

__all__ = ["HalvingPruner", "MedianPruner", "PercentilePruner", "Pruner", "pruner_of"]

_SHARES = (0.25, 0.5, 0.75)


class Pruner(ABC):
    """Keeps what runs had at each checkpoint, and says what the next one must have."""

    def __init__(self, checkpoints: Sequence[float] = _SHARES, maximize: bool = True) -> None:
        shares = sorted(float(share) for share in checkpoints)
        if not shares or not all(0 < share < 1 for share in shares):
            raise StudyError(f"checkpoints are shares of a run between 0 and 1, not {list(checkpoints)!r}")
        self.checkpoints, self.maximize = shares, maximize
        self._seen: list[list[float]] = [[] for _ in shares]
        self._table: dict[float, float | None] | None = None

    def note(self, entry: Entry) -> None:
        """A run ended: what it had at the checkpoints counts for the next."""
        if self.counts(entry):
            for values, (_, value) in zip(self._seen, entry.interim, strict=False):
                if not math.isnan(value):
                    insort(values, value)
            self._table = None

    def counts(self, entry: Entry) -> bool:
        """Whether others are measured by this run; by default only by those that went to their end."""
        return entry.state == COMPLETE

    def thresholds(self) -> Mapping[float, float | None]:
        """For each checkpoint what a run must have there; None only notes what it has."""
        if self._table is None:
            self._table = {
                share: self.threshold(values, place)
                for place, (share, values) in enumerate(zip(self.checkpoints, self._seen, strict=True))
            }
        return self._table

    @abstractmethod
    def threshold(self, values: Sequence[float], place: int) -> float | None:
        """What a run must have where others had ``values`` (in rising order), at checkpoint ``place``."""


class PercentilePruner(Pruner):
    """Goes on with runs among the best so many percent of those that got there."""

    def __init__(
        self,
        percentile: float = 25.0,
        startup: int = 5,
        checkpoints: Sequence[float] = _SHARES,
        maximize: bool = True,
    ) -> None:
        super().__init__(checkpoints, maximize)
        if not 0 < percentile < 100:
            raise StudyError(f"percentile is between 0 and 100, not {percentile!r}")
        self.percentile, self.startup = percentile, startup

    def threshold(self, values: Sequence[float], place: int) -> float | None:
        """The percentile, by straight line between neighbours."""
        if len(values) < max(self.startup, 1):
            return None
        rank = (100.0 - self.percentile if self.maximize else self.percentile) / 100.0 * (len(values) - 1)
        low = math.floor(rank)
        high = min(low + 1, len(values) - 1)
        return values[low] + (values[high] - values[low]) * (rank - low)


class MedianPruner(PercentilePruner):
    """Goes on with runs that are not below the median of those that got there."""

    def __init__(
        self, startup: int = 5, checkpoints: Sequence[float] = _SHARES, maximize: bool = True
    ) -> None:
        super().__init__(50.0, startup, checkpoints, maximize)


class HalvingPruner(Pruner):
    """Successive halving: from checkpoint to checkpoint only one in ``reduction`` goes on.

    Those that were stopped count at the checkpoints they reached.
    """

    def __init__(
        self, reduction: int = 2, checkpoints: Sequence[float] | None = None, maximize: bool = True
    ) -> None:
        if reduction < 2:
            raise StudyError(f"reduction is a whole number from 2 on, not {reduction!r}")
        shares = checkpoints or [1.0 / reduction**power for power in range(4, 0, -1)]
        super().__init__(shares, maximize)
        self.reduction = reduction

    def counts(self, entry: Entry) -> bool:
        """All that reached a checkpoint."""
        return entry.state in (COMPLETE, PRUNED)

    def threshold(self, values: Sequence[float], place: int) -> float | None:
        """What the last of those had that would go on, were this run the next to get here."""
        going_on = max(1, (len(values) + 1) // self.reduction)
        if going_on > len(values):
            return None
        return values[-going_on] if self.maximize else values[going_on - 1]


_NAMES = {"median": MedianPruner, "percentile": PercentilePruner, "halving": HalvingPruner}


def pruner_of(given: Any, maximize: bool = True) -> Pruner | None:
    """A pruner by name, or the one given, for this direction."""
    if given is None or given is False:
        return None
    if isinstance(given, Pruner):
        given.maximize = maximize
        return given
    name = str(given).lower().replace("_", "-").removeprefix("successive-")
    if name not in _NAMES:
        raise StudyError(f"there is no pruner {given!r}; " + nearest(name, _NAMES))
    found: Pruner = _NAMES[name](maximize=maximize)
    return found
