"""The venue's door: requests and sockets over TLS, with whatever faults strike on the way."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING

from aiohttp import WSMsgType, web

from .faces.base import Call, Face, Reply
from .faults import ON_REQUEST, Fault
from .rooms import Socket

if TYPE_CHECKING:
    from .venue import Venue

__all__ = ["Server"]


class _Cut(Exception):
    """The connection ends without an answer."""


class Server:
    """Serves all faces of a venue on one port of this machine."""

    def __init__(self, venue: Venue) -> None:
        self.venue = venue
        self.faces: dict[str, Face] = {host: face for face in venue.faces for host in face.hosts}
        self.sockets: dict[int, Socket] = {}
        self.outage_until = 0.0
        self.port = 0
        self._count = 0
        self._runner: web.AppRunner | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    # -- up and down -------------------------------------------------------------------------------
    async def start(self, port: int = 0) -> None:
        """Listen."""
        app = web.Application(client_max_size=1 << 22)
        app.router.add_route("*", "/{tail:.*}", self._handle)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.05, handle_signals=False)
        await self._runner.setup()
        context = self.venue.certificates.server_context()
        site = web.TCPSite(self._runner, "127.0.0.1", port, ssl_context=context, reuse_address=True)
        await site.start()
        assert site._server is not None
        self.port = site._server.sockets[0].getsockname()[1]  # type: ignore[attr-defined]

    async def stop(self) -> None:
        """Cut every connection and listen no more."""
        runner, self._runner = self._runner, None
        if runner is None:
            return
        for site in list(runner.sites):
            await site.stop()
        self.kick()
        for task in list(self._tasks):
            task.cancel()
        if runner.server is not None:
            for connection in list(runner.server.connections):
                if connection.transport is not None:
                    connection.transport.abort()
        await runner.cleanup()

    def kick(self) -> None:
        """Cut all sockets."""
        for socket in list(self.sockets.values()):
            socket.abort()

    # -- requests ----------------------------------------------------------------------------------
    async def _handle(self, request: web.Request) -> web.StreamResponse:
        host = request.host.split(":")[0]
        face = self.faces.get(host)
        path, _, query = request.raw_path.partition("?")
        if face is None:
            return web.Response(status=421, text=f"no venue answers to {host}")
        if request.headers.get("Upgrade", "").lower() == "websocket":
            return await self._socket(face, request, path, query)
        body = await request.text()
        call = Call(host, request.method, path, query, body, request.headers, request.remote or "127.0.0.1")
        try:
            reply = await self.perform(face, call, lambda: _gone(request))
        except _Cut:
            if request.transport is not None:
                request.transport.abort()
            return web.Response(status=499)
        return web.Response(
            status=reply.status, text=reply.text, headers=reply.headers, content_type=reply.content_type
        )

    async def perform(self, face: Face, call: Call, gone: Callable[[], bool]) -> Reply:
        """Answer a request, as far as faults let it."""
        venue = self.venue
        began = time.perf_counter()
        face.read(call)
        if venue.config.latency_ms:
            await asyncio.sleep(venue.config.latency_ms / 1000)
        struck = venue.faults.take(call.names, call.facts, ON_REQUEST)
        if self.outage_until > time.monotonic():
            struck.insert(0, Fault("maintenance", side="before"))
        reply: Reply | None = None
        try:
            for fault in (fault for fault in struck if fault.side == "before"):
                reply = reply or await self._strike(face, call, fault, gone)
            if reply is None:
                reply = face.respond(call)
                for fault in (fault for fault in struck if fault.side == "after"):
                    reply = await self._strike(face, call, fault, gone) or reply
        except _Cut:
            venue.log.request(call, None, [fault.what for fault in struck], began)
            raise
        except Exception as error:
            venue.failures.append(error)
            raise
        venue.log.request(call, reply, [fault.what for fault in struck], began)
        return reply

    async def _strike(self, face: Face, call: Call, fault: Fault, gone: Callable[[], bool]) -> Reply | None:
        if fault.what == "drop":
            raise _Cut
        if fault.what == "delay":
            await asyncio.sleep(fault.seconds)
            return None
        if fault.what == "freeze":
            await self._hang(fault, gone)
            return None
        return face.broken(fault, call)

    async def _hang(self, fault: Fault, gone: Callable[[], bool]) -> None:
        until = time.monotonic() + fault.seconds if fault.seconds else float("inf")
        while time.monotonic() < until and not fault.released.is_set():
            if gone() or self._runner is None:
                raise _Cut
            with suppress(TimeoutError):
                await asyncio.wait_for(fault.released.wait(), 0.02)
        if gone():
            raise _Cut

    # -- sockets -----------------------------------------------------------------------------------
    async def _socket(self, face: Face, request: web.Request, path: str, query: str) -> web.StreamResponse:
        kind = face.door(request.host.split(":")[0], path)
        if not kind:
            return web.Response(status=404)
        call = Call(request.host, "GET", path, query, names=("connect", f"connect:{kind}", path))
        struck = self.venue.faults.take(call.names, {}, ON_REQUEST)
        if self.outage_until > time.monotonic():
            struck.insert(0, Fault("maintenance"))
        try:
            for fault in struck:
                broken = await self._strike(face, call, fault, lambda: _gone(request))
                if broken is not None:
                    return web.Response(status=broken.status, text=broken.text, headers=broken.headers)
        except _Cut:
            if request.transport is not None:
                request.transport.abort()
            return web.Response(status=499)
        ws = web.WebSocketResponse(autoping=False, max_msg_size=1 << 20, compress=False)
        await ws.prepare(request)
        self._count += 1
        socket = Socket(self._count, ws, request, self.venue.faults, self.venue.log.message)
        socket.kind, socket.opened_s = kind, self.venue.clock.link_s()
        self.sockets[socket.number] = socket
        self.venue.log.message("open", socket, path)
        pinging = asyncio.get_running_loop().create_task(self._ping(socket))
        try:
            face.open(socket, path, query)
            await self._listen(face, socket, ws)
        finally:
            pinging.cancel()
            self.sockets.pop(socket.number, None)
            face.closed(socket)
            self.venue.log.message("closed", socket, path)
            await socket.end()
        return ws

    async def _listen(self, face: Face, socket: Socket, ws: web.WebSocketResponse) -> None:
        async for message in ws:
            if socket.frozen or socket.closing:
                continue
            if message.type is WSMsgType.PING:
                with suppress(ConnectionError):
                    await ws.pong(message.data)
            elif message.type is WSMsgType.PONG:
                socket.memory["pong"] = time.monotonic()
            elif message.type is WSMsgType.TEXT:
                self.venue.log.message("in", socket, message.data)
                if self._floods(face, socket):
                    socket.close_soon(1008, b"Too many requests")
                    continue
                call = face.hear(socket, message.data)
                if call is not None:
                    task = asyncio.get_running_loop().create_task(self._ask(face, socket, call))
                    self._tasks.add(task)
                    task.add_done_callback(self._tasks.discard)

    def _floods(self, face: Face, socket: Socket) -> bool:
        """Whether a client says more than the venue bears within a second."""
        limit = face.messages_per_second * self.venue.config.limit_scale
        if not limit or socket.kind == "api":
            return False
        now = time.monotonic()
        recent = [at for at in socket.memory.get("heard", []) if at > now - 1] + [now]
        socket.memory["heard"] = recent
        return len(recent) > max(limit, 1)

    async def _ask(self, face: Face, socket: Socket, call: Call) -> None:
        try:
            reply = await self.perform(face, call, lambda: socket.ws.closed)
        except _Cut:
            socket.abort()
            return
        socket.answer(face.frame(call, reply))

    async def _ping(self, socket: Socket) -> None:
        """Ping as the venue does, and cut whoever does not answer."""
        every, patience = self.venue.config.ping_seconds, self.venue.config.pong_seconds
        socket.memory["pong"] = time.monotonic()
        while True:
            await asyncio.sleep(every)
            if time.monotonic() - socket.memory["pong"] > patience + every:
                socket.abort()
                return
            if not socket.frozen:
                with suppress(ConnectionError, RuntimeError):
                    await socket.ws.ping(str(self.venue.clock.api_ms()).encode())

    def age(self) -> None:
        """Close sockets that have been open for a day, as venues do."""
        limit = self.venue.config.socket_hours * 3600
        for socket in list(self.sockets.values()):
            if self.venue.clock.link_s() - socket.opened_s >= limit:
                socket.close_soon(1008, b"disconnected after 24 hours")

    async def settle(self) -> None:
        """Wait until all that was pushed is on its way."""
        for socket in list(self.sockets.values()):
            await socket.settle()


def _gone(request: web.Request) -> bool:
    transport = request.transport
    return transport is None or transport.is_closing()
