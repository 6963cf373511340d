"""The suite: what becomes of orders that are placed."""

from __future__ import annotations

import asyncio
import contextlib
from decimal import Decimal

import pytest

from ...errors import Rejected
from ...model import OrderKind, OrderReport, Side, TimeInForce, VenueStatus
from ..capability import Capability
from .stage import ZERO, Chapter, Stage, case, until

__all__ = ["PlacingChapter"]

IOC, FOK = TimeInForce.IOC, TimeInForce.FOK


async def refused(stage: Stage, **order: object) -> Rejected:
    """Place it, and see that it is refused without the venue having taken anything."""
    before = stage.placed()
    intent = stage.order(**order)  # type: ignore[arg-type]
    with pytest.raises(Rejected) as caught:
        await stage.gateway.place(intent)
    assert stage.placed() == before
    assert not caught.value.exists
    assert stage.symbol in str(caught.value) or caught.value.code
    return caught.value


class PlacingChapter(Chapter):
    """Placing."""

    # -- the ordinary ------------------------------------------------------------------------------
    @case()
    async def test_a_limit_order_away_from_the_market_rests(self, stage: Stage) -> None:
        intent = stage.resting()
        report = await stage.gateway.place(intent)
        assert report.status is VenueStatus.OPEN
        assert (report.symbol, report.client_id) == (stage.symbol, intent.client_id)
        assert report.venue_id
        assert (report.quantity, report.filled, report.price) == (intent.quantity, ZERO, intent.price)
        assert (report.side, report.kind) == (Side.BUY, OrderKind.LIMIT)
        assert stage.truth(intent.client_id) == (VenueStatus.OPEN, ZERO)

    @case()
    async def test_a_market_purchase_is_filled(self, stage: Stage) -> None:
        intent = stage.order(Side.BUY)
        await stage.gateway.place(intent)
        report = await stage.eventually(intent.client_id, VenueStatus.FILLED)
        # in units of what is bought, not of money
        assert report.quantity == report.filled == intent.quantity
        assert report.average_price >= stage.price

    @case()
    async def test_a_market_sale_is_filled(self, stage: Stage) -> None:
        intent = stage.order(Side.SELL)
        await stage.gateway.place(intent)
        report = await stage.eventually(intent.client_id, VenueStatus.FILLED)
        assert report.filled == intent.quantity
        assert report.average_price <= stage.price

    @case()
    async def test_a_limit_order_through_the_market_gets_the_better_price(self, stage: Stage) -> None:
        intent = stage.order(Side.BUY, stage.away(2))
        await stage.gateway.place(intent)
        report = await stage.eventually(intent.client_id, VenueStatus.FILLED)
        assert report.average_price < intent.price

    @case()
    async def test_a_sale_that_rests(self, stage: Stage) -> None:
        intent = stage.order(Side.SELL, stage.away(2))
        report = await stage.gateway.place(intent)
        assert (report.status, report.side, report.price) == (VenueStatus.OPEN, Side.SELL, intent.price)

    @case()
    async def test_a_resting_order_is_filled_in_parts(self, stage: Stage) -> None:
        intent = stage.resting(quantity=stage.unit * 3)
        await stage.gateway.place(intent)
        await stage.fill(intent.client_id, stage.unit)
        report = await stage.eventually(intent.client_id, VenueStatus.PARTIAL)
        assert (report.filled, report.remaining) == (stage.unit, stage.unit * 2)
        await stage.fill(intent.client_id)
        report = await stage.eventually(intent.client_id, VenueStatus.FILLED)
        assert report.filled == report.quantity
        assert report.average_price == intent.price

    @case()
    async def test_a_resting_order_is_filled_when_the_market_comes(self, stage: Stage) -> None:
        intent = stage.resting()
        await stage.gateway.place(intent)
        await stage.move(stage.away(-3))
        report = await stage.eventually(intent.client_id, VenueStatus.FILLED)
        assert report.average_price == intent.price

    @case()
    async def test_twenty_at_once_are_twenty(self, stage: Stage) -> None:
        intents = [stage.resting() for _ in range(20)]
        reports = await asyncio.gather(*(stage.gateway.place(intent) for intent in intents))
        assert [report.client_id for report in reports] == [intent.client_id for intent in intents]
        assert len({report.venue_id for report in reports}) == 20
        assert len(await stage.gateway.open_orders(stage.symbol)) == 20

    @case()
    async def test_several_in_one_call_are_answered_in_order(self, stage: Stage) -> None:
        intents = [stage.resting() for _ in range(stage.gateway.batch_size * 2 + 1)]
        answers = await stage.gateway.place_batch(intents)
        assert [getattr(answer, "client_id", answer) for answer in answers] == [
            one.client_id for one in intents
        ]

    @case()
    async def test_a_bad_one_among_good_ones_is_alone(self, stage: Stage) -> None:
        good, taken, also = stage.resting(), stage.resting(), stage.resting()
        await stage.gateway.place(taken)
        tiny = stage.resting(quantity=stage.instrument.step / 2)
        answers = await stage.gateway.place_batch([good, taken, tiny, also])
        assert [type(answer) for answer in answers] == [OrderReport, Rejected, Rejected, OrderReport]
        assert getattr(answers[1], "exists", False)
        assert len(await stage.gateway.open_orders(stage.symbol)) == 3

    # -- exactness ---------------------------------------------------------------------------------
    @case()
    async def test_amounts_come_back_as_they_went(self, stage: Stage) -> None:
        instrument = stage.instrument
        price, quantity = stage.away(-2) + instrument.tick * 7, stage.unit + instrument.step * 3
        intent = stage.order(Side.BUY, price, quantity=quantity)
        await stage.gateway.place(intent)
        report = await stage.gateway.order(stage.symbol, client_id=intent.client_id)
        assert {type(report.price), type(report.quantity)} == {Decimal}
        assert (report.price, report.quantity) == (price, quantity)

    @case()
    async def test_a_quantity_that_is_too_fine_is_refused(self, stage: Stage) -> None:
        error = await refused(stage, price=stage.away(-2), quantity=stage.unit + stage.instrument.step / 10)
        assert str(stage.instrument.step) in str(error)

    @case()
    async def test_a_price_that_is_too_fine_is_refused(self, stage: Stage) -> None:
        await refused(stage, price=stage.away(-2) + stage.instrument.tick / 10)

    @case()
    async def test_a_quantity_below_the_least_is_refused(self, stage: Stage) -> None:
        await refused(stage, price=stage.away(-2), quantity=stage.instrument.min_quantity / 2)

    @case()
    async def test_a_quantity_above_the_most_is_refused(self, stage: Stage) -> None:
        most = stage.instrument.max_quantity
        if most:
            await refused(stage, price=stage.away(-2), quantity=most * 2)

    @case()
    async def test_an_order_worth_too_little_is_refused(self, stage: Stage) -> None:
        error = await refused(stage, price=stage.away(-2), quantity=stage.instrument.min_quantity)
        assert "worth" in str(error)

    @case()
    @pytest.mark.parametrize("quantity", ["0", "-1", "NaN", "Infinity", "1E+40", "1E-40"])
    async def test_a_quantity_that_is_none_is_refused(self, stage: Stage, quantity: str) -> None:
        await refused(stage, price=stage.away(-2), quantity=Decimal(quantity))

    @case()
    @pytest.mark.parametrize("price", ["0", "-5", "NaN", "Infinity", "1E+40"])
    async def test_a_price_that_is_none_is_refused(self, stage: Stage, price: str) -> None:
        await refused(stage, price=Decimal(price))

    # -- what makes no sense -------------------------------------------------------------------------
    @case()
    async def test_a_symbol_that_is_not_traded_is_refused_with_a_hint(self, stage: Stage) -> None:
        intent = stage.order(Side.BUY, stage.price, symbol=stage.symbol.replace("USD", "UDS"))
        with pytest.raises(Rejected, match=f"did you mean {stage.symbol}"):
            await stage.gateway.place(intent)
        assert stage.placed() == 0

    @case()
    async def test_an_id_that_is_open_already_is_refused_as_such(self, stage: Stage) -> None:
        intent = stage.resting()
        await stage.gateway.place(intent)
        with pytest.raises(Rejected) as caught:
            await stage.gateway.place(intent)
        assert caught.value.exists
        assert stage.placed() == 1

    @case()
    async def test_an_order_without_a_client_id_is_refused(self, stage: Stage) -> None:
        await refused(stage, price=stage.away(-2), client_id="")

    @case()
    async def test_a_market_order_with_a_price_is_refused(self, stage: Stage) -> None:
        await refused(stage, price=stage.price, kind=OrderKind.MARKET)

    @case()
    async def test_a_limit_order_without_a_price_is_refused(self, stage: Stage) -> None:
        await refused(stage, kind=OrderKind.LIMIT)

    @case()
    async def test_an_order_without_the_money_for_it_is_refused(self, stage: Stage) -> None:
        quantity = stage.instrument.round_quantity(
            min(stage.instrument.max_quantity or Decimal(10**6), stage.unit * 10**5)
        )
        error = await refused(stage, price=stage.away(-2), quantity=quantity)
        assert error.code

    @case(lacks=Capability.DAY)
    async def test_day_orders_are_refused_where_there_are_none(self, stage: Stage) -> None:
        await refused(stage, price=stage.away(-2), time_in_force=TimeInForce.DAY)

    # -- for how long ------------------------------------------------------------------------------
    @case(Capability.IOC)
    async def test_what_cannot_be_had_at_once_ends(self, stage: Stage) -> None:
        limit = stage.instrument.round_price(stage.price * Decimal("1.0001"))
        intent = stage.order(Side.BUY, limit, quantity=stage.depth * 2, time_in_force=IOC)
        await stage.gateway.place(intent)

        async def over() -> OrderReport | None:
            report = await stage.gateway.order(stage.symbol, client_id=intent.client_id)
            return report if report.status.is_final else None

        report = await until(over)
        assert report.status in (VenueStatus.EXPIRED, VenueStatus.CANCELLED)
        assert 0 < report.filled < report.quantity

    @case(Capability.IOC)
    async def test_nothing_at_once_is_nothing(self, stage: Stage) -> None:
        intent = stage.resting(time_in_force=IOC)
        report = await stage.gateway.place(intent)
        report = await stage.gateway.order(stage.symbol, client_id=report.client_id)
        assert report.status in (VenueStatus.EXPIRED, VenueStatus.CANCELLED)
        assert report.filled == 0

    @case(Capability.FOK)
    async def test_all_or_nothing_is_all(self, stage: Stage) -> None:
        intent = stage.order(Side.BUY, stage.away(2), time_in_force=FOK)
        await stage.gateway.place(intent)
        await stage.eventually(intent.client_id, VenueStatus.FILLED)

    @case(Capability.FOK)
    async def test_all_or_nothing_is_nothing(self, stage: Stage) -> None:
        intent = stage.resting(time_in_force=FOK)
        # some venues refuse what others let expire
        with contextlib.suppress(Rejected):
            report = await stage.gateway.place(intent)
            assert report.status in (VenueStatus.EXPIRED, VenueStatus.CANCELLED)
            assert report.filled == 0
        assert not await stage.gateway.open_orders(stage.symbol)

    @case(Capability.POST_ONLY)
    async def test_post_only_rests(self, stage: Stage) -> None:
        intent = stage.resting(post_only=True)
        report = await stage.gateway.place(intent)
        assert (report.status, report.price) == (VenueStatus.OPEN, intent.price)

    @case(Capability.POST_ONLY)
    async def test_post_only_never_takes(self, stage: Stage) -> None:
        intent = stage.order(Side.BUY, stage.away(1), post_only=True)
        with contextlib.suppress(Rejected):
            report = await stage.gateway.place(intent)
            report = await stage.gateway.order(stage.symbol, client_id=report.client_id)
            assert report.status.is_final
            assert report.filled == 0
        assert not await stage.gateway.open_orders(stage.symbol)
        assert not await stage.gateway.fills(stage.symbol)

    @case(Capability.POST_ONLY)
    async def test_post_only_at_once_makes_no_sense(self, stage: Stage) -> None:
        await refused(stage, price=stage.away(-2), post_only=True, time_in_force=IOC)

    @case(Capability.POST_ONLY)
    async def test_a_market_order_cannot_be_post_only(self, stage: Stage) -> None:
        await refused(stage, post_only=True)
