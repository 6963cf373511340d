"""Names from the days of two Pythons, for code that still imports them; nothing here uses them."""

from __future__ import annotations

import builtins
import itertools
import queue
import sys
from collections.abc import ItemsView, Iterator, Mapping
from io import StringIO
from typing import Any

from .autodict import OrderedDefaultdict
from .construct import with_metaclass

__all__ = [
    "MAXFLOAT",
    "MAXINT",
    "MINFLOAT",
    "MININT",
    "PY2",
    "OrderedDefaultdict",
    "StdOutDevNull",
    "StringIO",
    "bstr",
    "bytes",
    "cmp",
    "filter",
    "flushfile",
    "integer_types",
    "items",
    "iteritems",
    "iterkeys",
    "itertools",
    "itervalues",
    "keys",
    "long",
    "map",
    "py3lvalues",
    "queue",
    "range",
    "string_types",
    "values",
    "winreg",
    "with_metaclass",
    "zip",
]

PY2 = False
MAXINT = sys.maxsize
MININT = -sys.maxsize - 1
MAXFLOAT = sys.float_info.max
MINFLOAT = sys.float_info.min
string_types = (str,)
integer_types = (int,)
filter, map, range, zip, long = builtins.filter, builtins.map, builtins.range, builtins.zip, int

try:
    import winreg
except ImportError:
    winreg = None  # type: ignore[assignment]


def cmp(a: Any, b: Any) -> int:
    """-1, 0 or 1 as ``a`` is less than, equal to or greater than ``b``."""
    return int(a > b) - int(a < b)


def bytes(x: str) -> builtins.bytes:
    """Text encoded as UTF-8."""
    return x.encode("utf-8")


def bstr(x: Any) -> str:
    """The text of anything."""
    return str(x)


def iterkeys(d: Mapping[Any, Any]) -> Iterator[Any]:
    """An iterator over the keys."""
    return iter(d.keys())


def itervalues(d: Mapping[Any, Any]) -> Iterator[Any]:
    """An iterator over the values."""
    return iter(d.values())


def iteritems(d: Mapping[Any, Any]) -> Iterator[tuple[Any, Any]]:
    """An iterator over the pairs."""
    pairs: ItemsView[Any, Any] = d.items()
    return iter(pairs)


def keys(d: Mapping[Any, Any]) -> list[Any]:
    """The keys as a list."""
    return list(d.keys())


def values(d: Mapping[Any, Any]) -> list[Any]:
    """The values as a list."""
    return list(d.values())


def items(d: Mapping[Any, Any]) -> list[tuple[Any, Any]]:
    """The pairs as a list."""
    return list(d.items())


py3lvalues = values


class flushfile:
    """A file whose every write is flushed at once."""

    def __init__(self, f: Any) -> None:
        self.f = f

    def write(self, x: Any) -> None:
        """Write and flush."""
        self.f.write(x)
        self.f.flush()

    def flush(self) -> None:
        """Flush the file."""
        self.f.flush()


class StdOutDevNull:
    """Takes the place of the standard output and swallows it until ``stop``."""

    def __init__(self) -> None:
        self.stdout = sys.stdout
        sys.stdout = self

    def write(self, x: Any) -> None:
        """Swallow."""

    def flush(self) -> None:
        """Nothing is held back."""

    def stop(self) -> None:
        """Give the standard output back."""
        sys.stdout = self.stdout


_FROM_URLLIB = {
    "urlopen": "urllib.request",
    "ProxyHandler": "urllib.request",
    "build_opener": "urllib.request",
    "install_opener": "urllib.request",
}


def __getattr__(name: str) -> Any:
    """The names of urllib, imported only when asked for: they cost tens of milliseconds."""
    import importlib

    if name == "urlquote":
        return importlib.import_module("urllib.parse").quote
    if name in _FROM_URLLIB:
        return getattr(importlib.import_module(_FROM_URLLIB[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
