"""The control API and the status page: plain HTTP on this machine, for people and for tests.

=========================  ===================================================================
``GET /``                  the status page
``GET /control/state``     everything at a look
``GET /control/orders``    ``?account=main&symbol=&open=1``
``GET /control/fills``     ``?account=main&symbol=``
``GET /control/account``   ``?account=main``
``GET /control/book``      ``?symbol=BTC/USDT&limit=20``
``GET /control/log``       ``?after=0&limit=1000``: records of the wire
``GET /control/faults``    rules and what they did; ``POST`` adds one or a list, ``DELETE`` clears
``POST /control/do``       a fault of the venue, now
``POST /control/release``  let go what a ``freeze`` holds: ``{"name": ""}``
``POST /control/move``     ``{"symbol", "price", "volume"}``
``POST /control/order``    by hand: ``{"account", "symbol", "side", "quantity", "price"}``
``POST /control/cancel``   by hand: ``{"account", "client_id"}`` or ``{"account", "symbol", "number"}``
``POST /control/fill``     the same, and ``"quantity"``: somebody else fills an order
``POST /control/advance``  ``{"seconds"}`` on a stepped clock
``POST /control/restart``  ``{"down"}``: answers when the venue is up again
``POST /control/stop``     end the process
=========================  ===================================================================

Answers are JSON; what cannot be done is answered with 400 and ``{"error": ...}``.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from decimal import Decimal, InvalidOperation
from importlib.resources import files
from itertools import islice
from typing import TYPE_CHECKING, Any

from aiohttp import web

from ..errors import RealTradeError
from ..model import Side
from .refusals import Refused

if TYPE_CHECKING:
    from .orders import Order
    from .venue import Venue

__all__ = ["Control"]


class Control:
    """Serves the control API of a venue; ``stopped`` is set when somebody asks for the end."""

    def __init__(self, venue: Venue) -> None:
        self.venue = venue
        self.stopped = asyncio.Event()
        self.port = 0
        self._runner: web.AppRunner | None = None
        self._posts: dict[str, Callable[[dict[str, Any]], Any]] = {
            "do": self._do, "release": self._release, "move": self._move, "order": self._order,
            "cancel": self._cancel, "fill": self._fill, "advance": self._advance, "faults": self._add_faults,
            "stop": self._stop, "restart": self._restart,
        }  # fmt: skip

    @property
    def address(self) -> str:
        """Where it is."""
        return f"http://127.0.0.1:{self.port}"

    async def start(self, port: int = 0) -> None:
        """Listen."""
        app = web.Application(middlewares=[self._guard])
        app.router.add_get("/", self._page)
        for name in ("state", "orders", "fills", "account", "book", "log", "faults"):
            app.router.add_get(f"/control/{name}", self._getter(name))
        for name, action in self._posts.items():
            app.router.add_post(f"/control/{name}", self._poster(action))
        app.router.add_delete("/control/faults", self._clear)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.05, handle_signals=False)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", port)
        await site.start()
        self.port = self._runner.addresses[0][1]

    async def stop(self) -> None:
        """Listen no more."""
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    # -- the way in --------------------------------------------------------------------------------
    @web.middleware
    async def _guard(
        self, request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
    ) -> web.StreamResponse:
        # A page of another site must not reach this one under a name of its own, nor post a form to it.
        if request.host not in (f"127.0.0.1:{self.port}", f"localhost:{self.port}"):
            return web.json_response({"error": f"nothing is served as {request.host}"}, status=421)
        if request.method == "POST" and request.content_type != "application/json":
            return web.json_response({"error": "send JSON (Content-Type: application/json)"}, status=415)
        try:
            return await handler(request)
        except (KeyError, ValueError, RuntimeError, ArithmeticError, Refused, RealTradeError) as error:
            text = f"{error.args[0]!r} is missing" if isinstance(error, KeyError) else str(error)
            return web.json_response({"error": text}, status=400)

    def _getter(self, name: str) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
        async def handler(request: web.Request) -> web.StreamResponse:
            return _json(getattr(self, f"get_{name}")(dict(request.query)))

        return handler

    def _poster(
        self, action: Callable[[dict[str, Any]], Any]
    ) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
        async def handler(request: web.Request) -> web.StreamResponse:
            text = await request.text()
            answer = action(json.loads(text) if text else {})
            if asyncio.iscoroutine(answer):
                answer = await answer
            return _json({"ok": True} if answer is None else answer)

        return handler

    async def _page(self, request: web.Request) -> web.Response:
        text = files(__package__).joinpath("status.html").read_text(encoding="utf-8")
        return web.Response(text=text, content_type="text/html")

    async def _clear(self, request: web.Request) -> web.StreamResponse:
        self.venue.faults.clear()
        return _json({"ok": True})

    # -- looking -----------------------------------------------------------------------------------
    def get_orders(self, query: dict[str, str]) -> list[dict[str, Any]]:
        """All orders of an account, or those that are open."""
        ask = self.venue.open_orders if query.get("open") else self.venue.orders
        return [order.as_dict() for order in ask(query.get("account", "main"), query.get("symbol", ""))]

    def get_fills(self, query: dict[str, str]) -> list[dict[str, Any]]:
        """All fills of an account."""
        found = self.venue.fills(query.get("account", "main"), query.get("symbol", ""))
        return [fill.as_dict() for fill in found]

    def get_account(self, query: dict[str, str]) -> dict[str, Any]:
        """Money and positions."""
        return self.venue.account(query.get("account", "main")).as_dict()

    def get_book(self, query: dict[str, str]) -> dict[str, Any]:
        """The book of a symbol."""
        book, limit = self.venue.book(query["symbol"]), int(query.get("limit", 20))
        return {
            word: [[f"{price:f}", f"{quantity:f}"] for price, quantity in book.depth(side, limit)]
            for word, side in (("bids", Side.BUY), ("asks", Side.SELL))
        }

    def get_log(self, query: dict[str, str]) -> dict[str, Any]:
        """Records of the wire that came after the first so many, and how many there are by now."""
        records, after = self.venue.log.records, int(query.get("after", 0))
        skip = min(max(0, after - self.venue.log.forgotten), len(records))
        rows = list(islice(records, skip, skip + int(query.get("limit", 1000))))
        return {"next": self.venue.log.forgotten + skip + len(rows), "records": rows}

    def get_faults(self, query: dict[str, str]) -> dict[str, Any]:
        """Rules, and what they did."""
        faults = self.venue.faults
        return {"rules": [rule.as_dict() for rule in faults.rules], "fired": faults.fired}

    def get_state(self, query: dict[str, str]) -> dict[str, Any]:
        """Everything at a look, for the status page."""
        venue = self.venue
        names = [account.name for account in venue.config.accounts]
        log = venue.log
        recent = [row for row in islice(reversed(log.records), 400) if row["kind"] == "request"][:14]
        return {
            "now_ms": venue.clock.now_ms(), "speed": venue.clock.speed, "seed": venue.config.seed,
            "port": venue.link.port, "hosts": venue.link.hosts,
            "skew_ms": venue.clock.skew_ms, "sockets": len(venue.server.sockets),
            "markets": [self._market(symbol) for symbol in venue.engine.markets],
            "accounts": [venue.account(name).as_dict() for name in names],
            "orders": [order.as_dict() for name in names for order in venue.open_orders(name)],
            "fills": [fill.as_dict() for name in names for fill in self._last_fills(name)],
            "faults": [rule.as_dict() for rule in venue.faults.rules],
            "fired": venue.faults.fired[-8:], "fired_count": len(venue.faults.fired),
            "requests": recent, "records": log.forgotten + len(log.records),
        }  # fmt: skip

    def _last_fills(self, account: str) -> list[Any]:
        found = [
            fill for market in self.venue.engine.markets.values() for fill in market.executions[account][-12:]
        ]
        return sorted(found, key=lambda fill: -fill.time_ms)[:12]

    def _market(self, symbol: str) -> dict[str, Any]:
        venue = self.venue
        market = venue.engine.market(symbol)
        bid, ask = market.book.best(Side.BUY), market.book.best(Side.SELL)
        driver = venue.drivers.get(symbol)
        source = venue.config.data.get(symbol, "flat")
        return {
            "symbol": symbol, "last": f"{market.last:f}", "bid": f"{bid or 0:f}", "ask": f"{ask or 0:f}",
            "source": source, "ended": bool(driver and driver.ended), "trades": market.trade_number,
            "closes": [float(minute.close) for minute in venue.tape(symbol).minutes[-120:]],
        }  # fmt: skip

    # -- meddling ----------------------------------------------------------------------------------
    def _add_faults(self, body: Any) -> list[dict[str, Any]]:
        return [
            fault.as_dict() for fault in self.venue.faults.load(body if isinstance(body, list) else [body])
        ]

    def _do(self, body: dict[str, Any]) -> None:
        self.venue.faults.do(body)

    def _release(self, body: dict[str, Any]) -> None:
        self.venue.faults.release(body.get("name", ""))

    def _move(self, body: dict[str, Any]) -> None:
        self.venue.engine.market(body["symbol"])
        price, volume = _amount(body, "price"), _amount(body, "volume", "0")
        if price <= 0:
            raise ValueError(f"price is {price}, which no market has")
        self.venue.move(body["symbol"], price, volume)

    def _order(self, body: dict[str, Any]) -> dict[str, Any]:
        price = None if body.get("price") in (None, "") else _amount(body, "price")
        order = self.venue.place(
            body.get("account", "main"), body["symbol"], body["side"], _amount(body, "quantity"), price,
            client_id=body.get("client_id", ""),
        )  # fmt: skip
        return order.as_dict()

    def _find(self, body: dict[str, Any]) -> Order:
        account = body.get("account", "main")
        for order in self.venue.open_orders(account, body.get("symbol", "")):
            if body.get("client_id", "") in ("", order.client_id) and body.get("number") in (
                None,
                order.number,
            ):
                return order
        raise ValueError("no such order is open")

    def _cancel(self, body: dict[str, Any]) -> dict[str, Any]:
        order = self._find(body)
        self.venue.cancel(order)
        return order.as_dict()

    def _fill(self, body: dict[str, Any]) -> dict[str, Any]:
        order = self._find(body)
        self.venue.fill(order, None if body.get("quantity") is None else _amount(body, "quantity"))
        return order.as_dict()

    async def _advance(self, body: dict[str, Any]) -> dict[str, Any]:
        self.venue.clock.advance(float(body["seconds"]))
        await self.venue.settle()
        return {"now_ms": self.venue.clock.now_ms()}

    async def _restart(self, body: dict[str, Any]) -> None:
        await self.venue.restart(float(body.get("down", 0)))

    def _stop(self, body: dict[str, Any]) -> None:
        self.stopped.set()


def _amount(body: dict[str, Any], name: str, default: str | None = None) -> Decimal:
    text = str(body[name] if default is None else body.get(name, default))
    try:
        value = Decimal(text)
    except InvalidOperation:
        value = Decimal("nan")
    if not value.is_finite():
        raise ValueError(f"{name} is {text!r}, no number")
    return value


def _json(data: Any) -> web.Response:
    return web.json_response(data, dumps=lambda value: json.dumps(value, default=str))
