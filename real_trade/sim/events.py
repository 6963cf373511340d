"""What the engine tells, at the moment it happens; a listener must not call the engine back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum, auto

from .accounts import Account
from .orders import Execution, Order, Trade

__all__ = ["BookMoved", "Event", "Listener", "MarginCalled", "MoneyMoved", "OrderMoved", "Traded", "What"]


class What(StrEnum):
    """What happened to an order."""

    NEW = auto()
    TRADE = auto()
    CANCELLED = auto()
    EXPIRED = auto()
    AMENDED = auto()
    TRIGGERED = auto()
    REJECTED = auto()
    """It waited for its price, and was refused when the price came."""
    FINISHED = auto()
    """It waited apart, and the order that it made is over."""
    PREVENTED = auto()
    """It met another order of the same account."""


@dataclass(frozen=True, slots=True)
class OrderMoved:
    """Something happened to an order; ``request_id`` is the client's name for a cancel request."""

    order: Order
    what: What
    execution: Execution | None = None
    request_id: str = ""


@dataclass(frozen=True, slots=True)
class MoneyMoved:
    """Balances and positions changed, for a reason (``order``, ``deposit``, ``funding``, ``transfer``)."""

    account: Account
    wallet: str
    assets: tuple[str, ...]
    positions: tuple[tuple[str, str], ...] = ()
    why: str = "order"
    amount: Decimal = Decimal(0)
    order: Order | None = None


@dataclass(frozen=True, slots=True)
class MarginCalled:
    """An account is close to liquidation."""

    account: Account
    wallet: str


@dataclass(frozen=True, slots=True)
class Traded:
    """A trade, as everybody sees it."""

    trade: Trade


@dataclass(frozen=True, slots=True)
class BookMoved:
    """The book of a symbol changed."""

    symbol: str


Event = OrderMoved | MoneyMoved | MarginCalled | Traded | BookMoved
Listener = Callable[[Event], None]
