"""The one place where events enter: the book, the journal, and those who want to know.

The book runs ahead of the disk by what is being written; whoever acts on an event waits for it, and
listeners hear of it only when it is on disk.
"""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Future
from typing import Any

from ..errors import JournalError
from ..storage import AccountRecord, Incident, Item, Journal, OrderRecord, StoredEvent
from .book import Book, Outcome
from .codec import decode, encode
from .events import Event, Filled
from .orders import Alarm, LiveOrder
from .policy import Discrepant, Handling, Policy

__all__ = ["Listener", "Recorder", "row_of"]

logger = logging.getLogger(__name__)

Listener = Callable[[Outcome], None]

_SWITCH = ("halted", "resumed")


class Recorder:
    """Events go in, on disk and out again, in one order."""

    def __init__(self, journal: Journal, policy: Policy, now: Callable[[], int] = time.time_ns) -> None:
        self.journal, self._policy, self.now = journal, policy, now
        self.book = Book()
        self.listeners: list[Listener] = []
        #: Called at once, before the disk: what needs a reconciliation, what needs watching.
        self.on_alarm: Callable[[Alarm], None] = lambda alarm: None
        self.on_outcome: Callable[[Outcome], None] = lambda outcome: None
        self.halted = ""
        self._waiting: set[asyncio.Future[None]] = set()

    # -- what was -------------------------------------------------------------------------------------
    def load(self, since_ns: int) -> None:
        """Read the orders that stand, and those that changed since then; and whether trading is halted."""
        read = self.journal.read
        keys = dict.fromkeys([*read.recent_keys(since_ns), *read.open_keys()])
        self.book = Book(_event(stored) for stored in read.events(keys))
        last = read.account_events(_SWITCH, limit=1)
        if last and last[0].kind == "halted":
            self.halted = str(json.loads(last[0].data).get("reason", "")) or "no reason given"

    def find(self, symbol: str, *, client_id: str = "", venue_id: str = "") -> LiveOrder | None:
        """An order by an id of the venue or ours, read back from the journal if it was long ago."""
        found = self.book.find(symbol, client_id=client_id, venue_id=venue_id)
        if found is not None:
            return found
        key = self.journal.read.key_of(symbol, client_id=client_id, venue_id=venue_id)
        return self.recall(key) if key else None

    def recall(self, key: str) -> LiveOrder | None:
        """The order with this key, from the book or the journal."""
        if key not in self.book:
            for stored in self.journal.read.events([key]):
                self.book.apply(_event(stored))
        return self.book.get(key)

    # -- what is --------------------------------------------------------------------------------------
    async def commit(self, *events: Event) -> None:
        """Count events in, and return when they are on disk; `JournalError` if they cannot be."""
        # a caller that is cancelled must not take the note of it away from the others
        await asyncio.shield(self.record(*events))

    def record(self, *events: Event) -> asyncio.Future[None]:
        """Count events in without waiting; for who waits there is `commit`."""
        outcomes = [self.book.apply(event) for event in events]
        fresh = [outcome for outcome in outcomes if outcome.new]
        items: list[Item] = [_record_of(outcome) for outcome in fresh]
        alarms = [alarm for outcome in fresh for alarm in outcome.alarms]
        items += [self._incident(alarm) for alarm in alarms]
        halting = [alarm for alarm in alarms if self._handling(alarm) is Handling.HALT]
        if halting and not self.halted:
            items.append(self._switch("halted", halting[0].text))
        future = self._submit(items, fresh)
        for outcome in fresh:
            self.on_outcome(outcome)
        for alarm in alarms:
            logger.error("%s: %s", alarm.kind, alarm.text)
            self.on_alarm(alarm)
        return future

    def note(self, kind: str, data: Mapping[str, Any], *items: Item) -> asyncio.Future[None]:
        """Write down what happened to the account, with what belongs to it."""
        text = json.dumps(dict(data), separators=(",", ":"))
        return self._submit([AccountRecord(kind, self.now(), text), *items], [])

    def incident(self, kind: Discrepant, text: str, *, key: str = "", symbol: str = "") -> Handling:
        """Write down a discrepancy, and halt if the policy says so; how it is to be handled."""
        handling = self._policy.handle(kind)
        logger.warning("%s (%s): %s", kind, handling, text)
        items: list[Item] = [Incident(str(kind), text, self.now(), str(handling), key, symbol)]
        if handling is Handling.HALT and not self.halted:
            items.append(self._switch("halted", text))
        self._submit(items, [])
        return handling

    def halt(self, reason: str) -> asyncio.Future[None]:
        """Stop trading until `resume`, also after a restart."""
        return self._submit([self._switch("halted", reason)], [])

    def resume(self, who: str) -> asyncio.Future[None]:
        """Trade again: a person has looked."""
        return self._submit([self._switch("resumed", who)], [])

    async def settle(self) -> None:
        """Return when everything recorded so far is on disk, and was told."""
        while self._waiting:
            await asyncio.wait(set(self._waiting))

    # -- inside ---------------------------------------------------------------------------------------
    def _submit(self, items: list[Item], outcomes: list[Outcome]) -> asyncio.Future[None]:
        if not items:
            done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            done.set_result(None)
            return done
        written: Future[None] = self.journal.submit(items)
        future = asyncio.wrap_future(written)
        self._waiting.add(future)
        future.add_done_callback(lambda done: self._written(done, outcomes))
        return future

    def _written(self, future: asyncio.Future[None], outcomes: list[Outcome]) -> None:
        self._waiting.discard(future)
        if future.cancelled():
            return
        error = future.exception()
        if error is not None:
            # Whoever waits hears it too; nothing new may be sent without a journal.
            self.halted = self.halted or str(error)
            return
        for outcome in outcomes:
            for listener in self.listeners:
                try:
                    listener(outcome)
                except Exception:
                    logger.exception("a listener failed on %s", outcome.event)

    def _switch(self, kind: str, reason: str) -> AccountRecord:
        self.halted = reason or "no reason given" if kind == "halted" else ""
        logger.warning("trading %s: %s", kind, reason)
        return AccountRecord(kind, self.now(), json.dumps({"reason": reason}))

    def _handling(self, alarm: Alarm) -> Handling:
        return self._policy.handle(Discrepant(alarm.kind))

    def _incident(self, alarm: Alarm) -> Incident:
        order = self.book.get(alarm.key)
        symbol = order.intent.symbol if order else ""
        return Incident(alarm.kind, alarm.text, self.now(), str(self._handling(alarm)), alarm.key, symbol)


def events_of(stored: Iterable[StoredEvent]) -> list[Event]:
    """What the journal holds, as events."""
    return [_event(one) for one in stored]


def _event(stored: StoredEvent) -> Event:
    try:
        return decode(stored.kind, stored.key, stored.time_ns, stored.data)
    except (KeyError, ValueError, TypeError, ArithmeticError) as error:
        raise JournalError(f"event {stored.seq} ({stored.kind}) cannot be read: {error!r}") from None


def _record_of(outcome: Outcome) -> OrderRecord:
    event = outcome.event
    fill = event.fill if isinstance(event, Filled) else None
    return OrderRecord(event.key, event.kind, event.time_ns, encode(event), row_of(outcome.after), fill)


def row_of(order: LiveOrder) -> dict[str, Any]:
    """The order as a row of the orders table."""
    intent = order.intent
    return {
        "key": order.key,
        "client_id": intent.client_id,
        "venue_id": order.venue_id,
        "symbol": intent.symbol,
        "side": intent.side.value,
        "kind": intent.kind.value,
        "time_in_force": intent.time_in_force.value,
        "quantity": order.quantity,
        "price": order.price,
        "stop_price": intent.stop_price,
        "status": order.status,
        "final": order.final,
        "filled": order.filled,
        "average_price": _short(order.average_price),
        "foreign_": order.foreign,
        "strategy": intent.strategy,
        "replaces": order.replaces,
        "reason": order.reason,
        "created_ns": order.created_ns,
        "updated_ns": order.updated_ns,
    }


def _short(price: Any) -> Any:
    return None if price is None else round(price, 12)
