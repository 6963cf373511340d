"""A feed's filters and the bars that filters put aside."""

from __future__ import annotations

from collections import deque
from typing import Any

from ..filters.base import SimpleFilterWrapper
from ..filters.replay import Replayer
from ..filters.resample import Resampler

Bound = tuple[Any, Any, Any]  # a filter with further arguments for it


class FilterStack:
    """The part of a feed that filters work with.

    Bars on the *stack* are delivered next as they are; bars on the *stash* are treated like fresh
    input: they pass through the filters.
    """

    lines: Any
    p: Any
    forward: Any
    backwards: Any
    _tick_fill: Any

    _barstack: deque[Any]
    _barstash: deque[Any]
    _filters: list[Bound]
    _ffilters: list[Bound]

    def _empty_stacks(self) -> None:
        self._barstack, self._barstash = deque(), deque()

    # -- filters ---------------------------------------------------------------------------------
    def _take_filters(self) -> None:
        """The filters given as a parameter."""
        self._filters, self._ffilters = [], []
        for one in self.p.filters:
            self.addfilter(one)

    def addfilter(self, p: Any, *args: Any, **kwargs: Any) -> None:
        """Add a filter: a class, made here with the feed and the arguments, or a callable.

        compat: ``last`` is only called on filters given as a class.
        """
        if not isinstance(p, type):
            self._filters.append((p, args, kwargs))
            return
        make: Any = p
        made = make(self, *args, **kwargs)
        self._filters.append((made, (), {}))
        if hasattr(made, "last"):
            self._ffilters.append((made, (), {}))

    def addfilter_simple(self, f: Any, *args: Any, **kwargs: Any) -> None:
        """Add a filter that only says which bars to drop: ``f(data, ...)`` is true for those."""
        wrapped = SimpleFilterWrapper(self, f, *args, **kwargs)
        self._filters.append((wrapped, wrapped.args, wrapped.kwargs))

    def resample(self, **kwargs: Any) -> None:
        """Deliver bars of a larger timeframe."""
        self.addfilter(Resampler, **kwargs)

    def replay(self, **kwargs: Any) -> None:
        """Deliver bars of a larger timeframe while they are being built."""
        self.addfilter(Replayer, **kwargs)

    def _filtered(self) -> Any:
        """Send the bar through the filters; true if it was taken out of the stream."""
        taken: Any = False
        for filter_, args, kwargs in self._filters:
            # bars that an earlier filter put on the stack go through this one, each in its turn
            for _ in range(len(self._barstack) or 1):
                self._fromstack(forward=True)
                taken = filter_(self, *args, **kwargs)
            if taken:
                break
        return taken

    def _check(self, forcedata: Any = None) -> None:
        """No bar came: let filters look at the clock, or at the time of ``forcedata``."""
        for filter_, args, kwargs in self._filters:
            check = getattr(filter_, "check", None)
            if check is not None:
                check(self, *args, _forcedata=forcedata, **kwargs)

    def _last(self, datamaster: Any = None) -> bool:
        """The input has ended: filters may deliver what they hold back."""
        delivered = 0
        for filter_, args, kwargs in self._ffilters:
            delivered += filter_.last(self, *args, **kwargs)
        ticks = datamaster is not None and bool(self._barstack)
        while self._fromstack(forward=True):
            pass
        if ticks:
            self._tick_fill()
        return bool(delivered)

    # -- bars put aside --------------------------------------------------------------------------
    def _add2stack(self, bar: Any, stash: bool = False) -> None:
        """Put a bar (values in the order of the lines) on the stack, or on the stash."""
        (self._barstash if stash else self._barstack).append(bar)

    def _save2stack(self, erase: bool = False, force: bool = False, stash: bool = False) -> None:
        """Put the bar of now on the stack or stash; ``erase`` takes it out of the feed."""
        self._add2stack([line[0] for line in self.lines.itersize()], stash)
        if erase:
            self.backwards(force=force)

    def _updatebar(self, bar: Any, forward: bool = False, ago: int = 0) -> None:
        """Write values over a bar; ``forward`` adds a bar for them first."""
        if forward:
            self.forward()
        for line, value in zip(self.lines.itersize(), bar, strict=False):
            line[ago] = value

    def _fromstack(self, forward: bool = False, stash: bool = False) -> bool:
        """Write the next bar put aside over the bar of now; false if there is none."""
        bars = self._barstash if stash else self._barstack
        if not bars:
            return False
        self._updatebar(bars.popleft(), forward=forward)
        return True
