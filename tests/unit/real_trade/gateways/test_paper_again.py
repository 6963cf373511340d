"""A paper account over a restart: the journal stays, the paper venue begins anew."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

from real_trade.gateways.paper import PaperGateway
from real_trade.oms import OrderManager
from real_trade.storage import Journal
from tests.live.desk import QUICK, limit, market, quiet
from tests.live.fake import SPOT

D = Decimal


async def session(url: Path) -> tuple[str, list[str], Decimal, str]:
    gateway = PaperGateway([SPOT], {"USDT": D(1000)})
    gateway.request_life = 0.1
    gateway.tick(SPOT.symbol, D(100))
    policy = replace(QUICK, reconcile_every=60.0)
    manager = OrderManager(gateway, Journal.open(url, gateway.venue, gateway.account), policy=policy)
    await manager.start()
    try:
        resting = await manager.place(limit(1))
        order = await manager.place(market(2))
        await asyncio.sleep(0.05)
        await manager.cancel(resting.key)
        await quiet(manager)
        done = manager.order(order.key)
        assert done is not None
        fills = [row["key"] for row in manager.journal.read.fills()]
        return order.key, fills, done.executed, manager.halted
    finally:
        await manager.stop()


def test_fills_of_a_new_paper_account_are_not_taken_for_those_of_the_last(tmp_path: Path) -> None:
    url = tmp_path / "paper.db"
    for number in range(1, 3):
        key, fills, executed, halted = asyncio.run(session(url))
        assert not halted and executed == 2
        assert len(fills) == number and fills[-1] == key
