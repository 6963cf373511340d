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

from ..errors import ConfigError, GatewayError, JournalError, NotFound, Rejected
from ..gateways import Gateway
from ..model import OrderIntent
from ..model.ids import client_id
from ..storage import Journal
from . import clock, states
from .adopt import Adopter
from .book import Outcome
from .changing import Changer
from .events import CancelWished, Doubtful, Event, Filled, Intended, Refused
from .guard import Guard, check_types
from .holdings import Holdings
from .limiter import Limiter
from .listen import Ear
from .orders import Alarm, LiveOrder, step
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


class _Coming:
    """An order that is looked at and not in the book yet."""

    def __init__(self, intent: OrderIntent) -> None:
        self.intent, self.done = intent, asyncio.Event()


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
        self._unready = "our orders are not yet compared with the venue's"
        self._closing = False
        self._again = asyncio.Event()
        self._coming: dict[str, _Coming] = {}
        self._awake, self._naps = clock.elapsed(), 0
        self.changer = Changer(self)
        self.sender.stays = self._stays
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
        scanned, now = self.holdings.load(self.journal) or self.recorder.now(), self.recorder.now()
        # a clock that was ahead has written down a time to come: the venue's own times are still right
        self.reconciler.scanned_ns = scanned if scanned <= now else self.journal.read.last_fill_ns()
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
        self._awake = clock.elapsed()
        self._spawn(self._keep_in_step(), "reconcile")
        self._spawn(self._stay_awake(), "stay awake")
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
            naps = self._naps
            result = await self.reconciler.run(why)
            self._ready = self._ready or (result.complete and naps == self._naps)
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
        fresh: list[OrderIntent] = []
        for given, one in zip(intents, named, strict=True):
            if not given.client_id or not self._is_known(one):
                fresh.append(one)
        coming = {one.client_id: _Coming(one) for one in fresh}
        if len(coming) != len(fresh):
            raise ConfigError("two orders of a batch have the same client id")
        self._coming |= coming
        try:
            await self._submit(fresh)
        finally:
            for name, ended in coming.items():
                del self._coming[name]
                ended.done.set()
        for intent in named:
            if (other := self._coming.get(intent.client_id)) is not None:
                await other.done.wait()  # somebody else is placing the very same order
        return [self._order(one.client_id) for one in named]

    def _is_known(self, intent: OrderIntent) -> bool:
        """Whether the order was given before; `ConfigError` if its id stands for another one."""
        name = intent.client_id
        coming, order = self._coming.get(name), self.recorder.recall(name)
        known = coming.intent if coming is not None else None if order is None else order.intent
        if known is not None and replace(known, created_ns=0) != replace(intent, created_ns=0):
            raise ConfigError(
                f"the client id {name} stands for another order already ({known.side} {known.quantity} "
                f"{known.symbol} at {known.price}): an id is for one order"
            )
        return known is not None

    async def _submit(self, intents: Sequence[OrderIntent], replaces: str = "") -> None:
        """Look at the orders, write them down, and send those against which nothing speaks."""
        until = clock.elapsed() + self.policy.stale
        await self._prices(intents)
        good = [name for name, complaint in self._complaints(intents, replaces)[0].items() if not complaint]
        full = ""
        if good and not await self.limiter.acquire(len(good), patience=self.policy.throttle):
            full = f"the venue's limits are used up for {self.limiter.wait(len(good)):.1f} s more"
        # Nothing is awaited until the orders are in the book: whoever looks next counts them in.
        complaints, events = self._complaints(intents, replaces, full)
        good = [name for name, complaint in complaints.items() if not complaint]
        for _ in good:
            self.guard.sent(time.monotonic())
        if events:
            written = self.recorder.record(*events)
            await self._finish(self._send(written, good, until))

    def _complaints(
        self, intents: Sequence[OrderIntent], replaces: str, full: str = ""
    ) -> tuple[dict[str, str], list[Event]]:
        """What speaks against each order, those before it counted in; and what is to be written down."""
        found: dict[str, str] = {}
        events: list[Event] = []
        standing, now = self.recorder.book.alive(), time.monotonic()
        for one in intents:
            begun = Intended(one.client_id, self.recorder.now(), one, replaces)
            complaint = self.guard.complaint(
                one, standing, halted=self._blocked(one), now=now, more=list(found.values()).count("")
            )
            found[one.client_id] = complaint = complaint or full
            events.append(begun)
            if complaint:
                events.append(Refused(one.client_id, self.recorder.now(), "place", complaint))
            else:
                standing.append(step(None, begun).order)
        return found, events

    async def _send(self, written: asyncio.Future[None], keys: list[str], until: float) -> None:
        await asyncio.shield(written)
        await self.sender.place_batch(keys, until)

    async def cancel(self, key: str) -> LiveOrder:
        """Ask for the end of an order of ours; it is repeated until the order has ended or the venue refuses.

        Returns after the first answer.  An order that has ended comes back as it is.
        """
        order = self._own(key)
        follower = self.changer.end(key)
        if follower is not None:
            await self._end(follower.key)
        return await self._end(key) if not order.final else order

    async def _end(self, key: str) -> LiveOrder:
        if not self._order(key).final:
            await self._finish(self._cancel(key))
        return self._order(key)

    async def _cancel(self, key: str) -> None:
        try:
            # a database that hangs must not keep an order alive
            async with asyncio.timeout(self.policy.stale):
                await self.recorder.commit(CancelWished(key, self.recorder.now()))
        except (JournalError, TimeoutError) as error:
            logger.error("cancelling %s without a journal: %s", key, error or "it does not answer")
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
        keys += [key for key in self.changer.under_way(symbol) if key not in keys]
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
        return await self.changer.amend(self._own(key), quantity, price)

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
        written = self.recorder.halt(reason)  # holds at once; the disk is waited for afterwards
        try:
            if cancel:
                await self.cancel_all()
        finally:
            await asyncio.shield(written)

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
        self.guard.told[symbol] = clock.elapsed()

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
        check_types(intent)
        name = intent.client_id or client_id(self._run, intent.strategy, next(self._numbers))
        return replace(intent, client_id=name, created_ns=intent.created_ns or self.recorder.now())

    async def _prices(self, intents: Iterable[OrderIntent]) -> None:
        age = self.policy.price_age
        for symbol in {one.symbol for one in intents if self.guard.needs_price(one, age)}:
            if symbol in self.gateway.instruments:
                self.guard.prices.pop(symbol, None)  # an old price is none
                try:
                    self.price(symbol, await self.sender.call(self.gateway.last_price(symbol)))
                except GatewayError as error:
                    logger.warning("no price of %s: %s", symbol, error)

    def _blocked(self, intent: OrderIntent) -> str:
        """Why nothing new may be sent now."""
        if self.journal.failure is not None:
            return str(self.journal.failure)
        if self.halted and not (self.limits.reducing_when_halted and intent.reduce_only):
            return self.halted
        if self._closing:
            return "it is being stopped"
        if not self._ready:
            return self._unready
        if self.ear.silent > self.policy.blind:
            return f"nothing was heard of the account for {self.ear.silent:.0f} s"
        return self._asleep()

    def _stays(self, order: LiveOrder) -> str:
        """Why an order that is about to leave must not; empty if it may."""
        if order.cancel_wanted or self.changer.ended(order.replaces):
            return "it was cancelled before it was sent"
        return self._blocked(order.intent)

    def _asleep(self) -> str:
        """Why nothing is sent after a sleep: what was believed before it may have changed since."""
        slept = clock.elapsed() - self._awake
        if slept <= self.policy.blind:
            return ""
        self._awake = clock.elapsed()
        self._naps += 1
        self._ready = False
        self._unready = f"this machine was asleep or busy for {slept:.0f} s: the venue is asked first"
        self._again.set()
        self.recorder.note("asleep", {"seconds": round(slept, 1)})
        return self._unready

    async def _stay_awake(self) -> None:
        while True:
            if not self._asleep():
                self._awake = clock.elapsed()
            await asyncio.sleep(self.policy.blind / 10)

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
