"""The position "now" of one timeline, shared by every line on it.

A feed has two clocks that normally show the same bar: its own, which moves when a new bar comes
in, and the *evaluation* clock of everything computed from it, which moves when strategies run.
Between the two moments (cheat-on-open, timers, data notifications) the feed already shows the new
bar while indicators still show the previous one.

Memory comes in two kinds.  *Whole*: the number of bars is known, lines have their full length
and moving on is one increment.  *Growing*: each step adds one slot to every line; with a window
the oldest slots are dropped in chunks, so the live part stays contiguous and small.
"""

from __future__ import annotations

from array import array
from typing import Any

NAN = float("nan")

BUILDING, WHOLE, GROWING = 0, 1, 2


class Clock:
    """One timeline's position, and the lines that follow it."""

    __slots__ = (
        "idx",
        "base",
        "size",
        "mode",
        "window",
        "lines",
        "holders",
        "feed",
        "calls",
        "run_table",
        "filler",
        "shared",
        "lively",
    )

    def __init__(self, feed: Any = None) -> None:
        self.idx = -1  # index of "now" in the buffers
        self.base = 0  # bars dropped from the front of the buffers
        self.size = 0  # whole memory: number of bars
        self.mode = BUILDING
        self.window = 0  # growing memory: bars to keep, 0 keeps all
        self.lines: list[Any] = []
        self.holders: list[Any] = []
        self.feed = feed
        self.run_table: Any = None  # who stood where at each step of the run
        self.filler: Any = None  # in a run that saves memory: keeps computed lines in part
        self.calls = 0  # kernel calls made for lines of this clock
        self.shared: Any = None  # which of its computed lines are the same
        self.lively: list[Any] = []  # who remembers memory of this clock's lines

    def __len__(self) -> int:
        """Bars seen so far."""
        return self.idx + self.base + 1

    def __bool__(self) -> bool:
        return True

    def attach(self, holder: Any) -> None:
        """Make ``holder`` (a line or a bundle of lines) follow this clock."""
        holder._now = self
        self.holders.append(holder)

    def grow(self) -> None:
        """From here on every step adds a slot to each line."""
        self.mode = GROWING
        self.idx, self.base = -1, 0
        for line in self.lines:
            line._start_growing()

    def settle(self, size: int) -> None:
        """The timeline has ``size`` bars; lines get their memory when they are first read."""
        self.mode = WHOLE
        self.size = size
        self.idx, self.base = -1, 0
        self.shared = None
        self.wake()

    def wake(self) -> None:
        """Memory changes: let nobody read it without asking from here on."""
        for line in self.lively:
            if line._live:
                line._live = False
        self.lively.clear()

    def merge_into(self, other: Clock) -> None:
        """Two timelines turned out to be the same: let all lines follow ``other``."""
        if other is self:
            return
        for holder in self.holders:
            holder._now = other
            if getattr(holder, "_eval", None) is self:
                holder._eval = other
        other.holders.extend(self.holders)
        other.lines.extend(self.lines)
        self.holders = []
        self.lines = []

    def forward(self, value: float = NAN, size: int = 1) -> None:
        """Move on by ``size`` new slots."""
        if size == 1:
            for line in self.lines:
                try:
                    line.array.append(value)
                except BufferError:  # numpy looks at this memory: leave it there and go on in other
                    line.array = line.array[:]
                    line.array.append(value)
        else:
            more = array("d", [value]) * size
            for line in self.lines:
                try:
                    line.array.extend(more)
                except BufferError:
                    line.array = line.array + more
        self.idx += size
        window = self.window
        if window and self.idx >= 2 * window:
            self._drop(self.idx - window)

    def _drop(self, count: int) -> None:
        for line in self.lines:
            try:
                del line.array[:count]
            except BufferError:
                line.array = line.array[count:]
        self.idx -= count
        self.base += count

    def backwards(self, size: int = 1) -> None:
        """Take the last ``size`` slots away again."""
        for line in self.lines:
            values = line.array
            if isinstance(values, memoryview):
                line.array = values[: len(values) - size]
                continue
            try:
                del values[len(values) - size :]
            except BufferError:
                line.array = values[: len(values) - size]
        self.idx -= size

    def extend(self, value: float = NAN, size: int = 0) -> None:
        """Add slots to the right of the last bar without moving on."""
        for line in self.lines:
            line._extend(value, size)
