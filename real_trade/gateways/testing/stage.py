"""What a behaviour test needs of a venue besides the gateway: a market that moves, and things that break."""

from __future__ import annotations

import asyncio
import functools
import inspect
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from decimal import Decimal
from itertools import count
from typing import Any, ClassVar, Final, TypeVar

from ...model import (
    AccountEvent,
    Instrument,
    LinkUp,
    OrderIntent,
    OrderKind,
    Side,
    VenueStatus,
    client_id,
)
from ..base import Gateway
from ..capability import Capability

__all__ = ["PATIENCE", "Chapter", "Listener", "Stage", "Stages", "ZERO", "case", "until"]

#: Seconds within which a venue on this machine does whatever it does.
PATIENCE: Final = 10.0
ZERO: Final = Decimal(0)

E = TypeVar("E")


class Stage(ABC):
    """A connected gateway and the venue behind it.

    The market in ``symbol`` stands at ``price``, one tick or more on each side of it, and ``depth`` can be
    had at the best price on each side.  ``unit`` is a quantity that is surely traded.  The account can pay
    for a few dozen units and owns (on spot) as many.
    """

    gateway: Gateway
    symbol: str
    other_symbol: str
    price: Decimal
    unit: Decimal
    depth: Decimal

    _numbers: Final = count(1)

    # -- the venue ---------------------------------------------------------------------------------
    @abstractmethod
    async def move(self, price: Decimal) -> None:
        """Let the market trade at another price, through whatever rests between."""

    @abstractmethod
    async def fill(self, client_id: str, quantity: Decimal | None = None) -> None:
        """Let somebody trade with an order that rests, all or so much of it."""

    @abstractmethod
    async def by_hand(self, side: Side, quantity: Decimal, price: Decimal | None = None) -> str:
        """Let the owner place an order on the venue's own pages; the answer is the venue's id."""

    @abstractmethod
    def truth(self, client_id: str) -> tuple[VenueStatus, Decimal] | None:
        """State and filled quantity of an order in the venue's own books; None if it was never there."""

    @abstractmethod
    def placed(self) -> int:
        """How many orders of ours the venue ever took."""

    @abstractmethod
    async def fail(self, action: str, *, acted: bool) -> None:
        """Let the next ``place``, ``cancel`` or ``amend`` get no answer; ``acted``: done all the same."""

    @abstractmethod
    async def throttle(self, action: str, seconds: float) -> None:
        """Let the next such request be turned away: too many, wait so long."""

    @abstractmethod
    async def break_link(self) -> None:
        """Cut the user stream; the gateway dials again."""

    @abstractmethod
    async def many_fills(self, number: int) -> int:
        """Let so many trades of the account happen by hand; the answer is how many there are."""

    async def later(self) -> None:
        """Let a moment pass at the venue."""
        await asyncio.sleep(0.01)

    async def answer(self, status: int, code: str, text: str) -> None:
        """Let the next order be refused in the venue's words (`Capability.ERROR_TABLE`)."""
        raise NotImplementedError

    # -- orders ------------------------------------------------------------------------------------
    @property
    def instrument(self) -> Instrument:
        """The instrument of ``symbol``."""
        return self.gateway.instruments[self.symbol]

    def new_id(self) -> str:
        """A client id that was not used yet."""
        return client_id("suite", type(self).__name__, next(self._numbers))

    def away(self, percent: int) -> Decimal:
        """A price so far from the market."""
        return self.instrument.round_price(self.price * (100 + percent) / 100)

    def order(self, side: Side = Side.BUY, price: Decimal | None = None, **more: Any) -> OrderIntent:
        """An order of one unit; without a price a market order, if no other kind is said."""
        more.setdefault("kind", OrderKind.MARKET if price is None else OrderKind.LIMIT)
        more.setdefault("quantity", self.unit)
        more.setdefault("client_id", self.new_id())
        more.setdefault("symbol", self.symbol)
        return OrderIntent(side=side, price=price, **more)

    def resting(self, **more: Any) -> OrderIntent:
        """A purchase that is not filled before the market moves."""
        return self.order(Side.BUY, self.away(-2), **more)

    async def eventually(self, client_id: str, status: VenueStatus) -> Any:
        """The order's report once it is in that state."""

        async def there() -> Any:
            report = await self.gateway.order(self.symbol, client_id=client_id)
            return report if report.status is status else None

        return await until(there)

    def listen(self) -> Listener:
        """Collect events from now on."""
        return Listener(self.gateway.events())


class Listener:
    """Collects the events of a gateway while a test goes on."""

    def __init__(self, events: AsyncIterator[AccountEvent]) -> None:
        self.heard: list[AccountEvent] = []
        self._events = events
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Listener:
        self._task = asyncio.ensure_future(self._listen())
        await self.wait(LinkUp)
        return self

    async def __aexit__(self, *exc: object) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        close = getattr(self._events, "aclose", None)
        if close is not None:
            await close()

    async def _listen(self) -> None:
        async for event in self._events:
            self.heard.append(event)

    def all(self, kind: type[E], **wanted: Any) -> list[E]:
        """The events of a kind that have these values."""
        return [
            event
            for event in self.heard
            if isinstance(event, kind)
            and all(getattr(event, name) == value for name, value in wanted.items())
        ]

    async def wait(self, kind: type[E], **wanted: Any) -> E:
        """The first such event, waiting for it."""

        async def there() -> Any:
            if self._task is not None and self._task.done():
                self._task.result()
            return next(iter(self.all(kind, **wanted)), None)

        found: E = await until(there, f"{kind.__name__} {wanted} among {self.heard}")
        return found


async def until(ask: Callable[[], Awaitable[Any]], what: str = "") -> Any:
    """Ask again and again until there is an answer."""
    for _ in range(int(PATIENCE / 0.02)):
        found = await ask()
        if found:
            return found
        await asyncio.sleep(0.02)
    raise AssertionError(f"did not happen within {PATIENCE:g} s: {what or ask.__qualname__}")


Stages = Callable[[], AbstractAsyncContextManager[Stage]]


def case(
    *needs: Capability, lacks: Capability | None = None
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Make a test of a coroutine that gets a ``stage``; it exists only where its capabilities do.

    Pytest sees an ordinary method that asks for the fixture ``stages``.
    """

    def decorate(body: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(body)
        def test(self: Any, stages: Stages, **arguments: Any) -> None:
            async def perform() -> None:
                async with stages() as stage:
                    await body(self, stage, **arguments)

            asyncio.run(perform())

        signature = inspect.signature(body)
        swapped = [
            one.replace(name="stages") if one.name == "stage" else one
            for one in signature.parameters.values()
        ]
        del test.__wrapped__
        test.__signature__ = signature.replace(parameters=swapped)  # type: ignore[attr-defined]
        test.__dict__.update(needs=frozenset(needs), lacks=lacks)
        return test

    return decorate


class Chapter:
    """Part of the suite; a subclass says what the gateway under test can do."""

    capabilities: ClassVar[frozenset[Capability]]

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        found = getattr(cls, "capabilities", None)
        if found is None:
            return
        for name in dir(cls):
            test = getattr(cls, name)
            needs: frozenset[Capability] = getattr(test, "needs", frozenset())
            lacks = getattr(test, "lacks", None)
            if needs - found or (lacks is not None and lacks in found):
                # what does not apply is not there, rather than skipped in every run
                setattr(cls, name, None)
