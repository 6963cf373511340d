"""Random order streams keep the books: nothing lost, nothing doubled, no way that is not in the table."""

from __future__ import annotations

from math import isclose
from random import Random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from backtrader.broker import BackBroker, CommissionInfo, Order, fsm
from backtrader.broker.fillers import FixedSize
from backtrader.broker.tape import TapeFeed, TapeOwner, TapeRun

BARS = 25


def a_tape(random: Random) -> list[tuple[float, ...]]:
    bars, close = [], 100.0
    for day in range(BARS):
        opened = close * random.uniform(0.97, 1.03)
        close = opened * random.uniform(0.96, 1.04)
        high = max(opened, close) * random.uniform(1.0, 1.02)
        low = min(opened, close) * random.uniform(0.98, 1.0)
        bars.append((737000.0 + day, opened, high, low, close, float(random.randrange(20))))
    return bars


ACTIONS = st.tuples(
    st.integers(0, BARS - 1),
    st.sampled_from(["buy", "sell", "bracket", "cancel", "amend", "oco"]),
    st.integers(1, 12),
    st.sampled_from([Order.Market, Order.Close, Order.Limit, Order.Stop, Order.StopLimit, Order.StopTrail]),
    st.floats(0.95, 1.05),
)
BROKERS = st.fixed_dictionaries(
    {
        "checksubmit": st.booleans(),
        "shortcash": st.booleans(),
        "slip_perc": st.sampled_from([0.0, 0.002]),
        "slip_open": st.booleans(),
        "slip_match": st.booleans(),
        "filler": st.sampled_from([None, FixedSize(size=3)]),
        "cash": st.sampled_from([500.0, 10_000.0]),
        "coc": st.booleans(),
    }
)
SCHEMES = st.sampled_from(
    [CommissionInfo(), CommissionInfo(commission=0.001), CommissionInfo(commission=1.0, margin=60.0)]
)


def act(broker: Any, owner: Any, feed: Any, action: tuple[int, str, int, int, float]) -> None:
    _, what, size, kind, factor = action
    price = feed.close[0] * factor
    asked: dict[str, Any] = {"price": price, "exectype": kind, "trailamount": 1.0}
    live = broker.get_orders_open()
    if what in ("buy", "sell"):
        getattr(broker, what)(owner, feed, size, **asked)
    elif what == "bracket":
        main = broker.buy(owner, feed, size, transmit=False, **asked)
        broker.sell(owner, feed, size, price * 0.98, exectype=Order.Stop, parent=main, transmit=False)
        broker.sell(owner, feed, size, price * 1.02, exectype=Order.Limit, parent=main)
    elif what == "oco" and live:
        broker.sell(owner, feed, size, oco=live[0], **asked)
    elif what == "cancel" and live:
        broker.cancel(live[size % len(live)])
    elif what == "amend" and live:
        broker.amend(live[size % len(live)], size=size + 5, price=price)


@settings(max_examples=120, deadline=None)
@given(st.integers(0, 10**6), st.lists(ACTIONS, max_size=30), BROKERS, SCHEMES)
def test_random_orders_keep_the_books(
    seed: int, actions: list[Any], settings_: dict[str, Any], scheme: Any
) -> None:
    broker = BackBroker(**settings_)
    broker.addcommissioninfo(scheme)
    feed, owner = TapeFeed(a_tape(Random(seed))), TapeOwner()
    values: list[float] = []

    def on_step(run: TapeRun) -> None:
        held = broker.getposition(feed)
        if scheme.stocklike:
            worth = (
                held.size * feed.close[0]
                if settings_["shortcash"]
                else abs(scheme.getvalue(held, feed.close[0]))
            )
        else:
            worth = abs(held.size) * scheme.margin
        values.append(broker.getvalue())
        assert isclose(values[-1], broker.getcash() + worth, rel_tol=1e-9, abs_tol=1e-6)
        for action in actions:
            if action[0] == run.idx:
                act(broker, owner, feed, action)

    run = TapeRun(broker, [feed], on_step, owner=owner).play()
    run.deliver()

    # the record tells the same story as the broker did
    assert list(broker.ledger.series(BARS, lambda data: run.closes[data]).value) == values
    # every fill is in the record once, and the fills are the position
    fills = broker.ledger.fills
    assert sum(fill.size for fill in fills) == broker.getposition(feed).size
    for order in broker.orders:
        own = [fill.size for fill in fills if fill.ref == order.ref]
        assert sum(own) == order.executed.size
        assert order.executed.size + order.executed.remsize == order.size
        assert (order.status == fsm.COMPLETED) == (order.executed.remsize == 0)
    # every order went ways of the table, and the copies told of every one of them
    for order in broker.orders:
        here = fsm.CREATED
        for status, _, reason in order._trail:
            assert fsm.allowed(here, status) or (status == here and reason.startswith("amended"))
            here = status
        assert here == order.status
        assert [told.status for told in owner.orders if told == order][-1:] == [order.status]
    # without interest the money is where it went: start, profits, commissions
    if scheme.stocklike and settings_["shortcash"]:
        paid = sum(fill.size * fill.price + fill.commission for fill in fills)
        assert isclose(broker.getcash(), settings_["cash"] - paid, rel_tol=1e-9, abs_tol=1e-6)
