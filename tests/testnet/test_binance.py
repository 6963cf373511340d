"""The rounds on Binance's test networks, with the owner's keys."""

from __future__ import annotations

import asyncio

import pytest

from real_trade.config import load
from real_trade.gateways import make_gateway
from tests.testnet.rounds import ROUNDS, Round, tidy

SYMBOLS = {"spot": "BTC/USDT", "usdm": "BTC/USDT:USDT"}


@pytest.mark.parametrize("perform", ROUNDS, ids=lambda one: one.__name__)
@pytest.mark.parametrize("market", list(SYMBOLS))
def test_round(market: str, perform: Round) -> None:
    settings = load({"profile": "testnet", "accounts": {market: {"venue": "binance", "market": market}}})
    account = settings.accounts[market].model_copy(update={"testnet": True, "max_clock_offset_s": 5.0})

    async def run() -> None:
        gateway = make_gateway(market, account)
        assert gateway.venue.endswith("-testnet")
        await gateway.connect()
        try:
            await perform(gateway, SYMBOLS[market])
        finally:
            await tidy(gateway, SYMBOLS[market])
            await gateway.close()

    asyncio.run(run())
