"""The port: what the order management asks of a venue, and how it is answered.

A gateway speaks the venue's protocol and nothing else: it keeps no orders, decides nothing and
never sends an order twice.  It raises only the errors under `real_trade.errors.GatewayError`, and
says `Unknown` unless it is certain that nothing happened.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from ..errors import GatewayError
from ..model import AccountEvent, Balance, Fill, Instrument, OrderIntent, OrderReport, Position
from .capability import Capability

__all__ = ["Gateway", "RateUse"]


@dataclass(frozen=True, slots=True)
class RateUse:
    """How much of a venue's limit is used, as it says itself; ``scope`` is ``requests`` or ``orders``."""

    scope: str
    window: float
    used: int
    limit: int


class Gateway(ABC):
    """An account at a venue."""

    #: The venue and the account, as the journal names them.
    venue: str = ""
    account: str = ""
    #: What a client id may look like: the most characters, and the characters besides letters and digits.
    client_id_length: int = 32
    client_id_extra: str = ""
    #: Whether an order that is amended keeps its ids.
    amends_in_place: bool = False
    #: Seconds after which a request that is still on its way does nothing: the venue refuses it as too
    #: old (its receive window, and what the clocks may differ).  Only then is "not found" the last word.
    request_life: float = 60.0
    #: The most orders in one batch.
    batch_size: int = 1
    #: What it can do besides market and limit orders.
    capabilities: frozenset[Capability] = frozenset()

    @abstractmethod
    async def connect(self) -> None:
        """Load the instruments and check keys, permissions, clock and position mode; places nothing."""

    @abstractmethod
    async def close(self) -> None:
        """End all links.  Orders stay as they are."""

    @property
    @abstractmethod
    def instruments(self) -> dict[str, Instrument]:
        """What can be traded, by our symbol; there after `connect`."""

    # -- orders ----------------------------------------------------------------------------------
    @abstractmethod
    async def place(self, intent: OrderIntent) -> OrderReport:
        """Send an order.  A report that is final already (filled, expired) is a normal answer."""

    @abstractmethod
    async def cancel(self, symbol: str, *, client_id: str = "", venue_id: str = "") -> OrderReport:
        """Ask for the end of an order; `NotFound` if it is not open: it may have been filled."""

    @abstractmethod
    async def amend(
        self,
        symbol: str,
        *,
        client_id: str = "",
        venue_id: str = "",
        quantity: Decimal | None = None,
        price: Decimal | None = None,
        new_client_id: str = "",
    ) -> OrderReport:
        """Change quantity or price; where the venue makes a new order of it, that gets ``new_client_id``.

        ``quantity`` counts what is filled already.  The report is that of the changed order.  `Rejected`
        says that the change was not made; where it takes a new order, the old one may have been cancelled
        for it, so ask for that.  After `Unknown`, ask for both.
        """

    async def place_batch(self, intents: Sequence[OrderIntent]) -> list[OrderReport | GatewayError]:
        """Send several, one answer each in the same order; one by one where the venue has no batches."""
        answers: list[OrderReport | GatewayError] = []
        for intent in intents:
            try:
                answers.append(await self.place(intent))
            except GatewayError as error:
                answers.append(error)
        return answers

    # -- asking ----------------------------------------------------------------------------------
    @abstractmethod
    async def order(self, symbol: str, *, client_id: str = "", venue_id: str = "") -> OrderReport:
        """One order, open or not; `NotFound` if the venue does not know it."""

    @abstractmethod
    async def open_orders(self, symbol: str | None = None) -> list[OrderReport]:
        """All orders that stand, those that wait for a price included."""

    @abstractmethod
    async def fills(self, symbol: str, since_ns: int = 0) -> list[Fill]:
        """All fills of the account from then on, oldest first, however many pages that takes."""

    @abstractmethod
    async def balances(self) -> dict[str, Balance]:
        """Money by asset; assets without any may be left out."""

    @abstractmethod
    async def positions(self) -> list[Position]:
        """Positions in derivatives that are not zero; empty on a spot account."""

    @abstractmethod
    def events(self) -> AsyncIterator[AccountEvent]:
        """What happens to the account, as it happens, for ever.

        It begins with `LinkUp` and dials again by itself; between a `LinkDown` and the next `LinkUp`
        events may be lost, so the caller asks then.  The same event may come twice or late.  `AuthFailed`
        ends it: the venue has refused the key again and again.
        """

    # -- the rest --------------------------------------------------------------------------------
    @abstractmethod
    async def last_price(self, symbol: str) -> Decimal:
        """The price of the last trade."""

    @abstractmethod
    async def clock_offset(self) -> float:
        """Seconds by which the venue's clock is ahead of ours."""

    def rate_use(self) -> list[RateUse]:
        """How much of its limits is used, by the last answers; empty where the venue does not say."""
        return []
