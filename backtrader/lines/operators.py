"""The operator table: one entry an operator instead of one hand-written method each."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

BINARY: dict[str, Callable[[Any, Any], Any]] = {
    "add": operator.add,
    "sub": operator.sub,
    "mul": operator.mul,
    "truediv": operator.truediv,
    "floordiv": operator.floordiv,
    "pow": operator.pow,
}
COMPARE: dict[str, Callable[[Any, Any], Any]] = {
    "lt": operator.lt,
    "gt": operator.gt,
    "le": operator.le,
    "ge": operator.ge,
    "eq": operator.eq,
    "ne": operator.ne,
}
UNARY: dict[str, Callable[[Any], Any]] = {"abs": operator.abs, "neg": operator.neg}


def _binary(operation: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    def method(self: Any, other: Any) -> Any:
        if self._opstage == 2:
            return operation(self[0], other)
        return self._operation(other, operation)

    return method


def _reflected(operation: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    def method(self: Any, other: Any) -> Any:
        if self._opstage == 2:
            return operation(other, self[0])
        return self._operation(other, operation, True)

    return method


def _unary(operation: Callable[[Any], Any]) -> Callable[[Any], Any]:
    def method(self: Any) -> Any:
        if self._opstage == 2:
            return operation(self[0])
        return self._operationown(operation)

    return method


def install_operators(cls: Any) -> None:
    """Give ``cls`` all operators: lines while building, values while running."""
    for name, operation in (BINARY | COMPARE).items():
        _install(cls, f"__{name}__", _binary(operation))
    for name, operation in BINARY.items():
        _install(cls, f"__r{name}__", _reflected(operation))
    for name, unary in UNARY.items():
        _install(cls, f"__{name}__", _unary(unary))


def _install(cls: Any, name: str, method: Any) -> None:
    method.__name__ = name
    method.__qualname__ = f"{cls.__name__}.{name}"
    method.__doc__ = "A new line while building, the value of now while running."
    setattr(cls, name, method)
