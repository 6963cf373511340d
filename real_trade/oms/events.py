"""What can happen to an order, as the journal keeps it: facts, never states.

An event says what was meant, sent or heard.  Where that leads is for `orders.step` to work out, which
comes to the same each time it is asked.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any, ClassVar

from ..model import Fill, OrderIntent, OrderReport

__all__ = [
    "Absent", "Adopted", "AmendWished", "CancelWished", "Doubtful", "Event", "Filled", "Intended", "Refused",
    "Reported", "Sent", "Withdrawn",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Event:
    kind: ClassVar[str] = ""
    key: str
    time_ns: int


@dataclass(frozen=True, slots=True)
class Intended(_Event):
    """An order is meant.  Nothing was sent; if the process dies now, something may have been."""

    kind: ClassVar[str] = "intended"
    intent: OrderIntent
    replaces: str = ""


@dataclass(frozen=True, slots=True)
class Sent(_Event):
    """The order goes out now: with this attempt, the first being 1."""

    kind: ClassVar[str] = "sent"
    attempt: int = 1


@dataclass(frozen=True, slots=True)
class CancelWished(_Event):
    """The end of the order is asked for; holds until the order ends or the venue refuses."""

    kind: ClassVar[str] = "cancel"


@dataclass(frozen=True, slots=True)
class AmendWished(_Event):
    """Another quantity or price is asked for; ``replacement`` is the order that takes its place."""

    kind: ClassVar[str] = "amend"
    quantity: Decimal | None = None
    price: Decimal | None = None
    replacement: str = ""


@dataclass(frozen=True, slots=True)
class Reported(_Event):
    """The venue said how the order is.

    ``settles``: we asked after the last request was through, so what it says holds also for that.
    """

    kind: ClassVar[str] = "reported"
    report: OrderReport
    source: str = "stream"
    settles: bool = False


@dataclass(frozen=True, slots=True)
class Filled(_Event):
    """An execution."""

    kind: ClassVar[str] = "filled"
    fill: Fill


@dataclass(frozen=True, slots=True)
class Refused(_Event):
    """A request (``place``, ``cancel``, ``amend``) was surely not done: by the venue, or our own rules."""

    kind: ClassVar[str] = "refused"
    what: str = "place"
    text: str = ""
    code: str = ""


@dataclass(frozen=True, slots=True)
class Doubtful(_Event):
    """Whether a request was done is not known; ``order``: what became of the order is not."""

    kind: ClassVar[str] = "doubtful"
    what: str = "place"
    text: str = ""


@dataclass(frozen=True, slots=True)
class Absent(_Event):
    """The venue has denied the order so often and so late that it is not there and will not come."""

    kind: ClassVar[str] = "absent"
    text: str = ""


@dataclass(frozen=True, slots=True)
class Withdrawn(_Event):
    """The order was never sent, for certain, and will not be."""

    kind: ClassVar[str] = "withdrawn"
    text: str = ""


@dataclass(frozen=True, slots=True)
class Adopted(_Event):
    """An order stands at the venue that was not given by us: it is watched, and never touched."""

    kind: ClassVar[str] = "adopted"
    report: OrderReport


Event = (
    Intended
    | Sent
    | CancelWished
    | AmendWished
    | Reported
    | Filled
    | Refused
    | Doubtful
    | Absent
    | Withdrawn
    | Adopted
)

#: By the word the journal uses.
KINDS: dict[str, type[Any]] = {cls.kind: cls for cls in Event.__args__}
