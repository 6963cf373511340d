"""Orders that wait for their price: who is tried when, and who is heard changing his mind."""

from __future__ import annotations

from typing import Any

import pytest

from backtrader.broker import BackBroker, Order
from backtrader.broker.tape import Tape, TapeFeed, TapeOwner, TapeRun

NAN = float("nan")


def bars(*rows: tuple[float, float, float, float]) -> Tape:
    return [(737000.0 + day, *row, 10.0) for day, row in enumerate(rows)]


FLAT = (100.0, 101.0, 99.0, 100.0)


def play(tape: Tape, script: dict[int, Any]) -> tuple[BackBroker, TapeOwner, dict[str, Any]]:
    broker, owner = BackBroker(), TapeOwner()
    made: dict[str, Any] = {}

    def step(run: Any) -> None:
        if run.idx in script:
            script[run.idx](broker, run, made)

    TapeRun(broker, [TapeFeed(tape)], step, owner=owner).play()
    return broker, owner, made


def limit(price: float, **kwargs: Any) -> Any:
    def send(broker: Any, run: Any, made: Any) -> None:
        made["order"] = broker.buy(run.owner, run.feeds[0], 1, price, exectype=Order.Limit, **kwargs)

    return send


@pytest.mark.parametrize(
    ("side", "kind", "price", "reach"),
    [
        ("buy", Order.Limit, 90.0, (95.0, 96.0, 90.0, 95.0)),
        ("sell", Order.Limit, 110.0, (105.0, 110.0, 104.0, 105.0)),
        ("buy", Order.Stop, 110.0, (105.0, 110.0, 104.0, 105.0)),
        ("sell", Order.Stop, 90.0, (95.0, 96.0, 90.0, 95.0)),
        # bars whose open is outside of their range count by their open
        ("buy", Order.Limit, 90.0, (89.0, 101.0, 99.0, 100.0)),
        ("sell", Order.Limit, 110.0, (111.0, 101.0, 99.0, 100.0)),
        # and what is no price reaches nothing, but does not hide the rest
        ("buy", Order.Limit, 90.0, (NAN, 101.0, 90.0, 100.0)),
        ("buy", Order.Limit, 90.0, (90.0, 101.0, NAN, 100.0)),
    ],
)
def test_a_price_far_away_is_reached_when_a_bar_comes(side: str, kind: int, price: float, reach: Any) -> None:
    def send(broker: Any, run: Any, made: Any) -> None:
        made["order"] = getattr(broker, side)(run.owner, run.feeds[0], 1, price, exectype=kind)

    tape = bars(FLAT, FLAT, FLAT, FLAT, reach, FLAT)
    broker, _, made = play(tape, {0: send})
    assert made["order"].status == Order.Completed
    assert made["order"].executed.dt == 737004.0
    assert not broker.pending


def test_a_bar_that_does_not_come_near_leaves_the_broker_at_rest() -> None:
    tried: list[int] = []

    class Counting(BackBroker):
        def _match_pending(self, due: list[tuple[int, Any]]) -> None:
            tried.append(self.clock.idx)
            super()._match_pending(due)

    broker, owner = Counting(), TapeOwner()

    def step(run: Any) -> None:
        if run.idx == 0:
            limit(50.0)(broker, run, {})

    TapeRun(broker, [TapeFeed(bars(*[FLAT] * 20))], step, owner=owner).play()
    assert tried == [1], "tried once when it came, and then not again"
    assert len(broker.pending) == 1


@pytest.mark.parametrize("through", ["order", "notice"])
def test_a_price_changed_by_hand_counts_from_the_next_bar(through: str) -> None:
    def change(broker: Any, run: Any, made: Any) -> None:
        order = made["order"] if through == "order" else run.owner.orders[-1]
        order.created.price = order.created.pricelimit = 99.5

    _, _, made = play(bars(*[FLAT] * 8), {0: limit(50.0), 4: change})
    assert made["order"].executed.price == 99.5
    assert made["order"].executed.dt == 737005.0


def test_an_amended_price_counts_from_the_next_bar() -> None:
    _, _, made = play(
        bars(*[FLAT] * 8),
        {0: limit(50.0), 4: lambda broker, run, made: broker.amend(made["order"], price=99.5)},
    )
    assert made["order"].executed.dt == 737005.0


def test_moved_away_again_it_does_not_fill_at_the_old_price() -> None:
    def amend(price: float) -> Any:
        return lambda broker, run, made: broker.amend(made["order"], price=price)

    fall = (60.0, 61.0, 45.0, 60.0)
    _, _, made = play(bars(*[FLAT] * 6, fall, FLAT), {0: limit(50.0), 2: amend(30.0), 4: amend(40.0)})
    assert made["order"].status == Order.Accepted


def test_a_validity_given_later_is_kept_to() -> None:
    def hurry(broker: Any, run: Any, made: Any) -> None:
        made["order"].valid = 737004.5

    _, owner, made = play(bars(*[FLAT] * 8), {0: limit(50.0), 3: hurry})
    assert made["order"].status == Order.Expired
    assert [order.getstatusname() for order in owner.orders] == ["Submitted", "Accepted", "Expired"]


def test_orders_reached_together_fill_in_the_order_they_came() -> None:
    def grid(broker: Any, run: Any, made: Any) -> None:
        for price in (92.0, 98.0, 90.0, 95.0, 20.0):
            broker.buy(run.owner, run.feeds[0], 1, price, exectype=Order.Limit)

    fall = (99.5, 99.6, 89.0, 95.0)
    broker, owner, _ = play(bars(FLAT, FLAT, FLAT, fall, FLAT), {0: grid})
    filled = [order.executed.price for order in owner.orders if order.status == Order.Completed]
    assert filled == [92.0, 98.0, 90.0, 95.0]
    assert [order.created.price for order in broker.get_orders_open()] == [20.0]
