"""The order management over the real client and the rehearsal venue, in this process."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from real_trade.gateways.binance import BinanceGateway, BinanceSpot, BinanceUsdm
from real_trade.model import OrderIntent, OrderKind, Side
from real_trade.oms import Limits, OrderManager, Policy
from real_trade.sim import KEY, SECRET, HouseConfig, Venue
from real_trade.sim.config import AccountConfig
from real_trade.sim.orders import Order
from real_trade.storage import Journal
from tests.live.desk import Truth, disagreements, quiet

D = Decimal
MARKETS: dict[str, type[BinanceGateway]] = {"spot": BinanceSpot, "usdm": BinanceUsdm}
SYMBOL = {"spot": "BTC/USDT", "usdm": "BTC/USDT:USDT"}
MONEY = {"spot": {"USDT": D(1_000_000), "BTC": D(20)}, "usdm": {"USDT": D(1_000_000)}}

#: As the product's, only faster; times that belong together: a request that arrives after the client gave
#: up, and is young enough for the venue, is possible.
HTTP, WINDOW = 0.3, 0.8
SWIFT = Policy(
    answer_timeout=0.8,
    ask_after=(0.02, 0.05, 0.1, 0.2),
    margin=0.1,
    throttle=0.4,
    reconcile_every=20.0,
    blind=20.0,
)
FREE = Limits(orders_per_second=None, orders_per_minute=None)


@dataclass
class Rehearsal:
    """One account on one market, an order management on it, and the venue itself."""

    market: str
    venue: Venue
    manager: OrderManager

    @property
    def symbol(self) -> str:
        """What is traded."""
        return SYMBOL[self.market]

    def order(
        self, side: Side = Side.BUY, quantity: Any = "0.02", price: Any = None, **more: Any
    ) -> OrderIntent:
        """An intention; at the market without a price."""
        kind = more.pop("kind", OrderKind.MARKET if price is None else OrderKind.LIMIT)
        return OrderIntent(
            "", self.symbol, side, kind, D(str(quantity)), None if price is None else D(str(price)), **more
        )

    def truth(self) -> Truth:
        """What the venue holds."""
        return truth_of(self.venue, self.symbol)

    async def settled(self, seconds: float = 30.0) -> list[str]:
        """Let everything come to rest, compare once more, and say in what the two differ."""
        await quiet(self.manager, seconds)
        for _ in range(20):
            if (await self.manager.reconcile()).complete:
                break
            await asyncio.sleep(0.1)
        else:
            return ["the venue did not answer all questions"]
        await quiet(self.manager, seconds)
        return disagreements(self.manager, self.truth())


def truth_of(venue: Venue, symbol: str) -> Truth:
    """What the venue holds; an order that was made of a conditional one is that one."""
    orders = []
    for one in venue.orders("main", symbol):
        if one.parent is None:
            last = one.child or one
            orders.append((one.client_id, _number(last), last.status, last.filled))
    fills = [(str(one.order), str(one.trade), one.quantity) for one in venue.fills("main", symbol)]
    return Truth(orders, fills)


def _number(order: Order) -> str:
    waits = order.ticket.waits_apart and order.parent is None
    return f"algo-{order.number}" if waits else str(order.number)


def gateway_to(market: str, venue: Any, **more: Any) -> BinanceGateway:
    """A gateway whose client is impatient; ``venue``: anything with `client_settings`."""
    options = {"timeout": 10.0, "recv_window": WINDOW, "max_clock_offset": 0.5, "stale_after": 2.0}
    return MARKETS[market](KEY, SECRET, transport=venue.client_settings, **(options | more))


@asynccontextmanager
async def rehearsal(
    market: str, url: Path | str, *, policy: Policy = SWIFT, limits: Limits = FREE, **venue_options: Any
) -> AsyncIterator[Rehearsal]:
    """A venue, and a started order management on it."""
    options = {"house": HouseConfig(quantity=D("0.5")), "limit_scale": 0, "speed": 1.0}
    account = AccountConfig(money=MONEY)
    async with Venue(accounts=(account,), **(options | venue_options)) as venue:
        gateway = gateway_to(market, venue)
        manager = OrderManager(
            gateway, Journal.open(url, gateway.venue, gateway.account), policy=replace(policy), limits=limits
        )
        await manager.start()
        gateway.client.exchange.timeout = HTTP * 1000  # impatient from now on
        try:
            yield Rehearsal(market, venue, manager)
        finally:
            await manager.stop()
        strange = set(venue.hosts_asked) - {host for face in venue.faces for host in face.hosts}
        assert not strange, strange
