"""Computed lines that outlive a run: runs over the same feeds often compute the same averages.

A search runs one strategy hundreds of times over feeds that are loaded once, and most combinations
share indicators with others. A line whose whole computation, down to the feed, was met in an
earlier run is kept from the second time on and shown to all later runs, as long as there is room.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable
from typing import Any

__all__ = ["Reuse"]

_REMEMBERED = 20_000


class Reuse:
    """Values computed from ``feeds``, up to ``limit`` bytes; what was not used for long goes first."""

    def __init__(self, feeds: Iterable[Any], limit: int) -> None:
        self.limit = limit
        self.used = self.hits = 0
        self._roots = {id(line): line for feed in feeds for line in feed.lines}
        self._columns: OrderedDict[Any, Any] = OrderedDict()
        self._met: OrderedDict[int, None] = OrderedDict()

    def is_root(self, line: Any) -> bool:
        """Whether this is a line of one of the feeds, which hold the same values in every run."""
        return id(line) in self._roots

    def wants(self, key: Any) -> bool:
        """Whether what is computed by ``key`` should be whole, because it is there or came up before."""
        if key in self._columns:
            return True
        name = hash(key)
        known = name in self._met
        self._met[name] = None
        self._met.move_to_end(name)
        if len(self._met) > _REMEMBERED:
            self._met.popitem(last=False)
        return known

    def get(self, key: Any) -> Any:
        """The values, if they are there."""
        found = self._columns.get(key)
        if found is not None:
            self._columns.move_to_end(key)
            self.hits += 1
        return found

    def put(self, key: Any, values: Any) -> None:
        """Keep these values; nobody may write to them from now on."""
        if values.nbytes > self.limit or key in self._columns:
            return
        self.used += values.nbytes
        self._columns[key] = values
        while self.used > self.limit:
            _, gone = self._columns.popitem(last=False)
            self.used -= gone.nbytes
