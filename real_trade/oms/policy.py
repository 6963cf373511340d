"""How the order management behaves where there is a choice."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..config.schema import LimitSettings

__all__ = ["DEFAULT_HANDLING", "Discrepant", "Handling", "Limits", "Policy"]


class Handling(StrEnum):
    """What is done about a discrepancy; all but ``NOTE`` say what the venue's word is good for."""

    NOTE = "note"
    """Written down, nothing else."""
    REPAIR = "repair"
    """The venue is right: our side is brought in step."""
    ADOPT = "adopt"
    """It is not ours, and counted from now on."""
    HALT = "halt"
    """Nothing new is sent until a person has looked."""


class Discrepant(StrEnum):
    """In what our view and the venue's can differ, or an event contradict what was known."""

    FOREIGN_ORDER = "foreign_order"
    """An order stands that was given by somebody else."""
    UNRECORDED_ORDER = "unrecorded_order"
    """An order stands with an id of ours that the journal does not have: is it the right journal?"""
    GONE_ORDER = "gone_order"
    """An order that we believe to stand does not."""
    ORDER_DIFFERS = "order_differs"
    """Status, quantity filled or terms are not what we believe."""
    MISSED_FILL = "missed_fill"
    """A fill that was not heard of."""
    UNCONFIRMED_FILL = "unconfirmed_fill"
    """The venue reports a quantity as filled and has no executions for it."""
    POSITION_DIFFERS = "position_differs"
    """The position is not the last one and the fills since."""
    BALANCE_DIFFERS = "balance_differs"
    """A balance is not the last one and the fills since: somebody paid in or out."""
    OVERFILLED = "overfilled"
    """More was filled than ordered."""
    RISEN = "risen"
    """An order that had come to its end is alive."""
    ILLEGAL = "illegal"
    """An event that the table of states has no way for."""
    CHANGED = "changed"
    """Somebody else amended our order."""
    MISMATCH = "mismatch"
    """What is reported under our id is not what was ordered."""
    VANISHED = "vanished"
    """The venue has forgotten an order that it had."""


DEFAULT_HANDLING: Mapping[Discrepant, Handling] = {
    Discrepant.FOREIGN_ORDER: Handling.ADOPT,
    Discrepant.UNRECORDED_ORDER: Handling.HALT,
    Discrepant.GONE_ORDER: Handling.REPAIR,
    Discrepant.ORDER_DIFFERS: Handling.REPAIR,
    Discrepant.MISSED_FILL: Handling.REPAIR,
    Discrepant.UNCONFIRMED_FILL: Handling.HALT,
    Discrepant.POSITION_DIFFERS: Handling.HALT,
    Discrepant.BALANCE_DIFFERS: Handling.ADOPT,
    Discrepant.OVERFILLED: Handling.HALT,
    Discrepant.RISEN: Handling.REPAIR,
    Discrepant.ILLEGAL: Handling.REPAIR,
    Discrepant.CHANGED: Handling.REPAIR,
    Discrepant.MISMATCH: Handling.HALT,
    Discrepant.VANISHED: Handling.REPAIR,
}


@dataclass(frozen=True, slots=True)
class Limits:
    """What no order may exceed, whatever a strategy wants; None is no limit."""

    notional: Decimal | None = None
    """The worth of one order, in the quote currency."""
    open_notional: Decimal | None = None
    """The worth of all orders that stand, together."""
    open_orders: int | None = None
    orders_per_second: int | None = 50
    orders_per_minute: int | None = 600
    reducing_when_halted: bool = False
    """Whether orders marked ``reduce_only`` pass the kill switch."""

    @classmethod
    def of(cls, settings: LimitSettings) -> Limits:
        """The limits that the settings ask for."""
        return cls(
            notional=settings.max_notional,
            open_orders=settings.max_open_orders,
            orders_per_minute=settings.max_orders_per_minute,
        )


@dataclass(frozen=True, slots=True)
class Policy:
    """Times are in seconds."""

    answer_timeout: float = 15.0
    """How long a gateway may take to answer before the outcome counts as unknown."""
    ask_after: tuple[float, ...] = (0.25, 0.5, 1.0, 2.0, 5.0)
    """The pauses before the venue is asked what became of something; the last one repeats."""
    margin: float = 5.0
    """Added to the gateway's `request_life` before "not found" is believed."""
    denials: int = 3
    """How often, at least, the venue must have said so."""
    resend: bool = False
    """Whether an order that never arrived is sent again."""
    resend_age: float = 120.0
    """... unless the decision is older than this."""
    stale: float = 5.0
    """How old a decision may be when its order leaves: a disk, a database or the orders before it in a
    batch may have been slow.  So long, too, a cancellation waits for the journal before it goes without."""
    price_age: float = 10.0
    """How old the last price may be by which a cap on the worth of orders is judged."""
    throttle: float = 2.0
    """How long an order may wait for a free place under the venue's limits before it is refused."""
    reserve: float = 0.2
    """The part of the venue's limits that is kept for cancellations and questions."""
    venue_replaces: bool = False
    """Where an amendment makes a new order: let the venue do both steps.  If some of the old order is
    filled in between, more than wanted may be; so by default it is cancelled first, and the rest sent."""
    reconcile_every: float = 60.0
    blind: float = 10.0
    """For how long orders are sent while the user stream is down, or this process stands still."""
    look_back: float = 120.0
    """How far before the last scan fills are asked for again."""
    looks: int = 3
    """How often a difference in holdings is looked at before it counts."""
    balance_tolerance: Decimal = Decimal("1e-8")
    """For each fill: venues round what is paid."""
    keep: int = 10_000
    """How many orders that are done stay in memory."""
    handling: Mapping[Discrepant, Handling] = field(default_factory=lambda: dict(DEFAULT_HANDLING))

    def handle(self, kind: Discrepant) -> Handling:
        """What is done about a kind of discrepancy."""
        return self.handling.get(kind, DEFAULT_HANDLING[kind])
