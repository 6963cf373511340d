"""Entries as rows of the store and back."""

from __future__ import annotations

import json
import math
from typing import Any

from .codec import Reader, dumps, key_of, loads, plain
from .entry import Entry

__all__ = ["entry_of", "finished_row", "waiting_row"]


def waiting_row(study: int, number: int, entry: Entry) -> dict[str, Any]:
    """The row of a combination that is to be run."""
    return {
        "study": study, "number": number, "key": key_of(entry.params), "stage": entry.stage,
        "params": dumps(plain(entry.params)), "state": "waiting", "driver": None,
    }  # fmt: skip


def finished_row(entry: Entry) -> dict[str, Any]:
    """What is set in the row of a combination when its run has ended.

    A score that is no number is stored as nothing: databases disagree on how such a thing sorts.
    """
    return {
        "state": entry.state,
        "score": _number(entry.score),
        "scores": json.dumps(list(entry.scores)) if len(entry.scores) > 1 else None,
        "valid": int(entry.valid),
        "metrics": json.dumps(entry.metrics, default=plain) if entry.metrics else None,
        "error": entry.error or None,
        "retries": dumps(entry.retries) if entry.retries else None,
        "interim": json.dumps(entry.interim) if entry.interim else None,
        "started": _number(entry.started),
        "seconds": entry.seconds,
    }


def _number(value: float) -> float | None:
    return None if math.isnan(value) else float(value)


def entry_of(row: Any, reader: Reader) -> Entry:
    """The entry of a row."""
    score = math.nan if row.score is None else row.score
    scores = tuple(json.loads(row.scores)) if row.scores else (score,)
    return Entry(
        params=reader.params(row.params),
        score=score,
        metrics=json.loads(row.metrics) if row.metrics else {},
        number=row.number,
        state=row.state,
        scores=scores,
        valid=bool(row.valid),
        error=row.error or "",
        started=math.nan if row.started is None else row.started,
        seconds=row.seconds or 0.0,
        stage=row.stage,
        interim=[(step, value) for step, value in loads(row.interim) or ()],
        retries=loads(row.retries) or [],
    )
