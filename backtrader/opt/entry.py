"""What comes back from a run of a search, and what a study keeps of it: plain data."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

__all__ = ["COMPLETE", "FAILED", "LOST", "PRUNED", "RUNNING", "TIMEOUT", "Entry", "Outcome"]

COMPLETE, PRUNED, FAILED, TIMEOUT, LOST, RUNNING = (
    "complete", "pruned", "failed", "timeout", "lost", "running",
)  # fmt: skip


@dataclass
class Outcome:
    """What a worker sends back of one run; it is never an exception."""

    state: str = COMPLETE
    metrics: dict[str, float] = field(default_factory=dict)
    error: str = ""
    """The traceback of a run that failed, or what stopped it."""
    seconds: float = 0.0
    interim: list[tuple[int, float]] = field(default_factory=list)
    """(bars, objective so far) at the checkpoints of a run that may be pruned."""
    returns: bytes | None = None
    """Returns by period as 32-bit floats, if they are wanted: for statistics against over-fitting."""
    kept: Any = None
    """What else a job sends back; a study does not store it."""


@dataclass
class Entry:
    """One evaluated combination of a study."""

    params: dict[str, Any]
    score: float = math.nan
    """The first objective."""
    metrics: dict[str, float] = field(default_factory=dict)
    number: int = -1
    """Its place in the study, from 0."""
    state: str = COMPLETE
    scores: tuple[float, ...] = ()
    """All objectives, where there are several."""
    valid: bool = True
    """Whether it keeps to the constraints of the objective and its score is a number."""
    error: str = ""
    started: float = math.nan
    """Seconds since 1970."""
    seconds: float = 0.0
    stage: str = ""
    interim: list[tuple[int, float]] = field(default_factory=list)
    retries: list[str] = field(default_factory=list)
    """What earlier attempts at it ended with."""

    def __getitem__(self, name: str) -> Any:
        """Readable as the dict that other optimisers return."""
        try:
            return getattr(self, name)
        except AttributeError:
            raise KeyError(name) from None

    def keys(self) -> list[str]:
        """The names it can be read by, so that `dict(entry)` works."""
        return list(self.__dataclass_fields__)

    @classmethod
    def of(cls, given: Any) -> Entry:
        """An entry out of an entry, or out of a mapping or object with ``params``, ``score``, ``metrics``."""
        if isinstance(given, cls):
            return given
        if isinstance(given, Mapping):
            return cls(**{name: value for name, value in given.items() if name in cls.__dataclass_fields__})
        score = getattr(given, "score", math.nan)
        return cls(dict(given.params), score, dict(getattr(given, "metrics", {}) or {}))
