"""Changing orders: one change at a time, and what is cancelled meanwhile does not come back."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING

from ..errors import Halted, Rejected, Unknown
from ..model import OrderIntent
from . import clock, states
from .events import AmendWished, Event, Intended, Refused
from .guard import check_types
from .orders import EXACT, LiveOrder

if TYPE_CHECKING:
    from .manager import OrderManager

__all__ = ["Changer"]

_LOOK = 0.005


@dataclass(slots=True)
class _Way:
    """A change that is under way; ``ended``: the order, or what takes its place, is not wanted any more."""

    symbol: str
    ended: bool = False


class Changer:
    """Amends orders of ours on behalf of the manager."""

    def __init__(self, manager: OrderManager) -> None:
        self._manager = manager
        self._ways: dict[str, _Way] = {}

    # -- beside cancellations ---------------------------------------------------------------------
    def end(self, key: str) -> LiveOrder | None:
        """The order is cancelled, so what takes its place must end as well: that, if it is there already."""
        way = self._ways.get(key)
        if way is None:
            return None
        way.ended = True
        return next((one for one in self._manager.recorder.book.alive() if one.replaces == key), None)

    def ended(self, key: str) -> bool:
        """Whether the order was cancelled while it was being changed."""
        way = self._ways.get(key)
        return way is not None and way.ended

    def under_way(self, symbol: str | None = None) -> Iterable[str]:
        """The orders that are being changed."""
        return [key for key, way in self._ways.items() if symbol in (None, way.symbol)]

    # -- amending ---------------------------------------------------------------------------------
    async def amend(self, order: LiveOrder, quantity: Decimal | None, price: Decimal | None) -> LiveOrder:
        """Change an order of ours; the one that stands for it then."""
        key = order.key
        if key in self._ways:
            raise Rejected(f"{key} is being changed already: wait for that, then change it again")
        if order.status not in (states.ACCEPTED, states.PARTIAL):
            raise Rejected(f"{key} is {order.name}: only an order that stands can be changed")
        if price is not None and order.price is None:
            raise Rejected(f"{key} has no limit price: cancel it and place another")
        wanted = replace(
            order.intent,
            quantity=order.quantity if quantity is None else quantity,
            price=order.price if price is None else price,
        )
        check_types(wanted)
        if (wanted.quantity, wanted.price) == (order.quantity, order.price):
            return order
        self._ways[key] = _Way(order.intent.symbol)
        try:
            return await self._amend(order, wanted)
        finally:
            del self._ways[key]

    async def _amend(self, order: LiveOrder, wanted: OrderIntent) -> LiveOrder:
        manager, key = self._manager, order.key
        halted = manager._blocked(wanted)
        now = time.monotonic()
        complaint = manager.guard.complaint(wanted, manager._others(key), halted=halted, now=now)
        if complaint:
            raise Halted(complaint) if halted else Rejected(complaint)
        manager.guard.sent(now)
        if manager.gateway.amends_in_place:
            await manager._finish(self._change(key, wanted, None))
            return manager._order(key)
        left = EXACT.subtract(wanted.quantity, order.filled)
        if left <= 0:
            return await manager.cancel(key)
        if manager.policy.venue_replaces:
            new = manager._named(replace(wanted, client_id="", quantity=left))
            await manager._finish(self._change(key, wanted, new))
            return manager._order(new.client_id)
        return await self._replace(key, wanted)

    async def _change(self, key: str, wanted: OrderIntent, new: OrderIntent | None) -> None:
        """Let the venue change the order; ``new`` is the order that it makes of it, if it does."""
        manager = self._manager
        now, name = manager.recorder.now(), "" if new is None else new.client_id
        events: list[Event] = [AmendWished(key, now, wanted.quantity, wanted.price, name)]
        if new is not None:
            events.append(Intended(name, now, new, replaces=key))
        begun, patience = clock.elapsed(), manager.policy.throttle
        with manager.sender.hold(key, *([name] if name else [])):
            await manager.recorder.commit(*events)
            leave = await manager.limiter.acquire(patience=patience)
        # nothing is awaited between this look and the request
        order = manager._order(key)
        complaint = "" if leave else "the venue's limits are used up"
        if order.change is None:
            complaint = "it came to its end before that"
        elif self.ended(key) or order.cancel_wanted:
            complaint = "it was cancelled before that"
        elif clock.elapsed() - begun > manager.policy.stale + patience:
            complaint = "writing it down took too long"
        complaint = complaint or manager._blocked(wanted)
        if not complaint:
            await manager.sender.amend(key)
            return
        now = manager.recorder.now()
        refused: list[Event] = [Refused(key, now, "amend", complaint)]
        await manager.recorder.commit(*refused, *([Refused(name, now, "place", complaint)] if name else []))

    async def _replace(self, key: str, wanted: OrderIntent) -> LiveOrder:
        """End the order first and send what is left of the new one: never more than wanted is filled."""
        manager = self._manager
        order = await manager._end(key)
        until = time.monotonic() + manager.policy.answer_timeout
        while not order.final and order.cancel_wanted and time.monotonic() < until:
            await asyncio.sleep(_LOOK)
            order = manager._order(key)
        if not order.final:
            raise Unknown(f"{key} is {order.name}: nothing was put in its place")
        left = EXACT.subtract(wanted.quantity, order.filled)
        if order.status != states.CANCELED or left <= 0 or self.ended(key):
            return order
        new = manager._named(replace(wanted, client_id="", quantity=left))
        await manager._submit([new], replaces=key)
        return manager._order(new.client_id)
