"""What the venue does to positions by itself: margin calls, liquidation, funding."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from ..model import OrderKind, Side
from .accounts import Account, Position
from .events import MarginCalled, MoneyMoved
from .market import Market
from .money import equity
from .orders import SelfTrade, Ticket

if TYPE_CHECKING:
    from .engine import Engine

__all__ = ["Liquidation"]

ZERO = Decimal(0)
#: The part of what must be kept at which an account is warned.
_WARN = Decimal("1.25")
FUNDING_HOURS = 8


class Liquidation:
    """Looks at accounts when a mark price moves.

    A position that its deposit bears no longer is closed at the market; what the book does not take, the
    till takes over at the mark price.  The till also pays what an account has lost beyond its deposit.
    """

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._busy = False

    def check(self, market: Market) -> None:
        """The mark price of a market has moved: see who cannot go on."""
        if self._busy or not market.listing.is_perpetual:
            return
        self._busy = True
        try:
            for account in list(self.engine.accounts.values()):
                if not account.unlimited and account.positions:
                    self._look_at(account, market)
        finally:
            self._busy = False

    def _look_at(self, account: Account, market: Market) -> None:
        listing = market.listing
        for held in self._held(account, market):
            if listing.symbol in account.isolated and self._is_lost(held, market):
                self._close(account, [held])
        total, least = equity(account, listing.wallet, listing.settle, self.engine.mark_of)
        if not least or total > least * _WARN:
            account.warned = False
        elif total > least:
            if not account.warned:
                account.warned = True
                self.engine.emit(MarginCalled(account, listing.wallet))
        else:
            self._close(account, self._cross(account, market))

    @staticmethod
    def _held(account: Account, market: Market) -> list[Position]:
        return [
            held
            for key, held in account.positions.items()
            if key[0] == market.listing.symbol and held.quantity
        ]

    def _cross(self, account: Account, market: Market) -> list[Position]:
        """All positions that share the purse with one in this market."""
        found = []
        for held in account.positions.values():
            listing = self.engine.markets[held.symbol].listing
            shares = (listing.wallet, listing.settle) == (market.listing.wallet, market.listing.settle)
            if shares and held.quantity and held.symbol not in account.isolated:
                found.append(held)
        return found

    @staticmethod
    def _is_lost(held: Position, market: Market) -> bool:
        least = abs(held.quantity) * market.mark * market.listing.maintenance
        return held.margin + held.unrealised(market.mark) <= least

    def _close(self, account: Account, positions: list[Position]) -> None:
        engine = self.engine
        for held in positions:
            for order in engine.open_orders(account.name, held.symbol):
                engine.cancel(order, reason="liquidation")
        for held in positions:
            market = engine.markets[held.symbol]
            backing = held.margin if held.symbol in account.isolated else None
            before = account.purse(market.listing.wallet).total(market.listing.settle)
            self._sell_out(account, market, held)
            self._make_good(account, market, backing, before)

    def _sell_out(self, account: Account, market: Market, held: Position) -> None:
        engine, side = self.engine, Side.SELL if held.quantity > 0 else Side.BUY
        ticket = Ticket(
            symbol=held.symbol, side=side, kind=OrderKind.MARKET, quantity=abs(held.quantity),
            reduce_only=True, client_id=f"autoclose-{engine.now()}", position_side=held.side,
            origin="liquidation",
            self_trade=SelfTrade.NONE,
        )  # fmt: skip
        order = engine.make(market, account.name, ticket)
        engine.start(market, account, order)
        if held.quantity:
            self._take_over(account, market, held, ticket)

    def _take_over(self, account: Account, market: Market, held: Position, ticket: Ticket) -> None:
        """The till takes what nobody in the market wants, at the mark price."""
        rest = Ticket(
            symbol=held.symbol, side=ticket.side, kind=OrderKind.MARKET, quantity=abs(held.quantity),
            reduce_only=True, client_id=f"autoclose-{self.engine.now()}-2", position_side=held.side,
            origin="liquidation",
        )  # fmt: skip
        order = self.engine.make(market, account.name, rest)
        market.orders.add(order, remember=account.remembered)
        self.engine.matcher.take_over(market, order, self.engine.till.name, market.mark)

    def _make_good(self, account: Account, market: Market, backing: Decimal | None, before: Decimal) -> None:
        """Let the till pay what was lost beyond the deposit."""
        listing = market.listing
        purse = account.purse(listing.wallet)
        kept = sum((held.margin for held in account.positions.values() if held.quantity), ZERO)
        least = kept if backing is None else before - backing
        short = least - purse.total(listing.settle)
        if short <= 0:
            return
        purse.add(listing.settle, short)
        self.engine.till.purse(listing.wallet).add(listing.settle, -short)
        self.engine.emit(
            MoneyMoved(account, listing.wallet, (listing.settle,), why="liquidation", amount=short)
        )

    # -- funding -----------------------------------------------------------------------------------
    def fund(self, symbol: str) -> None:
        """Let long positions pay short ones, or the other way if the rate is below 0; the sum is nothing."""
        market = self.engine.markets[symbol]
        listing = market.listing
        rest = ZERO
        for account in self.engine.accounts.values():
            for held in self._held(account, market):
                paid = (held.quantity * market.mark * listing.funding_rate).quantize(listing.money)
                rest += paid
                account.purse(listing.wallet).add(listing.settle, -paid)
                if account.remembered:
                    key = (held.symbol, held.side)
                    self.engine.emit(
                        MoneyMoved(account, listing.wallet, (listing.settle,), (key,), "funding", -paid)
                    )
        self.engine.till.purse(listing.wallet).add(listing.settle, rest)
