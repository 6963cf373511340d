"""The life of an order as one table; nothing else decides what status may follow which.

An order carries one number, its ``status`` (the numbers strategies have always compared), and a
record of how it got there.  `allowed` answers from the table; `OrderStateMachine` shows the same
order in the eight states of the trade, with the two that share a meaning joined: an order refused
for lack of cash (``Margin``) is a rejected one.
"""

from __future__ import annotations

from enum import Enum
from typing import Any, Final

from ..errors import IllegalTransition

__all__ = [
    "ACCEPTED", "ALIVE", "CANCELED", "COMPLETED", "CREATED", "EXPIRED", "MARGIN", "PARTIAL", "REJECTED",
    "SUBMITTED",
    "STATUS_NAMES", "TRANSITIONS", "OrderState", "OrderStateMachine", "advance", "allowed", "because",
]  # fmt: skip

CREATED: Final = 0
SUBMITTED: Final = 1
ACCEPTED: Final = 2
PARTIAL: Final = 3
COMPLETED: Final = 4
CANCELED: Final = 5
EXPIRED: Final = 6
MARGIN: Final = 7
REJECTED: Final = 8

STATUS_NAMES: Final = (
    "Created", "Submitted", "Accepted", "Partial", "Completed", "Canceled", "Expired", "Margin", "Rejected",
)  # fmt: skip

ALIVE: Final = frozenset({CREATED, SUBMITTED, ACCEPTED, PARTIAL})

TRANSITIONS: Final[dict[int, frozenset[int]]] = {
    # a broker that does not check submissions accepts at once, and refuses a child whose parent is gone
    CREATED: frozenset({SUBMITTED, ACCEPTED, CANCELED, MARGIN, REJECTED}),
    # a venue may report a fill before it confirms that it took the order
    SUBMITTED: frozenset({ACCEPTED, PARTIAL, COMPLETED, CANCELED, EXPIRED, MARGIN, REJECTED}),
    ACCEPTED: frozenset({PARTIAL, COMPLETED, CANCELED, EXPIRED, MARGIN, REJECTED}),
    # the rest of a partly filled order can still be refused: the opening part for lack of cash
    PARTIAL: frozenset({PARTIAL, COMPLETED, CANCELED, EXPIRED, MARGIN, REJECTED}),
    COMPLETED: frozenset(),
    CANCELED: frozenset(),
    EXPIRED: frozenset(),
    MARGIN: frozenset(),
    REJECTED: frozenset(),
}


class OrderState(Enum):
    """What an order is, for code that does not want upstream's numbers."""

    CREATED = "created"
    SUBMITTED = "submitted"
    ACCEPTED = "accepted"
    PARTIAL_FILLED = "partial_filled"
    FILLED = "filled"
    CANCELLED = "cancelled"
    REJECTED = "rejected"
    EXPIRED = "expired"


_STATE_OF: Final = (
    OrderState.CREATED, OrderState.SUBMITTED, OrderState.ACCEPTED, OrderState.PARTIAL_FILLED,
    OrderState.FILLED, OrderState.CANCELLED, OrderState.EXPIRED, OrderState.REJECTED, OrderState.REJECTED,
)  # fmt: skip
_STATUS_OF: Final = {state: _STATE_OF.index(state) for state in OrderState} | {OrderState.REJECTED: REJECTED}


def allowed(status: int, new: int) -> bool:
    """Whether an order in ``status`` may go to ``new``."""
    return new in TRANSITIONS[status]


def advance(order: Any, new: int, when: float | None = None, reason: str = "") -> None:
    """Move ``order`` and write it down; a way that is not in the table is an error and changes nothing."""
    if new not in TRANSITIONS[order.status]:
        raise IllegalTransition(
            f"order {order.ref} cannot go from {STATUS_NAMES[order.status]} to {STATUS_NAMES[new]}"
        )
    trail = order._trail
    order.status = new
    trail.append((new, when, reason))


def because(order: Any, reason: str) -> None:
    """Say why the order is in the state it just came to."""
    status, when, _ = order._trail[-1]
    order._trail[-1] = status, when, reason


class OrderStateMachine:
    """The states of one order: where it is, where it may go, how it came here.

    ``order`` needs a number ``status`` and a list ``_trail``; every `Order` has them.
    """

    VALID_TRANSITIONS: Final[dict[OrderState, frozenset[OrderState]]] = {
        state: frozenset(_STATE_OF[new] for new in TRANSITIONS[_STATUS_OF[state]]) for state in OrderState
    }

    __slots__ = ("order",)

    def __init__(self, order: Any) -> None:
        self.order = order

    def get_state(self) -> OrderState:
        """The state the order is in."""
        return _STATE_OF[self.order.status]

    def transition_to(self, state: OrderState, reason: str = "") -> bool:
        """Go to ``state`` if the table has that way; False, and nothing changed, if not."""
        new = _STATUS_OF[state]
        if new not in TRANSITIONS[self.order.status]:
            return False
        trail = self.order._trail
        self.order.status = new
        trail.append((new, None, reason))
        return True

    @property
    def history(self) -> list[tuple[OrderState, float | None, str]]:
        """(state, time of the bar or None, reason) of every move, oldest first."""
        return [(_STATE_OF[status], when, reason) for status, when, reason in self.order._trail]
