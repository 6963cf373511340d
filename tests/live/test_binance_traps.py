"""Where Binance (or ccxt on the way to it) does what nobody expects."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qsl

import pytest

from real_trade.errors import NotFound, RateLimited, Rejected, Unknown
from real_trade.gateways.binance import BinanceGateway, BinanceSpot, BinanceUsdm
from real_trade.model import OrderIntent, OrderKind, OrderReport, Side, VenueStatus
from real_trade.sim import KEY, SECRET, AccountConfig, Venue
from tests.live.stages import D, VenueStage, binance

BOTH = pytest.mark.parametrize("kind", [BinanceSpot, BinanceUsdm])
Body = Callable[[VenueStage], Awaitable[None]]


def perform(kind: type[BinanceGateway], body: Body, **options: Any) -> None:
    async def run() -> None:
        async with binance(kind, **options) as stage:
            await body(stage)

    asyncio.run(run())


def sent(stage: VenueStage, action: str = "place") -> list[dict[str, str]]:
    """Parameters of the requests of a kind, as they came over the wire."""
    return [dict(parse_qsl(record["query"])) for record in stage.venue.log.requests(action)]


# -- what is sent --------------------------------------------------------------------------------
@BOTH
def test_a_market_order_has_a_quantity_and_no_price(kind: type[BinanceGateway]) -> None:
    async def body(stage: VenueStage) -> None:
        intent = stage.order(Side.BUY)
        await stage.gateway.place(intent)
        [request] = sent(stage)
        assert request["quantity"] == "0.01"
        assert not {"price", "quoteOrderQty", "timeInForce"} & set(request)
        # one id, under the venue's own name: a real one refuses parameters that it does not know
        assert request["newClientOrderId"] == intent.client_id
        assert "clientOrderId" not in request

    perform(kind, body)


@pytest.mark.parametrize(
    ("kind", "words"),
    [(BinanceSpot, {"type": "LIMIT_MAKER"}), (BinanceUsdm, {"type": "LIMIT", "timeInForce": "GTX"})],
)
def test_post_only_in_the_words_of_the_market(kind: type[BinanceGateway], words: dict[str, str]) -> None:
    async def body(stage: VenueStage) -> None:
        await stage.gateway.place(stage.resting(post_only=True))
        [request] = sent(stage)
        assert {name: request.get(name) for name in ("type", "timeInForce") if name in request} == words

    perform(kind, body)


@BOTH
def test_an_amount_is_written_out(kind: type[BinanceGateway]) -> None:
    async def body(stage: VenueStage) -> None:
        await stage.gateway.place(stage.resting(quantity=D("1E+1")))
        assert sent(stage)[0]["quantity"] == "10"

    perform(kind, body)


def test_conditional_orders_on_futures_go_to_their_own_endpoint() -> None:
    async def body(stage: VenueStage) -> None:
        intent = stage.order(Side.BUY, kind=OrderKind.STOP, stop_price=stage.away(2))
        report = await stage.gateway.place(intent)
        names = [record["name"] for record in stage.venue.log.requests("place")]
        assert names == ["POST /fapi/v1/algoOrder"]
        assert report.venue_id.startswith("algo-")
        # the same number as an order on the book is another order
        plain = report.venue_id.removeprefix("algo-")
        with pytest.raises(NotFound):
            await stage.gateway.cancel(stage.symbol, venue_id=plain)
        assert (
            await stage.gateway.order(stage.symbol, venue_id=report.venue_id)
        ).client_id == intent.client_id

    perform(BinanceUsdm, body)


def test_a_hedged_account_says_which_side() -> None:
    account = AccountConfig(hedged=True)

    async def run() -> None:
        async with Venue(accounts=(account,)) as venue:
            gateway = BinanceUsdm(KEY, SECRET, transport=venue.client_settings, hedged=True)
            await gateway.connect()
            stage = VenueStage(gateway, venue)
            with pytest.raises(Rejected, match="must say which"):
                await gateway.place(stage.order(Side.BUY))
            with pytest.raises(Rejected, match="does not reduce"):
                await gateway.place(stage.order(Side.BUY, position_side="long", reduce_only=True))
            await gateway.place(stage.order(Side.BUY, position_side="long"))
            await gateway.place(stage.order(Side.SELL, position_side="short", quantity=D("0.02")))
            held = {one.side: one.quantity for one in await gateway.positions()}
            assert held == {"long": D("0.01"), "short": D("-0.02")}
            await gateway.place(stage.order(Side.SELL, position_side="long", reduce_only=True))
            assert [one.side for one in await gateway.positions()] == ["short"]
            await gateway.close()

    asyncio.run(run())


# -- changing on spot is cancelling and placing ------------------------------------------------------
def test_a_fill_between_looking_and_changing_stops_the_change() -> None:
    async def body(stage: VenueStage) -> None:
        intent = stage.resting(quantity=D("0.03"))
        await stage.gateway.place(intent)
        stage.venue.faults.add({"when": "query", "what": "fill", "value": "0.01"})
        with pytest.raises(Rejected, match="cancel restrictions"):
            await change(stage, intent, price=stage.away(-3))
        # the order stands as it was, and the next attempt orders only what is left
        assert stage.truth(intent.client_id) == (VenueStatus.PARTIAL, D("0.01"))
        await change(stage, intent, price=stage.away(-3))
        [standing] = await stage.gateway.open_orders(stage.symbol)
        assert (standing.price, standing.remaining) == (stage.away(-3), D("0.02"))

    perform(BinanceSpot, body)


@pytest.mark.parametrize("filled", [False, True])
def test_a_change_whose_second_half_is_refused_tells_that_the_order_is_over(filled: bool) -> None:
    async def body(stage: VenueStage) -> None:
        intent = stage.resting(quantity=D("0.03"))
        await stage.gateway.place(intent)
        if filled:
            await stage.fill(intent.client_id, D("0.01"))
        # more than the account can pay
        with pytest.raises(Rejected, match=r"was cancelled to be changed.*insufficient balance"):
            await change(stage, intent, quantity=D(1000))
        report = await stage.gateway.order(stage.symbol, client_id=intent.client_id)
        assert report.status is VenueStatus.CANCELLED
        assert report.filled == (D("0.01") if filled else 0)
        assert not await stage.gateway.open_orders()

    perform(BinanceSpot, body)


@pytest.mark.parametrize("filled", [False, True])
def test_a_change_without_an_answer_leaves_both_ids_to_ask_for(filled: bool) -> None:
    async def body(stage: VenueStage) -> None:
        intent, new = stage.resting(quantity=D("0.03")), stage.new_id()
        await stage.gateway.place(intent)
        if filled:
            await stage.fill(intent.client_id, D("0.01"))
        stage.venue.faults.add({"when": ["replace", "place"], "what": "drop", "side": "after"})
        with pytest.raises(Unknown):
            await change(stage, intent, new, price=stage.away(-3))
        old = await stage.gateway.order(stage.symbol, client_id=intent.client_id)
        now = await stage.gateway.order(stage.symbol, client_id=new)
        assert (old.status, now.status) == (VenueStatus.CANCELLED, VenueStatus.OPEN)
        assert old.filled + now.remaining == D("0.03")

    perform(BinanceSpot, body)


def test_a_change_that_is_certain_not_to_be_possible_changes_nothing() -> None:
    async def body(stage: VenueStage) -> None:
        intent = stage.resting()
        await stage.gateway.place(intent)
        with pytest.raises(Rejected, match="needs a client id"):
            await stage.gateway.amend(stage.symbol, client_id=intent.client_id, price=stage.away(-3))
        assert stage.truth(intent.client_id) == (VenueStatus.OPEN, D(0))

    perform(BinanceSpot, body)


async def change(
    stage: VenueStage,
    intent: OrderIntent,
    new: str = "",
    *,
    price: Decimal | None = None,
    quantity: Any = None,
) -> OrderReport:
    return await stage.gateway.amend(
        stage.symbol,
        client_id=intent.client_id,
        new_client_id=new or stage.new_id(),
        price=price,
        quantity=quantity,
    )


# -- batches ---------------------------------------------------------------------------------------
def test_a_batch_without_an_answer_leaves_every_order_open_to_question() -> None:
    async def body(stage: VenueStage) -> None:
        intents = [stage.resting() for _ in range(7)]
        stage.venue.faults.add({"when": "batch", "what": "drop", "side": "after"})
        answers = await stage.gateway.place_batch(intents)
        assert [type(answer) for answer in answers] == [Unknown] * 5 + [OrderReport] * 2
        assert stage.placed() == 7

    perform(BinanceUsdm, body)


def test_a_batch_may_hold_orders_that_wait() -> None:
    async def body(stage: VenueStage) -> None:
        wait = stage.order(Side.BUY, kind=OrderKind.STOP, stop_price=stage.away(2))
        intents = [stage.resting(), wait, stage.resting()]
        answers = await stage.gateway.place_batch(intents)
        assert [getattr(one, "client_id", one) for one in answers] == [one.client_id for one in intents]

    perform(BinanceUsdm, body)


# -- answers ---------------------------------------------------------------------------------------
@BOTH
def test_an_answer_about_another_order_is_no_answer(kind: type[BinanceGateway]) -> None:
    async def body(stage: VenueStage) -> None:
        real = stage.gateway.client.act

        async def mixed_up(name: str, params: Any = None) -> Any:
            return {**await real(name, params), "clientOrderId": "somebody-else"}

        stage.gateway.client.act = mixed_up  # type: ignore[method-assign]
        with pytest.raises(Unknown, match="not about"):
            await stage.gateway.place(stage.resting())

    perform(kind, body)


@BOTH
def test_an_answer_that_cannot_be_read_leaves_it_open(kind: type[BinanceGateway]) -> None:
    async def body(stage: VenueStage) -> None:
        real = stage.gateway.client.act

        async def cut(name: str, params: Any = None) -> Any:
            answer = await real(name, params)
            answer.pop("orderId", None)
            return answer

        stage.gateway.client.act = cut  # type: ignore[method-assign]
        intent = stage.resting()
        with pytest.raises(Unknown, match="cannot be read"):
            await stage.gateway.place(intent)
        assert stage.truth(intent.client_id) == (VenueStatus.OPEN, D(0))

    perform(kind, body)


@BOTH
def test_a_ban_says_until_when(kind: type[BinanceGateway]) -> None:
    async def body(stage: VenueStage) -> None:
        stage.venue.faults.add({"when": "place", "what": "ban", "side": "before", "seconds": 180})
        with pytest.raises(RateLimited) as caught:
            await stage.gateway.place(stage.resting())
        assert caught.value.status == 418
        assert caught.value.retry_after == pytest.approx(180, abs=2)

    perform(kind, body)


@BOTH
def test_a_request_that_hangs_ends_with_the_time_out(kind: type[BinanceGateway]) -> None:
    async def body(stage: VenueStage) -> None:
        stage.venue.faults.add({"when": "place", "what": "freeze", "side": "after"})
        intent = stage.resting()
        with pytest.raises(Unknown):
            await stage.gateway.place(intent)
        stage.venue.faults.release()
        report = await stage.gateway.order(stage.symbol, client_id=intent.client_id)
        assert report.status is VenueStatus.OPEN

    perform(kind, body, timeout=1.0)


@BOTH
def test_the_same_id_again_after_a_fill_is_a_new_order_there(kind: type[BinanceGateway]) -> None:
    """Why an order is never sent again blindly: the venue remembers ids of open orders only."""

    async def body(stage: VenueStage) -> None:
        intent = stage.order(Side.BUY)
        await stage.gateway.place(intent)
        await stage.gateway.place(intent)
        assert stage.placed() == 2

    perform(kind, body)


@BOTH
def test_a_venue_that_forgets_an_order_for_a_moment(kind: type[BinanceGateway]) -> None:
    async def body(stage: VenueStage) -> None:
        intent = stage.resting()
        await stage.gateway.place(intent)
        stage.venue.faults.add(
            {"when": "query", "what": "not_found", "times": 1 if kind is BinanceSpot else 2}
        )
        with pytest.raises(NotFound):
            await stage.gateway.order(stage.symbol, client_id=intent.client_id)
        report = await stage.gateway.order(stage.symbol, client_id=intent.client_id)
        assert report.status is VenueStatus.OPEN

    perform(kind, body)


@BOTH
def test_fills_name_our_order_if_we_know_it(kind: type[BinanceGateway]) -> None:
    async def body(stage: VenueStage) -> None:
        intent = stage.order(Side.BUY)
        await stage.gateway.place(intent)
        await stage.by_hand(Side.BUY, stage.unit)
        fills = await stage.gateway.fills(stage.symbol)
        assert [one.client_id for one in fills] == [intent.client_id, ""]

    perform(kind, body)


@BOTH
def test_fills_of_long_ago_are_found_over_many_windows(kind: type[BinanceGateway]) -> None:
    async def body(stage: VenueStage) -> None:
        stage.venue.clock.advance(-20 * 86400)
        await stage.by_hand(Side.BUY, stage.unit)
        stage.venue.clock.advance(20 * 86400)
        await stage.by_hand(Side.SELL, stage.unit)
        every = await stage.gateway.fills(stage.symbol)
        assert every[1].time_ns - every[0].time_ns >= 20 * 86_400 * 10**9
        since = await stage.gateway.fills(stage.symbol, every[0].time_ns - 86_400_000_000_000)
        assert since == every

    perform(kind, body)


@BOTH
def test_cancelling_by_both_ids_uses_the_venues(kind: type[BinanceGateway]) -> None:
    async def body(stage: VenueStage) -> None:
        intent = stage.resting()
        placed = await stage.gateway.place(intent)
        await stage.gateway.cancel(stage.symbol, client_id=intent.client_id, venue_id=placed.venue_id)
        [request] = sent(stage, "cancel")
        assert request["orderId"] == placed.venue_id
        assert "origClientOrderId" not in request

    perform(kind, body)


def test_a_waiting_order_on_futures_is_not_changed() -> None:
    async def body(stage: VenueStage) -> None:
        intent = stage.order(Side.BUY, kind=OrderKind.STOP, stop_price=stage.away(2))
        await stage.gateway.place(intent)
        with pytest.raises(Rejected, match="limit orders only"):
            await stage.gateway.amend(stage.symbol, client_id=intent.client_id, quantity=D("0.02"))
        assert stage.truth(intent.client_id) == (VenueStatus.OPEN, D(0))

    perform(BinanceUsdm, body)


def test_a_waiting_order_on_spot_keeps_its_stop_when_it_is_changed() -> None:
    async def body(stage: VenueStage) -> None:
        intent = stage.order(
            Side.BUY, stage.away(3), kind=OrderKind.STOP_LIMIT, stop_price=stage.away(2), quantity=D("0.02")
        )
        await stage.gateway.place(intent)
        report = await change(stage, intent, quantity=D("0.03"))
        assert (report.kind, report.stop_price, report.quantity) == (
            OrderKind.STOP_LIMIT,
            stage.away(2),
            D("0.03"),
        )

    perform(BinanceSpot, body)


@BOTH
def test_nothing_but_the_venue_is_contacted(kind: type[BinanceGateway]) -> None:
    async def body(stage: VenueStage) -> None:
        async with stage.listen():
            await stage.gateway.place(replace(stage.resting(), client_id=stage.new_id()))
        asked = set(stage.venue.hosts_asked)
        allowed = (
            {"api.binance.com", "ws-api.binance.com"}
            if kind is BinanceSpot
            else {"fapi.binance.com", "fstream.binance.com"}
        )
        assert asked == allowed

    perform(kind, body)
