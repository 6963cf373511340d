"""Who is building me?  A stack of the objects under construction or running a user's method.

An indicator made inside a strategy's ``__init__`` (or in a helper it calls, or in ``start`` or
``next``) belongs to that strategy.  Whoever builds or runs something puts it on the stack first.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

_stack: ContextVar[list[Any]] = ContextVar("backtrader_construction")


def construction() -> list[Any]:
    """The stack of this context, innermost last."""
    try:
        return _stack.get()
    except LookupError:
        stack: list[Any] = []
        _stack.set(stack)
        return stack


@contextmanager
def owning(obj: Any) -> Iterator[None]:
    """While the block runs, new objects find ``obj`` as their owner."""
    stack = construction()
    stack.append(obj)
    try:
        yield
    finally:
        stack.pop()


def findowner(owned: Any, cls: Any, startlevel: int = 2, skip: Any = None) -> Any:
    """The innermost object under construction that is a ``cls``, other than ``owned`` and ``skip``."""
    for candidate in reversed(construction()):
        if candidate is not owned and candidate is not skip and isinstance(candidate, cls):
            return candidate
    return None
