"""Events as text and back.  Fields that have their default are left out."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import MISSING, fields
from decimal import Decimal
from enum import Enum
from functools import cache
from types import UnionType
from typing import Any, get_args, get_origin, get_type_hints

from ..model import Fill, OrderIntent, OrderReport
from .events import KINDS, Event

__all__ = ["decode", "encode"]

_RECORDS = (OrderIntent, OrderReport, Fill)
_NOT_KEPT = {"raw", "key", "time_ns"}


def encode(event: Event) -> str:
    """The event as JSON, without its key and time, which have columns of their own."""
    return json.dumps(_encode(event, _NOT_KEPT), separators=(",", ":"), ensure_ascii=False)


def decode(kind: str, key: str, time_ns: int, data: str) -> Event:
    """The event again."""
    cls = KINDS[kind]
    values = _decode(cls, json.loads(data))
    event: Event = cls(key=key, time_ns=time_ns, **values)
    return event


def _encode(record: Any, left_out: set[str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, default in _defaults(record.__class__):
        value = getattr(record, name)
        if name in left_out or value is default or (default is not MISSING and value == default):
            continue
        if isinstance(value, Decimal | Enum):
            found[name] = str(value)
        elif isinstance(value, _RECORDS):
            found[name] = _encode(value, {"raw"})
        else:
            found[name] = value
    return found


def _decode(cls: Any, data: dict[str, Any]) -> dict[str, Any]:
    make = _makers(cls)
    # what a newer version added and this one does not know is left out
    return {name: make[name](value) for name, value in data.items() if name in make}


@cache
def _defaults(cls: Any) -> tuple[tuple[str, Any], ...]:
    return tuple((one.name, one.default) for one in fields(cls))


@cache
def _makers(cls: Any) -> dict[str, Callable[[Any], Any]]:
    hints = get_type_hints(cls)
    return {one.name: _maker(hints[one.name]) for one in fields(cls)}


def _maker(hint: Any) -> Any:
    if get_origin(hint) is UnionType:
        inner = next(one for one in get_args(hint) if one is not type(None))
        make = _maker(inner)
        return lambda value: None if value is None else make(value)
    if hint is Decimal or (isinstance(hint, type) and issubclass(hint, Enum)):
        return hint
    if hint in _RECORDS:
        return lambda value: hint(**_decode(hint, value))
    return lambda value: value
