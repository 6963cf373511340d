"""What is done with an account at a venue where nobody can move the market: small, and tidied up after."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from decimal import Decimal

import pytest

from real_trade.errors import NotFound, Rejected
from real_trade.gateways.base import Gateway
from real_trade.gateways.capability import Capability
from real_trade.gateways.testing import Listener
from real_trade.model import (
    Fill,
    OrderIntent,
    OrderKind,
    OrderReport,
    Side,
    VenueStatus,
    client_id,
    is_ours,
)

Round = Callable[[Gateway, str], Awaitable[None]]
_RUN = f"testnet {time.time_ns()}"
_count = 0


def new_id() -> str:
    """An id that no earlier run used either."""
    global _count
    _count += 1
    return client_id(_RUN, "rounds", _count)


async def small(gateway: Gateway, symbol: str, percent: int) -> OrderIntent:
    """A purchase of about twice the least worth, so far from the market."""
    one = gateway.instruments[symbol]
    price = one.round_price(await gateway.last_price(symbol) * (100 + percent) / 100)
    least = max(one.min_quantity, one.min_notional * 2 / price)
    quantity = one.round_quantity(least) + one.step
    return OrderIntent(new_id(), symbol, Side.BUY, OrderKind.LIMIT, quantity, price)


async def an_order_rests_is_changed_and_cancelled(gateway: Gateway, symbol: str) -> None:
    """The life of an order that is never filled."""
    intent = await small(gateway, symbol, -4)
    report = await gateway.place(intent)
    assert (report.status, report.quantity, report.price) == (VenueStatus.OPEN, intent.quantity, intent.price)
    assert intent.client_id in [one.client_id for one in await gateway.open_orders(symbol)]
    with pytest.raises(Rejected) as caught:
        await gateway.place(intent)
    assert caught.value.exists
    lower = gateway.instruments[symbol].round_price(intent.price * Decimal("0.995"))  # type: ignore[operator]
    changed = await gateway.amend(symbol, client_id=intent.client_id, price=lower, new_client_id=new_id())
    assert changed.price == lower
    ended = await gateway.cancel(symbol, client_id=changed.client_id)
    assert (ended.status, ended.client_id) == (VenueStatus.CANCELLED, changed.client_id)
    with pytest.raises(NotFound):
        await gateway.cancel(symbol, client_id=changed.client_id)
    found = await gateway.order(symbol, client_id=changed.client_id)
    assert found.status is VenueStatus.CANCELLED


async def a_purchase_is_filled_and_sold_again(gateway: Gateway, symbol: str) -> None:
    """Market orders, their fills and events."""
    near = await small(gateway, symbol, 0)
    buy = OrderIntent(new_id(), symbol, Side.BUY, OrderKind.MARKET, near.quantity)
    events = Listener(gateway.events())
    async with events:
        began = time.time_ns() - 60 * 10**9
        await gateway.place(buy)
        report = await events.wait(OrderReport, client_id=buy.client_id, status=VenueStatus.FILLED)
        assert report.filled == buy.quantity
        listed = [one for one in await gateway.fills(symbol, began) if one.venue_id == report.venue_id]
        assert sum(one.quantity for one in listed) == buy.quantity
        assert {one.key for one in listed} == {one.key for one in events.all(Fill, client_id=buy.client_id)}
        reduces = Capability.REDUCE_ONLY in gateway.capabilities
        sell = OrderIntent(new_id(), symbol, Side.SELL, OrderKind.MARKET, buy.quantity, reduce_only=reduces)
        await gateway.place(sell)
        await events.wait(OrderReport, client_id=sell.client_id, status=VenueStatus.FILLED)


async def a_stop_waits_and_is_cancelled(gateway: Gateway, symbol: str) -> None:
    """A conditional order that never triggers."""
    far = await small(gateway, symbol, 4)
    stop = OrderIntent(new_id(), symbol, Side.BUY, OrderKind.STOP, far.quantity, stop_price=far.price)
    report = await gateway.place(stop)
    assert (report.status, report.stop_price) == (VenueStatus.OPEN, far.price)
    assert (await gateway.order(symbol, client_id=stop.client_id)).venue_id == report.venue_id
    assert stop.client_id in [one.client_id for one in await gateway.open_orders(symbol)]
    ended = await gateway.cancel(symbol, client_id=stop.client_id)
    assert (ended.status, ended.client_id) == (VenueStatus.CANCELLED, stop.client_id)


async def post_only_does_not_take(gateway: Gateway, symbol: str) -> None:
    """A post-only order through the market is refused."""
    through = await small(gateway, symbol, 2)
    intent = OrderIntent(
        new_id(), symbol, Side.BUY, OrderKind.LIMIT, through.quantity, through.price, post_only=True
    )
    with pytest.raises(Rejected):
        await gateway.place(intent)


async def what_is_asked_is_answered(gateway: Gateway, symbol: str) -> None:
    """Money, positions, clock, limits."""
    assert gateway.instruments[symbol].tick > 0
    assert await gateway.balances()
    await gateway.positions()
    assert abs(await gateway.clock_offset()) < 5
    assert {use.scope for use in gateway.rate_use()} >= {"requests"}
    with pytest.raises(NotFound):
        await gateway.order(symbol, client_id=new_id())


async def tidy(gateway: Gateway, symbol: str) -> None:
    """Cancel what a round that failed left behind; orders of others are not touched."""
    for report in await gateway.open_orders(symbol):
        if is_ours(report.client_id):
            await gateway.cancel(symbol, venue_id=report.venue_id)


ROUNDS: tuple[Round, ...] = (
    what_is_asked_is_answered,
    an_order_rests_is_changed_and_cancelled,
    a_purchase_is_filled_and_sold_again,
    a_stop_waits_and_is_cancelled,
    post_only_does_not_take,
)
