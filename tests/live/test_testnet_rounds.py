"""The rounds that are made for test networks, on the rehearsal venue: they need no keys to be tested."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys

import pytest

from real_trade.gateways.binance import BinanceGateway, BinanceSpot, BinanceUsdm
from tests.live.stages import binance
from tests.testnet.rounds import ROUNDS, Round, tidy


@pytest.mark.parametrize("perform", ROUNDS, ids=lambda one: one.__name__)
@pytest.mark.parametrize("kind", [BinanceSpot, BinanceUsdm])
def test_round(kind: type[BinanceGateway], perform: Round) -> None:
    async def run() -> None:
        async with binance(kind) as stage:
            await perform(stage.gateway, stage.symbol)
            assert await stage.gateway.open_orders() == []
            await stage.gateway.place(stage.resting())
            foreign = await stage.by_hand(stage.resting().side, stage.unit, stage.away(-2))
            await tidy(stage.gateway, stage.symbol)
            assert [one.venue_id for one in await stage.gateway.open_orders()] == [foreign]

    asyncio.run(run())


@pytest.mark.parametrize("kind", [BinanceSpot, BinanceUsdm])
def test_settings_for_a_test_network_can_be_rehearsed(kind: type[BinanceGateway]) -> None:
    """Its hosts lead to the venue as well, and none of the real ones is asked."""

    async def run() -> None:
        async with binance(kind, testnet=True) as stage:
            assert stage.gateway.venue.endswith("-testnet")
            for perform in ROUNDS:
                await perform(stage.gateway, stage.symbol)
            asked = set(stage.venue.hosts_asked)
            assert asked
            assert not [
                host for host in asked if "test" not in host and "demo" not in host and "future" not in host
            ]

    asyncio.run(run())


def test_nothing_there_runs_unless_it_is_asked_for() -> None:
    environ = {name: value for name, value in os.environ.items() if not name.startswith("REAL_TRADE")}
    command = [sys.executable, "-m", "pytest", "-q", "--collect-only", "tests/testnet"]
    quiet = subprocess.run(command, env=environ, capture_output=True, text=True)
    assert "no tests collected" in quiet.stdout
    asked = subprocess.run(command, env=environ | {"REAL_TRADE_TESTNET": "1"}, capture_output=True, text=True)
    assert "10 tests collected" in asked.stdout
