"""Orders: what is asked, what is remembered, what copies share."""

from __future__ import annotations

import copy
import datetime
import pickle
from typing import Any

import pytest

from backtrader.broker import BackBroker, BuyOrder, Order, SellOrder, fsm
from backtrader.broker.tape import TapeFeed
from backtrader.errors import IllegalTransition

DAYS = [(737000.0 + day, 100.0, 103.0, 97.0, 101.0 + day, 10.0) for day in range(4)]
HOURS = [(737000.0 + hour / 24, 100.0, 103.0, 97.0, 101.0, 10.0) for hour in (9, 12, 16, 17)]


def a_feed(bars: Any = DAYS, at: int = 1, **kwargs: Any) -> TapeFeed:
    feed = TapeFeed(bars, **kwargs)
    feed.at = at
    return feed


def made_both_ways(cls: Any, **kwargs: Any) -> list[Any]:
    """The same order by the class and by `make`."""
    feed = a_feed()
    return [cls(owner=None, data=feed, **kwargs), cls.make(None, feed, **kwargs)]


@pytest.mark.parametrize("cls", [BuyOrder, SellOrder])
@pytest.mark.parametrize(
    ("kwargs", "price", "limit"),
    [
        ({}, 102.0, 102.0),  # the close of the bar
        ({"price": 99.0}, 99.0, 99.0),
        ({"pricelimit": 98.0}, 98.0, 98.0),
        ({"price": 99.0, "pricelimit": 98.0, "exectype": Order.StopLimit}, 99.0, 98.0),
        ({"price": 0.0}, 102.0, 102.0),
    ],
)
def test_prices_of_the_request(cls: Any, kwargs: dict[str, Any], price: float, limit: float) -> None:
    for order in made_both_ways(cls, size=3, **kwargs):
        assert (order.created.price, order.created.pricelimit) == (price, limit)
        assert order.created.pclose == 102.0
        assert order.plimit == kwargs.get("pricelimit")


def test_sizes_have_signs() -> None:
    for cls, size in ((BuyOrder, 3), (SellOrder, -3)):
        for order in made_both_ways(cls, size=3):
            assert order.size == order.created.size == order.executed.remsize == size
            assert order.p.size == 3


def test_parameters_are_attributes() -> None:
    for order in made_both_ways(BuyOrder, size=3, price=5.0, tradeid=7, transmit=False):
        assert (order.tradeid, order.transmit, order.price, order.simulated) == (7, False, 5.0, False)
        assert order.p.tradeid == 7
        with pytest.raises(AttributeError):
            _ = order.colour


@pytest.mark.parametrize(
    ("cls", "kwargs", "price"),
    [
        (BuyOrder, {"trailamount": 2.0}, 104.0),
        (SellOrder, {"trailamount": 2.0}, 100.0),
        (SellOrder, {"trailpercent": 0.5}, 51.0),
        (SellOrder, {"trailamount": 2.0, "price": 110.0}, 108.0),
        (SellOrder, {}, 102.0),
    ],
)
def test_a_trailing_stop_starts_at_its_distance(cls: Any, kwargs: dict[str, Any], price: float) -> None:
    for order in made_both_ways(cls, size=1, exectype=Order.StopTrail, **kwargs):
        assert order.created.price == price


def test_a_trailing_stop_moves_in_its_favour_only() -> None:
    (order, _) = made_both_ways(SellOrder, size=1, exectype=Order.StopTrail, trailamount=2.0)
    order.trailadjust(110.0)
    order.trailadjust(105.0)
    assert order.created.price == 108.0


def test_the_limit_of_a_trailing_stop_keeps_its_distance() -> None:
    (order, _) = made_both_ways(
        SellOrder, size=1, exectype=Order.StopTrailLimit, trailamount=2.0, price=102.0, pricelimit=99.0
    )
    assert (order.created.price, order.created.pricelimit) == (100.0, 97.0)
    order.trailadjust(110.0)
    assert (order.created.price, order.created.pricelimit) == (108.0, 105.0)


@pytest.mark.parametrize(
    ("valid", "number"),
    [
        (None, None),
        (0, 0),
        (5, 5),
        (datetime.datetime(2018, 11, 4), 737002.0),
        (datetime.date(2018, 11, 4), 737002.0),
        (datetime.timedelta(days=2), 737003.0),
        (Order.DAY, 737001 + (86399.009999 / 86400)),
    ],
)
def test_validity_is_a_number(valid: Any, number: Any) -> None:
    for order in made_both_ways(BuyOrder, size=1, valid=valid):
        assert order.valid == (number if number is None else pytest.approx(number, abs=1e-9))


def test_an_order_expires_on_the_first_bar_after_its_time() -> None:
    feed = a_feed()
    order = BuyOrder.make(None, feed, 1, exectype=Order.Limit, valid=datetime.timedelta(days=1))
    order.submit()
    order.accept()
    feed.at = 2
    assert not order.expire()
    feed.at = 3
    assert order.expire()
    assert order.status == Order.Expired


def test_a_market_order_waits_for_ever() -> None:
    feed = a_feed()
    order = BuyOrder.make(None, feed, 1, valid=5)
    assert not order.expire()


@pytest.mark.parametrize(("at", "day"), [(1, 737000), (2, 737000), (3, 737001)])
def test_what_is_made_after_the_session_is_for_the_next(at: int, day: int) -> None:
    feed = a_feed(HOURS, at, sessionend=datetime.time(16, 0))
    assert BuyOrder.make(None, feed, 1).dteos == pytest.approx(day + 16 / 24)


def test_copies_keep_the_state_of_their_moment() -> None:
    (order, _) = made_both_ways(BuyOrder, size=3)
    order.submit()
    early = order.clone()
    order.accept()
    order.execute(737002.0, 2, 100.0, 0, 0.0, 0.0, 2, 200.0, 0.2, None, 0.0, 2, 100.0)
    part = order.clone()
    order.execute(737003.0, 1, 106.0, 0, 0.0, 0.0, 1, 106.0, 0.1, None, 0.0, 3, 102.0)
    last = order.clone()
    assert [told.getstatusname() for told in (early, part, last)] == ["Submitted", "Partial", "Completed"]
    assert [told.executed.size for told in (early, part, last)] == [0, 2, 3]
    assert [[bit.size for bit in told.executed.iterpending()] for told in (early, part, last)] == [
        [],
        [2],
        [1],
    ]
    assert last.executed.price == 102.0
    assert last.executed.comm == pytest.approx(0.3)
    assert order.executed.remsize == 0


def test_copies_are_equal_and_share_what_was_said() -> None:
    (order, other) = made_both_ways(BuyOrder, size=3)
    told = order.clone()
    order.addinfo(name="entry")
    assert told == order
    assert told is not order
    assert told != other
    assert told.info.name == "entry"
    assert len({order, told, other}) == 2
    assert order != None  # noqa: E711  comparing with nothing must work too


def test_history_has_times_and_states() -> None:
    (order, _) = made_both_ways(BuyOrder, size=3)
    order.submit()
    order.accept()
    order.cancel()
    assert [(state.value, when) for state, when, _ in order.machine.history] == [
        ("submitted", 737001.0),
        ("accepted", 737001.0),
        ("cancelled", 737001.0),
    ]
    assert order.executed.dt == 737001.0


def test_hearing_the_same_twice_is_no_news() -> None:
    (order, _) = made_both_ways(BuyOrder, size=3)
    order.submit()
    order.submit()
    assert order.reject()
    assert not order.reject()


def test_a_filled_order_cannot_be_cancelled() -> None:
    (order, _) = made_both_ways(BuyOrder, size=1)
    order.accept()
    order.execute(737002.0, 1, 100.0, 0, 0.0, 0.0, 1, 100.0, 0.0, None, 0.0, 1, 100.0)
    with pytest.raises(IllegalTransition):
        order.cancel()
    assert order.status == Order.Completed


def test_a_known_order_of_elsewhere_has_no_bar() -> None:
    (order, _) = made_both_ways(SellOrder, size=2, price=50.0, simulated=True)
    assert (order.created.dt, order.created.pclose, order.dteos) == (0.0, 50.0, 0.0)


def test_names() -> None:
    (order, _) = made_both_ways(SellOrder, size=2, exectype=Order.StopLimit)
    assert (order.getordername(), order.ordtypename(), order.getstatusname()) == (
        "StopLimit",
        "Sell",
        "Created",
    )
    assert Order.ExecType("Limit") == Order.Limit
    assert (order.isbuy(), order.issell(), order.alive()) == (False, True, True)
    assert "ExecType: StopLimit" in str(order)


def test_orders_can_be_pickled_and_copied() -> None:
    (order, _) = made_both_ways(BuyOrder, size=3, price=99.0, exectype=Order.Limit)
    order.submit()
    order.addinfo(name="entry")
    for twin in (pickle.loads(pickle.dumps(order)), copy.deepcopy(order)):
        assert (twin.ref, twin.status, twin.created.price, twin.info.name) == (
            order.ref,
            Order.Submitted,
            99.0,
            "entry",
        )


def test_a_plain_order_unpacks_into_the_same() -> None:
    feed = a_feed()
    made, plain = BuyOrder.make(None, feed, 3), BuyOrder.plain(None, feed, 3)
    plain.status = fsm.SUBMITTED
    told = plain.clone()
    assert vars(plain.created).keys() == vars(made.created).keys()
    plain.addinfo(name="late")
    close = feed.close[0]
    assert (plain.created.price, made.created.price, plain.p.price, plain.size) == (close, close, None, 3)
    assert told.info.name == "late"
    assert [state.value for state, _, _ in plain.machine.history] == ["submitted"]


def test_a_subclass_may_take_arguments_of_its_own() -> None:
    class Venue(Order):
        def __init__(self, action: str, **kwargs: Any) -> None:
            self.ordtype = self.Buy if action == "BUY" else self.Sell
            super().__init__()
            self.tags = kwargs

    order = Venue("SELL", owner=None, data=a_feed(), size=4, colour="red")
    assert (order.size, order.tags, order.p.size) == (-4, {"colour": "red"}, 4)


def test_the_status_a_broker_knows() -> None:
    (order, _) = made_both_ways(BuyOrder, size=1)
    assert order.brokerstatus() == Order.Created
    order.submit(BackBroker())
    assert order.brokerstatus() == Order.Submitted
