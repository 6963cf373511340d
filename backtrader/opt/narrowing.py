"""Where to look on: ranges drawn closer around the best of what was tried."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from .entry import Entry
from .space import Dimension, ParamSpace
from .trials import AnalysisError, Trials

__all__ = ["narrow", "space_of"]


def narrow(
    space: Any,
    entries: Any,
    share: float = 0.2,
    maximize: bool | None = None,
    margin: float = 0.1,
    metric: str = "score",
) -> ParamSpace:
    """A space within ``space`` where the best ``share`` of the entries lie.

    Numbers go from the least to the largest of them, and a step, or ``margin`` of the new range, beyond on
    both sides; choices are those found among them.  What is fixed or derived, the conditions and the
    constraints stay as they are.  Without a space the one the entries span is taken.
    """
    if not 0 < share <= 1:
        raise AnalysisError(f"share is the part of the entries to go by, above 0 up to 1, not {share:g}")
    trials = Trials.of(entries, maximize)
    ranked = trials.ranked(metric)
    if not ranked:
        trials.best()
    best = ranked[: max(math.ceil(share * len(ranked)), min(2, len(ranked)))]
    old = space_of(trials) if space is None else ParamSpace.of(space)
    dimensions = {name: _narrowed(each, best, margin) for name, each in old.dimensions.items()}
    return old.with_dimensions(dimensions)


def _narrowed(dimension: Dimension, best: Iterable[Entry], margin: float) -> Dimension:
    values = [entry.params[dimension.name] for entry in best if dimension.name in entry.params]
    if not values or dimension.kind in ("fixed", "derived"):
        return dimension
    if dimension.kind == "choice":
        kept = tuple(each for each in dimension.choices if any(each == value for value in values))
        return replace(dimension, choices=kept or dimension.choices)
    if dimension.log:
        return _narrowed_log(dimension, values, margin)
    low, high = min(values), max(values)
    step = dimension.step
    if step:
        wider = step * max(1, round(margin * (high - low) / step))
    else:
        wider = margin * (high - low) or margin * (dimension.high - dimension.low) / 2
    low, high = max(low - wider, dimension.low), min(high + wider, dimension.high)
    if dimension.kind == "int":
        low, high = int(low), int(high)
    return replace(dimension, low=low, high=high)


def _narrowed_log(dimension: Dimension, values: list[Any], margin: float) -> Dimension:
    low, high = math.log(min(values)), math.log(max(values))
    wider = margin * (high - low) or margin * (math.log(dimension.high) - math.log(dimension.low)) / 2
    return replace(
        dimension,
        low=max(math.exp(low - wider), dimension.low),
        high=min(math.exp(high + wider), dimension.high),
    )


def space_of(trials: Trials) -> ParamSpace:
    """The space that entries span: from the least to the largest of numbers, all choices found."""
    if trials.space is not None:
        return trials.space
    dimensions = {}
    for name in trials.names:
        values = trials.levels(name).values
        if len(values) == 1:
            dimensions[name] = Dimension(name, "fixed", (values[0],))
        elif not trials.is_number(name):
            dimensions[name] = Dimension(name, "choice", tuple(values))
        elif all(isinstance(value, int) for value in values):
            step = math.gcd(*(int(value) - int(values[0]) for value in values[1:]))
            dimensions[name] = Dimension(name, "int", low=values[0], high=values[-1], step=step)
        else:
            dimensions[name] = Dimension(name, "float", low=float(values[0]), high=float(values[-1]))
    return ParamSpace((), **dimensions)
