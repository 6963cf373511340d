"""Sockets of clients, and what is on its way to them."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from .faults import ON_PUSH, Fault, Faults

if TYPE_CHECKING:
    from aiohttp import web

__all__ = ["Socket"]


class Socket:
    """One client's WebSocket.  Messages leave in the order in which they were pushed, unless a fault says
    otherwise; ``memory`` is the face's.
    """

    def __init__(
        self, number: int, ws: web.WebSocketResponse, request: web.Request, faults: Faults,
        note: Callable[[str, Socket, str], None],
    ) -> None:  # fmt: skip
        self.number = number
        self.ws = ws
        self.request = request
        self.faults = faults
        self.note = note
        self.host = request.host.split(":")[0]
        self.path = request.path
        self.memory: dict[str, Any] = {}
        self.frozen = False
        self.closing = False
        self._goodbye = (1001, b"")
        self.kind = ""
        self.opened_s = 0.0
        self._queue: asyncio.Queue[tuple[float, str, str]] = asyncio.Queue()
        self._held: list[str] = []
        self._task = asyncio.get_running_loop().create_task(self._send())

    # -- sending -----------------------------------------------------------------------------------
    def answer(self, payload: Any) -> None:
        """Send what faults of pushes do not touch: an answer."""
        self._put(payload if isinstance(payload, str) else json.dumps(payload, separators=(",", ":")))

    def push(self, payload: Any, names: tuple[str, ...], facts: Mapping[str, str]) -> None:
        """Send a message, as far as faults let it."""
        text = json.dumps(payload, separators=(",", ":"))
        copies, wait, after = 1, 0.0, ""
        for fault in self.faults.take(names, facts, ON_PUSH):
            if fault.what == "skip":
                return
            if fault.what == "reorder":
                self._hold(text, fault)
                return
            if fault.what == "late":
                asyncio.get_running_loop().call_later(fault.seconds, self._put, text)
                return
            if fault.what == "duplicate":
                copies += 1
            elif fault.what == "delay":
                wait += fault.seconds
            elif fault.side == "before":
                self._put("", then=fault.what)
                return
            else:
                after = fault.what
        for copy in range(copies):
            self._put(text, wait, after if copy == copies - 1 else "")

    def _hold(self, text: str, fault: Fault) -> None:
        self._held.append(text)
        asyncio.get_running_loop().call_later(fault.seconds or 1.0, self._release)

    def _release(self) -> None:
        held, self._held = self._held, []
        for text in held:
            self._queue.put_nowait((0.0, text, ""))

    def _put(self, text: str, wait: float = 0.0, then: str = "") -> None:
        self._queue.put_nowait((wait, text, then))
        if text and self._held:
            self._release()

    async def _send(self) -> None:
        while True:
            wait, text, then = await self._queue.get()
            try:
                if wait:
                    await asyncio.sleep(wait)
                if text and not self.frozen and not self.ws.closed:
                    self.note("out", self, text)
                    await self.ws.send_str(text)
                if then == "freeze":
                    self.frozen = True
                elif then == "drop":
                    self.abort()
                elif then == "close":
                    code, message = self._goodbye
                    await self.ws.close(code=code, message=message)
            except (ConnectionError, RuntimeError):
                self.abort()
            finally:
                self._queue.task_done()

    async def settle(self) -> None:
        """Wait until all that was pushed is sent."""
        if not self._task.done():
            await self._queue.join()

    # -- ending ------------------------------------------------------------------------------------
    def abort(self) -> None:
        """Cut the connection without a word."""
        transport = self.request.transport
        if transport is not None:
            transport.abort()

    def close_soon(self, code: int = 1008, message: bytes = b"") -> None:
        """Close it properly, after all that was pushed."""
        if not self.closing:
            self.closing, self._goodbye = True, (code, message)
            self._put("", then="close")

    async def end(self) -> None:
        """No more is sent."""
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)
        while not self._queue.empty():
            self._queue.get_nowait()
            self._queue.task_done()
