"""An order management over a venue, and the question whether both agree in the end."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from real_trade.gateways import Gateway
from real_trade.model import OrderIntent, OrderKind, Side, VenueStatus
from real_trade.model.ids import is_ours
from real_trade.oms import Book, LiveOrder, OrderManager, Policy, states
from real_trade.oms.recorder import events_of
from real_trade.storage import Journal
from tests.live.fake import FakeGateway, FakeVenue

#: As the product's, only faster.
QUICK = Policy(
    answer_timeout=0.4, ask_after=(0.01, 0.02, 0.05), margin=0.1, throttle=0.3, reconcile_every=5.0, blind=5.0
)

STATUS = {
    VenueStatus.OPEN: {states.ACCEPTED, states.PARTIAL},
    VenueStatus.PARTIAL: {states.PARTIAL},
    VenueStatus.FILLED: {states.COMPLETED},
    VenueStatus.CANCELLED: {states.CANCELED},
    VenueStatus.EXPIRED: {states.EXPIRED, states.CANCELED},
    VenueStatus.REJECTED: {states.REJECTED},
}


@dataclass(frozen=True)
class Truth:
    """What the venue holds: each order ever accepted, and each execution."""

    orders: list[tuple[str, str, VenueStatus, Decimal]] = field(default_factory=list)
    """(client id, venue id, status, filled)"""
    fills: list[tuple[str, str, Decimal]] = field(default_factory=list)
    """(venue id, trade id, quantity)"""


def truth_of(venue: FakeVenue) -> Truth:
    """The truth of the venue in memory."""
    return Truth(
        [(one.intent.client_id, one.venue_id, one.status, one.filled) for one in venue.orders.values()],
        [(one.venue_id, one.trade_id, one.quantity) for one in venue.trades],
    )


def disagreements(manager: OrderManager, truth: Truth) -> list[str]:
    """In what venue, order management and journal differ; empty is what we want."""
    journal = manager.journal
    book = Book(events_of(journal.read.events()))
    found = [
        f"replayed, {key} is {book.get(key)}, not {manager.order(key)}"
        for key in (row["key"] for row in journal.read.orders())
        if book.get(key) != manager.order(key)
    ]
    return found + journal_disagreements(journal, truth)


def journal_disagreements(journal: Journal, truth: Truth) -> list[str]:
    """In what a journal differs from the venue, and from itself."""
    book = Book(events_of(journal.read.events()))
    return [
        *_orders({order.key: order for order in book}, truth),
        *_fills(journal, truth),
        *_tables(journal, book),
    ]


def _orders(ours: dict[str, LiveOrder], truth: Truth) -> list[str]:
    found = []
    by_venue = {order.venue_id: order for order in ours.values() if order.venue_id}
    accepted = Counter(client_id for client_id, *_ in truth.orders if client_id in ours)
    found += [f"{key} was accepted {count} times" for key, count in accepted.items() if count > 1]
    for client_id, venue_id, status, filled in truth.orders:
        order = ours.get(client_id) or by_venue.get(venue_id)
        if order is None and status.is_final and not filled and not is_ours(client_id):
            continue  # somebody else's, begun and ended unseen without a trace: nobody can know
        if order is None:
            found.append(f"the venue has {client_id or venue_id} ({status}), we have not: LOST")
        elif order.status not in STATUS[status] or order.filled != filled or order.venue_id != venue_id:
            found.append(
                f"the venue has {client_id} {venue_id} {status} filled {filled}, "
                f"we {order.venue_id} {order.name} filled {order.filled}"
            )
    for key, order in ours.items():
        if (
            not order.foreign
            and key not in accepted
            and order.status not in (states.REJECTED, states.CANCELED)
        ):
            found.append(f"we have {key} {order.name}, the venue never accepted it")
        if not order.foreign and key not in accepted and (order.filled or order.executed):
            found.append(f"we have {key} filled, the venue never accepted it")
    return found


def _fills(journal: Journal, truth: Truth) -> list[str]:
    kept = Counter((row["venue_id"], row["trade_id"], row["quantity"]) for row in journal.read.fills())
    had = Counter(truth.fills)
    found = [f"fill {one} was lost" for one in had - kept]
    return found + [f"fill {one} is not the venue's" for one in kept - had]


def _tables(journal: Journal, book: Book) -> list[str]:
    """The tables of orders and fills are what follows from the events."""
    found: list[str] = []
    for row in journal.read.orders():
        order = book.get(row["key"])
        told = row["status"], row["filled"], row["final"]
        if order is None or told != (order.status, order.filled, order.final):
            found.append(f"the row of {row['key']} is {told}, not that of {order}")
    executed: dict[str, Decimal] = {}
    for row in journal.read.fills():
        executed[row["key"]] = executed.get(row["key"], Decimal(0)) + row["quantity"]
    for order in book:
        if order.executed != executed.get(order.key, 0):
            found.append(
                f"{order.key}: {order.executed} executed by its events, {executed.get(order.key)} by fills"
            )
    return found


async def quiet(manager: OrderManager, seconds: float = 5.0) -> None:
    """Wait until nothing is unknown, under way or unwritten."""
    loop = asyncio.get_running_loop()
    until = loop.time() + seconds
    while manager.resolver.open or manager._work:
        if loop.time() > until:
            raise AssertionError(
                f"still open: {[(one.key, one.name) for one in manager.recorder.book.alive()]}"
            )
        await asyncio.sleep(0.005)
    await manager.recorder.settle()


async def agreed(manager: OrderManager, venue: FakeVenue) -> None:
    """Bring both in step once more and see that they agree."""
    await quiet(manager)
    result = await manager.reconcile()
    assert result.complete, "the venue did not answer everything"
    await quiet(manager)
    found = disagreements(manager, truth_of(venue))
    assert not found, "\n".join(found)


def limit(quantity: Any = 1, price: Any = 90, **more: Any) -> OrderIntent:
    """A purchase that rests."""
    return OrderIntent(
        more.pop("client_id", ""), more.pop("symbol", "BTC/USDT"), more.pop("side", Side.BUY), more.pop("kind", OrderKind.LIMIT),
        Decimal(str(quantity)), None if price is None else Decimal(str(price)), **more,
    )  # fmt: skip


def market(quantity: Any = 1, **more: Any) -> OrderIntent:
    """A purchase at the market."""
    return limit(quantity, None, kind=OrderKind.MARKET, **more)


@asynccontextmanager
async def working(
    url: Path | str,
    venue: FakeVenue | None = None,
    *,
    policy: Policy = QUICK,
    gateway: Gateway | None = None,
    **more: Any,
) -> AsyncIterator[tuple[OrderManager, FakeVenue]]:
    """A started order management; stopped in the end."""
    venue = venue or FakeVenue()
    used = gateway or FakeGateway(venue)
    manager = OrderManager(used, Journal.open(url, used.venue, used.account), policy=policy, **more)
    await manager.start()
    try:
        yield manager, venue
    finally:
        await manager.stop()


def keys(orders: Iterable[LiveOrder]) -> list[str]:
    """Their keys."""
    return [order.key for order in orders]
