"""The paper venue: money is neither made nor lost, whatever is ordered and however prices move."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from real_trade.config import load
from real_trade.errors import ConfigError, GatewayError, Rejected
from real_trade.gateways import make_gateway
from real_trade.gateways.paper import PaperGateway
from real_trade.model import Instrument, OrderIntent, OrderKind, Side, TimeInForce

D = Decimal


def gateway(kind: str, **options: Decimal) -> PaperGateway:
    settle = "" if kind == "spot" else "U"
    one = Instrument("B/U", "BU", "B", "U", settle=settle, kind=kind, tick=D("0.5"), step=D("0.1"))
    return PaperGateway([one], {"U": D(1000), "B": D(10)}, **options)


PRICES = st.integers(180, 220).map(lambda half: D(half) / 2)
SIZES = st.integers(1, 60).map(lambda tenth: D(tenth) / 10)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("quote"), PRICES, st.none() | SIZES),
        st.tuples(
            st.just("place"), st.sampled_from(Side), st.sampled_from(list(OrderKind)), SIZES, PRICES, PRICES,
            st.sampled_from([TimeInForce.GTC, TimeInForce.IOC, TimeInForce.FOK]), st.booleans(), st.booleans(),
        ),
        st.tuples(st.just("cancel"), st.integers(0, 30)),
        st.tuples(st.just("amend"), st.integers(0, 30), SIZES, PRICES),
    ),
    max_size=40,
)  # fmt: skip


async def do(paper: PaperGateway, number: int, step: tuple) -> None:
    match step:
        case ("quote", price, size):
            paper.quote("B/U", price, price + D("0.5"), bid_quantity=size, ask_quantity=size)
        case ("place", side, kind, quantity, price, stop, force, post_only, reduce_only):
            intent = OrderIntent(
                f"o{number}", "B/U", side, kind, quantity,
                price=price if kind.has_limit else None,
                stop_price=stop if kind.waits and kind is not OrderKind.TRAILING else None,
                trail=D(1) if kind is OrderKind.TRAILING else None,
                time_in_force=force, post_only=post_only, reduce_only=reduce_only,
            )  # fmt: skip
            await paper.place(intent)
        case ("cancel", which):
            await paper.cancel("B/U", client_id=f"o{which}")
        case ("amend", which, quantity, price):
            await paper.amend("B/U", client_id=f"o{which}", quantity=quantity, price=price)


@pytest.mark.parametrize("kind", ["spot", "perpetual"])
def test_the_books_balance(kind: str) -> None:
    @settings(max_examples=150, deadline=None)
    @given(steps=STEPS)
    def balanced(steps: list[tuple]) -> None:
        asyncio.run(check(kind, steps))

    balanced()


async def check(kind: str, steps: list[tuple]) -> None:
    paper = gateway(kind, maker_fee=D("0.001"), taker_fee=D("0.002"), leverage=D(3))
    paper.tick("B/U", D(100))
    for number, step in enumerate(steps):
        with suppress(GatewayError):
            await do(paper, number, step)
    fills = await paper.fills("B/U")
    orders = paper.ledger.orders.values()
    for order in orders:
        mine = [one for one in fills if one.venue_id == order.venue_id]
        assert sum((one.quantity for one in mine), D(0)) == order.filled <= order.quantity
        if order.price is not None:
            assert all((one.price - order.price) * order.intent.side.sign <= 0 for one in mine)
    fees = sum((one.fee for one in fills), D(0))
    bought = sum((one.quantity * one.side.sign for one in fills), D(0))
    paid = sum((one.price * one.quantity * one.side.sign for one in fills), D(0))
    money = {asset: one.total for asset, one in (await paper.balances()).items()}
    if kind == "spot":
        assert money.get("B", D(0)) == 10 + bought
        assert money["U"] == 1000 - paid - fees
        assert all(total >= 0 for total in money.values())
    else:
        position = paper.ledger.position("B/U")
        assert position.quantity == bought
        # what is realised and what is not make up what was paid; the entry price is a quotient
        worth = money["U"] - position.quantity * position.entry_price
        assert abs(worth - (1000 - paid - fees)) < D("1E-15")


def test_reduce_only_never_goes_through_zero() -> None:
    async def run() -> None:
        paper = gateway("perpetual")
        paper.tick("B/U", D(100))
        await paper.place(OrderIntent("a", "B/U", Side.BUY, OrderKind.MARKET, D(2)))
        await paper.place(OrderIntent("b", "B/U", Side.SELL, OrderKind.LIMIT, D(5), D(101), reduce_only=True))
        paper.tick("B/U", D(102))
        assert await paper.positions() == []
        report = await paper.order("B/U", client_id="b")
        assert report.filled == 2

    asyncio.run(run())


def test_without_a_price_nothing_is_taken() -> None:
    async def run() -> None:
        with pytest.raises(Rejected, match="there is no price yet"):
            await gateway("spot").place(OrderIntent("a", "B/U", Side.BUY, OrderKind.MARKET, D(1)))

    asyncio.run(run())


@pytest.mark.parametrize(("bid", "ask"), [("0", "1"), ("2", "1"), ("-1", "1"), ("NaN", "1")])
def test_a_quote_that_makes_no_sense_is_refused(bid: str, ask: str) -> None:
    with pytest.raises((ValueError, ArithmeticError)):
        gateway("spot").quote("B/U", D(bid), D(ask))


def test_the_settings_make_one() -> None:
    account = load({"accounts": {"p": {"money": {"U": 5}, "leverage": 2}}}, environ={}).accounts["p"]
    one = Instrument("B/U", "BU", "B", "U")
    made = make_gateway("p", account, instruments=[one])
    assert isinstance(made, PaperGateway)
    assert (made.account, made.ledger.money, made.ledger.leverage) == ("p", {"U": D(5)}, D(2))
    with pytest.raises(ConfigError, match="needs instruments"):
        make_gateway("p", account)
