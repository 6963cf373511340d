"""The suite: orders that are cancelled and changed."""

from __future__ import annotations

import asyncio
import contextlib
from typing import Any

import pytest

from ...errors import NotFound, Rejected
from ...model import OrderIntent, OrderReport, Side, VenueStatus
from ..capability import Capability
from .stage import ZERO, Chapter, Stage, case

__all__ = ["ChangingChapter"]

AMEND = Capability.AMEND


async def amend(stage: Stage, intent: OrderIntent, **changes: Any) -> OrderReport:
    """Change an order, and see that the answer names the order that stands now."""
    new = stage.new_id()
    report = await stage.gateway.amend(stage.symbol, client_id=intent.client_id, new_client_id=new, **changes)
    assert report.client_id == (intent.client_id if stage.gateway.amends_in_place else new)
    return report


async def standing(stage: Stage) -> list[tuple[Any, Any]]:
    """Price and what is left of every open order."""
    return [(one.price, one.remaining) for one in await stage.gateway.open_orders(stage.symbol)]


async def partly(stage: Stage) -> OrderIntent:
    """An order of three units of which one is filled."""
    intent = stage.resting(quantity=stage.unit * 3)
    await stage.gateway.place(intent)
    await stage.fill(intent.client_id, stage.unit)
    await stage.eventually(intent.client_id, VenueStatus.PARTIAL)
    return intent


class ChangingChapter(Chapter):
    """Cancelling and amending."""

    @case()
    async def test_an_order_is_cancelled_by_our_id(self, stage: Stage) -> None:
        intent = stage.resting()
        placed = await stage.gateway.place(intent)
        report = await stage.gateway.cancel(stage.symbol, client_id=intent.client_id)
        assert report.status is VenueStatus.CANCELLED
        # the order's own id, not that of the request
        assert (report.client_id, report.venue_id) == (intent.client_id, placed.venue_id)
        assert stage.truth(intent.client_id) == (VenueStatus.CANCELLED, ZERO)

    @case()
    async def test_an_order_is_cancelled_by_the_venues_id(self, stage: Stage) -> None:
        intent = stage.resting()
        placed = await stage.gateway.place(intent)
        report = await stage.gateway.cancel(stage.symbol, venue_id=placed.venue_id)
        assert (report.client_id, report.status) == (intent.client_id, VenueStatus.CANCELLED)

    @case()
    async def test_a_cancelled_order_keeps_what_was_filled(self, stage: Stage) -> None:
        intent = await partly(stage)
        report = await stage.gateway.cancel(stage.symbol, client_id=intent.client_id)
        assert (report.status, report.filled) == (VenueStatus.CANCELLED, stage.unit)

    @case()
    async def test_a_filled_order_cannot_be_cancelled(self, stage: Stage) -> None:
        intent = stage.order(Side.BUY)
        await stage.gateway.place(intent)
        await stage.eventually(intent.client_id, VenueStatus.FILLED)
        with pytest.raises(NotFound):
            await stage.gateway.cancel(stage.symbol, client_id=intent.client_id)

    @case()
    async def test_an_order_is_cancelled_once(self, stage: Stage) -> None:
        intent = stage.resting()
        await stage.gateway.place(intent)
        await stage.gateway.cancel(stage.symbol, client_id=intent.client_id)
        with pytest.raises(NotFound):
            await stage.gateway.cancel(stage.symbol, client_id=intent.client_id)

    @case()
    async def test_two_cancellations_at_once_are_one(self, stage: Stage) -> None:
        intent = stage.resting()
        await stage.gateway.place(intent)
        cancel = stage.gateway.cancel
        answers = await asyncio.gather(
            *(cancel(stage.symbol, client_id=intent.client_id) for _ in range(2)), return_exceptions=True
        )
        assert sorted(type(answer).__name__ for answer in answers) == ["NotFound", "OrderReport"]

    @case()
    @pytest.mark.parametrize("action", ["cancel", "amend", "order"])
    async def test_an_order_that_never_was_is_not_found(self, stage: Stage, action: str) -> None:
        changes = {"price": stage.price, "new_client_id": stage.new_id()} if action == "amend" else {}
        for names in ({"client_id": stage.new_id()}, {"venue_id": "123456789"}):
            if action != "amend" or AMEND in stage.gateway.capabilities:
                with pytest.raises(NotFound):
                    await getattr(stage.gateway, action)(stage.symbol, **names, **changes)

    @case()
    @pytest.mark.parametrize("action", ["cancel", "order"])
    async def test_an_unknown_symbol_is_refused_everywhere(self, stage: Stage, action: str) -> None:
        with pytest.raises(Rejected, match="NO/SUCH is not traded"):
            await getattr(stage.gateway, action)("NO/SUCH", client_id=stage.new_id())

    # -- amending ------------------------------------------------------------------------------------
    @case(AMEND)
    async def test_the_price_is_changed(self, stage: Stage) -> None:
        intent = stage.resting()
        await stage.gateway.place(intent)
        report = await amend(stage, intent, price=stage.away(-3))
        assert (report.price, report.quantity) == (stage.away(-3), intent.quantity)
        assert await standing(stage) == [(stage.away(-3), intent.quantity)]

    @case(AMEND)
    @pytest.mark.parametrize("units", [1, 5])
    async def test_the_quantity_is_changed(self, stage: Stage, units: int) -> None:
        intent = stage.resting(quantity=stage.unit * 3)
        await stage.gateway.place(intent)
        await amend(stage, intent, quantity=stage.unit * units)
        assert await standing(stage) == [(intent.price, stage.unit * units)]

    @case(AMEND)
    async def test_both_are_changed(self, stage: Stage) -> None:
        intent = stage.resting()
        await stage.gateway.place(intent)
        await amend(stage, intent, quantity=stage.unit * 2, price=stage.away(-3))
        assert await standing(stage) == [(stage.away(-3), stage.unit * 2)]

    @case(AMEND)
    async def test_an_order_is_changed_by_the_venues_id(self, stage: Stage) -> None:
        placed = await stage.gateway.place(stage.resting())
        new = stage.new_id()
        await stage.gateway.amend(
            stage.symbol, venue_id=placed.venue_id, price=stage.away(-3), new_client_id=new
        )
        assert [price for price, _ in await standing(stage)] == [stage.away(-3)]

    @case(AMEND)
    async def test_the_quantity_counts_what_is_filled(self, stage: Stage) -> None:
        intent = await partly(stage)
        await amend(stage, intent, quantity=stage.unit * 4)
        assert await standing(stage) == [(intent.price, stage.unit * 3)]
        fills = await stage.gateway.fills(stage.symbol)
        assert sum(one.quantity for one in fills) == stage.unit

    @case(AMEND)
    async def test_a_changed_price_leaves_only_the_rest_open(self, stage: Stage) -> None:
        intent = await partly(stage)
        await amend(stage, intent, price=stage.away(-3))
        assert await standing(stage) == [(stage.away(-3), stage.unit * 2)]

    @case(AMEND)
    async def test_less_than_is_filled_is_refused_and_the_order_stands(self, stage: Stage) -> None:
        intent = await partly(stage)
        with pytest.raises(Rejected):
            await amend(stage, intent, quantity=stage.unit)
        assert await standing(stage) == [(intent.price, stage.unit * 2)]

    @case(AMEND)
    async def test_a_bad_price_is_refused_and_the_order_stands(self, stage: Stage) -> None:
        intent = stage.resting()
        await stage.gateway.place(intent)
        with pytest.raises(Rejected):
            await amend(stage, intent, price=stage.away(-3) + stage.instrument.tick / 10)
        assert await standing(stage) == [(intent.price, intent.quantity)]

    @case(AMEND)
    async def test_an_order_that_is_over_cannot_be_changed(self, stage: Stage) -> None:
        filled, cancelled = stage.order(Side.BUY), stage.resting()
        await stage.gateway.place(filled)
        await stage.eventually(filled.client_id, VenueStatus.FILLED)
        await stage.gateway.place(cancelled)
        await stage.gateway.cancel(stage.symbol, client_id=cancelled.client_id)
        for intent in (filled, cancelled):
            with pytest.raises(NotFound):
                await amend(stage, intent, price=stage.away(-3))
        assert not await stage.gateway.open_orders(stage.symbol)

    @case(AMEND)
    async def test_a_change_into_what_it_is_leaves_one_order(self, stage: Stage) -> None:
        intent = stage.resting()
        await stage.gateway.place(intent)
        await amend(stage, intent, price=intent.price, quantity=intent.quantity)
        assert await standing(stage) == [(intent.price, intent.quantity)]

    @case(AMEND)
    async def test_a_change_through_the_market_is_filled(self, stage: Stage) -> None:
        intent = stage.resting()
        await stage.gateway.place(intent)
        report = await amend(stage, intent, price=stage.away(2))
        report = await stage.eventually(report.client_id, VenueStatus.FILLED)
        assert report.average_price < stage.away(2)

    @case(AMEND, Capability.POST_ONLY)
    async def test_post_only_stays_post_only(self, stage: Stage) -> None:
        intent = stage.resting(post_only=True)
        await stage.gateway.place(intent)
        with contextlib.suppress(Rejected):
            await stage.gateway.amend(
                stage.symbol,
                client_id=intent.client_id,
                price=stage.away(2),
                new_client_id=stage.new_id(),
            )
        assert not await stage.gateway.fills(stage.symbol)

    @case(AMEND)
    async def test_a_fill_during_the_change_is_not_ordered_again(self, stage: Stage) -> None:
        intent = stage.resting(quantity=stage.unit * 3)
        await stage.gateway.place(intent)
        new = stage.new_id()

        async def change() -> None:
            await stage.gateway.amend(
                stage.symbol, client_id=intent.client_id, price=stage.away(-3), new_client_id=new
            )

        changing = asyncio.ensure_future(change())
        await asyncio.sleep(0)
        with contextlib.suppress(LookupError):  # the change may be quicker
            await stage.fill(intent.client_id, stage.unit)
        await asyncio.gather(changing, return_exceptions=True)
        filled = sum(one.quantity for one in await stage.gateway.fills(stage.symbol))
        left = sum(one.remaining for one in await stage.gateway.open_orders(stage.symbol))
        assert filled + left == stage.unit * 3
