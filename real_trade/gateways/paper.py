"""A venue of its own inside the process, for rehearsals without any other: prices in, fills out.

It is a gateway like the others and passes the same suite.  Whoever has prices (a feed, a file, a test)
calls `quote` or `tick`; orders are filled from those by the rules in `paper_ledger`.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from dataclasses import replace
from decimal import Decimal
from difflib import get_close_matches
from itertools import count

from ..errors import GatewayError, NotFound, Rejected
from ..model import (
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
from .base import Gateway
from .capability import Capability
from .paper_ledger import ZERO, Ledger, PaperOrder, Quote

__all__ = ["PaperGateway"]


class PaperGateway(Gateway):
    """A paper account.

    ``money`` is what it begins with, by asset; ``leverage`` is for derivatives.  Fees are paid in the
    currency of the price.  ``clock`` gives nanoseconds.
    """

    venue = "paper"
    amends_in_place = True
    capabilities = frozenset(Capability) - {Capability.ERROR_TABLE, Capability.BATCH, Capability.DAY}

    def __init__(
        self,
        instruments: Iterable[Instrument],
        money: Mapping[str, Decimal],
        *,
        account: str = "main",
        maker_fee: Decimal = ZERO,
        taker_fee: Decimal = ZERO,
        leverage: Decimal | None = None,
        clock: Callable[[], int] = time.time_ns,
    ) -> None:
        self.account = account
        self._clock = clock
        # A journal outlives this venue, and must not take its numbers for those of the one before.
        self._ids = count(time.time_ns() // 1000)
        self._queues: list[asyncio.Queue[AccountEvent]] = []
        self._faults: dict[str, list[tuple[GatewayError, bool]]] = {}
        self.ledger = Ledger(
            {one.symbol: one for one in instruments},
            dict(money),
            maker_fee,
            taker_fee,
            leverage or Decimal(1),
            self._ids,
        )
        if all(self.ledger.is_spot(symbol) for symbol in self.ledger.instruments):
            self.capabilities = self.capabilities - {Capability.REDUCE_ONLY, Capability.POSITIONS}

    # -- the market, from outside ----------------------------------------------------------------
    def tick(self, symbol: str, price: Decimal) -> None:
        """Somebody traded at that price, and anybody can."""
        self.quote(symbol, price, price)

    def quote(
        self,
        symbol: str,
        bid: Decimal,
        ask: Decimal,
        *,
        bid_quantity: Decimal | None = None,
        ask_quantity: Decimal | None = None,
        last: Decimal | None = None,
    ) -> None:
        """The market as it stands now; the last price, if not given, is half-way."""
        instrument = self.instrument(symbol)
        if not ZERO < bid <= ask:
            raise ValueError(f"{symbol}: a quote of {bid} / {ask} makes no sense")
        if last is None:
            last = instrument.round_price((bid + ask) / 2)
        quote = Quote(bid, ask, last, bid_quantity, ask_quantity)
        self.ledger.quotes[symbol] = quote
        for order in self.ledger.open_orders(symbol):
            if order.waiting and self.ledger.triggers(order, quote):
                order.waiting = False
                self._arrive(order, quote)
            elif not order.waiting:
                self._meet(order, quote)

    def fail(self, action: str, error: GatewayError, *, acted: bool) -> None:
        """Let the next ``place``, ``cancel`` or ``amend`` end in ``error``, before or after it is done."""
        self._faults.setdefault(action, []).append((error, acted))

    def break_link(self, reason: str = "broken on purpose") -> None:
        """Let the stream of events break and come back."""
        self._tell(LinkDown(reason))
        self._tell(LinkUp(again=True))

    # -- connecting ------------------------------------------------------------------------------
    async def connect(self) -> None:
        """Nothing to do: everything is here."""

    async def close(self) -> None:
        """Nothing to do: orders stay as they are."""

    @property
    def instruments(self) -> dict[str, Instrument]:
        """What can be traded."""
        return self.ledger.instruments

    def instrument(self, symbol: str) -> Instrument:
        """The instrument, or `Rejected` with the name that was probably meant."""
        try:
            return self.ledger.instruments[symbol]
        except KeyError:
            near = get_close_matches(symbol, self.ledger.instruments, 1)
            hint = f"; did you mean {near[0]}?" if near else ""
            raise Rejected(f"{symbol} is not traded at {self.venue}{hint}") from None

    # -- orders ----------------------------------------------------------------------------------
    async def place(self, intent: OrderIntent) -> OrderReport:
        """Take an order."""
        with self._faulty("place"):
            return self._place(intent)

    def _place(self, intent: OrderIntent) -> OrderReport:
        instrument = self.instrument(intent.symbol)
        if complaint := instrument.complaint(intent) or self._complaint(intent):
            raise Rejected(complaint)
        if intent.client_id in self.ledger.orders:
            raise Rejected(f"there is an order {intent.client_id}", code="duplicate", exists=True)
        quote = self._quote(intent.symbol)
        order = PaperOrder(intent, str(next(self._ids)), intent.quantity, intent.price, self._clock())
        if intent.post_only and self._crosses(order, quote):
            raise Rejected(f"{intent.symbol}: post-only, and it would take at once", code="post-only")
        if intent.reduce_only and not self.ledger.reducible(order):
            raise Rejected(
                f"{intent.symbol}: reduce-only, and there is nothing to reduce", code="reduce-only"
            )
        order.waiting = intent.kind.waits
        if order.waiting and self.ledger.triggers(order, quote) and intent.kind is not OrderKind.TRAILING:
            raise Rejected(f"{intent.symbol}: it would trigger at once", code="would-trigger")
        self.ledger.check_funds(order)
        self.ledger.enter(order)
        self._changed(order)
        if not order.waiting:
            self._arrive(order, quote)
        return order.report()

    async def cancel(self, symbol: str, *, client_id: str = "", venue_id: str = "") -> OrderReport:
        """End an order."""
        with self._faulty("cancel"):
            order = self._open(symbol, client_id, venue_id)
            self._end(order, VenueStatus.CANCELLED, "")
            return order.report()

    async def amend(
        self,
        symbol: str,
        *,
        client_id: str = "",
        venue_id: str = "",
        quantity: Decimal | None = None,
        price: Decimal | None = None,
        new_client_id: str = "",
    ) -> OrderReport:
        """Change an order where it stands."""
        with self._faulty("amend"):
            order = self._open(symbol, client_id, venue_id)
            self._amend(order, quantity, price)
            return order.report()

    def _amend(self, order: PaperOrder, quantity: Decimal | None, price: Decimal | None) -> None:
        symbol, quote = order.intent.symbol, self._quote(order.intent.symbol)
        total = order.quantity if quantity is None else quantity
        limit = order.price if price is None else price
        if total <= order.filled:
            raise Rejected(f"{symbol}: {order.filled} of the order is filled already, {total} is not more")
        if price is not None and order.price is None:
            raise Rejected(f"{symbol}: a {order.intent.kind} order has no price to change")
        wanted = replace(order.intent, quantity=total, price=limit)
        if complaint := self.instrument(symbol).complaint(wanted):
            raise Rejected(complaint)
        before = order.quantity, order.price
        order.quantity, order.price = total, limit
        try:
            if order.intent.post_only and self._crosses(order, quote):
                raise Rejected(f"{symbol}: post-only, and it would take at once", code="post-only")
            self.ledger.check_funds(order)
        except Rejected:
            order.quantity, order.price = before
            raise
        self._changed(order)
        if not order.waiting:
            self._take(order, quote, None)

    # -- asking ----------------------------------------------------------------------------------
    async def order(self, symbol: str, *, client_id: str = "", venue_id: str = "") -> OrderReport:
        """One order, open or not."""
        return self._find(symbol, client_id, venue_id).report()

    async def open_orders(self, symbol: str | None = None) -> list[OrderReport]:
        """All orders that stand."""
        if symbol is not None:
            self.instrument(symbol)
        return [order.report() for order in self.ledger.open_orders(symbol)]

    async def fills(self, symbol: str, since_ns: int = 0) -> list[Fill]:
        """All fills from then on."""
        self.instrument(symbol)
        return [one for one in self.ledger.fills if one.symbol == symbol and one.time_ns >= since_ns]

    async def balances(self) -> dict[str, Balance]:
        """Money by asset."""
        return self.ledger.balances()

    async def positions(self) -> list[Position]:
        """Positions that are not zero."""
        return [self.ledger.position(symbol) for symbol in self.ledger.held]

    async def events(self) -> AsyncIterator[AccountEvent]:
        """What happens, as it happens."""
        queue: asyncio.Queue[AccountEvent] = asyncio.Queue()
        queue.put_nowait(LinkUp())
        self._queues.append(queue)
        try:
            while True:
                yield await queue.get()
        finally:
            self._queues.remove(queue)

    async def last_price(self, symbol: str) -> Decimal:
        """The price of the last trade."""
        self.instrument(symbol)
        return self._quote(symbol).last

    async def clock_offset(self) -> float:
        """None: it is the same clock."""
        return 0.0

    # -- within ----------------------------------------------------------------------------------
    def _faulty(self, action: str) -> _Fault:
        waiting = self._faults.get(action)
        error, acted = waiting.pop(0) if waiting else (None, False)
        return _Fault(error, acted)

    def _complaint(self, intent: OrderIntent) -> str:
        """What is wrong with the order besides its amounts."""
        symbol, waits = intent.symbol, intent.kind.waits
        if not intent.client_id:
            return f"{symbol}: an order needs a client id"
        if intent.kind is OrderKind.MARKET and intent.price is not None:
            return f"{symbol}: a market order has no price"
        if intent.time_in_force is TimeInForce.DAY:
            return f"{symbol}: the paper venue has no day orders; it never closes"
        if intent.post_only and (
            intent.kind is not OrderKind.LIMIT or intent.time_in_force is not TimeInForce.GTC
        ):
            return f"{symbol}: only a limit order that stays can be post-only"
        if intent.kind is OrderKind.TRAILING and (intent.trail is None or intent.trail <= 0):
            return f"{symbol}: a trailing order needs a distance in percent"
        if waits and intent.kind is not OrderKind.TRAILING and intent.stop_price is None:
            return f"{symbol}: a {intent.kind} order needs a stop price"
        if self.ledger.is_spot(symbol) and intent.reduce_only:
            return f"{symbol}: reduce-only is for derivatives; a spot account has no positions"
        if intent.position_side:
            return f"{symbol}: the paper venue keeps one position per symbol"
        return ""

    def _quote(self, symbol: str) -> Quote:
        try:
            return self.ledger.quotes[symbol]
        except KeyError:
            raise Rejected(f"{symbol}: there is no price yet") from None

    def _find(self, symbol: str, client_id: str, venue_id: str) -> PaperOrder:
        self.instrument(symbol)
        for order in self.ledger.orders.values():
            if order.intent.symbol == symbol and (
                order.venue_id == venue_id or order.intent.client_id == client_id
            ):
                return order
        raise NotFound(f"{symbol}: there is no order {client_id or venue_id}")

    def _open(self, symbol: str, client_id: str, venue_id: str) -> PaperOrder:
        order = self._find(symbol, client_id, venue_id)
        if order.status.is_final:
            raise NotFound(f"{symbol}: the order {order.intent.client_id} is not open but {order.status}")
        return order

    def _crosses(self, order: PaperOrder, quote: Quote) -> bool:
        if order.price is None:
            return True
        price = quote.against(order.intent.side)
        return price <= order.price if order.intent.side is Side.BUY else price >= order.price

    def _arrive(self, order: PaperOrder, quote: Quote) -> None:
        """An order comes to the market: it takes what is there, and what is left waits or ends."""
        force = order.intent.time_in_force
        room = quote.room(order.intent.side)
        short = room is not None and room < order.rest
        if force is TimeInForce.FOK and (short or not self._crosses(order, quote)):
            self._end(order, VenueStatus.EXPIRED, "not all of it could be filled at once")
            return
        self._take(order, quote, None)
        if order.status.is_final:
            return
        if order.price is None or force is not TimeInForce.GTC:
            self._end(order, VenueStatus.EXPIRED, "nothing more could be filled at once")

    def _meet(self, order: PaperOrder, quote: Quote) -> None:
        """A new quote meets an order that waits on the book: it is filled at its own price."""
        self._take(order, quote, order.price)

    def _take(self, order: PaperOrder, quote: Quote, price: Decimal | None) -> None:
        if not self._crosses(order, quote):
            return
        quantity, room = order.rest, quote.room(order.intent.side)
        if room is not None:
            quantity = min(quantity, room)
        if order.intent.reduce_only:
            quantity = min(quantity, self.ledger.reducible(order))
            if not quantity and not self.ledger.reducible(order):
                self._end(order, VenueStatus.EXPIRED, "there is nothing left to reduce")
                return
        if quantity <= 0:
            return
        maker = price is not None
        at = price if price is not None else quote.against(order.intent.side)
        self._tell(self.ledger.fill(order, at, quantity, maker=maker, now=self._clock()))
        self._changed(order)

    def _end(self, order: PaperOrder, status: VenueStatus, reason: str) -> None:
        order.status, order.reason, order.time_ns = status, reason, self._clock()
        self._changed(order)

    def _changed(self, order: PaperOrder) -> None:
        """Tell of the order, and of the money or position that goes with it."""
        symbol = order.intent.symbol
        self._tell(order.report())
        instrument = self.ledger.instruments[symbol]
        balances = self.ledger.balances()
        for asset in dict.fromkeys((instrument.base, self.ledger.cash_of(symbol))):
            if asset in balances:
                self._tell(balances[asset])
        if not self.ledger.is_spot(symbol) and order.filled:
            self._tell(self.ledger.position(symbol))

    def _tell(self, event: AccountEvent) -> None:
        for queue in self._queues:
            queue.put_nowait(event)


class _Fault:
    """Raises the planned error before the action, or after it was done."""

    def __init__(self, error: GatewayError | None, acted: bool) -> None:
        self._error, self._acted = error, acted

    def __enter__(self) -> None:
        if self._error is not None and not self._acted:
            raise self._error

    def __exit__(self, kind: object, value: object, trace: object) -> None:
        if self._error is not None and self._acted and value is None:
            raise self._error
