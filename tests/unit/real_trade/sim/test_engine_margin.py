"""Positions on margin, without a wire."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from real_trade.model import OrderKind, VenueStatus
from real_trade.sim.events import MarginCalled
from real_trade.sim.money import available, equity
from real_trade.sim.refusals import Reason, Refused
from tests.unit.real_trade.sim.floor import PERP, Floor

D = Decimal


@pytest.fixture
def floor() -> Floor:
    made = Floor()
    for price in ("100.5", "101", "102"):
        made.perp("rich", "sell", "50", price)
    for price in ("99.5", "99", "98"):
        made.perp("rich", "buy", "50", price)
    return made


def refusal(action: Any) -> Reason:
    with pytest.raises(Refused) as caught:
        action()
    return caught.value.reason


def held(floor: Floor, who: str = "ann", side: str = "") -> Any:
    return floor.engine.accounts[who].position(PERP.symbol, side)


def cash(floor: Floor, who: str = "ann") -> Decimal:
    return floor.free(who, "USDT", "usdm")


def left(floor: Floor, who: str = "ann") -> Decimal:
    return available(floor.engine.accounts[who], "usdm", "USDT", floor.engine.mark_of)


def test_a_position_costs_its_fee_and_ties_up_its_deposit(floor: Floor) -> None:
    floor.perp("ann", "buy", "10")
    assert held(floor).quantity == D(10)
    assert held(floor).entry_price == D("100.5")
    assert cash(floor) == D(1000) - D("0.5025")
    assert left(floor) == cash(floor) - D(5) - D(100), "the loss to the mark price, and a tenth of 1,000"


def test_profit_is_realised_in_proportion_and_the_rest_keeps_its_price(floor: Floor) -> None:
    floor.perp("ann", "buy", "10")
    floor.perp("bob", "buy", "4", "105")
    floor.perp("bob", "buy", "20", "105")
    before = cash(floor)
    floor.perp("ann", "sell", "4")
    assert held(floor).quantity == D(6)
    assert held(floor).entry_price == D("100.5")
    fill = floor.engine.market(PERP.symbol).executions["ann"][-1]
    assert cash(floor) == before + fill.realised - fill.fee


def test_a_sale_beyond_the_position_turns_it_round(floor: Floor) -> None:
    floor.perp("ann", "buy", "1")
    floor.perp("ann", "sell", "3")
    assert held(floor).quantity == D(-2)
    assert held(floor).entry_price == D("99.5")
    assert held(floor).realised == D(-1)


def test_the_deposit_bounds_the_position(floor: Floor) -> None:
    assert refusal(lambda: floor.perp("ann", "buy", "99.5")) is Reason.MARGIN
    floor.engine.set_leverage("ann", PERP.symbol, 20)
    assert floor.perp("ann", "buy", "99.5").filled == D("99.5")


def test_open_orders_count_on_the_side_that_is_worth_more(floor: Floor) -> None:
    floor.perp("ann", "buy", "90", "97")
    assert left(floor) == D(1000) - D(873)
    floor.perp("ann", "sell", "80", "103")
    assert left(floor) == D(1000) - D(873), "the sales are worth less than the purchases"
    assert refusal(lambda: floor.perp("ann", "buy", "20", "97")) is Reason.MARGIN


def test_reducing_needs_no_deposit(floor: Floor) -> None:
    floor.engine.set_leverage("ann", PERP.symbol, 40)
    floor.perp("ann", "buy", "100")
    floor.engine.deposit("ann", "usdm", "USDT", -left(floor))
    floor.engine.set_mark(PERP.symbol, D("99.9"))
    assert left(floor) < 0
    assert floor.perp("ann", "sell", "10").status is VenueStatus.FILLED


def test_reduce_only_never_opens_and_never_turns(floor: Floor) -> None:
    assert refusal(lambda: floor.perp("ann", "sell", "1", reduce_only=True)) is Reason.REDUCE_ONLY
    floor.perp("ann", "buy", "2")
    order = floor.perp("ann", "sell", "5", reduce_only=True)
    assert (order.filled, order.status, held(floor).quantity) == (D(2), VenueStatus.EXPIRED, D(0))


def test_resting_reduce_only_orders_end_with_the_position(floor: Floor) -> None:
    floor.perp("ann", "buy", "2")
    order = floor.perp("ann", "sell", "2", "105", reduce_only=True)
    floor.perp("ann", "sell", "2")
    assert order.status is VenueStatus.EXPIRED


def test_long_and_short_are_kept_apart_on_request() -> None:
    floor = Floor(hedged=True)
    floor.engine.set_leverage("ann", PERP.symbol, 5)
    for side, price in (("sell", "100.5"), ("buy", "99.5")):
        floor.perp("rich", side, "50", price)
    assert refusal(lambda: floor.perp("ann", "buy", "1")) is Reason.POSITION_SIDE
    floor.perp("ann", "buy", "2", position_side="long")
    floor.perp("ann", "sell", "3", position_side="short")
    assert (held(floor, side="long").quantity, held(floor, side="short").quantity) == (D(2), D(-3))
    assert refusal(lambda: floor.perp("bob", "sell", "1", position_side="long")) is Reason.REDUCE_ONLY
    order = floor.perp("ann", "sell", "5", position_side="long")
    assert order.filled == D(2), "selling long closes it and no more"


def test_modes_change_only_on_an_idle_account(floor: Floor) -> None:
    floor.engine.set_hedged("bob", True)
    assert floor.bob.hedged
    assert refusal(lambda: floor.engine.set_hedged("bob", True)) is Reason.NO_CHANGE
    order = floor.perp("ann", "buy", "1", "90")
    assert refusal(lambda: floor.engine.set_hedged("ann", True)) is Reason.MODE_BUSY_ORDERS
    assert refusal(lambda: floor.engine.set_isolated("ann", PERP.symbol, True)) is Reason.MODE_BUSY_ORDERS
    floor.engine.cancel(order)
    floor.perp("ann", "buy", "1")
    assert refusal(lambda: floor.engine.set_hedged("ann", True)) is Reason.MODE_BUSY_POSITION
    assert refusal(lambda: floor.engine.set_leverage("ann", PERP.symbol, 126)) is Reason.LEVERAGE


# -- orders that wait under their own kind -----------------------------------------------------------------


def test_a_waiting_order_makes_an_order_of_the_same_name_and_ends_with_it(floor: Floor) -> None:
    floor.perp("ann", "buy", "2")
    waits = floor.perp(
        "ann", "sell", "2", kind=OrderKind.STOP, stop_price="95", waits_apart=True, reduce_only=True,
        client_id="guard", by_mark=True,
    )  # fmt: skip
    floor.events.clear()
    floor.engine.set_mark(PERP.symbol, D("94.5"))
    child = waits.child
    assert child is not None
    assert (child.client_id, child.filled, held(floor).quantity) == ("guard", D(2), D(0))
    assert waits.status is VenueStatus.FILLED
    assert floor.told("ann") == ["new", "trade", "triggered", "finished"]
    assert floor.engine.market(PERP.symbol).find("ann", client_id="guard") is child
    assert floor.engine.market(PERP.symbol).find("ann", client_id="guard", apart=True) is waits


def test_a_waiting_order_whose_limit_rests_ends_later(floor: Floor) -> None:
    waits = floor.perp(
        "ann",
        "buy",
        "2",
        "97",
        kind=OrderKind.TAKE_PROFIT_LIMIT,
        stop_price="98",
        waits_apart=True,
        by_mark=True,
    )
    floor.engine.set_mark(PERP.symbol, D(98))
    assert waits.child is not None
    assert (waits.is_open, waits.working, waits.child.is_open) == (True, True, True)
    floor.engine.cancel(waits.child)
    assert not waits.is_open


def test_a_waiting_order_that_is_refused_when_it_goes_off_says_so(floor: Floor) -> None:
    waits = floor.perp(
        "ann",
        "buy",
        "500",
        "101",
        kind=OrderKind.STOP_LIMIT,
        stop_price="101",
        waits_apart=True,
        by_mark=True,
    )
    floor.engine.set_mark(PERP.symbol, D(101))
    assert (waits.status, waits.reason, waits.child) == (VenueStatus.REJECTED, Reason.MARGIN, None)


def test_an_order_that_closes_the_position_takes_all_of_it_or_ends_with_it(floor: Floor) -> None:
    floor.perp("ann", "buy", "7")
    words: Any = dict(kind=OrderKind.STOP, waits_apart=True, close_position=True, by_mark=True)
    stop = floor.perp("ann", "sell", "0", stop_price="95", **words)
    other = floor.perp("ann", "sell", "0", stop_price="90", **words)
    floor.engine.set_mark(PERP.symbol, D(95))
    assert stop.child is not None
    assert (stop.child.filled, held(floor).quantity) == (D(7), D(0))
    assert other.status is VenueStatus.EXPIRED


# -- what the venue does by itself -------------------------------------------------------------------------


def test_an_account_is_warned_and_then_liquidated(floor: Floor) -> None:
    floor.engine.set_leverage("ann", PERP.symbol, 125)
    floor.perp("ann", "buy", "100")
    resting = floor.perp("ann", "buy", "1", "80")
    floor.engine.set_mark(PERP.symbol, D("91.9"))
    assert [event for event in floor.events if isinstance(event, MarginCalled)]
    assert held(floor).quantity == D(100)
    floor.engine.set_mark(PERP.symbol, D("91"))
    assert held(floor).quantity == 0
    assert resting.status is VenueStatus.CANCELLED
    assert [order.ticket.origin for order in floor.engine.market(PERP.symbol).orders.all_of("ann")][
        -1
    ] == "liquidation"
    assert cash(floor) >= 0


def test_the_till_takes_what_the_book_does_not_and_pays_what_is_lost_beyond_the_deposit() -> None:
    floor = Floor()
    floor.perp("rich", "sell", "100", "100")
    floor.engine.set_leverage("ann", PERP.symbol, 125)
    floor.perp("ann", "buy", "100", "100")
    floor.engine.set_mark(PERP.symbol, D(50))
    assert held(floor).quantity == 0
    assert cash(floor) == 0
    assert [event.why for event in floor.moved("ann")][-1] == "liquidation"
    assert floor.engine.till.position(PERP.symbol).quantity == D(100)


def test_an_isolated_position_loses_its_own_deposit_and_no_more() -> None:
    floor = Floor()
    floor.perp("rich", "sell", "20", "100")
    floor.engine.set_isolated("ann", PERP.symbol, True)
    floor.perp("ann", "buy", "20")
    assert held(floor).margin == D(100) * 20 / 10
    before = cash(floor)
    floor.engine.set_mark(PERP.symbol, D(91))
    assert held(floor).quantity == D(20), "the deposit of 200 bears a loss of 180"
    floor.engine.set_mark(PERP.symbol, D(40))
    assert held(floor).quantity == 0
    assert cash(floor) == before - 200


def test_funding_moves_money_from_long_to_short(floor: Floor) -> None:
    floor.perp("ann", "buy", "10")
    floor.perp("bob", "sell", "4")
    ann, bob = cash(floor), cash(floor, "bob")
    floor.engine.liquidation.fund(PERP.symbol)
    assert cash(floor) == ann - D("0.1")
    assert cash(floor, "bob") == bob + D("0.04")
    assert [event.why for event in floor.moved("ann")][-1] == "funding"


def test_equity_is_money_and_unrealised_profit(floor: Floor) -> None:
    floor.perp("ann", "buy", "10")
    floor.engine.set_mark(PERP.symbol, D("110.5"))
    total, least = equity(floor.ann, "usdm", "USDT", floor.engine.mark_of)
    assert total == cash(floor) + 100
    assert least == D("11.05")
