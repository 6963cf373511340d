"""Orders on spot, without a wire."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from real_trade.model import OrderKind, Side, VenueStatus
from real_trade.sim.orders import SelfTrade
from real_trade.sim.refusals import Reason, Refused
from tests.unit.real_trade.sim.floor import FOK, IOC, Floor

D = Decimal


@pytest.fixture
def floor() -> Floor:
    return Floor()


def refusal(action: Any) -> Reason:
    with pytest.raises(Refused) as caught:
        action()
    return caught.value.reason


def test_a_resting_order_locks_its_price_and_gives_it_back(floor: Floor) -> None:
    order = floor.place("ann", "buy", "2", "99")
    assert (floor.free("ann", "USDT"), floor.locked("ann", "USDT")) == (D(9802), D(198))
    floor.engine.cancel(order)
    assert (floor.free("ann", "USDT"), floor.locked("ann", "USDT")) == (D(10000), D(0))
    assert order.status is VenueStatus.CANCELLED


def test_a_taker_gets_the_better_price_and_both_pay_fees_in_what_they_receive(floor: Floor) -> None:
    floor.place("bob", "sell", "1", "98")
    order = floor.place("ann", "buy", "1", "101")
    assert order.average_price == D(98)
    assert floor.free("ann", "USDT") == D(10000) - 98
    assert floor.free("ann", "BTC") == D(50) + 1 - D("0.001")
    assert floor.free("bob", "USDT") == D(10000) + 98 - D("0.098")
    assert floor.free("bob", "BTC") == D(49)
    assert floor.locked("ann", "USDT") == floor.locked("bob", "BTC") == 0


def test_what_is_left_of_a_partial_fill_rests_with_its_lock(floor: Floor) -> None:
    floor.place("bob", "sell", "0.4", "100")
    order = floor.place("ann", "buy", "1", "100")
    assert (order.status, order.filled) == (VenueStatus.PARTIAL, D("0.4"))
    assert floor.locked("ann", "USDT") == D(60)
    assert floor.engine.market("BTC/USDT").book.best(Side.BUY) == D(100)


def test_an_order_is_announced_before_it_trades(floor: Floor) -> None:
    floor.place("bob", "sell", "1", "100")
    floor.place("ann", "buy", "1", "100")
    assert floor.told("ann") == ["new", "trade"]
    assert floor.told("bob") == ["new", "trade"]


def test_ioc_ends_what_it_does_not_get(floor: Floor) -> None:
    floor.place("bob", "sell", "0.4", "100")
    order = floor.place("ann", "buy", "1", "100", time_in_force=IOC)
    assert (order.status, order.filled) == (VenueStatus.EXPIRED, D("0.4"))
    assert floor.locked("ann", "USDT") == 0


def test_fok_gets_all_or_nothing(floor: Floor) -> None:
    floor.place("bob", "sell", "0.4", "100")
    order = floor.place("ann", "buy", "1", "100", time_in_force=FOK)
    assert (order.status, order.filled) == (VenueStatus.EXPIRED, D(0))
    floor.place("bob", "sell", "0.6", "100.5")
    order = floor.place("ann", "buy", "1", "100.5", time_in_force=FOK)
    assert order.status is VenueStatus.FILLED


def test_a_post_only_order_that_would_take_is_refused_and_changes_nothing(floor: Floor) -> None:
    floor.place("bob", "sell", "1", "100")
    assert refusal(lambda: floor.place("ann", "buy", "1", "100", post_only=True)) is Reason.WOULD_TAKE
    assert floor.free("ann", "USDT") == D(10000)
    assert floor.place("ann", "buy", "1", "99.5", post_only=True).is_open


def test_a_market_order_walks_the_book_and_needs_the_money_for_it(floor: Floor) -> None:
    floor.place("bob", "sell", "1", "100")
    floor.place("bob", "sell", "1", "110")
    order = floor.place("ann", "buy", "1.5")
    assert order.average_price == D(155) / D("1.5")
    floor.place("rich", "sell", "100", "120")
    assert refusal(lambda: floor.place("ann", "buy", "99")) is Reason.FUNDS


def test_a_market_order_for_money_buys_whole_steps(floor: Floor) -> None:
    floor.place("bob", "sell", "5", "101")
    order = floor.place("ann", "buy", "0", quote_quantity="100")
    assert order.quantity == D("0.99")
    assert order.money == D("0.99") * 101


def test_a_market_order_without_a_market_expires(floor: Floor) -> None:
    assert floor.place("ann", "buy", "1").status is VenueStatus.EXPIRED


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (dict(quantity="0.005", price="100"), Reason.QUANTITY_LOW),
        (dict(quantity="0.015", price="100"), Reason.QUANTITY_STEP),
        (dict(quantity="10000", price="100"), Reason.QUANTITY_HIGH),
        (dict(quantity="1", price="100.3"), Reason.PRICE_TICK),
        (dict(quantity="1", price="501"), Reason.PRICE_BAND_UP),
        (dict(quantity="1", price="19.5"), Reason.PRICE_BAND_DOWN),
        (dict(quantity="0.01", price="100"), Reason.NOTIONAL_LOW),
        (dict(quantity="1", price="100", symbol="NO/PE"), Reason.UNKNOWN_SYMBOL),
        (dict(quantity="200"), Reason.MARKET_QUANTITY_HIGH),
        (dict(quantity="101", price="100"), Reason.FUNDS),
    ],
)
def test_what_the_listing_does_not_allow_is_refused(
    floor: Floor, words: dict[str, str], reason: Reason
) -> None:
    assert refusal(lambda: floor.place("ann", "buy", **words)) is reason
    assert not floor.events
    assert floor.free("ann", "USDT") == D(10000)


def test_a_client_id_is_taken_while_its_order_is_open_and_free_again_afterwards(floor: Floor) -> None:
    first = floor.place("ann", "buy", "1", "99", client_id="mine")
    assert refusal(lambda: floor.place("ann", "buy", "1", "98", client_id="mine")) is Reason.DUPLICATE_ID
    assert floor.place("bob", "buy", "1", "98", client_id="mine").is_open, (
        "another account's ids do not count"
    )
    floor.engine.cancel(first)
    second = floor.place("ann", "buy", "1", "98", client_id="mine")
    assert floor.engine.market("BTC/USDT").find("ann", client_id="mine") is second


def test_orders_of_others_are_not_found(floor: Floor) -> None:
    order = floor.place("ann", "buy", "1", "99", client_id="mine")
    market = floor.engine.market("BTC/USDT")
    assert market.find("ann", number=order.number) is order
    assert market.find("bob", number=order.number) is None
    assert market.find("bob", client_id="mine") is None


def test_there_are_only_so_many_open_orders(floor: Floor) -> None:
    for _ in range(200):
        floor.place("rich", "buy", "0.1", "99")
    assert floor.place("rich", "buy", "0.1", "99").is_open, "the house is not limited"
    for _ in range(200):
        floor.place("ann", "buy", "0.06", "99")
    assert refusal(lambda: floor.place("ann", "buy", "0.06", "99")) is Reason.TOO_MANY_ORDERS


# -- amending ------------------------------------------------------------------------------------------


def test_an_order_that_shrinks_keeps_its_place(floor: Floor) -> None:
    first, second = floor.place("ann", "buy", "2", "99"), floor.place("bob", "buy", "1", "99")
    floor.engine.amend(first, D(1), D(99))
    assert floor.locked("ann", "USDT") == D(99)
    floor.place("rich", "sell", "1", "99")
    assert (first.status, second.status) == (VenueStatus.FILLED, VenueStatus.OPEN)


def test_an_order_that_grows_or_moves_goes_to_the_end(floor: Floor) -> None:
    first, second = floor.place("ann", "buy", "1", "99"), floor.place("bob", "buy", "1", "99")
    floor.engine.amend(first, D(2), D(99))
    floor.place("rich", "sell", "1", "99")
    assert (first.status, second.status) == (VenueStatus.OPEN, VenueStatus.FILLED)


def test_an_order_that_is_moved_into_the_book_trades(floor: Floor) -> None:
    floor.place("bob", "sell", "1", "101")
    order = floor.place("ann", "buy", "1", "99")
    floor.engine.amend(order, D(1), D(101))
    assert order.status is VenueStatus.FILLED
    assert floor.told("ann") == ["new", "amended", "trade"]


def test_an_amendment_that_cannot_be_paid_leaves_the_order_as_it_was(floor: Floor) -> None:
    order = floor.place("ann", "buy", "100", "99")
    assert refusal(lambda: floor.engine.amend(order, D(200), D(99))) is Reason.FUNDS
    assert (order.quantity, order.price, order.amended) == (D(100), D(99), 0)
    assert floor.locked("ann", "USDT") == D(9900)
    assert floor.engine.market("BTC/USDT").book.holds(order)


def test_an_amendment_to_what_is_filled_already_ends_the_order(floor: Floor) -> None:
    order = floor.place("ann", "buy", "2", "99")
    floor.place("rich", "sell", "1", "99")
    floor.engine.amend(order, D(1), D(99))
    assert (order.status, order.filled) == (VenueStatus.CANCELLED, D(1))
    assert floor.locked("ann", "USDT") == 0


def test_amending_and_cancelling_want_an_open_order_and_a_change(floor: Floor) -> None:
    order = floor.place("ann", "buy", "2", "99")
    assert refusal(lambda: floor.engine.amend(order, D(2), D(99))) is Reason.NO_CHANGE
    assert refusal(lambda: floor.engine.amend(order, D(3), D(99), shrink_only=True)) is Reason.AMEND_GROWS
    floor.engine.cancel(order)
    assert refusal(lambda: floor.engine.amend(order, D(1), D(99))) is Reason.NOT_OPEN
    assert refusal(lambda: floor.engine.cancel(order)) is Reason.NOT_OPEN


# -- waiting for a price -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "side", "stop", "quiet", "due"),
    [
        (OrderKind.STOP, "buy", "105", "104.5", "105"),
        (OrderKind.STOP, "sell", "95", "95.5", "95"),
        (OrderKind.TAKE_PROFIT, "buy", "95", "95.5", "95"),
        (OrderKind.TAKE_PROFIT, "sell", "105", "104.5", "105"),
    ],
)
def test_a_stop_goes_off_when_its_price_is_traded(
    floor: Floor, kind: OrderKind, side: str, stop: str, quiet: str, due: str
) -> None:
    order = floor.place("ann", side, "1", kind=kind, stop_price=stop)
    for price in ("200", "199.5", "199"):
        floor.place("rich", "sell", "1", price)
    for price in ("50", "50.5", "51"):
        floor.place("rich", "buy", "1", price)
    for price, filled in ((quiet, 0), (due, 1)):
        floor.place("rich", "sell", "0.1", price, self_trade=SelfTrade.NONE)
        floor.place("rich", "buy", "0.1", price, self_trade=SelfTrade.NONE)
        assert order.filled == filled
    assert floor.told("ann") == ["new", "triggered", "trade"]


def test_a_stop_whose_price_is_there_already_is_refused(floor: Floor) -> None:
    assert (
        refusal(lambda: floor.place("ann", "buy", "1", kind=OrderKind.STOP, stop_price="99"))
        is Reason.WOULD_TRIGGER
    )


def test_a_stop_limit_rests_once_it_has_gone_off(floor: Floor) -> None:
    order = floor.place("ann", "buy", "1", "104", kind=OrderKind.STOP_LIMIT, stop_price="105")
    assert (order.working, floor.locked("ann", "USDT")) == (False, D(104))
    floor.place("rich", "sell", "0.1", "105")
    floor.place("rich", "buy", "0.1", "105", self_trade=SelfTrade.NONE)
    assert (order.working, order.is_open) == (True, True)
    assert floor.engine.market("BTC/USDT").book.best(Side.BUY) == D(104)


def test_a_trailing_stop_follows_and_does_not_go_back(floor: Floor) -> None:
    order = floor.place("ann", "sell", "1", kind=OrderKind.TRAILING, trail="10")
    floor.place("rich", "buy", "5", "50")

    def trade(price: str) -> None:
        floor.place("rich", "sell", "0.1", price, self_trade=SelfTrade.NONE)
        floor.place("rich", "buy", "0.1", price, self_trade=SelfTrade.NONE)

    assert order.stop_price == D(90)
    trade("120")
    assert order.stop_price == D(108)
    trade("110")
    assert (order.stop_price, order.filled) == (D(108), D(0))
    trade("108")
    assert order.filled == D(1)


def test_a_trailing_stop_waits_for_its_activation(floor: Floor) -> None:
    order = floor.place("ann", "sell", "1", kind=OrderKind.TRAILING, trail="10", activation="120")
    floor.place("rich", "buy", "5", "50")
    for price, stop in (("80", None), ("119", None), ("120", D(108))):
        floor.place("rich", "sell", "0.1", price, self_trade=SelfTrade.NONE)
        floor.place("rich", "buy", "0.1", price, self_trade=SelfTrade.NONE)
        assert order.stop_price == stop


def test_a_market_stop_that_can_no_longer_be_paid_is_rejected_when_it_goes_off(floor: Floor) -> None:
    order = floor.place("ann", "buy", "90", kind=OrderKind.STOP, stop_price="105")
    assert floor.locked("ann", "USDT") == D(9450)
    floor.place("rich", "sell", "200", "150")
    floor.place("rich", "sell", "0.1", "105")
    floor.place("rich", "buy", "0.1", "105", self_trade=SelfTrade.NONE)
    assert (order.status, order.filled) == (VenueStatus.REJECTED, D(0))
    assert floor.free("ann", "USDT") == D(10000)


# -- orders that meet their own ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("mode", "maker", "taker"),
    [
        (SelfTrade.NONE, VenueStatus.FILLED, VenueStatus.FILLED),
        (SelfTrade.EXPIRE_MAKER, VenueStatus.EXPIRED, VenueStatus.OPEN),
        (SelfTrade.EXPIRE_TAKER, VenueStatus.OPEN, VenueStatus.EXPIRED),
        (SelfTrade.EXPIRE_BOTH, VenueStatus.EXPIRED, VenueStatus.EXPIRED),
    ],
)
def test_an_account_does_not_trade_with_itself_unless_it_wants_to(
    floor: Floor, mode: SelfTrade, maker: VenueStatus, taker: VenueStatus
) -> None:
    first = floor.place("ann", "sell", "1", "100")
    second = floor.place("ann", "buy", "1", "100", self_trade=mode)
    assert (first.status, second.status) == (maker, taker)


def test_deposits_and_withdrawals(floor: Floor) -> None:
    floor.engine.deposit("ann", "spot", "USDT", D(5))
    assert floor.free("ann", "USDT") == D(10005)
    assert refusal(lambda: floor.engine.deposit("ann", "spot", "USDT", D(-10006))) is Reason.FUNDS
    assert [event.why for event in floor.moved("ann")] == ["deposit"]
