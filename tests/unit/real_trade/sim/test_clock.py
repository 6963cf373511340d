"""The venue's time."""

from __future__ import annotations

import asyncio
import time

import pytest

from real_trade.sim.clock import Clock


def test_a_stepped_clock_does_what_is_due_in_order_and_at_its_time() -> None:
    clock = Clock(start_ms=1000)
    done: list[tuple[str, int]] = []
    clock.after(2, lambda: done.append(("late", clock.now_ms())))
    clock.after(1, lambda: done.append(("early", clock.now_ms())))
    clock.at(2000, lambda: done.append(("as early, but said later", clock.now_ms())))
    clock.after(1, lambda: done.append(("never", 0))).cancel()
    clock.advance(1.5)
    assert done == [("early", 2000), ("as early, but said later", 2000)]
    assert clock.now_ms() == 2500
    clock.advance(5)
    assert done[-1] == ("late", 3000)
    assert clock.now_ms() == 7500


def test_what_is_due_may_ask_for_more() -> None:
    clock = Clock(start_ms=0)
    seen: list[int] = []

    def again() -> None:
        seen.append(clock.now_ms())
        clock.after(1, again)

    clock.after(1, again)
    clock.advance(5)
    assert seen == [1000, 2000, 3000, 4000, 5000]


def test_link_time_stands_still_with_a_stepped_clock() -> None:
    clock = Clock(start_ms=5000)
    before = clock.link_s()
    time.sleep(0.01)
    assert clock.link_s() == before
    clock.advance(60)
    assert clock.link_s() == before + 60


def test_a_running_clock_keeps_its_pace_and_never_overtakes_what_is_due() -> None:
    async def scenario() -> None:
        clock = Clock(speed=100, start_ms=0)
        seen: list[tuple[int, int]] = []
        for at in range(500, 5001, 500):
            clock.at(at, lambda at=at: seen.append((at, clock.now_ms())))  # type: ignore[misc]
        clock.start()
        began = time.monotonic()
        while len(seen) < 10:
            assert clock.now_ms() <= (seen[-1][0] if seen else 0) + 500
            await asyncio.sleep(0.001)
        assert 0.04 < time.monotonic() - began < 2
        assert all(at == now for at, now in seen)
        with pytest.raises(RuntimeError, match="only a stepped clock"):
            clock.advance(1)
        await clock.stop()

    asyncio.run(scenario())


def test_clients_are_told_the_time_of_the_world_and_the_skew() -> None:
    clock = Clock(start_ms=0)
    assert abs(clock.api_ms() - time.time() * 1000) < 1000
    clock.skew_ms = -90_000
    assert abs(clock.api_ms() + 90_000 - time.time() * 1000) < 1000


def test_no_clock_runs_backwards() -> None:
    with pytest.raises(ValueError, match="cannot run at speed -1"):
        Clock(speed=-1)
