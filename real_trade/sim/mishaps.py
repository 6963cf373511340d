"""Faults that happen to the venue itself, rather than to one request or message."""

from __future__ import annotations

import time
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from .faults import Fault

if TYPE_CHECKING:
    from .orders import Order
    from .venue import Venue

__all__ = ["carry_out"]


def carry_out(venue: Venue, fault: Fault, facts: dict[str, str]) -> None:
    """Do what a fault of the venue says."""
    match fault.what:
        case "restart":
            venue._keep(venue.restart(fault.seconds))
        case "kick":
            venue.server.kick()
        case "outage":
            venue.server.outage_until = time.monotonic() + fault.seconds
        case "clock_skew":
            venue.clock.skew_ms = int(fault.value or 0)
        case "expire_keys":
            for face in venue.faces:
                face.expire_keys()
        case "end_streams":
            for face in venue.faces:
                face.end_streams()
        case "fill":
            for order in _orders(venue, fault, facts):
                venue.fill(order, None if fault.value is None else Decimal(str(fault.value)))
        case "cancel_order":
            for order in _orders(venue, fault, facts):
                venue.cancel(order)
        case "order":
            _order(venue, fault.account or "main", dict(fault.value or {}))
        case "deposit":
            wanted = dict(fault.value or {})
            wallet, asset, amount = (
                wanted.get("wallet", "spot"),
                wanted["asset"],
                Decimal(str(wanted["amount"])),
            )
            venue.engine.deposit(fault.account or "main", wallet, asset, amount)
        case "move":
            venue.move(fault.symbol or facts.get("symbol", ""), str(fault.value))


def _orders(venue: Venue, fault: Fault, facts: dict[str, str]) -> list[Order]:
    """The open orders that a fault is about: the one it names, or the one it struck at."""
    client_id = fault.client_id or facts.get("client_id", "")
    symbol = fault.symbol or facts.get("symbol", "")
    account = fault.account or facts.get("account", "") or "main"
    found = [order for order in venue.open_orders(account, symbol) if client_id in ("", order.client_id)]
    return [order for order in found if venue.book(order.symbol).holds(order)]


def _order(venue: Venue, account: str, wanted: dict[str, Any]) -> None:
    symbol, side = str(wanted.pop("symbol")), str(wanted.pop("side"))
    price = wanted.pop("price", None)
    venue.place(
        account, symbol, side, str(wanted.pop("quantity")), None if price is None else str(price), **wanted
    )
