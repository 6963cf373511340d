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
    _ffilters: list[Bound]  # those that are told when the input has ended

    # -- filters ---------------------------------------------------------------------------------
    def _take_filters(self) -> None:
        """The filters given as a parameter."""
        self._empty_stacks()
        self._filters, self._ffilters = [], []
        for given in self.p.filters:
            self.addfilter(given)

    def addfilter(self, p: Any, *args: Any, **kwargs: Any) -> None:
        """Add a filter: a class, made here with the feed and the arguments, or a callable.

        compat: ``last`` is only called on filters given as a class.
        """
        if isinstance(p, type):
            make: Any = p
            made: Bound = (make(self, *args, **kwargs), (), {})
            if hasattr(made[0], "last"):
                self._ffilters.append(made)
        else:
            made = (p, args, kwargs)
        self._filters.append(made)

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

    def _filtered(self) -> bool:
        """Send the bar through the filters; true if one took it out of the stream.

        A filter that took the only bar there is and does not say so leaves nothing to show, too.
        """
        for bound in self._filters:
            if self._shown_to(bound) or not (self._bars_shown() or self._barstack):
                return True
        return not self._bars_shown()

    def _bars_shown(self) -> int:
        return len(self)  # type: ignore[arg-type]

    def _shown_to(self, bound: Bound) -> Any:
        """Show a filter the bar, or instead the bars that filters before it put on the stack."""
        filter_, args, kwargs = bound
        waiting = len(self._barstack)
        if not waiting:
            return filter_(self, *args, **kwargs)
        taken: Any = False
        for _ in range(waiting):
            self._fromstack(forward=True)
            taken = filter_(self, *args, **kwargs)
        return taken

    def _check(self, forcedata: Any = None) -> None:
        """No bar came: let filters look at the clock, or at the time of ``forcedata``."""
        for filter_, args, kwargs in self._filters:
            look = getattr(filter_, "check", None)
            if look is not None:
                look(self, *args, _forcedata=forcedata, **kwargs)

    def _last(self, datamaster: Any = None) -> bool:
        """The input has ended: filters may deliver what they hold back."""
        said = [filter_.last(self, *args, **kwargs) for filter_, args, kwargs in self._ffilters]
        bars, self._barstack = self._barstack, deque()
        for bar in bars:
            self._updatebar(bar, forward=True)
        if bars and datamaster is not None:
            self._tick_fill()
        return any(said)

    def _restart_filters(self) -> None:
        """A run starts: filters that can forget the one before do so.

        The original's resamplers and replayers go on with what the run before has left in them.
        """
        self._empty_stacks()
        for filter_, _, _ in self._filters:
            again = getattr(filter_, "begin_again", None)
            if again is not None:
                again()

    # -- bars put aside --------------------------------------------------------------------------
    def _empty_stacks(self) -> None:
        self._barstack, self._barstash = deque(), deque()

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
        waiting = self._barstash if stash else self._barstack
        if waiting:
            self._updatebar(waiting.popleft(), forward=forward)
            return True
        return False
