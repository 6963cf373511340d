"""The runs of a search as columns for the page: numbers, choices as codes, metrics, errors by kind."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ..analyzers.metrics import METRICS
from ..report.encode import encode, pack
from .codec import plain
from .entry import COMPLETE, FAILED, LOST, PRUNED, TIMEOUT, Entry
from .tally import kind_of_error
from .trials import Trials

__all__ = ["STATES", "failures", "metric_names", "number_column", "row_of", "runs", "tame"]

STATES = (COMPLETE, PRUNED, FAILED, TIMEOUT, LOST)
_BAD = (FAILED, TIMEOUT, LOST)
_MOST_METRICS = 60  # those of analyzers that list much are for looking at, not for a table
_MOST_TRACE = 6000
_MOST_GROUPS = 200


def number_column(values: Iterable[Any], whole: bool = False) -> dict[str, Any]:
    """A column of numbers; where one is without end, its places are told beside.

    Short decimals are kept as they are, other numbers as 32-bit floats: seven digits each, however far
    they are apart.  ``whole`` keeps all digits, for what is to be typed again.
    """
    import numpy as np

    numbers = np.array([math.nan if each is None else each for each in values], dtype=np.float64)
    found = encode(numbers)
    present = numbers[np.isfinite(numbers)]
    scale = 10.0 ** max(found["digits"], 0)
    if found["digits"] < 0 or not (np.rint(present * scale) / scale == present).all():
        kind, width = (np.float64, 8) if whole else (np.float32, 4)
        with np.errstate(over="ignore"):
            plain_bytes = np.ascontiguousarray(present.astype(kind)).view(np.uint8)
        found |= {"digits": -1 if whole else -2, "data": pack(plain_bytes, width)}
        found.pop("first", None)
    for name, endless in (("plus", np.inf), ("minus", -np.inf)):
        places = np.flatnonzero(numbers == endless)
        if len(places):
            found[name] = encode(places)
    return found


def runs(trials: Trials) -> dict[str, Any]:
    """All entries of a search, in their order."""
    entries = trials.entries
    stages = list(dict.fromkeys(entry.stage for entry in entries))
    place = {stage: code for code, stage in enumerate(stages)}
    several = max((len(entry.scores) for entry in entries), default=0)
    found = {
        "n": len(entries),
        "number": number_column(
            entry.number if entry.number >= 0 else row for row, entry in enumerate(entries)
        ),
        "state": number_column(_state(entry) for entry in entries),
        "valid": number_column(int(entry.valid) for entry in entries),
        "score": number_column(entry.score for entry in entries),
        "scores": [],
        "seconds": number_column(entry.seconds for entry in entries),
        "started": number_column(entry.started for entry in entries),
        "stages": stages,
        "params": [_param(trials, name) for name in trials.names],
        "metrics": [_metric(name, entries) for name in metric_names(entries)],
    }
    if len(stages) > 1:
        found["stage"] = number_column(place[entry.stage] for entry in entries)
    if several > 1:
        found["scores"] = [number_column(_score(entry, n) for entry in entries) for n in range(several)]
    return found


def _state(entry: Entry) -> int:
    return STATES.index(entry.state) if entry.state in STATES else 0


def _score(entry: Entry, place: int) -> float:
    return entry.scores[place] if place < len(entry.scores) else math.nan


def _param(trials: Trials, name: str) -> dict[str, Any]:
    """A parameter: its numbers, or the texts of its choices and which one each entry has."""
    if trials.is_number(name):
        numbers = trials.numbers(name)
        whole = all(isinstance(e.params.get(name, 0), int) for e in trials.entries)
        return {"name": name, "whole": whole, "column": number_column(numbers, whole=True)}
    codes, values = trials.levels(name)
    return {
        "name": name,
        "labels": [label_of(value) for value in values],
        "column": number_column(math.nan if code < 0 else code for code in codes),
    }


def label_of(value: Any) -> str:
    """A choice in words."""
    if isinstance(value, type):
        return value.__name__
    said = plain(value)
    return said if isinstance(said, str) else str(said)


def metric_names(entries: Sequence[Entry]) -> list[str]:
    """The metrics there are, the common ones first."""
    seen = dict.fromkeys(name for entry in entries for name in entry.metrics)
    own = [name for name in seen if name not in METRICS]
    return [name for name in METRICS if name in seen] + own[:_MOST_METRICS]


def _metric(name: str, entries: Sequence[Entry]) -> dict[str, Any]:
    return describe_metric(name) | {
        "column": number_column(_number(entry.metrics.get(name)) for entry in entries)
    }


def describe_metric(name: str) -> dict[str, Any]:
    """What a page has to know of a metric."""
    known = METRICS.get(name)
    if known is None:
        return {"key": name, "unit": "", "better": "", "text": ""}
    return {"key": name, "unit": known.unit, "better": known.better, "text": known.text}


def _number(value: Any) -> float:
    try:
        return math.nan if value is None else float(value)
    except (TypeError, ValueError):
        return math.nan


# -- plain data --------------------------------------------------------------------------------------
def tame(value: Any) -> Any:
    """Plain data that JSON can say: no number as null, one without end as ``inf`` or ``-inf``."""
    if isinstance(value, Mapping):
        return {str(name): tame(each) for name, each in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str | bytes):
        return [tame(each) for each in value]
    if hasattr(value, "item") and getattr(value, "ndim", 1) == 0:
        value = value.item()
    if isinstance(value, float):
        if math.isnan(value):
            return None
        return value if math.isfinite(value) else ("inf" if value > 0 else "-inf")
    return value if isinstance(value, str | int | bool | None) else label_of(value)


# -- failures ------------------------------------------------------------------------------------------
def failures(entries: Sequence[Entry], packed: bool = True) -> dict[str, Any]:
    """Runs that failed by what they failed with, the most frequent first; one traceback of each kind."""
    groups: dict[tuple[str, str], dict[str, Any]] = {}
    for row, entry in enumerate(entries):
        if entry.state not in _BAD:
            continue
        kind = kind_of_error(entry)
        group = groups.setdefault((entry.state, kind), _group(entry, kind))
        group["count"] += 1
        group["numbers"].append(entry.number if entry.number >= 0 else row)
    found = sorted(groups.values(), key=lambda group: -group["count"])
    for group in found if packed else ():
        group["numbers"] = number_column(group["numbers"])
    return {"groups": found[:_MOST_GROUPS], "more": max(0, len(found) - _MOST_GROUPS)}


def _group(entry: Entry, kind: str) -> dict[str, Any]:
    text = entry.error.strip()
    return {"kind": kind, "state": entry.state, "count": 0, "trace": text[-_MOST_TRACE:], "numbers": []}


# -- one run at a time ---------------------------------------------------------------------------------
def row_of(entry: Entry, metrics: Sequence[str]) -> dict[str, Any]:
    """An entry as a line for a page that is open already."""
    return {
        "number": entry.number,
        "state": _state(entry),
        "valid": int(entry.valid),
        "score": _said(entry.score),
        "scores": [_said(each) for each in entry.scores] if len(entry.scores) > 1 else [],
        "seconds": entry.seconds,
        "started": _said(entry.started),
        "stage": entry.stage,
        "params": {
            name: value if _is_number(value) else label_of(value) for name, value in entry.params.items()
        },
        "metrics": [_said(_number(entry.metrics.get(name))) for name in metrics],
        "error": kind_of_error(entry) if entry.state in _BAD else "",
    }


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _said(value: float) -> float | str | None:
    if math.isnan(value):
        return None
    return value if math.isfinite(value) else ("inf" if value > 0 else "-inf")
