"""The user stream when the link is bad: silence, forgotten keys, ended streams, restarts."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from real_trade.errors import AuthFailed
from real_trade.gateways.binance import BinanceGateway, BinanceSpot, BinanceUsdm
from real_trade.gateways.binance import stream as stream_module
from real_trade.gateways.testing import Listener, until
from real_trade.model import Fill, LinkDown, LinkUp, OrderReport, VenueStatus
from tests.live.stages import VenueStage, binance

BOTH = pytest.mark.parametrize("kind", [BinanceSpot, BinanceUsdm])
Body = Callable[[VenueStage, Listener], Awaitable[None]]


def perform(kind: type[BinanceGateway], body: Body, **options: Any) -> None:
    async def run() -> None:
        async with binance(kind, **options) as stage, stage.listen() as told:
            await body(stage, told)

    asyncio.run(run())


async def comes_back(stage: VenueStage, told: Listener) -> LinkDown:
    """See the link go down and up, and events come again."""
    down = await told.wait(LinkDown)
    await told.wait(LinkUp, again=True)
    intent = stage.resting()
    await stage.gateway.place(intent)
    await told.wait(OrderReport, client_id=intent.client_id)
    return down


@BOTH
def test_a_link_that_is_silent_is_noticed(kind: type[BinanceGateway]) -> None:
    async def body(stage: VenueStage, told: Listener) -> None:
        stage.venue.faults.add({"when": "event", "what": "freeze"})
        await stage.gateway.place(stage.resting())
        began = time.monotonic()
        down = await comes_back(stage, told)
        assert "silent" in down.reason
        assert time.monotonic() - began < 5

    perform(kind, body, stale_after=1.0)


@BOTH
def test_a_quiet_account_is_not_a_silent_link(kind: type[BinanceGateway]) -> None:
    async def body(stage: VenueStage, told: Listener) -> None:
        await asyncio.sleep(2.5)
        assert told.heard == [LinkUp()]

    perform(kind, body, stale_after=1.0)


def test_a_listen_key_that_expires_is_renewed() -> None:
    async def body(stage: VenueStage, told: Listener) -> None:
        stage.venue.faults.do({"what": "expire_keys"})
        await comes_back(stage, told)

    perform(BinanceUsdm, body)


def test_a_listen_key_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream_module, "KEEP_KEY_S", 0.3)

    async def body(stage: VenueStage, told: Listener) -> None:
        async def kept() -> int:
            return len(stage.venue.log.requests("keep_alive")) >= 2

        await until(kept)
        assert told.heard == [LinkUp()]

    perform(BinanceUsdm, body, stale_after=1.0)


@BOTH
def test_a_stream_that_the_venue_ends_is_begun_again(kind: type[BinanceGateway]) -> None:
    async def body(stage: VenueStage, told: Listener) -> None:
        stage.venue.faults.do({"what": "end_streams"})
        await comes_back(stage, told)

    perform(kind, body)


@BOTH
@pytest.mark.parametrize("what", ["drop", "close"])
def test_a_socket_that_breaks_is_dialled_again(kind: type[BinanceGateway], what: str) -> None:
    async def body(stage: VenueStage, told: Listener) -> None:
        stage.venue.faults.add({"when": "event", "what": what})
        await stage.gateway.place(stage.resting())
        await comes_back(stage, told)

    perform(kind, body)


@BOTH
def test_a_venue_that_restarts(kind: type[BinanceGateway]) -> None:
    async def body(stage: VenueStage, told: Listener) -> None:
        intent = stage.resting()
        await stage.gateway.place(intent)
        stage.venue.faults.do({"what": "restart", "seconds": 0.5})
        await comes_back(stage, told)
        report = await stage.gateway.order(stage.symbol, client_id=intent.client_id)
        assert report.status is VenueStatus.OPEN

    perform(kind, body)


@BOTH
def test_dialling_that_is_refused_goes_on(kind: type[BinanceGateway]) -> None:
    async def body(stage: VenueStage, told: Listener) -> None:
        stage.venue.faults.add({"when": "connect:user", "what": "status", "status": 503, "times": 2})
        stage.venue.faults.add({"when": "connect:api", "what": "status", "status": 503, "times": 2})
        stage.venue.faults.do({"what": "kick"})
        await comes_back(stage, told)
        assert len(told.all(LinkDown)) == 1

    perform(kind, body)


@BOTH
def test_a_dial_that_hangs_is_given_up(kind: type[BinanceGateway]) -> None:
    async def body(stage: VenueStage, told: Listener) -> None:
        assert stage.gateway._stream is not None
        stage.gateway._stream._dial_timeout = 0.5
        # the whole time-out passes before the next attempt
        for where in ("connect:user", "connect:api"):
            stage.venue.faults.add({"when": where, "what": "freeze", "times": 1})
        stage.venue.faults.do({"what": "kick"})
        await comes_back(stage, told)

    perform(kind, body)


@BOTH
def test_a_doubled_event_is_told_twice_and_is_the_same(kind: type[BinanceGateway]) -> None:
    async def body(stage: VenueStage, told: Listener) -> None:
        stage.venue.faults.add({"when": "event:order", "what": "duplicate", "times": 0})
        intent = stage.resting()
        await stage.gateway.place(intent)
        await stage.fill(intent.client_id)
        await told.wait(OrderReport, client_id=intent.client_id, status=VenueStatus.FILLED)
        await asyncio.sleep(0.1)
        fills = told.all(Fill)
        assert len(fills) == 2
        assert fills[0] == fills[1]

    perform(kind, body)


@BOTH
def test_a_message_that_cannot_be_read_breaks_the_link_rather_than_being_lost(
    kind: type[BinanceGateway], caplog: pytest.LogCaptureFixture
) -> None:
    async def body(stage: VenueStage, told: Listener) -> None:
        stream, broken = stage.gateway._stream, []
        assert stream is not None
        read = stream._read

        def stumble(message: Any) -> Any:
            if not broken:
                broken.append(message)
                raise KeyError("unexpected")
            return read(message)

        stream._read = stumble
        await stage.gateway.place(stage.resting())
        down = await comes_back(stage, told)
        assert "could not be read" in down.reason

    perform(kind, body)
    assert "cannot be read" in caplog.text


def test_events_have_one_reader_and_the_last_is_it() -> None:
    async def body(stage: VenueStage, told: Listener) -> None:
        async with stage.listen() as second:
            intent = stage.resting()
            await stage.gateway.place(intent)
            await second.wait(OrderReport, client_id=intent.client_id)
            with pytest.raises(RuntimeError, match="another reader"):
                await told.wait(LinkDown)

    perform(BinanceSpot, body)


@BOTH
def test_a_key_that_is_refused_again_and_again_ends_it(kind: type[BinanceGateway]) -> None:
    async def body(stage: VenueStage, told: Listener) -> None:
        for when in ("listen_key", "userDataStream.subscribe.signature"):
            stage.venue.faults.add({"when": when, "what": "error", "code": -2015, "status": 401, "times": 0})
        stage.venue.faults.do({"what": "kick"})
        with pytest.raises(AuthFailed, match="-2015"):
            await told.wait(LinkUp, again=True)
        assert len(told.all(LinkDown)) == 1

    perform(kind, body)


@BOTH
def test_a_clock_that_went_wrong_is_set_before_dialling_again(kind: type[BinanceGateway]) -> None:
    async def body(stage: VenueStage, told: Listener) -> None:
        stage.venue.clock.skew_ms = 20_000
        stage.venue.faults.do({"what": "kick"})
        await told.wait(LinkUp, again=True)

    perform(kind, body)


def test_a_second_reader_begins_anew() -> None:
    async def body(stage: VenueStage, told: Listener) -> None:
        intent = stage.resting()
        await stage.gateway.place(intent)
        await told.wait(OrderReport, client_id=intent.client_id)
        await told.__aexit__()
        await stage.gateway.cancel(stage.symbol, client_id=intent.client_id)
        async with stage.listen() as again:
            # something may have been missed in between, so it says so
            assert again.heard[0] == LinkUp(again=True)

    perform(BinanceSpot, body)
