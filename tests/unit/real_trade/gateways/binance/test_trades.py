"""Paging: every trade once, whatever the windows and pages."""

from __future__ import annotations

import asyncio
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from real_trade.gateways.binance import trades
from real_trade.gateways.binance.trades import Row, all_trades


class FakeTrades:
    """Answers as the venue does, with smaller pages and windows."""

    def __init__(self, times: list[int], page: int, window: int) -> None:
        self.rows: list[Row] = [
            {"id": number * 3 + 1, "time": when} for number, when in enumerate(sorted(times))
        ]
        self.page, self.window, self.asked = page, window, 0

    async def __call__(self, asked: dict[str, Any]) -> list[Row]:
        self.asked += 1
        assert not ("fromId" in asked and "startTime" in asked)
        if "fromId" in asked:
            rows = [row for row in self.rows if row["id"] >= asked["fromId"]]
        else:
            assert asked["endTime"] - asked["startTime"] < self.window
            rows = [row for row in self.rows if asked["startTime"] <= row["time"] <= asked["endTime"]]
        return rows[: self.page]


@settings(max_examples=300)
@given(
    times=st.lists(st.integers(0, 5000), max_size=60),
    page=st.integers(1, 7),
    window=st.integers(1, 2000),
    since=st.integers(0, 5000),
)
def test_every_trade_from_then_on_once(times: list[int], page: int, window: int, since: int) -> None:
    fake = FakeTrades(times, page, window)
    before = trades.PAGE
    trades.PAGE = page  # type: ignore[misc]
    try:
        found = asyncio.run(all_trades(fake, since, 5000, window))
    finally:
        trades.PAGE = before  # type: ignore[misc]
    assert found == [row for row in fake.rows if row["time"] >= since]


def test_long_ago_does_not_ask_window_by_window() -> None:
    fake = FakeTrades([1_000_000_000], 1000, 100)
    assert len(asyncio.run(all_trades(fake, 5, 1_000_000_100, 100))) == 1
    assert fake.asked < 5


def test_nothing_since_then_is_nothing() -> None:
    fake = FakeTrades([10, 20], 1000, 100)
    assert asyncio.run(all_trades(fake, 500, 900, 100)) == []
