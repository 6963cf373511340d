"""Binance USDⓈ-M through the unmodified ccxt client."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import ccxt
import pytest

from real_trade.model import VenueStatus
from tests.live.sim.stage import PERP, Watcher, desk, run, until

D = Decimal
FUTURES = "binanceusdm"


def test_an_order_lives_and_keeps_its_id_when_it_is_edited() -> None:
    async def scenario() -> None:
        async with desk(FUTURES) as (venue, exchange):
            placed = await exchange.create_order(PERP, "limit", "buy", 0.01, 59000, {"clientOrderId": "mine"})
            assert (placed["status"], placed["clientOrderId"]) == ("open", "mine")
            edited = await exchange.edit_order(placed["id"], PERP, "limit", "buy", 0.02, 59100)
            assert (edited["id"], edited["amount"], edited["price"]) == (placed["id"], 0.02, 59100)
            assert (await exchange.fetch_order(None, PERP, {"clientOrderId": "mine"}))["id"] == placed["id"]
            assert len(await exchange.fetch_open_orders(PERP)) == 1
            assert (await exchange.cancel_order(placed["id"], PERP))["status"] == "canceled"
            with pytest.raises(ccxt.OrderNotFound):
                await exchange.cancel_order(placed["id"], PERP)
            assert [str(order.status) for order in venue.orders()] == ["cancelled"]

    run(scenario)


def test_positions_balance_and_trades() -> None:
    async def scenario() -> None:
        async with desk(FUTURES) as (venue, exchange):
            await exchange.create_order(PERP, "market", "buy", 0.5)
            (position,) = await exchange.fetch_positions()
            assert (position["contracts"], position["side"], position["entryPrice"]) == (0.5, "long", 60006)
            assert position["liquidationPrice"] is None, "the deposit bears a price of nothing"
            venue.move(PERP, "61000")
            (position,) = await exchange.fetch_positions([PERP])
            assert position["unrealizedPnl"] == 497
            balance = await exchange.fetch_balance()
            assert balance["USDT"]["total"] == pytest.approx(100000 - 15.0015 + 497)
            await exchange.create_order(PERP, "market", "sell", 0.5, None, {"reduceOnly": True})
            assert await exchange.fetch_positions() == []
            trades = await exchange.fetch_my_trades(PERP)
            assert [(t["side"], t["fee"]["currency"]) for t in trades] == [("buy", "USDT"), ("sell", "USDT")]
            realised = D(trades[1]["info"]["realizedPnl"])
            assert realised == D("0.5") * (D(str(trades[1]["price"])) - 60006)
            whole = venue.account().purse("usdm").total("USDT")
            assert whole == 100000 + realised - sum(fill.fee for fill in venue.fills())

    run(scenario)


def test_what_is_refused() -> None:
    async def scenario() -> None:
        async with desk(FUTURES) as (venue, exchange):

            async def refused(kind: type[Exception], code: str, *order: Any, **params: Any) -> None:
                with pytest.raises(kind) as caught:
                    await exchange.create_order(PERP, *order, params)
                assert f'"code":{code},' in str(caught.value)

            await refused(ccxt.OrderNotFillable, "-5022", "limit", "buy", 0.01, 61000, postOnly=True)
            await refused(ccxt.OrderNotFillable, "-5021", "limit", "buy", 0.01, 59000, timeInForce="FOK")
            await refused(ccxt.InvalidOrder, "-2022", "market", "buy", 0.01, None, reduceOnly=True)
            await refused(ccxt.InvalidOrder, "-4164", "limit", "buy", 0.001, 59000)
            await refused(ccxt.InsufficientFunds, "-2019", "limit", "buy", 100, 59000)
            await refused(ccxt.BadRequest, "-4016", "limit", "buy", 0.01, 64000)
            await refused(ccxt.BaseError, "-4061", "limit", "buy", 0.01, 59000, positionSide="LONG")
            await refused(ccxt.BaseError, "-4015", "limit", "buy", 0.01, 59000, clientOrderId="x" * 37)
            await exchange.create_order(PERP, "limit", "buy", 0.01, 59000, {"clientOrderId": "twice"})
            await refused(ccxt.InvalidOrder, "-4116", "limit", "buy", 0.01, 59000, clientOrderId="twice")
            await refused(
                ccxt.OrderImmediatelyFillable, "-2021", "market", "buy", 0.01, None, stopLossPrice=59000
            )
            assert len(venue.orders()) == 1

    run(scenario)


def test_a_client_id_can_be_used_again_once_its_order_is_filled() -> None:
    async def scenario() -> None:
        async with desk(FUTURES) as (venue, exchange):
            for _ in range(2):
                await exchange.create_order(PERP, "market", "buy", 0.01, None, {"clientOrderId": "same"})
            assert [order.client_id for order in venue.orders()] == ["same", "same"]
            assert venue.account().position(PERP).quantity == D("0.02"), "a blind resend doubles"

    run(scenario)


def test_conditional_orders_have_ids_of_their_own() -> None:
    async def scenario() -> None:
        async with desk(FUTURES) as (venue, exchange):
            await exchange.create_order(PERP, "market", "buy", 0.02)
            stop = await exchange.create_order(
                PERP,
                "market",
                "sell",
                0.02,
                None,
                {"stopLossPrice": 58000, "clientOrderId": "guard", "reduceOnly": True},
            )
            profit = await exchange.create_order(
                PERP, "limit", "sell", 0.02, 62000, {"takeProfitPrice": 62000, "reduceOnly": True}
            )
            trail = await exchange.create_order(
                PERP, "market", "sell", 0.01, None, {"trailingPercent": 5, "reduceOnly": True}
            )
            assert await exchange.fetch_open_orders(PERP) == []
            waiting = await exchange.fetch_open_orders(PERP, None, None, {"trigger": True})
            assert {order["id"] for order in waiting} == {stop["id"], profit["id"], trail["id"]}
            await exchange.cancel_order(profit["id"], PERP, {"trigger": True})
            with pytest.raises(ccxt.OrderNotFound):
                await exchange.cancel_order(profit["id"], PERP, {"trigger": True})
            venue.move(PERP, "57990")
            shown = await exchange.fetch_order(None, PERP, {"trigger": True, "clientOrderId": "guard"})
            assert (shown["id"], shown["status"]) == (stop["id"], "closed")
            child = await exchange.fetch_order(None, PERP, {"clientOrderId": "guard"})
            assert child["id"] == shown["info"]["actualOrderId"] != stop["id"]
            assert (child["filled"], await exchange.fetch_positions()) == (0.02, [])
            await exchange.cancel_all_orders(PERP, {"trigger": True})
            assert not venue.open_orders()

    run(scenario)


def test_events_of_the_account() -> None:
    async def scenario() -> None:
        async with desk(FUTURES) as (venue, exchange):
            orders, positions = Watcher(exchange.watch_orders), Watcher(exchange.watch_positions)
            trades, balance = Watcher(exchange.watch_my_trades), Watcher(exchange.watch_balance)
            await until(lambda: [s for s in venue.server.sockets.values() if s.kind == "user"])
            placed = await exchange.create_order(PERP, "limit", "buy", 0.02, 59000, {"clientOrderId": "mine"})
            order = venue.order("mine")
            assert order is not None
            await until(lambda: orders.seen)
            venue.fill(order, "0.005")
            venue.fill(order)
            closed = await until(lambda: [o for rows in orders.seen for o in rows if o["status"] == "closed"])
            assert (closed[-1]["id"], closed[-1]["filled"]) == (placed["id"], 0.02)
            await until(
                lambda: (
                    {t["id"] for rows in trades.seen for t in rows} == {str(f.trade) for f in venue.fills()}
                )
            )
            await until(lambda: [p for rows in positions.seen for p in rows if p["contracts"] == 0.02])
            wallet = float(venue.account().purse("usdm").total("USDT"))
            await until(lambda: balance.seen and balance.seen[-1]["USDT"]["total"] == wallet)
            await exchange.create_order(
                PERP, "market", "sell", 0.02, None, {"stopLossPrice": 58000, "clientOrderId": "guard"}
            )
            await until(lambda: [o for rows in orders.seen for o in rows if o["clientOrderId"] == "guard"])
            venue.move(PERP, "57990")
            await until(
                lambda: (
                    len(
                        {
                            o["id"]
                            for rows in orders.seen
                            for o in rows
                            if o["clientOrderId"] == "guard" and o["status"] == "closed"
                        }
                    )
                    == 2
                )
            )
            for watcher in (orders, positions, trades, balance):
                assert not watcher.failed
                await watcher.stop()

    run(scenario)


def test_leverage_margin_and_position_mode() -> None:
    async def scenario() -> None:
        async with desk(FUTURES) as (venue, exchange):
            await exchange.set_leverage(50, PERP)
            assert venue.account().leverage[PERP] == 50
            with pytest.raises(ccxt.MarginModeAlreadySet):
                await exchange.set_margin_mode("cross", PERP)
            await exchange.set_margin_mode("isolated", PERP)
            assert venue.account().isolated == {PERP}
            await exchange.create_order(PERP, "market", "buy", 0.1)
            with pytest.raises(ccxt.BaseError, match="-4048"):
                await exchange.set_margin_mode("cross", PERP)
            (position,) = await exchange.fetch_positions()
            assert 0 < position["liquidationPrice"] < 60000
            with pytest.raises(ccxt.BaseError, match="-4068"):
                await exchange.set_position_mode(True)
            await exchange.create_order(PERP, "market", "sell", 0.1, None, {"reduceOnly": True})
            await exchange.set_position_mode(True)
            assert (await exchange.fetch_position_mode(PERP))["hedged"] is True
            with pytest.raises(ccxt.BaseError, match="-4059"):
                await exchange.set_position_mode(True)
            for side, held in (("buy", "LONG"), ("sell", "SHORT")):
                await exchange.create_order(PERP, "market", side, 0.1, None, {"positionSide": held})
            sides = {position["side"] for position in await exchange.fetch_positions()}
            assert sides == {"long", "short"}
            with pytest.raises(ccxt.BadRequest):
                await exchange.set_leverage(126, PERP)

    run(scenario)


def test_batches_stand_or_fall_one_by_one() -> None:
    async def scenario() -> None:
        async with desk(FUTURES) as (venue, exchange):
            rows = [
                {
                    "symbol": PERP,
                    "type": "limit",
                    "side": "buy",
                    "amount": amount,
                    "price": 59000,
                    "params": {},
                }
                for amount in (0.01, 0.0001, 0.02)
            ]
            rows[1]["amount"], rows[1]["price"] = 0.001, 59000
            answers = await exchange.create_orders(rows)
            # This client sorts the answers: they are not in the order of the requests.
            refused = [answer["info"]["code"] for answer in answers if not answer["id"]]
            assert refused == [-4164] and len(answers) == 3
            kept = [answer["id"] for answer in answers if answer["id"]]
            await exchange.cancel_orders(kept, PERP)
            assert [order.status for order in venue.orders()] == [VenueStatus.CANCELLED] * 2

    run(scenario)


def test_a_position_that_its_deposit_does_not_bear_is_closed_by_the_venue() -> None:
    async def scenario() -> None:
        async with desk(FUTURES) as (venue, exchange):
            orders = Watcher(exchange.watch_orders)
            await until(lambda: [s for s in venue.server.sockets.values() if s.kind == "user"])
            await exchange.set_leverage(125, PERP)
            for _ in range(4):
                await exchange.create_order(PERP, "market", "buy", 5)
                await venue.settle()
            venue.move(PERP, "54000")
            assert await exchange.fetch_positions() == []
            closed = await until(
                lambda: [
                    o for rows in orders.seen for o in rows if o["clientOrderId"].startswith("autoclose-")
                ]
            )
            assert closed[-1]["info"]["o"] == "LIQUIDATION"
            assert venue.account().purse("usdm").total("USDT") >= 0
            await orders.stop()

    run(scenario)


def test_the_listen_key_expires_and_the_stream_falls_silent() -> None:
    async def scenario() -> None:
        async with desk(FUTURES) as (venue, exchange):
            orders = Watcher(exchange.watch_orders)
            await until(lambda: [s for s in venue.server.sockets.values() if s.kind == "user"])
            venue.clock.advance(59 * 60)
            await exchange.fapiPrivatePutListenKey()
            venue.clock.advance(59 * 60)
            await exchange.create_order(PERP, "limit", "buy", 0.01, 59000)
            await until(lambda: orders.seen)
            venue.clock.advance(61 * 60)
            heard = len(orders.seen)
            await exchange.create_order(PERP, "limit", "buy", 0.01, 58000)
            await venue.settle()
            assert len(orders.seen) == heard and not orders.failed, "the link stands, and nothing comes"
            told = [row for row in venue.log.records if "listenKeyExpired" in row.get("text", "")]
            assert len(told) == 1
            with pytest.raises(ccxt.BaseError, match="-1125"):
                await exchange.fapiPrivatePutListenKey()
            await orders.stop()

    run(scenario)


def test_funding_is_paid_every_eight_hours() -> None:
    async def scenario() -> None:
        async with desk(FUTURES, start_ms=1_700_006_400_000 - 60_000) as (venue, exchange):
            await exchange.create_order(PERP, "market", "buy", 1)
            before = venue.account().purse("usdm").total("USDT")
            venue.clock.advance(8 * 3600)
            paid = before - venue.account().purse("usdm").total("USDT")
            assert paid == D(60000) * D("0.0001")

    run(scenario)
