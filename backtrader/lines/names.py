"""Lines and datas as attributes: ``sma.sma``, ``data1``, ``data0_close``, ``line0``.

An object of a class with ``__getattr__`` pays for it whenever any of its attributes is read: about 25
nanoseconds, which is a tenth of a bar.  So the names are attributes of the classes instead, each of
which asks the object what it means when it is read first; then the answer is the object's own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, TypeVar

__all__ = ["LateName", "data_by_name", "give_names", "has_datas", "know_datas"]

_DATA_NAME = re.compile(r"data(\d*)(?:_(\w+))?$")

_Class = TypeVar("_Class", bound=type)

_with_datas: list[type] = []
_known: set[tuple[int, Any]] = set()


class LateName:
    """An attribute that an object finds by its ``_late`` when it is read first."""

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name

    def __get__(self, obj: Any, owner: Any = None) -> Any:
        name = self.name
        if obj is None:
            raise AttributeError(
                f"type object {owner.__name__!r} has no attribute {name!r}", name=name, obj=owner
            )
        for cls in type(obj).__mro__:  # an attribute that somebody wrote goes first, wherever it is
            found = cls.__dict__.get(name, self)
            if type(found) is not LateName:
                return found.__get__(obj, type(obj)) if hasattr(found, "__get__") else found
        found = obj._late(name)
        if found is None:
            raise AttributeError(
                f"{type(obj).__name__!r} object has no attribute {name!r}", name=name, obj=obj
            )
        obj.__dict__[name] = found
        return found


def give_names(cls: type, names: Iterable[str]) -> None:
    """Let objects of ``cls`` be asked for ``names``, unless it has attributes of these names anyway."""
    for name in names:
        if not any(name in base.__dict__ for base in cls.__mro__):
            setattr(cls, name, LateName(name))


def has_datas(cls: _Class) -> _Class:
    """Decorator of classes whose objects have ``datas``: their names lead to the datas and their lines."""
    _with_datas.append(cls)
    for index in range(10):
        give_names(cls, _data_names(index, ()))
    return cls


def know_datas(datas: Iterable[Any]) -> None:
    """Make sure that there are names for these datas and all their lines."""
    for index, data in enumerate(datas):
        kind = type(data.lines)
        if (index, kind) not in _known:
            _known.add((index, kind))
            names = (*getattr(kind, "_names", ()), *range(len(data.lines.lines)))
            for cls in _with_datas:
                give_names(cls, _data_names(index, names))


def _data_names(index: int, lines: Iterable[Any]) -> list[str]:
    starts = [f"data{index}"] if index else ["data", "data0"]
    return [*starts, *(f"{start}_{line}" for start in starts for line in lines)]


def data_by_name(obj: Any, name: str) -> Any:
    """``data1``, ``data_close``, ``data1_high``, ``data0_3`` of an object; None if it has no such thing."""
    match = _DATA_NAME.match(name)
    datas = obj.__dict__.get("datas")
    if match is None or datas is None:
        return None
    index = int(match.group(1) or 0)
    if index >= len(datas):
        return None
    data, line = datas[index], match.group(2)
    if line is None:
        return data
    lines = data.lines
    if line.isdigit():
        return lines[int(line)] if int(line) < len(lines.lines) else None
    return lines.__dict__.get(line)
