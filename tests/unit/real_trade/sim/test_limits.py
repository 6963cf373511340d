"""Binance's limits."""

from __future__ import annotations

import pytest

from real_trade.sim.faces.binance.errors import BinanceError
from real_trade.sim.faces.binance.limits import Limits, Rule


class World:
    now = 1_700_000_000.0 // 60 * 60


def limits(scale: float = 1.0) -> tuple[Limits, World]:
    world = World()
    return Limits(
        Rule(100, 60, "1M", "MINUTE", 1), (Rule(3, 10, "10S", "SECOND", 10),), lambda: world.now, scale
    ), world


def test_weight_is_counted_by_address_and_minute() -> None:
    counted, world = limits()
    counted.charge("a", 60)
    counted.charge("b", 60)
    assert counted.headers("a", "", orders=False)["X-MBX-USED-WEIGHT-1M"] == "60"
    world.now += 60
    counted.charge("a", 60)
    assert counted.used_weight("a") == 60


def test_too_much_is_answered_with_429_and_the_seconds_to_wait_and_then_with_a_ban() -> None:
    counted, world = limits()
    counted.charge("a", 100)
    world.now += 20
    for _ in range(10):
        with pytest.raises(BinanceError) as caught:
            counted.charge("a", 1)
        assert (caught.value.status, caught.value.code) == (429, -1003)
        assert caught.value.headers["Retry-After"] == "41"
    with pytest.raises(BinanceError) as caught:
        counted.charge("a", 1)
    assert (caught.value.status, caught.value.headers["Retry-After"]) == (418, "120")
    counted.charge("b", 1)
    world.now += 60
    with pytest.raises(BinanceError) as caught:
        counted.charge("a", 1)
    assert caught.value.status == 418, "the ban outlasts the minute"
    world.now += 61
    counted.charge("a", 1)


def test_orders_are_counted_by_account() -> None:
    counted, world = limits()
    for _ in range(3):
        counted.check_orders("ann")
        counted.count_orders("ann")
    assert counted.headers("a", "ann", orders=True)["X-MBX-ORDER-COUNT-10S"] == "3"
    counted.check_orders("bob")
    with pytest.raises(BinanceError) as caught:
        counted.check_orders("ann")
    assert (caught.value.status, caught.value.code) == (429, -1015)
    assert caught.value.message == "Too many new orders; current limit is 3 orders per 10 SECOND."
    world.now += 10
    counted.check_orders("ann")


def test_limits_can_be_lifted() -> None:
    counted, _ = limits(scale=0)
    for _ in range(1000):
        counted.charge("a", 100)
        counted.check_orders("ann")
        counted.count_orders("ann")
