"""The operator table: one entry an operator instead of one hand-written method each.

The methods are made from a template with the operator written out, because the difference between
``a > b`` and a call of ``operator.gt(a, b)`` is paid on every bar of every strategy.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

BINARY: dict[str, tuple[str, Callable[[Any, Any], Any]]] = {
    "add": ("+", operator.add),
    "sub": ("-", operator.sub),
    "mul": ("*", operator.mul),
    "truediv": ("/", operator.truediv),
    "floordiv": ("//", operator.floordiv),
    "pow": ("**", operator.pow),
}
COMPARE: dict[str, tuple[str, Callable[[Any, Any], Any]]] = {
    "lt": ("<", operator.lt),
    "gt": (">", operator.gt),
    "le": ("<=", operator.le),
    "ge": (">=", operator.ge),
    "eq": ("==", operator.eq),
    "ne": ("!=", operator.ne),
}
UNARY: dict[str, tuple[str, Callable[[Any], Any]]] = {
    "abs": ("abs", operator.abs),
    "neg": ("-", operator.neg),
}

_TWO = """
def {name}(self, other):
    live = self._live
    if live:
        return {live_expression}
    if self._opstage == 2:
        if live is None:
            self._go_live()
        return {expression}
    return self._operation(other, operation{reflected})
"""
_ONE = """
def {name}(self):
    if self._opstage == 2:
        return {symbol}({now})
    return self._operationown(operation)
"""
# the same value for lines whose memory does not move during the run, see `LineRoot._go_live`
_LIVE = "live[0][live[1].idx]"


def install_operators(cls: Any, now: str) -> None:
    """Give ``cls`` all operators: lines while building, values while running.

    ``now`` is the expression that reads the value of this moment from ``self``.
    """
    for name, (symbol, operation) in (BINARY | COMPARE).items():
        expressions = {"expression": f"{now} {symbol} other", "live_expression": f"{_LIVE} {symbol} other"}
        _install(cls, _TWO, name, operation, reflected="", **expressions)
    for name, (symbol, operation) in BINARY.items():
        expressions = {"expression": f"other {symbol} {now}", "live_expression": f"other {symbol} {_LIVE}"}
        _install(cls, _TWO, f"r{name}", operation, reflected=", True", **expressions)
    for name, (symbol, unary) in UNARY.items():
        _install(cls, _ONE, name, unary, symbol=symbol, now=now)


def _install(cls: Any, template: str, name: str, operation: Any, **parts: str) -> None:
    special = f"__{name}__"
    space: dict[str, Any] = {"operation": operation}
    exec(template.format(name=special, **parts), space)  # our own template
    method = space[special]
    method.__qualname__ = f"{cls.__name__}.{special}"
    method.__module__ = cls.__module__
    method.__doc__ = "A new line while building, the value of now while running."
    setattr(cls, special, method)
