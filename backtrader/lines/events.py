"""Events: lists of handlers to call, and the one that tells of every new value of a line.

Nothing here runs unless somebody subscribes.  `time_line` finds the clock time of a value.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..utils.owner import findowner

Handler = Callable[..., Any]


class Event:
    """Handlers to be called with whatever is emitted, in the order they subscribed.

    Who subscribes or unsubscribes while handlers are being called does so for the next time.
    """

    __slots__ = ("_handlers",)

    def __init__(self) -> None:
        self._handlers: tuple[Handler, ...] = ()

    def __len__(self) -> int:
        """How many handlers there are."""
        return len(self._handlers)

    def __bool__(self) -> bool:
        """An event is there even if nobody listens."""
        return True

    def subscribe(self, handler: Handler) -> None:
        """Have ``handler`` called from the next emission on; twice is once."""
        if not callable(handler):
            raise TypeError(f"a handler must be callable, not {handler!r}")
        if handler not in self._handlers:
            self._handlers = (*self._handlers, handler)

    def unsubscribe(self, handler: Handler) -> None:
        """Do not call ``handler`` any more; nothing happens if it never was."""
        self._handlers = tuple(known for known in self._handlers if known != handler)

    def emit(self, *args: Any, **kwargs: Any) -> None:
        """Call every handler."""
        for handler in self._handlers:  # a tuple that changes replace, so this walk goes by the old one
            handler(*args, **kwargs)


class NewValueEvent(Event):
    """Tells ``(series, datetime, value)`` once for every bar of a line or a bundle of lines."""

    __slots__ = ("series",)

    def __init__(self, series: Any) -> None:
        super().__init__()
        self.series = series

    def subscribe(self, handler: Handler) -> None:
        """Have ``handler`` called for every bar from the next one on.

        Subscribed while a run goes on, from ``__init__`` of a strategy say, it ends with the run.
        """
        known = len(self._handlers)
        super().subscribe(handler)
        scope: EventScope | None = findowner(self, EventScope)
        if scope is not None and len(self._handlers) > known:
            scope._subscribed(self, handler)


class EventScope:
    """Something that runs strategies: what is subscribed meanwhile is forgotten at the end."""

    _subscriptions: tuple[tuple[NewValueEvent, Handler], ...] = ()
    _announcer: Any = None

    def _subscribed(self, event: NewValueEvent, handler: Handler) -> None:
        self._subscriptions += ((event, handler),)
        if self._announcer is not None:
            self._announcer.join(event)

    def _end_subscriptions(self) -> None:
        for event, handler in self._subscriptions:
            event.unsubscribe(handler)
        self._subscriptions, self._announcer = (), None


def new_value_event(series: Any) -> NewValueEvent:
    """The event of ``series``, made when it is first asked for."""
    event = series.__dict__.get("_new_value_event")
    if event is None:
        event = series.__dict__["_new_value_event"] = NewValueEvent(series)
    return event  # type: ignore[no-any-return]


def time_line(series: Any) -> Any:
    """The datetime line of the feed that ``series`` belongs to or is computed from, None without one."""
    at = series
    while at is not None:
        named = getattr(at.lines, "__dict__", None)  # a bundle; a single line has a plain list
        found = named.get("datetime") if named is not None else None
        if found is not None:
            return found
        clock = at.__dict__.get("_clock")
        at = clock if clock is not None else at._owner
    return None


__all__ = ["Event", "EventScope", "NewValueEvent", "new_value_event", "time_line"]
