"""Accounts: purses of money, positions on margin, keys."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from ..model import Side

__all__ = ["Account", "Key", "Position", "Purse"]

ZERO = Decimal(0)
_EXACT = Decimal("1e-12")


class Purse:
    """Money by asset, part of it locked in orders."""

    __slots__ = ("free", "locked", "unlimited")

    def __init__(self, money: dict[str, Decimal] | None = None, *, unlimited: bool = False) -> None:
        self.free: defaultdict[str, Decimal] = defaultdict(Decimal, money or {})
        self.locked: defaultdict[str, Decimal] = defaultdict(Decimal)
        self.unlimited = unlimited

    def total(self, asset: str) -> Decimal:
        """Free and locked."""
        return self.free[asset] + self.locked[asset]

    def assets(self) -> list[str]:
        """All assets that were ever here, sorted."""
        return sorted({*self.free, *self.locked})

    def affords(self, asset: str, amount: Decimal) -> bool:
        """Whether so much is free."""
        return self.unlimited or self.free[asset] >= amount

    def lock(self, asset: str, amount: Decimal) -> None:
        """Set aside."""
        self.free[asset] -= amount
        self.locked[asset] += amount

    def unlock(self, asset: str, amount: Decimal) -> None:
        """Give back what was set aside."""
        self.locked[asset] -= amount
        self.free[asset] += amount

    def add(self, asset: str, amount: Decimal) -> None:
        """Put in, or take out if it is below 0."""
        self.free[asset] += amount


@dataclass(slots=True)
class Position:
    """What an account holds of a perpetual; ``cost`` is the signed sum of price times quantity of what is
    open, kept instead of the entry price so that no rounding loses money.
    """

    symbol: str
    side: str = ""
    """``long`` or ``short`` on an account that keeps both apart."""
    quantity: Decimal = ZERO
    cost: Decimal = ZERO
    realised: Decimal = ZERO
    margin: Decimal = ZERO
    """Of an isolated position: the money that it can lose."""
    updated_ms: int = 0

    @property
    def entry_price(self) -> Decimal:
        """The average price of what is open."""
        return self.cost / self.quantity if self.quantity else ZERO

    def unrealised(self, mark: Decimal) -> Decimal:
        """Profit at a price."""
        return self.quantity * mark - self.cost

    def apply(self, signed: Decimal, price: Decimal) -> Decimal:
        """Add a fill (below 0: sold); the profit that it realises."""
        realised = ZERO
        if self.quantity and (signed > 0) != (self.quantity > 0):
            closing = min(abs(signed), abs(self.quantity))
            part = self.cost
            if closing != abs(self.quantity):
                # Rounded, and the rest kept: so every later sum is exact and no money is lost.
                part = (self.cost * closing / abs(self.quantity)).quantize(_EXACT)
            taken = closing.copy_sign(self.quantity)
            realised = taken * price - part
            self.quantity -= taken
            self.cost -= part
            signed += taken
        self.quantity += signed
        self.cost += signed * price
        self.realised += realised
        return realised

    def reducible(self, side: Side) -> Decimal:
        """How much of it an order of that side can close."""
        return abs(self.quantity) if self.quantity * side.sign < 0 else ZERO


@dataclass(frozen=True, slots=True)
class Key:
    """An API key; ``public_pem`` for keys that sign with Ed25519 or RSA instead of a shared secret."""

    key: str
    secret: str = field(default="", repr=False)
    passphrase: str = field(default="", repr=False)
    public_pem: str = ""
    can_read: bool = True
    can_trade: bool = True


class Account:
    """One customer of the venue."""

    def __init__(
        self,
        name: str,
        money: dict[str, dict[str, Decimal]] | None = None,
        *,
        keys: tuple[Key, ...] = (),
        unlimited: bool = False,
        hedged: bool = False,
        remembered: bool = True,
    ) -> None:
        self.name = name
        self.keys = keys
        self.unlimited = unlimited
        #: Whether orders and fills are kept when they are over; the house makes too many.
        self.remembered = remembered
        self.hedged = hedged
        self.purses: dict[str, Purse] = {
            wallet: Purse(dict(assets), unlimited=unlimited) for wallet, assets in (money or {}).items()
        }
        self.positions: dict[tuple[str, str], Position] = {}
        self.leverage: dict[str, int] = {}
        self.isolated: set[str] = set()
        #: Worth of open orders on margin by (symbol, position side, side).
        self.ordered: defaultdict[tuple[str, str, Side], Decimal] = defaultdict(Decimal)
        self.warned = False

    def purse(self, wallet: str) -> Purse:
        """The purse of that name, made if there is none."""
        found = self.purses.get(wallet)
        if found is None:
            found = self.purses[wallet] = Purse(unlimited=self.unlimited)
        return found

    def position(self, symbol: str, side: str = "") -> Position:
        """The position, made if there is none."""
        found = self.positions.get((symbol, side))
        if found is None:
            found = self.positions[symbol, side] = Position(symbol, side)
        return found

    def as_dict(self) -> dict[str, Any]:
        """For the control API: balances and open positions, money as text."""
        return {
            "name": self.name,
            "hedged": self.hedged,
            "balances": {
                wallet: {
                    asset: {"free": f"{purse.free[asset]:f}", "locked": f"{purse.locked[asset]:f}"}
                    for asset in purse.assets()
                }
                for wallet, purse in self.purses.items()
            },
            "positions": [
                {"symbol": held.symbol, "side": held.side, "quantity": f"{held.quantity:f}",
                 "entry_price": f"{held.entry_price:f}", "realised": f"{held.realised:f}"}
                for held in self.positions.values() if held.quantity
            ],
        }  # fmt: skip
