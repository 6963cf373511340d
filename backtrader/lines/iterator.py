"""A bundle that computes: what indicators, observers and strategies have in common.

It finds its data among its arguments, takes the clock of the first one, and is evaluated in one
of three ways: not at all (its lines are bound to operations, which compute themselves), by the
user's ``once``, or by stepping the user's ``next``.
"""

from __future__ import annotations

from typing import Any

from ..utils.autodict import DotDict
from .clock import WHOLE, Clock
from .delay import ConstantLine
from .names import data_by_name, has_datas, know_datas
from .operations import LineActions, step_through
from .root import LineRoot
from .series import LineSeries, LineSeriesMaker
from .shared import bundle_key, keep_shown, show_again


@has_datas
class LineIterator(LineSeries):
    """Lines fed by other lines."""

    _nextforce = False
    _mindatas = 1
    _ltype = LineSeries.IndType

    plotinfo: Any = dict(
        plot=True,
        subplot=True,
        plotname="",
        plotskip=False,
        plotabove=False,
        plotlinelabels=False,
        plotlinevalues=True,
        plotvaluetags=True,
        plotymargin=0.0,
        plotyhlines=[],
        plotyticks=[],
        plothlines=[],
        plotforce=False,
    )

    #: Whether values written in Python follow from class, parameters and data alone, so that a search
    #: may show one run what another has computed.
    reusable = False

    datas: list[Any]
    data: Any
    _clock: Any
    _lineiterators: dict[int, list[Any]]
    _evaluated = False
    _steps: tuple[Any, ...] = ()

    # -- construction ------------------------------------------------------------------------
    def _take_arguments(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        own = self.__dict__
        own["_owner"] = self._find_owner(skip=kwargs.pop("_ownerskip", None))
        own["_lineiterators"] = {kind: [] for kind in range(3)}
        own["_minperiod"] = 1
        datas, args = self._split_datas(args)
        if not datas and self._ltype != self.StratType and self._owner is not None:
            datas = list(self._owner.datas[: self._mindatas])
        own["datas"] = datas
        know_datas(datas)
        own["dnames"] = DotDict([(d._name, d) for d in datas if getattr(d, "_name", "")])
        if datas:
            own["data"] = datas[0]
        self._arrange_clock(datas, kwargs)
        self._minperiod = max((d._minperiod for d in self.datas), default=1)
        for line in self.lines:
            line.addminperiod(self._minperiod)
        return args, kwargs

    def _split_datas(self, args: tuple[Any, ...]) -> tuple[list[Any], tuple[Any, ...]]:
        """Leading lines are data; numbers count as constant lines while data is still needed."""
        count = 0
        missing = self._mindatas
        for arg in args:
            if not isinstance(arg, LineRoot) and (not missing or not isinstance(arg, (int, float))):
                break
            missing = max(0, missing - 1)
            count += 1
        given, rest = args[:count], args[count:]
        lines = [arg for arg in given if isinstance(arg, LineRoot)]
        clock = lines[0] if lines else self._owner.datas[0] if given else None
        return [
            LineSeriesMaker(arg if isinstance(arg, LineRoot) else ConstantLine(arg, clock=clock))
            for arg in given
        ], rest

    def _arrange_clock(self, datas: list[Any], kwargs: dict[str, Any]) -> None:
        clock_of = self._clock_of(datas)
        self._make_lines(clock_of._eval if clock_of is not None else Clock(feed=self), kwargs)
        self._clock = clock_of
        if not datas and self._owner is not None:
            self.datas = [self._owner]
            know_datas(self.datas)

    def _clock_of(self, datas: list[Any]) -> Any:
        return datas[0] if datas else self._owner

    def _after_init(self) -> None:
        self._minperiod = max((line._minperiod for line in self.lines), default=self._minperiod)
        self._periodrecalc()
        if self._owner is not None:
            self._owner.addindicator(self)

    def _periodrecalc(self) -> None:
        for inner in self._lineiterators[LineRoot.IndType]:
            self.updateminperiod(inner._minperiod)

    def _late(self, name: str) -> Any:
        found = data_by_name(self, name) if name[:4] == "data" else None
        return super()._late(name) if found is None else found

    def _stage2(self) -> None:
        super()._stage2()
        for data in self.datas:
            if data is not self._owner:
                data._stage2()
        for kind in self._lineiterators.values():
            for inner in kind:
                inner._stage2()

    def _stage1(self) -> None:
        super()._stage1()
        for data in self.datas:
            if data is not self._owner:
                data._stage1()
        for kind in self._lineiterators.values():
            for inner in kind:
                inner._stage1()

    # -- what belongs to it ------------------------------------------------------------------------
    def addindicator(self, indicator: Any) -> None:
        """Take an indicator, observer or operation made inside this object."""
        self._lineiterators[indicator._ltype].append(indicator)
        if getattr(indicator, "_nextforce", False):
            top: Any = self
            while top is not None:
                if getattr(top, "_ltype", None) == LineRoot.StratType:
                    top.cerebro._disable_runonce()
                    break
                top = top._owner

    def getindicators(self) -> list[Any]:
        """The indicators and operations made inside this object."""
        return self._lineiterators[LineRoot.IndType]

    def getindicators_lines(self) -> list[Any]:
        """Those of them that are bundles with names, as writers list them."""
        return [x for x in self.getindicators() if hasattr(x.lines, "getlinealiases")]

    def getobservers(self) -> list[Any]:
        """The observers of this object."""
        return self._lineiterators[LineRoot.ObsType]

    def bindlines(self, owner: Any = None, own: Any = None) -> LineIterator:
        """Bind lines of ours (default: the first) to lines of the owner, by index or name."""
        for mine, theirs in zip(_keys(own), _keys(owner), strict=False):
            target = (
                getattr(self._owner.lines, theirs) if isinstance(theirs, str) else self._owner.lines[theirs]
            )
            source = getattr(self.lines, mine) if isinstance(mine, str) else self.lines[mine]
            source.addbinding(target)
        return self

    bind2lines = bindlines
    bind2line = bindlines

    # -- batch -----------------------------------------------------------------------------------
    def _once(self) -> None:
        """Evaluate now what cannot wait until it is read: the user's own Python."""
        for inner in self._lineiterators[LineRoot.IndType]:
            if inner._needs_python():
                inner._once()
        if self._needs_python():
            self._evaluate()

    @property
    def _has_python(self) -> bool:
        """Whether the class has code of its own that fills its lines."""
        return _style(self) != ""

    def _needs_python(self) -> bool:
        return self._has_python or any(
            inner._needs_python() for inner in self._lineiterators[LineRoot.IndType]
        )

    def _evaluate(self) -> Any:
        if self._evaluated or self._now.mode != WHOLE:
            return None
        self._evaluated = True
        style = _style(self)
        if not style:
            return None
        for line in self.lines:
            line.array  # noqa: B018  bound lines take their values, the others get memory
        for inner in self._lineiterators[LineRoot.IndType]:
            if inner._needs_python():
                inner._once()
        key = bundle_key(self) if self.reusable else None
        if key is None or not show_again(self, key):
            size = self._now.size
            if style == "once":
                self._run_once(size)
            else:
                step_through([self._now, *(d._now for d in self.datas)], size, self._step)
            if key is not None:
                keep_shown(self, key)
        for line in self.lines:
            if line.bindings:
                line._evaluate()
        return None

    def _run_once(self, size: int) -> None:
        period = self._minperiod
        with _at_end(self._now, size):
            self.preonce(0, min(period - 1, size))
            if size >= period:
                self.oncestart(period - 1, period)
                self.once(period, size)

    def preonce(self, start: int, end: int) -> None:
        """Batch form of ``prenext``; steps through it if the class has one."""
        if type(self).prenext is not LineRoot.prenext:
            self._step_range(start, end, self.prenext)

    def oncestart(self, start: int, end: int) -> None:
        """Batch form of ``nextstart``."""
        if type(self).nextstart is not LineRoot.nextstart:
            self._step_range(start, end, self.nextstart)
        else:
            self.once(start, end)

    def once(self, start: int, end: int) -> None:
        """Batch form of ``next``; steps through it if the class has one."""
        if type(self).next is not LineRoot.next:
            self._step_range(start, end, self.next)

    def _step_range(self, start: int, end: int, hook: Any) -> None:
        def step() -> None:
            if start <= self._now.idx < end:
                hook()

        step_through([self._now, *(d._now for d in self.datas)], end, step)

    def next(self) -> None:
        """Called on every bar after the minimum period was reached."""

    def nextstart(self) -> None:
        """Called on the bar that reaches the minimum period; by default it is a normal bar."""
        self.next()

    def prenext(self) -> None:
        """Called on bars before the minimum period is reached."""

    # -- event -----------------------------------------------------------------------------------
    def _begin(self, replaying: bool = False) -> None:
        for inner in self._lineiterators[LineRoot.IndType]:
            inner._begin(replaying)
        self._steps = tuple(self._parts_steps())

    def _event_steps(self) -> list[Any]:
        """What to call on every bar of a run in event mode."""
        return self._parts_steps() if type(self)._next is LineIterator._next else [self._next]

    def _parts_steps(self) -> list[Any]:
        """Our indicators' steps, then our own."""
        steps = [step for inner in self._lineiterators[LineRoot.IndType] for step in inner._event_steps()]
        if self._has_python or type(self)._step is not LineIterator._step:
            steps.append(self._step)
        return steps

    def _next(self) -> None:
        for step in self._steps:
            step()

    def _step(self) -> None:
        seen = len(self)
        if seen > self._minperiod:
            self.next()
        elif seen == self._minperiod:
            self.nextstart()
        elif seen:
            self.prenext()

    def qbuffer(self, savemem: int = 0) -> None:
        """Bounded memory is arranged by the run's plan."""

    def minbuffer(self, size: int) -> None:
        """Ask bounded memory to keep at least ``size`` bars."""
        for line in self.lines:
            line.minbuffer(size)


# the plain forms of `LineRoot` mark "nothing written by the user"; these defaults do the same
LineRoot.next = LineIterator.next
LineRoot.nextstart = LineIterator.nextstart
LineRoot.prenext = LineIterator.prenext

_styles: dict[type, str] = {}


def _style(obj: Any) -> str:
    """How the class is evaluated in batch: ``""`` no Python of its own, ``"once"`` or ``"next"``."""
    cls = type(obj)
    style = _styles.get(cls)
    if style is None:
        once = any(getattr(cls, n) is not getattr(LineIterator, n) for n in ("once", "oncestart", "preonce"))
        step = any(getattr(cls, n) is not getattr(LineIterator, n) for n in ("next", "nextstart", "prenext"))
        style = _styles[cls] = "once" if once else ("next" if step else "")
    return style


def _keys(given: Any) -> list[Any]:
    if not given:
        return [0]
    return [given] if isinstance(given, (str, int)) else list(given)


class _at_end:
    """While a user's ``once`` runs, the clock stands before the first bar, as upstream's does."""

    def __init__(self, clock: Clock, size: int) -> None:
        self.clock = clock

    def __enter__(self) -> None:
        self.before = self.clock.idx
        self.clock.idx = -1

    def __exit__(self, *exc: Any) -> None:
        self.clock.idx = self.before


class DataAccessor(LineIterator):
    """Names for the prices of a data, by position of its lines."""

    PriceClose, PriceLow, PriceHigh, PriceOpen, PriceVolume, PriceOpenInteres, PriceDateTime = range(7)


class IndicatorBase(DataAccessor):
    """Base of indicators."""


class ObserverBase(DataAccessor):
    """Base of observers."""


class StrategyBase(DataAccessor):
    """Base of strategies."""


__all__ = [
    "DataAccessor",
    "IndicatorBase",
    "LineActions",
    "LineIterator",
    "ObserverBase",
    "StrategyBase",
    "data_by_name",
]
