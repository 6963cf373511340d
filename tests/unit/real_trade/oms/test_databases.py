"""The same day on both databases: answers lost, the process started anew, everything in step."""

from __future__ import annotations

import asyncio

from tests.live.desk import agreed, limit, market, working
from tests.live.fake import FakeVenue


def test_a_day_is_the_same_on_both_databases(database: str) -> None:
    async def scenario() -> None:
        venue = FakeVenue()
        async with working(database, venue) as (manager, _):
            venue.fault("place", "timeout", acted=True)
            venue.fault("place", "timeout", nth=2)
            names = [(await manager.place(one)).key for one in (limit(3), limit(2), market(1))]
            await manager.place_batch([limit(1), limit(1), limit(1)])
            venue.fill(names[0], 1)
            await agreed(manager, venue)
            await manager.halt("for the night")
        venue.fill(names[0])
        venue.external(2)
        async with working(database, venue) as (manager, _):
            assert manager.halted == "for the night"
            await manager.resume("the owner")
            await manager.cancel_all()
            await agreed(manager, venue)
            assert [manager.order(key).name for key in names] == ["Completed", "Canceled", "Rejected"]  # type: ignore[union-attr]
            assert manager.journal.read.setting("nothing") is None

    asyncio.run(scenario())
