"""Orders of which something is not known: asked for until it is.

An order that may or may not have arrived is looked for under its client id, among the open orders and
among the fills, several times and until no request of ours can still be on its way.  Only then is it
held for absent, and only then, if the policy says so, sent again: under the same id.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Coroutine, Iterator
from itertools import chain, repeat
from typing import Any

from ..errors import NotFound
from ..model import Fill
from . import states
from .book import Outcome
from .events import Absent, Filled, Reported
from .orders import LiveOrder
from .policy import Discrepant, Policy
from .recorder import Recorder
from .sender import Asked, Sender

__all__ = ["Resolver"]

logger = logging.getLogger(__name__)

Spawn = Callable[[Coroutine[Any, Any, None], str], None]

# Questions after executions that the venue reported before it gives up on hearing of them.
_FILL_QUESTIONS = 20


class Resolver:
    """One task for each order in doubt."""

    def __init__(
        self,
        sender: Sender,
        recorder: Recorder,
        policy: Policy,
        spawn: Spawn,
        may_send: Callable[[LiveOrder], bool],
    ) -> None:
        self._sender, self._recorder, self._policy = sender, recorder, policy
        self._spawn, self._may_send = spawn, may_send
        self._watched: set[str] = set()

    def look(self, outcome: Outcome) -> None:
        """Begin to watch the order if the event left something open that no request is about."""
        if not self._sender.busy(outcome.after.key):
            self.watch(outcome.after.key)

    def watch(self, key: str) -> None:
        """Ask until nothing is open about the order; at once if somebody does already."""
        order = self._recorder.book.get(key)
        if order is not None and in_doubt(order) and key not in self._watched:
            self._watched.add(key)
            self._spawn(self._watch(key), f"resolve {key}")

    @property
    def open(self) -> int:
        """How many orders are being asked for."""
        return len(self._watched)

    async def _watch(self, key: str) -> None:
        try:
            await self._ask_until_known(key)
        finally:
            self._watched.discard(key)

    async def _ask_until_known(self, key: str) -> None:
        begun, denials, pulls = time.monotonic(), 0, 0
        attempts = -1
        for pause in self._pauses():
            await asyncio.sleep(pause)
            order = self._recorder.book.get(key)
            if order is None or not in_doubt(order):
                return
            if self._sender.busy(key):
                continue
            if order.attempts != attempts:  # sent, or sent again: what was denied before says nothing
                begun, denials, attempts = time.monotonic(), 0, order.attempts
            if _only_fills(order):
                pulls += 1
                if await self._pull(order, pulls):
                    return
                continue
            asked = await self._sender.ask(key)
            if asked is Asked.FOUND:
                denials = 0
                await self._go_on(key)
            elif asked is Asked.ABSENT and not await self._seen_elsewhere(order):
                denials += 1
                if denials >= self._policy.denials and time.monotonic() - begun > self._grace():
                    await self._absent(key)

    def _pauses(self) -> Iterator[float]:
        after = self._policy.ask_after
        return chain(after, repeat(after[-1]))

    def _grace(self) -> float:
        return self._sender.gateway.request_life + self._policy.margin

    async def _go_on(self, key: str) -> None:
        """The order stands, and its end is wanted: ask for it again, which does no harm."""
        order = self._recorder.book.get(key)
        if order is not None and order.status == states.PENDING_CANCEL and not order.foreign:
            await self._sender.cancel(key)

    async def _pull(self, order: LiveOrder, count: int) -> bool:
        """Fetch executions; True to stop asking."""
        await self._sender.pull_fills(order)
        after = self._recorder.book.get(order.key)
        if after is None or not after.missing or count < _FILL_QUESTIONS:
            return False
        text = f"{order.key}: {order.filled} reported as filled, executions for {order.executed}"
        self._recorder.incident(Discrepant.UNCONFIRMED_FILL, text, key=order.key, symbol=order.intent.symbol)
        return True

    async def _seen_elsewhere(self, order: LiveOrder) -> bool:
        """Look for the order among what stands and what was filled: one answer alone may be stale."""
        symbol = order.intent.symbol
        standing = await self._sender.open_orders(symbol)
        if standing is None:
            return True
        for report in standing:
            if report.client_id == order.key:
                await self._recorder.commit(Reported(order.key, self._recorder.now(), report, "asked"))
                return True
        fills = await self._sender.fills(symbol, self._sender.since(order))
        if fills is None:
            return True
        for fill in fills:
            if fill.client_id == order.key or (order.venue_id and fill.venue_id == order.venue_id):
                await self._recorder.commit(Filled(order.key, self._recorder.now(), fill))
                return True
        return await self._among(order, fills)

    async def _among(self, order: LiveOrder, fills: list[Fill]) -> bool:
        """Look whether one of the fills that belong to no order we know belongs to this one."""
        symbol = order.intent.symbol
        strange = {
            fill.venue_id
            for fill in fills
            if self._recorder.find(symbol, client_id=fill.client_id, venue_id=fill.venue_id) is None
        }
        for venue_id in sorted(strange):
            try:
                report = await self._sender.look_up(symbol, venue_id)
            except NotFound:
                continue
            if report is None:
                return True  # not answered: it may be this one
            if report.client_id == order.key:
                await self._recorder.commit(Reported(order.key, self._recorder.now(), report, "asked"))
                return True
        return False

    async def _absent(self, key: str) -> None:
        order = self._recorder.book.get(key)
        if order is None or order.final:
            return
        age = (self._recorder.now() - order.created_ns) / 1e9
        # what was to take the place of another order is not wanted beside it
        again = self._policy.resend and not (order.standing or order.cancel_wanted or order.replaces)
        if again and age <= self._policy.resend_age and self._may_send(order):
            logger.warning("%s never arrived: it is sent again", key)
            await self._sender.place(key)
            return
        text = "it never arrived at the venue" if not order.standing else "the venue knows nothing of it now"
        await self._recorder.commit(Absent(key, self._recorder.now(), text))


def in_doubt(order: LiveOrder) -> bool:
    """Whether something about the order is not known, or under way."""
    if order.status in (states.UNKNOWN, states.PENDING_CANCEL, states.PENDING_AMEND, states.SUBMITTED):
        return True
    return order.missing > 0


def _only_fills(order: LiveOrder) -> bool:
    return order.missing > 0 and (order.final or order.status in (states.ACCEPTED, states.PARTIAL))
