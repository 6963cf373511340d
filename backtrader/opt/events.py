"""Events of a search for programs: one JSON object a line."""

from __future__ import annotations

import json
import math
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from .codec import plain
from .entry import Entry

__all__ = ["Events"]

_EVERY = 1.0  # seconds between two reports of progress


class Events:
    """Writes events to a file, the standard output ("-") or an object with ``write``; or nowhere.

    Kinds: started, run, best, stage, progress, and at the end finished, stopped or failed.  What concerns
    the study as a whole is kept in the store as well, where the page finds it.
    """

    def __init__(self, target: Any, store: Any, name: str) -> None:
        self._store, self._name = store, name
        self._own = isinstance(target, str | Path) and str(target) != "-"
        self._file: Any = target
        if target == "-":
            self._file = sys.stdout
        elif self._own:
            self._file = open(target, "a", encoding="utf-8")  # noqa: SIM115  open as long as the search
        self._told = 0.0
        self._stage = ""

    def write(self, kind: str, data: Mapping[str, Any], kept: bool = False) -> None:
        """One event."""
        if kept:
            self._store.add_event(self._name, kind, **_numbers(data))
        if self._file is None:
            return
        line = {"event": kind, "at": time.time(), "study": self._name, **_numbers(data)}
        self._file.write(json.dumps(line, default=str) + "\n")
        self._file.flush()

    def run(self, entry: Entry, best: bool) -> None:
        """A run ended."""
        if entry.stage != self._stage:
            self._stage = entry.stage
            self.write("stage", {"stage": entry.stage}, kept=True)
        if self._file is not None:
            data = {
                "number": entry.number, "state": entry.state, "params": plain(entry.params),
                "score": entry.score, "valid": entry.valid, "seconds": entry.seconds,
                "stage": entry.stage, "metrics": entry.metrics, "error": entry.error,
            }  # fmt: skip
            self.write("run", data)
        if best:
            data = {"number": entry.number, "score": entry.score, "params": plain(entry.params)}
            self.write("best", data, kept=True)

    def progress(self, look: Callable[[], Mapping[str, Any]]) -> None:
        """How it goes, once a second."""
        now = time.monotonic()
        if self._file is not None and now - self._told >= _EVERY:
            self._told = now
            self.write("progress", look())

    def close(self) -> None:
        """Close the file, if it was opened here."""
        if self._own:
            self._file.close()


def _numbers(value: Any) -> Any:
    """Plain data in which what is no number is nothing: JSON has no word for it."""
    if isinstance(value, Mapping):
        return {str(name): _numbers(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_numbers(each) for each in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return plain(value)
