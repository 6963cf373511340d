"""Requests to the venue, one at a time for an order, and what their answers mean.

Nothing here sends an order that is not on disk, and nothing sends one twice: what is not known stays
not known, and `resolve` asks.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from enum import Enum
from typing import TypeVar

from ..errors import AuthFailed, GatewayError, NotFound, RateLimited, Rejected, Unknown
from ..gateways import Gateway
from ..model import Fill, OrderReport
from . import clock
from .events import Doubtful, Event, Filled, Refused, Reported, Sent, Withdrawn
from .limiter import Limiter
from .orders import LiveOrder
from .policy import Policy
from .recorder import Recorder

__all__ = ["Asked", "Sender"]

logger = logging.getLogger(__name__)

T = TypeVar("T")

_NEVER = float("inf")


class Asked(Enum):
    """How the question after an order went."""

    FOUND = "found"
    ABSENT = "absent"
    FAILED = "failed"


class Sender:
    """Speaks with the gateway on behalf of orders in the book."""

    def __init__(self, gateway: Gateway, recorder: Recorder, limiter: Limiter, policy: Policy) -> None:
        self.gateway, self.recorder, self.limiter, self.policy = gateway, recorder, limiter, policy
        #: Told of each order with which a request has ended.
        self.on_done: Callable[[str], None] = lambda key: None
        #: Why an order that is about to leave must not; empty if it may.
        self.stays: Callable[[LiveOrder], str] = lambda order: ""
        self._busy: Counter[str] = Counter()
        #: By when the last request for an order, if its answer was not heard, has come to nothing.
        self._through: dict[str, float] = {}

    # -- requests -------------------------------------------------------------------------------------
    async def place(self, key: str, until: float = _NEVER) -> None:
        """Send an order that is on disk, unless that is too late, and write down what came of it."""
        with self._in_flight(key):
            attempt = self._order(key).attempts + 1
            while True:
                # also before a repetition: the switch may have been thrown while we waited
                if why := self._why_not(key, until):
                    answer: Event = Withdrawn(key, self._now(), why)
                    self._through.pop(key, None)
                    break
                self.recorder.record(Sent(key, self._now(), attempt))
                try:
                    answer = self._answer(key, await self.call(self.gateway.place(self._order(key).intent)))
                except RateLimited as error:
                    if not error.acted and await self._wait(error):
                        attempt += 1
                        continue
                    answer = self._failed(key, "place", error)
                except GatewayError as error:
                    answer = self._failed(key, "place", error)
                break
        await self._done(answer)

    async def place_batch(self, keys: Sequence[str], until: float = _NEVER) -> None:
        """Send several, as many at once as the venue takes."""
        size = max(self.gateway.batch_size, 1)
        for start in range(0, len(keys), size):
            part = keys[start : start + size]
            if len(part) > 1:
                part = await self._leaving(part, until)
            if len(part) == 1:
                await self.place(part[0], until)
            elif part:
                await self._place_part(part)

    async def _leaving(self, keys: Sequence[str], until: float) -> list[str]:
        """Those that may still leave; the others are taken back."""
        why = {key: self._why_not(key, until) for key in keys}
        back = [Withdrawn(key, self._now(), text) for key, text in why.items() if text]
        if back:
            await self.recorder.commit(*back)
            return await self._leaving([key for key, text in why.items() if not text], until)
        return list(keys)

    def _why_not(self, key: str, until: float) -> str:
        late = clock.elapsed() - until
        if late > 0:
            return f"it was too old to be sent, by {late:.1f} s"
        return self.stays(self._order(key))

    async def _place_part(self, keys: Sequence[str]) -> None:
        orders = [self._order(key) for key in keys]
        with self._in_flight(*keys):
            self.recorder.record(*(Sent(one.key, self._now(), one.attempts + 1) for one in orders))
            answers: Sequence[OrderReport | GatewayError]
            try:
                answers = await self.call(self.gateway.place_batch([one.intent for one in orders]))
                if len(answers) != len(orders):
                    raise Unknown(f"{len(orders)} orders were sent and {len(answers)} answered")
            except GatewayError as error:
                answers = [error] * len(orders)
            events = [
                self._failed(key, "place", one) if isinstance(one, GatewayError) else self._answer(key, one)
                for key, one in zip(keys, answers, strict=True)
            ]
        await self._done(*events)

    async def cancel(self, key: str) -> None:
        """Ask once for the end of an order."""
        order = self._order(key)
        if not await self._leave():
            self.on_done(key)  # not now: whoever watches the order tries again
            return
        event: Event | None = None
        with self._in_flight(key):
            try:
                report = await self.call(self.gateway.cancel(order.intent.symbol, **_ids(order)))
                event = self._answer(key, report)
            except NotFound:
                self._through.pop(key, None)
            except GatewayError as error:
                event = self._failed(key, "cancel", error)
        if event is not None:
            await self._done(event)
        if event is None or isinstance(event, Refused):
            await self.ask(key)
            self.on_done(key)

    async def amend(self, key: str) -> None:
        """Ask for the change that the order carries; where the venue makes a new order, for both."""
        order = self._order(key)
        change = order.change
        assert change is not None, "an amendment is written down before it is sent"
        new = change.replacement
        events: list[Event] = []
        with self._in_flight(key, *([new] if new else [])):
            if new:
                self.recorder.record(Sent(new, self._now()))
            try:
                report = await self.call(
                    self.gateway.amend(
                        order.intent.symbol,
                        client_id=order.intent.client_id,
                        venue_id=order.venue_id,
                        quantity=change.quantity,
                        price=change.price,
                        new_client_id=new,
                    )
                )
                events.append(self._answer(new or key, report))
            except NotFound as error:
                self._through.pop(key, None)
                if new:
                    events.append(Refused(new, self._now(), "place", str(error), error.code))
            except GatewayError as error:
                events += [self._failed(key, "amend", error)]
                events += [self._failed(new, "place", error)] if new else []
        await self._done(*events)
        if new or not events or isinstance(events[0], Refused):
            await self.ask(key)
        self.on_done(key)

    # -- questions ------------------------------------------------------------------------------------
    async def ask(self, key: str) -> Asked:
        """Ask what became of an order, and write that down."""
        before = self._order(key)
        settles = not self._busy[key] and time.monotonic() >= self._through.get(key, 0.0)
        if not await self._leave():
            return Asked.FAILED
        try:
            report = await self.call(self.gateway.order(before.intent.symbol, **_ids(before)))
        except NotFound:
            return Asked.ABSENT
        except GatewayError as error:
            logger.warning("cannot ask what became of %s: %s", key, error)
            return Asked.FAILED
        # What was heard meanwhile may be newer than this answer.
        settles = settles and self.recorder.book.get(key) is before
        await self.recorder.commit(Reported(key, self._now(), report, "asked", settles))
        return Asked.FOUND

    async def look_up(self, symbol: str, venue_id: str) -> OrderReport | None:
        """The order with an id of the venue's; None if it does not answer, `NotFound` if it has none."""
        if not await self._leave():
            return None
        try:
            return await self.call(self.gateway.order(symbol, venue_id=venue_id))
        except NotFound:
            raise
        except GatewayError as error:
            logger.warning("cannot ask for the order %s in %s: %s", venue_id, symbol, error)
            return None

    async def fills(self, symbol: str, since_ns: int) -> list[Fill] | None:
        """The account's fills from then on; None if they cannot be had now."""
        if not await self._leave():
            return None
        try:
            return await self.call(self.gateway.fills(symbol, since_ns))
        except GatewayError as error:
            logger.warning("cannot ask for the fills in %s: %s", symbol, error)
            return None

    async def open_orders(self, symbol: str | None = None) -> list[OrderReport] | None:
        """What stands at the venue; None if that cannot be had now."""
        if not await self._leave():
            return None
        try:
            return await self.call(self.gateway.open_orders(symbol))
        except GatewayError as error:
            logger.warning("cannot ask for the open orders: %s", error)
            return None

    async def pull_fills(self, order: LiveOrder) -> None:
        """Fetch the executions of an order of which only the sum is known."""
        found = await self.fills(order.intent.symbol, self.since(order))
        ids = {order.venue_id, *order.former_ids}
        own = [one for one in found or [] if one.venue_id in ids or one.client_id == order.key]
        if own:
            await self.recorder.commit(*(Filled(order.key, self._now(), one) for one in own))

    def since(self, order: LiveOrder) -> int:
        """From when on its fills are looked for, also if our clock was ahead when the order was given."""
        times = [order.created_ns, self._now(), *([order.venue_ns] if order.venue_ns else [])]
        return max(min(times) - int(self.policy.look_back * 1e9), 0)

    def busy(self, key: str) -> bool:
        """Whether a request for the order is under way."""
        return self._busy[key] > 0

    def doubt(self, key: str) -> None:
        """Something may have been sent for the order that nobody remembers: before a crash."""
        self._through[key] = time.monotonic() + self.gateway.request_life

    @contextmanager
    def hold(self, *keys: str) -> Iterator[None]:
        """A request is about to be made: nobody asks meanwhile what became of it."""
        self._busy.update(keys)
        try:
            yield
        finally:
            self._let_go(keys)

    # -- inside ---------------------------------------------------------------------------------------
    def _now(self) -> int:
        return self.recorder.now()

    def _order(self, key: str) -> LiveOrder:
        order = self.recorder.book.get(key)
        assert order is not None, f"no order {key}"
        return order

    @contextmanager
    def _in_flight(self, *keys: str) -> Iterator[None]:
        self._busy.update(keys)
        for key in keys:
            self.doubt(key)
        try:
            yield
        finally:
            self._let_go(keys)
            for key in keys:
                if key in self._through:
                    self.doubt(key)  # not answered: the last request may have left just now

    def _let_go(self, keys: Iterable[str]) -> None:
        for key in keys:
            self._busy[key] -= 1
            if not self._busy[key]:
                del self._busy[key]

    async def _done(self, *events: Event) -> None:
        """Write the answers down; what is not clear now is somebody else's work."""
        await self.recorder.commit(*events)
        for event in events:
            self.on_done(event.key)

    async def _leave(self) -> bool:
        return await self.limiter.acquire(urgent=True, orders=False, patience=self.policy.answer_timeout)

    async def call(self, request: Awaitable[T]) -> T:
        """The gateway's answer; whatever else happens comes out as `Unknown`."""
        try:
            async with asyncio.timeout(self.policy.answer_timeout):
                return await request
        except TimeoutError:
            raise Unknown(f"no answer within {self.policy.answer_timeout:g} seconds") from None
        except RateLimited as error:
            self.limiter.blocked(error.retry_after)
            raise
        except GatewayError:
            raise
        except Exception as error:
            logger.exception("the gateway failed in a way it should not")
            raise Unknown(f"the gateway failed: {error!r}") from error
        finally:
            self.limiter.heard(self.gateway.rate_use())

    async def _wait(self, error: RateLimited) -> bool:
        return await self.limiter.acquire(patience=self.policy.throttle)

    def _answer(self, key: str, report: OrderReport) -> Event:
        self._through.pop(key, None)
        return Reported(key, self._now(), report, "answer")

    def _failed(self, key: str, what: str, error: GatewayError) -> Event:
        """Surely not done, or not known: there is nothing in between."""
        text = str(error)
        if isinstance(error, AuthFailed):
            self.recorder.halt(f"the venue does not let us: {text}")
        surely = (
            (isinstance(error, Rejected) and not error.exists)
            # a cancellation that came at a bad time is still wanted
            or (isinstance(error, RateLimited) and not error.acted and what != "cancel")
            or isinstance(error, AuthFailed)
        )
        if not surely:
            return Doubtful(key, self._now(), what, text)
        self._through.pop(key, None)
        return Refused(key, self._now(), what, text, error.code)


def _ids(order: LiveOrder) -> dict[str, str]:
    """By what the venue is asked; a client id that others chose may be in use a second time."""
    return {"client_id": "" if order.foreign else order.key, "venue_id": order.venue_id}
