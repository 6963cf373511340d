"""Which pane everything that a strategy holds is drawn in; knows nothing of any drawing library."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from ..lines.line import LineBuffer
from ..lines.series import LineSeriesStub

__all__ = ["Layout", "drawn", "holder_of"]


def drawn(thing: Any) -> bool:
    """Whether an indicator or observer wants to be drawn; a bare operation never does."""
    info = getattr(thing, "plotinfo", None)
    return info is not None and bool(info.plot) and not info._get("plotskip", False)


def holder_of(source: Any) -> Any:
    """The feed, strategy or indicator that what is used as data belongs to: a line stands for its owner.

    compat: an operation belongs to the strategy it was made in, whatever feed its lines are from.
    """
    while isinstance(source, (LineSeriesStub, LineBuffer)):
        source = source._owner
    return source


class Layout:
    """Panes of one strategy.

    ``top`` has panes of their own above all feeds (observers).  For a feed or an indicator, ``up``
    and ``down`` list what has a pane above or below it, ``over`` what is drawn in its own pane.
    """

    def __init__(self, strategy: Any) -> None:
        self.strategy = strategy
        self.top: list[Any] = []
        self.up: dict[Any, list[Any]] = defaultdict(list)
        self.down: dict[Any, list[Any]] = defaultdict(list)
        self.over: dict[Any, list[Any]] = defaultdict(list)
        for observer in strategy.getobservers():
            if drawn(observer):
                self._place_observer(observer)
        for indicator in strategy.getindicators():
            if hasattr(indicator, "plotinfo"):
                self._place_indicator(indicator)

    @property
    def feeds(self) -> list[Any]:
        """The feeds that have something to show, in the order they were added."""
        return [feed for feed in self.strategy.datas if feed.plotinfo.plot]

    def _place_observer(self, observer: Any) -> None:
        if observer.plotinfo.subplot:
            self.top.append(observer)
            return
        master = observer.plotinfo.plotmaster
        self.over[master if master is not None else self._at(observer._clock)].append(observer)

    def _place_indicator(self, indicator: Any) -> None:
        prepare = getattr(indicator, "_plotinit", None)
        if prepare is not None:
            prepare()
        if not drawn(indicator):
            return
        info = indicator.plotinfo
        if info.plotmaster is not None:
            self.over[info.plotmaster].append(indicator)
            return
        where = self.over if not info.subplot else self.up if info.plotabove else self.down
        where[self._at(indicator._clock)].append(indicator)

    def _at(self, clock: Any) -> Any:
        holder = holder_of(clock)
        if holder is None or holder is self.strategy:
            return self.strategy.datas[0]
        return holder

    def overlays(self, thing: Any) -> list[Any]:
        """All that is drawn in the pane of ``thing``, also over what is over it."""
        found: list[Any] = []
        for one in self.over.get(thing, ()):
            found += [one, *self.overlays(one)]
        return found

    def above(self, thing: Any) -> list[Any]:
        """What has panes above that of ``thing``: its own, then those of what is drawn over it."""
        found = list(self.up.get(thing, ()))
        for one in self.over.get(thing, ()):
            found += self.above(one)
        return found

    def below(self, thing: Any) -> list[Any]:
        """What has panes below that of ``thing``: those of what is drawn over it, then its own."""
        found: list[Any] = []
        for one in self.over.get(thing, ()):
            found += self.below(one)
        return found + list(self.down.get(thing, ()))

    def panes(self, thing: Any) -> list[Any]:
        """All indicators that have a pane because of ``thing``, which is left out."""
        found: list[Any] = []
        for one in (*self.above(thing), *self.below(thing)):
            found += [one, *self.panes(one)]
        return found
