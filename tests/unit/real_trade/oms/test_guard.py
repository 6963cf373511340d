"""What is looked at before an order leaves."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from real_trade.config.schema import LimitSettings
from real_trade.model import OrderIntent, OrderKind, Side
from real_trade.oms import Limits, clock
from real_trade.oms.guard import Guard
from tests.live.fake import PERPETUAL, SPOT

D = Decimal


def guard(**limits: object) -> Guard:
    return Guard(Limits(**limits), {one.symbol: one for one in (SPOT, PERPETUAL)})  # type: ignore[arg-type]


def intent(**changes: object) -> OrderIntent:
    base = OrderIntent("a", "BTC/USDT", Side.BUY, OrderKind.LIMIT, D(1), D(90))
    return replace(base, **changes)  # type: ignore[arg-type]


def test_the_worth_of_an_order_is_the_most_it_may_cost() -> None:
    rules = guard(notional=D(100))
    rules.prices["BTC/USDT"] = D(120)
    assert rules.worth(intent()) == 90
    # a sale below the market is filled at the market
    assert rules.worth(intent(side=Side.SELL)) == 120
    assert rules.worth(intent(kind=OrderKind.MARKET, price=None)) == 120
    assert rules.worth(intent(kind=OrderKind.STOP, price=None, stop_price=D(130))) == 130
    large = replace(SPOT, contract_size=D(10))
    assert Guard(Limits(), {"BTC/USDT": large}).worth(intent()) == 900


def test_an_order_whose_worth_cannot_be_told_does_not_pass_a_cap() -> None:
    market = intent(kind=OrderKind.MARKET, price=None)
    assert guard().complaint(market, ()) == ""
    assert "no price is known" in guard(notional=D(100)).complaint(market, ())


def test_a_price_is_asked_for_where_the_worth_depends_on_it_and_it_is_old() -> None:
    rules = guard(notional=D(100))
    market = intent(kind=OrderKind.MARKET, price=None)
    assert rules.needs_price(market, 10) and not guard().needs_price(market, 10)
    # a limit far below the market is no limit to what a sale is worth
    assert rules.needs_price(intent(side=Side.SELL), 10) and not rules.needs_price(intent(), 10)
    rules.told["BTC/USDT"] = clock.elapsed() - 5
    assert not rules.needs_price(market, 10) and rules.needs_price(market, 4)


@pytest.mark.parametrize("client_id", ["", "ü", "a b", "a" * 33, "a-b"])
def test_client_ids_are_what_the_venue_takes(client_id: str) -> None:
    assert "is no client id for this venue: 1 to 32 letters, digits" in guard().complaint(
        intent(client_id=client_id), ()
    )
    rules = Guard(Limits(), {SPOT.symbol: SPOT}, id_extra="-")
    assert rules.complaint(intent(client_id="a-b"), ()) == ""


def test_the_rate_is_that_of_the_last_second_and_minute() -> None:
    rules = guard(orders_per_second=2, orders_per_minute=4)
    for now in (0.0, 0.5, 5.0, 30.0):
        rules.sent(now)
    assert (
        rules.complaint(intent(), (), now=31.5)
        == "4 orders within a minute, the most is 4: is the strategy running wild?"
    )
    assert rules.complaint(intent(), (), now=60.1) == ""
    rules.sent(60.2)
    rules.sent(60.3)
    assert "within a second" in rules.complaint(intent(), (), now=60.4)


def test_the_settings_give_the_limits() -> None:
    settings = LimitSettings(max_notional=D(5), max_open_orders=2, max_orders_per_minute=7)
    limits = Limits.of(settings)
    assert (limits.notional, limits.open_orders, limits.orders_per_minute) == (D(5), 2, 7)
