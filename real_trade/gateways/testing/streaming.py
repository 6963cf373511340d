"""The suite: what a gateway tells without being asked."""

from __future__ import annotations

import asyncio

import pytest

from ...model import Balance, Fill, LinkDown, LinkUp, OrderKind, OrderReport, Position, Side, VenueStatus
from ..capability import Capability
from .stage import Chapter, Stage, case

__all__ = ["StreamingChapter"]


class StreamingChapter(Chapter):
    """Events."""

    @case()
    async def test_it_begins_with_the_link(self, stage: Stage) -> None:
        async with stage.listen() as told:
            assert told.heard[0] == LinkUp(again=False)

    @case()
    async def test_an_order_is_told(self, stage: Stage) -> None:
        async with stage.listen() as told:
            intent = stage.resting()
            placed = await stage.gateway.place(intent)
            event = await told.wait(OrderReport, client_id=intent.client_id)
            assert (event.status, event.venue_id) == (VenueStatus.OPEN, placed.venue_id)
            assert (event.symbol, event.quantity, event.price) == (
                stage.symbol,
                intent.quantity,
                intent.price,
            )

    @case()
    async def test_a_fill_is_told_as_it_is_listed(self, stage: Stage) -> None:
        async with stage.listen() as told:
            intent = stage.order(Side.BUY)
            await stage.gateway.place(intent)
            report = await told.wait(OrderReport, client_id=intent.client_id, status=VenueStatus.FILLED)
            assert report.filled == intent.quantity
            listed = await stage.gateway.fills(stage.symbol)
            heard = told.all(Fill)
            assert {one.key: one for one in heard} == {one.key: one for one in listed}
            assert {one.client_id for one in heard} == {intent.client_id}

    @case()
    async def test_parts_are_told_one_by_one(self, stage: Stage) -> None:
        async with stage.listen() as told:
            intent = stage.resting(quantity=stage.unit * 3)
            await stage.gateway.place(intent)
            for _ in range(3):
                await stage.fill(intent.client_id, stage.unit)
            await told.wait(OrderReport, client_id=intent.client_id, status=VenueStatus.FILLED)
            # none is swallowed by the next
            assert [one.quantity for one in told.all(Fill)] == [stage.unit] * 3
            filled = [one.filled for one in told.all(OrderReport, client_id=intent.client_id)]
            assert filled == sorted(filled)

    @case()
    async def test_a_cancellation_is_told_under_the_orders_id(self, stage: Stage) -> None:
        async with stage.listen() as told:
            intent = stage.resting()
            placed = await stage.gateway.place(intent)
            await stage.gateway.cancel(stage.symbol, client_id=intent.client_id)
            event = await told.wait(OrderReport, status=VenueStatus.CANCELLED)
            assert (event.client_id, event.venue_id) == (intent.client_id, placed.venue_id)

    @case()
    async def test_money_is_told_after_a_fill(self, stage: Stage) -> None:
        cash = stage.instrument.settle or stage.instrument.quote
        async with stage.listen() as told:
            intent = stage.order(Side.BUY)
            await stage.gateway.place(intent)
            await told.wait(OrderReport, client_id=intent.client_id, status=VenueStatus.FILLED)
            await told.wait(Balance, asset=cash)
            await asyncio.sleep(0.1)
            now = (await stage.gateway.balances())[cash]
            assert told.all(Balance, asset=cash)[-1].total == now.total

    @case(Capability.POSITIONS)
    async def test_a_position_is_told_and_its_end_too(self, stage: Stage) -> None:
        async with stage.listen() as told:
            await stage.gateway.place(stage.order(Side.BUY))
            await told.wait(Position, symbol=stage.symbol, quantity=stage.unit)
            await stage.gateway.place(stage.order(Side.SELL))
            await told.wait(Position, symbol=stage.symbol, quantity=stage.unit * 0)

    @case()
    async def test_a_broken_link_is_told_and_mended(self, stage: Stage) -> None:
        async with stage.listen() as told:
            await stage.break_link()
            await told.wait(LinkUp, again=True)
            links = [type(event) for event in told.heard if isinstance(event, LinkUp | LinkDown)]
            assert links == [LinkUp, LinkDown, LinkUp]
            assert told.all(LinkDown)[0].reason
            intent = stage.resting()
            await stage.gateway.place(intent)
            await told.wait(OrderReport, client_id=intent.client_id)

    @case()
    async def test_what_happened_meanwhile_can_be_asked_for(self, stage: Stage) -> None:
        intent = stage.resting()
        async with stage.listen() as told:
            await stage.gateway.place(intent)
            await told.wait(OrderReport, client_id=intent.client_id)
        await stage.fill(intent.client_id)
        report = await stage.eventually(intent.client_id, VenueStatus.FILLED)
        assert report.filled == intent.quantity

    @case()
    async def test_an_order_by_hand_is_told_as_foreign(self, stage: Stage) -> None:
        from ...model import is_ours

        async with stage.listen() as told:
            venue_id = await stage.by_hand(Side.BUY, stage.unit, stage.away(-2))
            event = await told.wait(OrderReport, venue_id=venue_id)
            assert not is_ours(event.client_id)
            assert venue_id in [one.venue_id for one in await stage.gateway.open_orders(stage.symbol)]

    @case(Capability.STOP)
    async def test_a_stop_keeps_its_id_when_it_triggers(self, stage: Stage) -> None:
        async with stage.listen() as told:
            intent = stage.order(Side.BUY, kind=OrderKind.STOP, stop_price=stage.away(2))
            await stage.gateway.place(intent)
            await told.wait(OrderReport, client_id=intent.client_id, status=VenueStatus.OPEN)
            await stage.move(stage.away(3))
            await told.wait(OrderReport, client_id=intent.client_id, status=VenueStatus.FILLED)
            assert {one.client_id for one in told.all(Fill)} == {intent.client_id}
            assert sum(one.quantity for one in told.all(Fill)) == intent.quantity

    @case()
    @pytest.mark.parametrize("amount", [50])
    async def test_many_events_come_in_order(self, stage: Stage, amount: int) -> None:
        async with stage.listen() as told:
            intents = [stage.resting() for _ in range(amount)]
            for intent in intents:
                await stage.gateway.place(intent)
            await told.wait(OrderReport, client_id=intents[-1].client_id)
            heard = [one.client_id for one in told.all(OrderReport)]
            assert list(dict.fromkeys(heard)) == [intent.client_id for intent in intents]
