"""The order management: the one object that places, cancels and amends orders of an account.

    async with OrderManager(gateway, Journal.open("trading.db", "binance", "main")) as manager:
        order = await manager.place(OrderIntent("", "BTC/USDT", Side.BUY, OrderKind.LIMIT, quantity, price))

An order is on disk before it is sent.  What the venue made of it is found out, whatever happens on the
way: a lost answer, a lost link, a lost process.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
import time
from collections.abc import Callable, Coroutine, Iterable, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import count
from typing import Any

from ..errors import ConfigError, GatewayError, Halted, JournalError, NotFound, Rejected, Unknown
from ..gateways import Gateway
from ..model import OrderIntent
from ..model.ids import client_id
from ..storage import Journal
from . import states
from .adopt import Adopter
from .book import Outcome
from .events import AmendWished, CancelWished, Doubtful, Event, Filled, Intended, Refused, Withdrawn
from .guard import Guard
from .holdings import Holdings
from .limiter import Limiter
from .listen import Ear
from .orders import Alarm, LiveOrder
from .policy import Limits, Policy
from .reconcile import Reconciler, Reconciliation
from .recorder import Listener, Recorder
from .resolve import Resolver, in_doubt
from .sender import Sender

__all__ = ["OrderManager"]

logger = logging.getLogger(__name__)

_UNHEARD = "the process ended before it heard the answer"
# How long orders that are done are kept in memory over a restart: late fills find them at once.
_RECENT_NS = 3600 * 10**9
# Seconds between two looks at an order that somebody waits for.
_LOOK = 0.005


class OrderManager:
    """Owns the orders of one account.  All of it belongs to one event loop."""

    def __init__(
        self,
        gateway: Gateway,
        journal: Journal,
        *,
        policy: Policy | None = None,
        limits: Limits | None = None,
        now: Callable[[], int] = time.time_ns,
    ) -> None:
        self.gateway, self.journal = gateway, journal
        self.policy = policy or Policy()
        self.limits = limits or Limits()
        self.recorder = Recorder(journal, self.policy, now)
        self.limiter = Limiter(self.policy.reserve)
        self.sender = Sender(gateway, self.recorder, self.limiter, self.policy)
        self.adopter = Adopter(self.sender, self.recorder)
        self._tasks: set[asyncio.Task[None]] = set()
        self._work: set[asyncio.Task[None]] = set()
        self.resolver = Resolver(self.sender, self.recorder, self.policy, self._spawn, self._may_send)
        self.recorder.on_outcome = self._on_outcome
        self.recorder.on_alarm = self._on_alarm
        self.sender.on_done = self.resolver.watch
        self._run = f"{journal.tenure.account_id}/{journal.tenure.run_id}/{secrets.token_hex(8)}"
        self._numbers = count(1)
        self._ready = False
        self._closing = False
        self._again = asyncio.Event()
        self.guard = Guard(self.limits, {}, gateway.client_id_length, gateway.client_id_extra)
        self.holdings = Holdings({}, self.policy.balance_tolerance)
        self.reconciler = Reconciler(self.sender, self.recorder, self.adopter, self.holdings, self.policy)
        self.ear = Ear(gateway, self.recorder, self.adopter, self.holdings, self._spawn, self._again.set)

    # -- life -----------------------------------------------------------------------------------------
    async def start(self) -> Reconciliation:
        """Read the journal, listen, and bring both sides in step; orders are taken from then on.

        If that fails, everything is closed again and the account let go.
        """
        try:
            return await self._start()
        except BaseException:
            await self.stop()
            raise

    async def _start(self) -> Reconciliation:
        tenure = self.journal.tenure
        if (tenure.venue, tenure.account) != (self.gateway.venue, self.gateway.account):
            raise ConfigError(
                f"the journal is that of {tenure.account} at {tenure.venue}, the gateway that of "
                f"{self.gateway.account} at {self.gateway.venue}"
            )
        await self.gateway.connect()
        self.guard.instruments = self.gateway.instruments
        self.holdings.use(self.gateway.instruments)
        self.recorder.load(self.recorder.now() - _RECENT_NS)
        self.reconciler.scanned_ns = self.holdings.load(self.journal) or self.recorder.now()
        await self._doubt()
        self._spawn(self.ear.run(), "listen")
        try:
            async with asyncio.timeout(self.policy.answer_timeout):
                await self.ear.connected.wait()
        except TimeoutError:
            logger.warning("no events yet: the first reconciliation goes ahead without")
        self._again.clear()
        result = await self.reconciler.run("start")
        self._ready = result.complete
        if not result.complete:
            logger.warning("the venue did not answer all questions: orders wait for the next reconciliation")
            self._again.set()
        self._spawn(self._keep_in_step(), "reconcile")
        return result

    async def stop(self) -> None:
        """End all that runs.  Orders stay as they are; the journal is closed with what is known."""
        self._closing, self._ready = True, False
        if self._work:  # what was sent is about to be answered
            await asyncio.wait(set(self._work), timeout=self.policy.answer_timeout)
        for task in (*self._tasks, *self._work):
            task.cancel()
        await asyncio.gather(*self._tasks, *self._work, return_exceptions=True)
        await self.recorder.settle()
        try:
            await asyncio.to_thread(self.journal.close)
        finally:
            await self.gateway.close()

    async def __aenter__(self) -> OrderManager:
        await self.start()
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self.stop()

    async def _doubt(self) -> None:
        """Orders whose sending was not concluded may have arrived or not; the same holds for changes."""
        events: list[Event] = []
        for order in self.recorder.book.alive():
            self.sender.doubt(order.key)
            if order.status in (states.CREATED, states.SUBMITTED):
                events.append(Doubtful(order.key, self.recorder.now(), "place", _UNHEARD))
        if events:
            await self.recorder.commit(*events)
        for order in self.recorder.book.alive():
            self.resolver.watch(order.key)

    async def _keep_in_step(self) -> None:
        while True:
            try:
                async with asyncio.timeout(self.policy.reconcile_every if self._ready else 1.0):
                    await self._again.wait()
                why = "link"
            except TimeoutError:
                why = "time"
            self._again.clear()
            result = await self.reconciler.run(why)
            self._ready = self._ready or result.complete
            if not result.complete:
                await asyncio.sleep(self.policy.ask_after[-1] if self._ready else 0)
                self._again.set()
            self.recorder.book.forget(self.policy.keep)

    async def reconcile(self, why: str = "asked") -> Reconciliation:
        """Compare with the venue now."""
        return await self.reconciler.run(why)

    # -- orders ---------------------------------------------------------------------------------------
    async def place(self, intent: OrderIntent) -> LiveOrder:
        """Write an order down, send it, and return it as it is after the first answer.

        An order that our own rules refuse comes back rejected, with the reason; one whose answer was not
        heard comes back unknown, and is being asked for.  Without a client id it gets one.
        """
        orders = await self.place_batch([intent])
        return orders[0]

    async def place_batch(self, intents: Sequence[OrderIntent]) -> list[LiveOrder]:
        """The same for several orders, which go to disk and to the venue together."""
        named = [self._named(intent) for intent in intents]
        given = {intent.client_id for intent in intents if intent.client_id}
        known = {name for name in given if self.recorder.recall(name) is not None}
        fresh = [one for one in named if one.client_id not in known]
        if len({one.client_id for one in fresh}) != len(fresh):
            raise ConfigError("two orders of a batch have the same client id")
        await self._submit(fresh)
        return [self._order(one.client_id) for one in named]

    async def _submit(self, intents: Sequence[OrderIntent], replaces: str = "") -> None:
        """Look at the orders, write them down, and send those against which nothing speaks."""
        await self._prices(intents)
        complaints = await self._complaints(intents)
        events: list[Event] = []
        good: list[str] = []
        for one in intents:
            events.append(Intended(one.client_id, self.recorder.now(), one, replaces))
            if complaint := complaints[one.client_id]:
                events.append(Refused(one.client_id, self.recorder.now(), "place", complaint))
            else:
                good.append(one.client_id)
        if events:
            await self._finish(self._write_and_send(events, good))

    async def _write_and_send(self, events: list[Event], keys: list[str]) -> None:
        begun = time.monotonic()
        await self.recorder.commit(*events)
        took = time.monotonic() - begun
        if keys and took > self.policy.stale:
            text = f"writing it down took {took:.1f} s: it was too old to be sent"
            await self.recorder.commit(*(Withdrawn(key, self.recorder.now(), text) for key in keys))
        elif keys:
            await self.sender.place_batch(keys)

    async def cancel(self, key: str) -> LiveOrder:
        """Ask for the end of an order of ours; it is repeated until the order has ended or the venue refuses.

        Returns after the first answer.  An order that has ended comes back as it is.
        """
        order = self._own(key)
        if order.final:
            return order
        await self._finish(self._cancel(key))
        return self._order(key)

    async def _cancel(self, key: str) -> None:
        try:
            await self.recorder.commit(CancelWished(key, self.recorder.now()))
        except JournalError:
            logger.exception("cancelling %s without a journal", key)
        while self.sender.busy(key):
            await asyncio.sleep(_LOOK)  # an order is sent, or amended: its answer decides
        order = self._order(key)
        if not order.final and order.status != states.CREATED:
            await self.sender.cancel(key)

    async def cancel_all(self, symbol: str | None = None) -> list[LiveOrder]:
        """Ask for the end of all orders of ours; what others gave stays."""
        keys = [
            order.key
            for order in self.recorder.book.alive()
            if not order.foreign and symbol in (None, order.intent.symbol)
        ]
        done = await asyncio.gather(*(self.cancel(key) for key in keys), return_exceptions=True)
        for error in done:
            if isinstance(error, BaseException) and not isinstance(error, GatewayError | JournalError):
                raise error
        return [self._order(key) for key in keys]

    async def amend(
        self, key: str, *, quantity: Decimal | None = None, price: Decimal | None = None
    ) -> LiveOrder:
        """Change an order of ours: ``quantity`` is all of it, what is filled included.

        Returns the order that stands for it then, which is a new one where the venue knows no change.
        """
        order = self._own(key)
        if order.status not in (states.ACCEPTED, states.PARTIAL):
            raise Rejected(f"{key} is {order.name}: only an order that stands can be changed")
        wanted = replace(order.intent, quantity=quantity or order.quantity, price=price or order.price)
        if (wanted.quantity, wanted.price) == (order.quantity, order.price):
            return order
        halted = self._blocked(wanted)
        now = time.monotonic()
        complaint = self.guard.complaint(wanted, self._others(key), halted=halted, now=now)
        if complaint:
            raise Halted(complaint) if halted else Rejected(complaint)
        self.guard.sent(now)
        if self.gateway.amends_in_place:
            await self._finish(self._change(key, wanted, None))
            return self._order(key)
        left = wanted.quantity - order.filled
        if left <= 0:
            return await self.cancel(key)
        if self.policy.venue_replaces:
            new = self._named(replace(wanted, client_id="", quantity=left))
            await self._finish(self._change(key, wanted, new))
            return self._order(new.client_id)
        return await self._replace(key, wanted)

    async def _change(self, key: str, wanted: OrderIntent, new: OrderIntent | None) -> None:
        """Let the venue change the order; ``new`` is the order that it makes of it, if it does."""
        now, name = self.recorder.now(), "" if new is None else new.client_id
        events: list[Event] = [AmendWished(key, now, wanted.quantity, wanted.price, name)]
        if new is not None:
            events.append(Intended(name, now, new, replaces=key))
        begun = time.monotonic()
        await self.recorder.commit(*events)
        complaint = "it came to its end before that" if self._order(key).change is None else ""
        if time.monotonic() - begun > self.policy.stale:
            complaint = "writing it down took too long"
        if not complaint and not await self.limiter.acquire(patience=self.policy.throttle):
            complaint = "the venue's limits are used up"
        if not complaint:
            await self.sender.amend(key)
            return
        now = self.recorder.now()
        refused: list[Event] = [Refused(key, now, "amend", complaint)]
        await self.recorder.commit(*refused, *([Refused(name, now, "place", complaint)] if name else []))

    async def _replace(self, key: str, wanted: OrderIntent) -> LiveOrder:
        """End the order first and send what is left of the new one: never more than wanted is filled."""
        order = await self.cancel(key)
        until = time.monotonic() + self.policy.answer_timeout
        while not order.final and order.cancel_wanted and time.monotonic() < until:
            await asyncio.sleep(_LOOK)
            order = self._order(key)
        if not order.final:
            raise Unknown(f"{key} is {order.name}: nothing was put in its place")
        left = wanted.quantity - order.filled
        if order.status != states.CANCELED or left <= 0:
            return order
        new = self._named(replace(wanted, client_id="", quantity=left))
        await self._submit([new], replaces=key)
        return self._order(new.client_id)

    async def settled(self, key: str, seconds: float = 60.0) -> LiveOrder:
        """Return the order when nothing about it is unknown or under way, or as it is after that time."""
        until = time.monotonic() + seconds
        while True:
            order = self._order(key)
            if (order.status != states.CREATED and not in_doubt(order)) or time.monotonic() >= until:
                return order
            await asyncio.sleep(_LOOK)

    # -- the switch -----------------------------------------------------------------------------------
    async def halt(self, reason: str, *, cancel: bool = False) -> None:
        """Send nothing new until `resume`, also after a restart; ``cancel``: end all orders of ours."""
        try:
            await asyncio.shield(self.recorder.halt(reason))
        finally:
            if cancel:
                await self.cancel_all()

    async def resume(self, who: str) -> None:
        """Trade again: ``who`` has looked."""
        if self.journal.failure is not None:
            raise self.journal.failure
        await asyncio.shield(self.recorder.resume(who))

    @property
    def halted(self) -> str:
        """Why nothing new is sent; empty if all is well."""
        return self.recorder.halted

    @property
    def ready(self) -> bool:
        """Whether both sides were brought in step, and orders are taken."""
        return self._ready

    # -- looking --------------------------------------------------------------------------------------
    def order(self, key: str) -> LiveOrder | None:
        """An order, however old."""
        return self.recorder.recall(key)

    def open_orders(self, *, foreign: bool = False) -> list[LiveOrder]:
        """The orders that have not ended; those of others too, if asked for."""
        return [one for one in self.recorder.book.alive() if foreign or not one.foreign]

    def subscribe(self, listener: Listener) -> None:
        """Be told of each event when it is on disk."""
        self.recorder.listeners.append(listener)

    def price(self, symbol: str, price: Decimal) -> None:
        """The last price, for the rules that need the worth of an order."""
        self.guard.prices[symbol] = price

    # -- inside ---------------------------------------------------------------------------------------
    def _order(self, key: str) -> LiveOrder:
        order = self.recorder.recall(key)
        if order is None:
            raise NotFound(f"there is no order {key} in the journal")
        return order

    def _own(self, key: str) -> LiveOrder:
        order = self._order(key)
        if order.foreign:
            raise Rejected(f"{key} was not given by us, so it is not touched")
        return order

    def _named(self, intent: OrderIntent) -> OrderIntent:
        name = intent.client_id or client_id(self._run, intent.strategy, next(self._numbers))
        return replace(intent, client_id=name, created_ns=intent.created_ns or self.recorder.now())

    async def _complaints(self, intents: Sequence[OrderIntent]) -> dict[str, str]:
        """What our own rules have against each, rates and the venue's limits included."""
        found: dict[str, str] = {}
        standing = self.recorder.book.alive()
        for one in intents:
            now = time.monotonic()
            found[one.client_id] = self.guard.complaint(one, standing, halted=self._blocked(one), now=now)
            if not found[one.client_id]:
                self.guard.sent(now)
        good = [name for name, complaint in found.items() if not complaint]
        if good and not await self.limiter.acquire(len(good), patience=self.policy.throttle):
            wait = self.limiter.wait(len(good))
            text = f"the venue's limits are used up for {wait:.1f} s more"
            found |= dict.fromkeys(good, text)
        if good and self.halted:
            found |= {one.client_id: self._blocked(one) for one in intents if one.client_id in good}
        return found

    async def _prices(self, intents: Iterable[OrderIntent]) -> None:
        for symbol in {one.symbol for one in intents if self.guard.needs_price(one)}:
            if symbol in self.gateway.instruments:
                try:
                    self.guard.prices[symbol] = await self.sender.call(self.gateway.last_price(symbol))
                except GatewayError as error:
                    logger.warning("no price of %s: %s", symbol, error)

    def _blocked(self, intent: OrderIntent) -> str:
        """Why nothing new may be sent now."""
        if self.journal.failure is not None:
            return str(self.journal.failure)
        if self.halted and not (self.limits.reducing_when_halted and intent.reduce_only):
            return self.halted
        if self._closing or not self._ready:
            return (
                "our orders are not yet compared with the venue's"
                if not self._closing
                else "it is being stopped"
            )
        if self.ear.silent > self.policy.blind:
            return f"nothing was heard of the account for {self.ear.silent:.0f} s"
        return ""

    def _may_send(self, order: LiveOrder) -> bool:
        """Whether our rules still allow the order, which is sent again."""
        halted, others = self._blocked(order.intent), self._others(order.key)
        return not self.guard.complaint(order.intent, others, halted=halted, now=time.monotonic())

    def _others(self, key: str) -> list[LiveOrder]:
        return [one for one in self.recorder.book.alive() if one.key != key]

    def _on_outcome(self, outcome: Outcome) -> None:
        if isinstance(outcome.event, Filled):
            self.holdings.filled(outcome.event.fill)
        self.resolver.look(outcome)

    def _on_alarm(self, alarm: Alarm) -> None:
        self._again.set()

    async def _finish(self, work: Coroutine[Any, Any, None]) -> None:
        """Do work that must not be left half done because the caller was cancelled."""
        task = asyncio.get_running_loop().create_task(work)
        self._work.add(task)
        task.add_done_callback(self._work.discard)
        await asyncio.shield(task)

    def _spawn(self, work: Coroutine[Any, Any, None], name: str) -> None:
        if self._closing:
            work.close()
            return
        task = asyncio.get_running_loop().create_task(work, name=name)
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            logger.error("%s failed", task.get_name(), exc_info=error)
            if not isinstance(error, JournalError):
                self.recorder.halt(f"{task.get_name()} failed: {error!r}")
