"""The clock of this machine was wrong for a while: what happened then is found all the same."""

from __future__ import annotations

import asyncio
import time
from decimal import Decimal
from pathlib import Path

from real_trade.oms import OrderManager
from real_trade.storage import Journal
from tests.live.desk import QUICK, agreed, limit, working
from tests.live.fake import FakeGateway, FakeVenue

HOUR_NS = 3600 * 10**9


def test_fills_while_away_are_found_after_the_clock_was_ahead(tmp_path: Path) -> None:
    url = tmp_path / "t.db"

    async def scenario() -> None:
        venue = FakeVenue()
        async with working(url, venue, now=lambda: time.time_ns() + HOUR_NS) as (manager, _):
            order = await manager.place(limit(3))
            await manager.reconcile()
        venue.fill(order.key, 2)
        venue.external(5, client_id="web_1")
        venue.fill("web_1", 4)
        manager = OrderManager(FakeGateway(venue), Journal.open(url, "fake", "main"), policy=QUICK)
        result = await manager.start()
        try:
            await agreed(manager, venue)
            assert result.fills >= 1
            after = manager.order(order.key)
            assert after is not None and after.executed == Decimal(2)
            assert not manager.halted
        finally:
            await manager.stop()

    asyncio.run(scenario())
