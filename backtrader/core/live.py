"""Lines that a batch run with resampled feeds steps bar by bar, because their values are not known before.

In a run bar by bar everything is evaluated on every step, also where its own feed did not move: the
original does that. What is written in Python is called again, and can count that; what reads another
timeline gets its newest values. So such lines are stepped here, too, in the same order, and with them
what is computed from them. All other lines are computed whole.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..lines.clock import Clock
from ..lines.coupler import MultiCoupler, SingleCoupler
from ..lines.delay import ConstantLine
from ..lines.evaluate import memory_for
from ..lines.functions import Logic
from ..lines.iterator import LineIterator
from ..lines.line import LineBuffer
from ..lines.operations import Computed, LineActions
from ..lines.root import LineRoot
from ..lines.shared import has_python
from ..lines.stepping import Step
from ..lines.timelines import same_timeline
from .align import RunTable

#: A timeline moves with every step, with all but that of the bars held back, or with some.
ALWAYS, UNTIL_HELD, SOMETIMES = range(3)


def can_be_stepped(strats: list[Any]) -> bool:
    """Whether all that hangs on the strategies is stepped in a way that is known here."""
    return all(_steps_plainly(inner) for strat in strats for inner in strat.getindicators()) and not any(
        observer.getindicators() for strat in strats for observer in strat.getobservers()
    )


def _steps_plainly(inner: Any) -> bool:
    if not isinstance(inner, LineIterator):
        return isinstance(inner, LineActions)
    own = type(inner)._next is LineIterator._next and type(inner)._event_steps is LineIterator._event_steps
    return own and all(map(_steps_plainly, inner.getindicators()))


class LiveLines:
    """The live lines of one strategy: ``steps`` is what to call on every step."""

    def __init__(self, strat: Any, table: RunTable) -> None:
        self._table = table
        self._live: set[int] = set()
        self._changing: dict[int, Any] = {}  # whole lines whose last value changes with the bars held back
        self._pace: dict[Clock, int] = {}
        self.steps: list[Step] = []
        for inner in strat.getindicators():
            self._visit(inner)

    def hold_no_more(self) -> None:
        """The bars held back have come: what they change is computed anew when it is read."""
        self._table.take_last_word()
        for line in self._changing.values():
            _forget(line)

    # -- in the order in which a run bar by bar goes through them ------------------------------------
    def _visit(self, inner: Any) -> None:
        if isinstance(inner, LineIterator):
            self._visit_bundle(inner)
        elif isinstance(inner, SingleCoupler):
            if not self._is_whole([inner], [inner.cdata]):
                inner._allocate()
                self._step(inner._step, [inner])
        elif isinstance(inner, Computed):
            inputs = [x for x in inner._inputs if isinstance(x, LineRoot)]
            if _in_python(inner) or not self._is_whole([inner], inputs):
                self._step_computed(inner)
        elif not isinstance(inner, ConstantLine):
            inner._allocate()
            self._step(inner._next, [inner])

    def _visit_bundle(self, inner: Any) -> None:
        for part in inner.getindicators():
            self._visit(part)
        lines = list(inner.lines)
        if isinstance(inner, MultiCoupler):
            if not self._is_whole(lines, list(inner.data.lines)):
                inner._evaluated = True
                self._step(inner._step, lines)
        elif inner._has_python or type(inner)._step is not LineIterator._step:
            inner._evaluated = True  # nothing is to be computed when the lines are read
            self._step(inner._step, lines)

    def _step_computed(self, line: Any) -> None:
        line._allocate()
        line._begin(True)
        for shadow, _ in line._shadows:
            shadow.array = memory_for(line._now.size, line._now.size)
        self._step(line._next, [line])

    def _step(self, step: Step, lines: list[Any]) -> None:
        self._live.update(map(id, lines))
        self.steps.append(step)

    # -- what depends on what ------------------------------------------------------------------------
    def _is_whole(self, lines: list[Any], inputs: Sequence[Any]) -> bool:
        """Whether lines of one timeline, computed from others, have all values but the last for good."""
        own = lines[0]._now
        pace = self._pace_of(own)
        foreign = [x for x in inputs if not same_timeline(x._now, own)]
        if any(self._find(x, self._live) for x in inputs) or any(map(_is_written, inputs)):
            return False
        if any(self._find(x, self._changing) for x in foreign) or (foreign and pace == SOMETIMES):
            return False
        if pace != ALWAYS and any(has_python(bound._owner) for line in lines for bound in line.bindings):
            return False  # a step gives them the value again
        if pace == UNTIL_HELD and (foreign or any(self._find(x, self._changing) for x in inputs)):
            self._changing.update((id(line), line) for line in lines)
        return True

    def _pace_of(self, clock: Clock) -> int:
        pace = self._pace.get(clock)
        if pace is None:
            positions, held = self._table.position_of(clock), self._table.held
            counts_up = held > 0 and positions[0] == 0 and positions[held - 1] == held - 1
            pace = ALWAYS if isinstance(positions, range) else UNTIL_HELD if counts_up else SOMETIMES
            self._pace[clock] = pace
        return pace

    @staticmethod
    def _find(line: Any, among: Any) -> bool:
        """Whether a line, or one that it takes its values from, is among others."""
        while isinstance(line, LineBuffer):
            if id(line) in among:
                return True
            line = line._source
        return False


def _is_written(line: Any) -> bool:
    """Whether the line belongs to a strategy or an observer, which write to it as they go."""
    owner = None if isinstance(line, LineActions) else line._owner
    return getattr(owner, "_ltype", None) in (LineRoot.StratType, LineRoot.ObsType)


def _in_python(line: Any) -> bool:
    return line._kernel is None or (isinstance(line, Logic) and line._in_python())


def _forget(line: Any) -> None:
    """Let a line be computed anew, and those that have taken its values."""
    line._forget()
    line._now.wake()
    line._now.shared = None
    if isinstance(line._owner, MultiCoupler):
        line._owner._evaluated = False
    for bound in line.bindings:
        _forget(bound)


__all__ = ["LiveLines", "can_be_stepped"]
