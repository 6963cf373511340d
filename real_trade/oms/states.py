"""What may follow what in the life of a live order: the table of backtests, and what only life has.

`backtrader.broker.fsm` has the states that strategies know.  Three come in with a venue behind a
wire: it is not known what became of a request, a cancellation is under way, an amendment is under way.
Strategies see those as what they were before (`shown`).
"""

from __future__ import annotations

from typing import Final

from backtrader.broker.fsm import (
    ACCEPTED,
    CANCELED,
    COMPLETED,
    CREATED,
    EXPIRED,
    MARGIN,
    PARTIAL,
    REJECTED,
    STATUS_NAMES,
    SUBMITTED,
)
from backtrader.broker.fsm import TRANSITIONS as TESTED

__all__ = [
    "ACCEPTED", "ALIVE", "CANCELED", "COMPLETED", "CREATED", "EXPIRED", "FINAL", "MARGIN", "NAMES", "PARTIAL",
    "PENDING_AMEND", "PENDING_CANCEL", "REJECTED", "RISEN", "STANDING", "SUBMITTED", "TRANSITIONS", "UNKNOWN",
    "allowed", "shown",
]  # fmt: skip

UNKNOWN: Final = 9
PENDING_CANCEL: Final = 10
PENDING_AMEND: Final = 11

NAMES: Final = (*STATUS_NAMES, "Unknown", "PendingCancel", "PendingAmend")

#: Nothing more is expected of these.
FINAL: Final = frozenset({COMPLETED, CANCELED, EXPIRED, MARGIN, REJECTED})
ALIVE: Final = frozenset(range(len(NAMES))) - FINAL
#: The venue has said that it has the order.
STANDING: Final = frozenset({ACCEPTED, PARTIAL, PENDING_CANCEL, PENDING_AMEND})

_ENDS: Final = frozenset({COMPLETED, CANCELED, EXPIRED, REJECTED})

_MORE: Final[dict[int, frozenset[int]]] = {
    # the process may have died between the sending and the note of it
    CREATED: frozenset({UNKNOWN, PARTIAL, COMPLETED, EXPIRED, PENDING_CANCEL}),
    # a cancellation was asked for before the order was confirmed
    SUBMITTED: frozenset({UNKNOWN, PENDING_CANCEL}),
    ACCEPTED: frozenset({UNKNOWN, PENDING_CANCEL, PENDING_AMEND}),
    PARTIAL: frozenset({UNKNOWN, PENDING_CANCEL, PENDING_AMEND}),
    # a fill that happened before the end, and was heard of after it
    CANCELED: frozenset({COMPLETED}),
    EXPIRED: frozenset({COMPLETED}),
    # the venue denied the order, and it is sent again
    UNKNOWN: frozenset({SUBMITTED, ACCEPTED, PARTIAL, PENDING_CANCEL, PENDING_AMEND}) | _ENDS,
    # the way back is a refusal to cancel
    PENDING_CANCEL: frozenset({ACCEPTED, PARTIAL, UNKNOWN}) | _ENDS,
    PENDING_AMEND: frozenset({ACCEPTED, PARTIAL, PENDING_CANCEL, UNKNOWN}) | _ENDS,
}

TRANSITIONS: Final[dict[int, frozenset[int]]] = {
    state: TESTED.get(state, frozenset()) | _MORE.get(state, frozenset()) for state in range(len(NAMES))
}

#: Ways back from an end: they contradict what was believed, but the venue is right.  Always an alarm.
RISEN: Final[dict[int, frozenset[int]]] = {
    REJECTED: frozenset({ACCEPTED, PARTIAL, COMPLETED, CANCELED, EXPIRED, PENDING_CANCEL}),
    MARGIN: frozenset({ACCEPTED, PARTIAL, COMPLETED, CANCELED, EXPIRED, PENDING_CANCEL}),
    CANCELED: frozenset({ACCEPTED, PARTIAL, PENDING_CANCEL}),
    EXPIRED: frozenset({ACCEPTED, PARTIAL, PENDING_CANCEL}),
}


def allowed(status: int, new: int) -> bool:
    """Whether an order in ``status`` may go to ``new`` without an alarm."""
    return new == status or new in TRANSITIONS[status]


def shown(status: int, *, standing: bool, partly: bool) -> int:
    """The status a strategy sees: ``standing`` if the venue confirmed it, ``partly`` if some is filled."""
    if status < UNKNOWN:
        return status
    if partly:
        return PARTIAL
    return ACCEPTED if standing or status != UNKNOWN else SUBMITTED
