"""Declared parameters: ``params = (('period', 30),)`` on a class, ``self.p.period`` on its objects.

Every class that declares parameters gets a class of its own, derived from its base's, which
carries the defaults as class attributes.  An object gets an instance of it which stores only the
values that were given, so making one is cheap and an untouched parameter costs nothing.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

Pairs = Mapping[str, Any] | Iterable[tuple[str, Any]]


def as_pairs(declared: Any) -> dict[str, Any]:
    """What a class body may write: pairs, a dict, bare names, or an already made info class."""
    if declared is None:
        return {}
    if isinstance(declared, AutoInfoClass) or (
        isinstance(declared, type) and issubclass(declared, AutoInfoClass)
    ):
        return declared._getpairs()
    if isinstance(declared, Mapping):
        return dict(declared)
    # a bare name declares a parameter whose default is None
    return dict((item, None) if isinstance(item, str) else tuple(item) for item in declared)


def nearest(name: str, known: Iterable[str], others: Iterable[str] = ()) -> str:
    """The end of an error sentence: what the name may have been meant to be, or all that are known.

    ``others`` may be meant too, but are too many to be listed.
    """
    names = [k for k in known if not k.startswith("_")]
    meant = [*names, *(k for k in others if not k.startswith("_"))]
    close = difflib.get_close_matches(name, meant, n=3, cutoff=0.6)
    if close:
        return "did you mean " + " or ".join(repr(c) for c in close) + "?"
    return "known: " + (", ".join(names) if names else "none")


class AutoInfoClass:
    """Names with defaults that a class declares and its subclasses inherit and override."""

    _pairs: dict[str, Any] = {}
    _own: dict[str, Any] = {}

    def __init__(self, **given: Any) -> None:
        self.__dict__.update(given)

    @classmethod
    def _derive(
        cls, name: str, declared: Any, others: Iterable[Any] = (), recurse: bool = False
    ) -> type[AutoInfoClass]:
        """The info class for a subclass: inherited pairs, then other bases', then its own.

        A redefined default keeps the place its name had.  With ``recurse`` values that are
        declarations themselves (``plotlines``) become info classes of their own.
        """
        pairs = dict(cls._pairs)
        for other in others:
            pairs.update(as_pairs(other))
        own = as_pairs(declared)
        pairs.update(own)
        namespace: dict[str, Any] = {"_pairs": pairs, "_own": own, "__module__": cls.__module__}
        for key, value in pairs.items():
            if recurse:
                namespace[key] = cls._derive_nested(key, value, others)
            else:  # a function is a value here, not a method
                namespace[key] = staticmethod(value) if hasattr(type(value), "__get__") else value
        return type(f"{cls.__name__}_{name}", (cls,), namespace)

    @classmethod
    def _derive_nested(cls, key: str, value: Any, others: Iterable[Any]) -> Any:
        base = type(cls.__dict__.get(key, None) or getattr(cls, key, None))
        if not issubclass(base, AutoInfoClass):
            base = AutoInfoClass
        more = [other._nested(key) for other in others if hasattr(other, "_nested")]
        return base._derive(key, value, more)()

    @classmethod
    def _nested(cls, key: str) -> dict[str, Any]:
        found = getattr(cls, key, None) if key in cls._pairs else None
        return found._getpairs() if isinstance(found, AutoInfoClass) else {}

    # -- what the class declares -------------------------------------------------------------
    @classmethod
    def _getpairs(cls) -> dict[str, Any]:
        return dict(cls._pairs)

    @classmethod
    def _getpairsbase(cls) -> dict[str, Any]:
        return {k: v for k, v in cls._pairs.items() if k not in cls._own}

    @classmethod
    def _getrecurse(cls) -> bool:
        return False

    @classmethod
    def _getkeys(cls) -> list[str]:
        return list(cls._pairs)

    @classmethod
    def _getdefaults(cls) -> list[Any]:
        return list(cls._pairs.values())

    @classmethod
    def _getdefault(cls, name: str) -> Any:
        return cls._pairs[name]

    @classmethod
    def _getitems(cls) -> Iterable[tuple[str, Any]]:
        return cls._pairs.items()

    @classmethod
    def _gettuple(cls) -> tuple[tuple[str, Any], ...]:
        return tuple(cls._pairs.items())

    @classmethod
    def _getkwargsdefault(cls) -> dict[str, Any]:
        return dict(cls._pairs)

    # -- what an object holds ----------------------------------------------------------------
    def _getkwargs(self, skip_: bool = False) -> dict[str, Any]:
        """Current values by name; ``skip_`` leaves out names that start with an underscore."""
        return {k: getattr(self, k) for k in self._pairs if not (skip_ and k.startswith("_"))}

    def _getvalues(self) -> list[Any]:
        return [getattr(self, k) for k in self._pairs]

    def _get(self, name: str, default: Any = None) -> Any:
        return getattr(self, name, default)

    def isdefault(self, name: str) -> bool:
        """Whether ``name`` still has its declared default."""
        return bool(getattr(self, name) == self._pairs[name])

    def notdefault(self, name: str) -> bool:
        """Whether ``name`` was given a value other than its declared default."""
        return bool(getattr(self, name) != self._pairs[name])

    if TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any: ...  # not at run time, where every look-up would pay for it

    def _meant(self, name: str) -> str:
        """For an error: what somebody may have meant who asked for a name that is not there."""
        kind = type(self).__name__.rpartition("_")[2]
        return f"{kind} has no parameter or option {name!r}; " + nearest(name, type(self)._pairs)

    def __reduce__(self) -> Any:
        return _rebuild, (self._pairs, dict(self.__dict__), type(self).__name__)

    def __repr__(self) -> str:
        return ", ".join(f"{k}={v!r}" for k, v in self._getkwargs().items())


def _rebuild(pairs: dict[str, Any], given: dict[str, Any], name: str) -> AutoInfoClass:
    """Unpickle: info classes are made at class creation and have no importable name."""
    base, _, rest = name.partition("_")
    obj = AutoInfoClass._derive(rest or base, pairs)()
    obj.__dict__.update(given)
    return obj
