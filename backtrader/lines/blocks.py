"""Lines of which only a part is in memory: computed a block ahead of the run, given back behind it.

A batch computes a line whole when it is read. Where memory counts, a line that kernels compute is given
address space for all bars, but only the bars around now are there: the run asks for the next ones
before it steps over them, and those long past are given back to the system. What a line is made of
needs memory for a block alone. When the run is over such lines are forgotten, and computed whole
if somebody reads them then. Kernels give the same bits however a range is divided.
"""

from __future__ import annotations

import mmap
from array import array
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from .clock import NAN, Clock
from .operations import Computed, LineActions, aligned_values, same_timeline
from .root import LineRoot
from .shared import has_python, source_of

BLOCK = 8192  # bars computed at once
AHEAD = 1024  # bars there beyond the block, for who reads ahead
KEPT = 32768  # bars there behind it

Piece = tuple[Any, int, int]


class PartialLines:
    """The partial lines of one run, over all its timelines."""

    def __init__(self, clocks: Sequence[Clock], positions: Sequence[Any], others: Sequence[Clock]) -> None:
        self.blocks = [Blocks(clock, self) for clock in clocks]
        self.positions = positions  # of each timeline, where it stands at every step
        self.others = others  # timelines on which nothing is kept in part

    def begin(self) -> bool:
        """From here on lines are partial when they are read; false if some are not computed by kernels."""
        clocks = [*(blocks.clock for blocks in self.blocks), *self.others]
        if not all(_by_kernel(line) for clock in clocks for line in clock.lines):
            return False
        for blocks in self.blocks:
            blocks.clock.filler = blocks
        return True

    def end(self) -> None:
        """Forget what is there in part; everything is whole again from now on."""
        for blocks in self.blocks:
            blocks.end()

    def in_pieces(self, ranges: Iterable[Piece]) -> Iterator[Piece]:
        """The same ranges of steps, divided, with the lines computed before each piece is stepped over."""
        for what, start, stop in ranges:
            for first in range(start, stop, BLOCK):
                last = min(first + BLOCK, stop)
                for blocks, positions in zip(self.blocks, self.positions, strict=True):
                    blocks.reach(positions[last - 1] + 1)
                yield what, first, last


class Blocks:
    """The partial lines of one timeline."""

    def __init__(self, clock: Clock, run: PartialLines) -> None:
        self.clock, self.run = clock, run
        self.limit = 0
        self.chains: dict[int, _Chain] = {}

    def memory_of(self, line: Any) -> Any:
        """Memory for a computed line, filled as far as the run has got."""
        chain = self.chains[id(line)] = _Chain(line)
        chain.advance(self.limit)
        return memoryview(chain.memory).toreadonly()

    def reach(self, stop: int) -> None:
        """Compute all bars before ``stop``, and some more."""
        self.limit = min(stop + AHEAD, self.clock.size)
        for chain in self.chains.values():
            chain.advance(self.limit)

    def first_of(self, line: Any) -> int:
        """The first bar of ``line`` that is there."""
        chain = self.chains.get(id(source_of(line)))
        return 0 if chain is None else chain.first

    def give_up(self) -> None:
        """Something came up that has to see lines whole: let all of them be so for the rest of the run."""
        self.run.end()

    def end(self) -> None:
        """Forget the partial lines."""
        if self.clock.filler is self:
            self.clock.filler = None
        for line in self.clock.lines:
            if id(source_of(line)) in self.chains:
                line._forget()
        self.chains.clear()


class _Node:
    """A computation on the way: its kernel, where it reads, and its memory."""

    def __init__(self, line: Any, inputs: list[Any]) -> None:
        self.line, self.inputs = line, inputs
        self.first = line._minperiod - 1
        self.state = line._state()
        self.memory: Any = None

    def run(self, base: int, start: int, stop: int) -> None:
        """Fill bars ``[start, stop)``; memory and inputs begin at the bar ``base``."""
        line = self.line
        if start < self.first:
            missing = min(self.first, stop) - start
            self.memory[start - base : start - base + missing] = array("d", [NAN]) * missing
            start += missing
        if start < stop:
            columns = [
                x.memory if isinstance(x, _Node) else x if isinstance(x, array) else x[base:stop]
                for x in self.inputs
            ]
            line._apply(line._kernel.run, columns, self.memory, self.state, start - base, stop - base)


class _Chain:
    """A partial line: the computations it takes, the line's own last, and how far they have got."""

    def __init__(self, line: Any) -> None:
        self.nodes = _nodes(line)
        self.history = max(node.line._kernel.lookback(*node.line._params) for node in self.nodes)
        self.block = max(BLOCK, 2 * self.history)
        for node in self.nodes[:-1]:
            node.memory = memoryview(array("d", [NAN]) * (self.history + self.block))
        self.pages = _pages(line._now.size)
        self.memory: Any = memoryview(self.pages).cast("d")[: line._now.size]
        self.first = 0  # bars before it were given back
        self.done = self.base = 0
        line._now.calls += len(self.nodes)

    def advance(self, stop: int) -> None:
        """Compute up to the bar ``stop``."""
        *inner, last = self.nodes
        for start in range(self.done, stop, self.block):
            end = min(start + self.block, stop)
            base = max(0, start - self.history)
            for node in inner:
                _move_up(node.memory, base - self.base, start - base)
                node.run(base, start, end)
            last.memory = self.memory[base:end]
            last.run(base, start, end)
            self.base, self.done = base, end
            self._give_back(end - max(KEPT, self.history))

    def _give_back(self, stop: int) -> None:
        """Let the system have the memory of the bars before ``stop``, by pages."""
        first = stop * 8 // mmap.PAGESIZE * mmap.PAGESIZE
        if first > self.first * 8 and hasattr(mmap, "MADV_DONTNEED"):
            self.pages.madvise(mmap.MADV_DONTNEED, self.first * 8, first - self.first * 8)
            self.first = first // 8


def _pages(size: int) -> mmap.mmap:
    """Address space for ``size`` floats; there is no memory behind it until it is written to."""
    if hasattr(mmap, "MAP_PRIVATE"):
        return mmap.mmap(-1, 8 * size, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
    return mmap.mmap(-1, 8 * size)


def _move_up(memory: Any, by: int, kept: int) -> None:
    """Bring the history to the front of the memory of a block."""
    if by:
        memory[:kept] = array("d", memory[by : by + kept])


def _nodes(line: Any) -> list[_Node]:
    """The line and what it is made of, each after what it reads."""
    known: dict[int, _Node] = {}

    def visit(one: Any) -> _Node:
        node = known.get(id(one))
        if node is None:
            node = known[id(one)] = _Node(one, [visit_input(x) for x in one._inputs])
        return node

    def visit_input(x: Any) -> Any:
        if isinstance(x, array):
            return x
        source = source_of(x)
        if isinstance(source, Computed) and not _is_whole(source):
            return visit(source)
        return memoryview(x.array if same_timeline(x._now, line._now) else aligned_values(x, line._now))

    visit(line)
    return list(known.values())


def _is_whole(source: Any) -> bool:
    """Whether all values are there: read before the run began, or by somebody who had to see them all."""
    blocks = source._now.filler
    return "array" in source.__dict__ and (blocks is None or id(source) not in blocks.chains)


def _by_kernel(line: Any) -> bool:
    """Whether ``line`` has values of its own, or gets them by kernels from its own timeline and feeds."""
    if isinstance(line, LineActions):
        return (
            isinstance(line, Computed)
            and line._identity() is not None
            and all(_readable(x, line) for x in line._inputs)
        )
    return not has_python(line._owner) or line._owner._ltype == LineRoot.StratType


def _readable(x: Any, reader: Any) -> bool:
    """Whether input ``x`` is on the reader's timeline or a line of a feed."""
    return isinstance(x, array) or x._now is reader._now or not isinstance(source_of(x), LineActions)


__all__ = ["BLOCK", "PartialLines"]
