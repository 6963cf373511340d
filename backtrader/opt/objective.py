"""From the metrics of a run to one number to go by, or to several."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ..analyzers.metrics import METRICS
from ..errors import BacktraderError

__all__ = [
    "Constraint",
    "MaxDrawdownConstraint",
    "MinTradesConstraint",
    "ObjectiveError",
    "ObjectiveFunction",
]

Metrics = Mapping[str, float]


class ObjectiveError(BacktraderError, ValueError):
    """An objective that cannot be worked out."""


class Constraint:
    """What a run must keep to, to count: a function of its metrics."""

    def __init__(self, condition: Callable[[Metrics], Any]) -> None:
        self.condition = condition

    def check(self, metrics: Metrics) -> bool:
        """Whether a run with these metrics keeps to it."""
        return bool(self.condition(metrics))


class MinTradesConstraint(Constraint):
    """At least so many closed trades: a result of three says nothing."""

    def __init__(self, min_trades: int = 10) -> None:
        self.min_trades = min_trades
        super().__init__(lambda metrics: metrics.get("trades", 0) >= min_trades)


class MaxDrawdownConstraint(Constraint):
    """No deeper draw-down than so many percent."""

    def __init__(self, max_dd_pct: float = 30) -> None:
        self.max_dd_pct = max_dd_pct
        super().__init__(lambda metrics: metrics.get("max_drawdown_pct", math.inf) <= max_dd_pct)


class ObjectiveFunction:
    """A score out of metrics: of one, of several with weights, or by a function of one's own.

    ``maximize`` is the name of a metric, or False where ``custom_func`` or ``weights`` give something to
    be made small.  Metrics of which less is better (draw-down, volatility) count negatively in weights
    if their weight is negative: weights are taken as they are.  Without arguments the profit factor is
    made large.
    """

    def __init__(
        self,
        maximize: Any = None,
        weights: Mapping[str, float] | None = None,
        custom_func: Callable[[Metrics], float] | None = None,
        constraints: Sequence[Any] | None = None,
    ) -> None:
        self.metric = maximize if isinstance(maximize, str) else None
        self.weights = dict(weights or {})
        self.custom_func = custom_func
        self.maximize = maximize is not False
        given = [constraints] if isinstance(constraints, Constraint) or callable(constraints) else constraints
        self.constraints = [
            each if isinstance(each, Constraint) else Constraint(each) for each in given or ()
        ]
        if sum((self.metric is not None, bool(self.weights), custom_func is not None)) > 1:
            raise ObjectiveError("an objective is one metric, weights or a function: choose one of them")
        if self.metric is None and not self.weights and custom_func is None:
            self.metric = "profit_factor"

    @property
    def name(self) -> str:
        """What is made large or small, in words."""
        if self.metric is not None:
            return self.metric
        if self.weights:
            return " ".join(f"{weight:+g}*{metric}" for metric, weight in self.weights.items())
        return getattr(self.custom_func, "__name__", "custom")

    def evaluate(self, metrics: Metrics) -> tuple[float, bool]:
        """(score, whether it counts): it does not if it is no number or a constraint is broken."""
        score = self._score(metrics)
        valid = not math.isnan(score) and all(constraint.check(metrics) for constraint in self.constraints)
        return score, valid

    def _score(self, metrics: Metrics) -> float:
        if self.custom_func is not None:
            return float(self.custom_func(metrics))
        if self.weights:
            return float(sum(weight * _of(metrics, name) for name, weight in self.weights.items()))
        assert self.metric is not None
        return float(_of(metrics, self.metric))

    def is_better(self, a: float, b: float) -> bool:
        """Whether score ``a`` is better than ``b``; any number is better than none."""
        if math.isnan(a):
            return False
        if math.isnan(b):
            return True
        return a > b if self.maximize else a < b


def _of(metrics: Metrics, name: str) -> float:
    try:
        value = metrics[name]
    except KeyError:
        from ..utils.params import nearest

        raise ObjectiveError(
            f"a run has no metric {name!r}; " + nearest(name, [*metrics, *METRICS])
        ) from None
    return math.nan if value is None else float(value)
