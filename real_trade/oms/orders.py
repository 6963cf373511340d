"""One order of ours as it is believed to be, and how an event changes that.

`step` is a function of the order and the event and nothing else, so the journal's events always lead
to the same orders: after a crash, on another machine, in a test.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from decimal import Context, Decimal, localcontext
from typing import Any

from ..model import Fill, OrderIntent, OrderReport, VenueStatus
from . import states
from .events import (
    Absent,
    Adopted,
    AmendWished,
    CancelWished,
    Doubtful,
    Event,
    Filled,
    Intended,
    Refused,
    Reported,
    Sent,
    Withdrawn,
)

__all__ = ["EXACT", "Alarm", "Change", "LiveOrder", "Step", "foreign_key", "step"]

_ZERO = Decimal(0)
#: Sums are made in this, whatever a strategy did to the arithmetic of its thread.
EXACT = Context(prec=60)


@dataclass(frozen=True, slots=True)
class Change:
    """An amendment that is under way."""

    quantity: Decimal | None
    price: Decimal | None
    replacement: str = ""


@dataclass(frozen=True, slots=True)
class LiveOrder:
    """An order as the journal's events say it is.

    ``filled`` is the larger of what the venue reported and what the fills add up to; ``executed`` is
    the latter.  ``standing``: the venue has confirmed the order at least once.  ``former_ids``: where a
    venue makes a new order of one whose price has come, or that was changed by hand.
    """

    key: str
    intent: OrderIntent
    status: int
    quantity: Decimal
    price: Decimal | None
    venue_id: str = ""
    former_ids: tuple[str, ...] = ()
    foreign: bool = False
    filled: Decimal = _ZERO
    executed: Decimal = _ZERO
    cost: Decimal = _ZERO
    fees: tuple[tuple[str, Decimal], ...] = ()
    told_average: Decimal | None = None
    attempts: int = 0
    standing: bool = False
    cancel_wanted: bool = False
    change: Change | None = None
    replaces: str = ""
    reason: str = ""
    created_ns: int = 0
    sent_ns: int = 0
    updated_ns: int = 0
    venue_ns: int = 0

    @property
    def final(self) -> bool:
        """Whether nothing more is expected."""
        return self.status in states.FINAL

    @property
    def remaining(self) -> Decimal:
        """What is still to be filled, if anything can be."""
        return _ZERO if self.final else max(self.quantity - self.filled, _ZERO)

    @property
    def missing(self) -> Decimal:
        """How much was filled whose executions have not been heard of."""
        return self.filled - self.executed

    @property
    def average_price(self) -> Decimal | None:
        """Of what was filled."""
        if self.executed and not self.missing:
            return self.cost / self.executed
        return self.told_average

    @property
    def shown(self) -> int:
        """The status a strategy knows."""
        return states.shown(self.status, standing=self.standing, partly=self.filled > 0)

    @property
    def name(self) -> str:
        """The status in a word."""
        return states.NAMES[self.status]

    @property
    def most(self) -> Decimal:
        """How much may be filled, an amendment under way included."""
        wished = self.change.quantity if self.change and not self.change.replacement else None
        return self.quantity if wished is None else max(self.quantity, wished)


@dataclass(frozen=True, slots=True)
class Alarm:
    """Something that should not be: ``overfilled``, ``risen``, ``illegal``, ``changed``, ``mismatch``,
    ``vanished``."""

    kind: str
    key: str
    text: str


@dataclass(frozen=True, slots=True)
class Step:
    """Where an event led."""

    order: LiveOrder
    alarms: tuple[Alarm, ...] = field(default=())


def foreign_key(symbol: str, venue_id: str) -> str:
    """By what an order is known that has no client id of ours: venues count per symbol."""
    return f"~{symbol}:{venue_id}"


def step(order: LiveOrder | None, event: Event) -> Step:
    """The order after the event; the same order if the event told nothing new."""
    if isinstance(event, Intended):
        return _first(order, event, _intended(event))
    if isinstance(event, Adopted):
        with localcontext(EXACT):
            return _first(order, event, _adopted(event))
    assert order is not None, f"an event for an order that never was: {event}"
    with localcontext(EXACT):
        found = _STEPS[type(event)](order, event)
    if found.order is order:
        return found
    return replace_order(found, updated_ns=max(event.time_ns, order.updated_ns))


def replace_order(found: Step, **changes: Any) -> Step:
    """The same step with the order changed a little more."""
    return Step(replace(found.order, **changes), found.alarms)


def _first(order: LiveOrder | None, event: Intended | Adopted, made: LiveOrder) -> Step:
    if order is None:
        return Step(made)
    return Step(order, (Alarm("illegal", event.key, f"{event.key} was begun a second time"),))


def _intended(event: Intended) -> LiveOrder:
    intent = event.intent
    return LiveOrder(
        event.key, intent, states.CREATED, intent.quantity, intent.price,
        replaces=event.replaces, created_ns=event.time_ns, updated_ns=event.time_ns,
    )  # fmt: skip


def _adopted(event: Adopted) -> LiveOrder:
    report = event.report
    intent = OrderIntent(
        report.client_id, report.symbol, report.side, report.kind, report.quantity, report.price,
        report.stop_price, report.time_in_force, reduce_only=report.reduce_only,
    )  # fmt: skip
    order = LiveOrder(
        event.key, intent, states.SUBMITTED, report.quantity, report.price,
        foreign=True, created_ns=event.time_ns, updated_ns=event.time_ns,
    )  # fmt: skip
    return _told(order, report, settles=True).order


def _move(order: LiveOrder, new: int, why: str, **changes: Any) -> Step:
    """Go to a status if the table has that way; from an end back to life is an alarm, others are refused."""
    if changes.get("reason") is None:
        changes.pop("reason", None)
    if states.allowed(order.status, new):
        return Step(replace(order, status=new, **changes))
    way = f"{order.key}: {why} would take it from {order.name} to {states.NAMES[new]}"
    if new in states.RISEN.get(order.status, ()):
        return Step(replace(order, status=new, **changes), (Alarm("risen", order.key, way),))
    changes.pop("reason", None)
    return Step(replace(order, **changes), (Alarm("illegal", order.key, way),))


def _alive(order: LiveOrder) -> int:
    """The status of an order that stands, by what is under way with it."""
    if order.cancel_wanted:
        return states.PENDING_CANCEL
    if order.change is not None:
        return states.PENDING_AMEND
    return states.PARTIAL if order.filled else states.ACCEPTED


# -- what we do -------------------------------------------------------------------------------------
def _sent(order: LiveOrder, event: Sent) -> Step:
    return _move(order, states.SUBMITTED, "sending", attempts=event.attempt, sent_ns=event.time_ns)


def _withdrawn(order: LiveOrder, event: Withdrawn) -> Step:
    return _move(order, states.CANCELED, "taking it back", reason=event.text, cancel_wanted=False)


def _cancel_wished(order: LiveOrder, event: CancelWished) -> Step:
    if order.final or order.cancel_wanted:
        return Step(order)
    if order.status in states.STANDING:
        return _move(order, states.PENDING_CANCEL, "cancelling", cancel_wanted=True)
    return Step(replace(order, cancel_wanted=True))


def _amend_wished(order: LiveOrder, event: AmendWished) -> Step:
    if order.status not in (states.ACCEPTED, states.PARTIAL):
        return Step(order)  # it has come to its end, or is about to: nothing was sent
    change = Change(event.quantity, event.price, event.replacement)
    return _move(order, states.PENDING_AMEND, "amending", change=change)


def _refused(order: LiveOrder, event: Refused) -> Step:
    if event.what == "place":
        if order.standing or order.final:
            text = f"{order.key}: refused ({event.text}), but it is {order.name}"
            return Step(order, (Alarm("mismatch", order.key, text),))
        return _move(order, states.REJECTED, "a refusal", reason=event.text, cancel_wanted=False)
    if order.final:
        return Step(order)
    changes: dict[str, Any] = {"cancel_wanted": False} if event.what == "cancel" else {"change": None}
    after = replace(order, reason=event.text, **changes)
    if order.status not in states.STANDING:
        return Step(after)
    return _move(after, _alive(after), f"a refusal to {event.what}")


def _doubtful(order: LiveOrder, event: Doubtful) -> Step:
    if order.final or order.status == states.UNKNOWN:
        return Step(order)
    if event.what == "order" or (event.what == "place" and not order.standing):
        return _move(order, states.UNKNOWN, "doubt", reason=event.text)
    # what is under way stays under way until it is asked about
    return Step(replace(order, reason=event.text))


def _absent(order: LiveOrder, event: Absent) -> Step:
    if order.final:
        return Step(order)
    if order.standing:
        found = _move(
            order, states.CANCELED, "its absence", reason=event.text, cancel_wanted=False, change=None
        )
        text = f"{order.key}: the venue had it ({order.venue_id or 'no id'}) and knows nothing of it now"
        return Step(found.order, (*found.alarms, Alarm("vanished", order.key, text)))
    return _move(order, states.REJECTED, "its absence", reason=event.text, cancel_wanted=False)


# -- what we hear -----------------------------------------------------------------------------------
def _filled(order: LiveOrder, event: Filled) -> Step:
    fill = event.fill
    executed = order.executed + fill.quantity
    after = replace(
        order,
        executed=executed,
        filled=max(order.filled, executed),
        cost=order.cost + fill.quantity * fill.price,
        fees=_with_fee(order.fees, fill),
        standing=True,
        **_id(order, fill.venue_id),
    )
    alarms = _too_much(order, after) + _renamed(order, after)
    if fill.side is not order.intent.side:
        text = f"{order.key}: a fill to {fill.side}, the order is to {order.intent.side}"
        alarms += (Alarm("mismatch", order.key, text),)
    found = _progress(after, "a fill")
    return Step(found.order, found.alarms + alarms)


def _progress(order: LiveOrder, why: str) -> Step:
    """The status after more was filled."""
    if _all(order):
        return _move(order, states.COMPLETED, why, change=None, cancel_wanted=False)
    if order.status in (states.CANCELED, states.EXPIRED):
        return Step(order)  # it had happened before the end
    return _move(order, _alive(order), why)


def _all(order: LiveOrder) -> bool:
    # an order over an amount of money has no quantity until it is filled
    return order.filled >= order.most > 0


def _too_much(before: LiveOrder, after: LiveOrder) -> tuple[Alarm, ...]:
    if after.filled <= after.most or not after.most or after.filled == before.filled or after.foreign:
        return ()
    text = f"{after.key}: {after.filled} filled of {after.most} ordered"
    return (Alarm("overfilled", after.key, text),)


def _with_fee(fees: tuple[tuple[str, Decimal], ...], fill: Fill) -> tuple[tuple[str, Decimal], ...]:
    if not fill.fee:
        return fees
    sums = dict(fees)
    sums[fill.fee_asset] = sums.get(fill.fee_asset, _ZERO) + fill.fee
    return tuple(sorted(sums.items()))


def _reported(order: LiveOrder, event: Reported) -> Step:
    return _told(order, event.report, event.settles)


def _told(order: LiveOrder, report: OrderReport, settles: bool) -> Step:
    """What a report means: ends and quantities filled always count, the rest only if it is not old."""
    old = bool(report.time_ns) and report.time_ns < order.venue_ns
    told = report.quantity if report.status is VenueStatus.FILLED else report.filled
    filled = max(order.filled, told, report.filled)
    more: dict[str, Any] = {
        "filled": filled,
        "venue_ns": max(order.venue_ns, report.time_ns),
        "told_average": report.average_price if filled == told and report.average_price is not None
        else order.told_average,
        "standing": order.standing or report.status is not VenueStatus.REJECTED,
    }  # fmt: skip
    after = replace(order, **more, **({} if old else _id(order, report.venue_id)))
    after, alarms = _terms(order, after, report, old, settles)
    alarms += _too_much(order, after) + _renamed(order, after)
    if report.side is not order.intent.side:
        text = f"{order.key}: reported to {report.side}, the order is to {order.intent.side}"
        alarms += (Alarm("mismatch", order.key, text),)
    found = _told_status(after, report, old, settles)
    if found.order == order and not found.alarms and not alarms:
        return Step(order)
    return Step(found.order, found.alarms + alarms)


def _id(order: LiveOrder, venue_id: str) -> dict[str, Any]:
    """The id the venue uses now; one that it has given up does not come back."""
    if not venue_id or venue_id == order.venue_id or venue_id in order.former_ids:
        return {}
    former = (*order.former_ids, order.venue_id) if order.venue_id else ()
    return {"venue_id": venue_id, "former_ids": former}


def _renamed(before: LiveOrder, after: LiveOrder) -> tuple[Alarm, ...]:
    if len(after.former_ids) == len(before.former_ids) or before.foreign or before.intent.kind.waits:
        return ()  # one that waited for its price gets a new id with it
    text = f"{after.key} was {before.venue_id} at the venue and is {after.venue_id} now"
    return (Alarm("changed", after.key, text),)


def _told_status(order: LiveOrder, report: OrderReport, old: bool, settles: bool) -> Step:
    status = report.status
    done: dict[str, Any] = {"change": None, "cancel_wanted": False}
    if status is VenueStatus.FILLED or _all(order):
        return _move(order, states.COMPLETED, "a report", **done)
    if status.is_final:
        new = _ENDS[status]
        if order.status == states.COMPLETED or (order.final and order.status != states.REJECTED and old):
            return Step(order)
        if order.status in (states.CANCELED, states.EXPIRED) and new != order.status:
            return Step(order)  # two words for the same end
        return _move(order, new, "a report", reason=report.reason or None, **done)
    if order.final:
        # Heard late, unless we were told so now, or never knew that the venue had it.
        if old or order.status == states.COMPLETED or not (settles or order.status == states.REJECTED):
            return Step(order)
        return _move(order, states.PARTIAL if order.filled else states.ACCEPTED, "a report")
    return _move(order, _alive(order), "a report")


def _terms(
    before: LiveOrder, after: LiveOrder, report: OrderReport, old: bool, settles: bool
) -> tuple[LiveOrder, tuple[Alarm, ...]]:
    """Quantity and price as reported: what was asked for, a change from outside, or nothing new."""
    same = report.quantity == before.quantity and (report.price == before.price or report.price is None)
    change = before.change
    if change is not None and not change.replacement:
        wanted = (change.quantity or before.quantity, change.price or before.price)
        if (report.quantity, report.price) == wanted and not old:
            return replace(after, quantity=report.quantity, price=report.price, change=None), ()
        if settles and not old:
            return replace(after, change=None), ()
        return after, ()
    if settles and change is not None:
        after = replace(after, change=None)
    if same or old or before.final:
        return after, ()
    if report.quantity == 0 or (report.time_ns == before.venue_ns and not settles and not before.foreign):
        return after, ()
    after = replace(after, quantity=report.quantity, price=report.price or after.price)
    if before.foreign:
        return after, ()
    text = (
        f"{before.key}: reported with {report.quantity} at {report.price}, "
        f"ordered with {before.quantity} at {before.price}"
    )
    return after, (Alarm("changed", before.key, text),)


_ENDS = {
    VenueStatus.CANCELLED: states.CANCELED,
    VenueStatus.EXPIRED: states.EXPIRED,
    VenueStatus.REJECTED: states.REJECTED,
}

_STEPS: dict[type[Any], Callable[[LiveOrder, Any], Step]] = {
    Sent: _sent,
    CancelWished: _cancel_wished,
    AmendWished: _amend_wished,
    Reported: _reported,
    Filled: _filled,
    Refused: _refused,
    Doubtful: _doubtful,
    Absent: _absent,
    Withdrawn: _withdrawn,
}
