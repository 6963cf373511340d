"""Binance's codes and texts, asked for by hand-written requests."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import aiohttp
import pytest

from real_trade.sim import AccountConfig, Key
from tests.live.sim.stage import PERP, SPOT, raw, run

D = Decimal
SPOT_ORDER: dict[str, Any] = dict(
    symbol="BTCUSDT", side="BUY", type="LIMIT", timeInForce="GTC", quantity="0.01", price="59000"
)
USDM_ORDER = SPOT_ORDER
ALGO: dict[str, Any] = dict(
    symbol="BTCUSDT",
    side="SELL",
    type="STOP_MARKET",
    algoType="CONDITIONAL",
    quantity="0.01",
    triggerPrice="58000",
)


def changed(order: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return {name: value for name, value in {**order, **changes}.items() if value is not None}


ORDERS = [
    ("/api/v3/order", changed(SPOT_ORDER, symbol="NOPE"), -1121, "Invalid symbol."),
    ("/api/v3/order", changed(SPOT_ORDER, side="UP"), -1117, "Invalid side."),
    ("/api/v3/order", changed(SPOT_ORDER, type="ICE"), -1116, "Invalid orderType."),
    ("/api/v3/order", changed(SPOT_ORDER, timeInForce="DAY"), -1115, "Invalid timeInForce."),
    (
        "/api/v3/order",
        changed(SPOT_ORDER, timeInForce=None),
        -1102,
        "Mandatory parameter 'timeInForce' was not sent",
    ),
    ("/api/v3/order", changed(SPOT_ORDER, price=None), -1102, "Mandatory parameter 'price' was not sent"),
    (
        "/api/v3/order",
        changed(SPOT_ORDER, quantity="x"),
        -1100,
        "Illegal characters found in parameter 'quantity'",
    ),
    ("/api/v3/order", changed(SPOT_ORDER, quantity=""), -1105, "Parameter 'quantity' was empty."),
    (
        "/api/v3/order",
        changed(SPOT_ORDER, quantity="0.0100000001"),
        -1111,
        "Parameter 'quantity' has too much precision.",
    ),
    (
        "/api/v3/order",
        changed(SPOT_ORDER, type="MARKET", timeInForce=None),
        -1106,
        "Parameter 'price' sent when not required.",
    ),
    (
        "/api/v3/order",
        changed(SPOT_ORDER, newClientOrderId="x" * 37),
        -1100,
        "Illegal characters found in parameter 'newClientOrderId'",
    ),
    (
        "/api/v3/order",
        changed(SPOT_ORDER, clientOrderId="x"),
        -1104,
        "Not all sent parameters were read; read '8' parameter(s) but was sent '9'.",
    ),
    ("/api/v3/order", changed(SPOT_ORDER, quantity="0.000001"), -1013, "Filter failure: LOT_SIZE"),
    ("/api/v3/order", changed(SPOT_ORDER, quantity="0.010001"), -1013, "Filter failure: LOT_SIZE"),
    ("/api/v3/order", changed(SPOT_ORDER, price="59000.001"), -1013, "Filter failure: PRICE_FILTER"),
    ("/api/v3/order", changed(SPOT_ORDER, price="400000"), -1013, "Filter failure: PERCENT_PRICE_BY_SIDE"),
    ("/api/v3/order", changed(SPOT_ORDER, quantity="0.00001"), -1013, "Filter failure: NOTIONAL"),
    (
        "/api/v3/order",
        changed(SPOT_ORDER, quantity="5"),
        -2010,
        "Account has insufficient balance for requested action.",
    ),
    (
        "/api/v3/order",
        changed(SPOT_ORDER, type="LIMIT_MAKER", timeInForce=None, price="61000"),
        -2010,
        "Order would immediately match and take.",
    ),
    (
        "/api/v3/order",
        changed(SPOT_ORDER, type="STOP_LOSS", timeInForce=None, price=None, stopPrice="59000"),
        -2010,
        "Stop price would trigger immediately.",
    ),
    ("/fapi/v1/order", changed(USDM_ORDER, symbol="NOPE"), -1121, "Invalid symbol."),
    (
        "/fapi/v1/order",
        changed(USDM_ORDER, type="STOP_MARKET"),
        -4120,
        "Order type not supported for this endpoint.",
    ),
    ("/fapi/v1/order", changed(USDM_ORDER, quantity="0.0005"), -4003, "Quantity less than or equal to zero."),
    (
        "/fapi/v1/order",
        changed(USDM_ORDER, quantity="0.0105"),
        -1111,
        "Precision is over the maximum defined for this asset.",
    ),
    ("/fapi/v1/order", changed(USDM_ORDER, quantity="2000"), -4005, "Quantity greater than max quantity."),
    ("/fapi/v1/order", changed(USDM_ORDER, price="59000.05"), -4014, "Price not increased by tick size."),
    (
        "/fapi/v1/order",
        changed(USDM_ORDER, price="63000.1"),
        -4016,
        "Limit price can't be higher than 63000.",
    ),
    (
        "/fapi/v1/order",
        changed(USDM_ORDER, side="SELL", price="56999.9"),
        -4024,
        "Limit price can't be lower than 57000.",
    ),
    (
        "/fapi/v1/order",
        changed(USDM_ORDER, quantity="0.001"),
        -4164,
        "Order's notional must be no smaller than 100",
    ),
    ("/fapi/v1/order", changed(USDM_ORDER, quantity="900"), -2019, "Margin is insufficient."),
    (
        "/fapi/v1/order",
        changed(USDM_ORDER, timeInForce="GTX", price="61000"),
        -5022,
        "Due to the order could not be executed as maker",
    ),
    (
        "/fapi/v1/order",
        changed(USDM_ORDER, timeInForce="FOK"),
        -5021,
        "Due to the order could not be filled immediately",
    ),
    (
        "/fapi/v1/order",
        changed(USDM_ORDER, timeInForce="GTD", goodTillDate="1"),
        -5040,
        "The goodTillDate timestamp",
    ),
    ("/fapi/v1/order", changed(USDM_ORDER, reduceOnly="true"), -2022, "ReduceOnly Order is rejected."),
    (
        "/fapi/v1/order",
        changed(USDM_ORDER, positionSide="LONG"),
        -4061,
        "Order's position side does not match user's setting.",
    ),
    ("/fapi/v1/algoOrder", changed(ALGO, triggerPrice="61000"), -2021, "Order would immediately trigger."),
    ("/fapi/v1/algoOrder", changed(ALGO, algoType="VP"), -4500, "Invalid algo type."),
    (
        "/fapi/v1/algoOrder",
        changed(ALGO, quantity=None, closePosition="true"),
        -4509,
        "Time in Force (TIF) GTE can only be used",
    ),
    (
        "/fapi/v1/algoOrder",
        changed(ALGO, type="TRAILING_STOP_MARKET", callbackRate="20"),
        -2007,
        "Invalid callBack rate.",
    ),
]


@pytest.mark.parametrize(("path", "order", "code", "text"), ORDERS, ids=lambda value: str(value)[:30])
def test_an_order_is_refused(path: str, order: dict[str, Any], code: int, text: str) -> None:
    async def scenario() -> None:
        async with raw() as (venue, ask):
            status, body, _ = await ask("POST", path, **order)
            assert (status, body["code"]) == (400, code)
            assert body["msg"].startswith(text)
            assert not venue.orders()
            assert not venue.account().purse("spot").locked["USDT"]

    run(scenario)


@pytest.mark.parametrize(
    ("path", "duplicate"),
    [
        ("/api/v3/order", (-2010, "Duplicate order sent.")),
        ("/fapi/v1/order", (-4116, "ClientOrderId is duplicated.")),
    ],
)
def test_a_client_id_twice(path: str, duplicate: tuple[int, str]) -> None:
    async def scenario() -> None:
        async with raw() as (venue, ask):
            for expected in (200, 400):
                status, body, _ = await ask("POST", path, newClientOrderId="same", **SPOT_ORDER)
                assert status == expected
            assert (body["code"], body["msg"]) == duplicate
            assert len(venue.orders()) == 1

    run(scenario)


@pytest.mark.parametrize("prefix", ["/api/v3", "/fapi/v1"])
def test_orders_that_are_not_there(prefix: str) -> None:
    async def scenario() -> None:
        async with raw() as (_, ask):
            for method, code, text in (
                ("GET", -2013, "Order does not exist."),
                ("DELETE", -2011, "Unknown order sent."),
            ):
                for name in ({"orderId": 99999}, {"origClientOrderId": "nobody"}):
                    status, body, _ = await ask(method, f"{prefix}/order", symbol="BTCUSDT", **name)
                    assert (status, body["code"], body["msg"]) == (400, code, text)
                status, body, _ = await ask(method, f"{prefix}/order", symbol="BTCUSDT")
                assert body["code"] == -1102

    run(scenario)


@pytest.mark.parametrize("path", ["/api/v3/account", "/fapi/v3/account"])
def test_who_is_let_in(path: str) -> None:
    async def scenario() -> None:
        keys = (
            Key("full", "secret"),
            Key("reader", "secret", can_trade=False),
            Key("dead", "secret", can_read=False),
        )
        async with raw(accounts=(AccountConfig("main", keys),)) as (venue, ask):

            async def expect(status: int, code: int, **words: Any) -> None:
                got, body, _ = await ask("GET", path, **{"key": "full", "secret": "secret", **words})
                assert (got, body["code"] if got != 200 else 0) == (status, code), body

            await expect(200, 0)
            await expect(400, -1022, secret="wrong")
            await expect(400, -1022, tamper="0")
            await expect(401, -2014, key="")
            await expect(401, -2015, key="unknown")
            await expect(401, -2015, key="dead")
            now = venue.clock.api_ms()
            await expect(400, -1021, timestamp=now - 6000)
            await expect(200, 0, timestamp=now - 6000, recvWindow=10000)
            await expect(400, -1021, timestamp=now + 5000)
            await expect(400, -1131, recvWindow=70000)
            got, body, _ = await ask("GET", path, signed=False, key="full")
            assert body["code"] == -1102
            order = "/api/v3/order" if path.startswith("/api") else "/fapi/v1/order"
            got, body, _ = await ask("POST", order, key="reader", secret="secret", **SPOT_ORDER)
            assert (got, body["code"]) == (401, -2015)
            assert not venue.orders()

    run(scenario)


def test_keys_that_sign_with_ed25519() -> None:
    async def scenario() -> None:
        import base64
        import time
        from urllib.parse import quote

        from cryptography.hazmat.primitives import serialization
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
        from yarl import URL

        private = Ed25519PrivateKey.generate()
        pem = private.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        keys = (Key("ed", public_pem=pem.decode()),)
        async with raw(accounts=(AccountConfig("main", keys),)) as (_, ask):
            query = f"timestamp={int(time.time() * 1000)}"
            for payload, expected in ((query, 200), (query + "0", 400)):
                signature = quote(base64.b64encode(private.sign(payload.encode())).decode(), safe="")
                address = URL(
                    f"https://api.binance.com/api/v3/account?{query}&signature={signature}", encoded=True
                )
                async with ask.session.get(address, headers={"X-MBX-APIKEY": "ed"}) as answer:
                    assert answer.status == expected

    run(scenario)


def test_weights_and_order_counts_are_told_and_enforced() -> None:
    async def scenario() -> None:
        async with raw(limit_scale=0.05) as (venue, ask):
            _, _, headers = await ask("GET", "/api/v3/account")
            first = int(headers["X-MBX-USED-WEIGHT-1M"])
            _, _, headers = await ask("GET", "/api/v3/account")
            assert int(headers["X-MBX-USED-WEIGHT-1M"]) in (first + 20, 20)
            counts = []
            for _ in range(5):
                status, _, headers = await ask("POST", "/api/v3/order", **SPOT_ORDER)
                assert status == 200
                counts.append(int(headers["X-MBX-ORDER-COUNT-10S"]))
            status, body, headers = await ask("POST", "/api/v3/order", **SPOT_ORDER)
            if counts == [1, 2, 3, 4, 5]:  # the ten seconds did not end in between
                assert (status, body["code"]) == (429, -1015)
                assert 1 <= int(headers["Retry-After"]) <= 11
                assert len(venue.orders()) == 5
            statuses = [(await ask("GET", "/api/v3/account"))[0] for _ in range(30)]
            # Fifteen fit into a minute; a minute that ends in between starts anew.
            assert (statuses[-1] == 418 and statuses.count(429) == 10) or 200 in statuses[15:]

    run(scenario)


def test_answers_come_in_the_form_that_is_asked_for() -> None:
    async def scenario() -> None:
        async with raw() as (_, ask):
            for style, there, absent in (
                ("ACK", "orderId", "status"),
                ("RESULT", "status", "fills"),
                ("FULL", "fills", "nothing"),
            ):
                _, body, _ = await ask("POST", "/api/v3/order", newOrderRespType=style, **SPOT_ORDER)
                assert there in body and absent not in body
            _, body, _ = await ask("POST", "/fapi/v1/order", **SPOT_ORDER)
            assert body["status"] == "NEW"
            _, body, _ = await ask("POST", "/api/v3/order/test", **SPOT_ORDER)
            assert body == {}

    run(scenario)


def test_replacing_tells_both_results() -> None:
    async def scenario() -> None:
        async with raw() as (venue, ask):
            _, first, _ = await ask("POST", "/api/v3/order", **SPOT_ORDER)
            words: dict[str, Any] = dict(SPOT_ORDER, cancelReplaceMode="ALLOW_FAILURE")
            status, body, _ = await ask("POST", "/api/v3/order/cancelReplace", cancelOrderId=9999, **words)
            assert (status, body["code"], body["data"]["cancelResult"], body["data"]["newOrderResult"]) == (
                409,
                -2021,
                "FAILURE",
                "SUCCESS",
            )
            assert body["data"]["cancelResponse"] == {"code": -2011, "msg": "Unknown order sent."}
            words["quantity"] = "100"
            status, body, _ = await ask("POST", "/api/v3/order/cancelReplace", cancelOrderId=9999, **words)
            assert (status, body["code"], body["data"]["newOrderResult"]) == (400, -2022, "FAILURE")
            words["price"] = "59000.001"
            status, body, _ = await ask(
                "POST", "/api/v3/order/cancelReplace", cancelOrderId=first["orderId"], **words
            )
            assert (status, body["code"]) == (400, -1013)
            assert venue.orders()[0].is_open, "filters are looked at before anything is cancelled"

    run(scenario)


def test_futures_odds_and_ends() -> None:
    async def scenario() -> None:
        async with raw() as (venue, ask):
            _, order, _ = await ask("POST", "/fapi/v1/order", **USDM_ORDER)
            same = dict(
                symbol="BTCUSDT", orderId=order["orderId"], side="BUY", quantity="0.01", price="59000"
            )
            _, body, _ = await ask("PUT", "/fapi/v1/order", **same)
            assert (body["code"], body["msg"]) == (-5027, "No need to modify the order.")
            status, body, _ = await ask(
                "POST", "/fapi/v1/countdownCancelAll", symbol="BTCUSDT", countdownTime=5000
            )
            assert body == {"symbol": "BTCUSDT", "countdownTime": "5000"}
            venue.clock.advance(6)
            assert not venue.open_orders()
            _, body, _ = await ask("PUT", "/fapi/v1/listenKey", signed=False)
            assert body["code"] == -1125
            status, body, _ = await ask("GET", "/fapi/v1/nothing")
            assert (status, body["code"]) == (404, -5000)
            _, order, _ = await ask("POST", "/fapi/v1/order", **changed(
                USDM_ORDER, timeInForce="GTD", goodTillDate=str(venue.clock.now_ms() + 700_000)))  # fmt: skip
            assert order["timeInForce"] == "GTD"
            venue.clock.advance(701)
            assert str(venue.orders()[-1].status) == "expired"

    run(scenario)


def test_a_close_position_stop_stands_alone_in_its_direction() -> None:
    async def scenario() -> None:
        async with raw() as (venue, ask):
            venue.place("main", PERP, "buy", "0.02")
            close = changed(ALGO, quantity=None, closePosition="true")
            assert (await ask("POST", "/fapi/v1/algoOrder", **close))[0] == 200
            _, body, _ = await ask("POST", "/fapi/v1/algoOrder", **changed(close, triggerPrice="57000"))
            assert body["code"] == -4130
            profit = changed(close, type="TAKE_PROFIT_MARKET", triggerPrice="62000")
            assert (await ask("POST", "/fapi/v1/algoOrder", **profit))[0] == 200
            venue.place("main", PERP, "sell", "0.02")
            assert [str(order.status) for order in venue.orders(symbol=PERP, apart=True)] == [
                "expired",
                "expired",
            ]

    run(scenario)


def test_the_websocket_api_says_what_is_wrong() -> None:
    async def scenario() -> None:
        async with raw() as (_, ask), ask.session.ws_connect("wss://ws-api.binance.com:443/ws-api/v3") as ws:

            async def say(message: Any) -> Any:
                await ws.send_str(message if isinstance(message, str) else json.dumps(message))
                return json.loads((await ws.receive()).data)

            assert (await say("nonsense"))["error"]["code"] == -1102
            answer = await say({"id": 7, "method": "no.such"})
            assert (answer["id"], answer["status"], answer["error"]["code"]) == (7, 404, -5000)
            answer = await say({"id": "a", "method": "time"})
            assert (answer["id"], answer["status"]) == ("a", 200) and answer["result"]["serverTime"]
            assert answer["rateLimits"][0]["rateLimitType"] == "REQUEST_WEIGHT"
            answer = await say({"id": 1, "method": "order.place", "params": {"apiKey": "unknown"}})
            assert answer["error"]["code"] == -2015
            answer = await say({"id": 1, "method": "depth", "params": {"symbol": "BTCUSDT", "limit": 5}})
            assert len(answer["result"]["bids"]) == 5

    run(scenario)


def test_hosts_and_paths_that_are_not_there() -> None:
    async def scenario() -> None:
        async with raw() as (venue, ask):
            with pytest.raises(aiohttp.ClientConnectorError, match="no host of the rehearsal venue"):
                await ask.session.get("https://example.com/")
            with pytest.raises(aiohttp.WSServerHandshakeError):
                await ask.session.ws_connect("wss://stream.binance.com:9443/nowhere")
            async with ask.session.get(
                "https://api.binance.com/", headers={"Host": "evil.example.com"}
            ) as answer:
                assert answer.status == 421
            assert "example.com" in venue.hosts_asked

    run(scenario)


def test_subscriptions_by_address_and_by_message() -> None:
    async def scenario() -> None:
        async with raw() as (venue, ask):
            async with ask.session.ws_connect(
                "wss://stream.binance.com:9443/stream?streams=btcusdt@trade/ethusdt@bookTicker"
            ) as ws:
                venue.move(SPOT, "60100")
                told = [json.loads((await ws.receive()).data) for _ in range(2)]
                assert {message["stream"] for message in told} == {"btcusdt@trade", "ethusdt@bookTicker"}
                await ws.send_str(json.dumps({"method": "LIST_SUBSCRIPTIONS", "id": 3}))
                assert json.loads((await ws.receive()).data) == {
                    "result": ["btcusdt@trade", "ethusdt@bookTicker"],
                    "id": 3,
                }
                await ws.send_str(json.dumps({"method": "UNSUBSCRIBE", "params": ["btcusdt@trade"], "id": 4}))
                assert json.loads((await ws.receive()).data) == {"result": None, "id": 4}
                await ws.send_str("{")
                assert json.loads((await ws.receive()).data)["error"]["code"] == 2
            async with ask.session.ws_connect("wss://stream.binance.com:9443/ws/btcusdt@depth5") as ws:
                told = [json.loads((await ws.receive()).data)]
                assert len(told[0]["bids"]) == len(told[0]["asks"]) == 5

    run(scenario)


def test_who_talks_too_much_on_a_stream_is_cut() -> None:
    async def scenario() -> None:
        async with raw() as (_, ask):
            for address, most in (
                ("wss://stream.binance.com:9443/ws", 5),
                ("wss://fstream.binance.com/market/ws", 10),
            ):
                async with ask.session.ws_connect(address) as ws:
                    for number in range(most + 1):
                        await ws.send_str(json.dumps({"method": "LIST_SUBSCRIPTIONS", "id": number}))
                    heard = [await ws.receive() for _ in range(most + 1)]
                    assert [message.type for message in heard[:-1]] == [aiohttp.WSMsgType.TEXT] * most
                    assert (heard[-1].type, heard[-1].data) == (aiohttp.WSMsgType.CLOSE, 1008)

    run(scenario)


def test_futures_forget_orders_that_came_to_nothing() -> None:
    async def scenario() -> None:
        async with raw() as (venue, ask):
            _, order, _ = await ask("POST", "/fapi/v1/order", **USDM_ORDER)
            words = {"symbol": "BTCUSDT", "orderId": order["orderId"]}
            await ask("DELETE", "/fapi/v1/order", **words)
            assert (await ask("GET", "/fapi/v1/order", **words))[1]["status"] == "CANCELED"
            venue.clock.advance(3 * 86400 + 1)
            assert (await ask("GET", "/fapi/v1/order", **words))[1]["code"] == -2013

    run(scenario)
