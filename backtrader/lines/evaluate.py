"""Computing a whole line in a batch run: which memory is read, which is written, and in which pieces.

Over many bars most of the time goes into moving numbers to and from memory. So what only one other line is
made of gets no line of memory of its own: it is computed piece by piece together with that line, in memory
that stays in the processor's cache. And a delayed line is not copied, it is read where it is, some bars
further back. Kernels give the same bits however a range is divided.
"""

from __future__ import annotations

import sys
from array import array
from typing import Any

from .clock import NAN
from .kernels.jit import PIECE, as_array, constant_piece, quiet_arithmetic
from .shared import Same, is_computed, same_as, source_of
from .timelines import values_on

# Below this everything is so quick that arranging it would take longer.
MANY = 4096
# Bars at a time of a line with nothing on the way.
ALONE = 8 * PIECE


def memory_for(size: int, missing: int) -> Any:
    """Memory for ``size`` bars of which the first ``missing`` are missing values; the rest is anything."""
    if size >= MANY and "numpy" in sys.modules:
        from numpy import empty

        floats: Any = empty(size)
        floats[:missing] = NAN
        return memoryview(floats)
    return memoryview(array("d", [NAN]) * size)


def evaluate(line: Any) -> Any:
    """All values of ``line`` in new memory."""
    size = line._now.size
    start = min(line._minperiod - 1, size)
    if start == size:
        return memory_for(size, size)
    source = _same_values(line)
    first = source._minperiod - 1
    out = memory_for(size, first)
    fill(source, out, first, size)
    for i in range(first, start):
        out[i] = NAN
    return out


def _same_values(line: Any) -> Any:
    """What ``line`` is nothing but a copy of, if nobody else reads that; else the line itself."""
    while line._now.size >= MANY and line._delay() == 0:
        found = _on_the_way(line._inputs[0], line)
        if found is None or found[1].readers > 1:
            break
        line = found[0]
    return line


def fill(line: Any, out: Any, start: int, size: int) -> None:
    """The values of ``line`` from the bar ``start`` on into ``out``."""
    if size - start >= MANY and _ready(line):
        _Together(line).run(as_array(out))
        return
    inputs = [values_of(x, line) for x in line._inputs]
    shift = max(ago for _, ago in inputs)
    columns = [
        values if isinstance(x, array) else values[shift - ago :]
        for x, (values, ago) in zip(line._inputs, inputs, strict=True)
    ]
    line._now.calls += 1
    line._apply(line._kernel.run, columns, out[shift:], line._state(), start - shift, size - shift)


def values_of(x: Any, reader: Any) -> tuple[Any, int]:
    """Whole memory to read for the input ``x`` of ``reader``, and by how many bars further back."""
    if isinstance(x, array):
        return x, 0
    source, same = _computed(x, reader)
    if same is not None and same.memory is not None:
        return same.memory, 0
    ago = _delay_of(source, x, reader) if same is not None else None
    if ago is not None:
        values, more = values_of(source._inputs[0], source)
        if ago + more < reader._minperiod:
            return values, ago + more
    return values_on(x, reader._now), 0


def _computed(x: Any, reader: Any) -> tuple[Any, Same | None]:
    """What computes ``x``, if a kernel does on the clock of ``reader``."""
    source = source_of(x)
    known = source._now is reader._now and is_computed(source)
    return source, same_as(source) if known else None


def _is_there(source: Any, x: Any) -> bool:
    return "array" in x.__dict__ or "array" in source.__dict__


def _delay_of(source: Any, x: Any, reader: Any) -> int | None:
    """By how many bars ``source`` delays its input, if it does nothing else and need not be computed."""
    if _is_there(source, x) or reader._now.size < MANY or source._minperiod > reader._minperiod:
        return None
    ago: int | None = source._delay()
    return ago


def _ready(line: Any) -> bool:
    """Whether the kernel of ``line`` is there as fast code, or is worth being made into it now."""
    ready: bool = line._kernel.ready(line._now.size, line._params)
    return ready


class _Node:
    """A line that is computed piece by piece; ``memory`` begins at the bar ``base``."""

    def __init__(self, line: Any) -> None:
        self.line, self.kernel = line, line._kernel
        self.first: int = line._minperiod - 1
        self.lookback = 0
        self.states = [as_array(state) for state in line._state()]
        self.memory: Any = None
        self.base = 0
        self.inputs: list[tuple[Any, int, bool]] = []  # array or node, bars back, whether it is a constant
        self.steps: list[Any] = []

    def arrange(self) -> int:
        """Prepare the calls; the bars of history needed of everything on the way."""
        kernel, line = self.kernel, self.line
        if kernel.span is None:
            self.steps = [(kernel.native(), kernel.cast_params(line._params))]
            self.lookback = kernel.lookback(*line._params)
            return self.lookback + max(ago for _, ago, _ in self.inputs)
        deepest = 0
        for one, which, params in line._spans():
            reads = []
            for index, ago in one.reads(params):
                x, more, constant = self.inputs[which[index]] if which[index] >= 0 else (self, 0, False)
                reads.append((x, ago + more, constant))
                deepest = max(deepest, ago + more)
            self.steps.append((one.span_call(), one.span_params(params), reads))
        return deepest

    def has_constants(self) -> bool:
        """Whether an operand is a constant, which takes memory for all bars of a piece."""
        return self.kernel.span is not None and any(constant for _, _, constant in self.inputs)

    def spread_constants(self, piece: int) -> None:
        """Constants as the operands of so many bars."""
        if self.has_constants():
            self.steps = [
                (
                    call,
                    params,
                    [(constant_piece(x, piece), 0, True) if c else (x, ago, c) for x, ago, c in reads],
                )
                for call, params, reads in self.steps
            ]

    def run(self, first: int, last: int) -> None:
        """Fill the bars ``[first, last)``."""
        first = max(first, self.first)
        if first >= last:
            return
        if self.kernel.span is None:
            self._run_window(first, last)
            return
        out = self.memory[first - self.base : last - self.base]
        for call, params, reads in self.steps:
            call(
                *(
                    x[: last - first] if constant else _part(x, first - ago, last - ago)
                    for x, ago, constant in reads
                ),
                out,
                *params,
            )

    def _run_window(self, first: int, last: int) -> None:
        base = max(first - self.lookback, self.base, *(ago for _, ago, _ in self.inputs))
        columns = [x if constant else _part(x, base - ago, last - ago) for x, ago, constant in self.inputs]
        call, params = self.steps[0]
        out = self.memory[base - self.base : last - self.base]
        call(*columns, out, *self.states, *params, first - base, last - base)

    def move(self, base: int, kept: int) -> None:
        """Let memory begin at ``base``, keeping so many bars."""
        if base > self.base:
            by = base - self.base
            self.memory[:kept] = self.memory[by : by + kept].copy()
            self.base = base


def _part(x: Any, first: int, last: int) -> Any:
    if isinstance(x, _Node):
        return x.memory[first - x.base : last - x.base]
    return x[first:last]


class _Together:
    """A line and what is computed on the way to it: operations that only these read, and nobody else."""

    def __init__(self, line: Any) -> None:
        self.line = line
        self._nodes: dict[int, _Node] = {}
        self._taken = self._choose()
        self._visit(line, id(line))
        self.nodes = list(self._nodes.values())
        line._now.calls += len(self.nodes)

    def _choose(self) -> set[int]:
        """Which of the lines that could be computed on the way have all of their readers here."""
        order: list[tuple[Any, Same]] = []
        seen: set[int] = set()

        def collect(reader: Any) -> None:
            for x in reader._inputs:
                found = _on_the_way(x, reader)
                if found is not None and id(found[1]) not in seen:
                    seen.add(id(found[1]))
                    collect(found[0])
                    order.append(found)

        collect(self.line)
        reads = self._reads(self.line)
        taken = set()
        for source, same in reversed(order):  # readers come before what they read
            if reads.get(id(same), 0) == same.readers:
                taken.add(id(same))
                for key, count in self._reads(source).items():
                    reads[key] = reads.get(key, 0) + count
        return taken

    @staticmethod
    def _reads(reader: Any) -> dict[int, int]:
        counts: dict[int, int] = {}
        for x in reader._inputs:
            found = _on_the_way(x, reader)
            if found is not None:
                counts[id(found[1])] = counts.get(id(found[1]), 0) + 1
        return counts

    def _visit(self, line: Any, key: int) -> _Node:
        node = _Node(line)
        node.inputs = [self._input(x, line) for x in line._inputs]
        self._nodes[key] = node
        return node

    def _input(self, x: Any, reader: Any) -> tuple[Any, int, bool]:
        """What to read for an input: a node or an array, how many bars back, whether it is a constant."""
        if isinstance(x, array):
            return as_array(x), 0, True
        found = _on_the_way(x, reader)
        if found is not None and id(found[1]) in self._taken:
            source, same = found
            ago = source._delay()
            if ago is not None:
                inner, more, constant = self._input(source._inputs[0], source)
                return inner, ago + more, constant
            node = self._nodes.get(id(same))
            return (node if node is not None else self._visit(source, id(same))), 0, False
        values, ago = values_of(x, reader)
        return as_array(values), ago, False

    def run(self, out: Any) -> None:
        """Fill ``out``."""
        from numpy import full

        *inner, last = self.nodes
        history = max(node.arrange() for node in self.nodes)
        piece = max(PIECE, 2 * history)
        if not inner:
            piece = len(out) if last.kernel.span is None else PIECE if last.has_constants() else ALONE
        for node in inner:
            node.memory = full(history + piece, NAN)
        for node in self.nodes:
            node.spread_constants(piece)
        last.memory = out
        with quiet_arithmetic():
            for first in range(0 if inner else last.first, len(out), piece):
                stop = min(first + piece, len(out))
                base = max(0, first - history)
                for node in inner:
                    node.move(base, first - base)
                    node.run(first, stop)
                last.run(first, stop)


def _on_the_way(x: Any, reader: Any) -> tuple[Any, Same] | None:
    """The computation behind ``x`` if it may be left without memory of its own."""
    if isinstance(x, array):
        return None
    source, same = _computed(x, reader)
    if same is None or same.memory is not None or same.kept or same.reused or _is_there(source, x):
        return None
    if source._minperiod > reader._minperiod:
        return None
    delay = source._delay()
    if delay is not None:
        return (source, same) if delay < reader._minperiod else None
    return (source, same) if _ready(source) else None


__all__ = ["MANY", "evaluate", "fill", "memory_for"]
