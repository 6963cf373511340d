"""Taking over from an earlier study: its best combinations are tried first in a new one."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any

from .entry import Entry
from .options import StudyError
from .space import ParamSpace
from .store import Store

__all__ = ["best_of_earlier", "check_mapped", "mapped"]


def best_of_earlier(given: Any, store: Store, maximize: bool, n: int) -> list[Entry]:
    """The best entries of a study (by name, of the same store), a result, a study, or entries."""
    if isinstance(given, str):
        return store.best(given, n)
    if isinstance(given, tuple) and len(given) == 2 and isinstance(given[1], str):
        return Store.open(given[0]).best(given[1], n)
    given = getattr(given, "all_results", None) or getattr(given, "entries", given)
    entries = [Entry.of(each) for each in (given() if callable(given) else given)]
    sign = -1.0 if maximize else 1.0
    counted = [entry for entry in entries if entry.valid]
    counted.sort(key=lambda entry: math.inf if math.isnan(entry.score) else sign * entry.score)
    return counted[:n]


def mapped(entries: Iterable[Entry], space: ParamSpace) -> tuple[list[dict[str, Any]], list[str]]:
    """The parameters of entries as combinations of another space, and what did not fit, in sentences.

    Parameters the space does not know are left out, those it has more are taken from the middle of their
    range, numbers beyond a range are moved to its end and onto its steps.
    """
    found: list[dict[str, Any]] = []
    said: dict[str, None] = {}
    for entry in entries:
        params = _fitted(entry.params, space, said)
        if params is None:
            said[f"{_shown(entry.params)} breaks a constraint of the new space"] = None
        elif params not in found:
            found.append(params)
    return found, list(said)


def _fitted(params: Mapping[str, Any], space: ParamSpace, said: dict[str, None]) -> dict[str, Any] | None:
    for name in params:
        if name not in space.dimensions:
            said[f"{name} is not in the new space"] = None
    values: dict[str, Any] = {}
    for name, dimension in space.dimensions.items():
        if dimension.kind == "derived":
            continue
        if dimension.kind == "fixed":
            values[name] = dimension.choices[0]
        elif dimension.kind == "choice":
            values[name] = params.get(name, dimension.choices[0])
            if values[name] not in dimension.choices:
                said[f"{name}={values[name]!r} is no choice in the new space"] = None
                values[name] = dimension.choices[0]
        else:
            if name not in params:
                said[f"{name} is new: it begins in the middle of its range"] = None
            values[name] = _number(dimension, params.get(name), name, said)
    return space.complete(values)


def _number(dimension: Any, value: Any, name: str, said: dict[str, None]) -> Any:
    if not isinstance(value, int | float):
        middle = math.sqrt(dimension.low * dimension.high) if dimension.log else None
        value = (dimension.low + dimension.high) / 2 if middle is None else middle
    elif not dimension.low <= value <= dimension.high:
        said[f"{name}={value:g} lies outside {dimension.low:g} to {dimension.high:g}"] = None
    value = min(max(value, dimension.low), dimension.high)
    if dimension.step is None:
        return value
    count = math.floor((dimension.high - dimension.low) / dimension.step + 1e-9)
    place = min(round((value - dimension.low) / dimension.step), count)
    return (
        dimension.values()[place]
        if dimension.kind == "float"
        else int(dimension.low + place * dimension.step)
    )


def _shown(params: Mapping[str, Any]) -> str:
    return ", ".join(f"{name}={value!r}" for name, value in params.items())


def check_mapped(found: list[Any], said: list[str]) -> None:
    """`StudyError` if nothing of the earlier study fits."""
    if not found:
        raise StudyError("nothing of the earlier study fits the space: " + "; ".join(said or ["it is empty"]))
