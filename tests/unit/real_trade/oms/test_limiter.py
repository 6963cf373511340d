"""Requests stay below the venue's limits, and cancellations have room left."""

from __future__ import annotations

import asyncio

import pytest

from real_trade.gateways import RateUse
from real_trade.oms.limiter import Limiter


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


def counting(clock: Clock, reserve: float = 0.2) -> Limiter:
    return Limiter(reserve, clock, clock)


@pytest.mark.parametrize("hours", [-5, 5])
def test_a_clock_that_is_set_holds_nothing_up_and_lets_nothing_through(hours: int) -> None:
    day, passed = Clock(), Clock()
    limiter = Limiter(0.0, day, passed)
    limiter.heard([RateUse("requests", 60, 100, 100)])
    limiter.blocked(7)
    day.now += hours * 3600
    assert limiter.wait(urgent=True) == 20  # as before: the minute ended in 20 seconds
    passed.now += 19
    assert limiter.wait(urgent=True) == 1
    passed.now += 1
    assert limiter.wait(urgent=True) == 0


def test_a_count_without_a_limit_holds_nothing_up() -> None:
    limiter = counting(Clock())
    limiter.heard([RateUse("requests", 60, 5, 0), RateUse("orders", 86400, 5, 0)])
    limiter.take(3)
    assert limiter.wait() == limiter.wait(urgent=True) == 0 and limiter.use() == 0


def test_nothing_is_held_up_before_the_venue_has_told_its_limits() -> None:
    assert counting(Clock()).wait(10**6) == 0


def test_orders_stop_at_the_reserve_and_cancellations_at_the_limit() -> None:
    clock = Clock()
    limiter = counting(clock, 0.2)
    limiter.heard([RateUse("requests", 60, 70, 100)])
    assert limiter.wait(10) == 0 and limiter.wait(11) == 20  # the minute ends at 1020
    limiter.take(10)
    assert limiter.wait() == 20 and limiter.wait(20, urgent=True) == 0 and limiter.wait(21, urgent=True) == 20
    clock.now = 1020
    assert limiter.wait(80) == 0


def test_orders_and_requests_are_counted_apart() -> None:
    limiter = counting(Clock(), 0.0)
    limiter.heard([RateUse("orders", 10, 100, 100), RateUse("requests", 60, 0, 100)])
    assert limiter.wait() == 10 and limiter.wait(orders=False) == 0
    limiter.take(5, orders=False)
    assert limiter.use() == 1.0


def test_what_the_venue_says_counts_unless_we_know_of_more() -> None:
    limiter = counting(Clock(), 0.0)
    limiter.heard([RateUse("requests", 60, 10, 100)])
    limiter.take(30)
    limiter.heard([RateUse("requests", 60, 12, 100)])  # an answer from before those thirty
    assert limiter.wait(60) == 0 and limiter.wait(61) > 0
    limiter.heard([RateUse("requests", 60, 95, 100)])  # somebody else uses the address too
    assert limiter.wait(6) > 0


def test_a_pause_that_the_venue_asks_for_holds_for_everything() -> None:
    clock = Clock()
    limiter = counting(clock)
    limiter.blocked(7)
    limiter.blocked(3)
    assert limiter.wait(urgent=True) == limiter.wait() == 7
    clock.now += 7
    assert limiter.wait() == 0


def test_leave_is_waited_for_no_longer_than_said() -> None:
    async def scenario() -> None:
        limiter = Limiter()
        limiter.blocked(0.05)
        assert not await limiter.acquire(patience=0.01)
        assert await limiter.acquire(patience=1)
        limiter.heard([RateUse("orders", 10**6, 0, 10)])
        assert (
            await limiter.acquire(8) and not await limiter.acquire() and await limiter.acquire(2, urgent=True)
        )

    asyncio.run(scenario())
