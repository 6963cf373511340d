"""An ordered collection that is also reached by name: analyzers, observers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any


class ItemCollection:
    """Items by position, by name and as attributes."""

    def __init__(self) -> None:
        self._items: list[Any] = []
        self._names: list[str] = []

    def __len__(self) -> int:
        return len(self._items)

    def __iter__(self) -> Iterator[Any]:
        return iter(self._items)

    def append(self, item: Any, name: str | None = None) -> None:
        """Add ``item`` under ``name``."""
        if name:
            setattr(self, name, item)
            self._names.append(name)
        self._items.append(item)

    def __getitem__(self, key: Any) -> Any:
        return self._items[key]

    def getnames(self) -> list[str]:
        """The names in order."""
        return self._names

    def getitems(self) -> Any:
        """Pairs of name and item."""
        return zip(self._names, self._items, strict=False)

    def getbyname(self, name: str) -> Any:
        """The item called ``name``."""
        return self._items[self._names.index(name)]
