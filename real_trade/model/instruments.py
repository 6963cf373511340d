"""What is traded, and what a venue asks of orders for it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, Decimal

from .orders import OrderIntent

__all__ = ["Instrument"]


@dataclass(frozen=True, slots=True)
class Instrument:
    """A symbol at a venue.

    ``symbol`` is ours (``BTC/USDT``, ``BTC/USDT:USDT``), ``venue_symbol`` the venue's own.  A minimum or
    maximum of 0 means that there is none.
    """

    symbol: str
    venue_symbol: str
    base: str
    quote: str
    settle: str = ""
    kind: str = "spot"
    """``spot``, ``perpetual``, ``future`` or ``stock``."""
    tick: Decimal = Decimal(0)
    step: Decimal = Decimal(0)
    min_quantity: Decimal = Decimal(0)
    max_quantity: Decimal = Decimal(0)
    min_notional: Decimal = Decimal(0)
    min_price: Decimal = Decimal(0)
    max_price: Decimal = Decimal(0)
    contract_size: Decimal = Decimal(1)

    def round_price(self, price: Decimal) -> Decimal:
        """The nearest price there is."""
        return _on(price, self.tick, ROUND_HALF_EVEN)

    def round_quantity(self, quantity: Decimal) -> Decimal:
        """The largest quantity there is that is not above it."""
        return _on(quantity, self.step, ROUND_DOWN)

    def complaint(self, intent: OrderIntent, last_price: Decimal | None = None) -> str:
        """Why the venue would refuse the order, in a sentence; empty if it would not.

        ``last_price`` stands for the price of orders that have none.
        """
        quantity, price = intent.quantity, intent.price
        if not quantity.is_finite() or quantity <= 0:
            return f"{self.symbol}: a quantity of {quantity} cannot be traded"
        if _between(quantity, self.step):
            return f"{self.symbol}: quantity {quantity} is no multiple of {self.step}"
        if quantity < self.min_quantity:
            return f"{self.symbol}: quantity {quantity} is below the least, {self.min_quantity}"
        if self.max_quantity and quantity > self.max_quantity:
            return f"{self.symbol}: quantity {quantity} is above the most, {self.max_quantity}"
        if intent.kind.has_limit and price is None:
            return f"{self.symbol}: a {intent.kind} order needs a price"
        for name, value in (("price", price), ("stop price", intent.stop_price)):
            if value is not None and (found := self._price_complaint(name, value)):
                return found
        worth = price if price is not None else intent.stop_price or last_price
        if worth is not None and not intent.reduce_only:
            notional = worth * quantity * self.contract_size
            if notional < self.min_notional:
                return f"{self.symbol}: worth {notional:f}, which is below the least, {self.min_notional}"
        return ""

    def _price_complaint(self, name: str, value: Decimal) -> str:
        if not value.is_finite() or value <= 0:
            return f"{self.symbol}: a {name} of {value} makes no sense"
        if _between(value, self.tick):
            return f"{self.symbol}: {name} {value} is no multiple of {self.tick}"
        if value < self.min_price or (self.max_price and value > self.max_price):
            return f"{self.symbol}: {name} {value} is not between {self.min_price} and {self.max_price}"
        return ""


def _on(value: Decimal, step: Decimal, rounding: str) -> Decimal:
    if not step:
        return value
    return (value / step).quantize(Decimal(1), rounding=rounding) * step


def _between(value: Decimal, step: Decimal) -> bool:
    """Whether the value lies between two steps; one with too many digits to tell does."""
    try:
        return bool(step and value % step)
    except ArithmeticError:
        return True
