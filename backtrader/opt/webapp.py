"""The server behind `backtrader.opt.serve`: pages, what they ask for, and the two orders they may give."""

from __future__ import annotations

import asyncio
import json
import secrets
import sys
from collections.abc import Awaitable, Callable
from contextlib import suppress
from functools import partial
from typing import Any, TypeVar
from urllib.parse import quote

from aiohttp import web

from .drivers import Drivers
from .guard import COOKIE, Guard, shown_host
from .livedata import Desk
from .report import render
from .reportdata import environment
from .store import Store, StoreError

__all__ = ["make_app", "run"]

T = TypeVar("T")
_PING = 15.0  # seconds after which a silent connection says that it is there
_AT_ONCE = 2000  # runs in a message
_HEADERS = {
    "X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY", "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store", "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}  # fmt: skip


class _Site:
    """The handlers; the store is read in threads, one request at a time for each study's list."""

    def __init__(self, store: Store, guard: Guard, drivers: Drivers, looks: dict[str, str], every: float):
        self.store, self.guard, self.drivers = store, guard, drivers
        self.looks, self.every = looks, every
        self.desk = Desk(store)

    # -- who is there ----------------------------------------------------------------------------------
    @web.middleware
    async def check(
        self, request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
    ) -> web.StreamResponse:
        """Turn away whom the guard does not know; take the token out of an address into a cookie."""
        given = request.query.get("token")
        objection = self.guard.objection(
            request.method, request.headers, given or request.cookies.get(COOKIE)
        )
        if objection is not None:
            return self._plain(objection[1], objection[0])
        if given is not None and self.guard.token is not None:
            answer: web.StreamResponse = web.Response(status=303, headers={"Location": request.path})
            answer.set_cookie(COOKIE, given, httponly=True, samesite="Strict", path="/")
            return answer
        try:
            answer = await handler(request)
        except StoreError as error:
            answer = self._plain(str(error), 404)
        except web.HTTPException as error:
            answer = self._plain(error.reason, error.status)
        return answer

    @staticmethod
    def _plain(text: str, status: int) -> web.Response:
        return web.Response(text=text + "\n", status=status, headers=_HEADERS)

    @staticmethod
    def _json(data: Any, status: int = 200) -> web.Response:
        return web.Response(
            text=_dumps(data), status=status, content_type="application/json", headers=_HEADERS
        )

    # -- pages -----------------------------------------------------------------------------------------
    async def index(self, request: web.Request) -> web.Response:
        """The list of studies."""
        studies = await _thread(self.desk.studies)
        found = {"studies": studies, "where": self.store.shown, "environment": environment()}
        return await self._page({"name": "backtrader.opt", **found})

    async def study(self, request: web.Request) -> web.Response:
        """One study, which goes on living in the page."""
        name = request.match_info["name"]
        document = await _thread(self.desk.document, name)
        record = await _thread(self.store.load, name)
        document["live"] |= {"path": f"/api/study/{quote(name, safe='')}"}
        document["live"]["can_resume"] = self.drivers.can_resume(record)
        return await self._page({"format": 1, "environment": environment(), **document})

    async def _page(self, document: dict[str, Any]) -> web.Response:
        nonce = secrets.token_urlsafe(12)
        policy = (
            f"default-src 'none'; script-src 'nonce-{nonce}'; style-src 'nonce-{nonce}' 'unsafe-inline'; "
            "connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'"
        )
        text = await _thread(partial(render, document, policy=policy, **self.looks))
        text = text.replace("<style>", f'<style nonce="{nonce}">', 1)
        head, found, tail = text.rpartition('<script type="module">\n// Numbers')
        text = f'{head}<script type="module" nonce="{nonce}">\n// Numbers{tail}' if found else text
        headers = _HEADERS | {"Content-Security-Policy": f"{policy}; frame-ancestors 'none'"}
        return web.Response(text=text, content_type="text/html", headers=headers)

    async def icon(self, request: web.Request) -> web.Response:
        """Browsers ask for it unasked."""
        return web.Response(status=204)

    # -- what pages ask for ----------------------------------------------------------------------------
    async def studies(self, request: web.Request) -> web.Response:
        """The list, again."""
        return self._json(await _thread(self.desk.studies))

    async def analysis(self, request: web.Request) -> web.Response:
        """The analysis of what there is now."""
        return self._json(await _thread(self.desk.analysis, request.match_info["name"]))

    async def events(self, request: web.Request) -> web.StreamResponse:
        """How a study goes and what is new in it, as server-sent events."""
        name = request.match_info["name"]
        last = request.headers.get("Last-Event-ID") or request.query.get("after", "0")
        after = int(last) if last.isdigit() else 0
        await _thread(self.store.load, name)
        headers = _HEADERS | {"Content-Type": "text/event-stream", "X-Accel-Buffering": "no"}
        answer = web.StreamResponse(headers=headers)
        await answer.prepare(request)
        said, quiet = "", 0.0
        try:
            while not request.app[_ENDING].is_set():
                standing, rows, after = await _thread(self.desk.news, name, after)
                standing["complaint"] = self.drivers.complaint(name)
                standing["starting"] = self.drivers.is_starting(name)
                for first in range(0, len(rows), _AT_ONCE):
                    text = _dumps(rows[first : first + _AT_ONCE])
                    whole = first + _AT_ONCE >= len(rows)
                    await answer.write(_event("rows", text, after if whole else None))
                text = _dumps(standing)
                if text != said or rows:
                    said, quiet = text, 0.0
                    await answer.write(_event("standing", text, None))
                elif quiet >= _PING:
                    quiet = 0.0
                    await answer.write(b": still here\n\n")
                quiet += self.every
                await _pause(request.app[_ENDING], self.every)
        except (ConnectionError, StoreError):
            pass  # the page was closed, or the study removed
        return answer

    # -- orders ----------------------------------------------------------------------------------------
    async def stop(self, request: web.Request) -> web.Response:
        """Have the drivers stop after the runs they are at."""
        name = request.match_info["name"]
        record = await _thread(self.store.load, name)
        if not record.drivers:
            return self._json({"error": "nobody is at work on it"}, 409)
        await _thread(self.store.ask_to_stop, name)
        return self._json({"wanted": "stop"})

    async def resume(self, request: web.Request) -> web.Response:
        """Start a process that goes on with a study; one that is about to stop is told to go on."""
        name = request.match_info["name"]
        record = await _thread(self.store.load, name)
        if record.drivers and record.wanted:
            await _thread(self.store.ask_to_stop, name, "")
            return self._json({"started": False})
        why = await _thread(self.drivers.start, record)
        return self._json({"error": why}, 409) if why else self._json({"started": True})


_ENDING: web.AppKey[asyncio.Event] = web.AppKey("ending", asyncio.Event)


def make_app(
    store: Store, guard: Guard, drivers: Drivers, looks: dict[str, str] | None = None, every: float = 1.0
) -> web.Application:
    """The application, without a socket."""
    site = _Site(store, guard, drivers, looks or {}, every)
    app = web.Application(middlewares=[site.check])
    app[_ENDING] = asyncio.Event()
    app.add_routes(
        [
            web.get("/", site.index),
            web.get("/favicon.ico", site.icon),
            web.get("/study/{name}", site.study),
            web.get("/api/studies", site.studies),
            web.get("/api/study/{name}/events", site.events),
            web.get("/api/study/{name}/analysis", site.analysis),
            web.post("/api/study/{name}/stop", site.stop),
            web.post("/api/study/{name}/resume", site.resume),
        ]
    )
    return app


def run(
    store: Store,
    host: str,
    port: int,
    token: str | None,
    ready: Callable[[str], Any],
    *,
    driver: Any = None,
    looks: dict[str, str] | None = None,
    every: float = 1.0,
) -> None:
    """Serve until Ctrl-C."""
    drivers = Drivers(store, driver)
    with suppress(KeyboardInterrupt):
        asyncio.run(_serve(store, host, port, token, ready, drivers, looks, every))
    for name, pid in drivers.left():
        print(f"Study {name} goes on in process {pid}.", file=sys.stderr)


async def _serve(
    store: Store, host: str, port: int, token: str | None, ready: Callable[[str], Any], drivers: Drivers,
    looks: dict[str, str] | None, every: float,
) -> None:  # fmt: skip
    app = make_app(store, Guard(host, token), drivers, looks, every)
    runner = web.AppRunner(app, access_log=None, handler_cancellation=True, shutdown_timeout=2.0)
    await runner.setup()
    site = web.TCPSite(runner, host, port)
    try:
        await site.start()
    except OSError as error:
        await runner.cleanup()
        raise StoreError(f"cannot serve at {host}:{port}: {error.strerror or error}") from None
    bound = runner.addresses[0][1]
    secret = f"?token={quote(token)}" if token is not None else ""
    ready(f"http://{shown_host(host)}:{bound}/{secret}")
    try:
        await asyncio.Event().wait()
    finally:
        app[_ENDING].set()
        await runner.cleanup()


async def _thread(work: Callable[..., T], *args: Any) -> T:
    return await asyncio.to_thread(work, *args)


async def _pause(ending: asyncio.Event, seconds: float) -> None:
    try:
        await asyncio.wait_for(ending.wait(), seconds)
    except TimeoutError:
        return


def _event(kind: str, text: str, number: int | None) -> bytes:
    head = f"id: {number}\n" if number is not None else ""
    return f"{head}event: {kind}\ndata: {text}\n\n".encode()


def _dumps(data: Any) -> str:
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
