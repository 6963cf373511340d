"""The prices of the last input of a feed, which differ from the bar's while a larger bar is built."""

from __future__ import annotations

from typing import Any

from ..lines.clock import Clock

_PREFIX = "tick_"


def _price(name: str) -> Any:
    """The attribute ``name`` of a feed: what was noted, in a run computed in advance the line's value."""
    line = name.removeprefix(_PREFIX)

    def fget(self: Any) -> Any:
        noted = self.__dict__.get(name)
        return noted if noted is not None else self._tick_of_bar(line)

    def fset(self: Any, value: Any) -> None:
        self.__dict__[name] = value

    return property(fget, fset)


class Ticks:
    """``tick_open``, ``tick_close`` and so on, one for each line; ``tick_last`` is the first line's.

    What is noted stands in the feed's ``__dict__``. While it is the bar itself nothing is noted in a
    run that is computed in advance: the broker looks there and takes the bar.
    """

    lines: Any
    _now: Clock

    tick_close: Any = _price("tick_close")
    tick_low: Any = _price("tick_low")
    tick_high: Any = _price("tick_high")
    tick_open: Any = _price("tick_open")
    tick_volume: Any = _price("tick_volume")
    tick_openinterest: Any = _price("tick_openinterest")
    tick_last: Any = _price("tick_last")

    _tick_unknown = False

    def _tick_of_bar(self, name: str) -> Any:
        clock = self._now
        table = clock.run_table
        if table is None or len(clock) == 0 or self._tick_unknown:
            return None
        if not table.larger and clock.idx == clock.size - 1:
            return None  # compat: not on the last bar loaded
        bundle = self.lines
        line = bundle.lines[0] if name == "last" else bundle.__dict__.get(name)
        return None if line is None else line[0]

    def _tick_nullify(self) -> None:
        """Nothing is known about the input yet."""
        own = self.__dict__
        for name, _ in self._tick_lines():
            own[name] = None
        own["tick_last"] = None
        self._tick_unknown = False

    def _tick_fill(self, force: bool = False) -> None:
        """The input is the bar itself, unless something was reported about it (or by ``force``)."""
        own, pairs = self.__dict__, self._tick_lines()
        first = pairs[0][0]
        if force or own.get(first) is None:
            now = self._now.idx
            for name, line in pairs:
                own[name] = line.array[now]
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
