"""Arithmetic over metrics, written as text: an objective, or a condition a run must keep to."""

from __future__ import annotations

import ast
import math
from collections.abc import Mapping
from typing import Any

from ..analyzers.metrics import METRICS
from ..utils.params import nearest
from .objective import Constraint, ObjectiveError

__all__ = ["ALIASES", "Formula", "Limit"]

#: Short words people use for metrics.
ALIASES = {
    "sharpe": "sharpe_ratio", "sortino": "sortino_ratio", "calmar": "calmar_ratio",
    "return": "total_return", "returns": "total_return", "profit": "total_return", "value": "final_value",
    "drawdown": "max_drawdown_pct", "max_drawdown": "max_drawdown_pct", "pf": "profit_factor",
}  # fmt: skip

_FUNCTIONS: dict[str, Any] = {"abs": abs, "max": max, "min": min, "round": round}
_SPOKEN = (
    ast.Expression, ast.BoolOp, ast.BinOp, ast.UnaryOp, ast.Compare, ast.Constant, ast.Call, ast.IfExp,
    ast.Name, ast.boolop, ast.operator, ast.unaryop, ast.cmpop, ast.expr_context,
)  # fmt: skip


class Formula:
    """A function of metrics, as ``profit_factor * sharpe_ratio * (1 - max_drawdown_pct / 100)``.

    Only metrics, numbers, arithmetic, comparisons and ``abs max min round`` get in.  Where a metric is
    missing or something is divided by 0 the result is no number (and a condition does not hold).
    """

    def __init__(self, text: str) -> None:
        self.text = self.__name__ = " ".join(text.split())
        self._code = compile(_read(self.text), "<formula>", "eval")

    def __call__(self, metrics: Mapping[str, float]) -> Any:
        """The value for the metrics of a run."""
        try:
            return eval(self._code, {"__builtins__": _FUNCTIONS}, dict(metrics))
        except (ArithmeticError, NameError, TypeError):
            return math.nan

    def __reduce__(self) -> Any:
        """Code cannot travel to other processes; the text can."""
        return Formula, (self.text,)

    def __repr__(self) -> str:
        return self.text


class Limit(Constraint):
    """A condition on metrics, as ``trades >= 10``; one that cannot be worked out does not hold."""

    def __init__(self, text: str) -> None:
        super().__init__(Formula(text))

    def check(self, metrics: Mapping[str, float]) -> bool:
        """Whether a run with these metrics keeps to it."""
        found = self.condition(metrics)
        return found == found and bool(found)


def _read(text: str) -> ast.Expression:
    try:
        tree = ast.parse(text, mode="eval")
    except SyntaxError as error:
        raise ObjectiveError(f"{text!r} cannot be read as a formula: {error.msg}") from None
    for node in ast.walk(tree):
        if not isinstance(node, _SPOKEN) or (
            isinstance(node, ast.Constant) and not isinstance(node.value, int | float)
        ):
            raise ObjectiveError(f"{text!r}: a formula has metrics, numbers, + - * / ** and comparisons")
        if isinstance(node, ast.Name):
            node.id = ALIASES.get(node.id, node.id)
            if node.id not in METRICS and node.id not in _FUNCTIONS:
                raise ObjectiveError(
                    f"{text!r}: there is no metric {node.id!r}; " + nearest(node.id, METRICS)
                )
    return tree
