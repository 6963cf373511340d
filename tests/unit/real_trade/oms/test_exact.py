"""Amounts are exact whatever a strategy did to the arithmetic of `decimal` in this thread."""

from __future__ import annotations

import decimal
from dataclasses import replace
from decimal import Decimal

import pytest

from real_trade.model import Fill, OrderIntent, OrderKind, OrderReport, Side, VenueStatus
from real_trade.oms.book import Book
from real_trade.oms.events import Adopted, Event, Filled, Intended, Reported
from real_trade.oms.holdings import Holdings
from tests.live.fake import SPOT

D = Decimal
SIZE = D("123456.12345678")


def story() -> list[Event]:
    intent = OrderIntent("a", "BTC/USDT", Side.BUY, OrderKind.LIMIT, SIZE, D("90.12345678"))
    events: list[Event] = [Intended("a", 1, intent)]
    for number, part in enumerate((D("0.00000001"), D("123456"), D("0.12345677"))):
        fill = Fill(
            "BTC/USDT", str(number), "7", "a", Side.BUY, D("90.12345678"), part, part * D("0.001"), "BNB"
        )
        events.append(Filled("a", 2, fill))
    report = OrderReport("BTC/USDT", "web", "8", VenueStatus.PARTIAL, SIZE, D("0.00000001"))
    return [*events, Adopted("~BTC/USDT:8", 3, report), Reported("a", 4, replace(report, client_id="a"))]


@pytest.mark.parametrize("digits", [3, 28])
def test_a_strategy_that_rounds_does_not_round_what_was_filled(digits: int) -> None:
    events = story()
    with decimal.localcontext(decimal.Context(prec=digits)):
        order = Book(events).get("a")
        held = Holdings({SPOT.symbol: SPOT}, D(0))
        for event in events:
            if isinstance(event, Filled):
                held.filled(event.fill)
    assert order is not None
    assert order.executed == order.filled == SIZE and order.name == "Completed"
    assert order.cost == decimal.Context(prec=60).multiply(SIZE, D("90.12345678"))
    assert held.position("BTC/USDT") == SIZE
