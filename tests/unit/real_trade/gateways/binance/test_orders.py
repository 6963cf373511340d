"""Requests: what goes over the wire for an intention, and what never does."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from real_trade.errors import Rejected
from real_trade.gateways.binance.orders import algo_request, plain, spot_request, usdm_request
from real_trade.model import Instrument, OrderIntent, OrderKind, Side, TimeInForce

D = Decimal
BTC = Instrument(
    "BTC/USDT",
    "BTCUSDT",
    "BTC",
    "USDT",
    tick=D("0.01"),
    step=D("0.001"),
    min_quantity=D("0.001"),
    min_notional=D(5),
)
LIMIT = OrderIntent("id1", "BTC/USDT", Side.BUY, OrderKind.LIMIT, D("0.010"), D("60000.50"))


def order(kind: OrderKind = OrderKind.LIMIT, **more: Any) -> OrderIntent:
    if not kind.has_limit:
        more.setdefault("price", None)
    return replace(LIMIT, kind=kind, **more)


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=0, max_value=10**12, places=10))
def test_an_amount_is_written_so_that_it_reads_the_same(value: Decimal) -> None:
    text = plain(value)
    assert D(text) == value
    assert "E" not in text.upper()
    assert not ("." in text and text.endswith("0"))


def test_a_spot_limit_order() -> None:
    assert spot_request(LIMIT, BTC) == {
        "symbol": "BTCUSDT", "side": "BUY", "type": "LIMIT", "quantity": "0.01", "price": "60000.5",
        "newClientOrderId": "id1", "timeInForce": "GTC", "newOrderRespType": "FULL",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("intent", "word", "has"),
    [
        (order(OrderKind.MARKET), "MARKET", {}),
        (order(post_only=True), "LIMIT_MAKER", {"price": "60000.5"}),
        (order(OrderKind.STOP, stop_price=D(61000)), "STOP_LOSS", {"stopPrice": "61000"}),
        (order(OrderKind.STOP_LIMIT, stop_price=D(61000)), "STOP_LOSS_LIMIT", {"timeInForce": "GTC"}),
        (order(OrderKind.TAKE_PROFIT, stop_price=D(59000)), "TAKE_PROFIT", {"stopPrice": "59000"}),
        (order(OrderKind.TAKE_PROFIT_LIMIT, stop_price=D(59000)), "TAKE_PROFIT_LIMIT", {"price": "60000.5"}),
        (order(OrderKind.TRAILING, trail=D("1.5")), "STOP_LOSS", {"trailingDelta": "150"}),
    ],
)
def test_words_of_spot(intent: OrderIntent, word: str, has: dict[str, str]) -> None:
    request = spot_request(intent, BTC)
    assert request["type"] == word
    assert has.items() <= request.items()
    assert ("timeInForce" in request) == (intent.kind.has_limit and not intent.post_only)
    assert ("price" in request) == intent.kind.has_limit


@pytest.mark.parametrize(
    ("intent", "word", "has"),
    [
        (order(OrderKind.STOP, stop_price=D(61000)), "STOP_MARKET", {"triggerPrice": "61000"}),
        (
            order(OrderKind.STOP_LIMIT, stop_price=D(61000)),
            "STOP",
            {"price": "60000.5", "timeInForce": "GTC"},
        ),
        (order(OrderKind.TAKE_PROFIT, stop_price=D(59000)), "TAKE_PROFIT_MARKET", {"triggerPrice": "59000"}),
        (order(OrderKind.TAKE_PROFIT_LIMIT, stop_price=D(59000)), "TAKE_PROFIT", {"price": "60000.5"}),
        (order(OrderKind.TRAILING, trail=D("1.5")), "TRAILING_STOP_MARKET", {"callbackRate": "1.5"}),
        (
            order(OrderKind.TRAILING, trail=D(1), stop_price=D(61000)),
            "TRAILING_STOP_MARKET",
            {"activatePrice": "61000"},
        ),
    ],
)
def test_words_of_conditional_orders(intent: OrderIntent, word: str, has: dict[str, str]) -> None:
    request = algo_request(intent, BTC, hedged=False)
    assert (request["type"], request["algoType"], request["clientAlgoId"]) == (word, "CONDITIONAL", "id1")
    assert has.items() <= request.items()
    assert not {"stopPrice", "newClientOrderId"} & set(request)


def test_words_of_futures() -> None:
    assert usdm_request(LIMIT, BTC, hedged=False)["timeInForce"] == "GTC"
    assert usdm_request(order(post_only=True), BTC, hedged=False)["timeInForce"] == "GTX"
    assert usdm_request(order(reduce_only=True), BTC, hedged=False)["reduceOnly"] == "true"
    assert "timeInForce" not in usdm_request(order(OrderKind.MARKET), BTC, hedged=False)
    hedged = usdm_request(order(position_side="short"), BTC, hedged=True)
    assert hedged["positionSide"] == "SHORT"
    assert "reduceOnly" not in usdm_request(order(position_side="short", reduce_only=True), BTC, hedged=True)


@pytest.mark.parametrize(
    ("intent", "sentence"),
    [
        (order(client_id=""), "needs a client id"),
        (order(OrderKind.MARKET, price=D(60000)), "a market order has no price"),
        (order(price=None), "needs a price"),
        (order(OrderKind.STOP), "needs a stop price"),
        (order(OrderKind.TRAILING), "needs a distance in percent"),
        (order(OrderKind.TRAILING, trail=D("0.001")), "finer than a hundredth of a percent"),
        (order(time_in_force=TimeInForce.DAY), "no day orders"),
        (order(post_only=True, time_in_force=TimeInForce.IOC), "can be post-only"),
        (order(OrderKind.MARKET, post_only=True), "can be post-only"),
        (order(quantity=D("0.0005")), "no multiple of 0.001"),
        (order(quantity=D("1E-30")), "no multiple of 0.001"),
        (order(quantity=D("1E+40")), "no multiple of 0.001"),
        (order(price=D("0.005")), "no multiple of 0.01"),
        (order(quantity=D("0.001"), price=D(1)), "worth 0.001, which is below the least, 5"),
        (order(reduce_only=True), "a spot account has no positions"),
        (order(position_side="long"), "a spot account has no long side"),
    ],
)
def test_what_spot_never_sees(intent: OrderIntent, sentence: str) -> None:
    with pytest.raises(Rejected, match=sentence) as caught:
        spot_request(intent, BTC)
    assert str(caught.value).startswith("BTC/USDT: ")


@pytest.mark.parametrize(
    ("intent", "hedged", "sentence"),
    [
        (order(position_side="long"), False, "keeps one position per symbol"),
        (order(), True, "must say which"),
        (order(position_side="up"), True, "must say which"),
        (order(position_side="long", reduce_only=True), True, "does not reduce"),
    ],
)
def test_what_futures_never_see(intent: OrderIntent, hedged: bool, sentence: str) -> None:
    with pytest.raises(Rejected, match=sentence):
        usdm_request(intent, BTC, hedged=hedged)
