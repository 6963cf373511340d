"""An unmodified ccxt client in front of a venue, and requests that are signed by hand."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import urlencode

import aiohttp

from real_trade.sim import KEY, SECRET, Venue

SPOT, PERP = "BTC/USDT", "BTC/USDT:USDT"


def run(scenario: Callable[[], Coroutine[Any, Any, None]], seconds: float = 30.0) -> None:
    """Run a scenario, which must end in time."""
    asyncio.run(asyncio.wait_for(scenario(), seconds))


@asynccontextmanager
async def client(venue: Venue, name: str = "binance", **settings: Any) -> AsyncIterator[Any]:
    """A ccxt client with its real addresses."""
    import ccxt.pro

    options: dict[str, Any] = {"fetchCurrencies": False, "fetchMargins": False}
    options["fetchOpenOrders"] = {"warnWithoutSymbol": False}
    if name == "binance":
        options["fetchMarkets"] = {"types": ["spot"]}
    words = {"apiKey": KEY, "secret": SECRET, "enableRateLimit": False, "options": options} | settings
    exchange = venue.attach(getattr(ccxt.pro, name)(words))
    try:
        yield exchange
    finally:
        await exchange.close()


@asynccontextmanager
async def desk(name: str = "binance", **options: Any) -> AsyncIterator[tuple[Venue, Any]]:
    """A venue and a client that has loaded its markets."""
    async with Venue(**options) as venue, client(venue, name) as exchange:
        await exchange.load_markets()
        yield venue, exchange
        assert set(venue.hosts_asked) <= set(venue.link.hosts), "nothing else was contacted"


class Raw:
    """Requests as the venue's documentation has them, written without any of the venue's own code."""

    def __init__(self, venue: Venue, session: aiohttp.ClientSession) -> None:
        self.venue, self.session = venue, session

    async def __call__(
        self, method: str, path: str, *, signed: bool = True, key: str = KEY, secret: str = SECRET,
        host: str = "", tamper: str = "", **params: Any,
    ) -> tuple[int, Any, Any]:  # fmt: skip
        """Status, body and headers of the answer."""
        host = host or ("fapi.binance.com" if path.startswith("/fapi") else "api.binance.com")
        if signed:
            params.setdefault("timestamp", int(time.time() * 1000))
        query = urlencode(params)
        if signed:
            query += (
                "&signature=" + hmac.new(secret.encode(), query.encode(), hashlib.sha256).hexdigest() + tamper
            )
        headers = {"X-MBX-APIKEY": key} if key else {}
        from yarl import URL

        address = URL(f"https://{host}{path}?{query}", encoded=True)
        async with self.session.request(method, address, headers=headers) as answer:
            text = await answer.text()
            body = json.loads(text) if answer.content_type == "application/json" else text
            return answer.status, body, answer.headers


@asynccontextmanager
async def raw(**options: Any) -> AsyncIterator[tuple[Venue, Raw]]:
    """A venue and hand-written requests."""
    async with Venue(**options) as venue, aiohttp.ClientSession(connector=venue.connector()) as session:
        yield venue, Raw(venue, session)


class Watcher:
    """Calls a ``watch_*`` for ever, as a client has to, and keeps what comes."""

    def __init__(self, watch: Callable[[], Coroutine[Any, Any, Any]]) -> None:
        self.seen: list[Any] = []
        self.failed: list[Exception] = []
        self._watch = watch
        self._task = asyncio.get_running_loop().create_task(self._run())

    async def _run(self) -> None:
        while True:
            try:
                self.seen.append(await self._watch())
            except Exception as error:
                self.failed.append(error)
                await asyncio.sleep(0.02)

    async def until(self, done: Callable[[], Any], seconds: float = 10.0) -> Any:
        """Wait for something."""
        return await until(done, seconds)

    async def stop(self) -> None:
        """Watch no more."""
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)


async def until(done: Callable[[], Any], seconds: float = 10.0) -> Any:
    """Wait for something; its value."""
    end = time.monotonic() + seconds
    while not (found := done()):
        if time.monotonic() > end:
            raise AssertionError("it did not happen in time")
        await asyncio.sleep(0.01)
    return found
