"""Orders that are not lost: trade on the rehearsal exchange while answers go missing.

    pip install -e '.[live]'              # or the environment that `make test` made
    python examples/rehearsal.py

An exchange opens on this machine, with Binance's protocol and a random walk for prices.  The client is the
one that trades with real money.  Every third time the connection breaks after the exchange has taken the
order, and what it tells by itself gets lost as well: what became of the order is found out, and nothing is
sent twice.
"""

from __future__ import annotations

import asyncio
import tempfile
from decimal import Decimal
from pathlib import Path

from real_trade.gateways.binance import BinanceSpot
from real_trade.model import OrderIntent, OrderKind, Side
from real_trade.oms import OrderManager
from real_trade.sim import KEY, SECRET, Venue
from real_trade.storage import Journal

SYMBOL = "BTC/USDT"


async def main() -> None:
    """Six orders, two of them with a lost answer; then what both sides believe."""
    with tempfile.TemporaryDirectory() as folder:
        async with Venue(data={SYMBOL: "walk"}, speed=1.0) as venue:
            gateway = BinanceSpot(KEY, SECRET, transport=venue.client_settings)
            journal = Journal.open(Path(folder) / "trading.db", gateway.venue, gateway.account)
            async with OrderManager(gateway, journal) as manager:
                await trade(venue, manager)


async def trade(venue: Venue, manager: OrderManager) -> None:
    """Every second order is at the market, the others wait below it."""
    price = await manager.gateway.last_price(SYMBOL)
    low = (price * Decimal("0.98")).quantize(Decimal("0.01"))
    for number in range(1, 7):
        if number % 3 == 0:
            venue.faults.add({"when": "place", "what": "drop", "side": "after"})
            venue.faults.add({"when": "event:order", "what": "skip", "times": 2})
        kind, limit = (OrderKind.MARKET, None) if number % 2 else (OrderKind.LIMIT, low)
        order = await manager.place(OrderIntent("", SYMBOL, Side.BUY, kind, Decimal("0.01"), limit))
        at_first = order.name
        order = await manager.settled(order.key, 30)
        print(f"order {number}: {kind:6}  at first {at_first:10} then {order.name}")
    result = await manager.reconcile()
    sent, there = len(venue.log.requests("place")), len(venue.orders("main"))
    print(f"{sent} orders were sent, {there} are at the exchange; differences: {len(result.found)}")
    await manager.cancel_all()


if __name__ == "__main__":
    asyncio.run(main())
