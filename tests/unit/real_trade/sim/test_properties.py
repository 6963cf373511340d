"""Random orders: whatever happens, money and books stay right."""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from real_trade.model import OrderKind, Side, TimeInForce
from real_trade.sim.accounts import Account
from real_trade.sim.engine import Engine
from real_trade.sim.events import Event, MoneyMoved, OrderMoved, Traded, What
from real_trade.sim.instruments import Listing
from real_trade.sim.orders import SelfTrade, Ticket
from real_trade.sim.refusals import Reason, Refused

D = Decimal
SPOT = Listing(
    "BTC/USDT",
    "BTC",
    "USDT",
    tick=D("0.5"),
    step=D("0.01"),
    min_quantity=D("0.01"),
    min_notional=D(1),
    start_price=D(100),
)
PERP = Listing(
    "BTC/USDT:USDT", "BTC", "USDT", kind="perpetual", wallet="usdm", tick=D("0.5"), step=D("0.01"),
    min_quantity=D("0.01"), min_notional=D(1), start_price=D(100), max_waiting_orders=50,
    maker_fee=D("0.0002"), taker_fee=D("0.0005"),
)  # fmt: skip
NAMES = ("ann", "bob", "cat")


class Watch:
    """Listens to an engine and checks each fill as it happens."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.held: dict[tuple[str, str, str], Decimal] = defaultdict(Decimal)
        self.trades: list[tuple[Decimal, Decimal, int, int]] = []
        engine.listeners.append(self)

    def __call__(self, event: Event) -> None:
        if isinstance(event, Traded):
            trade = event.trade
            self.trades.append((trade.price, trade.quantity, trade.buyer_order, trade.seller_order))
        if isinstance(event, OrderMoved) and event.what is What.TRADE:
            order, fill = event.order, event.execution
            assert fill is not None
            assert 0 < order.filled <= order.quantity
            if order.price is not None:
                assert (order.price - fill.price) * order.side.sign >= 0, "worse than its limit"
            key = (order.account, order.symbol, order.ticket.position_side)
            before = self.held[key]
            after = before + fill.quantity * order.side.sign
            self.held[key] = after
            if order.ticket.reduces and order.symbol == PERP.symbol:
                assert abs(after) < abs(before), "an order that only reduces made more of it"
                assert after * before >= 0, "an order that only reduces turned the position round"


def build(hedged: bool = False) -> tuple[Engine, Watch]:
    clock = iter(range(1, 10**9))
    engine = Engine((SPOT, PERP), lambda: next(clock))
    for name in NAMES:
        engine.open_account(
            Account(name, {"spot": {"USDT": D(700), "BTC": D(7)}, "usdm": {"USDT": D(40)}}, hedged=hedged)
        )
    for name in ("house", "crowd"):
        engine.open_account(Account(name, unlimited=True, remembered=False))
    return engine, Watch(engine)


def money(engine: Engine) -> dict[tuple[str, str], Decimal]:
    """All money there is, by purse and asset: cash of everybody, less what open positions cost."""
    found: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for account in engine.accounts.values():
        for wallet, purse in account.purses.items():
            for asset in purse.assets():
                found[wallet, asset] += purse.total(asset)
        for held in account.positions.values():
            found["usdm", "USDT"] -= held.cost
    return {key: value for key, value in found.items() if value}


def check(engine: Engine, watch: Watch) -> None:
    for market in engine.markets.values():
        book = market.book
        bid, ask = book.best(Side.BUY), book.best(Side.SELL)
        assert bid is None or ask is None or bid < ask, f"crossed: {bid} {ask}"
        resting = set()
        for side in Side:
            for price, level in book.walk(side):
                assert level.orders
                assert level.total == sum(order.remaining for order in level.orders.values())
                for order in level.orders.values():
                    assert (order.price, order.side) == (price, side)
                    assert order.is_open and order.remaining > 0
                    resting.add(order.number)
        for name in NAMES:
            for order in market.orders.open_of(name):
                assert order.number in resting or (order.kind.waits and not order.working)
            for order in market.orders.all_of(name):
                fills = [fill for fill in market.executions[name] if fill.order == order.number]
                assert order.filled == sum((fill.quantity for fill in fills), D(0))
                assert order.money == sum((fill.quantity * fill.price for fill in fills), D(0))
                assert order.is_open or not order.locked
    positions = [held for account in engine.accounts.values() for held in account.positions.values()]
    assert sum((held.quantity for held in positions), D(0)) == 0
    for name in NAMES:
        account = engine.accounts[name]
        spot = account.purse("spot")
        locked: dict[str, Decimal] = defaultdict(Decimal)
        for order in engine.markets[SPOT.symbol].orders.open_of(name):
            locked["USDT" if order.side is Side.BUY else "BTC"] += order.locked
        for asset in ("USDT", "BTC"):
            assert spot.free[asset] >= 0
            assert spot.locked[asset] == locked[asset]
        ordered: dict[Any, Decimal] = defaultdict(Decimal)
        for order in engine.markets[PERP.symbol].orders.open_of(name):
            if not order.ticket.reduces and order.price is not None:
                ordered[order.symbol, order.ticket.position_side, order.side] += order.price * order.remaining
        for key, worth in account.ordered.items():
            assert worth == ordered[key]
        for key, held in account.positions.items():
            assert held.quantity == watch.held[name, *key]


QUANTITIES = st.integers(1, 400).map(lambda n: D(n) / 100)
PRICES = st.integers(180, 220).map(lambda n: D(n) / 2)
TICKETS = st.fixed_dictionaries(
    {
        "do": st.sampled_from(["limit"] * 6 + ["market", "market", "stop", "stop_limit", "take", "trail"]),
        "who": st.sampled_from((*NAMES, "house")),
        "symbol": st.sampled_from((SPOT.symbol, PERP.symbol, PERP.symbol)),
        "side": st.sampled_from(list(Side)),
        "quantity": QUANTITIES,
        "price": PRICES,
        "stop": PRICES,
        "times": st.sampled_from([TimeInForce.GTC] * 4 + [TimeInForce.IOC, TimeInForce.FOK]),
        "flags": st.sampled_from(["", "", "", "post", "reduce"]),
        "mode": st.sampled_from(list(SelfTrade)),
        "apart": st.booleans(),
        "long": st.booleans(),
    }
)
CHANGES = st.one_of(
    st.tuples(st.just("cancel"), st.integers(0, 99)),
    st.tuples(st.just("amend"), st.integers(0, 99), QUANTITIES, PRICES),
    st.tuples(st.just("mark"), st.integers(140, 260).map(lambda n: D(n) / 2)),
    st.tuples(st.just("leverage"), st.sampled_from(NAMES), st.integers(1, 125)),
    st.tuples(st.just("fund")),
)
KINDS = {
    "limit": OrderKind.LIMIT, "market": OrderKind.MARKET, "stop": OrderKind.STOP,
    "stop_limit": OrderKind.STOP_LIMIT, "take": OrderKind.TAKE_PROFIT, "trail": OrderKind.TRAILING,
}  # fmt: skip


def apply(engine: Engine, step: Any) -> None:
    if isinstance(step, dict):
        kind = KINDS[step["do"]]
        perpetual = step["symbol"] == PERP.symbol
        hedged = engine.accounts[step["who"]].hedged and perpetual
        engine.place(
            step["who"],
            Ticket(
                symbol=step["symbol"], side=step["side"], kind=kind, quantity=step["quantity"],
                price=step["price"] if kind.has_limit else None,
                stop_price=step["stop"] if kind.waits and kind is not OrderKind.TRAILING else None,
                trail=D(2) if kind is OrderKind.TRAILING else None,
                time_in_force=step["times"] if kind is OrderKind.LIMIT else TimeInForce.GTC,
                post_only=step["flags"] == "post" and kind is OrderKind.LIMIT
                and step["times"] is TimeInForce.GTC,
                reduce_only=step["flags"] == "reduce" and perpetual and not hedged, self_trade=step["mode"],
                waits_apart=step["apart"] and perpetual and kind.waits,
                position_side=("long" if step["long"] else "short") if hedged else "",
            ),
        )  # fmt: skip
        return
    open_orders = [
        order
        for market in engine.markets.values()
        for name in NAMES
        for order in market.orders.open_of(name) + market.apart.open_of(name)
    ]
    if step[0] == "cancel" and open_orders:
        engine.cancel(open_orders[step[1] % len(open_orders)])
    elif step[0] == "amend" and open_orders:
        engine.amend(open_orders[step[1] % len(open_orders)], step[2], step[3])
    elif step[0] == "mark":
        engine.set_mark(PERP.symbol, step[1])
    elif step[0] == "leverage":
        engine.set_leverage(step[1], PERP.symbol, step[2])
    elif step[0] == "fund":
        engine.liquidation.fund(PERP.symbol)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.one_of(TICKETS, TICKETS, TICKETS, CHANGES), max_size=60), st.booleans())
def test_money_is_conserved_and_books_are_right(steps: list[Any], hedged: bool) -> None:
    engine, watch = build(hedged)
    before = money(engine)
    for step in steps:
        try:
            apply(engine, step)
        except Refused:
            assert money(engine) == before, "a refused order moved money"
        assert money(engine) == before
        check(engine, watch)


def draw(dice: random.Random) -> Any:
    """One step of a long run."""
    if dice.random() < 0.75:
        return {
            "do": dice.choice(["limit"] * 6 + ["market", "market", "stop", "stop_limit", "take", "trail"]),
            "who": dice.choice((*NAMES, "house")),
            "symbol": dice.choice((SPOT.symbol, PERP.symbol, PERP.symbol)),
            "side": dice.choice(list(Side)),
            "quantity": D(dice.randint(1, 400)) / 100,
            "price": D(dice.randint(180, 220)) / 2,
            "stop": D(dice.randint(180, 220)) / 2,
            "times": dice.choice([TimeInForce.GTC] * 4 + [TimeInForce.IOC, TimeInForce.FOK]),
            "flags": dice.choice(["", "", "", "post", "reduce"]),
            "mode": dice.choice(list(SelfTrade)),
            "apart": dice.random() < 0.5,
            "long": dice.random() < 0.5,
        }
    change = dice.choice(["cancel", "cancel", "amend", "amend", "mark", "leverage", "fund"])
    amount, price = D(dice.randint(1, 400)) / 100, D(dice.randint(180, 220)) / 2
    return {
        "cancel": ("cancel", dice.randint(0, 99)),
        "amend": ("amend", dice.randint(0, 99), amount, price),
        "mark": ("mark", D(dice.randint(140, 260)) / 2),
        "leverage": ("leverage", dice.choice(NAMES), dice.randint(1, 125)),
        "fund": ("fund",),
    }[change]


def test_long_runs_keep_the_money_too_and_nothing_is_left_out() -> None:
    seen: Counter[str] = Counter()
    for seed in range(60):
        engine, watch = build(hedged=seed % 2 == 0)
        before, dice = money(engine), random.Random(seed)

        def count(event: Event) -> None:
            if isinstance(event, OrderMoved):
                seen[event.what] += 1
                seen[f"{event.order.ticket.origin} {event.what}"] += 1
            elif isinstance(event, MoneyMoved):
                seen[event.why] += 1

        engine.listeners.append(count)
        for _ in range(120):
            try:
                apply(engine, draw(dice))
            except Refused as refused:
                seen[refused.reason] += 1
            assert money(engine) == before
            check(engine, watch)
    wanted = {*What, Reason.FUNDS, Reason.MARGIN, Reason.REDUCE_ONLY, Reason.WOULD_TAKE, Reason.WOULD_TRIGGER,
              "funding", "liquidation", "liquidation trade"}  # fmt: skip
    assert not {name for name in wanted if seen[name] < 5}


LIMITS = st.tuples(
    st.sampled_from(["buy", "sell", "cancel"]), st.integers(1, 50), st.integers(195, 205), st.booleans()
)


class Naive:
    """Price first, then time, in the plainest way: one list, searched from the start each time."""

    def __init__(self) -> None:
        self.resting: list[list[Any]] = []
        self.trades: list[tuple[Decimal, Decimal, int, int]] = []

    def place(self, number: int, side: str, quantity: Decimal, price: Decimal, rests: bool) -> None:
        while quantity:
            others = [row for row in self.resting if row[1] != side]
            if not others:
                break
            best = min(others, key=lambda row: (row[3] if side == "buy" else -row[3], row[4]))
            if (best[3] > price) if side == "buy" else (best[3] < price):
                break
            taken = min(quantity, best[2])
            pair = (number, best[0]) if side == "buy" else (best[0], number)
            self.trades.append((best[3], taken, *pair))
            quantity -= taken
            best[2] -= taken
            if not best[2]:
                self.resting.remove(best)
        if quantity and rests:
            self.resting.append([number, side, quantity, price, len(self.trades) * 1000 + number])


@settings(max_examples=150, deadline=None)
@given(st.lists(LIMITS, max_size=80))
def test_price_comes_first_and_then_time(steps: list[tuple[str, int, int, bool]]) -> None:
    engine, watch = build()
    naive = Naive()
    arrived = 0
    for what, quantity, price, rests in steps:
        if what == "cancel":
            if naive.resting:
                row = naive.resting.pop(quantity % len(naive.resting))
                found = engine.market(SPOT.symbol).orders.number(row[0])
                assert found is not None
                engine.cancel(found)
            continue
        times = TimeInForce.GTC if rests else TimeInForce.IOC
        order = engine.place(
            "house",
            Ticket(
                symbol=SPOT.symbol, side=Side(what), kind=OrderKind.LIMIT, quantity=D(quantity) / 100,
                price=D(price) / 2, time_in_force=times, self_trade=SelfTrade.NONE,
            ),
        )  # fmt: skip
        arrived += 1
        naive.place(order.number, what, D(quantity) / 100, D(price) / 2, rests)
        if naive.resting and naive.resting[-1][0] == order.number:
            naive.resting[-1][4] = arrived
        assert watch.trades == naive.trades


def test_the_checks_can_fail() -> None:
    engine, watch = build()
    engine.accounts["ann"].purse("spot").add("USDT", D(1))
    other, _ = build()
    assert money(engine) != money(other)
    engine.place(
        "ann", Ticket(symbol=SPOT.symbol, side=Side.BUY, kind=OrderKind.LIMIT, quantity=D(1), price=D(99))
    )
    engine.accounts["ann"].purse("spot").locked["USDT"] += 1
    with pytest.raises(AssertionError):
        check(engine, watch)
