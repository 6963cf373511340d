"""Which feed stands at which bar at each step of a batch run."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from typing import Any, NamedTuple

from ..lines.clock import Clock

INFINITY = float("inf")


class RunTable:
    """The whole run laid out in advance: per step its time, and per timeline its position."""

    def __init__(self, times: Any, clocks: Sequence[Clock], positions: Sequence[Any]) -> None:
        self.times = times
        self.now = times  # what timers go by
        self.larger = False  # whether some feeds are resampled
        self.held = -1  # the step of bars that were held back until the input had ended
        self.length = len(times)
        self.clocks = list(clocks)
        self.positions = list(positions)
        self._cache: dict[tuple[int, int], Any] = {}
        self._last_word = False

    def position_of(self, clock: Clock) -> Any:
        """Where the timeline of ``clock`` stands at every step."""
        feed = clock.feed
        for known, positions in zip(self.clocks, self.positions, strict=True):
            if known is clock or (feed is not None and known is feed._now):
                return positions
        return range(self.length)  # a strategy's own timeline: one bar a step

    def index_of(self, source: Clock, target: Clock) -> Any:
        """For every bar of ``target``, where ``source`` stood when that bar was evaluated."""
        key = (id(source), id(target))
        found = self._cache.get(key)
        if found is None:
            found = self._cache[key] = self._index_of(source, target)
        return found

    def _index_of(self, source: Clock, target: Clock) -> Any:
        theirs, ours = self.position_of(source), self.position_of(target)
        if isinstance(ours, range):
            return theirs
        found = array("q", [-1]) * target.size
        seen = -1
        for here, there in zip(ours, theirs, strict=True):
            if here != seen or self._last_word:
                seen = here
                found[here] = there
        return found

    def take_last_word(self) -> None:
        """From now on a bar is evaluated when it is shown for the last time, not for the first."""
        if not self._last_word:
            self._last_word = True
            self._cache.clear()


class Layout(NamedTuple):
    """The steps of a run whose feeds are all there: feeds in groups that move together, and where they stand.

    ``now`` is what timers go by. ``held``: the step of bars that were held back until the input had ended.
    """

    groups: list[list[Any]]
    positions: list[Any]
    times: Any
    now: Any
    held: int

    def table(self, clocks: Sequence[Clock]) -> RunTable:
        """The steps, for the clocks of the groups."""
        table = RunTable(self.times, clocks, self.positions)
        table.now, table.held, table.larger = self.now, self.held, True
        return table


def grouped(datas: Sequence[Any], places: dict[int, Any]) -> tuple[list[list[Any]], list[Any]]:
    """Feeds in groups that stand at the same bars in all steps, and where these are; ``places`` by id."""
    groups: list[list[Any]] = []
    positions: list[Any] = []
    for data in datas:
        own = places[id(data)]
        for group, theirs in zip(groups, positions, strict=True):
            if type(own) is type(theirs) and own == theirs:
                group.append(data)
                break
        else:
            groups.append([data])
            positions.append(own)
    return groups, positions


def timelines(datas: Sequence[Any]) -> list[list[Any]]:
    """Feeds grouped by timeline: feeds with the very same timestamps share one."""
    groups: list[list[Any]] = []
    known: dict[tuple[int, bytes], list[Any]] = {}
    for data in datas:
        times = data.lines.datetime.array
        key = (len(times), bytes(memoryview(times)[:4].tobytes()) + bytes(memoryview(times)[-4:].tobytes()))
        group = known.get(key)
        if group is not None and _same(group[0].lines.datetime.array, times):
            group.append(data)
        else:
            groups.append(known.setdefault(key, [data]) if group is None else [data])
    return groups


def _same(a: Any, b: Any) -> bool:
    return bytes(memoryview(a)) == bytes(memoryview(b))


def lay_out(clocks: Sequence[Clock], columns: Sequence[Any]) -> RunTable:
    """Merge timelines: each step takes the earliest pending time, and all that have a bar at it move."""
    if len(clocks) == 1:
        count = clocks[0].size
        return RunTable(columns[0][:count], clocks, [range(count)])
    merged = _merge_increasing(clocks, columns)
    return merged if merged is not None else _merge_stepwise(clocks, columns)


def _merge_increasing(clocks: Sequence[Clock], columns: Sequence[Any]) -> RunTable | None:
    """All timelines strictly increasing: the steps are the sorted union of their times."""
    if sum(clock.size for clock in clocks) < 2000:
        return None
    import numpy as np

    parts = [
        np.frombuffer(column, dtype=float)[: clock.size]
        for clock, column in zip(clocks, columns, strict=True)
    ]
    if not all(part.size and bool(np.all(part[1:] > part[:-1])) for part in parts):
        return None
    times = np.unique(np.concatenate(parts))
    positions = [
        array("q", (np.searchsorted(part, times, side="right") - 1).astype("int64").tobytes())
        for part in parts
    ]
    return RunTable(memoryview(array("d", times.tobytes())), clocks, positions)


def _merge_stepwise(clocks: Sequence[Clock], columns: Sequence[Any]) -> RunTable:
    """The general rule, also for repeated or backward times: one bar of a timeline a step."""
    count = len(clocks)
    sizes = [clock.size for clock in clocks]
    at = [-1] * count
    times = array("d")
    positions = [array("q") for _ in clocks]
    while True:
        pending = [columns[k][at[k] + 1] if at[k] + 1 < sizes[k] else INFINITY for k in range(count)]
        now = min(pending)
        if now == INFINITY:
            break
        for k in range(count):
            if pending[k] <= now:
                at[k] += 1
            positions[k].append(at[k])
        times.append(now)
    return RunTable(memoryview(times), clocks, positions)


def lay_out_by_first(clocks: Sequence[Clock], columns: Sequence[Any]) -> RunTable:
    """Old synchronisation: the first feed is the clock, the others follow at most one bar a step."""
    count = len(clocks)
    at = [-1] * count
    times = array("d", memoryview(columns[0])[: clocks[0].size].tobytes())
    positions = [array("q") for _ in clocks]
    for now in times:
        at[0] += 1
        for k in range(1, count):
            following = at[k] + 1
            if following < clocks[k].size and columns[k][following] <= now:
                at[k] = following
        for k in range(count):
            positions[k].append(at[k])
    return RunTable(memoryview(times), clocks, positions)
