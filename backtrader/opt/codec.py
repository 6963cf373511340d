"""Parameters as text and back: how a study stores them, and how it knows that it had them before."""

from __future__ import annotations

import datetime as _dt
import json
import math
from collections.abc import Callable, Mapping
from hashlib import blake2b
from typing import Any

from .space import ParamSpace

__all__ = ["Reader", "dumps", "key_of", "loads", "plain"]

_SIMPLE = (bool, int, str, type(None))


def plain(value: Any) -> Any:
    """A value as JSON can hold it; what JSON has no word for becomes a text that says what it was.

    The same value always gives the same text, in every process: it is what a combination is known by.
    """
    if isinstance(value, _SIMPLE):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    if isinstance(value, list | tuple):
        return [plain(each) for each in value]
    if isinstance(value, Mapping):
        return {str(name): plain(each) for name, each in value.items()}
    described = getattr(value, "described", None)
    if callable(described) and not isinstance(value, type):
        return plain(described())
    if isinstance(value, type) or callable(value):
        name = getattr(value, "__qualname__", None) or type(value).__qualname__
        return f"{getattr(value, '__module__', '')}:{name}"
    if isinstance(value, _dt.date | _dt.time):
        return value.isoformat()
    item = getattr(value, "item", None)  # a number of numpy's
    return plain(item()) if callable(item) else repr(value)


def dumps(value: Any) -> str:
    """JSON without blanks, of values that are plain already."""
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


def loads(text: str | None) -> Any:
    """The value of a JSON text; None of none."""
    return json.loads(text) if text else None


def key_of(params: Mapping[str, Any]) -> str:
    """What a combination is known by: the same for the same parameters, whatever their order."""
    text = "\n".join([f"{name}={_exact(params[name])}" for name in sorted(params)])
    return blake2b(text.encode(), digest_size=16).hexdigest()


def _exact(value: Any) -> str:
    kind = type(value)
    if kind is int or kind is float or kind is str or kind is bool:
        return repr(value)
    value = plain(value)
    return dumps(value) if isinstance(value, list | dict) else repr(value)


class Reader:
    """Reads stored parameters back as the values of a space: choices may be classes or tuples.

    Without a space the plain values are what there is.
    """

    def __init__(self, space: ParamSpace | None = None) -> None:
        self._choices: dict[str, dict[str, Any]] = {}
        self._numbers: dict[str, Callable[[Any], Any]] = {}
        for name, dimension in (space.dimensions if space is not None else {}).items():
            if dimension.kind in ("fixed", "choice"):
                self._choices[name] = {dumps(plain(value)): value for value in dimension.choices}
            elif dimension.kind in ("int", "float"):
                self._numbers[name] = int if dimension.kind == "int" else float

    def params(self, text: str) -> dict[str, Any]:
        """The parameters of a stored text."""
        found: dict[str, Any] = json.loads(text)
        for name, value in found.items():
            if name in self._choices:
                found[name] = self._choices[name].get(dumps(value), value)
            elif name in self._numbers and isinstance(value, int | float):
                found[name] = self._numbers[name](value)
        return found
