"""The market maker of the house, and the crowd that trades with it: a market that follows a price path.

The house quotes around the path's price.  When the price moves through an order that rests on the book, the
house's new quotes trade with it, as far as they go: large orders are filled in parts.  The crowd trades the
path's volume at its price, so that there are trades and candles; an order that rests at that price takes
part when its turn in the queue comes.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, Decimal

from ..model import OrderKind, Side, TimeInForce
from .accounts import Account
from .engine import Engine
from .instruments import Listing
from .orders import Order, SelfTrade, Ticket

__all__ = ["House", "HouseConfig"]


@dataclass(frozen=True, slots=True)
class HouseConfig:
    """How the house quotes.

    ``spread`` and ``gap`` are parts of the price; ``depth`` is what one level is worth in the quote
    currency, or ``quantity`` its size if that is not 0.
    """

    levels: int = 10
    spread: Decimal = Decimal("0.0002")
    gap: Decimal = Decimal("0.0002")
    depth: Decimal = Decimal(50000)
    quantity: Decimal = Decimal(0)
    refill: bool = True
    """Whether what was taken is quoted again at once, rather than at the next tick."""
    crowd: bool = True
    """Whether the volume of the path is traded."""


class House:
    """Quotes one symbol."""

    def __init__(self, engine: Engine, symbol: str, config: HouseConfig, seed: int) -> None:
        self.engine = engine
        self.market = engine.market(symbol)
        self.config = config
        self.price = self.market.listing.start_price
        self.random = random.Random(f"{seed}/{symbol}")
        self.quotes: list[Order] = []
        for name in ("house", "crowd"):
            if name not in engine.accounts:
                engine.open_account(Account(name, unlimited=True, remembered=False))

    def tick(self, price: Decimal, volume: Decimal = Decimal(0)) -> None:
        """The path is at a price now, and so much was traded there; the least that can be, if 0."""
        listing = self.market.listing
        side = Side.BUY if price >= self.price else Side.SELL
        self.price = _on(price, listing.tick, ROUND_HALF_EVEN)
        self.requote()
        if self.config.crowd:
            self._print(side, _size(listing, volume))
        self.engine.set_mark(listing.symbol, self.price)

    def requote(self, *, resting: bool = False) -> None:
        """Take all quotes back and quote anew around the price.

        ``resting`` leaves out quotes that would trade at once: what the house had to sell at this tick it
        has sold, and what is left of a large order waits for the next one.
        """
        for order in self.quotes:
            if order.is_open:
                self.engine.cancel(order)
        self.quotes = []
        listing, config = self.market.listing, self.config
        tick = listing.tick or Decimal("0.00000001")
        half = max(tick, _on(self.price * config.spread / 2, tick, ROUND_HALF_EVEN))
        gap = max(tick, _on(self.price * config.gap, tick, ROUND_HALF_EVEN))
        quantity = config.quantity or _size(listing, config.depth / self.price)
        for level in range(config.levels):
            for side in (Side.SELL, Side.BUY):
                price = self.price - (half + gap * level) * side.sign
                if price > 0 and not (resting and self.market.book.crosses(side, price)):
                    self._quote(side, price, quantity)

    @property
    def was_hit(self) -> bool:
        """Whether something was taken since the last quotes."""
        return any(order.filled for order in self.quotes)

    def _quote(self, side: Side, price: Decimal, quantity: Decimal) -> None:
        self.quotes.append(self._order("house", side, price, quantity))

    def _print(self, side: Side, quantity: Decimal) -> None:
        """Trade at the path's price, between the quotes: one of the crowd offers, another takes."""
        other = Side.SELL if side is Side.BUY else Side.BUY
        offered = self._order("crowd", other, self.price, quantity)
        self._order("crowd", side, self.price, quantity, TimeInForce.IOC)
        if offered.is_open:
            self.engine.cancel(offered)

    def _order(
        self,
        account: str,
        side: Side,
        price: Decimal,
        quantity: Decimal,
        times: TimeInForce = TimeInForce.GTC,
    ) -> Order:
        ticket = Ticket(
            symbol=self.market.listing.symbol, side=side, kind=OrderKind.LIMIT, quantity=quantity,
            price=price, time_in_force=times, self_trade=SelfTrade.NONE,
        )  # fmt: skip
        return self.engine.place(account, ticket)


def _size(listing: Listing, wanted: Decimal) -> Decimal:
    return min(
        max(_on(wanted, listing.step, ROUND_DOWN), listing.min_quantity), listing.max_quantity or wanted
    )


def _on(value: Decimal, step: Decimal, rounding: str) -> Decimal:
    return (value / step).quantize(Decimal(1), rounding=rounding) * step if step else value
