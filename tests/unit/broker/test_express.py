"""The short way for plain market orders does what the long way does, to the last bit."""

from __future__ import annotations

from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import backtrader as bt
from backtrader.broker import BackBroker, CommissionInfo, Order, back
from backtrader.broker.tape import TapeFeed, TapeOwner, TapeRun

BARS = 30


class Deaf(TapeOwner):
    """Hears of no order, as a strategy without `notify_order`; its trades are handed to it."""

    _hears_orders = False
    _hears_directly = True
    _logging = False

    def __init__(self) -> None:
        super().__init__()
        self._tradespending = self.trades

    def _fill_trades(
        self, order: Any, data: Any, closed: float, released: float, released_fee: float, opened: float,
        bound: float, bound_fee: float, price: float, pnl: float, scheme: Any, notified: Any,
    ) -> None:  # fmt: skip
        key = data, order.tradeid
        trade = self._open[key] if key in self._open else self._new_trade(key)
        for size, value, fee in ((closed, released, released_fee), (opened, bound, bound_fee)):
            if not size:
                continue
            if trade.isclosed:
                trade = self._new_trade(key)
            trade.update(order, size, price, value, fee, pnl, scheme)
            if trade.isclosed:
                self.trades.append(trade.clone())
        if trade.justopened:
            self.trades.append(trade.clone())


def a_tape(random: Random) -> list[tuple[float, ...]]:
    prices = [random.uniform(90, 110) for _ in range(BARS)]
    return [
        (737000.0 + day, price, price + 1, price - 1, price + 0.3, 5.0) for day, price in enumerate(prices)
    ]


def play(seed: int, scheme: Any, cash: float, owner: TapeOwner, change: Any = None) -> tuple[Any, ...]:
    random = Random(seed)
    broker = BackBroker(cash=cash)
    broker.addcommissioninfo(scheme)
    feeds = [TapeFeed(a_tape(random), name) for name in "ab"]

    def on_step(run: TapeRun) -> None:
        if change is not None and run.idx == BARS // 2:
            change(broker)
        for _ in range(random.choice([0, 1, 1, 2])):
            side = random.choice([broker.buy, broker.sell])
            kind = random.choice([None, None, None, Order.Limit])
            side(run.owner, random.choice(feeds), random.choice([1, 3, 7, 2.5]), exectype=kind)

    run = TapeRun(broker, feeds, on_step, owner=owner).play()
    orders = [
        (order.status, order.executed.price, order.executed.comm, order.executed.pnl, order.executed.psize)
        for order in broker.orders
    ]
    trades = [
        (trade.size, trade.price, trade.pnlcomm, trade.isclosed, trade.barlen) for trade in owner.trades
    ]
    fills = [fill[1:] for fill in broker.ledger.fills]
    curves = broker.ledger.series(BARS, lambda data: run.closes[data])
    return orders, trades, fills, *(list(curve) for curve in curves)


@settings(max_examples=40, deadline=None)
@given(
    st.integers(0, 10**6),
    st.sampled_from(
        [CommissionInfo(), CommissionInfo(commission=0.001, leverage=3.0), CommissionInfo(margin=50.0)]
    ),
    st.sampled_from([800.0, 10_000.0]),
)
def test_the_same_orders_fills_trades_and_curves(seed: int, scheme: Any, cash: float) -> None:
    assert play(seed, scheme, cash, Deaf()) == play(seed, scheme, cash, TapeOwner())


@pytest.mark.parametrize(
    "change",
    [
        lambda broker: broker.set_slippage_fixed(0.5),
        lambda broker: broker.set_coc(True),
        lambda broker: broker.set_filler(lambda order, price, ago: 1),
        lambda broker: broker.set_checksubmit(False),
        lambda broker: broker.setcommission(commission=0.01),
        lambda broker: broker.set_shortcash(False),
    ],
)
def test_rules_may_change_on_the_way(change: Any) -> None:
    with_change = play(5, CommissionInfo(), 10_000.0, Deaf(), change)
    assert with_change == play(5, CommissionInfo(), 10_000.0, TapeOwner(), change)


def test_the_short_way_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    """Or the tests above would compare the long way with itself."""
    taken: list[bool] = []
    way = back.fill_at_open
    monkeypatch.setattr(back, "fill_at_open", lambda broker: taken.append(way(broker)) or taken[-1])
    play(5, CommissionInfo(commission=0.001), 10_000.0, Deaf())
    assert True in taken


def test_a_filled_order_looks_as_if_it_had_gone_the_long_way() -> None:
    broker = BackBroker()
    made: list[Any] = []

    def on_step(run: TapeRun) -> None:
        if run.idx == 1:
            made.append(broker.buy(run.owner, run.feeds[0], 2))

    TapeRun(
        broker,
        [TapeFeed([(737000.0 + day, 10.0, 11.0, 9.0, 10.5, 1.0) for day in range(4)])],
        on_step,
        owner=Deaf(),
    ).play()
    (order,) = made
    assert [state.value for state, _, _ in order.machine.history] == ["submitted", "accepted", "filled"]
    (bit,) = order.executed.exbits
    assert (bit.size, bit.price, bit.opened, bit.value, bit.dt) == (2, 10.0, 2, 20.0, 737002.0)


def test_all_copies_of_an_order_have_the_same_fills(root: Path) -> None:
    class Curious(bt.Strategy):
        def __init__(self) -> None:
            self.kept: list[Any] = []

        def notify_order(self, order: Any) -> None:
            self.kept.append((order, order.executed.exbits))

        def next(self) -> None:
            if len(self) == 2:
                self.buy()

    cerebro = bt.Cerebro()
    data = root / "examples/data/acme-daily.csv"
    cerebro.adddata(bt.feeds.GenericCSVData(dataname=data, dtformat="%Y-%m-%d", openinterest=-1))
    cerebro.addstrategy(Curious)
    (strategy,) = cerebro.run()
    assert [order.getstatusname() for order, _ in strategy.kept] == ["Submitted", "Accepted", "Completed"]
    last, seen = strategy.kept[-1]
    assert all(bits is seen and order.executed.exbits is seen for order, bits in strategy.kept)
    assert [bit.price for bit in seen] == [last.executed.price]
