"""Binance's words for what the engine knows."""

from __future__ import annotations

from typing import TypeVar

from ....model import OrderKind, Side, TimeInForce, VenueStatus
from ...orders import Order, SelfTrade
from .errors import BinanceError

__all__ = [
    "FUTURES_KINDS", "MODES", "SIDES", "SPOT_KINDS", "TIMES", "pick", "spot_type", "status_word", "usdm_type",
]  # fmt: skip

T = TypeVar("T")

SIDES = {"BUY": Side.BUY, "SELL": Side.SELL}
TIMES = {"GTC": TimeInForce.GTC, "IOC": TimeInForce.IOC, "FOK": TimeInForce.FOK}
MODES = {
    "NONE": SelfTrade.NONE, "EXPIRE_TAKER": SelfTrade.EXPIRE_TAKER,
    "EXPIRE_MAKER": SelfTrade.EXPIRE_MAKER, "EXPIRE_BOTH": SelfTrade.EXPIRE_BOTH,
}  # fmt: skip

SPOT_KINDS = {
    "LIMIT": OrderKind.LIMIT, "LIMIT_MAKER": OrderKind.LIMIT, "MARKET": OrderKind.MARKET,
    "STOP_LOSS": OrderKind.STOP, "STOP_LOSS_LIMIT": OrderKind.STOP_LIMIT,
    "TAKE_PROFIT": OrderKind.TAKE_PROFIT, "TAKE_PROFIT_LIMIT": OrderKind.TAKE_PROFIT_LIMIT,
}  # fmt: skip
FUTURES_KINDS = {
    "LIMIT": OrderKind.LIMIT, "MARKET": OrderKind.MARKET, "STOP": OrderKind.STOP_LIMIT,
    "STOP_MARKET": OrderKind.STOP, "TAKE_PROFIT": OrderKind.TAKE_PROFIT_LIMIT,
    "TAKE_PROFIT_MARKET": OrderKind.TAKE_PROFIT, "TRAILING_STOP_MARKET": OrderKind.TRAILING,
}  # fmt: skip
_STATUS = {
    VenueStatus.OPEN: "NEW", VenueStatus.PARTIAL: "PARTIALLY_FILLED", VenueStatus.FILLED: "FILLED",
    VenueStatus.CANCELLED: "CANCELED", VenueStatus.REJECTED: "REJECTED", VenueStatus.EXPIRED: "EXPIRED",
}  # fmt: skip
_SPOT_WORDS = {kind: word for word, kind in SPOT_KINDS.items() if word != "LIMIT_MAKER"}
_FUTURES_WORDS = {kind: word for word, kind in FUTURES_KINDS.items()}


def pick(table: dict[str, T], word: str, code: int, text: str) -> T:
    """What a word means, or the venue's complaint."""
    found = table.get(word)
    if found is None:
        raise BinanceError(code, text)
    return found


def status_word(order: Order) -> str:
    """The status of an order."""
    if order.status is VenueStatus.EXPIRED and order.reason.startswith("met an order"):
        return "EXPIRED_IN_MATCH"
    return _STATUS[order.status]


def spot_type(order: Order) -> str:
    """The type that a spot order was entered with."""
    if order.kind is OrderKind.LIMIT and order.ticket.post_only:
        return "LIMIT_MAKER"
    return str(order.ticket.extra.get("type") or _SPOT_WORDS.get(order.kind, "MARKET"))


def usdm_type(order: Order) -> str:
    """The type of an order on USDⓈ-M, as it stands in the book."""
    if order.ticket.origin == "liquidation":
        return "LIMIT" if order.price is not None else "MARKET"
    return _FUTURES_WORDS[order.kind]
