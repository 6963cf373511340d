"""Binance spot through the unmodified ccxt client."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import ccxt
import pytest

from real_trade.sim import KEY, SECRET, Venue
from tests.live.sim.stage import SPOT, Watcher, client, desk, run, until

D = Decimal


def test_markets_load_with_keys_and_no_settings_at_all() -> None:
    async def scenario() -> None:
        import ccxt.pro

        async with Venue() as venue:
            exchange = venue.attach(ccxt.pro.binance({"apiKey": KEY, "secret": SECRET}))
            await exchange.load_markets()
            market = exchange.market(SPOT)
            assert (market["precision"]["price"], market["precision"]["amount"]) == (0.01, 0.00001)
            assert market["limits"]["cost"]["min"] == 5
            assert exchange.market("BTC/USDT:USDT")["swap"] is True
            assert abs(await exchange.fetch_time() - exchange.milliseconds()) < 2000
            await exchange.close()
            assert set(venue.hosts_asked) == {"api.binance.com", "fapi.binance.com", "dapi.binance.com"}

    run(scenario)


def test_an_order_lives_and_is_asked_for_by_both_ids() -> None:
    async def scenario() -> None:
        async with desk() as (_, exchange):
            placed = await exchange.create_order(
                SPOT, "limit", "buy", 0.01, 59000, {"clientOrderId": "mine1"}
            )
            assert (placed["status"], placed["clientOrderId"], placed["filled"]) == ("open", "mine1", 0)
            by_id = await exchange.fetch_order(placed["id"], SPOT)
            by_name = await exchange.fetch_order(None, SPOT, {"clientOrderId": "mine1"})
            assert by_id["id"] == by_name["id"] == placed["id"]
            assert [order["id"] for order in await exchange.fetch_open_orders(SPOT)] == [placed["id"]]
            assert [order["id"] for order in await exchange.fetch_open_orders()] == [placed["id"]]
            balance = await exchange.fetch_balance()
            assert (balance["USDT"]["used"], balance["USDT"]["free"]) == (590, 99410)
            cancelled = await exchange.cancel_order(placed["id"], SPOT)
            assert cancelled["status"] == "canceled"
            assert cancelled["info"]["origClientOrderId"] == "mine1"
            assert cancelled["info"]["clientOrderId"] != "mine1", "that names the request"
            assert await exchange.fetch_open_orders(SPOT) == []
            assert [order["status"] for order in await exchange.fetch_orders(SPOT)] == ["canceled"]
            with pytest.raises(ccxt.OrderNotFound):
                await exchange.cancel_order(placed["id"], SPOT)
            with pytest.raises(ccxt.OrderNotFound):
                await exchange.fetch_order(None, SPOT, {"clientOrderId": "nobody"})

    run(scenario)


def test_the_price_moves_through_an_order_and_fills_it() -> None:
    async def scenario() -> None:
        async with desk() as (venue, exchange):
            order = await exchange.create_order(SPOT, "limit", "buy", 1.5, 59000)
            venue.move(SPOT, "58990")
            part = await exchange.fetch_order(order["id"], SPOT)
            assert 0.5 < part["filled"] < 1.5 and part["status"] == "open", "as much as the house sells there"
            for _ in range(3):
                venue.move(SPOT, "58990")
            whole = await exchange.fetch_order(order["id"], SPOT)
            assert (whole["status"], whole["filled"], whole["average"]) == ("closed", 1.5, 59000)
            trades = await exchange.fetch_my_trades(SPOT)
            assert sum(trade["amount"] for trade in trades) == pytest.approx(1.5)
            assert all(
                trade["takerOrMaker"] == "maker" and trade["fee"]["currency"] == "BTC" for trade in trades
            )
            balance = await exchange.fetch_balance()
            assert balance["BTC"]["total"] == pytest.approx(1 + 1.5 * 0.999)
            assert D(str(balance["USDT"]["total"])) == venue.account().purse("spot").total("USDT")

    run(scenario)


def test_market_orders_ioc_fok_and_post_only() -> None:
    async def scenario() -> None:
        async with desk() as (venue, exchange):
            market = await exchange.create_order(SPOT, "market", "buy", 0.01)
            assert (market["status"], market["filled"], market["fee"]["currency"]) == ("closed", 0.01, "BTC")
            ioc = await exchange.create_order(SPOT, "limit", "buy", 1.2, 60010, {"timeInForce": "IOC"})
            assert ioc["status"] == "expired" and 0 < ioc["filled"] < 1.2
            fok = await exchange.create_order(SPOT, "limit", "sell", 0.9, 59990, {"timeInForce": "FOK"})
            assert (fok["status"], fok["filled"]) == ("expired", 0)
            with pytest.raises(ccxt.OrderImmediatelyFillable):
                await exchange.create_order(SPOT, "limit", "buy", 0.01, 61000, {"postOnly": True})
            maker = await exchange.create_order(SPOT, "limit", "buy", 0.01, 59000, {"postOnly": True})
            assert maker["id"] and venue.order(maker["clientOrderId"]).is_open  # type: ignore[union-attr]
            cost = await exchange.create_market_buy_order_with_cost(SPOT, 1000)
            assert 990 < cost["cost"] <= 1000

    run(scenario)


def test_stops_wait_and_go_off() -> None:
    async def scenario() -> None:
        async with desk() as (venue, exchange):
            words = {"stopLossPrice": 59000, "clientOrderId": "guard"}
            stop = await exchange.create_order(SPOT, "market", "sell", 0.01, None, words)
            limit = await exchange.create_order(SPOT, "limit", "buy", 0.01, 61000, {"triggerPrice": 61500})
            shown = await exchange.fetch_order(stop["id"], SPOT)
            assert (shown["status"], shown["triggerPrice"], shown["info"]["isWorking"]) == (
                "open",
                59000,
                False,
            )
            venue.move(SPOT, "58990")
            shown = await exchange.fetch_order(stop["id"], SPOT)
            assert (shown["status"], shown["filled"]) == ("closed", 0.01)
            venue.move(SPOT, "61600")
            shown = await exchange.fetch_order(limit["id"], SPOT)
            assert (shown["status"], shown["info"]["isWorking"]) == ("open", True)
            with pytest.raises(ccxt.InvalidOrder):
                await exchange.create_order(SPOT, "market", "buy", 0.01, None, {"triggerPrice": 60000})
            trail = await exchange.create_order(
                SPOT, "market", "sell", 0.01, None, {"trailingPercent": 1, "stopLossOrTakeProfit": "stopLoss"}
            )
            venue.move(SPOT, "63000")
            assert venue.order(trail["clientOrderId"]).stop_price == D("62370")  # type: ignore[union-attr]
            venue.move(SPOT, "62300")
            assert (await exchange.fetch_order(trail["id"], SPOT))["status"] == "closed"

    run(scenario)


def test_an_edit_is_a_cancel_and_a_new_order_in_one() -> None:
    async def scenario() -> None:
        async with desk() as (venue, exchange):
            first = await exchange.create_order(SPOT, "limit", "buy", 0.01, 59000, {"clientOrderId": "a"})
            second = await exchange.edit_order(
                first["id"], SPOT, "limit", "buy", 0.02, 58000, {"clientOrderId": "b"}
            )
            assert second["id"] != first["id"]
            assert [(o.client_id, str(o.status)) for o in venue.orders()] == [
                ("a", "cancelled"),
                ("b", "open"),
            ]
            # The old one is gone: nothing new is entered.
            with pytest.raises(ccxt.BaseError) as caught:
                await exchange.edit_order(
                    first["id"], SPOT, "limit", "buy", 0.02, 58000, {"clientOrderId": "c"}
                )
            assert '"code":-2022' in str(caught.value) and "NOT_ATTEMPTED" in str(caught.value)
            assert venue.order("c") is None
            # The old one is cancelled, and the new one cannot be paid.
            with pytest.raises(ccxt.BaseError) as caught:
                await exchange.edit_order(
                    second["id"], SPOT, "limit", "buy", 50, 58000, {"clientOrderId": "d"}
                )
            assert '"code":-2021' in str(caught.value)
            assert str(venue.order("b").status) == "cancelled" and venue.order("d") is None  # type: ignore[union-attr]

    run(scenario)


def test_an_order_shrinks_in_place() -> None:
    async def scenario() -> None:
        async with desk() as (venue, exchange):
            await exchange.create_order(SPOT, "limit", "buy", 0.02, 59000, {"clientOrderId": "a"})
            watcher = Watcher(exchange.watch_orders)
            await until(lambda: venue.log.requests("subscribe"))
            answer = await exchange.request(
                "order/amend/keepPriority", ["private"], "PUT",
                {"symbol": "BTCUSDT", "origClientOrderId": "a", "newQty": "0.01", "newClientOrderId": "b"},
            )  # fmt: skip
            assert (answer["amendedOrder"]["clientOrderId"], answer["amendedOrder"]["qty"]) == (
                "b",
                "0.01000000",
            )
            order = venue.order("b")
            assert order is not None and order.quantity == D("0.01")
            assert venue.account().purse("spot").locked["USDT"] == 590
            await until(lambda: [o for rows in watcher.seen for o in rows if o["amount"] == 0.01])
            await watcher.stop()

    run(scenario)


def test_everything_of_a_symbol_is_cancelled_at_once() -> None:
    async def scenario() -> None:
        async with desk() as (venue, exchange):
            for step in range(5):
                await exchange.create_order(SPOT, "limit", "buy", 0.01, 59000 - step)
            await exchange.cancel_all_orders(SPOT)
            assert not venue.open_orders()
            with pytest.raises(ccxt.OrderNotFound):
                await exchange.cancel_all_orders(SPOT)

    run(scenario)


def test_fills_come_in_pages() -> None:
    async def scenario() -> None:
        async with desk(limit_scale=0) as (venue, exchange):
            await exchange.create_order(SPOT, "limit", "buy", 1.2, 59000, {"clientOrderId": "many"})
            order = venue.order("many")
            assert order is not None
            for _ in range(1200):
                venue.fill(order, "0.001")
            last = await exchange.fetch_my_trades(SPOT)
            assert len(last) == 500
            pages: list[Any] = []
            first = 0
            while rows := await exchange.fetch_my_trades(SPOT, None, 1000, {"fromId": first}):
                pages += rows
                # The client sorts by time and by the id as text, so the last row is not the newest.
                first = max(int(row["id"]) for row in rows) + 1
            assert len(pages) == len({row["id"] for row in pages}) == 1200
            assert sum(D(row["info"]["qty"]) for row in pages) == D("1.2")

    run(scenario)


def test_user_events_come_as_they_happen() -> None:
    async def scenario() -> None:
        async with desk() as (venue, exchange):
            orders, trades = Watcher(exchange.watch_orders), Watcher(exchange.watch_my_trades)
            balances = Watcher(exchange.watch_balance)
            await until(lambda: venue.log.requests("subscribe"))
            placed = await exchange.create_order(SPOT, "limit", "buy", 0.01, 59000, {"clientOrderId": "mine"})
            order = venue.order("mine")
            assert order is not None
            await until(lambda: orders.seen)
            venue.fill(order, "0.004")
            venue.fill(order)
            await until(lambda: len(trades.seen) and sum(len(rows) for rows in trades.seen) >= 2)
            await until(lambda: [o for rows in orders.seen for o in rows if o["status"] == "closed"])
            assert {o["id"] for rows in orders.seen for o in rows} == {placed["id"]}
            ids = {trade["id"] for rows in trades.seen for trade in rows}
            assert ids == {str(fill.trade) for fill in venue.fills()}
            await until(lambda: exchange.balance["spot"]["BTC"]["total"] == 1.00999)
            # Cancelled by hand: the event names the order, not the request.
            await exchange.create_order(SPOT, "limit", "buy", 0.01, 58000, {"clientOrderId": "other"})
            venue.cancel(venue.open_orders()[0])
            gone = await until(lambda: [o for rows in orders.seen for o in rows if o["status"] == "canceled"])
            assert gone[0]["clientOrderId"] == "other"
            for watcher in (orders, trades, balances):
                assert not watcher.failed
                await watcher.stop()

    run(scenario)


def test_orders_over_the_socket() -> None:
    async def scenario() -> None:
        async with desk() as (venue, exchange):
            placed = await exchange.create_order_ws(
                SPOT, "limit", "buy", 0.01, 59000, {"newClientOrderId": "s"}
            )
            assert (placed["status"], placed["clientOrderId"]) == ("open", "s")
            assert (await exchange.fetch_order_ws(placed["id"], SPOT))["id"] == placed["id"]
            assert len(await exchange.fetch_open_orders_ws(SPOT)) == 1
            edited = await exchange.edit_order_ws(
                placed["id"], SPOT, "limit", "buy", 0.02, 58000, {"newClientOrderId": "t"}
            )
            assert edited["amount"] == 0.02
            await exchange.cancel_order_ws(edited["id"], SPOT)
            assert not venue.open_orders()
            # This client reads the answer as if it were of futures, so only the answer itself is there.
            balances = (await exchange.fetch_balance_ws())["info"]["balances"]
            assert {row["asset"]: row["free"] for row in balances}["USDT"] == "100000.00000000"
            with pytest.raises(ccxt.InsufficientFunds):
                await exchange.create_order_ws(SPOT, "limit", "buy", 90, 59000, {"newClientOrderId": "u"})
            # The unified name makes this client send a second one, which the venue does not know.
            with pytest.raises(ccxt.BaseError) as caught:
                await exchange.create_order_ws(SPOT, "limit", "buy", 0.01, 59000, {"clientOrderId": "v"})
            assert "-1104" in str(caught.value)
            assert {row["via"] for row in venue.log.requests("place")} == {"ws"}

    run(scenario)


def test_two_accounts_do_not_see_each_other() -> None:
    async def scenario() -> None:
        from real_trade.sim import AccountConfig, Key

        accounts = (
            AccountConfig(),
            AccountConfig("second", (Key("key-2", "secret-2"),), {"spot": {"USDT": D(500)}}),
        )
        async with (
            desk(accounts=accounts) as (venue, first),
            client(venue, apiKey="key-2", secret="secret-2") as second,
        ):
            await second.load_markets()
            placed = await first.create_order(SPOT, "limit", "buy", 0.01, 59000)
            assert await second.fetch_open_orders(SPOT) == []
            with pytest.raises(ccxt.OrderNotFound):
                await second.fetch_order(placed["id"], SPOT)
            with pytest.raises(ccxt.InsufficientFunds):
                await second.create_order(SPOT, "limit", "buy", 0.01, 59000)
            assert (await second.fetch_balance())["USDT"]["free"] == 500

    run(scenario)
