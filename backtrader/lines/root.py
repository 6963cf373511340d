"""What every line object is, single or bundle: operators, minimum period, the two stages.

While objects are built (stage 1) operators make new lines; once a run has started (stage 2) the
same operators give the value of this moment.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ..utils.construct import MetaParams
from ..utils.owner import findowner
from .events import NewValueEvent, new_value_event
from .operators import install_operators


class Makers:
    """What makes lines out of lines.

    Every line has operators, delays and couplings, yet those are lines themselves and defined above
    this module: each of their modules puts its makers in here when it is imported.
    """

    operation: Any
    own_operation: Any
    delay: Any
    constant: Any
    coupler: Any


makers = Makers()


class MetaLine(MetaParams):
    """Construction of line objects: with ``objcache`` equal arguments give the same object."""

    _cache_on = False
    _cache: dict[Any, Any] = {}

    def __call__(cls, *args: Any, **kwargs: Any) -> Any:
        if not MetaLine._cache_on or not getattr(cls, "_cacheable", False):
            return super().__call__(*args, **kwargs)
        try:
            key = (cls, tuple(map(_identity, args)), tuple((k, _identity(v)) for k, v in kwargs.items()))
            known = MetaLine._cache.get(key)
        except TypeError:  # an unhashable argument: nothing to compare it by
            return super().__call__(*args, **kwargs)
        if known is None:
            known = (super().__call__(*args, **kwargs), args)
            MetaLine._cache[key] = known
        return known[0]

    def usecache(cls, onoff: bool) -> None:
        """Switch reuse of equal operations and indicators on or off."""
        MetaLine._cache_on = bool(onoff)

    def cleancache(cls) -> None:
        """Forget the objects kept for reuse."""
        MetaLine._cache.clear()


def _identity(value: Any) -> Any:
    return ("line", id(value)) if isinstance(value, LineRoot) else value


class LineRoot(metaclass=MetaLine):
    """Common to a single line and to bundles of lines."""

    _OwnerCls: Any = None
    _minperiod: int = 1
    _opstage: int = 1
    _live: Any = None  # (memory, clock) while values can be read without asking; False if they cannot
    _owner: Any = None
    _eval: Any

    if TYPE_CHECKING:
        __new__: Any  # the metaclass takes the arguments: no ``__init__`` tells what a call may look like

    # construction steps that a class may fill in, see utils/construct.py
    _take_arguments: Any = None
    _before_init: Any = None
    _after_init: Any = None

    IndType, StratType, ObsType = range(3)

    __hash__ = object.__hash__

    def _find_owner(self, skip: Any = None) -> Any:
        return findowner(self, self._OwnerCls or LineMultiple, skip=skip)

    def _stage1(self) -> None:
        self._opstage = 1
        self._live = None

    def _stage2(self) -> None:
        self._opstage = 2

    def _go_live(self) -> None:
        """Remember memory and clock, if both stay what they are until the run is over.

        Strategies read values and compare them on every bar: every look-up on the way counts.
        """
        self._live = False

    # -- minimum period ----------------------------------------------------------------------
    def setminperiod(self, minperiod: int) -> None:
        """Set the minimum period directly."""
        self._minperiod = minperiod

    def updateminperiod(self, minperiod: int) -> None:
        """Raise the minimum period to ``minperiod`` if it is lower."""
        self._minperiod = max(self._minperiod, minperiod)

    def addminperiod(self, minperiod: int) -> None:
        """Add a further period; one bar overlaps, so ``minperiod - 1`` is added."""
        raise NotImplementedError

    def incminperiod(self, minperiod: int) -> None:
        """Add ``minperiod`` bars to the minimum period."""
        raise NotImplementedError

    def minbuffer(self, size: int) -> None:
        """Ask bounded memory to keep at least ``size`` bars."""
        self._keep_bars(size)

    def qbuffer(self, savemem: int = 0) -> None:
        """Bounded memory is arranged by the run's plan; kept for code that calls it."""

    def _keep_bars(self, size: int) -> None:
        raise NotImplementedError

    # -- being told of new values ----------------------------------------------------------------
    def get_new_value_event(self) -> NewValueEvent:
        """What calls its subscribers with ``(series, datetime, value)`` once a bar as the run goes on."""
        return new_value_event(self)

    # -- life of a bar; who needs one of these overrides it --------------------------------------
    def prenext(self) -> None:
        """Called on bars before the minimum period is reached."""

    def nextstart(self) -> None:
        """Called on the bar that reaches the minimum period; by default it is a normal bar."""
        self.next()

    def next(self) -> None:
        """Called on every bar after the minimum period was reached."""

    def preonce(self, start: int, end: int) -> None:
        """Batch form of ``prenext`` over ``[start, end)``."""

    def oncestart(self, start: int, end: int) -> None:
        """Batch form of ``nextstart``."""
        self.once(start, end)

    def once(self, start: int, end: int) -> None:
        """Batch form of ``next``."""

    # -- operators ------------------------------------------------------------------------------
    def _line_operand(self) -> Any:
        raise NotImplementedError

    def _operation(self, other: Any, operation: Callable[..., Any], reflected: bool = False) -> Any:
        if isinstance(other, LineMultiple):
            other = other.lines[0]
        return makers.operation(self._line_operand(), other, operation, r=reflected)

    def _operationown(self, operation: Callable[..., Any]) -> Any:
        return makers.own_operation(self._line_operand(), operation)

    def __bool__(self) -> bool:
        if self._opstage == 1:
            raise TypeError(
                "a line has no true or false while it is being built; "
                "use bt.And, bt.Or or bt.If to combine conditions in __init__"
            )
        return bool(self[0])

    def __getitem__(self, ago: int) -> float:
        raise NotImplementedError


install_operators(LineRoot, now="self[0]")


class LineSingle(LineRoot):
    """A single line."""

    def addminperiod(self, minperiod: int) -> None:
        """Add a further period; one bar overlaps, so ``minperiod - 1`` is added."""
        self._minperiod += minperiod - 1

    def incminperiod(self, minperiod: int) -> None:
        """Add ``minperiod`` bars to the minimum period."""
        self._minperiod += minperiod

    def _line_operand(self) -> Any:
        return self


class LineMultiple(LineRoot):
    """A bundle of lines; in operations its first line stands for it."""

    lines: Any

    def reset(self) -> None:
        """Back to before the first bar, ready to be built upon again."""
        self._stage1()
        self.lines.reset()

    def _stage1(self) -> None:
        super()._stage1()
        for line in self.lines:
            line._stage1()

    def _stage2(self) -> None:
        super()._stage2()
        for line in self.lines:
            line._stage2()

    def addminperiod(self, minperiod: int) -> None:
        """Add a further period to every line; the bundle follows its lines after ``__init__``."""
        for line in self.lines:
            line.addminperiod(minperiod)

    def incminperiod(self, minperiod: int) -> None:
        """Add bars to the minimum period of every line."""
        for line in self.lines:
            line.incminperiod(minperiod)

    def minbuffer(self, size: int) -> None:
        """Ask bounded memory to keep at least ``size`` bars of every line."""
        for line in self.lines:
            line.minbuffer(size)

    def _line_operand(self) -> Any:
        return self.lines[0]
