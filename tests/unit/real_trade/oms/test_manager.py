"""The order management on a venue in memory: each thing that goes right and wrong, by itself."""

from __future__ import annotations

import asyncio
import contextlib
import time
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from real_trade.errors import AuthFailed, ConfigError, JournalError, NotFound, Rejected, Unknown
from real_trade.gateways import RateUse
from real_trade.model import OrderKind, Side, TimeInForce, VenueStatus
from real_trade.model.ids import is_ours
from real_trade.oms import Limits, OrderManager, states
from real_trade.oms.policy import Discrepant, Handling
from real_trade.storage import Journal
from tests.live.desk import QUICK, agreed, disagreements, limit, market, quiet, truth_of, working
from tests.live.fake import PERPETUAL, FakeGateway, FakeVenue

D = Decimal
RESEND = replace(QUICK, resend=True)


def run(scenario: Any) -> None:
    asyncio.run(scenario)


# -- the ordinary -----------------------------------------------------------------------------------
def test_an_order_is_on_disk_before_it_is_sent(url: Path) -> None:
    async def scenario() -> None:
        async with working(url) as (manager, venue):
            seen: list[Any] = []
            accept = venue.accept

            def spy(intent: Any) -> Any:
                seen.append([one.kind for one in manager.journal.read.events([intent.client_id])])
                return accept(intent)

            venue.accept = spy  # type: ignore[method-assign]
            order = await manager.place(limit())
            assert seen == [["intended"]] or seen == [["intended", "sent"]]
            assert order.name == "Accepted" and order.venue_id == "1001" and is_ours(order.key)
            await agreed(manager, venue)

    run(scenario())


def test_fills_are_counted_to_the_end(url: Path) -> None:
    async def scenario() -> None:
        async with working(url) as (manager, venue):
            heard: list[tuple[str, Decimal]] = []
            manager.subscribe(lambda outcome: heard.append((outcome.after.name, outcome.after.filled)))
            order = await manager.place(limit(3))
            venue.fill(order.key, 1, 90)
            venue.fill(order.key, 2, 87)
            await asyncio.sleep(0.05)
            await agreed(manager, venue)
            done = manager.order(order.key)
            assert done is not None
            assert (done.name, done.filled, done.average_price) == ("Completed", 3, D(88))
            assert done.fees == (("USDT", D("0.264")),)
            assert heard[-1] == ("Completed", 3) and ("Partial", D(1)) in heard
            assert [amount for _, amount in heard] == sorted(amount for _, amount in heard)

    run(scenario())


@pytest.mark.parametrize("kind", ["market", "ioc", "fok", "post_only", "stop"])
def test_orders_of_each_kind_come_to_what_the_venue_made_of_them(url: Path, kind: str) -> None:
    intents = {
        "market": market(2),
        "ioc": limit(2, 100, time_in_force=TimeInForce.IOC),
        "fok": limit(2, 100, time_in_force=TimeInForce.FOK),
        "post_only": limit(2, 101, post_only=True),
        "stop": limit(2, None, kind=OrderKind.STOP, stop_price=D(80), side=Side.SELL),
    }

    async def scenario() -> None:
        async with working(url, FakeVenue(auto_ioc=D("0.5"))) as (manager, venue):
            order = await manager.place(intents[kind])
            await agreed(manager, venue)
            order = manager.order(order.key) or order
            expected = {
                "market": ("Completed", 2), "ioc": ("Expired", D("0.5")), "fok": ("Expired", D("0.5")),
                "post_only": ("Rejected", 0), "stop": ("Accepted", 0),
            }  # fmt: skip
            assert (order.name, order.filled) == expected[kind]

    run(scenario())


def test_a_batch_is_one_write_and_few_requests(url: Path) -> None:
    async def scenario() -> None:
        async with working(url) as (manager, venue):
            bad = limit(symbol="NO/PE")
            orders = await manager.place_batch([limit(), limit(), bad, *(limit() for _ in range(5))])
            assert [order.name for order in orders] == ["Accepted"] * 2 + ["Rejected"] + ["Accepted"] * 5
            assert venue.requests.count("batch") == 2 and venue.requests.count("place") == 0
            assert "did you mean" not in orders[2].reason and "NO/PE is not traded there" in orders[2].reason
            await agreed(manager, venue)

    run(scenario())


def test_the_same_client_id_is_the_same_order(url: Path) -> None:
    async def scenario() -> None:
        async with working(url) as (manager, venue):
            first = await manager.place(limit(client_id="mine"))
            again = await manager.place(limit(client_id="mine"))
            assert again == first and venue.count("mine") == 1
            await manager.cancel("mine")
            assert (await manager.place(limit(client_id="mine"))).name == "Canceled"
            assert venue.count("mine") == 1
            with pytest.raises(ConfigError, match="same client id"):
                await manager.place_batch([limit(client_id="x"), limit(client_id="x")])

    run(scenario())


def test_cancel_ends_an_order_and_one_that_is_done_comes_back(url: Path) -> None:
    async def scenario() -> None:
        async with working(url) as (manager, venue):
            order = await manager.place(limit())
            assert (await manager.cancel(order.key)).name == "Canceled"
            assert (await manager.cancel(order.key)).name == "Canceled"
            assert venue.requests.count("cancel") == 1
            with pytest.raises(NotFound, match="no order nobody"):
                await manager.cancel("nobody")
            await agreed(manager, venue)

    run(scenario())


def test_cancel_all_leaves_what_others_gave(url: Path) -> None:
    async def scenario() -> None:
        async with working(url) as (manager, venue):
            for _ in range(4):
                await manager.place(limit())
            foreign = venue.external()
            await asyncio.sleep(0.02)
            done = await manager.cancel_all()
            assert [order.name for order in done] == ["Canceled"] * 4
            assert venue.orders[foreign].status is VenueStatus.OPEN
            (adopted,) = manager.open_orders(foreign=True)
            assert adopted.foreign and manager.open_orders() == []
            with pytest.raises(Rejected, match="was not given by us"):
                await manager.cancel(adopted.key)
            with pytest.raises(Rejected, match="was not given by us"):
                await manager.amend(adopted.key, price=D(80))
            await agreed(manager, venue)

    run(scenario())


@pytest.mark.parametrize("way", ["in_place", "by us", "by the venue"])
def test_an_amendment_never_makes_more_than_wanted(url: Path, way: str) -> None:
    policy = replace(QUICK, venue_replaces=way == "by the venue")

    async def scenario() -> None:
        venue = FakeVenue()
        gateway = FakeGateway(venue, in_place=way == "in_place")
        async with working(url, venue, gateway=gateway, policy=policy) as (manager, _):
            order = await manager.place(limit(5))
            venue.fill(order.key, 2)
            await asyncio.sleep(0.02)
            changed = await manager.amend(order.key, quantity=D(4), price=D(91))
            assert (changed.name, changed.price) == ("Partial" if way == "in_place" else "Accepted", 91), (
                changed.reason
            )
            assert changed.remaining == 2
            if way != "in_place":
                assert changed.replaces == order.key and manager.order(order.key).name == "Canceled"  # type: ignore[union-attr]
            venue.fill(changed.key)
            await asyncio.sleep(0.02)
            await agreed(manager, venue)
            assert sum(one.quantity for one in venue.trades) == 4

    run(scenario())


def test_an_amendment_that_changes_nothing_or_makes_no_sense_is_not_sent(url: Path) -> None:
    async def scenario() -> None:
        async with working(url, gateway=None) as (manager, venue):
            order = await manager.place(limit(5))
            assert await manager.amend(order.key, price=D(90)) == order
            with pytest.raises(Rejected, match="no multiple of"):
                await manager.amend(order.key, price=D("90.001"))
            venue.fill(order.key, 3)
            await asyncio.sleep(0.02)
            assert (await manager.amend(order.key, quantity=D(2))).name == "Canceled"
            with pytest.raises(Rejected, match="only an order that stands"):
                await manager.amend(order.key, price=D(91))
            assert "amend" not in venue.requests
            await agreed(manager, venue)

    run(scenario())


# -- answers that do not come -----------------------------------------------------------------------
@pytest.mark.parametrize(
    "what", ["timeout", "hang", "server", "cut", "unsure_limit", "bug", "duplicate", "not_found"]
)
@pytest.mark.parametrize("acted", [True, False])
def test_an_order_whose_answer_is_lost_is_found_or_given_up_and_never_doubled(
    url: Path, what: str, acted: bool
) -> None:
    async def scenario() -> None:
        async with working(url) as (manager, venue):
            venue.muted = True
            venue.fault("place", what, acted=acted)
            order = await manager.place(limit())
            if order.name == "Unknown":  # else the answer to the first question was faster than the disk
                assert order.shown == states.SUBMITTED
            order = await manager.settled(order.key, 5)
            assert order.name == ("Accepted" if acted else "Rejected")
            assert venue.requests.count("place") == 1
            assert acted or order.reason == "it never arrived at the venue"
            await agreed(manager, venue)

    run(scenario())


def test_an_order_that_arrives_late_is_found(url: Path) -> None:
    async def scenario() -> None:
        async with working(url) as (manager, venue):
            venue.muted = True
            venue.fault("place", "timeout", late=0.25)
            order = await manager.place(limit())
            order = await manager.settled(order.key, 5)
            assert order.name == "Accepted" and venue.count(order.key) == 1
            await agreed(manager, venue)

    run(scenario())


def test_an_order_that_is_not_found_at_first_is_waited_for(url: Path) -> None:
    async def scenario() -> None:
        venue = FakeVenue(blind_after_accept=0.2, muted=True)
        async with working(url, venue) as (manager, _):
            venue.fault("place", "timeout", acted=True)
            order = await manager.place(limit())
            assert (await manager.settled(order.key, 5)).name == "Accepted"
            await agreed(manager, venue)

    run(scenario())


def test_an_order_that_was_filled_unseen_is_found_by_its_fills(url: Path) -> None:
    # the venue forgets what is done, and its questions by client id find nothing
    async def scenario() -> None:
        async with working(url) as (manager, venue):
            venue.muted = True
            for _ in range(50):
                venue.fault("order", "not_found")
            venue.fault("place", "timeout", acted=True)
            order = await manager.place(market())
            await asyncio.sleep(0.9)
            assert manager.order(order.key).name in ("Unknown", "Rejected")  # type: ignore[union-attr]
            venue.faults.clear()
            venue.muted = False
            await agreed(manager, venue)
            assert manager.order(order.key).name == "Completed"  # type: ignore[union-attr]

    run(scenario())


def test_an_order_that_only_its_fills_know_is_found_through_them(url: Path) -> None:
    # questions by client id find nothing; fills name the venue's id only
    async def scenario() -> None:
        async with working(url) as (manager, venue):
            venue.muted = True
            venue.fault("place", "timeout", acted=True)
            gateway = manager.gateway
            asked = gateway.order

            async def by_venue_id_only(symbol: str, *, client_id: str = "", venue_id: str = "") -> Any:
                if not venue_id:
                    raise NotFound("Order does not exist.")
                return await asked(symbol, venue_id=venue_id)

            gateway.order = by_venue_id_only  # type: ignore[method-assign]
            order = await manager.place(market())
            order = await manager.settled(order.key, 5)
            assert order.name == "Completed" and venue.count(order.key) == 1
            await agreed(manager, venue)

    run(scenario())


def test_an_order_that_took_long_to_write_down_is_not_sent(url: Path) -> None:
    async def scenario() -> None:
        async with working(url, policy=replace(QUICK, stale=0.05)) as (manager, venue):
            standing = await manager.place(limit())
            write = manager.journal._writer._transact

            def slowly(items: Any) -> None:
                time.sleep(0.1)
                write(items)

            manager.journal._writer._transact = slowly  # type: ignore[method-assign]
            order = await manager.place(limit())
            assert order.name == "Canceled" and "it was too old to be sent" in order.reason
            assert venue.requests.count("place") == 1
            assert (await manager.cancel(standing.key)).name == "Canceled"
            await agreed(manager, venue)

    run(scenario())


@pytest.mark.parametrize("late", [0.0, 0.25])
def test_with_leave_an_order_that_never_arrived_is_sent_again_once(url: Path, late: float) -> None:
    async def scenario() -> None:
        async with working(url, policy=RESEND) as (manager, venue):
            venue.muted = True
            venue.fault("place", "timeout", late=late)
            order = await manager.place(market())
            order = await manager.settled(order.key, 5)
            assert order.name == "Completed" and venue.count(order.key) == 1
            assert order.attempts == (1 if late else 2)
            await agreed(manager, venue)

    run(scenario())


def test_an_old_order_is_not_sent_again(url: Path) -> None:
    async def scenario() -> None:
        async with working(url, policy=replace(RESEND, resend_age=0.1)) as (manager, venue):
            venue.fault("place", "timeout")
            order = await manager.place(market())
            assert (await manager.settled(order.key, 5)).name == "Rejected"
            assert venue.requests.count("place") == 1

    run(scenario())


def test_a_request_that_the_venue_surely_did_not_do_is_repeated_after_its_pause(url: Path) -> None:
    async def scenario() -> None:
        async with working(url) as (manager, venue):
            venue.fault("place", "slow_down")
            order = await manager.place(limit())
            assert order.name == "Accepted" and order.attempts == 2 and venue.count(order.key) == 1
            await agreed(manager, venue)

    run(scenario())


@pytest.mark.parametrize("what", ["timeout", "hang", "cut", "unsure_limit", "slow_down", "bug"])
@pytest.mark.parametrize("acted", [True, False])
def test_a_cancellation_is_repeated_until_the_order_has_ended(url: Path, what: str, acted: bool) -> None:
    async def scenario() -> None:
        async with working(url) as (manager, venue):
            order = await manager.place(limit())
            venue.muted = True
            venue.fault("cancel", what, acted=acted and what != "slow_down")
            await manager.cancel(order.key)
            assert (await manager.settled(order.key, 5)).name == "Canceled"
            await agreed(manager, venue)

    run(scenario())


def test_a_refused_cancellation_leaves_the_order_as_it_is(url: Path) -> None:
    async def scenario() -> None:
        async with working(url) as (manager, venue):
            order = await manager.place(limit())
            venue.fault("cancel", "refused")
            order = await manager.cancel(order.key)
            assert order.name == "Accepted" and not order.cancel_wanted
            await agreed(manager, venue)

    run(scenario())


def test_cancelling_what_was_filled_meanwhile_finds_the_fill(url: Path) -> None:
    async def scenario() -> None:
        async with working(url) as (manager, venue):
            order = await manager.place(limit())
            venue.muted = True
            venue.fill(order.key)
            assert (await manager.cancel(order.key)).name == "Completed"
            await agreed(manager, venue)

    run(scenario())


def test_an_order_cancelled_while_it_is_sent_is_cancelled_after_it_arrived(url: Path) -> None:
    async def scenario() -> None:
        async with working(url) as (manager, venue):
            venue.fault("place", "timeout", late=0.2)
            placing = asyncio.ensure_future(manager.place(limit(client_id="x")))
            while manager.order("x") is None:
                await asyncio.sleep(0)
            await manager.cancel("x")
            await placing
            order = await manager.settled("x", 5)
            assert order.name == "Canceled"
            await agreed(manager, venue)

    run(scenario())


@pytest.mark.parametrize(
    "what", ["timeout", "hang", "refused", "unsure_limit", "slow_down", "bug", "not_found"]
)
@pytest.mark.parametrize("acted", [True, False])
@pytest.mark.parametrize("way", ["in_place", "by us", "by the venue"])
@pytest.mark.parametrize("resend", [False, True])
def test_an_amendment_whose_answer_is_lost_ends_as_the_venue_has_it(
    url: Path, what: str, acted: bool, way: str, resend: bool
) -> None:
    acted = acted and what not in ("refused", "slow_down", "not_found")

    async def scenario() -> None:
        venue = FakeVenue()
        gateway = FakeGateway(venue, in_place=way == "in_place")
        policy = replace(QUICK, venue_replaces=way == "by the venue", resend=resend)
        async with working(url, venue, gateway=gateway, policy=policy) as (manager, _):
            order = await manager.place(limit(5))
            venue.muted = True
            venue.fault("amend", what, acted=acted)
            venue.fault("cancel", what, acted=acted)
            with contextlib.suppress(Unknown, Rejected):
                await manager.amend(order.key, price=D(91))
            venue.faults.clear()
            await agreed(manager, venue)
            assert sum(not one.status.is_final for one in venue.orders.values()) <= 1

    run(scenario())


def test_a_caller_that_gives_up_waiting_leaves_nothing_half_done(url: Path) -> None:
    async def scenario() -> None:
        async with working(url) as (manager, venue):
            for _ in range(20):
                task = asyncio.ensure_future(manager.place(limit()))
                await asyncio.sleep(0)
                await asyncio.sleep(0)
                task.cancel()
                await asyncio.gather(task, return_exceptions=True)
            await agreed(manager, venue)
            assert len(manager.journal.read.orders()) == len(venue.orders)

    run(scenario())


# -- what is heard ----------------------------------------------------------------------------------
def test_events_twice_and_in_any_order_count_once(url: Path) -> None:
    async def scenario() -> None:
        venue = FakeVenue(repeats=3)
        gateway = FakeGateway(venue)
        gateway.shuffle = lambda box: box.reverse()
        async with working(url, venue, gateway=gateway) as (manager, _):
            order = await manager.place(limit(5))
            for _ in range(4):
                venue.fill(order.key, 1)
            await asyncio.sleep(0.05)
            assert manager.order(order.key).filled == 4  # type: ignore[union-attr]
            await manager.cancel(order.key)
            await agreed(manager, venue)
            assert manager.journal.read.incidents() == []

    run(scenario())


def test_what_happens_while_the_link_is_down_is_made_up_for_when_it_is_up(url: Path) -> None:
    async def scenario() -> None:
        async with working(url) as (manager, venue):
            filled, cancelled, partly, stays = [await manager.place(limit(2)) for _ in range(4)]
            venue.drop()
            venue.fill(filled.key)
            venue.end(venue.by_client(cancelled.key))  # type: ignore[arg-type]
            venue.fill(partly.key, 1)
            foreign = venue.external()
            await asyncio.sleep(0.02)
            venue.link()
            await asyncio.sleep(0.1)
            names = [manager.order(one.key).name for one in (filled, cancelled, partly, stays)]  # type: ignore[union-attr]
            assert names == ["Completed", "Canceled", "Partial", "Accepted"]
            assert manager.open_orders(foreign=True)[-1].venue_id == foreign
            await agreed(manager, venue)

    run(scenario())


def test_a_stream_that_fails_is_begun_again(url: Path) -> None:
    async def scenario() -> None:
        async with working(url) as (manager, venue):
            order = await manager.place(limit())
            venue.outbox[0].append(RuntimeError("a mistake in the gateway"))
            await asyncio.sleep(0.05)
            venue.fill(order.key)  # nobody listens
            await asyncio.sleep(0.3)
            assert manager.order(order.key).name == "Completed"  # type: ignore[union-attr]
            await agreed(manager, venue)

    run(scenario())


def test_a_stream_that_the_venue_refuses_stops_trading(url: Path) -> None:
    async def scenario() -> None:
        async with working(url) as (manager, venue):
            venue.outbox[0].append(AuthFailed("Invalid API-key."))
            await asyncio.sleep(0.05)
            assert "does not let us listen: Invalid API-key." in manager.halted
            assert (await manager.place(limit())).name == "Rejected"

    run(scenario())


def test_fills_of_others_are_counted_and_their_orders_found(url: Path) -> None:
    async def scenario() -> None:
        async with working(url) as (manager, venue):
            venue.external(2, 95, client_id="web_7")
            venue.fill("web_7", 1)
            await asyncio.sleep(0.05)
            venue.muted = True
            venue.fill("web_7", 1)
            await agreed(manager, venue)
            kinds = [one["kind"] for one in manager.journal.read.incidents()]
            assert kinds.count("foreign_order") == 1 and "balance_differs" not in kinds
            assert not manager.halted

    run(scenario())


# -- what is not sent -------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("intent", "sentence"),
    [
        (limit("0.0005"), "no multiple of"),
        (limit(symbol="BTC/USD"), "BTC/USD is not traded there: did you mean BTC/USDT?"),
        (limit(client_id="has space"), "is no client id for this venue"),
        (limit(client_id="x" * 33), "is no client id for this venue"),
        (limit("0.01", 90), "below the least"),
        (limit(20, 90), "the most for one order is 1000"),
        (market(20), "the most for one order is 1000"),
        (limit(1, None, kind=OrderKind.STOP, stop_price=D(9000)), "the most for one order is 1000"),
    ],
)
def test_an_order_that_breaks_a_rule_is_refused_before_anything_is_sent(
    url: Path, intent: Any, sentence: str
) -> None:
    async def scenario() -> None:
        async with working(url, limits=Limits(notional=D(1000))) as (manager, venue):
            order = await manager.place(intent)
            assert order.name == "Rejected" and sentence in order.reason
            assert "place" not in venue.requests
            assert manager.journal.read.orders()[0]["reason"] == order.reason

    run(scenario())


def test_caps_on_what_stands_and_on_the_rate_hold(url: Path) -> None:
    async def scenario() -> None:
        limits = Limits(open_orders=3, open_notional=D(250), orders_per_second=None, orders_per_minute=None)
        async with working(url, limits=limits) as (manager, _):
            names = [(await manager.place(limit(1, 90))).reason for _ in range(3)]
            assert names[:2] == ["", ""] and "all orders together would be worth 270" in names[2]
            await manager.place(limit(1, 50))
            assert "3 orders stand already" in (await manager.place(limit(1, 6))).reason

    run(scenario())

    async def wild() -> None:
        async with working(url.with_name("b.db"), limits=Limits(orders_per_second=5)) as (manager, venue):
            orders = [await manager.place(limit()) for _ in range(9)]
            assert [order.name for order in orders] == ["Accepted"] * 5 + ["Rejected"] * 4
            assert "is the strategy running wild?" in orders[-1].reason
            assert venue.requests.count("place") == 5

    run(wild())


def test_the_venues_limits_leave_room_for_cancellations(url: Path) -> None:
    async def scenario() -> None:
        async with working(url) as (manager, venue):
            orders = [await manager.place(limit()) for _ in range(3)]
            venue.uses = [RateUse("orders", 1000.0, 80, 100), RateUse("requests", 1000.0, 90, 100)]
            await manager.place(limit())
            refused = await manager.place(limit())
            assert refused.name == "Rejected" and "the venue's limits are used up" in refused.reason
            assert [(await manager.cancel(order.key)).name for order in orders] == ["Canceled"] * 3

    run(scenario())


def test_the_kill_switch_holds_over_a_restart_until_a_person_lets_go(url: Path) -> None:
    async def scenario() -> None:
        venue = FakeVenue()
        async with working(url, venue) as (manager, _):
            order = await manager.place(limit())
            await manager.halt("the owner said so")
            assert "the owner said so" in (await manager.place(limit())).reason
            with pytest.raises(Exception, match="halted: the owner said so"):
                await manager.amend(order.key, price=D(80))
        async with working(url, venue) as (manager, _):
            assert manager.halted == "the owner said so"
            assert (await manager.place(limit())).name == "Rejected"
            assert (await manager.cancel(order.key)).name == "Canceled"
            await manager.resume("the owner")
            assert (await manager.place(limit())).name == "Accepted"
            await manager.halt("again", cancel=True)
            assert all(one.status.is_final for one in venue.orders.values())
        async with working(url, venue, limits=Limits(reducing_when_halted=True)) as (manager, _):
            assert manager.halted == "again"
            assert (await manager.place(limit())).name == "Rejected"
            assert (
                await manager.place(limit(side=Side.SELL, price=110, reduce_only=True))
            ).name == "Accepted"

    run(scenario())


def test_keys_that_are_refused_stop_trading(url: Path) -> None:
    async def scenario() -> None:
        async with working(url) as (manager, venue):
            venue.fault("place", "auth")
            assert (await manager.place(limit())).name == "Rejected"
            assert "Invalid API-key" in manager.halted
            assert (await manager.place(limit())).name == "Rejected"
            assert venue.requests.count("place") == 1

    run(scenario())


def test_nothing_is_sent_without_a_journal_but_cancellations(url: Path) -> None:
    async def scenario() -> None:
        venue = FakeVenue()
        async with working(url, venue) as (manager, _):
            order = await manager.place(limit())
            other = await manager.place(limit())
            manager.journal._writer.failure = JournalError("the disk is full")
            with pytest.raises(JournalError, match="the disk is full"):
                await manager.cancel(order.key)
            assert venue.by_client(order.key).status is VenueStatus.CANCELLED  # type: ignore[union-attr]
            before = len(venue.orders)
            with pytest.raises(JournalError):
                await manager.place(limit())
            assert len(venue.orders) == before and "the disk is full" in manager.halted
            with pytest.raises(JournalError):
                await manager.resume("somebody")
        # what was not written is found at the next start
        async with working(url, venue) as (manager, _):
            await agreed(manager, venue)
            assert manager.order(order.key).name == "Canceled"  # type: ignore[union-attr]
            assert manager.order(other.key).name == "Accepted"  # type: ignore[union-attr]

    run(scenario())


def test_nothing_is_sent_before_both_sides_were_compared(url: Path) -> None:
    async def scenario() -> None:
        venue = FakeVenue()
        venue.fault("open_orders", "timeout")
        gateway = FakeGateway(venue)
        manager = OrderManager(gateway, Journal.open(url, "fake", "main"), policy=QUICK)
        result = await manager.start()
        assert not result.complete and not manager.ready
        assert "not yet compared" in (await manager.place(limit())).reason
        for _ in range(100):
            await asyncio.sleep(0.01)
            if manager.ready:
                break
        assert (await manager.place(limit())).name == "Accepted"
        await manager.stop()

    run(scenario())


def test_nothing_is_sent_while_nothing_is_heard(url: Path) -> None:
    async def scenario() -> None:
        async with working(url, policy=replace(QUICK, blind=0.05)) as (manager, venue):
            venue.drop()
            await asyncio.sleep(0.1)
            assert "nothing was heard of the account for" in (await manager.place(limit())).reason
            venue.link()
            await asyncio.sleep(0.05)
            assert (await manager.place(limit())).name == "Accepted"

    run(scenario())


def test_a_gateway_of_another_account_is_refused(url: Path) -> None:
    async def scenario() -> None:
        manager = OrderManager(FakeGateway(FakeVenue()), Journal.open(url, "fake", "other"))
        with pytest.raises(ConfigError, match="the journal is that of other at fake"):
            await manager.start()
        Journal.open(url, "fake", "other").close()  # the account was let go

    run(scenario())


# -- discrepancies ----------------------------------------------------------------------------------
def test_more_filled_than_ordered_stops_trading(url: Path) -> None:
    async def scenario() -> None:
        async with working(url) as (manager, venue):
            order = await manager.place(limit(1))
            venue.fill(order.key, 1)
            venue.fill(order.key, "0.5")
            await asyncio.sleep(0.02)
            assert manager.order(order.key).filled == D("1.5")  # type: ignore[union-attr]
            assert "1.5 filled of 1 ordered" in manager.halted

    run(scenario())


def test_an_order_of_ours_that_the_journal_does_not_have_stops_trading(url: Path) -> None:
    async def scenario() -> None:
        venue = FakeVenue()
        async with working(url, venue) as (manager, _):
            order = await manager.place(limit())
        async with working(url.with_name("another.db"), venue) as (manager, _):
            await quiet(manager)
            assert order.key in manager.halted
            assert [one["kind"] for one in manager.journal.read.incidents()] == ["unrecorded_order"]
            (adopted,) = manager.open_orders(foreign=True)
            assert adopted.foreign
            await manager.cancel_all()
            assert venue.orders[order.venue_id].status is VenueStatus.OPEN

    run(scenario())


def test_an_order_that_was_given_up_and_stands_is_taken_up_again_with_an_alarm(url: Path) -> None:
    async def scenario() -> None:
        async with working(url) as (manager, venue):
            venue.muted = True
            venue.fault("place", "timeout")
            intent = limit(client_id="late")
            await manager.place(intent)
            assert (await manager.settled("late", 5)).name == "Rejected"
            venue.accept(intent)  # against all rules, the request comes through
            result = await manager.reconcile()
            assert [str(one.kind) for one in result.found] == ["risen"]
            assert manager.order("late").name == "Accepted"  # type: ignore[union-attr]
            assert "risen" in [one["kind"] for one in manager.journal.read.incidents()]
            await agreed(manager, venue)

    run(scenario())


def test_an_order_that_the_venue_forgot_is_given_up_with_an_alarm(url: Path) -> None:
    async def scenario() -> None:
        async with working(url) as (manager, venue):
            order = await manager.place(limit())
            venue.orders.clear()
            await manager.reconcile()
            await quiet(manager)
            assert manager.order(order.key).name == "Canceled"  # type: ignore[union-attr]
            assert "vanished" in [one["kind"] for one in manager.journal.read.incidents()]

    run(scenario())


def test_an_amendment_by_somebody_else_is_taken_over_with_a_note(url: Path) -> None:
    async def scenario() -> None:
        async with working(url) as (manager, venue):
            order = await manager.place(limit(5))
            venue.change(venue.by_client(order.key), D(4), D(91))  # type: ignore[arg-type]
            await asyncio.sleep(0.02)
            changed = manager.order(order.key)
            assert changed is not None
            assert (changed.quantity, changed.price) == (4, 91)
            assert [one["kind"] for one in manager.journal.read.incidents()] == ["changed"]
            await agreed(manager, venue)

    run(scenario())


def test_executions_that_the_venue_reports_and_does_not_have_stop_trading(url: Path) -> None:
    async def scenario() -> None:
        async with working(url) as (manager, venue):
            order = await manager.place(limit(5))
            venue.by_client(order.key).filled = D(1)  # type: ignore[union-attr]
            await manager.reconcile()
            await quiet(manager)
            assert "1 reported as filled, executions for 0" in manager.halted

    run(scenario())


def test_a_position_that_fills_do_not_explain_stops_trading(url: Path) -> None:
    async def scenario() -> None:
        venue = FakeVenue(instrument=PERPETUAL)
        async with working(url, venue) as (manager, _):
            await manager.place(market(2, symbol=PERPETUAL.symbol))
            await agreed(manager, venue)
            assert manager.holdings.position(PERPETUAL.symbol) == 2
        venue.external(3, 100)
        venue.fill("web_1")  # while we were away
        async with working(url, venue) as (manager, _):
            await agreed(manager, venue)
            assert manager.holdings.position(PERPETUAL.symbol) == 5 and not manager.halted
            venue.position -= 1  # liquidated without a fill
            result = await manager.reconcile()
            assert [str(one.kind) for one in result.found] == ["position_differs"]
            assert "holds 4, expected were 5" in manager.halted
            await manager.resume("the owner")
            assert (await manager.reconcile()).found == []

    run(scenario())


def test_money_paid_in_is_noted_and_fills_explain_the_rest(url: Path) -> None:
    async def scenario() -> None:
        async with working(url) as (manager, venue):
            await manager.place(market(2))
            assert (await manager.reconcile()).found == []
            venue.money["USDT"] += 50
            result = await manager.reconcile()
            assert [(str(one.kind), one.symbol) for one in result.found] == [("balance_differs", "USDT")]
            assert not manager.halted and (await manager.reconcile()).found == []

    run(scenario())


def test_the_policy_says_what_is_done(url: Path) -> None:
    handling = dict(QUICK.handling) | {Discrepant.FOREIGN_ORDER: Handling.HALT}

    async def scenario() -> None:
        async with working(url, policy=replace(QUICK, handling=handling)) as (manager, venue):
            venue.external()
            await asyncio.sleep(0.02)
            assert "is not in the journal" in manager.halted

    run(scenario())


# -- restarts ---------------------------------------------------------------------------------------
def test_a_restart_takes_up_everything_where_it_was(url: Path) -> None:
    async def scenario() -> None:
        venue = FakeVenue()
        async with working(url, venue) as (manager, _):
            orders = [await manager.place(limit(2)) for _ in range(4)]
        venue.fill(orders[0].key)
        venue.fill(orders[1].key, 1)
        venue.end(venue.by_client(orders[2].key))  # type: ignore[arg-type]
        async with working(url, venue) as (manager, _):
            names = [manager.order(one.key).name for one in orders]  # type: ignore[union-attr]
            assert names == ["Completed", "Partial", "Canceled", "Accepted"]
            await agreed(manager, venue)
            assert {row["kind"] for row in manager.journal.read.incidents()} <= {"missed_fill", "gone_order"}

    run(scenario())


def test_late_fills_of_orders_that_left_memory_are_counted_once(url: Path) -> None:
    async def scenario() -> None:
        async with working(url, policy=replace(QUICK, keep=0)) as (manager, venue):
            order = await manager.place(limit(2))
            venue.fill(order.key, 1)
            await asyncio.sleep(0.02)
            await manager.cancel(order.key)
            manager.recorder.book.forget(0)
            assert order.key not in manager.recorder.book
            await agreed(manager, venue)  # the scan brings the fill again
            assert manager.order(order.key).filled == 1  # type: ignore[union-attr]

    run(scenario())


def test_the_journal_alone_tells_the_story(url: Path) -> None:
    async def scenario() -> None:
        venue = FakeVenue()
        async with working(url, venue) as (manager, _):
            order = await manager.place(limit(1, client_id="a"))
            venue.fill("a")
            await agreed(manager, venue)
            kinds = [one.kind for one in manager.journal.read.events(["a"])]
            assert kinds[:2] == ["intended", "sent"] and "filled" in kinds and "reported" in kinds
            (row,) = manager.journal.read.orders()
            assert (row["status"], row["average_price"], row["filled"]) == (states.COMPLETED, 90, 1)
            assert disagreements(manager, truth_of(venue)) == []
            # and the proof can fail
            venue.trades.pop()
            assert any("not the venue's" in one for one in disagreements(manager, truth_of(venue)))
            del order

    run(scenario())
