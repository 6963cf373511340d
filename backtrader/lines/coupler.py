"""Lines of one timeline seen from another: the last value repeats until there is a new one."""

from __future__ import annotations

import itertools
from typing import Any

from .clock import NAN, WHOLE
from .iterator import LineIterator
from .operations import LineActions, aligned_values, same_timeline
from .root import LineRoot, LineSingle, makers


class SingleCoupler(LineActions):
    """One line of another timeline on the clock given, or on the owner's."""

    _cacheable = False

    def _take_arguments(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        clock = kwargs.get("clock", args[1] if len(args) > 1 else None)
        super()._take_arguments(args[:1], kwargs)
        target = clock if clock is not None else self._owner
        self._clock = target
        self._now.lines.pop()  # us: the clock we were just put on is not the one to follow
        self._now.holders.pop()
        self._follow(target._eval)
        return args, kwargs

    def __init__(self, cdata: Any, clock: Any = None) -> None:
        self.cdata = cdata
        self.dlen = 0
        self.val = NAN

    def _compute(self) -> None:
        # compat: upstream has no batch form, its coupled lines stay empty in a batch run of plain feeds
        if same_timeline(self.cdata._now, self._now):
            self.array[:] = self.cdata.array
        else:
            self.array = aligned_values(self.cdata, self._now)

    def next(self) -> None:
        """Take the newest value."""
        self.val, self.dlen = self._newest(self.cdata, self.val, self.dlen)
        self[0] = self.val

    @staticmethod
    def _newest(source: Any, last: float, taken: int) -> tuple[float, int]:
        return (last, taken) if len(source) <= taken else (source[0], taken + 1)

    def _step(self) -> None:
        if len(self):
            self.next()


class MultiCoupler(LineIterator):
    """A bundle of another timeline on the clock given, or on the owner's."""

    _ltype = LineIterator.IndType

    def _take_arguments(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        self._coupled_clock = kwargs.pop("_coupled_clock", None)
        return super()._take_arguments(args, kwargs)

    def _clock_of(self, datas: list[Any]) -> Any:
        found = self._coupled_clock
        if found is None and _by_steps(self._owner):
            found = _clock_behind(datas[0])
        return self._owner if found is None else found

    def __init__(self) -> None:
        super().__init__()
        self.dlen = 0
        self.dsize = self.fullsize()
        self.dvals = [NAN] * self.dsize

    def fullsize(self) -> int:
        """How many lines are coupled."""
        return int(self.lines.fullsize())

    def _evaluate(self) -> Any:
        if self._now.mode == WHOLE and not self._evaluated:
            self._evaluated = True
            for own, other in zip(self.lines, self.data.lines, strict=False):
                if same_timeline(other._now, own._now):
                    own.array = other.array[:]
                else:
                    own.array = aligned_values(other, own._now)

    def next(self) -> None:
        """Take the newest values."""
        if len(self.data) > self.dlen:
            self.dlen += 1
            self.dvals = [line[0] for line in self.data.lines]
        for line, value in zip(self.lines, self.dvals, strict=False):
            line[0] = value

    def _step(self) -> None:
        if len(self):
            self.next()


def _by_steps(owner: Any) -> bool:
    """Whether everything is evaluated anew on every step, as in a run with resampled or replayed feeds."""
    while owner is not None and getattr(owner, "_ltype", None) != LineRoot.StratType:
        owner = owner._owner
    return owner is not None and bool(owner.cerebro._doreplay)


def _clock_behind(bundle: Any) -> Any:
    """compat: what an indicator follows is asked for its clock in turn, and a clone for the feed it follows.

    So an indicator of a clone is coupled to that feed, and one of a feed or an indicator not at all.
    """
    clock = getattr(bundle, "_clock", None)
    if clock is None:
        return None
    before = getattr(clock, "_clock", None)
    if before is None and getattr(clock, "_clone", False):
        before = clock.data
    return clock if before is None else before


_coupler_classes: dict[Any, Any] = {}
_numbers = itertools.count()


def LinesCoupler(cdata: Any, clock: Any = None, **kwargs: Any) -> Any:
    """A coupler for a line or for a bundle, with the lines of what it couples."""
    if isinstance(cdata, LineSingle):
        return SingleCoupler(cdata, clock, **kwargs)
    kind = type(cdata)
    cls = _coupler_classes.get(kind)
    if cls is None:
        space = {
            "lines": kind.lines._names,
            "extralines": kind.lines._extra,
            "params": kind.params,
            "plotinfo": kind.plotinfo,
            "__module__": __name__,
        }
        cls = type(MultiCoupler)(f"LinesCoupler_{kind.__name__}", (MultiCoupler,), space)
        _coupler_classes[kind] = cls
    kwargs.pop("_ownerskip", None)
    obj = cls(cdata, _coupled_clock=clock, **kwargs)
    obj._told_as = f"LinesCoupler_{next(_numbers)}"  # compat: a class each upstream, numbered
    return obj


LineCoupler = LinesCoupler
makers.coupler = LinesCoupler
