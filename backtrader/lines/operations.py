"""Lines computed from other lines: by a kernel, by an operator, or by a class of the user's."""

from __future__ import annotations

import datetime as _dt
import operator
from array import array
from collections.abc import Callable, Sequence
from typing import Any

from . import kernels as k
from .clock import NAN, WHOLE, Clock
from .evaluate import evaluate, fill
from .line import LineBuffer
from .root import LineMultiple, LineRoot, makers
from .shared import same_as
from .stepping import Step, kernel_worker, stepper
from .timelines import aligned_values as aligned_values
from .timelines import alignment
from .timelines import same_timeline as same_timeline


class LineActions(LineBuffer):
    """A line that computes itself; belongs to the object in whose construction it was made."""

    _ltype = LineRoot.IndType
    _nextforce = False
    _cacheable = True
    _mindatas = 1
    _clock: Any
    _datas: list[Any]

    def _take_arguments(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        self._owner = owner = self._find_owner(skip=kwargs.pop("_ownerskip", None))
        self._datas = [arg for arg in args if isinstance(arg, LineRoot)]
        if args and isinstance(args[0], LineRoot):
            self._clock = args[0]
        elif self._datas and (owner is None or getattr(owner, "_ltype", None) == LineRoot.StratType):
            self._clock = self._datas[0]
        else:
            self._clock = owner
        lines = [d.lines[0] if isinstance(d, LineMultiple) else d for d in self._datas]
        self.__dict__.pop("_now", None)
        self._follow(self._clock._eval if self._clock is not None else Clock())
        self._minperiod = 1
        self.addminperiod(max((line._minperiod for line in lines), default=1))
        LineBuffer.__init__(self)
        return args, kwargs

    def __init__(self) -> None:
        pass

    def _after_init(self) -> None:
        if self._owner is not None:
            self._owner.addindicator(self)

    @staticmethod
    def arrayize(obj: Any) -> Any:
        """``obj`` as a line: its first line for a bundle, a constant line for a number."""
        if isinstance(obj, LineRoot):
            return obj if not isinstance(obj, LineMultiple) else obj.lines[0]
        return makers.constant(obj)

    # -- batch -------------------------------------------------------------------------------
    def _materialise(self) -> Any:
        if self._now.mode != WHOLE:
            return super()._materialise()
        self._allocate()
        self._compute()
        return self.array

    def _compute(self) -> None:
        """Fill the whole line; the default runs the class' own ``once`` or ``next``."""
        size, period = self._now.size, self._minperiod
        cls = type(self)
        if cls.once is not LineRoot.once:
            self.preonce(0, min(period - 1, size))
            if size >= period:
                self.oncestart(period - 1, period)
                self.once(period, size)
        elif cls.next is not LineRoot.next:
            step_through([self._now, *(d._now for d in self._datas)], size, self._step)

    def _read_instead(self, line: Any, source: Any) -> None:
        """Read ``source`` where ``line`` was to be read."""

    def _needs_python(self) -> bool:
        """Whether this is a line of the user's own making, which runs even if nobody reads it."""
        return type(self)._compute is LineActions._compute

    def _once(self) -> None:
        """Compute now, if nobody read the line yet."""
        self.array  # noqa: B018  reading is what computes it

    # -- event -------------------------------------------------------------------------------
    def _next(self) -> None:
        self._step()

    def _step(self) -> None:
        seen = len(self)
        if seen > self._minperiod:
            self.next()
        elif seen == self._minperiod:
            self.nextstart()
        elif seen:
            self.prenext()

    def _begin(self, replaying: bool = False) -> None:
        """A run in event mode starts."""

    def _event_steps(self) -> list[Step]:
        """What to call on every bar of a run in event mode."""
        return [self._next]

    def qbuffer(self, savemem: int = 0, extrasize: int = 0) -> None:
        """Bounded memory is arranged by the run's plan."""


def step_through(clocks: Sequence[Clock], size: int, step: Callable[[], None]) -> None:
    """Run ``step`` on each bar of the first clock's timeline, moving the other clocks along.

    Clocks of other timelines stand where they stood when that bar was evaluated in the run.
    """
    timelines: list[tuple[Clock, Any]] = []
    own = clocks[0]
    for clock in dict.fromkeys(clocks):
        for one in _both(clock):
            moves = None if same_timeline(one, own) else alignment(one, own)
            timelines.append((one, moves))
    before = [clock.idx for clock, _ in timelines]
    together = [clock for clock, moves in timelines if moves is None]
    others = [(clock, moves) for clock, moves in timelines if moves is not None]
    try:
        for i in range(size):
            for clock in together:
                clock.idx = i
            for clock, moves in others:
                clock.idx = moves[i]
            step()
    finally:
        for (clock, _), idx in zip(timelines, before, strict=True):
            clock.idx = idx


def _both(clock: Clock) -> tuple[Clock, ...]:
    """A timeline's clock and, if it has a feed, the clock of the feed or of what is made of it."""
    feed = clock.feed
    if feed is None or not hasattr(feed, "_eval"):
        return (clock,)
    return tuple(dict.fromkeys((clock, feed._now, feed._eval)))


class Computed(LineActions):
    """A line filled by a kernel: ``Computed(kernel, inputs, params, period)``.

    In batch the kernel runs once over the whole range, in event mode bar by bar over ``[i, i+1)``.
    """

    _kernel: Any
    _shadows: tuple[Any, ...] = ()
    _quick_step: Step | None = None
    _replaying = False

    def _take_arguments(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        _, inputs = args[0], args[1]
        rest = kwargs
        super()._take_arguments(tuple(inputs), rest)
        return args, kwargs

    def __init__(
        self, kernel: Any, inputs: Sequence[Any], params: Sequence[Any] = (), period: int = 1
    ) -> None:
        self._setup(kernel, inputs, params)
        if period > 1:
            self.addminperiod(period)

    def _setup(self, kernel: Any, inputs: Sequence[Any], params: Sequence[Any] = ()) -> None:
        self._kernel = kernel
        self._inputs = [_operand(x) for x in inputs]
        self._params = tuple(params)
        self._seen = -1

    def _read_instead(self, line: Any, source: Any) -> None:
        if self is source:
            return
        for i, x in enumerate(self._inputs):
            if x is line:
                self._inputs[i] = source
            elif isinstance(x, LineActions):
                x._read_instead(line, source)

    def _state(self) -> tuple[Any, ...]:
        size = self._kernel.state_size(*self._params)
        return (array("d", bytes(8 * size)),) if size else ()

    # -- batch: see `evaluate` and `shared` -----------------------------------------------------
    def _identity(self) -> tuple[Any, ...] | None:
        """What is computed, whatever of; None if it is done in Python."""
        kernel = self._kernel
        return (kernel, repr(self._params)) if kernel is not None and kernel.divisible else None

    def _delay(self) -> int | None:
        """By how many bars this is its input as it was, if it is no more than that."""
        return self._params[0] if self._kernel is k.shift else None

    def _spans(self) -> list[tuple[Any, tuple[int, ...], tuple[Any, ...]]]:
        """Kernels to run in turn: each with its inputs by number (-1: what came before) and parameters."""
        return [(self._kernel, tuple(range(len(self._inputs))), self._params)]

    def _apply(
        self, run: Callable[..., None], columns: Any, out: Any, states: Any, start: int, stop: int
    ) -> None:
        """Run the kernel over ``[start, stop)``."""
        run(*columns, out, *states, *self._params, start, stop)

    def _materialise(self) -> Any:
        clock = self._now
        if clock.filler is not None and self._identity() is not None:
            self.array = clock.filler.memory_of(self)
            return self.array
        same = same_as(self) if clock.mode == WHOLE else None
        if same is None:
            return super()._materialise()
        several = same.members > 1 or len(self.bindings) > 1 or same.reused
        memory = same.memory
        if memory is None:
            memory = self._reused(same, clock.shared.reuse) if same.reused else evaluate(self)
        if same.members > 1:
            same.memory = memory
        self.array = memory.toreadonly() if several else memory
        return self.array

    def _reused(self, same: Any, reuse: Any) -> Any:
        """The values, out of an earlier run or for later ones."""
        memory = reuse.get(same.key)
        if memory is None:
            memory = evaluate(self)
            reuse.put(same.key, memory)
        return memory

    def _compute(self) -> None:
        size, start = self._now.size, self._minperiod - 1
        if size > start:
            fill(self, self.array, start, size)

    def _begin(self, replaying: bool = False) -> None:
        own = self._now
        shadows = []
        sources = []
        for line in self._inputs:
            if isinstance(line, array):
                sources.append(_Constant(line))
            elif same_timeline(line._now, own):
                sources.append(line)
            else:
                shadow = LineBuffer(own)
                shadow._start_growing()
                shadows.append((shadow, line))
                sources.append(shadow)
        self._shadows = tuple(shadows)
        self._states = self._state()
        self._replaying = replaying
        self._before = tuple(state[:] for state in self._states) if replaying else ()
        self._event_inputs = sources
        self._seen = 0
        self._quick_step = stepper(self) if not (shadows or replaying) else None

    def _next(self) -> None:
        if self._quick_step is not None:
            self._quick_step()
            return
        clock = self._now
        i = clock.idx
        seen = i + clock.base + 1
        if seen <= self._seen:
            if not self._replaying or seen < self._seen or not seen:
                return  # this timeline did not move, or went back, or has no bar yet
            for state, before in zip(self._states, self._before, strict=True):
                state[:] = before
        else:
            self._seen = seen
            for before, state in zip(self._before, self._states, strict=False):
                before[:] = state
        for shadow, line in self._shadows:
            shadow.array[i] = line.array[line._now.idx] if len(line) else NAN
        if seen >= self._minperiod:
            self._run_bar(i)
            if self.bindings:
                value = self.array[i]
                for bound in self.bindings:
                    bound[0] = value

    def _run_bar(self, i: int) -> None:
        columns = [line.array for line in self._event_inputs]
        self._kernel.py(*columns, self.array, *self._states, *self._params, i, i + 1)

    def _bar_worker(self) -> Callable[[int], None]:
        """What computes the bar at an index."""
        return kernel_worker(self, self._event_inputs, self._states)

    def _event_steps(self) -> list[Step]:
        """What to call on every bar of a run in event mode."""
        return [self._quick_step if self._quick_step is not None else self._next]


class _Constant:
    """A constant operand where a line is expected."""

    def __init__(self, values: Any) -> None:
        self.array = values


def _operand(x: Any) -> Any:
    """A line, or a buffer of one value for a number."""
    if isinstance(x, LineMultiple):
        return x.lines[0]
    return x if isinstance(x, (LineRoot, array)) else array("d", [float(x)])


def masks(*operands: Any) -> tuple[int, ...]:
    """What tells a kernel which of its operands are constants."""
    return tuple(k.LINE if isinstance(x, LineRoot) else k.CONSTANT for x in operands)


_BINARY: dict[Any, Any] = {
    operator.add: k.add,
    operator.sub: k.subtract,
    operator.mul: k.multiply,
    operator.truediv: k.true_divide,
    operator.floordiv: k.floor_divide,
    operator.pow: k.raise_to,
    operator.lt: k.less,
    operator.le: k.less_equal,
    operator.eq: k.equal,
    operator.ne: k.not_equal,
    operator.ge: k.greater_equal,
    operator.gt: k.greater,
}
_UNARY: dict[Any, Any] = {operator.neg: k.negative, operator.abs: k.absolute}


class LinesOperation(Computed):
    """``a <operator> b``: two lines, or a line and a number or a time of day."""

    def _take_arguments(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        LineActions._take_arguments(self, args[:2], kwargs)
        return args, kwargs

    def __init__(self, a: Any, b: Any, operation: Callable[[Any, Any], Any], r: bool = False) -> None:
        self.operation, self.a, self.b, self.r = operation, a, b, r
        self.bline = isinstance(b, LineRoot)
        self._plain = None
        kernel = _BINARY.get(operation)
        if kernel is not None and (self.bline or isinstance(b, (int, float))):
            operands = (b, a) if r and not self.bline else (a, b)
            self._setup(kernel, operands, masks(*operands))
        else:
            self._setup(None, (a,))
            self._plain = self._plain_operation()

    def _plain_operation(self) -> Callable[[], Any]:
        """Operands that are not numbers: a time of day to compare with, or an operation of the user's."""
        a, b, operation = self.a, self.b, self.operation
        if isinstance(b, _dt.time):
            return lambda: operation(a.time(), b)
        if isinstance(b, LineRoot):
            return lambda: operation(a[0], b[0])
        if self.r:
            return lambda: operation(b, a[0])
        return lambda: operation(a[0], b)

    def _set(self) -> None:
        if len(self) >= self._minperiod:
            assert self._plain is not None
            self[0] = self._plain()

    def next(self) -> None:
        """The value of this bar, without the kernel."""
        a = self.a[0]
        b = self.b[0] if self.bline else self.b
        self[0] = self.operation(b, a) if self.r and not self.bline else self.operation(a, b)

    def once(self, start: int, end: int) -> None:
        """The values of ``[start, end)``, without the kernel."""
        operation, out, a = self.operation, self.array, self.a.array
        b = self.b.array if self.bline else None
        for i in range(start, end):
            other = self.b if b is None else b[i]
            out[i] = operation(other, a[i]) if self.r and b is None else operation(a[i], other)

    def _compute(self) -> None:
        if self._plain is None:
            super()._compute()
        else:
            step_through([self._now], self._now.size, self._set)

    def _begin(self, replaying: bool = False) -> None:
        if self._plain is None:
            super()._begin(replaying)

    def _next(self) -> None:
        if self._plain is None:
            super()._next()
        else:
            self._set()


class LineOwnOperation(Computed):
    """``<operator> a``: minus, absolute value."""

    def _take_arguments(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        LineActions._take_arguments(self, args[:1], kwargs)
        return args, kwargs

    def __init__(self, a: Any, operation: Callable[[Any], Any]) -> None:
        self.operation, self.a = operation, a
        self._setup(_UNARY[operation], (a,))

    def next(self) -> None:
        """The value of this bar, without the kernel."""
        self[0] = self.operation(self.a[0])

    def once(self, start: int, end: int) -> None:
        """The values of ``[start, end)``, without the kernel."""
        out, a, operation = self.array, self.a.array, self.operation
        for i in range(start, end):
            out[i] = operation(a[i])


makers.operation, makers.own_operation = LinesOperation, LineOwnOperation
