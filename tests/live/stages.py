"""Stages for the gateway suite: paper in this process, Binance through the real client on the venue."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from decimal import Decimal
from typing import Any

from real_trade.errors import RateLimited, Unknown
from real_trade.gateways.binance import BinanceGateway, BinanceSpot, BinanceUsdm
from real_trade.gateways.paper import PaperGateway
from real_trade.gateways.testing import Stage
from real_trade.model import Instrument, OrderIntent, OrderKind, Side, VenueStatus
from real_trade.sim import KEY, SECRET, HouseConfig, Venue
from real_trade.sim.config import AccountConfig

D = Decimal
STARTED = {"spot": {"USDT": D(1_000_000), "BTC": D(20), "ETH": D(200)}, "usdm": {"USDT": D(1_000_000)}}


class PaperStage(Stage):
    """The paper venue; ``kind`` is ``spot`` or ``perpetual``."""

    price, unit, depth = D(60000), D("0.01"), D("0.5")

    def __init__(self, kind: str) -> None:
        settle, tail = ("", "") if kind == "spot" else ("USDT", ":USDT")
        self.symbol, self.other_symbol = f"BTC/USDT{tail}", f"ETH/USDT{tail}"
        common: dict[str, Any] = {"settle": settle, "kind": kind, "min_notional": D(5)}
        self.gateway: PaperGateway = PaperGateway(
            [
                Instrument(
                    self.symbol, "BTCUSDT", "BTC", "USDT", tick=D("0.01"), step=D("0.00001"),
                    min_quantity=D("0.00001"), max_quantity=D(9000), **common,
                ),
                Instrument(
                    self.other_symbol, "ETHUSDT", "ETH", "USDT", tick=D("0.01"), step=D("0.0001"),
                    min_quantity=D("0.0001"), **common,
                ),
            ],
            {"USDT": D(1_000_000)} | ({"BTC": D(20), "ETH": D(200)} if kind == "spot" else {}),
            maker_fee=D("0.0002"), taker_fee=D("0.0005"), leverage=D(20),
        )  # fmt: skip
        self._quote(self.symbol, self.price)
        self._quote(self.other_symbol, D(3000))
        self._foreign = 0

    def _quote(self, symbol: str, price: Decimal) -> None:
        away = price * D("0.0001")
        self.gateway.quote(
            symbol, price - away, price + away, bid_quantity=self.depth, ask_quantity=self.depth, last=price
        )

    async def move(self, price: Decimal) -> None:
        self._quote(self.symbol, price)

    async def fill(self, client_id: str, quantity: Decimal | None = None) -> None:
        order = self.gateway.ledger.orders[client_id]
        if order.price is None or order.status.is_final:
            raise LookupError(client_id)
        room, price = quantity or order.rest, order.price
        buys = order.intent.side is Side.BUY
        sizes = {
            "ask_quantity" if buys else "bid_quantity": room,
            "bid_quantity" if buys else "ask_quantity": D(0),
        }
        self.gateway.quote(self.symbol, price, price, last=self.price, **sizes)
        self._quote(self.symbol, self.price)

    async def by_hand(self, side: Side, quantity: Decimal, price: Decimal | None = None) -> str:
        self._foreign += 1
        kind = OrderKind.MARKET if price is None else OrderKind.LIMIT
        intent = OrderIntent(f"web_{self._foreign}", self.symbol, side, kind, quantity, price)
        return (await self.gateway.place(intent)).venue_id

    def truth(self, client_id: str) -> tuple[VenueStatus, Decimal] | None:
        order = self.gateway.ledger.orders.get(client_id)
        return (order.status, order.filled) if order is not None else None

    def placed(self) -> int:
        return len(self.gateway.ledger.orders)

    async def fail(self, action: str, *, acted: bool) -> None:
        self.gateway.fail(action, Unknown("no answer"), acted=acted)

    async def throttle(self, action: str, seconds: float) -> None:
        self.gateway.fail(action, RateLimited("slowly", retry_after=seconds), acted=False)

    async def break_link(self) -> None:
        self.gateway.break_link()

    async def many_fills(self, number: int) -> int:
        for count in range(number):
            self._quote(self.symbol, self.price)
            await self.by_hand(Side.BUY if count % 2 else Side.SELL, self.unit)
        return number


@asynccontextmanager
async def paper_spot() -> AsyncIterator[Stage]:
    """Paper money, spot."""
    yield PaperStage("spot")


@asynccontextmanager
async def paper_perpetual() -> AsyncIterator[Stage]:
    """Paper money, derivatives."""
    yield PaperStage("perpetual")


class VenueStage(Stage):
    """A gateway that talks to the rehearsal venue in this process."""

    price, depth = D(60000), D("0.5")

    def __init__(self, gateway: BinanceGateway, venue: Venue) -> None:
        self.gateway: BinanceGateway = gateway
        self.venue = venue
        tail = "" if gateway.market == "spot" else ":USDT"
        self.unit = D("0.01")
        self.symbol, self.other_symbol = f"BTC/USDT{tail}", f"ETH/USDT{tail}"

    async def move(self, price: Decimal) -> None:
        self.venue.move(self.symbol, price, "0.02")
        await self.venue.settle()

    async def fill(self, client_id: str, quantity: Decimal | None = None) -> None:
        order = self.venue.order(client_id)
        if order is None or not self.venue.book(self.symbol).holds(order):
            raise LookupError(client_id)
        self.venue.fill(order, quantity)
        await self.venue.settle()

    async def by_hand(self, side: Side, quantity: Decimal, price: Decimal | None = None) -> str:
        return str(self.venue.place("main", self.symbol, str(side), quantity, price).number)

    def truth(self, client_id: str) -> tuple[VenueStatus, Decimal] | None:
        order = self.venue.order(client_id)
        return (order.status, order.filled) if order is not None else None

    def placed(self) -> int:
        return sum(1 for order in self.venue.orders() if order.client_id.startswith("bt"))

    async def fail(self, action: str, *, acted: bool) -> None:
        side = "after" if acted else "before"
        when = ["amend", "replace"] if action == "amend" else action
        self.venue.faults.add({"when": when, "what": "drop", "side": side})

    async def throttle(self, action: str, seconds: float) -> None:
        self.venue.faults.add({"when": action, "what": "rate_limit", "side": "before", "seconds": seconds})

    async def break_link(self) -> None:
        self.venue.faults.do({"what": "kick"})
        await asyncio.sleep(0)

    async def many_fills(self, number: int) -> int:
        for count in range(number):
            await self.by_hand(Side.BUY if count % 2 else Side.SELL, self.unit)
        # one order may need several fills
        return len(self.venue.fills("main", self.symbol))

    async def later(self) -> None:
        self.venue.clock.advance(1)
        await asyncio.sleep(0.02)

    async def answer(self, status: int, code: str, text: str) -> None:
        self.venue.faults.clear()
        # without a number it is not the venue that answers but what stands before it: a page
        told = {"what": "status", "code": code} if code else {"what": "maintenance"}
        fault = {"when": "place", "side": "before", "status": status, "message": text}
        self.venue.faults.add(fault | told)


@asynccontextmanager
async def binance(kind: type[BinanceGateway], **options: Any) -> AsyncIterator[VenueStage]:
    """A venue of its own for each test, and a gateway connected to it."""
    account = AccountConfig(money=STARTED)
    house = HouseConfig(quantity=D("0.5"))
    async with Venue(accounts=(account,), house=house, limit_scale=0) as venue:
        gateway = kind(KEY, SECRET, transport=venue.client_settings, **options)
        await gateway.connect()
        try:
            yield VenueStage(gateway, venue)
        finally:
            await gateway.close()
        strange = set(venue.hosts_asked) - {host for face in venue.faces for host in face.hosts}
        assert not strange


def binance_spot() -> Any:
    """Binance spot through ccxt."""
    return binance(BinanceSpot)


def binance_usdm() -> Any:
    """Binance USDⓈ-M through ccxt."""
    return binance(BinanceUsdm)
