"""The simulated broker, beyond what every broker must do."""

from __future__ import annotations

import copy
import pickle
from typing import Any

import pytest

from backtrader.broker import BackBroker, CommissionInfo, Order
from backtrader.broker.tape import Tape, TapeFeed, TapeOwner, TapeRun

RISING: Tape = [
    (737000.0 + day, 100.0 + 10 * day, 106.0 + 10 * day, 98.0 + 10 * day, 105.0 + 10 * day, 10.0)
    for day in range(8)
]


class Played:
    """A run of one feed (or several) in which things are done at steps."""

    def __init__(
        self, broker: BackBroker, script: dict[int, Any], bars: Tape = RISING, **kwargs: Any
    ) -> None:
        self.broker = broker
        self.made: dict[str, Any] = {}
        self.script = script
        feeds = kwargs.pop("feeds", None) or [TapeFeed(bars)]
        self.feed = feeds[0]
        self.run = TapeRun(broker, feeds, self.on_step, owner=TapeOwner(), **kwargs).play()

    def on_step(self, run: TapeRun) -> None:
        if run.idx in self.script:
            self.script[run.idx](self, run)

    def buy(self, run: TapeRun, name: str, size: float = 1, price: Any = None, **kwargs: Any) -> Any:
        self.made[name] = self.broker.buy(run.owner, run.feeds[0], size, price, **kwargs)
        return self.made[name]

    def sell(self, run: TapeRun, name: str, size: float = 1, price: Any = None, **kwargs: Any) -> Any:
        self.made[name] = self.broker.sell(run.owner, run.feeds[0], size, price, **kwargs)
        return self.made[name]

    def told(self, name: str) -> list[str]:
        return [order.getstatusname() for order in self.run.owner.orders if order == self.made[name]]


# -- waking and sleeping -------------------------------------------------------------------------
def test_a_broker_with_nothing_to_do_sleeps() -> None:
    awake: list[bool] = []
    broker = BackBroker()
    Played(broker, {step: lambda p, run: awake.append(broker.awake) for step in range(4)})
    assert awake == [False] * 4


def test_an_order_wakes_it_until_it_is_done() -> None:
    broker = BackBroker()
    awake: list[bool] = []

    def order(p: Played, run: TapeRun) -> None:
        p.buy(run, "limit", price=99.0, exectype=Order.Limit, valid=737003.5)
        awake.append(bool(broker.awake))

    def look(p: Played, run: TapeRun) -> None:
        awake.append(bool(broker.awake))

    Played(broker, {1: order, 2: look, 3: look, 4: look, 5: look})
    assert awake == [True, True, True, False, False]


@pytest.mark.parametrize(
    ("scheme", "awake"),
    [
        (CommissionInfo(commission=0.001), False),
        (CommissionInfo(margin=100.0), True),
        (CommissionInfo(interest=0.05), True),
    ],
)
def test_an_open_position_keeps_it_awake_only_if_it_costs_cash(scheme: Any, awake: bool) -> None:
    broker = BackBroker()
    broker.addcommissioninfo(scheme)
    seen: list[bool] = []
    Played(broker, {1: lambda p, run: p.buy(run, "a"), 4: lambda p, run: seen.append(broker.awake)})
    assert seen == [awake]


def test_whoever_overrides_the_step_gets_every_step() -> None:
    class Counting(BackBroker):
        steps = 0

        def next(self) -> None:
            self.steps += 1
            super().next()

    broker = Counting()
    Played(broker, {})
    assert broker.steps == len(RISING)


@pytest.mark.parametrize("eager", [True, False])
def test_asleep_or_not_the_value_is_that_of_the_step(eager: bool) -> None:
    broker = BackBroker(cash=1000.0)
    broker.eager = eager
    seen: list[float] = []

    def look(p: Played, run: TapeRun) -> None:
        seen.append(broker.getvalue())

    Played(broker, {1: lambda p, run: p.buy(run, "a", 2), 2: look, 5: look, 7: look})
    # bought at 120, closes 125, 155, 175
    assert seen == [1010.0, 1070.0, 1110.0]


def test_a_broker_without_a_clock_counts_its_own_steps() -> None:
    broker, feed, owner = BackBroker(cash=1000.0), TapeFeed(RISING), TapeOwner()
    broker.start()
    for _ in RISING:
        feed.at += 1
        broker.next()
        if feed.at == 1:
            broker.buy(owner, feed, 2)
    assert broker.getvalue() == 1110.0
    assert list(broker.ledger.series(8, lambda data: data.close.values).value)[-3:] == [
        1070.0,
        1090.0,
        1110.0,
    ]


# -- prices and money ------------------------------------------------------------------------------
def test_cheat_on_close_fills_at_the_close_it_saw() -> None:
    broker = BackBroker(coc=True)

    def two(p: Played, run: TapeRun) -> None:
        p.buy(run, "cheat")
        p.buy(run, "honest", coc=False)

    p = Played(broker, {1: two})
    assert (p.made["cheat"].executed.price, p.made["cheat"].executed.dt) == (115.0, 737001.0)
    assert p.made["honest"].executed.price == 120.0
    assert p.made["honest"].info.coc is False


@pytest.mark.parametrize(("coo", "price"), [(True, 110.0), (False, 120.0)])
def test_cheat_on_open_fills_at_the_same_bar(coo: bool, price: float) -> None:
    broker = BackBroker(coo=coo)
    made: list[Any] = []

    def on_open(run: TapeRun) -> None:
        if run.idx == 1:
            made.append(broker.buy(run.owner, run.feeds[0], 1))

    TapeRun(broker, [TapeFeed(RISING)], on_open=on_open).play()
    assert made[0].executed.price == price


def test_a_filler_fills_in_parts() -> None:
    broker = BackBroker(filler=lambda order, price, ago: min(2, abs(order.executed.remsize)))
    p = Played(broker, {1: lambda p, run: p.sell(run, "a", 5)})
    assert p.told("a") == ["Submitted", "Accepted", "Partial", "Partial", "Completed"]
    assert [bit.size for bit in p.made["a"].executed.exbits] == [-2, -2, -1]
    assert p.made["a"].executed.price == pytest.approx((2 * 120 + 2 * 130 + 140) / 5)


def test_too_little_cash_at_the_open_closes_but_does_not_open() -> None:
    broker = BackBroker(cash=130.0)

    def turn(p: Played, run: TapeRun) -> None:
        p.buy(run, "turn", 2, 1.0)  # a market order's price is only what the check believes

    p = Played(broker, {1: lambda p, run: p.sell(run, "short"), 3: turn})
    assert p.told("turn") == ["Submitted", "Accepted", "Partial", "Margin"]
    assert broker.getposition(p.feed).size == 0
    assert broker.getcash() == 130.0 + 120.0 - 140.0


def test_futures_settle_every_bar() -> None:
    broker = BackBroker(cash=1000.0)
    broker.setcommission(commission=1.0, margin=300.0, mult=10.0)
    seen: list[tuple[float, float]] = []

    def look(p: Played, run: TapeRun) -> None:
        seen.append((broker.getcash(), broker.getvalue()))

    Played(broker, {1: lambda p, run: p.buy(run, "a"), 2: look, 3: look})
    # bought at 120, marked at 125 and 135
    assert seen == [(1000 - 300 - 1 + 50, 1000 - 1 + 50), (1000 - 300 - 1 + 150, 1000 - 1 + 150)]


def test_interest_is_charged_and_goes_to_the_closing_trade() -> None:
    broker = BackBroker(cash=1000.0)
    broker.setcommission(commission=0.0, interest=0.365, interest_long=True)
    p = Played(broker, {1: lambda p, run: p.buy(run, "a"), 4: lambda p, run: p.sell(run, "b")})
    # three nights of 0.1 % of 120
    assert broker.getcash() == pytest.approx(1000.0 + 30.0 - 3 * 0.12)
    assert p.run.owner.trades[-1].pnlcomm == pytest.approx(30.0 - 3 * 0.12)


# -- the account -----------------------------------------------------------------------------------
def test_cash_added_makes_fund_shares_not_value() -> None:
    broker = BackBroker(cash=1000.0)
    seen: list[tuple[float, float, float]] = []

    def look(p: Played, run: TapeRun) -> None:
        seen.append((broker.getcash(), broker.fundvalue, broker.fundshares))

    Played(broker, {1: lambda p, run: (broker.add_cash(500.0), look(p, run)), 2: look})
    assert seen == [(1000.0, 100.0, 10.0), (1500.0, 100.0, 15.0)]


def test_cash_set_is_the_value_until_the_next_step() -> None:
    broker = BackBroker(cash=1000.0)
    seen: list[float] = []

    def set_cash(p: Played, run: TapeRun) -> None:
        broker.set_cash(50.0)
        seen.append(broker.getvalue())

    Played(
        broker,
        {1: lambda p, run: p.buy(run, "a"), 3: set_cash, 4: lambda p, run: seen.append(broker.getvalue())},
    )
    assert seen == [50.0, 50.0 + 145.0]


def test_asking_for_one_position_or_several() -> None:
    broker = BackBroker(cash=1000.0)
    other = TapeFeed(RISING, "other")
    seen: list[float] = []

    def look(p: Played, run: TapeRun) -> None:
        feed = run.feeds[0]
        seen.extend(
            [broker.getvalue([feed]), broker.getvalue(), broker.getvalue([feed, other]), broker.getvalue()]
        )

    Played(
        broker,
        {1: lambda p, run: (p.buy(run, "a"), broker.buy(run.owner, other, 2)), 4: look},
        feeds=[TapeFeed(RISING), other],
    )
    assert seen == [145.0, 1075.0, 1075.0, 1075.0]


def test_changed_rules_do_not_change_the_past() -> None:
    broker = BackBroker(cash=1000.0)
    seen: list[float] = []

    def look(p: Played, run: TapeRun) -> None:
        seen.append(broker.getvalue())

    def change(p: Played, run: TapeRun) -> None:
        look(p, run)
        broker.setcommission(leverage=4.0)

    script = dict.fromkeys(range(8), look) | {
        1: lambda p, run: (look(p, run), p.buy(run, "a")),
        4: change,
    }
    p = Played(broker, script)
    curves = broker.ledger.series(8, lambda data: p.run.closes[data])
    assert list(curves.value) == seen
    assert seen[5] != 1000.0 - 120.0 + 155.0


# -- relatives ---------------------------------------------------------------------------------------
def a_bracket(p: Played, run: TapeRun, entry: float = 119.0) -> None:
    main = p.buy(run, "main", 1, entry, exectype=Order.Limit, transmit=False)
    p.sell(run, "stop", 1, 90.0, exectype=Order.Stop, parent=main, transmit=False)
    p.sell(run, "take", 1, 133.0, exectype=Order.Limit, parent=main)


def test_children_of_a_bracket_wait_a_bar_after_their_parent() -> None:
    p = Played(BackBroker(), {1: a_bracket})
    assert p.made["main"].executed.price == 119.0
    assert (p.made["take"].executed.price, p.made["take"].executed.dt) == (133.0, 737003.0)
    assert p.told("stop") == ["Submitted", "Accepted", "Canceled"]


def test_a_cancelled_parent_takes_its_children_along() -> None:
    p = Played(
        BackBroker(),
        {1: lambda p, run: a_bracket(p, run, 50.0), 3: lambda p, run: p.broker.cancel(p.made["main"])},
    )
    assert [p.made[name].status for name in ("main", "stop", "take")] == [Order.Canceled] * 3


def test_a_parent_that_cannot_be_paid_refuses_its_children() -> None:
    p = Played(BackBroker(cash=10.0), {1: a_bracket})
    assert p.told("main")[-1] == "Margin"
    assert p.told("stop")[-1] == p.told("take")[-1] == "Rejected"


def test_one_cancels_the_others() -> None:
    def three(p: Played, run: TapeRun) -> None:
        first = p.buy(run, "far", 1, 50.0, exectype=Order.Limit)
        p.buy(run, "near", 1, 125.0, exectype=Order.Stop, oco=first)
        p.buy(run, "middle", 1, 60.0, exectype=Order.Limit, oco=p.made["near"])

    p = Played(BackBroker(), {1: three})
    assert p.made["near"].status == Order.Completed
    assert p.told("far")[-1] == p.told("middle")[-1] == "Canceled"


def test_a_child_sent_after_its_parent_is_matched_once_the_parent_is_done() -> None:
    """The parent is not sent a second time."""

    def late(p: Played, run: TapeRun) -> None:
        p.sell(run, "child", 1, 133.0, exectype=Order.Limit, parent=p.buy(run, "main"))

    p = Played(BackBroker(), {1: late})
    assert p.told("main") == ["Submitted", "Accepted", "Completed"]
    assert p.told("child") == ["Submitted", "Accepted", "Completed"]


def test_cancelling_by_a_copy_cancels_the_order() -> None:
    p = Played(
        BackBroker(),
        {
            1: lambda p, run: p.buy(run, "a", 1, 50.0, exectype=Order.Limit),
            3: lambda p, run: p.broker.cancel(run.owner.orders[-1]),
        },
    )
    assert p.made["a"].status == Order.Canceled


# -- refusals ----------------------------------------------------------------------------------------
class NoSells:
    """A rule in the place where risk rules hook in."""

    def check_order(self, order: Any, broker: Any) -> tuple[str, str] | None:
        if order.issell() or abs(order.size) > 5:
            return "not_today", "nobody sells today, nor buys more than five"
        return None


def test_risk_may_refuse_an_order() -> None:
    broker = BackBroker()
    broker.risk = NoSells()
    p = Played(broker, {1: lambda p, run: (p.buy(run, "buy"), p.sell(run, "sell"))})
    assert p.told("buy")[-1] == "Completed"
    assert p.told("sell") == ["Rejected"]
    assert p.made["sell"].info.code == "not_today"
    assert p.made["sell"].machine.history[-1][2] == p.made["sell"].info.reason
    assert p.made["sell"] in broker.orders


def test_risk_may_refuse_a_change() -> None:
    broker = BackBroker()
    broker.risk = NoSells()

    def change(p: Played, run: TapeRun) -> None:
        assert not broker.amend(p.made["a"], size=9)
        assert broker.amend(p.made["a"], size=4)

    p = Played(broker, {1: lambda p, run: p.buy(run, "a", 1, 50.0, exectype=Order.Limit), 3: change})
    assert p.made["a"].executed.remsize == 4


def test_a_batch_of_orders_made_by_hand_is_checked_too() -> None:
    broker = BackBroker()
    broker.risk = NoSells()

    def batch(p: Played, run: TapeRun) -> None:
        from backtrader.broker import BuyOrder, SellOrder

        made = [cls(owner=run.owner, data=run.feeds[0], size=1) for cls in (BuyOrder, SellOrder)]
        p.made["buy"], p.made["sell"] = broker.submit_batch(made)

    p = Played(broker, {1: batch})
    assert (p.made["buy"].status, p.made["sell"].status) == (Order.Completed, Order.Rejected)
    with pytest.raises(ValueError, match="'buy' or 'sell'"):
        broker.submit_batch([{"side": "hold"}])


def test_amending_keeps_to_what_is_left() -> None:
    broker = BackBroker(filler=lambda order, price, ago: min(2, abs(order.executed.remsize)))

    def change(p: Played, run: TapeRun) -> None:
        order = p.made["a"]
        assert not broker.amend(order, size=2)
        assert order.info.code == "invalid_size"
        assert not broker.amend(order, price=float("nan"))
        assert broker.amend(order, size=3)

    p = Played(broker, {1: lambda p, run: p.buy(run, "a", 9, 500.0, exectype=Order.Limit), 2: change})
    assert p.made["a"].executed.size == 3
    assert p.told("a") == ["Submitted", "Accepted", "Partial", "Partial", "Completed"]


# -- the record --------------------------------------------------------------------------------------
def test_every_fill_is_in_the_ledger_with_its_rule() -> None:
    p = Played(BackBroker(), {1: a_bracket})
    assert [(fill.ref, fill.step, fill.price, fill.rule) for fill in p.broker.ledger.fills] == [
        (p.made["main"].ref, 2, 119.0, "limit"),
        (p.made["take"].ref, 3, 133.0, "limit"),
    ]


def test_a_broker_can_be_copied_and_pickled_before_a_run() -> None:
    broker = BackBroker(cash=77.0)
    broker.setcommission(commission=0.5, name="x")
    for twin in (pickle.loads(pickle.dumps(broker)), copy.deepcopy(broker)):
        assert (twin.getcash(), twin.comminfo["x"].p.commission) == (77.0, 0.5)
        twin.start()
        assert twin.getvalue() == 77.0


def test_a_second_run_starts_afresh() -> None:
    broker = BackBroker(cash=1000.0)
    for _ in range(2):
        Played(broker, {1: lambda p, run: p.buy(run, "a")})
        assert broker.getcash() == 880.0
        assert len(broker.orders) == 1
