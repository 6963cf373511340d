"""The behaviour suite: what every broker must do, whoever runs the orders.

A test module subclasses `BrokerBehaviour`, says how to make its broker, and has the suite::

    class TestMyBroker(BrokerBehaviour):
        def make_broker(self, cash):
            return MyBroker(cash=cash)

A broker that is not driven by bars overrides `play` as well: it must make the market go through
the bars of the tape, and hand the notifications to the owner.
"""

from __future__ import annotations

from collections.abc import Callable
from math import inf, isclose, nan
from typing import Any

from . import fsm
from .order import Order
from .tape import Tape, TapeFeed, TapeOwner, TapeRun

__all__ = ["FLAT_WEEK", "RISING_WEEK", "BrokerBehaviour"]

RISING_WEEK: Tape = [
    # datetime, open, high, low, close, volume: every bar a step of ten higher
    (737000.0 + day, 100.0 + 10 * day, 106.0 + 10 * day, 98.0 + 10 * day, 105.0 + 10 * day, 1000.0)
    for day in range(6)
]
FLAT_WEEK: Tape = [(737000.0 + day, 100.0, 100.0, 100.0, 100.0, 1000.0) for day in range(6)]

Script = dict[int, Callable[[TapeRun], None]]
"""What the strategy does, by step."""


class BrokerBehaviour:
    """Orders go their way, notifications tell of it in copies, and the money adds up."""

    cash = 10_000.0

    def make_broker(self, cash: float) -> Any:
        """The broker under test, with this much cash and no commission."""
        raise NotImplementedError

    def play(self, script: Script, tape: Tape = RISING_WEEK) -> TapeRun:
        """Run the bars of the tape, doing at each step what the script says."""

        def on_step(run: TapeRun) -> None:
            if run.idx in script:
                script[run.idx](run)

        return TapeRun(self.make_broker(self.cash), [TapeFeed(tape)], on_step, owner=TapeOwner()).play()

    @staticmethod
    def statuses(run: TapeRun, order: Any) -> list[str]:
        """What was told of an order, in the order of telling."""
        return [told.getstatusname() for told in run.owner.orders if told == order]

    # -- fills ---------------------------------------------------------------------------------
    def test_a_market_order_fills_at_the_next_open(self) -> None:
        """Made on one bar, filled at the open of the next."""
        made: list[Any] = []
        run = self.play({1: lambda run: made.append(run.broker.buy(run.owner, run.feeds[0], 3))})
        assert made[0].executed.price == 120.0
        assert made[0].executed.size == 3
        assert run.broker.getposition(run.feeds[0]).size == 3

    def test_a_sell_order_has_a_negative_size(self) -> None:
        """Sizes inside a sell order are negative, whoever looks."""
        made: list[Any] = []
        self.play({1: lambda run: made.append(run.broker.sell(run.owner, run.feeds[0], 3))})
        assert made[0].size == made[0].created.size == made[0].executed.size == -3

    def test_a_limit_order_waits_for_its_price(self) -> None:
        """A limit that no bar touches stays open and costs nothing."""
        made: list[Any] = []
        run = self.play(
            {
                1: lambda run: made.append(
                    run.broker.buy(run.owner, run.feeds[0], 1, 50.0, exectype=Order.Limit)
                )
            }
        )
        assert made[0].status == Order.Accepted
        assert run.broker.getcash() == self.cash

    def test_a_limit_order_never_fills_worse_than_its_limit(self) -> None:
        """It fills at the open if that is better, else at the limit."""
        made: list[Any] = []

        def two(run: TapeRun) -> None:
            buy = run.broker.buy
            made.append(buy(run.owner, run.feeds[0], 1, 119.0, exectype=Order.Limit))
            made.append(buy(run.owner, run.feeds[0], 1, 125.0, exectype=Order.Limit))

        self.play({1: two})
        assert [order.executed.price for order in made] == [119.0, 120.0]

    def test_a_stop_order_fills_at_its_price_or_the_gap(self) -> None:
        """Touched within the bar it fills there, jumped over at the open."""
        made: list[Any] = []

        def two(run: TapeRun) -> None:
            buy = run.broker.buy
            made.append(buy(run.owner, run.feeds[0], 1, 124.0, exectype=Order.Stop))
            made.append(buy(run.owner, run.feeds[0], 1, 117.0, exectype=Order.Stop))

        self.play({1: two})
        assert [order.executed.price for order in made] == [124.0, 120.0]

    # -- notifications -------------------------------------------------------------------------
    def test_a_filled_order_is_told_of_step_by_step(self) -> None:
        """Submitted, accepted, completed: each once and in this order."""
        made: list[Any] = []
        run = self.play({1: lambda run: made.append(run.broker.buy(run.owner, run.feeds[0], 1))})
        assert self.statuses(run, made[0]) == ["Submitted", "Accepted", "Completed"]

    def test_notifications_are_equal_copies(self) -> None:
        """A notification is the order, but not the object; it keeps the status of its moment."""
        made: list[Any] = []
        run = self.play({1: lambda run: made.append(run.broker.buy(run.owner, run.feeds[0], 1))})
        assert all(told == made[0] and told is not made[0] for told in run.owner.orders)
        assert run.owner.orders[0].executed.size == 0
        assert made[0].executed.size == 1

    def test_a_round_trip_is_one_trade(self) -> None:
        """Told of when it opens and when it closes, with its profit."""
        run = self.play(
            {
                1: lambda run: run.broker.buy(run.owner, run.feeds[0], 2),
                2: lambda run: run.broker.sell(run.owner, run.feeds[0], 2),
            }
        )
        opened, closed = run.owner.trades
        assert (opened.isopen, closed.isclosed) == (True, True)
        assert closed.pnl == 20.0

    # -- cancelling and changing ---------------------------------------------------------------
    def test_a_cancelled_order_is_over(self) -> None:
        """It is told of, and never filled."""
        made: list[Any] = []
        run = self.play(
            {
                1: lambda run: made.append(
                    run.broker.buy(run.owner, run.feeds[0], 1, 125.0, exectype=Order.Stop)
                ),
                2: lambda run: made.append(
                    run.broker.sell(run.owner, run.feeds[0], 1, 500.0, exectype=Order.Limit)
                ),
                3: lambda run: run.broker.cancel(made[1]),
                4: lambda run: run.broker.cancel(made[1]),
            }
        )
        assert made[1].status == Order.Canceled
        assert self.statuses(run, made[1])[-1:] == ["Canceled"]
        assert self.statuses(run, made[1]).count("Canceled") == 1

    def test_a_live_order_can_be_amended(self) -> None:
        """Price and size change in place; a dead order says why it cannot."""
        made: list[Any] = []

        def place(run: TapeRun) -> None:
            made.append(run.broker.buy(run.owner, run.feeds[0], 1, 50.0, exectype=Order.Limit))

        def change(run: TapeRun) -> None:
            assert run.broker.amend(made[0], size=3, price=130.0)

        def too_late(run: TapeRun) -> None:
            assert not run.broker.amend(made[0], price=1.0)
            assert made[0].info.reason

        self.play({1: place, 2: change, 4: too_late})
        assert (made[0].executed.size, made[0].executed.price) == (3, 130.0)

    def test_a_batch_is_its_orders(self) -> None:
        """Orders sent together come back in the order they were asked for."""
        made: list[Any] = []

        def batch(run: TapeRun) -> None:
            words = {"owner": run.owner, "data": run.feeds[0], "size": 1}
            made.extend(run.broker.submit_batch([words, {**words, "side": "sell"}]))

        self.play({1: batch})
        assert [order.isbuy() for order in made] == [True, False]
        assert all(order.status == Order.Completed for order in made)

    # -- nonsense ------------------------------------------------------------------------------
    def test_numbers_that_are_none_are_refused(self) -> None:
        """NaN or infinite sizes and prices end rejected, with a reason, and are told of."""
        made: list[Any] = []

        def nonsense(run: TapeRun) -> None:
            for size, price in ((nan, None), (inf, None), (1, nan), (1, inf)):
                made.append(run.broker.buy(run.owner, run.feeds[0], size, price, exectype=Order.Limit))

        run = self.play({1: nonsense})
        assert [order.status for order in made] == [Order.Rejected] * 4
        assert [order.info.code for order in made] == ["invalid_size"] * 2 + ["invalid_price"] * 2
        assert all(order.info.reason for order in made)
        assert all(self.statuses(run, order) == ["Rejected"] for order in made)
        assert run.broker.getcash() == self.cash

    # -- books ---------------------------------------------------------------------------------
    def test_cash_and_positions_are_the_value(self) -> None:
        """On every step: value = cash + size * close, and the money paid is the money gone."""
        seen: list[tuple[float, float]] = []

        def look(run: TapeRun) -> None:
            held = run.broker.getposition(run.feeds[0]).size * run.feeds[0].close[0]
            seen.append((run.broker.getvalue(), run.broker.getcash() + held))

        def trade(run: TapeRun) -> None:
            run.broker.buy(run.owner, run.feeds[0], 2 + run.idx)
            look(run)

        self.play({0: trade, 1: look, 2: trade, 3: look, 4: look, 5: look})
        assert all(isclose(value, sum_) for value, sum_ in seen)
        assert seen[-1][0] == self.cash + 2 * (155 - 110) + 4 * (155 - 130)

    def test_a_sum_too_large_is_refused(self) -> None:
        """An order that the cash does not pay for is not executed."""
        made: list[Any] = []
        run = self.play(
            {1: lambda run: made.append(run.broker.buy(run.owner, run.feeds[0], 10_000))}, FLAT_WEEK
        )
        assert made[0].status in (Order.Margin, Order.Rejected)
        assert run.broker.getcash() == self.cash

    def test_every_order_goes_ways_of_the_table(self) -> None:
        """What was told of each order is a path through the table of transitions."""

        def busy(run: TapeRun) -> None:
            close = run.feeds[0].close[0]
            for kind in (Order.Market, Order.Limit, Order.Stop):
                run.broker.buy(run.owner, run.feeds[0], 1, close, exectype=kind)
                run.broker.sell(run.owner, run.feeds[0], 1, close + 5, exectype=kind)

        run = self.play(dict.fromkeys(range(5), busy))
        last: dict[int, int] = {}
        for told in run.owner.orders:
            assert fsm.allowed(last.get(told.ref, fsm.CREATED), told.status)
            last[told.ref] = told.status
        assert last
