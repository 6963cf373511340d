"""The suite: what a gateway answers when it is asked."""

from __future__ import annotations

from decimal import Decimal

import pytest

from ...model import Fill, OrderIntent, Side, VenueStatus
from ..capability import Capability
from .stage import Chapter, Stage, case

__all__ = ["AskingChapter"]

POSITIONS = Capability.POSITIONS


async def trade(stage: Stage, side: Side = Side.BUY, quantity: Decimal | None = None) -> OrderIntent:
    """A market order that is filled."""
    intent = stage.order(side, quantity=quantity or stage.unit)
    await stage.gateway.place(intent)
    await stage.eventually(intent.client_id, VenueStatus.FILLED)
    return intent


class AskingChapter(Chapter):
    """Orders, fills, money, positions, prices."""

    @case()
    async def test_an_order_is_found_by_either_id(self, stage: Stage) -> None:
        intent = stage.resting()
        placed = await stage.gateway.place(intent)
        ours = await stage.gateway.order(stage.symbol, client_id=intent.client_id)
        theirs = await stage.gateway.order(stage.symbol, venue_id=placed.venue_id)
        assert ours == theirs
        assert (ours.client_id, ours.venue_id) == (intent.client_id, placed.venue_id)

    @case()
    async def test_an_order_that_is_over_is_still_found(self, stage: Stage) -> None:
        done, ended = await trade(stage), stage.resting()
        await stage.gateway.place(ended)
        await stage.gateway.cancel(stage.symbol, client_id=ended.client_id)
        found = [
            await stage.gateway.order(stage.symbol, client_id=intent.client_id) for intent in (done, ended)
        ]
        assert [one.status for one in found] == [VenueStatus.FILLED, VenueStatus.CANCELLED]

    @case()
    async def test_open_orders_are_those_of_the_symbol_or_all(self, stage: Stage) -> None:
        here = stage.resting()
        await stage.gateway.place(here)
        elsewhere = stage.gateway.instruments[stage.other_symbol]
        last = await stage.gateway.last_price(stage.other_symbol)
        price = elsewhere.round_price(last * Decimal("0.98"))
        least = max(elsewhere.min_quantity, elsewhere.min_notional * 2 / price)
        quantity = elsewhere.round_quantity(least) + elsewhere.step
        there = stage.order(Side.BUY, price, symbol=stage.other_symbol, quantity=quantity)
        await stage.gateway.place(there)
        one = await stage.gateway.open_orders(stage.symbol)
        both = await stage.gateway.open_orders()
        assert [report.client_id for report in one] == [here.client_id]
        assert {(report.symbol, report.client_id) for report in both} == {
            (stage.symbol, here.client_id),
            (stage.other_symbol, there.client_id),
        }

    @case()
    async def test_there_are_no_open_orders_at_first_and_at_last(self, stage: Stage) -> None:
        assert await stage.gateway.open_orders() == []
        intent = stage.resting()
        await stage.gateway.place(intent)
        await stage.gateway.cancel(stage.symbol, client_id=intent.client_id)
        await trade(stage)
        assert await stage.gateway.open_orders() == []

    # -- fills ---------------------------------------------------------------------------------------
    @case()
    async def test_a_fill_says_what_was_traded(self, stage: Stage) -> None:
        intent = await trade(stage)
        order = await stage.gateway.order(stage.symbol, client_id=intent.client_id)
        fills = await stage.gateway.fills(stage.symbol)
        assert sum(one.quantity for one in fills) == intent.quantity
        assert {(one.symbol, one.venue_id, one.side) for one in fills} == {
            (stage.symbol, order.venue_id, Side.BUY)
        }
        worth = sum(one.price * one.quantity for one in fills)
        assert order.average_price is not None
        assert abs(worth / intent.quantity - order.average_price) <= stage.instrument.tick
        assert all(isinstance(one.price, Decimal) and one.fee >= 0 and one.time_ns > 0 for one in fills)
        assert not any(one.maker for one in fills)

    @case()
    async def test_a_resting_order_is_a_maker(self, stage: Stage) -> None:
        intent = stage.resting()
        await stage.gateway.place(intent)
        await stage.fill(intent.client_id)
        await stage.eventually(intent.client_id, VenueStatus.FILLED)
        [fill] = await stage.gateway.fills(stage.symbol)
        assert (fill.maker, fill.price, fill.quantity) == (True, intent.price, intent.quantity)

    @case()
    async def test_every_part_is_a_fill_of_its_own(self, stage: Stage) -> None:
        intent = stage.resting(quantity=stage.unit * 3)
        await stage.gateway.place(intent)
        for _ in range(3):
            await stage.fill(intent.client_id, stage.unit)
        await stage.eventually(intent.client_id, VenueStatus.FILLED)
        fills = await stage.gateway.fills(stage.symbol)
        assert [one.quantity for one in fills] == [stage.unit] * 3
        assert len({one.key for one in fills}) == 3
        assert [one.time_ns for one in fills] == sorted(one.time_ns for one in fills)

    @case()
    async def test_fills_of_another_symbol_are_not_among_them(self, stage: Stage) -> None:
        await trade(stage)
        assert await stage.gateway.fills(stage.other_symbol) == []

    @case()
    async def test_fills_since_a_moment(self, stage: Stage) -> None:
        await trade(stage)
        before = await stage.gateway.fills(stage.symbol)
        await stage.later()
        await trade(stage, Side.SELL)
        every = await stage.gateway.fills(stage.symbol)
        since = await stage.gateway.fills(stage.symbol, before[-1].time_ns + 1_000_000)
        assert every == [*before, *since]
        assert {one.side for one in since} == {Side.SELL}
        assert await stage.gateway.fills(stage.symbol, before[0].time_ns) == every

    @case()
    async def test_more_fills_than_fit_on_a_page(self, stage: Stage) -> None:
        made = await stage.many_fills(2345)
        fills = await stage.gateway.fills(stage.symbol)
        since = await stage.gateway.fills(stage.symbol, fills[0].time_ns)
        assert len(fills) == len({one.key for one in fills}) == made
        assert since == fills

    # -- money and positions -------------------------------------------------------------------------
    @case()
    async def test_money_is_counted_exactly(self, stage: Stage) -> None:
        cash = stage.instrument.settle or stage.instrument.quote
        before = await stage.gateway.balances()
        await trade(stage)
        await trade(stage, Side.SELL)
        after = await stage.gateway.balances()
        fills = await stage.gateway.fills(stage.symbol)

        def fees(asset: str) -> Decimal:
            return sum((one.fee for one in fills if one.fee_asset == asset), Decimal(0))

        paid = sum((one.price * one.quantity * one.side.sign for one in fills), Decimal(0))
        assert after[cash].total == before[cash].total - paid - fees(cash)
        base = stage.instrument.base
        if base in before:
            assert after[base].total == before[base].total - fees(base)

    @case()
    async def test_a_resting_order_locks_money(self, stage: Stage) -> None:
        cash = stage.instrument.settle or stage.instrument.quote
        before = (await stage.gateway.balances())[cash]
        intent = stage.resting()
        await stage.gateway.place(intent)
        during = (await stage.gateway.balances())[cash]
        await stage.gateway.cancel(stage.symbol, client_id=intent.client_id)
        after = (await stage.gateway.balances())[cash]
        assert during.total == before.total
        assert during.free < before.free
        assert during.locked == during.total - during.free
        assert after == before

    @case(lacks=POSITIONS)
    async def test_a_spot_account_has_no_positions(self, stage: Stage) -> None:
        await trade(stage)
        assert await stage.gateway.positions() == []

    @case(POSITIONS)
    @pytest.mark.parametrize("side", list(Side))
    async def test_a_position_is_opened_and_closed(self, stage: Stage, side: Side) -> None:
        assert await stage.gateway.positions() == []
        intent = await trade(stage, side)
        order = await stage.gateway.order(stage.symbol, client_id=intent.client_id)
        [held] = await stage.gateway.positions()
        assert (held.symbol, held.quantity, held.side) == (stage.symbol, intent.quantity * side.sign, "")
        assert held.entry_price == order.average_price
        await trade(stage, Side.SELL if side is Side.BUY else Side.BUY)
        assert await stage.gateway.positions() == []

    # -- the rest --------------------------------------------------------------------------------------
    @case()
    async def test_the_last_price_is_a_price(self, stage: Stage) -> None:
        await trade(stage)
        last = await stage.gateway.last_price(stage.symbol)
        assert isinstance(last, Decimal)
        assert abs(last - stage.price) < stage.price / 100

    @case()
    async def test_the_clocks_agree_on_one_machine(self, stage: Stage) -> None:
        assert abs(await stage.gateway.clock_offset()) < 1

    @case()
    async def test_instruments_say_what_can_be_traded(self, stage: Stage) -> None:
        one = stage.instrument
        assert one.symbol == stage.symbol
        assert one.venue_symbol
        assert all(isinstance(value, Decimal) for value in (one.tick, one.step, one.min_notional))
        assert min(one.tick, one.step, one.min_quantity) > 0
        assert one.complaint(stage.resting()) == ""
        assert stage.other_symbol in stage.gateway.instruments

    @case()
    async def test_the_rate_limits_are_what_the_venue_says(self, stage: Stage) -> None:
        await stage.gateway.place(stage.resting())
        for use in stage.gateway.rate_use():
            assert use.scope in ("requests", "orders")
            assert 0 <= use.used <= use.limit
            assert use.window > 0

    @case(Capability.ERROR_TABLE)
    async def test_the_headers_are_read(self, stage: Stage) -> None:
        await stage.gateway.place(stage.resting())
        first = {(use.scope, use.window): use.used for use in stage.gateway.rate_use()}
        assert {"requests", "orders"} == {scope for scope, _ in first}
        await stage.gateway.place(stage.resting())
        second = {(use.scope, use.window): use.used for use in stage.gateway.rate_use()}
        assert all(second[key] > used for key, used in first.items() if key[0] == "orders")

    @case()
    async def test_a_gateway_names_its_venue_and_account(self, stage: Stage) -> None:
        assert stage.gateway.venue
        assert stage.gateway.account
        assert stage.gateway.client_id_length >= 24
        assert isinstance(await stage.gateway.fills(stage.symbol), list)
        assert not [one for one in await stage.gateway.fills(stage.symbol) if not isinstance(one, Fill)]
