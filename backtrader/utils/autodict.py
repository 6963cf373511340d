"""Dictionaries that fill themselves: ``analysis.won.streak.longest += 1`` on an empty one works."""

from __future__ import annotations

from collections import OrderedDict, defaultdict
from collections.abc import Callable
from typing import Any

__all__ = [
    "AutoDict",
    "AutoDictList",
    "AutoOrderedDict",
    "DotDict",
    "OrderedDefaultdict",
    "Tree",
]


class UnknownKeyError(KeyError, AttributeError):
    """A name that is not in the dictionary, asked for as a key or as an attribute."""

    def __str__(self) -> str:
        return f"there is no {self.args[0]!r} here"


class _Filling(dict[Any, Any]):
    """Missing keys become empty dictionaries of the same kind, until closed; keys are attributes too.

    Names that start with an underscore are attributes only.
    """

    _closed = False

    def _close(self) -> None:
        """From now on a missing key is an error, here and in everything below."""
        self._closed = True
        for value in self.values():
            if isinstance(value, _Filling):
                value._close()

    def _open(self) -> None:
        """Missing keys fill themselves again, here only."""
        self._closed = False

    def __missing__(self, key: Any) -> Any:
        if self._closed:
            raise UnknownKeyError(key)
        value = self[key] = type(self)()
        return value

    def __getattr__(self, key: str) -> Any:
        if key.startswith("_"):
            raise AttributeError(key)
        return self[key]

    def __setattr__(self, key: str, value: Any) -> None:
        if key.startswith("_"):
            object.__setattr__(self, key, value)
        else:
            self[key] = value


class AutoDict(_Filling):
    """A plain dictionary whose missing keys become dictionaries of this kind."""


class AutoOrderedDict(_Filling, OrderedDict[Any, Any]):
    """What analyzers collect their results in: ``total.open += 1`` needs no preparation.

    A missing key becomes an empty dictionary of this kind, and an empty one takes part in
    ``+= -= *= /=`` as the zero of the other operand's type.
    """

    # compat: whatever was inside is forgotten, the result starts from the other type's zero
    def __iadd__(self, other: Any) -> Any:
        return self._zero_for(other, "+") + other

    def __isub__(self, other: Any) -> Any:
        return self._zero_for(other, "-") - other

    def __imul__(self, other: Any) -> Any:
        return self._zero_for(other, "*") * other

    def __itruediv__(self, other: Any) -> Any:
        return self._zero_for(other, "/") / other

    def _zero_for(self, other: Any, sign: str) -> Any:
        if isinstance(other, AutoOrderedDict):
            name = type(self).__name__
            raise TypeError(f"unsupported operand type(s) for {sign}=: {name!r} and {name!r}")
        return type(other)()

    def lvalues(self) -> list[Any]:
        """The values as a list."""
        return list(self.values())


class AutoDictList(dict[Any, list[Any]]):
    """A dictionary whose missing keys become empty lists."""

    def __missing__(self, key: Any) -> list[Any]:
        value = self[key] = list()
        return value


class DotDict(dict[Any, Any]):
    """A dictionary whose keys can be read as attributes."""

    def __getattr__(self, key: str) -> Any:
        if key.startswith("__"):
            raise AttributeError(key)
        try:
            return self[key]
        except KeyError:
            raise UnknownKeyError(key) from None


class OrderedDefaultdict(OrderedDict[Any, Any]):
    """An ordered dictionary whose missing keys are made by ``default_factory``."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.default_factory: Callable[[], Any] | None = args[0] if args else None
        if self.default_factory is not None and not callable(self.default_factory):
            raise TypeError("first argument must be callable or None")
        super().__init__(*args[1:], **kwargs)

    def __missing__(self, key: Any) -> Any:
        if self.default_factory is None:
            raise KeyError(key)
        value = self[key] = self.default_factory()
        return value

    def __reduce__(self) -> Any:
        args = () if self.default_factory is None else (self.default_factory,)
        return type(self), args, None, None, iter(self.items())

    def copy(self) -> OrderedDefaultdict:
        """A shallow copy with the same factory."""
        return type(self)(self.default_factory, self)

    __copy__ = copy


def Tree() -> defaultdict[Any, Any]:
    """A dictionary of dictionaries without end."""
    return defaultdict(Tree)
