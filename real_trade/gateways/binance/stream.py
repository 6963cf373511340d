"""The user stream: dialled, watched, dialled again; every message read as the venue wrote it.

ccxt signs, dials and answers pings; its caches are not used, because they keep the last state of an
order only, drop events it does not know and pass amounts through float.  A link that is silent is
noticed here (ccxt's own watch takes six minutes), and every wait has an end.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import random
import re
import time
from collections.abc import AsyncIterator, Callable, Mapping
from typing import Any, Final

from ...errors import AuthFailed, GatewayError
from ...model import AccountEvent, LinkDown, LinkUp
from ..outcomes import Native
from .client import Client
from .errors import SPOT, TABLE
from .events import LOST

__all__ = ["UserStream"]

_log = logging.getLogger(__name__)

#: The venue forgets a listen key after an hour.
KEEP_KEY_S: Final = 20 * 60.0
LONGEST_PAUSE_S: Final = 30.0
#: So often in a row the venue may refuse the key before it is told: one refusal may be a hiccup.
REFUSALS: Final = 3
PROBE, SUBSCRIBE = "probe", "subscribe"


class UserStream:
    """What happens to one account.  ``read`` makes events of a raw message."""

    def __init__(
        self,
        client: Client,
        read: Callable[[Mapping[str, Any]], list[AccountEvent]],
        *,
        stale_after: float = 15.0,
        dial_timeout: float = 10.0,
        pause: float = 0.25,
    ) -> None:
        self._client, self._read = client, read
        self._stale_after, self._dial_timeout, self._pause = stale_after, dial_timeout, pause
        self._queue: asyncio.Queue[AccountEvent | BaseException] = asyncio.Queue()
        self._task: asyncio.Task[None] | None = None
        self._closing: set[asyncio.Future[None]] = set()
        self._ups = 0

    async def events(self) -> AsyncIterator[AccountEvent]:
        """For ever.  There is one reader: a new one takes over, and the one before it is told."""
        await self.close()
        self._queue.put_nowait(RuntimeError("another reader has taken over the events of the account"))
        queue: asyncio.Queue[AccountEvent | BaseException] = asyncio.Queue()
        self._queue = queue
        self._task = task = asyncio.ensure_future(self._run())
        try:
            while True:
                event = await queue.get()
                if isinstance(event, BaseException):
                    raise event
                yield event
        finally:
            if self._task is task:
                await self.close()

    async def close(self) -> None:
        """Stop dialling and hang up."""
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
        if self._closing:
            await asyncio.wait(self._closing)

    async def _run(self) -> None:
        pause, refused = self._pause, 0
        while True:
            link = _Link(self._client, self._take)
            began = time.monotonic()
            try:
                reason = await self._live(link)
            except AuthFailed as error:
                reason, refused = str(error), refused + 1
                if refused >= REFUSALS:
                    self._queue.put_nowait(error)
                    return
            except GatewayError as error:
                reason = str(error)
            except Exception as error:  # a fault in here must not look like a quiet account
                _log.exception("the user stream of binance %s failed", self._client.market)
                reason = f"a fault: {type(error).__name__}"
            finally:
                self._hang_up(link)
            _log.warning("user stream of binance %s is down: %s", self._client.market, reason)
            if link.up:
                refused = 0
                self._queue.put_nowait(LinkDown(reason))
            # a link that lasted was a good one: dial again at once
            pause = self._pause if time.monotonic() - began > 60 else min(pause * 2, LONGEST_PAUSE_S)
            await asyncio.sleep(pause * random.uniform(0.5, 1.0))

    async def _live(self, link: _Link) -> str:
        """From dialling to the end of the link; the answer is why it ended."""
        try:
            async with asyncio.timeout(self._dial_timeout):
                await link.dial()
        except TimeoutError:
            return f"no connection within {self._dial_timeout:g} s"
        self._came_up(link)
        probing = asyncio.ensure_future(link.watch(self._stale_after))
        try:
            await asyncio.wait({probing, link.ended}, return_when=asyncio.FIRST_COMPLETED)
            if link.ended.done():
                return link.why()
            return probing.result()
        finally:
            probing.cancel()

    def _hang_up(self, link: _Link) -> None:
        """Close the connection without waiting for the other side, which may be gone."""
        ws = link.detach()
        if ws is not None:
            closing = asyncio.ensure_future(_close(ws))
            self._closing.add(closing)
            closing.add_done_callback(self._closing.discard)

    def _came_up(self, link: _Link) -> None:
        if not link.up:
            link.up = True
            self._ups += 1
            self._queue.put_nowait(LinkUp(again=self._ups > 1))

    def _take(self, link: _Link, message: Mapping[str, Any]) -> None:
        # an event that overtakes the confirmation proves the link as well
        try:
            events = self._read(message)
        except Exception:
            # the reader must live on, and whoever listens must know that something was missed
            _log.exception(
                "a message of binance %s cannot be read: %s", self._client.market, message.get("e")
            )
            link.fail(f"a message of kind {message.get('e')} could not be read")
            return
        if events:
            self._came_up(link)
            for event in events:
                self._queue.put_nowait(event)


class _Link:
    """One connection, from dialling to its end."""

    def __init__(self, client: Client, take: Callable[[_Link, Mapping[str, Any]], None]) -> None:
        self.up = False
        self.ended: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._answer: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._client, self._take = client, take
        self._exchange = client.exchange
        self._spot = client.market == SPOT
        self._ws: Any = None
        self._url = ""
        self._heard = time.monotonic()
        self._probes = 0

    async def dial(self) -> None:
        """Connect and subscribe; raises a `GatewayError`, or returns with the stream running."""
        if self._spot:
            self._url = self._exchange.urls["api"]["ws"]["ws-api"]["spot"]
        else:
            key = str((await self._client.act("fapiPrivatePostListenKey")).get("listenKey") or "")
            if not key:
                raise GatewayError("no user stream: the venue gave no listen key")
            self._url = self._exchange.get_private_ws_url("linear", key)
        self._attach()
        self._exchange.watch(self._url, "link", None, "link")
        await self._unless_ended(self._ws.connected)
        if self._spot:
            await self._subscribe()

    async def _subscribe(self) -> None:
        """Ask for the account's events on a connection that is open.

        ccxt has this too, but where the venue refuses it, it ends in a `KeyError` without the reason.
        """
        params = self._exchange.sign_params({})
        request = {"id": SUBSCRIBE, "method": "userDataStream.subscribe.signature", "params": params}
        try:
            await self._ws.send(request)
        except (OSError, RuntimeError):
            raise GatewayError("the connection ended before anything was subscribed to") from None
        answer = await self._unless_ended(self._answer)
        if answer.get("status") == 200 and (answer.get("result") or {}).get("subscriptionId") is not None:
            return
        said = answer.get("error") or {}
        native = Native(int(answer.get("status") or 0), str(said.get("code", "")), str(said.get("msg", "")))
        refusal = TABLE.error(self._client.market, native)
        self._client.mind(refusal)
        raise refusal

    async def _unless_ended(self, waiting: asyncio.Future[Any]) -> Any:
        """Wait for something on the connection, or for its end, whatever comes first."""
        await asyncio.wait({waiting, self.ended}, return_when=asyncio.FIRST_COMPLETED)
        if self.ended.done():
            raise GatewayError(self.why())
        # the library cancels its futures when a link closes, which is not our cancellation
        if waiting.cancelled() or waiting.exception() is not None:
            raise GatewayError(_told(waiting))
        return waiting.result()

    def _attach(self) -> None:
        """Take the connection object before it dials, to hear every message and its end."""
        self._exchange.clients.pop(self._url, None)
        self._ws = ws = self._exchange.client(self._url)
        forward = ws.on_message_callback

        def hear(data: str | bytes) -> None:
            self._heard = time.monotonic()
            message = json.loads(data, parse_float=str)
            if isinstance(message, dict) and not self._is_ours(message):
                forward(ws, message)

        ws.handle_text_or_binary_message = hear
        ended = ws.future("link")
        ended.add_done_callback(lambda future: self.fail(_told(future)))

    def _is_ours(self, message: dict[str, Any]) -> bool:
        """Whether the message is for us and not for ccxt: an event, or the answer to a probe."""
        inner = message.get("event")
        event = inner if isinstance(inner, dict) else message
        if str(message.get("id", "")).startswith(PROBE):
            return True
        if message.get("id") == SUBSCRIBE:
            if not self._answer.done():
                self._answer.set_result(message)
            return True
        word = event.get("e")
        if word is None:
            return False
        if word in LOST:
            self.fail(f"the venue ended the stream ({word})")
        elif not self.ended.done():
            self._take(self, event)
        return True

    async def watch(self, stale_after: float) -> str:
        """Return when nothing was heard for that long, although it was asked for."""
        next_key = time.monotonic() + KEEP_KEY_S
        while True:
            await asyncio.sleep(stale_after / 3)
            silent = time.monotonic() - max(self._heard, self._last_pong())
            if silent > stale_after:
                return f"silent for {silent:.0f} s"
            if not await self._probe(stale_after):
                return "a probe could not be sent"
            if not self._spot and time.monotonic() > next_key:
                next_key = time.monotonic() + KEEP_KEY_S
                try:
                    await self._client.act("fapiPrivatePutListenKey")
                except GatewayError as error:
                    return f"the listen key could not be kept: {error}"

    async def _probe(self, stale_after: float) -> bool:
        self._probes += 1
        try:
            async with asyncio.timeout(stale_after):
                if self._spot:
                    # answered by the venue itself, not by a proxy in front of it
                    await self._ws.send({"id": f"{PROBE}{self._probes}", "method": "ping"})
                else:
                    await self._ws.connection.ping()
        except (OSError, RuntimeError, TimeoutError, AttributeError):
            return False
        return True

    def _last_pong(self) -> float:
        """When a frame came last, on the monotonic clock; only futures are judged by it."""
        at = self._ws.last_message_at
        if self._spot or at is None:
            return 0.0
        return time.monotonic() - (time.time() - float(at) / 1000)

    def fail(self, reason: str) -> None:
        """The link is over."""
        if not self.ended.done():
            self.ended.set_result(reason)

    def why(self) -> str:
        """The reason the link is over."""
        return str(self.ended.result())

    def detach(self) -> Any:
        """Hear nothing more; the answer is the connection, to be closed, or None."""
        self.fail("hung up")
        ws, self._ws = self._ws, None
        if ws is not None:
            ws.on_message_callback = lambda *_: None
            if self._exchange.clients.get(self._url) is ws:
                del self._exchange.clients[self._url]
        return ws


async def _close(ws: Any) -> None:
    with contextlib.suppress(Exception):  # closing what is broken may fail in any way
        async with asyncio.timeout(2):
            await ws.close()


def _told(future: asyncio.Future[Any]) -> str:
    """Why a future of ccxt's ended; its texts have no secrets, but addresses may have a listen key."""
    if future.cancelled():
        return "the connection was closed"
    error = future.exception()
    text = str(error) if error is not None else "the connection ended"
    return re.sub(r"(, )?(url=)?'?wss?://\S+", "", text).strip() or "the connection ended"
