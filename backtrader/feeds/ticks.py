"""The prices of the last input of a feed, which differ from the bar's while a larger bar is built."""

from __future__ import annotations

from typing import Any

_PREFIX = "tick_"


class Ticks:
    """``tick_open``, ``tick_close`` and so on, one for each line; ``tick_last`` is the first line's."""

    lines: Any

    tick_close: Any = None
    tick_low: Any = None
    tick_high: Any = None
    tick_open: Any = None
    tick_volume: Any = None
    tick_openinterest: Any = None
    tick_last: Any = None

    def _tick_nullify(self) -> None:
        """Nothing is known about the input yet."""
        own = self.__dict__
        for name, _ in self._tick_lines():
            own[name] = None
        own["tick_last"] = None

    def _tick_fill(self, force: bool = False) -> None:
        """The input is the bar itself, unless something was reported about it (or by ``force``)."""
        own, pairs = self.__dict__, self._tick_lines()
        first = pairs[0][0]
        if force or own.get(first) is None:
            for name, line in pairs:
                own[name] = line[0]
            own["tick_last"] = own[first]

    def _tick_lines(self) -> list[tuple[str, Any]]:
        """The attribute of every line, with the line."""
        known: list[tuple[str, Any]] | None = self.__dict__.get("_ticked")
        if known is None:
            bundle = self.lines
            pairs = zip(bundle._names, bundle.lines, strict=False)
            known = [(_PREFIX + name, line) for name, line in pairs if name != "datetime"]
            self.__dict__["_ticked"] = known
        return known
