"""What is wrong is said in one sentence when a gateway connects, before any order is sent."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from real_trade.errors import ConfigError, RealTradeError, Rejected, Unknown
from real_trade.gateways.binance import BinanceGateway, BinanceSpot, BinanceUsdm
from real_trade.model import OrderIntent, OrderKind, Side
from real_trade.sim import KEY, SECRET, AccountConfig, Key, Venue
from tests.live.stages import D

BOTH = pytest.mark.parametrize("kind", [BinanceSpot, BinanceUsdm])


def connect(kind: type[BinanceGateway], key: str = KEY, secret: str = SECRET, **options: Any) -> str:
    """The sentence with which connecting fails."""
    account = AccountConfig()
    rights = options.pop("rights", {})
    if rights:
        account = replace(account, keys=(replace(account.keys[0], **rights),))
    account = replace(account, hedged=options.pop("hedged_there", False))
    skew, fault = options.pop("skew_ms", 0), options.pop("fault", None)

    async def attempt() -> str:
        async with Venue(accounts=(account,)) as venue:
            venue.clock.skew_ms = skew
            if fault:
                venue.faults.add(fault)
            gateway = kind(key, secret, transport=venue.client_settings, **options)
            with pytest.raises(RealTradeError) as caught:
                await gateway.connect()
            await gateway.close()
            assert not venue.log.requests("place")
            assert not venue.orders()
            sentence = str(caught.value)
            assert "\n" not in sentence
            assert SECRET not in sentence
            return f"{type(caught.value).__name__}: {sentence}"

    return asyncio.run(attempt())


@BOTH
def test_a_wrong_secret(kind: type[BinanceGateway]) -> None:
    told = connect(kind, secret="wrong")
    assert told.startswith("AuthFailed")
    assert "-1022" in told


@BOTH
def test_a_key_that_does_not_exist(kind: type[BinanceGateway]) -> None:
    told = connect(kind, key="nobody")
    assert told.startswith("AuthFailed")
    assert "check that it is a key of the real venue" in told


@BOTH
def test_a_key_that_may_only_read(kind: type[BinanceGateway]) -> None:
    told = connect(kind, rights={"can_trade": False})
    assert told.startswith("AuthFailed")
    assert "trading is enabled for it" in told


@pytest.mark.parametrize("skew_ms", [5000, -5000])
def test_a_clock_that_is_off(skew_ms: int) -> None:
    told = connect(BinanceSpot, skew_ms=skew_ms)
    assert told.startswith("ConfigError")
    assert "5.0 s " + ("behind" if skew_ms > 0 else "ahead of") in told


@pytest.mark.parametrize(("here", "there"), [(True, False), (False, True)])
def test_the_other_position_mode(here: bool, there: bool) -> None:
    told = connect(BinanceUsdm, hedged=here, hedged_there=there)
    assert told.startswith("ConfigError")
    assert f"hedged = {str(here).lower()}" in told


def test_a_venue_under_maintenance() -> None:
    assert connect(BinanceSpot, fault={"what": "maintenance", "times": 0}).startswith("Unknown")


@BOTH
@pytest.mark.parametrize("missing", ["key", "secret"])
def test_without_a_key_nothing_begins(kind: type[BinanceGateway], missing: str) -> None:
    words = {"key": KEY, "secret": SECRET} | {missing: ""}
    with pytest.raises(ConfigError, match=f"has no {missing}"):
        kind(words["key"], words["secret"])


def test_a_venue_that_is_not_there() -> None:
    async def attempt() -> None:
        async with Venue() as venue:
            settings = venue.client_settings
            gateway = BinanceSpot(KEY, SECRET, transport=settings)
            await gateway.connect()
        # the venue is gone: the order cannot have been sent, and that is what is said
        with pytest.raises(Rejected, match="nothing was sent") as caught:
            await gateway.place(OrderIntent("a", "BTC/USDT", Side.BUY, OrderKind.LIMIT, D("0.01"), D(59000)))
        assert caught.value.code == "unreachable"
        # a cancellation may be repeated by what is below, so nothing is certain of it
        with pytest.raises(Unknown):
            await gateway.cancel("BTC/USDT", client_id="a")
        await gateway.close()

    asyncio.run(attempt())


@BOTH
def test_one_slow_answer_says_nothing_about_the_clock(kind: type[BinanceGateway]) -> None:
    async def attempt() -> None:
        async with Venue(accounts=(AccountConfig(),)) as venue:
            # the answer leaves late: taken for the middle of its way, it is half a second off
            venue.faults.add({"when": "time", "what": "delay", "seconds": 1.0, "side": "after"})
            gateway = kind(KEY, SECRET, transport=venue.client_settings, max_clock_offset=0.3)
            await gateway.connect()
            assert abs(await gateway.clock_offset()) < 0.3
            await gateway.close()
            assert len(venue.log.requests("time")) >= 2

    asyncio.run(attempt())


def test_a_clock_that_goes_wrong_later_is_measured_again() -> None:
    async def attempt() -> None:
        async with Venue() as venue:
            gateway = BinanceSpot(KEY, SECRET, transport=venue.client_settings)
            await gateway.connect()
            venue.clock.skew_ms = -30_000
            # what only asks is asked again
            assert await gateway.open_orders() == []
            assert gateway.client.offset == pytest.approx(-30, abs=0.5)
            venue.clock.skew_ms = 30_000
            intent = OrderIntent("a", "BTC/USDT", Side.BUY, OrderKind.LIMIT, D("0.01"), D(59000))
            # an order is not sent again: it is refused, and the next one passes
            with pytest.raises(Rejected, match="time stamp") as caught:
                await gateway.place(intent)
            assert caught.value.code == "-1021"
            assert not venue.orders()
            await asyncio.sleep(0.2)
            await gateway.place(replace(intent, client_id="b"))
            assert [order.client_id for order in venue.orders()] == ["b"]
            await gateway.close()

    asyncio.run(attempt())


@BOTH
def test_testnet_is_one_switch(kind: type[BinanceGateway]) -> None:
    """With it no address of the real venue is left among those that orders and events use."""

    async def hosts(testnet: bool) -> set[str]:
        gateway = kind(KEY, SECRET, testnet=testnet)
        gateway.client.open()
        urls = gateway.client.exchange.urls["api"]
        names = (
            ("public", "private") if kind is BinanceSpot else ("fapiPublic", "fapiPrivate", "fapiPrivateV3")
        )
        found = {urls[name].split("/")[2] for name in names}
        sockets = urls["ws"]["ws-api"]["spot"] if kind is BinanceSpot else urls["ws"]["linear"]
        await gateway.close()
        return found | {sockets.split("/")[2].split(":")[0]}

    real, test = asyncio.run(hosts(False)), asyncio.run(hosts(True))
    assert not real & test
    assert all(word in " ".join(sorted(test)) for word in ["test" if kind is BinanceSpot else "demo"])
    assert kind(KEY, SECRET, testnet=True).venue.endswith("-testnet")


def test_two_keys_of_one_account_are_both_let_in() -> None:
    account = AccountConfig(keys=(Key(KEY, SECRET), Key("second", "other")))

    async def attempt() -> None:
        async with Venue(accounts=(account,)) as venue:
            for key, secret in ((KEY, SECRET), ("second", "other")):
                gateway = BinanceSpot(key, secret, transport=venue.client_settings)
                await gateway.connect()
                await gateway.close()

    asyncio.run(attempt())


@BOTH
def test_a_proxy_is_for_requests_and_streams(kind: type[BinanceGateway]) -> None:
    async def run() -> None:
        proxy = "http://me:password@localhost:3128"
        gateway = kind(KEY, SECRET, proxy=proxy)
        gateway.client.open()
        exchange = gateway.client.exchange
        assert exchange.check_proxy_settings("https://api.binance.com", "GET", {}, "")[1] == proxy
        assert exchange.check_ws_proxy_settings()[1] == proxy
        assert "password" not in f"{vars(gateway)} {vars(gateway.client)}"
        await gateway.close()

    asyncio.run(run())


@BOTH
def test_limits_are_those_of_the_listing_and_fade(
    kind: type[BinanceGateway], monkeypatch: pytest.MonkeyPatch
) -> None:
    async def run() -> None:
        async with Venue() as venue:
            gateway = kind(KEY, SECRET, transport=venue.client_settings)
            await gateway.connect()
            [use] = [one for one in gateway.rate_use() if one.scope == "requests"]
            assert (use.window, use.limit) == (60.0, 6000 if kind is BinanceSpot else 2400)
            now = gateway.client.now_ms()
            # the venue counts by the full minute
            monkeypatch.setattr(gateway.client, "now_ms", lambda: now // 60_000 * 60_000 + 60_000)
            assert gateway.rate_use() == []
            monkeypatch.undo()
            await gateway.close()

    asyncio.run(run())
