"""What the venue tells by itself, for as long as we live."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine
from typing import Any

from ..errors import AuthFailed
from ..gateways import Gateway
from ..model import AccountEvent, Balance, Fill, LinkDown, LinkUp, OrderReport, Position
from . import clock
from .adopt import Adopter
from .holdings import Holdings
from .recorder import Recorder

__all__ = ["Ear"]

logger = logging.getLogger(__name__)

_LONGEST = 30.0


class Ear:
    """Listens to the gateway's events; ``on_link`` is called when the link is up again."""

    def __init__(
        self,
        gateway: Gateway,
        recorder: Recorder,
        adopter: Adopter,
        holdings: Holdings,
        spawn: Callable[[Coroutine[Any, Any, None], str], None],
        on_link: Callable[[], None],
    ) -> None:
        self._gateway, self._recorder, self._adopter, self._holdings = gateway, recorder, adopter, holdings
        self._spawn, self._on_link = spawn, on_link
        self._down_since: float | None = clock.elapsed()
        self.connected = asyncio.Event()

    @property
    def silent(self) -> float:
        """For how many seconds nothing could be heard; 0 if all is well."""
        return 0.0 if self._down_since is None else clock.elapsed() - self._down_since

    async def run(self) -> None:
        """Listen for ever; a stream that ends or fails is begun anew."""
        pause = 0.1
        while True:
            try:
                async for event in self._gateway.events():
                    self._hear(event)
                    pause = 0.1
                reason = "the stream ended"
            except AuthFailed as error:
                reason = f"the venue does not let us listen: {error}"
                if not self._recorder.halted:
                    self._recorder.halt(reason)
            except Exception as error:
                logger.exception("the stream of events failed")
                reason = f"the stream failed: {error}"
            self._down(reason)
            await asyncio.sleep(pause)
            pause = min(pause * 2, _LONGEST)

    def _hear(self, event: AccountEvent) -> None:
        if isinstance(event, OrderReport):
            self._adopter.report(event)
        elif isinstance(event, Fill):
            self._fill(event)
        elif isinstance(event, Balance | Position):
            self._holdings.heard(event)
        elif isinstance(event, LinkUp):
            self._down_since = None
            self.connected.set()
            self._recorder.note("link_up", {"again": event.again})
            self._on_link()
        elif isinstance(event, LinkDown):
            self._down(event.reason)

    def _fill(self, fill: Fill) -> None:
        found = self._recorder.find(fill.symbol, client_id=fill.client_id, venue_id=fill.venue_id)
        if found is not None:
            self._adopter.count(found.key, fill)
        else:
            # needs a question, and the stream must not wait for it; a scan finds it if that fails
            self._spawn(self._ask(fill), f"the order of fill {fill.trade_id}")

    async def _ask(self, fill: Fill) -> None:
        if not await self._adopter.fill(fill):
            self._on_link()

    def _down(self, reason: str) -> None:
        if self._down_since is None:
            self._down_since = clock.elapsed()
            logger.warning("the link to %s is down: %s", self._gateway.venue, reason)
            self._recorder.note("link_down", {"reason": reason})
