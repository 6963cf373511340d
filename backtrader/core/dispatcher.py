"""Events of several sources in one order: by time, then by priority.

Useful beside Cerebro, for what has a stream of its own: news, orders of another system, a recorded
feed. Historical subjects know when their next event is; live ones are asked again and again whether
something has come.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterable, Iterator
from functools import total_ordering
from typing import Any

from ..errors import BacktraderError
from ..lines.events import Event

#: Seconds between two looks at live subjects when there is nothing else to do.
_IDLE_S = 0.005


class Subject:
    """A source of events. A subclass writes `dispatch` and, if it knows times ahead, `peek_datetime`.

    It has ended when `peek_datetime` gives None; a ``live`` one, whose next event has no time yet,
    when it says so by its `eof`.
    """

    live = False
    _priority: float | None = None
    _dispatcher: Any = None

    def dispatch(self) -> Any:
        """Deliver the next event; true if there was one."""
        raise NotImplementedError(f"{type(self).__name__} has no dispatch() of its own")

    def peek_datetime(self) -> Any:
        """The time of the next event; None if there is none, or none that is known (live)."""
        return None

    def eof(self) -> bool:
        """Whether no event will ever come again."""
        return not self.live and self.peek_datetime() is None

    def set_dispatcher(self, dispatcher: Any) -> None:
        """Told by the dispatcher that takes the subject."""
        self._dispatcher = dispatcher

    def get_dispatch_priority(self) -> float | None:
        """Among events of the same time the lowest number comes first; None comes last."""
        return self._priority

    def set_dispatch_priority(self, priority: float | None) -> None:
        """Choose the place among events of the same time."""
        self._priority = priority

    def start(self) -> None:
        """Called once when the dispatcher starts."""

    def stop(self) -> None:
        """Called once when the dispatcher has stopped."""


class Dispatcher:
    """Delivers the events of its subjects, one at a time, until all have ended or it is stopped."""

    def __init__(self) -> None:
        self._subjects: list[Subject] = []
        self._now: Any = None
        self._stopped = threading.Event()
        self._running = False
        self.idle_event = Event()

    def add_subject(self, subject: Subject, priority: float | None = None) -> None:
        """Take a subject, also while running; twice is once. A priority given here becomes its own."""
        if priority is not None:
            subject.set_dispatch_priority(priority)
        if any(subject is known for known in self._subjects):
            return
        self._subjects.append(subject)
        subject.set_dispatcher(self)
        if self._running:
            subject.start()

    def get_current_datetime(self) -> Any:
        """The time of the event that is being delivered, or was last; None before the first."""
        return self._now

    def stop(self) -> None:
        """End the run after the event that is being delivered; from any thread."""
        self._stopped.set()

    def run(self) -> None:
        """Deliver everything in order. ``idle_event`` is emitted when live subjects have nothing."""
        self._stopped.clear()
        self._running = True
        started: list[Subject] = []
        try:
            for subject in list(self._subjects):
                started.append(subject)
                subject.start()
            while not self._stopped.is_set() and self._step():
                pass
        finally:
            self._running = False
            for subject in [*started, *(s for s in self._subjects if s not in started)]:
                subject.stop()

    def _step(self) -> bool:
        """Poll the live subjects, deliver the earliest event; false if there is nothing more to come."""
        ordered = sorted(self._subjects, key=_place)
        delivered = False
        for subject in ordered:
            if subject.live and subject.peek_datetime() is None and not subject.eof():
                delivered = bool(subject.dispatch()) or delivered
                if self._stopped.is_set():
                    return False
        subject, when = self._earliest(ordered)
        if subject is not None:
            self._now = when
            subject.dispatch()
            return True
        if delivered:
            return True
        if all(subject.eof() for subject in ordered):
            return False
        self.idle_event.emit()
        self._stopped.wait(_IDLE_S)
        return True

    @staticmethod
    def _earliest(ordered: list[Subject]) -> tuple[Any, Any]:
        """The subject whose event is next, and when; of several at the same time the first in order."""
        first, earliest = None, None
        for subject in ordered:
            when = subject.peek_datetime()
            if when is None or subject.eof():
                continue
            try:
                if first is None or when < earliest:
                    first, earliest = subject, when
            except TypeError as error:
                raise BacktraderError(
                    f"the times of {type(first).__name__} ({earliest!r}) and "
                    f"{type(subject).__name__} ({when!r}) cannot be compared: {error}"
                ) from error
        return first, earliest


def _place(subject: Subject) -> tuple[bool, float]:
    priority = subject.get_dispatch_priority()
    return (True, 0.0) if priority is None else (False, priority)


@total_ordering
class TimedEvent:
    """Something that happens at a time, compact: what streams of events are made of."""

    __slots__ = ("datetime", "value")
    __match_args__ = ("datetime", "value")
    __hash__ = None  # type: ignore[assignment]

    def __init__(self, datetime: Any, value: Any = None) -> None:
        self.datetime = datetime
        self.value = value

    def __lt__(self, other: TimedEvent) -> bool:
        return bool(self.datetime < other.datetime)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, TimedEvent):
            return NotImplemented
        return bool(self.datetime == other.datetime and self.value == other.value)

    def __repr__(self) -> str:
        return f"TimedEvent({self.datetime!r}, {self.value!r})"


class HistorySubject(Subject):
    """Events that are known: an iterable of `TimedEvent` in order of time, handed to ``handler``."""

    def __init__(self, events: Iterable[TimedEvent], handler: Callable[[TimedEvent], Any]) -> None:
        self._events: Iterator[TimedEvent] = iter(events)
        self._handler = handler
        self._next = next(self._events, None)

    def peek_datetime(self) -> Any:
        """The time of the next event."""
        return None if self._next is None else self._next.datetime

    def dispatch(self) -> bool:
        """Hand on the next event."""
        event = self._next
        if event is None:
            return False
        self._next = next(self._events, None)
        self._handler(event)
        return True


class LiveSubject(Subject):
    """Events that come in from other threads by `put`, handed to ``handler`` in the dispatcher's."""

    live = True

    def __init__(self, handler: Callable[[TimedEvent], Any]) -> None:
        self._queue: queue.SimpleQueue[TimedEvent] = queue.SimpleQueue()
        self._handler = handler
        self._closed = False

    def put(self, event: TimedEvent) -> None:
        """Hand in an event."""
        if self._closed:
            raise BacktraderError("this subject is closed: it takes no events any more")
        self._queue.put(event)

    def close(self) -> None:
        """No more events will come; those that are waiting are still delivered."""
        self._closed = True

    def eof(self) -> bool:
        """Whether it is closed and empty."""
        return self._closed and self._queue.empty()

    def dispatch(self) -> bool:
        """Hand on the next event, if one has come."""
        try:
            event = self._queue.get_nowait()
        except queue.Empty:
            return False
        self._handler(event)
        return True


__all__ = ["Dispatcher", "HistorySubject", "LiveSubject", "Subject", "TimedEvent"]
