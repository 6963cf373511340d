"""How the lines of an indicator or observer are drawn, as its ``plotlines`` say."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from ..errors import BacktraderError
from ..utils.params import AutoInfoClass, nearest

__all__ = ["LineLook", "looks_of"]

_NONE = AutoInfoClass()


def looks_of(thing: Any) -> Iterator[LineLook]:
    """The lines of ``thing`` that are to be drawn, in order."""
    for index in range(thing.lines.size()):
        look = LineLook(thing, index)
        if not look.option("_plotskip", False):
            yield look


class LineLook:
    """One line and its options."""

    def __init__(self, thing: Any, index: int) -> None:
        self.thing, self.index = thing, index
        self.line = thing.lines[index]
        self.alias = thing.lines._getlinealias(index)
        self._options = self._find()

    def _find(self) -> Any:
        """What is declared by number goes before what is declared by name."""
        lines = self.thing.plotlines
        for name in (f"_{self.index}", f"_{self.index:02d}", self.alias):
            found = lines.__dict__.get(name) or getattr(type(lines), name, None)
            if isinstance(found, AutoInfoClass):
                return found
            if isinstance(found, dict):
                return AutoInfoClass._derive(name, found)()
        return _NONE

    def option(self, name: str, default: Any = None) -> Any:
        """An option by name."""
        return getattr(self._options, name) if name in _names(self._options) else default

    @property
    def name(self) -> str:
        """What the line is called in a legend."""
        return str(self.option("_name") or self.alias)

    @property
    def method(self) -> str:
        """How it is drawn: a method of matplotlib's axes."""
        return str(self.option("_method", "plot"))

    @property
    def style(self) -> dict[str, Any]:
        """Options for the drawing method itself."""
        names = _names(self._options)
        return {name: getattr(self._options, name) for name in names if not name.startswith("_")}

    @property
    def fills(self) -> list[tuple[str, Any, Any, float | None]]:
        """Areas to fill: which way, up to what (a line's name, a line or a number), colour, opacity."""
        found = []
        for name in ("_fill", "_fill_gt", "_fill_lt"):
            given = self.option(name)
            if given is None:
                continue
            until, colour = given
            alpha = None
            if isinstance(colour, (tuple, list)) and len(colour) == 2:
                colour, alpha = colour
            found.append((name, until, colour, alpha))
        return found

    def values(self, bars: Any) -> Any:
        """The values of the line for these bars."""
        return bars.of(self.line)

    def fill_until(self, until: Any, bars: Any) -> Any:
        """Values of the other side of a fill."""
        if isinstance(until, (int, float)):
            return float(until)
        if not isinstance(until, str):
            return bars.of(until.lines[0])
        names = self.thing.lines.getlinealiases()
        if until not in names and not hasattr(self.thing, until):
            raise BacktraderError(
                f"{type(self.thing).__name__}.plotlines: line {self.alias!r} is to be filled up to a line "
                f"{until!r} that there is not; " + nearest(until, names)
            )
        other = getattr(self.thing.lines, until) if until in names else getattr(self.thing, until)
        return bars.of(other.lines[0])


def _names(options: Any) -> list[str]:
    return list(dict.fromkeys((*type(options)._getkeys(), *vars(options))))


def last_of(values: Any) -> float | None:
    """The last value, if there is one."""
    if not len(values):
        return None
    value = float(values[-1])
    return None if math.isnan(value) else value
