"""A venue in memory and a gateway to it, both told what to do wrong.

The venue keeps orders, fills and balances as a venue does: ids of its own, client ids unique among open
orders, nothing undone.  It fills what it is told to (`FakeVenue.fill`), and market orders at once.
The gateway loses, delays and repeats by script: `FakeVenue.fault("place", "timeout", acted=True)`.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import time
from collections import deque
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from real_trade.errors import AuthFailed, GatewayError, NotFound, RateLimited, Rejected, Unknown
from real_trade.gateways import Gateway, RateUse
from real_trade.model import (
    AccountEvent,
    Balance,
    Fill,
    Instrument,
    LinkDown,
    LinkUp,
    OrderIntent,
    OrderKind,
    OrderReport,
    Position,
    Side,
    TimeInForce,
    VenueStatus,
)

SPOT = Instrument(
    "BTC/USDT", "BTCUSDT", "BTC", "USDT", tick=Decimal("0.01"), step=Decimal("0.001"),
    min_quantity=Decimal("0.001"), max_quantity=Decimal(1000), min_notional=Decimal(5),
)  # fmt: skip
PERPETUAL = replace(SPOT, symbol="BTC/USDT:USDT", settle="USDT", kind="perpetual")


@dataclass
class Fault:
    """What goes wrong with the ``nth`` request of an action from now on.

    ``acted``: the venue did it all the same.  ``late``: it does it that many seconds after the answer.
    """

    action: str
    what: str
    acted: bool = False
    late: float = 0.0
    nth: int = 1


@dataclass
class FakeOrder:
    """An order at the venue."""

    intent: OrderIntent
    venue_id: str
    status: VenueStatus = VenueStatus.OPEN
    filled: Decimal = Decimal(0)
    cost: Decimal = Decimal(0)
    time_ns: int = 0
    seen_from: float = 0.0

    def report(self) -> OrderReport:
        one = self.intent
        return OrderReport(
            one.symbol, one.client_id, self.venue_id, self.status, one.quantity, self.filled, one.side, one.kind,
            one.price, one.stop_price, self.cost / self.filled if self.filled else None, one.time_in_force,
            one.reduce_only, self.time_ns,
        )  # fmt: skip


@dataclass
class FakeVenue:
    """The truth."""

    instrument: Instrument = SPOT
    price: Decimal = Decimal(100)
    fee: Decimal = Decimal("0.001")
    auto_ioc: Decimal = Decimal(0)
    """How much of an IOC order is filled."""
    blind_after_accept: float = 0.0
    """For how long a new order is not found by questions."""
    orders: dict[str, FakeOrder] = field(default_factory=dict)
    trades: list[Fill] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)
    money: dict[str, Decimal] = field(default_factory=lambda: {"BTC": Decimal(100), "USDT": Decimal(10**7)})
    position: Decimal = Decimal(0)
    uses: list[RateUse] = field(default_factory=list)
    outbox: list[deque[AccountEvent | Exception]] = field(default_factory=list)
    linked: bool = True
    muted: bool = False
    repeats: int = 1
    _ids: Any = field(default_factory=lambda: itertools.count(1001))
    _clock: int = 0

    # -- what a test does ------------------------------------------------------------------------------
    def fault(self, action: str, what: str, **more: Any) -> Fault:
        """Let something go wrong."""
        fault = Fault(action, what, **more)
        self.faults.append(fault)
        return fault

    def fill(self, client_id: str, quantity: Any = None, price: Any = None) -> Fill:
        """Fill an order, all that is left without a quantity."""
        order = self.by_client(client_id)
        assert order is not None
        left = order.intent.quantity - order.filled
        return self._fill(order, left if quantity is None else Decimal(str(quantity)), price)

    def external(self, quantity: Any = 1, price: Any = 90, client_id: str = "web_1") -> str:
        """Somebody else gives an order; its id."""
        intent = OrderIntent(
            client_id,
            self.instrument.symbol,
            Side.BUY,
            OrderKind.LIMIT,
            Decimal(str(quantity)),
            Decimal(str(price)),
        )
        return self.accept(intent).venue_id

    def drop(self, reason: str = "cut") -> None:
        """The stream goes; what happens until `link` is not heard."""
        self._push(LinkDown(reason))
        self.linked = False

    def link(self) -> None:
        """The stream comes back."""
        self.linked = True
        self._push(LinkUp(again=True))

    def by_client(self, client_id: str) -> FakeOrder | None:
        """The last order with this id."""
        found = [one for one in self.orders.values() if one.intent.client_id == client_id]
        return found[-1] if found else None

    def count(self, client_id: str) -> int:
        """How many orders were ever accepted under this id."""
        return sum(1 for one in self.orders.values() if one.intent.client_id == client_id)

    # -- what a venue does -------------------------------------------------------------------------------
    def accept(self, intent: OrderIntent) -> FakeOrder:
        """Take an order, or refuse it."""
        open_ids = {one.intent.client_id for one in self.orders.values() if not one.status.is_final}
        if intent.client_id in open_ids:
            raise Rejected("Duplicate order sent.", code="-2010", exists=True)
        if intent.symbol != self.instrument.symbol:
            raise Rejected("Invalid symbol.", code="-1121")
        if intent.post_only and intent.price is not None and intent.price >= self.price:
            raise Rejected("Order would immediately match and take.", code="-2010")
        order = FakeOrder(intent, str(next(self._ids)), time_ns=self.tick())
        order.seen_from = time.monotonic() + self.blind_after_accept
        self.orders[order.venue_id] = order
        self._push(order.report())
        if intent.kind is OrderKind.MARKET:
            self._fill(order, intent.quantity)
        elif intent.time_in_force in (TimeInForce.IOC, TimeInForce.FOK):
            if self.auto_ioc:
                self._fill(order, min(self.auto_ioc, intent.quantity))
            if not order.status.is_final:
                self.end(order, VenueStatus.EXPIRED)
        return order

    def end(self, order: FakeOrder, status: VenueStatus = VenueStatus.CANCELLED) -> None:
        """The order comes to its end."""
        order.status, order.time_ns = status, self.tick()
        self._push(order.report())

    def change(self, order: FakeOrder, quantity: Decimal | None, price: Decimal | None) -> None:
        """The order gets other terms."""
        if quantity is not None and quantity <= order.filled:
            raise Rejected("Quantity is below what was filled.", code="-4028")
        order.intent = replace(
            order.intent, quantity=quantity or order.intent.quantity, price=price or order.intent.price
        )
        order.time_ns = self.tick()
        self._push(order.report())

    def tick(self) -> int:
        """The venue's time, which never repeats."""
        self._clock = max(self._clock + 1, time.time_ns())
        return self._clock

    def _fill(self, order: FakeOrder, quantity: Decimal, price: Any = None) -> Fill:
        at = Decimal(str(price)) if price is not None else order.intent.price or self.price
        order.filled += quantity
        order.cost += quantity * at
        order.time_ns = self.tick()
        order.status = VenueStatus.FILLED if order.filled >= order.intent.quantity else VenueStatus.PARTIAL
        intent = order.intent
        fill = Fill(
            intent.symbol, str(next(self._ids)), order.venue_id, intent.client_id, intent.side, at, quantity,
            quantity * at * self.fee, "USDT", True, order.time_ns,
        )  # fmt: skip
        self.trades.append(fill)
        if self.instrument.kind == "spot":
            self.money["BTC"] += intent.side.sign * quantity
            self.money["USDT"] -= intent.side.sign * quantity * at + fill.fee
        self.position += intent.side.sign * quantity
        self._push(fill)
        self._push(order.report())
        return fill

    def _push(self, event: AccountEvent) -> None:
        if self.muted or (not self.linked and not isinstance(event, LinkDown)):
            return
        for box in self.outbox:
            box.extend([event] * self.repeats)


class FakeGateway(Gateway):
    """A way to the venue above."""

    venue, account = "fake", "main"
    client_id_extra = "-_"
    request_life = 0.3

    def __init__(self, venue: FakeVenue, *, in_place: bool = False, batch: int = 5) -> None:
        self.at = venue
        self.amends_in_place, self.batch_size = in_place, batch
        self.shuffle: Callable[[deque[Any]], None] = lambda box: None
        self.hang = 30.0
        self._late: set[asyncio.Task[None]] = set()
        self._box: deque[Any] = deque()

    @property
    def instruments(self) -> dict[str, Instrument]:
        return {self.at.instrument.symbol: self.at.instrument}

    async def connect(self) -> None:
        await asyncio.sleep(0)

    async def close(self) -> None:
        for task in self._late:
            task.cancel()
        if self._box in self.at.outbox:
            self.at.outbox.remove(self._box)

    # -- orders ----------------------------------------------------------------------------------------
    async def place(self, intent: OrderIntent) -> OrderReport:
        return await self._do("place", lambda: self.at.accept(intent).report())

    async def place_batch(self, intents: Any) -> list[OrderReport | GatewayError]:
        def all_of_them() -> list[OrderReport | GatewayError]:
            answers: list[OrderReport | GatewayError] = []
            for intent in intents:
                try:
                    answers.append(self.at.accept(intent).report())
                except GatewayError as error:
                    answers.append(error)
            return answers

        return await self._do("batch", all_of_them)

    async def cancel(self, symbol: str, *, client_id: str = "", venue_id: str = "") -> OrderReport:
        def do() -> OrderReport:
            order = self._find(client_id, venue_id)
            if order is None or order.status.is_final:
                raise NotFound("Unknown order sent.", code="-2011")
            self.at.end(order)
            return order.report()

        return await self._do("cancel", do)

    async def amend(
        self, symbol: str, *, client_id: str = "", venue_id: str = "", quantity: Decimal | None = None,
        price: Decimal | None = None, new_client_id: str = "",
    ) -> OrderReport:  # fmt: skip
        def do() -> OrderReport:
            order = self._find(client_id, venue_id)
            if order is None or order.status.is_final:
                raise NotFound("Unknown order sent.", code="-2011")
            if not new_client_id:
                self.at.change(order, quantity, price)
                return order.report()
            self.at.end(order)
            intent = replace(
                order.intent, client_id=new_client_id, quantity=(quantity or order.intent.quantity) - order.filled,
                price=price or order.intent.price,
            )  # fmt: skip
            return self.at.accept(intent).report()

        return await self._do("amend", do)

    # -- asking ----------------------------------------------------------------------------------------
    async def order(self, symbol: str, *, client_id: str = "", venue_id: str = "") -> OrderReport:
        def do() -> OrderReport:
            order = self._find(client_id, venue_id)
            if order is None or time.monotonic() < order.seen_from:
                raise NotFound("Order does not exist.", code="-2013")
            return order.report()

        return await self._do("order", do)

    async def open_orders(self, symbol: str | None = None) -> list[OrderReport]:
        def do() -> list[OrderReport]:
            now = time.monotonic()
            return [
                one.report()
                for one in self.at.orders.values()
                if not one.status.is_final and now >= one.seen_from
            ]

        return await self._do("open_orders", do)

    async def fills(self, symbol: str, since_ns: int = 0) -> list[Fill]:
        # as many venues do: executions without the client id
        return await self._do(
            "fills",
            lambda: [replace(one, client_id="") for one in self.at.trades if one.time_ns >= since_ns],
        )

    async def balances(self) -> dict[str, Balance]:
        return await self._do(
            "balances", lambda: {asset: Balance(asset, amount) for asset, amount in self.at.money.items()}
        )

    async def positions(self) -> list[Position]:
        def do() -> list[Position]:
            if self.at.instrument.kind == "spot" or not self.at.position:
                return []
            return [Position(self.at.instrument.symbol, self.at.position)]

        return await self._do("positions", do)

    async def events(self) -> AsyncIterator[AccountEvent]:
        box: deque[Any] = deque([LinkUp()])
        self._box = box
        self.at.outbox.append(box)
        while True:
            await asyncio.sleep(0.001)
            self.shuffle(box)
            while box:
                event = box.popleft()
                if isinstance(event, Exception):
                    self.at.outbox.remove(box)
                    raise event
                yield event

    async def last_price(self, symbol: str) -> Decimal:
        return await self._do("last_price", lambda: self.at.price)

    async def clock_offset(self) -> float:
        return 0.0

    def rate_use(self) -> list[RateUse]:
        return self.at.uses

    # -- faults ----------------------------------------------------------------------------------------
    async def _do(self, action: str, do: Callable[[], Any]) -> Any:
        self.at.requests.append(action)
        await asyncio.sleep(0)
        fault = self._fault(action)
        if fault is None:
            answer = do()
            await asyncio.sleep(0)
            return answer
        if fault.acted:
            try:
                do()
            except GatewayError as error:
                if fault.what not in ("timeout", "hang", "cut"):
                    raise
                del error
        if fault.late:
            task = asyncio.get_running_loop().create_task(self._later(fault.late, do))
            self._late.add(task)
        return await self._fail(fault)

    async def _later(self, seconds: float, do: Callable[[], Any]) -> None:
        assert seconds < self.request_life, "a venue refuses what is that old"
        await asyncio.sleep(seconds)
        with contextlib.suppress(GatewayError):
            do()

    def _fault(self, action: str) -> Fault | None:
        for fault in list(self.at.faults):
            if fault.action in (action, "any"):
                fault.nth -= 1
                if fault.nth <= 0:
                    self.at.faults.remove(fault)
                    return fault
        return None

    async def _fail(self, fault: Fault) -> Any:
        if fault.what == "hang":
            await asyncio.sleep(self.hang)
        errors: dict[str, Exception] = {
            "timeout": Unknown("no answer", code="-1007", status=504),
            "hang": Unknown("no answer"),
            "server": Unknown("Internal error.", code="-1000", status=500),
            "cut": Unknown("connection reset"),
            "slow_down": RateLimited("Too many requests.", status=429, retry_after=0.05, acted=fault.acted),
            "unsure_limit": RateLimited("Too many requests.", status=429, retry_after=0.05, acted=True),
            "refused": Rejected("Filter failure.", code="-1013"),
            "duplicate": Rejected("Duplicate order sent.", code="-2010", exists=True),
            "auth": AuthFailed("Invalid API-key.", code="-2015"),
            "not_found": NotFound("Order does not exist.", code="-2013"),
            "bug": ZeroDivisionError("a mistake in the gateway"),
        }
        raise errors[fault.what]

    def _find(self, client_id: str, venue_id: str) -> FakeOrder | None:
        return self.at.orders.get(venue_id) or (self.at.by_client(client_id) if client_id else None)
