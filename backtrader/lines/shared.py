"""Which lines of a run are the same computation, and who reads them.

Two operations are the same if they run the same kernel with the same parameters from the same bar on, over
inputs that are the same. They are computed once; all of them show the one result, read-only, and whoever
writes to such a line gets memory of his own first. What users wrote in Python is never taken for the same.
"""

from __future__ import annotations

from array import array
from typing import Any

from .root import LineRoot


class Same:
    """Operations that give one result."""

    __slots__ = ("members", "readers", "kept", "memory", "key", "reused")

    def __init__(self, key: Any = None, reused: bool = False) -> None:
        self.members = 0
        self.readers = 0  # other computations that read the result
        self.kept = False  # whether it is a line that somebody will look at
        self.memory: Any = None  # the result, if there are several members
        self.key = key  # what it is in any run over the same feeds, if runs share results
        self.reused = reused  # whether this result is to be shared with other runs


class Shared:
    """The computations on one clock."""

    def __init__(self, reuse: Any = None) -> None:
        self.reuse = reuse
        self._known: dict[Any, Same] = {}
        self._of: dict[int, Same] = {}
        self._taken = 0

    def same_as(self, line: Any) -> Same | None:
        """What ``line``, which is computed, has in common with others; None if it is computed in Python."""
        lines = line._now.lines
        for other in lines[self._taken :]:
            if is_computed(other):
                self._take(other)
        self._taken = len(lines)
        return self._of.get(id(line))

    def _take(self, line: Any) -> Same | None:
        """Find the place of ``line`` among the known ones, of what it is made of first."""
        found = self._of.get(id(line))
        if found is not None:
            return found
        identity = line._identity()
        if identity is None:
            return None
        sources = [x if isinstance(x, array) else source_of(x) for x in line._inputs]
        inputs = [self._place(x, line) for x in sources]
        key = (*identity, line._minperiod, *inputs)
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = self._new(line, identity, sources, inputs)
            for place in inputs:
                if isinstance(place, Same):
                    place.readers += 1
        self._of[id(line)] = found
        found.members += 1
        found.kept = found.kept or any(map(_looked_at, line.bindings))
        return found

    def _new(self, line: Any, identity: tuple[Any, ...], sources: list[Any], inputs: list[Any]) -> Same:
        """A computation that this run has not met yet; other runs may have."""
        reuse = self.reuse
        if reuse is None:
            return Same()
        parts = []
        for source, place in zip(sources, inputs, strict=True):
            if isinstance(place, Same):
                place = place.key
            elif not isinstance(place, bytes) and not (reuse.is_root(source) and source._now is line._now):
                place = None
            if place is None:
                return Same()
            parts.append(place)
        key = (*identity, line._minperiod, line._now.size, *parts)
        slow = line._kernel is not None and line._kernel.span is None  # others take no longer than a copy
        return Same(key, slow and reuse.wants(key))

    def _place(self, source: Any, reader: Any) -> Any:
        """What stands for an input in comparisons: its place, the line itself, or the bits of a constant."""
        if isinstance(source, array):
            return source.tobytes()
        if is_computed(source) and source._now is reader._now:
            place = self._take(source)
            if place is not None:
                return place
        return id(source)


def source_of(line: Any) -> Any:
    """The computation whose values ``line`` shows, or the line itself if it has values of its own."""
    source = line._source
    if is_computed(line) or not is_computed(source) or source._now is not line._now:
        return line
    return line if has_python(line._owner) else source


def is_computed(x: Any) -> bool:
    """Whether ``x`` is a line that can be computed by a kernel."""
    return hasattr(type(x), "_identity")  # asked of the object, a bundle would look for a line of that name


def has_python(owner: Any) -> bool:
    """Whether the class of the lines' owner has code of its own that fills them."""
    return hasattr(type(owner), "_has_python") and owner._has_python


def same_as(line: Any) -> Same | None:
    """What ``line`` has in common with other computations of its clock."""
    clock = line._now
    if clock.shared is None:
        clock.shared = Shared(getattr(clock.feed, "_reuse", None))
    found: Same | None = clock.shared.same_as(line)
    return found


# -- bundles written in Python, if their class says that they may be reused ------------------------------
_PLAIN = (int, float, str, bytes, bool, type(None), type)


def bundle_key(bundle: Any) -> Any:
    """What ``bundle`` computes in any run over the same feeds; None if that cannot be told."""
    reuse = getattr(bundle._now.feed, "_reuse", None)
    params = tuple(bundle.p._getkwargs().items())
    if reuse is None or not all(isinstance(value, _PLAIN) for _, value in params):
        return None
    parts = [_line_key(line, bundle, reuse) for data in bundle.datas for line in data.lines]
    if None in parts:
        return None
    return (type(bundle), repr(params), bundle._minperiod, bundle._now.size, *parts)


def _line_key(line: Any, reader: Any, reuse: Any) -> Any:
    source = source_of(line)
    if source._now is not reader._now:
        return None
    if reuse.is_root(source):
        return id(source)
    if is_computed(source):
        same = same_as(source)
        return None if same is None else same.key
    owner = source._owner
    if owner is None or not getattr(type(owner), "reusable", False):
        return None
    key = bundle_key(owner)
    return None if key is None else (*key, owner.lines.lines.index(source))


def show_again(bundle: Any, key: Any) -> bool:
    """Let the lines show what an earlier run computed; False if there is nothing."""
    reuse = bundle._now.feed._reuse
    found = [reuse.get((*key, number)) for number in range(len(bundle.lines.lines))]
    if any(values is None for values in found):
        return False
    for line, values in zip(bundle.lines, found, strict=True):
        line.array = values.toreadonly()
    return True


def keep_shown(bundle: Any, key: Any) -> None:
    """Keep what was computed for other runs, if one of them is likely."""
    reuse = bundle._now.feed._reuse
    if reuse.wants(key):
        for number, line in enumerate(bundle.lines):
            values = memoryview(line.array)
            line.array = values.toreadonly()
            reuse.put((*key, number), values)


def _looked_at(line: Any) -> bool:
    """Whether this is a line of an indicator that a strategy holds: read, plotted or written as a rule."""
    owner = line._owner
    return owner is not None and getattr(type(owner._owner), "_ltype", None) == LineRoot.StratType


__all__ = [
    "Same", "Shared", "bundle_key", "has_python", "is_computed", "keep_shown", "same_as", "show_again",
    "source_of",
]  # fmt: skip
