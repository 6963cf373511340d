"""A venue in a process of its own, and its control API."""

from __future__ import annotations

import asyncio
import json
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from real_trade.sim import KEY, SECRET, Link
from real_trade.sim.remote import RemoteError, RemoteVenue
from tests.live.sim.stage import PERP, SPOT, run

STILL = ("--speed", "0", "--data", f"{SPOT}=flat", "--data", f"{PERP}=flat", "--no-limits")


@pytest.fixture(scope="module")
def venue() -> Iterator[RemoteVenue]:
    with RemoteVenue(*STILL) as running:
        yield running


@pytest.fixture(autouse=True)
def clean(venue: RemoteVenue) -> Iterator[None]:
    yield
    venue.clear_faults()
    for order in venue.orders(only_open=True):
        venue.cancel(order["client_id"])


def trade(link: Link, *actions: tuple[Any, ...]) -> list[Any]:
    """Let a ccxt client of this process do something at the venue of another one."""
    answers: list[Any] = []

    async def scenario() -> None:
        import ccxt.pro

        options = {"fetchCurrencies": False, "fetchMargins": False, "fetchMarkets": {"types": ["spot"]}}
        exchange = link.attach(
            ccxt.pro.binance({"apiKey": KEY, "secret": SECRET, "enableRateLimit": False, "options": options})
        )
        try:
            await exchange.load_markets()
            for name, *words in actions:
                try:
                    answers.append(await getattr(exchange, name)(*words))
                except Exception as error:
                    answers.append(error)
        finally:
            await exchange.close()

    run(scenario)
    return answers


def test_a_client_of_another_process_trades_and_the_venue_is_looked_at(
    venue: RemoteVenue, tmp_path: Path
) -> None:
    venue.link.save(tmp_path / "venue.json")
    link = Link.read(tmp_path / "venue.json")
    placed, _ = trade(
        link,
        ("create_order", SPOT, "limit", "buy", 0.01, 59000, {"clientOrderId": "mine"}),
        ("create_order", SPOT, "market", "buy", 0.01, None, {"clientOrderId": "now"}),
    )
    assert placed["status"] == "open"
    by_name = {order["client_id"]: order for order in venue.orders()}
    assert (by_name["mine"]["status"], by_name["mine"]["price"]) == ("open", "59000")
    assert (by_name["now"]["status"], by_name["now"]["filled"]) == ("filled", "0.01")
    assert [order["client_id"] for order in venue.orders(only_open=True)] == ["mine"]
    assert venue.fills(symbol=SPOT)[-1]["client_id"] == "now"
    assert venue.account()["balances"]["spot"]["USDT"]["locked"] == "590.00"
    assert set(link.asked) == {"api.binance.com"}


def test_meddling_from_here(venue: RemoteVenue) -> None:
    order = venue.place(SPOT, "buy", "0.02", "59000", client_id="hand")
    assert order["origin"] == "manual"
    assert venue.fill("hand", "0.005")["filled"] == "0.005"
    venue.move(SPOT, "58980")
    assert {row["client_id"]: row["status"] for row in venue.orders()}["hand"] == "filled"
    venue.move(SPOT, "60000")
    venue.place(SPOT, "buy", "0.02", "59000", client_id="other")
    assert venue.cancel("other")["status"] == "cancelled"
    before = venue.state()["now_ms"]
    venue.advance(90)
    assert venue.state()["now_ms"] == before + 90_000
    book = venue.call("GET", "book", symbol=SPOT, limit=3)
    assert len(book["bids"]) == len(book["asks"]) == 3


def test_faults_from_here(venue: RemoteVenue) -> None:
    venue.add_faults({"when": "place", "what": "drop", "side": "after", "client_id": "lost"})
    (answer,) = trade(
        venue.link, ("create_order", SPOT, "limit", "buy", 0.01, 59000, {"clientOrderId": "lost"})
    )
    assert isinstance(answer, Exception)
    assert {row["client_id"]: row["status"] for row in venue.orders()}["lost"] == "open"
    assert venue.call("GET", "faults")["rules"][0]["fired"] == 1


def test_a_restart_keeps_everything(venue: RemoteVenue) -> None:
    venue.place(SPOT, "buy", "0.02", "59000", client_id="kept")
    venue.restart(0.1)
    (orders,) = trade(venue.link, ("fetch_open_orders", SPOT))
    assert [order["clientOrderId"] for order in orders] == ["kept"]


def test_the_wire_is_recorded_without_keys_and_signatures(venue: RemoteVenue) -> None:
    after = venue.log(10**9)["next"]
    trade(venue.link, ("fetch_balance",))
    log = venue.log(after)
    assert [row["name"] for row in log["records"]][-1] == "GET /api/v3/account"
    text = json.dumps(log)
    assert KEY not in text and SECRET not in text and "signature=*" in text
    assert venue.log(log["next"])["records"] == []


@pytest.mark.parametrize(
    ("path", "body", "complaint"),
    [
        ("faults", {"what": "explode"}, "there is no fault 'explode'"),
        ("do", {"what": "drop"}, "not by itself"),
        ("move", {"symbol": "NO/PE", "price": "1"}, "unknown_symbol: NO/PE"),
        ("move", {"symbol": SPOT}, "'price' is missing"),
        ("order", {"symbol": SPOT, "side": "up", "quantity": "1"}, "'up' is not a valid Side"),
        ("order", {"symbol": SPOT, "side": "buy", "quantity": "1000", "price": "59000"}, "funds: needs"),
        ("order", {"symbol": SPOT, "side": "buy", "quantity": "much"}, "quantity is 'much', no number"),
        ("cancel", {"client_id": "nobody"}, "no such order is open"),
        ("advance", {"seconds": "x"}, "could not convert"),
    ],
)
def test_what_cannot_be_done_is_said(venue: RemoteVenue, path: str, body: Any, complaint: str) -> None:
    with pytest.raises(RemoteError) as caught:
        venue.call("POST", path, body)
    assert complaint in str(caught.value)


def test_pages_of_other_sites_reach_nothing(venue: RemoteVenue) -> None:
    def status(headers: dict[str, str], data: bytes | None = None) -> int:
        request = urllib.request.Request(venue.link.control + "/control/do", data, headers)
        try:
            with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as error:
            with error:
                return error.code

    assert status({"Host": "evil.example.com"}) == 421
    assert status({"Content-Type": "application/x-www-form-urlencoded"}, b'{"what": "kick"}') == 415
    assert status({"Content-Type": "text/plain"}, b'{"what": "kick"}') == 415
    assert status({"Content-Type": "application/json"}, b'{"what": "kick"}') == 200


def test_only_this_machine_is_listened_to(venue: RemoteVenue) -> None:
    ports = {venue.link.port, int(venue.link.control.rsplit(":", 1)[1])}
    addresses = {row[4][0] for row in socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET)} - {
        "127.0.0.1"
    }
    for address in (address for address in addresses if not str(address).startswith("127.")):
        for port in ports:
            with pytest.raises(ConnectionError), socket.create_connection((str(address), port), timeout=2):
                pass


def test_a_venue_that_does_not_open_says_why() -> None:
    with pytest.raises(RemoteError, match="BTC/EUR is not listed"), RemoteVenue("--data", "BTC/EUR=walk"):
        pass


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_ends_quietly(number: int, tmp_path: Path) -> None:
    info = tmp_path / "venue.json"
    words = [sys.executable, "-m", "real_trade", "sim", "--info", str(info), *STILL]
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        assert process.stdout is not None
        said = [process.stdout.readline() for _ in range(6)]
        process.send_signal(number)
        rest = process.stdout.read()
        assert process.wait(10) == 0
    assert "The rehearsal is open on port" in said[0] and "stands still" in said[0]
    assert Link.read(info).control in said[1]
    assert "Traceback" not in rest


def test_asking_from_a_running_loop_is_possible_in_a_thread(venue: RemoteVenue) -> None:
    async def scenario() -> None:
        state = await asyncio.to_thread(venue.state)
        assert state["speed"] == 0

    run(scenario)
