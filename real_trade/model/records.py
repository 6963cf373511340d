"""Accounts, and what happens to the link to a venue."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from .orders import Fill, OrderReport

__all__ = ["AccountEvent", "Balance", "LinkDown", "LinkUp", "Position"]


@dataclass(frozen=True, slots=True)
class Balance:
    """Money of one kind: ``free`` to use and ``locked`` in orders."""

    asset: str
    free: Decimal
    locked: Decimal = Decimal(0)

    @property
    def total(self) -> Decimal:
        """All of it."""
        return self.free + self.locked


@dataclass(frozen=True, slots=True)
class Position:
    """What is held of a derivative: ``quantity`` below 0 is short."""

    symbol: str
    quantity: Decimal
    entry_price: Decimal = Decimal(0)
    side: str = ""
    """``long`` or ``short`` on an account that keeps both; empty elsewhere."""
    mark_price: Decimal = Decimal(0)
    unrealised: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class LinkUp:
    """The user stream runs (again); what happened while it did not is for the caller to ask for."""

    again: bool = False


@dataclass(frozen=True, slots=True)
class LinkDown:
    """The user stream is gone or silent: nothing that is not asked for is known from now on."""

    reason: str = ""


AccountEvent = OrderReport | Fill | Balance | Position | LinkUp | LinkDown
