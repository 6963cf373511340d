"""Computing a line in blocks: what it is made of never exists as a whole.

A batch computes every line over all bars, and an indicator like MACD or RSI leaves several lines
behind that nobody reads again. Here the lines a line is made of get memory for a block of bars and
the history their kernels look back on; one that somebody does read is computed again, for him.
Kernels give the same bits however a range is divided.
"""

from __future__ import annotations

from array import array
from typing import Any

from .clock import NAN
from .operations import Computed, aligned_values, same_timeline
from .shared import source_of

BLOCK = 8192


class _Node:
    """A line on the way: its kernel, where it reads, and its memory."""

    def __init__(self, line: Any, inputs: list[Any]) -> None:
        self.line, self.inputs = line, inputs
        self.first = line._minperiod - 1
        self.state = line._state()
        self.memory: Any = None

    def run(self, base: int, start: int, stop: int) -> None:
        """Fill bars ``[start, stop)``; memory and inputs begin at the bar ``base``."""
        line = self.line
        start = max(start, self.first)
        if start >= stop:
            return
        columns = [
            x.memory if isinstance(x, _Node) else x if isinstance(x, array) else x[base:stop]
            for x in self.inputs
        ]
        line._apply(line._kernel.run, columns, self.memory, self.state, start - base, stop - base)


def compute_in_blocks(line: Any) -> bool:
    """Fill ``line``, which has its memory; false if it is made of nothing that could be left out."""
    nodes = _nodes(line)
    if len(nodes) == 1 or line._now.size < 2 * BLOCK:
        return False
    *inner, last = nodes
    history = max(node.line._kernel.lookback(*node.line._params) for node in nodes)
    block = max(BLOCK, 2 * history)
    for node in inner:
        node.memory = memoryview(array("d", [NAN]) * (history + block))
        line._now.calls += 1
    line._now.calls += 1
    size, base = line._now.size, 0
    for start in range(0, size, block):
        stop = min(start + block, size)
        new_base = max(0, start - history)
        for node in inner:
            _move_up(node.memory, new_base - base, start - new_base)
        base = new_base
        for node in inner:
            node.run(base, start, stop)
        last.memory = line.array[base:stop]
        last.run(base, start, stop)
    return True


def _move_up(memory: Any, by: int, kept: int) -> None:
    """Bring the history to the front; what follows is missing until it is filled."""
    if by:
        memory[:kept] = array("d", memory[by : by + kept])


def _nodes(line: Any) -> list[_Node]:
    """The line and what it is made of, each after what it reads."""
    known: dict[int, _Node] = {}

    def visit(one: Any) -> _Node:
        node = known.get(id(one))
        if node is None:
            inputs = [visit_input(x) for x in one._inputs]
            node = known[id(one)] = _Node(one, inputs)
        return node

    def visit_input(x: Any) -> Any:
        if isinstance(x, array):
            return x
        inner = _made_on_the_way(x, line)
        if inner is not None:
            return visit(inner)
        return memoryview(x.array if same_timeline(x._now, line._now) else aligned_values(x, line._now))

    visit(line)
    return list(known.values())


def _made_on_the_way(x: Any, line: Any) -> Any:
    """The operation that ``x`` is computed by, if its values are not there yet; None if they must be."""
    source = source_of(x)
    if "array" in x.__dict__ or "array" in source.__dict__ or source._now is not line._now:
        return None
    in_python = not isinstance(source, Computed) or source._identity() is None
    return None if in_python else source


__all__ = ["BLOCK", "compute_in_blocks"]
