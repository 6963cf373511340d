"""Orders and executions as the venue keeps them."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Any

from ..model import OrderKind, Side, TimeInForce, VenueStatus

__all__ = ["Execution", "Order", "SelfTrade", "Ticket", "Trade"]

ZERO = Decimal(0)


class SelfTrade(StrEnum):
    """What becomes of an account's order that meets another of its own."""

    NONE = "none"
    EXPIRE_TAKER = "expire_taker"
    EXPIRE_MAKER = "expire_maker"
    EXPIRE_BOTH = "expire_both"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    """What a client asks for.

    ``waits_apart``: while it waits for its price it is an order of its own kind, with ids of its own, and
    makes a second order when the price comes (Binance calls that an algo order); otherwise the order that
    waited becomes the order on the book.
    """

    symbol: str
    side: Side
    kind: OrderKind
    quantity: Decimal = ZERO
    quote_quantity: Decimal = ZERO
    """Of a market order: how much money, in place of ``quantity``."""
    price: Decimal | None = None
    stop_price: Decimal | None = None
    trail: Decimal | None = None
    """Of a trailing order: the distance in percent."""
    activation: Decimal | None = None
    """Of a trailing order: the price from which it trails."""
    by_mark: bool = False
    """Whether it waits for the mark price rather than for the price of the last trade."""
    client_id: str = ""
    time_in_force: TimeInForce = TimeInForce.GTC
    post_only: bool = False
    reduce_only: bool = False
    close_position: bool = False
    position_side: str = ""
    self_trade: SelfTrade = SelfTrade.EXPIRE_MAKER
    waits_apart: bool = False
    expires_ms: int = 0
    origin: str = "client"
    """``client``, ``manual`` (somebody traded by hand) or ``liquidation``."""
    extra: dict[str, Any] = field(default_factory=dict)
    """What only the face wants to remember."""

    @property
    def reduces(self) -> bool:
        """Whether it may only make a position smaller."""
        closing = {"long": Side.SELL, "short": Side.BUY}.get(self.position_side)
        return self.reduce_only or self.close_position or self.side is closing


@dataclass(slots=True, kw_only=True)
class Order:
    """An order at the venue, as it stands now; ``number`` is unique within the symbol."""

    account: str
    ticket: Ticket
    number: int
    client_id: str
    quantity: Decimal
    price: Decimal | None
    created_ms: int
    status: VenueStatus = VenueStatus.OPEN
    filled: Decimal = ZERO
    money: Decimal = ZERO
    """Sum of price times quantity so far."""
    updated_ms: int = 0
    working: bool = False
    """Whether it is (or was) on the book, rather than waiting for its price."""
    working_ms: int = 0
    stop_price: Decimal | None = None
    """What it waits for; moves with a trailing order."""
    extreme: Decimal | None = None
    """Of a trailing order that trails: the best price since."""
    locked: Decimal = ZERO
    """Money set aside for it."""
    reason: str = ""
    triggered_ms: int = 0
    parent: Order | None = None
    child: Order | None = None
    amended: int = 0

    @property
    def symbol(self) -> str:
        """What it is for."""
        return self.ticket.symbol

    @property
    def side(self) -> Side:
        """Buy or sell."""
        return self.ticket.side

    @property
    def kind(self) -> OrderKind:
        """How it was entered."""
        return self.ticket.kind

    @property
    def remaining(self) -> Decimal:
        """What is still to be filled."""
        return self.quantity - self.filled

    @property
    def is_open(self) -> bool:
        """Whether it can still be filled or cancelled."""
        return not self.status.is_final

    @property
    def average_price(self) -> Decimal | None:
        """Of what is filled."""
        return self.money / self.filled if self.filled else None

    def as_dict(self) -> dict[str, Any]:
        """For the control API and for people: plain data, money as text."""
        return {
            "account": self.account, "symbol": self.symbol, "number": self.number,
            "client_id": self.client_id, "side": str(self.side), "kind": str(self.kind),
            "quantity": f"{self.quantity:f}", "filled": f"{self.filled:f}",
            "price": _text(self.price), "stop_price": _text(self.stop_price),
            "average_price": _text(self.average_price), "status": str(self.status),
            "time_in_force": str(self.ticket.time_in_force), "post_only": self.ticket.post_only,
            "reduce_only": self.ticket.reduce_only, "position_side": self.ticket.position_side,
            "apart": self.ticket.waits_apart, "working": self.working, "origin": self.ticket.origin,
            "reason": self.reason, "created_ms": self.created_ms, "updated_ms": self.updated_ms,
            "parent": self.parent.number if self.parent else None,
            "child": self.child.number if self.child else None,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Trade:
    """A trade between two orders, as everybody sees it; ``number`` is unique within the symbol."""

    symbol: str
    number: int
    price: Decimal
    quantity: Decimal
    time_ms: int
    taker_side: Side
    buyer_order: int
    seller_order: int


@dataclass(frozen=True, slots=True)
class Execution:
    """One account's side of a trade."""

    symbol: str
    trade: int
    order: int
    client_id: str
    account: str
    side: Side
    price: Decimal
    quantity: Decimal
    fee: Decimal
    fee_asset: str
    maker: bool
    realised: Decimal
    position_side: str
    time_ms: int

    def as_dict(self) -> dict[str, Any]:
        """For the control API: plain data, money as text."""
        return {
            "account": self.account, "symbol": self.symbol, "trade": self.trade, "order": self.order,
            "client_id": self.client_id, "side": str(self.side), "price": f"{self.price:f}",
            "quantity": f"{self.quantity:f}", "fee": f"{self.fee:f}", "fee_asset": self.fee_asset,
            "maker": self.maker, "realised": f"{self.realised:f}", "position_side": self.position_side,
            "time_ms": self.time_ms,
        }  # fmt: skip


def _text(value: Decimal | None) -> str | None:
    return None if value is None else f"{value:f}"
