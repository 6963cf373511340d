"""Orders as we mean them, as a venue reports them, and their fills."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Any

__all__ = ["Fill", "OrderIntent", "OrderKind", "OrderReport", "Side", "TimeInForce", "VenueStatus"]


class Side(StrEnum):
    """Buy or sell."""

    BUY = "buy"
    SELL = "sell"

    @property
    def sign(self) -> int:
        """+1 for a purchase, -1 for a sale."""
        return 1 if self is Side.BUY else -1


class OrderKind(StrEnum):
    """How an order gets its price; the stop kinds wait for ``stop_price`` first."""

    MARKET = "market"
    LIMIT = "limit"
    STOP = "stop"
    STOP_LIMIT = "stop_limit"
    TAKE_PROFIT = "take_profit"
    TAKE_PROFIT_LIMIT = "take_profit_limit"
    TRAILING = "trailing"

    @property
    def waits(self) -> bool:
        """Whether it waits for a price before it becomes an order on the book."""
        return self not in (OrderKind.MARKET, OrderKind.LIMIT)

    @property
    def has_limit(self) -> bool:
        """Whether it has a price of its own."""
        return self in (OrderKind.LIMIT, OrderKind.STOP_LIMIT, OrderKind.TAKE_PROFIT_LIMIT)


class TimeInForce(StrEnum):
    """How long an order stands: until cancelled, not at all, all or nothing at once, for the day."""

    GTC = "gtc"
    IOC = "ioc"
    FOK = "fok"
    DAY = "day"


class VenueStatus(StrEnum):
    """What a venue says of an order."""

    OPEN = "open"
    PARTIAL = "partial"
    FILLED = "filled"
    CANCELLED = "cancelled"
    REJECTED = "rejected"
    EXPIRED = "expired"

    @property
    def is_final(self) -> bool:
        """Whether nothing more can happen to the order."""
        return self not in (VenueStatus.OPEN, VenueStatus.PARTIAL)


@dataclass(frozen=True, slots=True)
class OrderIntent:
    """An order as it is meant, before anything was sent.

    ``client_id`` names the intention, not the attempt: the same one is sent again, if at all.
    """

    client_id: str
    symbol: str
    side: Side
    kind: OrderKind
    quantity: Decimal
    price: Decimal | None = None
    stop_price: Decimal | None = None
    time_in_force: TimeInForce = TimeInForce.GTC
    post_only: bool = False
    reduce_only: bool = False
    position_side: str = ""
    """``long`` or ``short`` on an account that keeps both; empty elsewhere."""
    trail: Decimal | None = None
    """Of a trailing order: the distance in percent."""
    strategy: str = ""
    created_ns: int = 0


@dataclass(frozen=True, slots=True)
class OrderReport:
    """An order as the venue tells it.  ``filled`` is the sum so far."""

    symbol: str
    client_id: str
    venue_id: str
    status: VenueStatus
    quantity: Decimal
    filled: Decimal = Decimal(0)
    side: Side = Side.BUY
    kind: OrderKind = OrderKind.LIMIT
    price: Decimal | None = None
    stop_price: Decimal | None = None
    average_price: Decimal | None = None
    time_in_force: TimeInForce = TimeInForce.GTC
    reduce_only: bool = False
    time_ns: int = 0
    """When the venue says that this happened."""
    reason: str = ""
    raw: Any = field(default=None, compare=False, repr=False)

    @property
    def remaining(self) -> Decimal:
        """What is still to be filled."""
        return self.quantity - self.filled


@dataclass(frozen=True, slots=True)
class Fill:
    """One execution; ``(symbol, trade_id)`` is unique at a venue, whatever way it comes and how often."""

    symbol: str
    trade_id: str
    venue_id: str
    client_id: str
    side: Side
    price: Decimal
    quantity: Decimal
    fee: Decimal = Decimal(0)
    fee_asset: str = ""
    maker: bool = False
    time_ns: int = 0

    @property
    def key(self) -> tuple[str, str]:
        """By what the same fill is recognised when it comes again."""
        return self.symbol, self.trade_id
