"""The suite: orders that wait for a price, and orders that only reduce."""

from __future__ import annotations

from decimal import Decimal

import pytest

from ...errors import NotFound, Rejected
from ...model import OrderIntent, OrderKind, OrderReport, Side, VenueStatus
from ..capability import Capability
from .placing import refused
from .stage import ZERO, Chapter, Stage, case, until

__all__ = ["WaitingChapter"]

STOP, TAKE, TRAIL = Capability.STOP, Capability.TAKE_PROFIT, Capability.TRAILING


def stop(stage: Stage, percent: int = 2, **more: object) -> OrderIntent:
    """A purchase that waits for a higher price."""
    more.setdefault("kind", OrderKind.STOP)
    return stage.order(Side.BUY, stop_price=stage.away(percent), **more)  # type: ignore[arg-type]


class WaitingChapter(Chapter):
    """Stops, take-profits, trailing orders, reduce-only."""

    @case(STOP)
    async def test_a_stop_waits(self, stage: Stage) -> None:
        intent = stop(stage)
        report = await stage.gateway.place(intent)
        assert (report.status, report.filled) == (VenueStatus.OPEN, ZERO)
        assert (report.kind, report.stop_price) == (OrderKind.STOP, intent.stop_price)
        assert [one.client_id for one in await stage.gateway.open_orders(stage.symbol)] == [intent.client_id]
        found = await stage.gateway.order(stage.symbol, client_id=intent.client_id)
        assert (found.venue_id, found.kind) == (report.venue_id, OrderKind.STOP)

    @case(STOP)
    async def test_a_stop_is_filled_when_its_price_comes(self, stage: Stage) -> None:
        intent = stop(stage)
        await stage.gateway.place(intent)
        await stage.move(stage.away(3))
        report = await stage.eventually(intent.client_id, VenueStatus.FILLED)
        assert report.filled == intent.quantity
        assert report.client_id == intent.client_id
        assert not await stage.gateway.open_orders(stage.symbol)
        [fill] = await stage.gateway.fills(stage.symbol)
        assert fill.venue_id == report.venue_id

    @case(STOP)
    async def test_a_stop_is_not_filled_before(self, stage: Stage) -> None:
        intent = stop(stage)
        await stage.gateway.place(intent)
        await stage.move(stage.away(1))
        assert stage.truth(intent.client_id) == (VenueStatus.OPEN, ZERO)

    @case(STOP)
    async def test_a_stop_limit_rests_when_its_price_comes(self, stage: Stage) -> None:
        # the limit is below the market that triggers it
        intent = stop(stage, kind=OrderKind.STOP_LIMIT, price=stage.away(1))
        await stage.gateway.place(intent)
        await stage.move(stage.away(3))

        async def triggered() -> OrderReport | None:
            report = await stage.gateway.order(stage.symbol, client_id=intent.client_id)
            return report if report.price == intent.price else None

        report = await until(triggered)
        assert (report.status, report.filled) == (VenueStatus.OPEN, ZERO)
        ended = await stage.gateway.cancel(stage.symbol, client_id=intent.client_id)
        assert ended.status is VenueStatus.CANCELLED
        assert not await stage.gateway.open_orders(stage.symbol)

    @case(STOP)
    async def test_a_waiting_order_is_cancelled_by_either_id(self, stage: Stage) -> None:
        one, two = stop(stage), stop(stage)
        await stage.gateway.place(one)
        placed = await stage.gateway.place(two)
        first = await stage.gateway.cancel(stage.symbol, client_id=one.client_id)
        second = await stage.gateway.cancel(stage.symbol, venue_id=placed.venue_id)
        assert [first.status, second.status] == [VenueStatus.CANCELLED] * 2
        assert [first.client_id, second.client_id] == [one.client_id, two.client_id]
        assert not await stage.gateway.open_orders(stage.symbol)

    @case(STOP)
    async def test_a_triggered_stop_is_no_longer_cancelled(self, stage: Stage) -> None:
        intent = stop(stage)
        placed = await stage.gateway.place(intent)
        await stage.move(stage.away(3))
        await stage.eventually(intent.client_id, VenueStatus.FILLED)
        for names in ({"client_id": intent.client_id}, {"venue_id": placed.venue_id}):
            with pytest.raises(NotFound):
                await stage.gateway.cancel(stage.symbol, **names)

    @case(STOP)
    async def test_a_stop_that_would_trigger_at_once_is_refused(self, stage: Stage) -> None:
        with pytest.raises(Rejected):
            await stage.gateway.place(stop(stage, -2))
        assert not await stage.gateway.open_orders(stage.symbol)

    @case(STOP)
    @pytest.mark.parametrize("kind", [OrderKind.STOP, OrderKind.STOP_LIMIT, OrderKind.TAKE_PROFIT])
    async def test_a_stop_without_a_stop_price_is_refused(self, stage: Stage, kind: OrderKind) -> None:
        price = stage.away(1) if kind.has_limit else None
        await refused(stage, kind=kind, price=price)

    @case(TAKE)
    async def test_a_take_profit_is_filled_when_its_price_comes(self, stage: Stage) -> None:
        intent = stage.order(Side.BUY, kind=OrderKind.TAKE_PROFIT, stop_price=stage.away(-2))
        report = await stage.gateway.place(intent)
        assert (report.status, report.kind) == (VenueStatus.OPEN, OrderKind.TAKE_PROFIT)
        await stage.move(stage.away(-3))
        await stage.eventually(intent.client_id, VenueStatus.FILLED)

    @case(TAKE)
    async def test_a_take_profit_with_a_limit(self, stage: Stage) -> None:
        intent = stage.order(
            Side.BUY, stage.away(-1), kind=OrderKind.TAKE_PROFIT_LIMIT, stop_price=stage.away(-2)
        )
        report = await stage.gateway.place(intent)
        assert (report.kind, report.price) == (OrderKind.TAKE_PROFIT_LIMIT, intent.price)
        await stage.move(stage.away(-3))
        report = await stage.eventually(intent.client_id, VenueStatus.FILLED)
        assert report.average_price < intent.price

    @case(TRAIL)
    async def test_a_trailing_order_follows_and_then_triggers(self, stage: Stage) -> None:
        intent = stage.order(Side.BUY, kind=OrderKind.TRAILING, trail=Decimal(1))
        report = await stage.gateway.place(intent)
        assert (report.status, report.kind) == (VenueStatus.OPEN, OrderKind.TRAILING)
        await stage.move(stage.away(-3))
        assert stage.truth(intent.client_id) == (VenueStatus.OPEN, ZERO)
        await stage.move(stage.away(-1))
        await stage.eventually(intent.client_id, VenueStatus.FILLED)

    @case(TRAIL)
    async def test_a_trailing_order_needs_a_distance(self, stage: Stage) -> None:
        await refused(stage, kind=OrderKind.TRAILING)
        await refused(stage, kind=OrderKind.TRAILING, trail=Decimal(0))

    # -- reduce-only -------------------------------------------------------------------------------
    @case(lacks=Capability.REDUCE_ONLY)
    async def test_reduce_only_is_refused_where_there_are_no_positions(self, stage: Stage) -> None:
        await refused(stage, price=stage.away(-2), reduce_only=True)

    @case(Capability.REDUCE_ONLY)
    async def test_reduce_only_is_refused_when_there_is_nothing(self, stage: Stage) -> None:
        with pytest.raises(Rejected):
            await stage.gateway.place(stage.order(Side.SELL, reduce_only=True))
        assert not await stage.gateway.positions()

    @case(Capability.REDUCE_ONLY)
    async def test_reduce_only_closes(self, stage: Stage) -> None:
        opened, closing = stage.order(Side.BUY), stage.order(Side.SELL, reduce_only=True)
        await stage.gateway.place(opened)
        await stage.eventually(opened.client_id, VenueStatus.FILLED)
        await stage.gateway.place(closing)
        report = await stage.eventually(closing.client_id, VenueStatus.FILLED)
        assert report.reduce_only
        assert not await stage.gateway.positions()

    @case(Capability.REDUCE_ONLY)
    async def test_reduce_only_never_turns_the_position_round(self, stage: Stage) -> None:
        opened = stage.order(Side.BUY)
        await stage.gateway.place(opened)
        await stage.eventually(opened.client_id, VenueStatus.FILLED)
        first = stage.order(Side.SELL, stage.away(2), reduce_only=True)
        await stage.gateway.place(first)
        await stage.gateway.place(stage.order(Side.SELL))
        await stage.move(stage.away(3))
        held = await stage.gateway.positions()
        assert not held or held[0].quantity >= 0
        truth = stage.truth(first.client_id)
        assert truth is not None
        assert truth[1] == 0

    @case(STOP, Capability.REDUCE_ONLY)
    async def test_a_stop_that_only_reduces_ends_the_position(self, stage: Stage) -> None:
        opened = stage.order(Side.BUY)
        await stage.gateway.place(opened)
        await stage.eventually(opened.client_id, VenueStatus.FILLED)
        guard = stage.order(Side.SELL, kind=OrderKind.STOP, stop_price=stage.away(-2), reduce_only=True)
        await stage.gateway.place(guard)
        await stage.move(stage.away(-3))
        await stage.eventually(guard.client_id, VenueStatus.FILLED)
        assert not await stage.gateway.positions()
