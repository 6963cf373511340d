"""Callers that do several things at the same time: nothing is sent twice, and no rule is passed by."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from real_trade.errors import ConfigError, Rejected
from real_trade.model import Side
from real_trade.oms import Limits
from tests.live.desk import QUICK, agreed, limit, market, working
from tests.live.fake import FakeGateway, FakeVenue

D = Decimal


def run(scenario: Any) -> None:
    asyncio.run(scenario)


def bought(venue: FakeVenue) -> Decimal:
    """What was bought, and what still may be."""
    return sum(
        (one.filled if one.status.is_final else one.intent.quantity for one in venue.orders.values()), D(0)
    )


def test_the_same_client_id_given_twice_at_once_is_sent_once(url: Path) -> None:
    async def scenario() -> None:
        async with working(url) as (manager, venue):
            one, two = await asyncio.gather(
                manager.place(market(client_id="mine")), manager.place(market(client_id="mine"))
            )
            assert venue.count("mine") == 1
            assert one.key == two.key == "mine"
            assert not manager.halted
            await agreed(manager, venue)

    run(scenario())


def test_a_client_id_of_another_order_is_refused_and_not_taken_for_that_order(url: Path) -> None:
    async def scenario() -> None:
        async with working(url) as (manager, venue):
            await manager.place(limit(client_id="mine"))
            with pytest.raises(ConfigError, match="mine stands for another order"):
                await manager.place(limit(client_id="mine", side=Side.SELL, price=110))
            with pytest.raises(ConfigError, match="mine stands for another order"):
                await manager.place(limit(2, client_id="mine"))
            assert venue.count("mine") == 1

    run(scenario())


@pytest.mark.parametrize("way", ["cancelled first", "by the venue", "in place"])
def test_two_amendments_at_once_leave_one_order(url: Path, way: str) -> None:
    async def scenario() -> None:
        venue = FakeVenue()
        gateway = FakeGateway(venue, in_place=way == "in place")
        policy = replace(QUICK, venue_replaces=way == "by the venue")
        async with working(url, venue, policy=policy, gateway=gateway) as (manager, _):
            order = await manager.place(limit(2))
            answers = await asyncio.gather(
                manager.amend(order.key, price=D(91)),
                manager.amend(order.key, price=D(92)),
                return_exceptions=True,
            )
            assert bought(venue) == 2
            assert [type(one) for one in answers].count(Rejected) == 1
            assert "being changed" in str(next(one for one in answers if isinstance(one, Rejected)))
            await agreed(manager, venue)
            assert sum(one.remaining for one in manager.open_orders()) == 2
            assert not [one for one in manager.open_orders() if one.name == "Created"]

    run(scenario())


@pytest.mark.parametrize("when", ["at once", "in the middle", "while it is written down", "at its end"])
def test_what_is_cancelled_while_it_is_changed_does_not_come_back(url: Path, when: str) -> None:
    async def scenario() -> None:
        async with working(url) as (manager, venue):
            order = await manager.place(limit(2))
            if when == "in the middle":
                venue.fault("cancel", "timeout", acted=True)
            changing = asyncio.ensure_future(manager.amend(order.key, price=D(91)))
            if when == "in the middle":
                while "cancel" not in venue.requests:
                    await asyncio.sleep(0)
            elif when == "while it is written down":
                while len(venue.requests) < 2 or venue.requests[-1] != "cancel":
                    await asyncio.sleep(0)
                while len(list(manager.recorder.book)) < 2:
                    await asyncio.sleep(0)
            elif when == "at its end":
                while len(venue.orders) < 2:
                    await asyncio.sleep(0)
            await asyncio.gather(manager.cancel(order.key), changing, return_exceptions=True)
            await agreed(manager, venue)
            assert not manager.open_orders()
            assert bought(venue) == 0

    run(scenario())


def test_everything_cancelled_includes_what_takes_the_place_of_another(url: Path) -> None:
    async def scenario() -> None:
        async with working(url) as (manager, venue):
            orders = [await manager.place(limit(1)) for _ in range(3)]
            changing = [asyncio.ensure_future(manager.amend(order.key, price=D(91))) for order in orders]
            await asyncio.sleep(0)
            await manager.cancel_all()
            await asyncio.gather(*changing, return_exceptions=True)
            await agreed(manager, venue)
            assert not manager.open_orders()

    run(scenario())


def test_an_amendment_to_nothing_is_refused_and_not_taken_for_no_change(url: Path) -> None:
    async def scenario() -> None:
        async with working(url, gateway=None) as (manager, venue):
            order = await manager.place(limit(2))
            for terms in ({"quantity": D(0)}, {"price": D(0)}, {"quantity": D(0), "price": D(91)}):
                with pytest.raises(Rejected):
                    await manager.amend(order.key, **terms)
            assert venue.requests.count("cancel") == 0

    run(scenario())


@pytest.mark.parametrize("together", ["batch", "at once"])
def test_caps_hold_for_orders_given_together(url: Path, together: str) -> None:
    limits = Limits(notional=D(200), open_notional=D(500), open_orders=4)

    async def scenario() -> None:
        async with working(url, limits=limits) as (manager, venue):
            intents = [limit(D("1.5")) for _ in range(10)]  # 135 each
            if together == "batch":
                orders = await manager.place_batch(intents)
            else:
                orders = await asyncio.gather(*(manager.place(one) for one in intents))
            assert len([one for one in orders if one.name == "Accepted"]) == 3
            assert len(venue.orders) == 3
            assert all("together" in one.reason for one in orders if one.name == "Rejected")

        async with working(url.with_name("other.db"), limits=replace(limits, open_notional=None)) as (
            manager,
            venue,
        ):
            intents = [limit(1) for _ in range(10)]
            if together == "batch":
                orders = await manager.place_batch(intents)
            else:
                orders = await asyncio.gather(*(manager.place(one) for one in intents))
            assert len(venue.orders) == 4

    run(scenario())


def test_the_worth_of_a_market_order_is_not_told_by_an_old_price(url: Path) -> None:
    async def scenario() -> None:
        policy = replace(QUICK, price_age=0.05)
        async with working(url, policy=policy, limits=Limits(notional=D(200))) as (manager, venue):
            assert (await manager.place(market(1))).name == "Completed"
            venue.price = D(1000)
            await asyncio.sleep(0.06)
            order = await manager.place(market(1))
            assert order.name == "Rejected" and "worth 1000" in order.reason
            venue.fault("last_price", "timeout")
            await asyncio.sleep(0.06)
            order = await manager.place(market(1))
            assert order.name == "Rejected" and "no price is known" in order.reason

    run(scenario())


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"side": "buy"}, "side"),
        ({"kind": "limit"}, "kind"),
        ({"time_in_force": "gtc"}, "time_in_force"),
        ({"quantity": 0.1}, "quantity"),
        ({"price": 90}, "price"),
        ({"stop_price": 90.5}, "stop_price"),
    ],
)
def test_an_order_of_the_wrong_types_is_a_sentence_and_leaves_no_trace(
    url: Path, changes: dict[str, Any], said: str
) -> None:
    async def scenario() -> None:
        async with working(url) as (manager, venue):
            with pytest.raises(ConfigError, match=f"the {said} of an order"):
                await manager.place(replace(limit(), **changes))
            assert not len(manager.recorder.book) and not venue.orders
            order = await manager.place(limit())
            with pytest.raises(ConfigError, match="the quantity of an order"):
                await manager.amend(order.key, quantity=0.5)  # type: ignore[arg-type]
            await agreed(manager, venue)

    run(scenario())
