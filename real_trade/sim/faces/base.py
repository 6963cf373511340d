"""What a face is: one venue's protocol in front of the engine.

A face turns requests into calls of the engine, and what the engine tells into messages.  It knows nothing
of sockets, faults or time-outs: the server hands it calls and takes replies, so a new venue is a new face
and nothing else.
"""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ..book import BookChange
from ..events import Event

if TYPE_CHECKING:
    from ..faults import Fault
    from ..rooms import Socket
    from ..venue import Venue

__all__ = ["Call", "Face", "Reply"]


@dataclass(slots=True)
class Call:
    """One request, however it came."""

    host: str
    method: str
    path: str
    query: str = ""
    body: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    remote: str = ""
    via: str = "rest"
    """``rest``, or ``ws`` for a request over a socket."""
    message: Any = None
    """Of a request over a socket: what was sent."""
    names: tuple[str, ...] = ()
    """What faults may call it."""
    facts: Mapping[str, str] = field(default_factory=dict)
    """Symbol and client id, for faults that are about one order."""


@dataclass(slots=True)
class Reply:
    """What is answered; ``payload`` becomes JSON unless it is text already."""

    status: int = 200
    payload: Any = None
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """The body."""
        return (
            self.payload if isinstance(self.payload, str) else json.dumps(self.payload, separators=(",", ":"))
        )

    @property
    def content_type(self) -> str:
        """JSON, or a page."""
        return "text/html" if isinstance(self.payload, str) else "application/json"


class Face(ABC):
    """One protocol.  ``hosts`` are the names under which it is reached."""

    name: str = ""
    hosts: tuple[str, ...] = ()
    #: How much a client may say on a stream within a second; 0: as much as it likes.
    messages_per_second: int = 0

    def __init__(self, venue: Venue) -> None:
        self.venue = venue
        self.engine = venue.engine
        self.clock = venue.clock

    @abstractmethod
    def read(self, call: Call) -> None:
        """Fill in ``names`` and ``facts``; changes nothing."""

    @abstractmethod
    def respond(self, call: Call) -> Reply:
        """Do what is asked."""

    @abstractmethod
    def broken(self, fault: Fault, call: Call) -> Reply:
        """The answer of a fault (``status``, ``error``, ``rate_limit``, ``ban``, ``maintenance``,
        ``not_found``) in the venue's own words.
        """

    @abstractmethod
    def door(self, host: str, path: str) -> str:
        """What kind of socket opens there (``user``, ``market``, ``api``); empty if none does."""

    @abstractmethod
    def open(self, socket: Socket, path: str, query: str) -> None:
        """A socket was opened."""

    @abstractmethod
    def hear(self, socket: Socket, text: str) -> Call | None:
        """A message came in on a socket: deal with it, or say which request it is."""

    def frame(self, call: Call, reply: Reply) -> Any:
        """The message that answers a request over a socket."""
        return reply.payload

    def closed(self, socket: Socket) -> None:  # noqa: B027
        """A socket is gone."""

    @abstractmethod
    def tell(self, event: Event) -> None:
        """Something happened in the engine: send it to whom it concerns."""

    def flush(self, changes: Mapping[str, BookChange]) -> None:  # noqa: B027
        """Publish what is gathered before it is sent: depth (``changes`` by symbol), candles, tickers."""

    def tend(self) -> None:  # noqa: B027
        """Look after what ages: called every second, and whenever a stepped clock has moved."""

    def expire_keys(self) -> None:  # noqa: B027
        """Let the keys of user streams expire."""

    def end_streams(self) -> None:  # noqa: B027
        """End user streams from the venue's side."""
