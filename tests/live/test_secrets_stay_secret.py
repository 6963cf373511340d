"""Keys and secrets appear in no log, no error, no picture of an object and no list of processes."""

from __future__ import annotations

import asyncio
import gc
import io
import logging
import os
import subprocess
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, is_dataclass
from pathlib import Path
from typing import Any

import pytest

from real_trade.config import Secret, load
from real_trade.errors import GatewayError, RealTradeError
from real_trade.gateways import make_gateway
from real_trade.gateways.binance import BinanceGateway, BinanceSpot, BinanceUsdm
from real_trade.gateways.testing import Listener
from real_trade.model import LinkUp
from real_trade.sim import AccountConfig, Key, Venue
from tests.live.stages import STARTED, VenueStage

API_KEY, API_SECRET = "KeyThatMustNotBeSeen0123456789", "SecretThatMustNotBeSeen9876543210"
WORDS = ("MustNotBeSeen", "signature=", "listenKey=")


@contextmanager
def everything_logged() -> Iterator[io.StringIO]:
    """All that any logger of this process writes, at the lowest level."""
    text = io.StringIO()
    handler = logging.StreamHandler(text)
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    try:
        yield text
    finally:
        root.removeHandler(handler)
        root.setLevel(level)


def told_by(error: BaseException | None) -> str:
    """Everything that can be printed of an error, with what is behind it."""
    text = ""
    while error is not None:
        text += "".join(traceback.format_exception(error)) + repr(error) + str(vars(error))
        error = error.__cause__
    return text


async def through_good_and_bad(kind: type[BinanceGateway], venue: Venue, told: list[str]) -> None:
    gateway = kind(API_KEY, API_SECRET, transport=venue.client_settings, timeout=1.0, stale_after=1.0)
    await gateway.connect()
    stage = VenueStage(gateway, venue)
    told += [repr(gateway), str(vars(gateway)), repr(gateway.client), str(vars(gateway.client))]
    async with Listener(gateway.events()) as events:
        for fault in (
            {"what": "drop", "side": "after"},
            {"what": "freeze", "side": "after"},
            {"what": "status", "status": 503, "side": "before"},
            {"what": "error", "code": -1022, "side": "before"},
            {"what": "error", "code": -1021, "side": "before"},
            {"what": "rate_limit", "side": "before"},
            {"what": "maintenance", "side": "before"},
        ):
            for when in ("place", "query", "cancel"):
                venue.faults.add({"when": when, **fault})
            intent = stage.resting()
            for asked in (
                gateway.place(intent),
                gateway.order(stage.symbol, client_id=intent.client_id),
                gateway.cancel(stage.symbol, client_id=intent.client_id),
            ):
                try:
                    told.append(repr(await asked))
                except GatewayError as error:
                    told.append(told_by(error))
            venue.faults.clear()
        venue.faults.do({"what": "kick"})
        await events.wait(LinkUp, again=True)
        told += [repr(event) for event in events.heard]
    await gateway.close()


@pytest.mark.parametrize("kind", [BinanceSpot, BinanceUsdm])
def test_nothing_that_a_gateway_says_has_a_secret_in_it(
    kind: type[BinanceGateway], capfd: pytest.CaptureFixture[str]
) -> None:
    account = AccountConfig(keys=(Key(API_KEY, API_SECRET),), money=STARTED)
    told: list[str] = []

    async def run() -> None:
        async with Venue(accounts=(account,), limit_scale=0) as venue:
            await through_good_and_bad(kind, venue, told)
            # what the venue keeps of its wire is not ours; it is closed before the logs are read
        gc.collect()

    with everything_logged() as log:
        asyncio.run(run(), debug=True)
    printed = capfd.readouterr()
    assert len(told) > 20
    assert len(log.getvalue()) > 1000
    for text in (*told, printed.out, printed.err):
        assert not [word for word in WORDS if word in text], text
    ours = [line for line in log.getvalue().splitlines() if "sim" not in line]
    assert not [line for line in ours for word in WORDS if word in line]


def test_a_refused_key_is_not_repeated_in_the_error() -> None:
    async def run() -> str:
        async with Venue() as venue:
            gateway = BinanceSpot(API_KEY, API_SECRET, transport=venue.client_settings)
            try:
                await gateway.connect()
            except RealTradeError as error:
                return told_by(error)
        return ""

    text = asyncio.run(run())
    assert "AuthFailed" in text
    assert not [word for word in WORDS if word in text]


def test_settings_do_not_show_secrets() -> None:
    environ = {
        "REAL_TRADE__ACCOUNTS__MAIN__VENUE": "binance",
        "REAL_TRADE__ACCOUNTS__MAIN__KEY": API_KEY,
        "REAL_TRADE__ACCOUNTS__MAIN__SECRET": API_SECRET,
        "REAL_TRADE__STORAGE__URL": "postgresql://me:MustNotBeSeen@localhost/x",
    }
    settings = load({}, environ=environ)
    account = settings.accounts["main"]
    gateway = make_gateway("main", account)
    pictures: list[Any] = [
        settings, account, gateway, settings.model_dump(), settings.model_dump_json(), account.key,
        [account.key], {"key": account.key}, f"{account.key} {account.key!r:>20} {account.key:s}",
    ]  # fmt: skip
    assert not [one for one in pictures if "MustNotBeSeen" in f"{one} {one!r}"]
    assert account.secret.reveal() == API_SECRET
    assert not is_dataclass(account.key)
    with pytest.raises(TypeError):
        asdict(account.key)  # type: ignore[call-overload]


RUNNER = """
import asyncio, sys, time
from real_trade.config import load
from real_trade.gateways import make_gateway
settings = load({"accounts": {"main": {"venue": "binance"}}})
gateway = make_gateway("main", settings.accounts["main"])
print("ready", flush=True)
sys.stdin.read()
"""


@pytest.mark.skipif(not Path("/proc/self/cmdline").exists(), reason="no list of processes to look at")
def test_the_list_of_processes_shows_no_secret() -> None:
    environ = os.environ | {
        "REAL_TRADE__ACCOUNTS__MAIN__KEY": API_KEY,
        "REAL_TRADE__ACCOUNTS__MAIN__SECRET": API_SECRET,
    }
    with subprocess.Popen(
        [sys.executable, "-c", RUNNER], env=environ, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdin is not None
        assert process.stdout.readline() == "ready\n"
        lines = [path.read_bytes() for path in _command_lines()]
        process.stdin.close()
        process.wait(10)
    assert len(lines) > 1
    assert not [line for line in lines if b"MustNotBeSeen" in line]


def _command_lines() -> list[Path]:
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            path.read_bytes()
        except OSError:
            continue  # it ended meanwhile
        found.append(path)
    return found


def test_a_secret_is_equal_to_itself_only() -> None:
    assert Secret("a") == Secret("a") == Secret(Secret("a"))
    assert Secret("a") != Secret("b")
    assert Secret("a") != "a"
    assert len({Secret("a"), Secret("a"), Secret("b")}) == 2
