"""The last look before an order leaves: the switch, its cancellation, its age; and the time asleep."""

from __future__ import annotations

import asyncio
import contextlib
from concurrent.futures import Future
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from real_trade.oms import OrderManager, clock
from tests.live.desk import QUICK, agreed, limit, working
from tests.live.fake import FakeGateway, FakeVenue

D = Decimal


def run(scenario: Any) -> None:
    asyncio.run(scenario)


class Slept:
    """A clock that jumps while the machine sleeps: ``monotonic`` of some systems does not."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.seconds, awake = 0.0, clock.elapsed
        patch.setattr(clock, "elapsed", lambda: awake() + self.seconds)


def hold_writing(manager: OrderManager) -> asyncio.Event:
    """Let nothing reach the disk until the event is set."""
    let_go, submit = asyncio.Event(), manager.journal.submit
    loop, tasks = asyncio.get_running_loop(), []

    def slow(items: Any) -> Future[None]:
        done: Future[None] = Future()

        async def later() -> None:
            await let_go.wait()
            inner = submit(items)
            await asyncio.wrap_future(inner)
            done.set_result(None)

        tasks.append(loop.create_task(later()))
        return done

    manager.journal.submit = slow  # type: ignore[method-assign]
    return let_go


def test_the_switch_holds_for_orders_that_are_just_written_down(url: Path) -> None:
    async def scenario() -> None:
        async with working(url) as (manager, venue):
            let_go = hold_writing(manager)
            placing = asyncio.ensure_future(manager.place_batch([limit(), limit()]))
            await asyncio.sleep(0.01)
            halting = asyncio.ensure_future(manager.halt("enough"))
            await asyncio.sleep(0.01)
            let_go.set()
            orders = await placing
            await halting
            assert not venue.orders
            assert {one.name for one in orders} == {"Canceled"}
            assert "enough" in orders[0].reason

    run(scenario())


@pytest.mark.parametrize("batch", [1, 2])
def test_the_switch_holds_in_the_middle_of_a_batch(url: Path, batch: int) -> None:
    async def scenario() -> None:
        venue = FakeVenue()
        async with working(url, venue, gateway=FakeGateway(venue, batch=batch)) as (manager, _):
            accept = venue.accept

            def first(intent: Any) -> Any:
                manager.recorder.halt("enough")
                return accept(intent)

            venue.accept = first  # type: ignore[method-assign]
            orders = await manager.place_batch([limit() for _ in range(6)])
            assert len(venue.orders) == batch
            assert [one.name for one in orders[batch:]] == ["Canceled"] * (6 - batch)

    run(scenario())


def test_a_refused_key_ends_a_batch(url: Path) -> None:
    async def scenario() -> None:
        venue = FakeVenue()
        async with working(url, venue, gateway=FakeGateway(venue, batch=1)) as (manager, _):
            venue.fault("place", "auth")
            await manager.place_batch([limit() for _ in range(4)])
            assert venue.requests.count("place") == 1

    run(scenario())


@pytest.mark.parametrize("how", ["halt", "cancel"])
def test_an_order_that_the_venue_puts_off_is_not_repeated_if_it_is_no_longer_wanted(
    url: Path, how: str
) -> None:
    async def scenario() -> None:
        async with working(url) as (manager, venue):
            venue.fault("place", "slow_down")
            placing = asyncio.ensure_future(manager.place(limit(client_id="mine")))
            while "place" not in venue.requests:
                await asyncio.sleep(0)
            ending = manager.halt("enough") if how == "halt" else manager.cancel("mine")
            await asyncio.gather(placing, ending)
            assert venue.requests.count("place") == 1 and not venue.orders
            assert (await manager.settled("mine")).final

    run(scenario())


def test_a_batch_that_is_cancelled_before_it_leaves_does_not_leave(url: Path) -> None:
    async def scenario() -> None:
        async with working(url) as (manager, venue):
            placing = asyncio.ensure_future(manager.place_batch([limit(), limit()]))
            while not manager.open_orders():
                await asyncio.sleep(0)
            await asyncio.gather(placing, manager.cancel_all())
            assert not venue.orders
            assert not manager.open_orders()

    run(scenario())


def test_the_last_of_many_orders_is_not_sent_when_it_is_old(url: Path) -> None:
    async def scenario() -> None:
        venue = FakeVenue()
        policy = replace(QUICK, stale=0.15, answer_timeout=0.1)
        async with working(url, venue, policy=policy, gateway=FakeGateway(venue, batch=1)) as (manager, _):
            for _ in range(3):
                venue.fault("place", "hang")
            orders = await manager.place_batch([limit() for _ in range(5)])
            assert venue.requests.count("place") == 2
            assert [one.name for one in orders[2:]] == ["Canceled"] * 3
            assert "too old" in orders[-1].reason
            await agreed(manager, venue)

    run(scenario())


def test_a_machine_that_slept_before_an_order_left_does_not_send_it(
    url: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    slept = Slept(monkeypatch)

    async def scenario() -> None:
        async with working(url) as (manager, venue):
            let_go = hold_writing(manager)
            placing = asyncio.ensure_future(manager.place(limit()))
            await asyncio.sleep(0.01)
            slept.seconds += 3600
            let_go.set()
            order = await placing
            assert not venue.orders and order.name == "Canceled"

    run(scenario())


def test_after_a_sleep_nothing_is_sent_before_both_sides_were_compared(
    url: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    slept = Slept(monkeypatch)

    async def scenario() -> None:
        async with working(url, policy=replace(QUICK, reconcile_every=60.0)) as (manager, venue):
            order = await manager.place(limit(3))
            venue.linked = False  # nobody has noticed yet
            slept.seconds += 3600
            venue.fill(order.key, 2)
            refused = await manager.place(limit())
            assert refused.name == "Rejected" and "asleep" in refused.reason
            for _ in range(300):
                if manager.ready:
                    break
                await asyncio.sleep(0.01)
            after = manager.order(order.key)
            assert after is not None and after.filled == 2
            assert (await manager.place(limit())).name == "Accepted"

    run(scenario())


def test_a_cancellation_does_not_wait_for_a_database_that_hangs(url: Path) -> None:
    async def scenario() -> None:
        policy = replace(QUICK, stale=0.1)
        async with working(url, policy=policy) as (manager, venue):
            first, second = [await manager.place(limit()) for _ in range(2)]
            let_go = hold_writing(manager)
            ending = asyncio.ensure_future(manager.cancel(first.key))
            await asyncio.sleep(0.3)
            assert [one.status.is_final for one in venue.orders.values()] == [True, False]
            halting = asyncio.ensure_future(manager.halt("now", cancel=True))
            await asyncio.sleep(0.4)
            assert all(one.status.is_final for one in venue.orders.values())
            let_go.set()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(asyncio.gather(ending, halting), 2)
            assert second.key

    run(scenario())


@pytest.mark.parametrize("way", ["by the venue", "in place"])
def test_a_change_that_takes_long_to_write_down_is_made_all_the_same(url: Path, way: str) -> None:
    async def scenario() -> None:
        venue = FakeVenue()
        gateway = FakeGateway(venue, in_place=way == "in place")
        policy = replace(QUICK, venue_replaces=way == "by the venue")
        async with working(url, venue, policy=policy, gateway=gateway) as (manager, _):
            order = await manager.place(limit(2))
            let_go = hold_writing(manager)
            changing = asyncio.ensure_future(manager.amend(order.key, price=D(91)))
            await asyncio.sleep(0.1)  # long enough for questions about what is under way
            let_go.set()
            changed = await changing
            assert (changed.name, changed.price) == ("Accepted", 91), changed.reason
            await agreed(manager, venue)

    run(scenario())
