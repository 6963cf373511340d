"""The server of studies, asked over real sockets."""

from __future__ import annotations

import asyncio
import json
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from backtrader.opt import Store, optimize
from backtrader.opt.drivers import Drivers, resume_command
from backtrader.opt.guard import Guard
from backtrader.opt.livedata import Desk
from backtrader.opt.webapp import make_app

from .made import Cross, prices

Ask = Callable[..., tuple[int, dict[str, str], str]]


def study(path: Path, name: str = "sma", runs: int = 4) -> Store:
    space = {"fast": [3, 5], "slow": [10, 20, 30, 40]}
    optimize(Cross, prices(120), space, "total_return", study=name, storage=str(path), n_trials=runs)
    return Store.open(str(path))


class _Still(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args: Any) -> None:
        return None


@pytest.fixture
def serving() -> Iterator[Callable[..., Ask]]:
    """Serves a store and gives a function that asks: (status, headers, text)."""
    ends: list[Callable[[], None]] = []

    def start(store: Store, token: str | None = None, command: Any = None) -> Ask:
        from aiohttp import web

        loop = asyncio.new_event_loop()
        runner = web.AppRunner(
            make_app(store, Guard("127.0.0.1", token), Drivers(store, command), every=0.05),
            handler_cancellation=True,
            shutdown_timeout=0.1,
        )
        threading.Thread(target=loop.run_forever, daemon=True).start()

        async def begin() -> int:
            await runner.setup()
            await web.TCPSite(runner, "127.0.0.1", 0).start()
            return int(runner.addresses[0][1])

        port = asyncio.run_coroutine_threadsafe(begin(), loop).result(10)

        def end() -> None:
            asyncio.run_coroutine_threadsafe(runner.cleanup(), loop).result(10)
            loop.call_soon_threadsafe(loop.stop)

        ends.append(end)
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), _Still())

        def ask(
            path: str, method: str = "GET", lines: int = 0, **headers: str
        ) -> tuple[int, dict[str, str], str]:
            given = {name.replace("_", "-"): value for name, value in headers.items()}
            request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", method=method, headers=given)
            try:
                with opener.open(request, timeout=20) as answer:
                    text = b"".join(answer.readline() for _ in range(lines)) if lines else answer.read()
                    return answer.status, dict(answer.headers), text.decode()
            except urllib.error.HTTPError as error:
                return error.code, dict(error.headers), error.read().decode()

        return ask

    yield start
    for end in ends:
        end()


def test_pages_and_what_they_forbid(serving: Callable[..., Ask], tmp_path: Path) -> None:
    ask = serving(study(tmp_path / "s.db"))
    for path in ("/", "/study/sma"):
        status, headers, text = ask(path)
        assert status == 200
        policy = headers["Content-Security-Policy"]
        nonce = policy.partition("script-src 'nonce-")[2].partition("'")[0]
        assert len(nonce) > 10
        assert text.count(f'nonce="{nonce}"') == 2
        assert "frame-ancestors 'none'" in policy
        assert "script-src" in policy and "unsafe-inline" not in policy.partition("style-src")[0]
        assert headers["X-Frame-Options"] == "DENY"
        assert headers["Cache-Control"] == "no-store"
    assert ask("/study/smo")[0] == 404
    assert "nearest" in ask("/study/smo")[2] or "sma" in ask("/study/smo")[2]
    assert ask("/nothing")[0] == 404


def test_strangers(serving: Callable[..., Ask], tmp_path: Path) -> None:
    ask = serving(study(tmp_path / "s.db"))
    assert ask("/", Host="evil.example")[0] == 421
    assert ask("/api/studies", Host="evil.example:80")[0] == 421
    assert ask("/api/study/sma/stop", "POST")[0] == 403
    assert ask("/api/study/sma/stop", "POST", Origin="http://evil.example", X_Backtrader="1")[0] == 403
    assert ask("/api/study/sma/resume", "POST", Sec_Fetch_Site="cross-site", X_Backtrader="1")[0] == 403
    assert ask("/api/study/sma/stop", "GET")[0] == 405


def test_the_token_goes_from_the_address_into_a_cookie(serving: Callable[..., Ask], tmp_path: Path) -> None:
    ask = serving(study(tmp_path / "s.db"), token="secret")
    for path in ("/", "/study/sma", "/api/studies", "/api/study/sma/events", "/?token=guess"):
        assert ask(path)[0] == 401
    assert ask("/api/study/sma/stop", "POST", X_Backtrader="1")[0] == 401
    status, headers, _ = ask("/study/sma?token=secret")
    assert (status, headers["Location"]) == (303, "/study/sma")
    cookie = headers["Set-Cookie"]
    assert "HttpOnly" in cookie and "SameSite=Strict" in cookie
    assert ask("/study/sma", Cookie=cookie.partition(";")[0])[0] == 200


def test_the_list(serving: Callable[..., Ask], tmp_path: Path) -> None:
    store = study(tmp_path / "s.db")
    study(tmp_path / "s.db", "other", 8)
    found = {each["name"]: each for each in json.loads(serving(store)("/api/studies")[2])}
    assert set(found) == {"sma", "other"}
    assert (found["sma"]["done"], found["sma"]["drivers"], found["other"]["state"]) == (4, 0, "finished")
    assert found["sma"]["best"]["score"] == store.best("sma")[0].score


def test_events_tell_how_it_stands_and_what_is_new(serving: Callable[..., Ask], tmp_path: Path) -> None:
    store = study(tmp_path / "s.db")
    lines = serving(store)("/api/study/sma/events?after=1", lines=7)[2].splitlines()
    assert lines[:2] == ["id: 4", "event: rows"]
    rows = json.loads(lines[2].removeprefix("data: "))
    assert len(rows) == 3
    assert all(set(row["params"]) == {"fast", "slow"} for row in rows)
    assert lines[4] == "event: standing"
    standing = json.loads(lines[5].removeprefix("data: "))
    assert (standing["state"], standing["done"], standing["queue"]) == ("finished", 4, [])


def test_a_connection_that_broke_off_goes_on_where_it_was(
    serving: Callable[..., Ask], tmp_path: Path
) -> None:
    ask = serving(study(tmp_path / "s.db"))
    lines = ask("/api/study/sma/events?after=0", lines=3, Last_Event_ID="4")[2].splitlines()
    assert lines[0] == "event: standing"


def test_the_analysis(serving: Callable[..., Ask], tmp_path: Path) -> None:
    store = study(tmp_path / "s.db", runs=8)
    found = json.loads(serving(store)("/api/study/sma/analysis")[2])
    assert found["runs"] == 8
    assert found["analysis"]["best"] == store.best("sma")[0].number


def test_nobody_to_stop_and_nothing_to_go_on_with(serving: Callable[..., Ask], tmp_path: Path) -> None:
    ask = serving(study(tmp_path / "s.db"))
    assert ask("/api/study/sma/stop", "POST", X_Backtrader="1")[0] == 409
    status, _, text = ask("/api/study/sma/resume", "POST", X_Backtrader="1")
    assert (status, json.loads(text)["error"]) == (409, "the study does not say how it was begun")


def test_a_process_that_fails_says_why(serving: Callable[..., Ask], tmp_path: Path) -> None:
    store = study(tmp_path / "s.db")
    drivers = Drivers(store, lambda record, store: [sys.executable, "-c", "raise SystemExit('no such file')"])
    assert drivers.start(store.load("sma")) == ""
    until = time.monotonic() + 20
    while drivers.is_starting("sma") and time.monotonic() < until:
        time.sleep(0.02)
    assert drivers.complaint("sma") == "no such file"
    assert drivers.left() == []


def test_the_command_that_goes_on_with_a_study(tmp_path: Path) -> None:
    store = study(tmp_path / "s.db")
    record = store.load("sma")
    assert resume_command(record, store) is None
    record.settings["command"] = {"strategy": "a.py:B"}
    command = resume_command(record, store)
    assert command is not None
    assert command[1:] == ["-m", "backtrader.opt", "resume", "sma", "--storage", str(tmp_path / "s.db")]


def test_entries_are_read_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = study(tmp_path / "s.db")
    desk = Desk(store)
    asked: list[int] = []
    news = store.news

    def counted(name: str, after: int = 0) -> Any:
        asked.append(after)
        return news(name, after)

    monkeypatch.setattr(store, "news", counted)
    assert desk.document("sma")["runs"]["n"] == 4
    assert desk.document("sma")["runs"]["n"] == 4
    assert asked == [0, 4]
