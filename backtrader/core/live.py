"""Lines that a batch run with resampled feeds steps bar by bar, because their values are not known before.

In a run bar by bar everything written in Python is called on every step, also where its own feed did
not move: the original does that, and what counts its calls can tell. So it is called here, too, in the
same order, and with it what is computed from it. All other lines are computed whole.
"""

from __future__ import annotations

from typing import Any

from ..lines.coupler import MultiCoupler, SingleCoupler
from ..lines.delay import ConstantLine
from ..lines.evaluate import memory_for
from ..lines.functions import Logic
from ..lines.iterator import LineIterator
from ..lines.line import LineBuffer
from ..lines.operations import Computed, LineActions
from ..lines.root import LineRoot
from ..lines.stepping import Step
from .align import RunTable


def can_be_stepped(strats: list[Any]) -> bool:
    """Whether all that hangs on the strategies is stepped in a way that is known here."""
    return all(
        _steps_plainly(inner) for strat in strats for inner in strat.getindicators()
    ) and not any(observer.getindicators() for strat in strats for observer in strat.getobservers())


def _steps_plainly(inner: Any) -> bool:
    if not isinstance(inner, LineIterator):
        return isinstance(inner, LineActions)
    own = type(inner)._next is LineIterator._next and type(inner)._event_steps is LineIterator._event_steps
    return own and all(map(_steps_plainly, inner.getindicators()))


class LiveLines:
    """The live lines of one strategy: what to call on every step, and what more on the last one."""

    def __init__(self, strat: Any, table: RunTable) -> None:
        self._table = table
        self._lines: set[int] = set()
        self._repeated: set[int] = set()  # couplers that are written again on the step of bars held back
        self.steps: list[Step] = []
        self.at_end: list[Step] = []
        for inner in strat.getindicators():
            self._visit(inner)

    # -- in the order in which a run bar by bar goes through them ------------------------------------
    def _visit(self, inner: Any) -> None:
        if isinstance(inner, LineIterator):
            self._visit_bundle(inner)
        elif isinstance(inner, SingleCoupler):
            self._visit_coupler(inner, [inner], [inner.cdata])
        elif isinstance(inner, Computed):
            lines = [x for x in inner._inputs if isinstance(x, LineRoot)]
            if _in_python(inner) or any(self._depends(x, inner) for x in lines):
                self._step_computed(inner)
        elif not isinstance(inner, ConstantLine):
            inner._allocate()
            self._step(inner._next, [inner])

    def _visit_bundle(self, inner: Any) -> None:
        for part in inner.getindicators():
            self._visit(part)
        if isinstance(inner, MultiCoupler):
            self._visit_coupler(inner, list(inner.lines), list(inner.data.lines))
        elif inner._has_python or type(inner)._step is not LineIterator._step:
            inner._evaluated = True  # nothing is to be computed when the lines are read
            self._step(inner._step, list(inner.lines))

    def _visit_coupler(self, coupler: Any, lines: list[Any], sources: list[Any]) -> None:
        """Whole if it moves with every step; written once more if all steps but the last one move it."""
        positions = self._table.position_of(coupler._now)
        held = self._table.held
        steady = isinstance(positions, range) or (held > 0 and _counts_up(positions, held))
        if not steady or any(self._depends(source, coupler) for source in sources):
            for line in lines:
                line._allocate()
            coupler._evaluated = True
            self._step(coupler._step, lines)
        elif held >= 0 and not isinstance(positions, range):
            self._repeated.update(map(id, lines))
            self.at_end.append(lambda: _write_again(lines, sources))

    def _step_computed(self, line: Any) -> None:
        line._allocate()
        line._begin()
        for shadow, _ in line._shadows:
            shadow.array = memory_for(line._now.size, line._now.size)
        (step,) = line._event_steps()
        self._step(step, [line])

    def _step(self, step: Step, lines: list[Any]) -> None:
        self._lines.update(map(id, lines))
        self.steps.append(step)
        self.at_end.append(step)

    # -- what depends on what ------------------------------------------------------------------------
    def _depends(self, line: Any, reader: Any) -> bool:
        """Whether the values that ``reader`` gets from a line are known only step by step."""
        at = line
        while isinstance(at, LineBuffer):
            if id(at) in self._lines:
                return True
            if id(at) in self._repeated and at._now is not reader._now:
                return True
            if getattr(getattr(at, "_owner", None), "_ltype", None) in (LineRoot.StratType, LineRoot.ObsType):
                return not isinstance(at, LineActions)
            at = at._source
        return False


def _in_python(line: Any) -> bool:
    return line._kernel is None or (isinstance(line, Logic) and line._in_python())


def _counts_up(positions: Any, stop: int) -> bool:
    """Whether every step before ``stop`` shows one bar more."""
    return positions[0] == 0 and positions[stop - 1] == stop - 1


def _write_again(lines: list[Any], sources: list[Any]) -> None:
    for line, source in zip(lines, sources, strict=False):
        if len(line):
            line[0] = source[0] if len(source) else float("nan")


__all__ = ["LiveLines", "can_be_stepped"]
