"""Numbers of orders are counted by symbol: the same one stands for another order in another symbol."""

from __future__ import annotations

from typing import Any

from real_trade.gateways.binance import parse
from real_trade.gateways.binance.events import events_of
from real_trade.gateways.binance.names import Names
from real_trade.model import Fill, OrderReport, client_id

OURS = client_id("run", "s", 1)
SYMBOLS = {"BTCUSDT": "BTC/USDT", "ETHUSDT": "ETH/USDT"}


def order(**more: Any) -> dict[str, Any]:
    return {
        "orderId": 77, "clientOrderId": OURS, "status": "NEW", "origQty": "1", "executedQty": "0", "side": "BUY",
        "price": "90", "type": "LIMIT", **more,
    }  # fmt: skip


def trade(**more: Any) -> dict[str, Any]:
    return {"id": 5, "orderId": 77, "price": "90", "qty": "1", "isBuyer": True, "time": 1, **more}


def test_a_fill_of_the_same_number_in_another_symbol_is_not_ours() -> None:
    names = Names()
    parse.order_report(order(), "BTC/USDT", names, spot=True)
    assert parse.fill(trade(), "BTC/USDT", names).client_id == OURS
    assert parse.fill(trade(), "ETH/USDT", names).client_id == ""


def test_an_order_of_the_same_number_in_another_symbol_is_not_ours() -> None:
    names = Names()
    parse.order_report(order(), "BTC/USDT", names, spot=True)
    theirs = parse.order_report(order(clientOrderId="web_1"), "ETH/USDT", names, spot=True)
    assert theirs.client_id == "web_1"
    # and the other way round: changed by hand, it stays ours
    assert parse.order_report(order(clientOrderId="web_2"), "BTC/USDT", names, spot=True).client_id == OURS


def test_the_stream_keeps_symbols_apart_too() -> None:
    names = Names()
    parse.order_report(order(), "BTC/USDT", names, spot=True)
    message = {
        "e": "executionReport", "s": "ETHUSDT", "i": 77, "c": "web_1", "S": "SELL", "X": "FILLED", "x": "TRADE", "q": "2",
        "z": "2", "l": "2", "L": "9", "t": 5, "T": 1, "o": "MARKET",
    }  # fmt: skip
    for event in events_of(message, SYMBOLS, names):
        assert isinstance(event, Fill | OrderReport)
        assert (event.symbol, event.client_id) == ("ETH/USDT", "web_1")


def test_an_order_made_of_a_waiting_one_is_bound_in_its_symbol_only() -> None:
    names = Names()
    row = {
        "algoId": 9,
        "clientAlgoId": OURS,
        "actualOrderId": "77",
        "algoStatus": "TRIGGERED",
        "quantity": "1",
    }
    parse.algo_report(row, "BTC/USDT:USDT", names)
    child = parse.order_report(order(clientOrderId="x"), "BTC/USDT:USDT", names, spot=False)
    other = parse.order_report(order(clientOrderId="x"), "ETH/USDT:USDT", names, spot=False)
    assert (child.client_id, other.client_id) == (OURS, "x")
