"""Telling of new values: on each bar, after everything was computed and before anybody acts on it.

Events of feeds are told in the first strategy's turn, those of an indicator, operation or observer
in the turn of the strategy that owns it. Within a turn come first the lines of feeds that somebody
subscribed to before the run, then all others in the order of their first subscription.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

from ..lines.events import NewValueEvent, time_line
from ..lines.root import LineRoot


class Announcer:
    """Knows the events of one run that have subscribers; a run in which nobody has any never asks it."""

    def __init__(self, cerebro: Any, strats: list[Any]) -> None:
        self.strats = strats
        self.wakers: list[Callable[[], None]] = []
        self._joined: set[NewValueEvent] = set()
        cerebro._announcer = self
        made_in_run = Counter(event for event, _ in cerebro._subscriptions)
        for data in cerebro.datas:
            for series in (data, *data.lines):
                event = series.__dict__.get("_new_value_event")
                if event is not None and len(event) > made_in_run[event]:
                    self.join(event)
        for event in made_in_run:
            self.join(event)

    def join(self, event: NewValueEvent) -> None:
        """Tell of the values of ``event`` from the next bar of its series on."""
        if event in self._joined:
            return
        self._joined.add(event)
        strat = self._turn_of(event.series)
        if strat._announce is None:
            strat._announce = Turn(strat)
            strat.cerebro._interrupted = True
            for waker in self.wakers:
                waker()
        strat._announce.add(event)

    def _turn_of(self, series: Any) -> Any:
        at = series
        while at is not None and getattr(at, "_ltype", None) != LineRoot.StratType:
            at = at._owner
        return at if at is not None else self.strats[0]


class Turn:
    """The events that are told before one strategy's step."""

    def __init__(self, strat: Any) -> None:
        self._times = strat.lines.datetime
        self._entries: list[_Entry] = []
        self._last: tuple[Any, float, Any] = (None, 0.0, None)  # a line of times, its value, what that means

    def add(self, event: NewValueEvent) -> None:
        """Tell of ``event`` too, last."""
        times = time_line(event.series)
        self._entries.append(_Entry(event, self._times if times is None else times))

    def __call__(self) -> None:
        """Tell of every bar that is new since the last call."""
        for entry in self._entries:
            series = entry.series
            clock = series._now
            length = clock.idx + clock.base + 1
            if length > entry.told:
                new, entry.told = length - entry.told, length
                if len(entry.event):
                    for ago in range(1 - new, 1):
                        entry.event.emit(series, self._when(entry.times, ago), series[ago])

    def _when(self, times: Any, ago: int) -> Any:
        """The time of a bar; several events of one feed have it in common."""
        line, known, when = self._last
        number = times[ago]
        if line is not times or number != known:
            when = times.datetime(ago)
            self._last = (times, number, when)
        return when


class _Entry:
    """An event, where its times are, and how many bars were told."""

    __slots__ = ("event", "series", "times", "told")

    def __init__(self, event: NewValueEvent, times: Any) -> None:
        self.event, self.series, self.times = event, event.series, times
        self.told = len(event.series)


__all__ = ["Announcer", "Turn"]
