"""Each fault, as a client meets it; afterwards the venue says whether it acted."""

from __future__ import annotations

import asyncio
import time
from typing import Any

import ccxt
import pytest

from tests.live.sim.stage import PERP, SPOT, Watcher, desk, run, until

BOTH = pytest.mark.parametrize(("name", "symbol"), [("binance", SPOT), ("binanceusdm", PERP)])
SIDES = pytest.mark.parametrize("side", ["before", "after"])
#: What a request meets, and what the client makes of it.
REQUEST = [
    ({"what": "drop"}, (ccxt.NetworkError, ccxt.ExchangeError)),
    ({"what": "freeze"}, ccxt.RequestTimeout),
    ({"what": "delay", "seconds": 0.2}, None),
    ({"what": "status", "status": 500}, ccxt.BaseError),
    ({"what": "status", "status": 502}, ccxt.BaseError),
    ({"what": "status", "status": 503}, ccxt.BaseError),
    ({"what": "status", "status": 504}, ccxt.RequestTimeout),
    ({"what": "error", "code": -1006}, ccxt.BaseError),
    ({"what": "error", "code": -1008, "status": 503}, ccxt.BaseError),
    ({"what": "rate_limit", "seconds": 7}, ccxt.DDoSProtection),
    ({"what": "ban", "seconds": 60}, ccxt.DDoSProtection),
    ({"what": "maintenance"}, ccxt.NetworkError),
]


@BOTH
@SIDES
@pytest.mark.parametrize(("fault", "expected"), REQUEST, ids=lambda value: str(value)[:40])
def test_placing_an_order(name: str, symbol: str, side: str, fault: dict[str, Any], expected: Any) -> None:
    async def scenario() -> None:
        async with desk(name) as (venue, exchange):
            exchange.timeout = 400
            rule = venue.faults.add({"when": "place", "side": side, "client_id": "mine", **fault})
            caught: Any = None
            try:
                await exchange.create_order(symbol, "limit", "buy", 0.01, 59000, {"clientOrderId": "mine"})
            except Exception as error:
                caught = error
            assert rule.fired == 1
            assert caught is None if expected is None else isinstance(caught, expected), repr(caught)
            acted = side == "after" or expected is None
            assert (venue.order("mine") is not None) == acted
            if fault["what"] in ("rate_limit", "ban"):
                assert exchange.last_response_headers["Retry-After"] == str(fault["seconds"])
            # The same again goes through, unless the first one is there.
            if not acted:
                await exchange.create_order(symbol, "limit", "buy", 0.01, 59000, {"clientOrderId": "mine"})
            found = await exchange.fetch_order(None, symbol, {"clientOrderId": "mine"})
            assert found["status"] == "open"

    run(scenario)


@BOTH
@SIDES
def test_cancelling_with_a_dropped_link(name: str, symbol: str, side: str) -> None:
    async def scenario() -> None:
        async with desk(name) as (venue, exchange):
            placed = await exchange.create_order(symbol, "limit", "buy", 0.01, 59000)
            # The HTTP library sends a DELETE (or GET, or PUT) once more by itself when a used link breaks.
            venue.faults.add({"when": "cancel", "what": "drop", "side": side, "times": 2})
            with pytest.raises(ccxt.BaseError):
                await exchange.cancel_order(placed["id"], symbol)
            assert bool(venue.open_orders()) == (side == "before")

    run(scenario)


def test_a_frozen_answer_comes_when_it_is_released() -> None:
    async def scenario() -> None:
        async with desk() as (venue, exchange):
            venue.faults.add({"when": "place", "what": "freeze", "name": "slow"})
            placing = asyncio.create_task(exchange.create_order(SPOT, "limit", "buy", 0.01, 59000))
            await until(venue.orders)
            await asyncio.sleep(0.1)
            assert not placing.done()
            venue.faults.release("slow")
            assert (await placing)["status"] == "open"

    run(scenario)


def test_an_order_is_not_found_at_first() -> None:
    async def scenario() -> None:
        async with desk() as (venue, exchange):
            venue.faults.add({"when": "query", "what": "not_found", "side": "before", "times": 2})
            await exchange.create_order(SPOT, "limit", "buy", 0.01, 59000, {"clientOrderId": "mine"})
            for _ in range(2):
                with pytest.raises(ccxt.OrderNotFound):
                    await exchange.fetch_order(None, SPOT, {"clientOrderId": "mine"})
            assert (await exchange.fetch_order(None, SPOT, {"clientOrderId": "mine"}))["status"] == "open"

    run(scenario)


def test_a_clock_that_is_off() -> None:
    async def scenario() -> None:
        async with desk() as (venue, exchange):
            venue.faults.do({"what": "clock_skew", "value": 90_000})
            await asyncio.sleep(0)
            for _ in range(2):
                with pytest.raises(ccxt.InvalidNonce):
                    await exchange.create_order(SPOT, "limit", "buy", 0.01, 59000)
            assert not venue.orders()
            await exchange.load_time_difference()
            exchange.options["adjustForTimeDifference"] = True
            await exchange.create_order(SPOT, "limit", "buy", 0.01, 59000)

    run(scenario)


def test_an_outage_ends_by_itself() -> None:
    async def scenario() -> None:
        async with desk() as (venue, exchange):
            venue.faults.do({"what": "outage", "seconds": 0.4})
            await asyncio.sleep(0)
            with pytest.raises(ccxt.NetworkError):
                await exchange.fetch_time()
            await asyncio.sleep(0.5)
            await exchange.fetch_time()

    run(scenario)


# -- the user stream -----------------------------------------------------------------------------------


async def listening(venue: Any, exchange: Any) -> Watcher:
    watcher = Watcher(exchange.watch_orders)
    await until(
        lambda: (
            venue.log.requests("subscribe") or [s for s in venue.server.sockets.values() if s.kind == "user"]
        )
    )
    return watcher


def sent(venue: Any, word: str = "") -> list[str]:
    """Order events that went out, by what they say happened."""
    import json

    found = []
    for row in venue.log.records:
        if row["kind"] == "out" and row["text"].startswith("{"):
            event = json.loads(row["text"])
            event = event.get("event", event)
            event = event.get("o", event) if event.get("e") == "ORDER_TRADE_UPDATE" else event
            if isinstance(event, dict) and "X" in event and "x" in event:
                found.append(event["X"])
    return found


@BOTH
def test_events_are_lost_doubled_and_swapped(name: str, symbol: str) -> None:
    async def scenario() -> None:
        async with desk(name) as (venue, exchange):
            watcher = await listening(venue, exchange)
            for what, expected in (
                ("skip", ["PARTIALLY_FILLED", "FILLED"]),
                ("duplicate", ["NEW", "NEW", "PARTIALLY_FILLED", "FILLED"]),
                ("reorder", ["PARTIALLY_FILLED", "NEW", "FILLED"]),
                ("late", ["PARTIALLY_FILLED", "FILLED", "NEW"]),
            ):
                before = len(sent(venue))
                # Let only order events through, so that nothing but them comes in between.
                venue.faults.add(
                    {"when": ["event:balance", "event:position", "event:lite"], "what": "skip", "times": 0}
                )
                venue.faults.add({"when": "event:order", "what": what, "seconds": 0.1})
                await exchange.create_order(symbol, "limit", "buy", 0.01, 59000, {"clientOrderId": what})
                order = venue.order(what)
                assert order is not None
                venue.fill(order, "0.004")
                venue.fill(order)
                await asyncio.sleep(0.2)
                await venue.settle()
                assert sent(venue)[before:] == expected, what
                venue.faults.clear()
            await watcher.stop()

    run(scenario)


@BOTH
@SIDES
def test_a_stream_that_is_cut_is_dialled_again_and_nothing_is_replayed(
    name: str, symbol: str, side: str
) -> None:
    async def scenario() -> None:
        async with desk(name) as (venue, exchange):
            watcher = await listening(venue, exchange)
            venue.faults.add({"when": "event:order", "what": "drop", "side": side})
            await exchange.create_order(symbol, "limit", "buy", 0.01, 59000, {"clientOrderId": "first"})
            await until(lambda: watcher.failed)
            assert (sent(venue) == ["NEW"]) == (side == "after")
            venue.fill(venue.open_orders()[0])
            await until(lambda: len([r for r in venue.log.records if r["kind"] == "open"]) >= 2)
            if name == "binance":
                await until(lambda: len(venue.log.requests("subscribe")) == 2)
            await venue.settle()
            await exchange.create_order(symbol, "limit", "buy", 0.01, 59000, {"clientOrderId": "second"})
            await until(lambda: [o for rows in watcher.seen for o in rows if o["clientOrderId"] == "second"])
            first = [o["status"] for rows in watcher.seen for o in rows if o["clientOrderId"] == "first"]
            assert "closed" not in first, "what happened while it was away did not come"
            await watcher.stop()

    run(scenario)


@BOTH
def test_a_stream_that_freezes_stays_up_and_says_nothing(name: str, symbol: str) -> None:
    async def scenario() -> None:
        async with desk(name) as (venue, exchange):
            watcher = await listening(venue, exchange)
            venue.faults.add({"when": "event:order", "what": "freeze", "side": "before"})
            await exchange.create_order(symbol, "limit", "buy", 0.01, 59000)
            await asyncio.sleep(0.3)
            assert not watcher.failed and not watcher.seen
            assert venue.server.sockets
            await watcher.stop()

    run(scenario)


def test_the_venue_ends_a_user_stream() -> None:
    async def scenario() -> None:
        async with desk() as (venue, exchange):
            watcher = await listening(venue, exchange)
            venue.faults.do({"what": "end_streams"})
            await until(
                lambda: [r for r in venue.log.records if "eventStreamTerminated" in r.get("text", "")]
            )
            await exchange.create_order(SPOT, "limit", "buy", 0.01, 59000)
            await venue.settle()
            assert not sent(venue)
            await watcher.stop()

    run(scenario)


@BOTH
def test_fills_and_orders_by_hand_while_the_client_is_away(name: str, symbol: str) -> None:
    async def scenario() -> None:
        async with desk(name) as (venue, exchange):
            venue.faults.add({"when": "place", "what": "fill", "value": "0.004"})
            venue.faults.add({"when": "event:order", "what": "order",
                              "value": {"symbol": symbol, "side": "buy", "quantity": "0.02", "price": "58000"}})  # fmt: skip
            watcher = await listening(venue, exchange)
            await exchange.create_order(symbol, "limit", "buy", 0.01, 59000, {"clientOrderId": "mine"})
            await venue.settle()
            order = venue.order("mine")
            assert order is not None and str(order.filled) == "0.004", "filled right after it was placed"
            venue.faults.do({"what": "fill", "client_id": "mine", "value": "0.002"})
            await venue.settle()
            assert str(order.filled) == "0.006"
            by_hand = [found for found in venue.orders() if found.ticket.origin == "manual"]
            assert [str(found.quantity) for found in by_hand] == ["0.02"]
            venue.faults.do({"what": "cancel_order", "client_id": "mine"})
            await venue.settle()
            assert not order.is_open
            await watcher.stop()

    run(scenario)


@BOTH
def test_an_order_is_filled_while_it_is_being_cancelled(name: str, symbol: str) -> None:
    async def scenario() -> None:
        async with desk(name) as (venue, exchange):
            venue.faults.add({"when": "cancel", "what": "fill", "side": "before"})
            placed = await exchange.create_order(symbol, "limit", "buy", 0.01, 59000)
            with pytest.raises(ccxt.OrderNotFound):
                await exchange.cancel_order(placed["id"], symbol)
            assert (await exchange.fetch_order(placed["id"], symbol))["status"] == "closed"
            wallet = "spot" if name == "binance" else "usdm"
            before = venue.account().purse(wallet).free["USDT"]
            venue.faults.do({"what": "deposit", "value": {"wallet": wallet, "asset": "USDT", "amount": "-5"}})
            await asyncio.sleep(0)
            assert venue.account().purse(wallet).free["USDT"] == before - 5

    run(scenario)


@BOTH
def test_a_restart_keeps_orders_and_money(name: str, symbol: str) -> None:
    async def scenario() -> None:
        async with desk(name) as (venue, exchange):
            watcher = await listening(venue, exchange)
            await exchange.create_order(symbol, "limit", "buy", 0.01, 59000, {"clientOrderId": "mine"})
            before = venue.account().as_dict()
            restarting = asyncio.create_task(venue.restart(down=0.3))
            await asyncio.sleep(0.1)
            began = time.monotonic()
            with pytest.raises(ccxt.NetworkError):
                await exchange.fetch_open_orders(symbol)
            assert time.monotonic() - began < 5
            await restarting
            assert [order["clientOrderId"] for order in await exchange.fetch_open_orders(symbol)] == ["mine"]
            assert venue.account().as_dict() == before
            await until(lambda: watcher.failed)
            await watcher.stop()

    run(scenario)


def test_a_handshake_can_fail_too() -> None:
    async def scenario() -> None:
        async with desk() as (venue, exchange):
            venue.faults.load([
                {"when": "connect:market", "what": "status", "status": 503},
                {"when": "connect:market", "what": "status", "status": 502, "nth": 2},
            ])  # fmt: skip
            watcher = Watcher(lambda: exchange.watch_trades(SPOT))
            await until(lambda: venue.server.sockets)
            venue.move(SPOT, "60100")
            await until(lambda: len([r for r in venue.log.records if "SUBSCRIBE" in r.get("text", "")]) == 1)
            venue.move(SPOT, "60200")
            await until(lambda: watcher.seen)
            assert len(watcher.failed) >= 2
            await watcher.stop()

    run(scenario)


def test_chances_with_a_seed_are_the_same_each_time() -> None:
    async def scenario() -> None:
        async def play() -> list[int]:
            fault = {"when": "place", "what": "status", "side": "before", "times": 0, "probability": 0.4}
            async with desk(faults=(fault,), seed=11) as (_, exchange):
                answers = []
                for _ in range(12):
                    try:
                        await exchange.create_order(SPOT, "limit", "buy", 0.01, 59000)
                        answers.append(1)
                    except ccxt.BaseError:
                        answers.append(0)
                return answers

        first = await play()
        assert first == await play()
        assert 0 < sum(first) < 12

    run(scenario)
