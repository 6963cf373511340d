"""Raw messages of the user streams, as the venue documents them, and what is made of them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from real_trade.gateways.binance.events import events_of
from real_trade.gateways.binance.names import Names
from real_trade.gateways.binance.parse import balances, kind_of, number, order_report, status_of
from real_trade.model import Balance, Fill, OrderKind, OrderReport, Position, Side, VenueStatus, client_id

D = Decimal
SYMBOLS = {"ETHBTC": "ETH/BTC", "BTCUSDT": "BTC/USDT:USDT"}


def execution(**changes: Any) -> dict[str, Any]:
    return {
        "e": "executionReport", "E": 1499405658658, "s": "ETHBTC", "c": "btOURS", "S": "BUY", "o": "LIMIT",
        "f": "GTC", "q": "1.00000000", "p": "0.10264410", "P": "0.00000000", "F": "0.00000000", "g": -1, "C": "",
        "x": "NEW", "X": "NEW", "r": "NONE", "i": 4293153, "l": "0.00000000", "z": "0.00000000",
        "L": "0.00000000", "n": "0", "N": None, "T": 1499405658657, "t": -1, "w": True, "m": False,
        "O": 1499405658657, "Z": "0.00000000", "Y": "0.00000000", "Q": "0.00000000",
    } | changes  # fmt: skip


def trade(**changes: Any) -> dict[str, Any]:
    order = {
        "s": "BTCUSDT", "c": "btOURS", "S": "SELL", "o": "LIMIT", "f": "GTC", "q": "0.003", "p": "60000",
        "ap": "60001.5", "sp": "0", "x": "TRADE", "X": "PARTIALLY_FILLED", "i": 8886774, "l": "0.001",
        "z": "0.002", "L": "60002", "n": "0.01200000", "N": "USDT", "T": 1568879465650, "t": 77, "m": True,
        "R": True, "ot": "LIMIT", "ps": "BOTH", "rp": "0",
    } | changes  # fmt: skip
    return {"e": "ORDER_TRADE_UPDATE", "E": 1568879465651, "T": 1568879465650, "o": order}


def read(message: dict[str, Any], names: Names | None = None) -> list[Any]:
    return events_of(message, SYMBOLS, names or Names())


def test_a_new_order_on_spot() -> None:
    [report] = read(execution())
    assert isinstance(report, OrderReport)
    assert (report.symbol, report.client_id, report.venue_id) == ("ETH/BTC", "btOURS", "4293153")
    assert (report.status, report.quantity, report.filled) == (VenueStatus.OPEN, 1, 0)
    assert (report.price, report.stop_price, report.average_price) == (D("0.1026441"), None, None)
    assert report.time_ns == 1499405658657 * 10**6
    assert report.reason == ""


def test_a_fill_on_spot_is_told_before_the_order() -> None:
    message = execution(
        x="TRADE",
        X="PARTIALLY_FILLED",
        l="0.4",
        z="0.6",
        L="0.1",
        Z="0.06",
        n="0.0004",
        N="ETH",
        t=55,
        m=True,
    )
    fill, report = read(message)
    assert fill == Fill(
        "ETH/BTC",
        "55",
        "4293153",
        "btOURS",
        Side.BUY,
        D("0.1"),
        D("0.4"),
        D("0.0004"),
        "ETH",
        True,
        report.time_ns,
    )
    assert (report.status, report.filled, report.average_price) == (VenueStatus.PARTIAL, D("0.6"), D("0.1"))


def test_a_cancellation_on_spot_names_the_order_and_not_the_request() -> None:
    [report] = read(execution(x="CANCELED", X="CANCELED", c="request-17", C="btOURS"))
    assert (report.client_id, report.status) == ("btOURS", VenueStatus.CANCELLED)


@pytest.mark.parametrize(("field", "value"), [("C", None), ("C", "")])
def test_an_original_id_that_is_not_there(field: str, value: Any) -> None:
    [report] = read(execution(**{field: value}))
    assert report.client_id == "btOURS"


def test_a_trade_that_was_prevented_is_no_fill() -> None:
    [report] = read(execution(x="TRADE_PREVENTION", X="EXPIRED_IN_MATCH"))
    assert report.status is VenueStatus.EXPIRED


def test_a_fill_on_futures() -> None:
    fill, report = read(trade())
    assert (fill.trade_id, fill.price, fill.quantity, fill.fee, fill.maker) == (
        "77", D(60002), D("0.001"), D("0.012"), True,
    )  # fmt: skip
    assert (report.symbol, report.side, report.filled) == ("BTC/USDT:USDT", Side.SELL, D("0.002"))
    assert (report.average_price, report.reduce_only) == (D("60001.5"), True)


def test_a_liquidation_is_told_with_its_reason(caplog: pytest.LogCaptureFixture) -> None:
    fill, report = read(trade(c="autoclose-1", o="LIQUIDATION", ot="LIQUIDATION", x="CALCULATED", X="FILLED"))
    assert "the venue closed it" in report.reason
    assert report.kind is OrderKind.MARKET
    assert fill.client_id == "autoclose-1"
    assert "closes a position" in caplog.text


def algo(status: str, actual: Any = "", **changes: Any) -> dict[str, Any]:
    order = {
        "caid": "btSTOP", "aid": 2148719, "at": "CONDITIONAL", "o": "STOP_MARKET", "s": "BTCUSDT", "S": "SELL",
        "ps": "BOTH", "f": "GTC", "q": "0.01", "X": status, "ai": actual, "ap": "0", "aq": "0", "act": "0",
        "tp": "750", "p": "0", "R": True, "rm": "",
    } | changes  # fmt: skip
    return {"e": "ALGO_UPDATE", "T": 1750515742297, "E": 1750515742303, "o": order}


def test_a_conditional_order_that_waits() -> None:
    [report] = read(algo("NEW"))
    assert (report.client_id, report.venue_id) == ("btSTOP", "algo-2148719")
    assert (report.kind, report.stop_price, report.price) == (OrderKind.STOP, D(750), None)
    assert report.status is VenueStatus.OPEN


@pytest.mark.parametrize("id_there", ["btSTOP", "a-new-one", ""])
def test_a_conditional_order_that_triggers_keeps_its_client_id(id_there: str) -> None:
    names = Names()
    [triggered] = read(algo("TRIGGERED", "8886774"), names)
    assert (triggered.client_id, triggered.venue_id) == ("btSTOP", "8886774")
    # whatever the venue calls the order that it made of it
    fill, report = read(trade(c=id_there, ot="STOP_MARKET"), names)
    assert (fill.client_id, report.client_id, report.kind) == ("btSTOP", "btSTOP", OrderKind.STOP)
    # its end is told by that order
    assert read(algo("FINISHED", "8886774"), names) == []


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("CANCELED", VenueStatus.CANCELLED),
        ("EXPIRED", VenueStatus.EXPIRED),
        ("REJECTED", VenueStatus.REJECTED),
    ],
)
def test_a_conditional_order_that_ends_without_triggering(word: str, status: VenueStatus) -> None:
    [report] = read(algo(word, rm="Reduce Only reject"))
    assert report.status is status
    assert report.reason == ("" if word == "CANCELED" else "Reduce Only reject")


def test_money_on_spot_is_only_what_changed() -> None:
    message = {"e": "outboundAccountPosition", "B": [{"a": "ETH", "f": "10000.5", "l": "0.25"}]}
    assert read(message) == [Balance("ETH", D("10000.5"), D("0.25"))]


def test_an_account_on_futures() -> None:
    message = {
        "e": "ACCOUNT_UPDATE",
        "a": {
            "m": "ORDER",
            "B": [{"a": "USDT", "wb": "122624.12345678", "cw": "100.12345678"}],
            "P": [
                {"s": "BTCUSDT", "pa": "0", "ep": "0.0", "up": "0", "ps": "BOTH"},
                {"s": "XYZUSDT", "pa": "-20", "ep": "6563.66500", "up": "2850.21200", "ps": "SHORT"},
            ],
        },
    }
    assert read(message) == [
        Balance("USDT", D("122624.12345678")),
        # a position that ended is told as well
        Position("BTC/USDT:USDT", D(0)),
        Position("XYZUSDT", D(-20), D("6563.665"), "short", unrealised=D("2850.212")),
    ]


@pytest.mark.parametrize(
    "word", ["TRADE_LITE", "ACCOUNT_CONFIG_UPDATE", "listStatus", "balanceUpdate", "new one"]
)
def test_other_messages_are_passed_over(word: str) -> None:
    assert read({"e": word}) == []


def test_a_margin_call_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    assert read({"e": "MARGIN_CALL", "p": [{"s": "BTCUSDT"}]}) == []
    assert "liquidation" in caplog.text


# -- words ---------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("word", "filled", "status"),
    [
        ("NEW", 0, VenueStatus.OPEN),
        ("PENDING_NEW", 0, VenueStatus.OPEN),
        ("PENDING_CANCEL", 0, VenueStatus.OPEN),
        ("PENDING_CANCEL", 1, VenueStatus.PARTIAL),
        ("PARTIALLY_FILLED", 1, VenueStatus.PARTIAL),
        ("FILLED", 2, VenueStatus.FILLED),
        ("CANCELED", 1, VenueStatus.CANCELLED),
        ("EXPIRED_IN_MATCH", 0, VenueStatus.EXPIRED),
        # a word of tomorrow ends no order by itself
        ("SLEEPING", 0, VenueStatus.OPEN),
        ("SLEEPING", 1, VenueStatus.PARTIAL),
        ("SLEEPING", 2, VenueStatus.FILLED),
    ],
)
def test_a_status_comes_from_the_word_and_the_amount(word: str, filled: int, status: VenueStatus) -> None:
    assert status_of(word, D(2), D(filled)) is status


def test_a_take_profit_is_two_things() -> None:
    assert kind_of("TAKE_PROFIT", spot=True) is OrderKind.TAKE_PROFIT
    assert kind_of("TAKE_PROFIT", spot=False) is OrderKind.TAKE_PROFIT_LIMIT
    assert kind_of("STOP_LOSS", spot=True, trailing=100) is OrderKind.TRAILING


def test_numbers_never_pass_through_float() -> None:
    assert number("0.1") + number("0.2") == D("0.3")
    assert number("123456789012345678.123456789") == D("123456789012345678.123456789")
    assert number(None) == number("") == 0


def test_an_old_order_whose_worth_is_forgotten_has_no_average() -> None:
    raw = {
        "orderId": 1,
        "executedQty": "1",
        "origQty": "1",
        "cummulativeQuoteQty": "-1.0",
        "status": "FILLED",
    }
    assert order_report(raw, "X", Names(), spot=True).average_price is None


def test_names_are_bounded() -> None:
    names = Names(limit=3)
    for count in range(10):
        names.bind("X", str(count), f"c{count}")
    assert [names.of("X", str(count)) for count in range(10)] == [""] * 7 + ["c7", "c8", "c9"]
    assert len(names._bound) <= 3


def test_the_answer_to_a_cancellation_names_the_order_under_another_word() -> None:
    raw = {
        "orderId": 1, "origClientOrderId": "web_1", "clientOrderId": "request-17", "origQty": "1",
        "executedQty": "0", "status": "CANCELED", "side": "SELL", "type": "LIMIT", "price": "5",
    }  # fmt: skip
    assert order_report(raw, "X", Names(), spot=True).client_id == "web_1"


def test_an_order_of_ours_stays_ours_when_it_is_renamed_by_hand() -> None:
    names = Names()
    ours = client_id("run", "strategy", 1)
    names.learn("X", "7", ours)
    assert names.learn("X", "7", "web_1") == names.of("X", "7") == ours
    # another one of ours is a new name for it
    assert names.learn("X", "7", client_id("run", "strategy", 2)) != ours


@pytest.mark.parametrize(
    ("available", "free", "locked"), [("80.5", "80.5", "19.5"), ("100", "100", "0"), ("120", "100", "0")]
)
def test_a_wallet_on_futures_is_the_total(available: str, free: str, locked: str) -> None:
    # profits that are not realised can be used, and are not in the wallet
    raw = {
        "assets": [{"asset": "USDT", "walletBalance": "100", "availableBalance": available}, {"asset": "BNB"}]
    }
    assert balances(raw, spot=False) == {"USDT": Balance("USDT", D(free), D(locked))}


def test_assets_without_money_are_left_out_on_spot() -> None:
    rows = [{"asset": "A", "free": "0.1", "locked": "0.2"}, {"asset": "B", "free": "0.00", "locked": "0.00"}]
    assert balances({"balances": rows}, spot=True) == {"A": Balance("A", D("0.1"), D("0.2"))}
