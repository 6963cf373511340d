"""The venue without any wire: accounts, markets, and what a client may ask of them.

Everything is synchronous and happens at `now`; what happens is told to listeners at once.  The same calls
in the same order give the same result, always.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable
from decimal import ROUND_DOWN, Decimal

from ..model import Side
from .accounts import Account
from .events import Event, Listener, MoneyMoved, OrderMoved, What
from .instruments import Listing, check_price, check_quantity
from .liquidation import Liquidation
from .market import Market
from .matching import Matcher, cost_of, fillable
from .money import Margin, Money, Spot
from .orders import Order, Ticket
from .refusals import Reason, Refused
from .waiting import Waiting

__all__ = ["Engine"]

ZERO = Decimal(0)


class Engine:
    """One venue.  ``till`` is the account that fees go to; it also pays for what liquidations leave open."""

    def __init__(self, listings: Iterable[Listing], now: Callable[[], int]) -> None:
        self.now = now
        self.accounts: dict[str, Account] = {}
        self.listeners: list[Listener] = []
        self.till = self.open_account(Account("till", unlimited=True, remembered=False))
        self.matcher = Matcher(self.accounts, now, self.emit)
        self._apart_numbers = itertools.count(1_000_000_000_001)
        self._ids = itertools.count(1)
        self.markets = {listing.symbol: self._market(listing) for listing in listings}
        self.waiting = Waiting(self)
        self.liquidation = Liquidation(self)

    def _market(self, listing: Listing) -> Market:
        money: Money = (
            Margin(listing, self.till, self.mark_of) if listing.is_perpetual else Spot(listing, self.till)
        )
        return Market(listing, money, itertools.count(1), self._apart_numbers)

    def mark_of(self, symbol: str) -> tuple[Listing, Decimal]:
        """The listing of a symbol and the price at which positions in it are valued."""
        market = self.markets[symbol]
        return market.listing, market.mark

    def emit(self, event: Event) -> None:
        """Tell all listeners."""
        for listener in self.listeners:
            listener(event)

    # -- accounts ----------------------------------------------------------------------------------
    def open_account(self, account: Account) -> Account:
        """Take in a customer."""
        self.accounts[account.name] = account
        return account

    def deposit(self, account: str, wallet: str, asset: str, amount: Decimal, why: str = "deposit") -> None:
        """Put money in, or take it out if ``amount`` is below 0."""
        owner = self.accounts[account]
        purse = owner.purse(wallet)
        if amount < 0 and not purse.affords(asset, -amount):
            raise Refused(Reason.FUNDS, f"{purse.free[asset]:f} {asset} is free")
        purse.add(asset, amount)
        self.emit(MoneyMoved(owner, wallet, (asset,), why=why, amount=amount))

    def set_leverage(self, account: str, symbol: str, leverage: int) -> None:
        """Set how many times its deposit a position may be worth."""
        market, owner = self.market(symbol), self.accounts[account]
        if not 1 <= leverage <= market.listing.max_leverage:
            raise Refused(Reason.LEVERAGE, f"{leverage}")
        owner.leverage[symbol] = leverage

    def set_isolated(self, account: str, symbol: str, isolated: bool) -> None:
        """Let a position answer with its own deposit only, or with the whole purse."""
        owner = self.accounts[account]
        if (symbol in owner.isolated) == isolated:
            raise Refused(Reason.NO_CHANGE)
        self._idle(owner, [self.market(symbol)])
        (owner.isolated.add if isolated else owner.isolated.discard)(symbol)

    def set_hedged(self, account: str, hedged: bool) -> None:
        """Keep long and short positions apart, or net them."""
        owner = self.accounts[account]
        if owner.hedged == hedged:
            raise Refused(Reason.NO_CHANGE)
        self._idle(owner, self.markets.values())
        owner.hedged = hedged

    def _idle(self, owner: Account, markets: Iterable[Market]) -> None:
        for market in markets:
            if not market.listing.is_perpetual:
                continue
            if market.orders.count_open(owner.name) or market.apart.count_open(owner.name):
                raise Refused(Reason.MODE_BUSY_ORDERS)
            if any(held.quantity for key, held in owner.positions.items() if key[0] == market.listing.symbol):
                raise Refused(Reason.MODE_BUSY_POSITION)

    # -- orders ------------------------------------------------------------------------------------
    def market(self, symbol: str) -> Market:
        """The market of a symbol."""
        found = self.markets.get(symbol)
        if found is None:
            raise Refused(Reason.UNKNOWN_SYMBOL, symbol)
        return found

    def place(self, account: str, ticket: Ticket) -> Order:
        """Enter an order; raises `Refused` if nothing of it happened."""
        market, owner = self.market(ticket.symbol), self.accounts[account]
        self.check(owner, market, ticket)
        order = self.make(market, account, ticket)
        if ticket.kind.waits:
            self.waiting.admit(market, owner, order)
            return order
        self.start(market, owner, order)
        self.waiting.run(market)
        return order

    def make(self, market: Market, account: str, ticket: Ticket) -> Order:
        """The order that a ticket asks for, not entered yet."""
        number = market.register(apart=ticket.waits_apart).next_number()
        now = self.now()
        quantity = ticket.quantity or self._quantity_for(market, ticket)
        return Order(
            account=account, ticket=ticket, number=number,
            client_id=ticket.client_id or f"v{next(self._ids):021d}",
            quantity=quantity, price=ticket.price, stop_price=ticket.stop_price,
            created_ms=now, updated_ms=now,
        )  # fmt: skip

    def start(self, market: Market, owner: Account, order: Order) -> None:
        """Pay for an order, tell of it and let it trade."""
        cost = None if order.price is not None else cost_of(market, order.side, None, order.quantity)
        market.money.admit(owner, order, cost)
        order.working, order.working_ms = True, self.now()
        market.orders.add(order, remember=owner.remembered)
        if owner.remembered:
            self.emit(OrderMoved(order, What.NEW))
            self.matcher.tell_money(market, order)
        self.matcher.enter(market, order)

    def repay(self, market: Market, owner: Account, order: Order) -> None:
        """Check that an order without a price, whose time has come, can be paid now."""
        market.money.admit(owner, order, cost_of(market, order.side, None, order.quantity))

    def check(self, owner: Account, market: Market, ticket: Ticket) -> None:
        """Refuse a ticket that the rules of the listing or of the account forbid."""
        self.check_form(owner, market, ticket)
        if not owner.unlimited:
            self._check_state(owner, market, ticket)

    def check_form(self, owner: Account, market: Market, ticket: Ticket) -> None:
        """The part of `check` that looks at size, price and the mode of the account."""
        listing = market.listing
        if market.halted:
            raise Refused(Reason.HALTED, listing.symbol)
        if listing.is_perpetual and owner.hedged != bool(ticket.position_side) and not owner.unlimited:
            raise Refused(Reason.POSITION_SIDE)
        if not ticket.close_position:
            self._check_size(market, ticket, notional=not owner.unlimited)
        if ticket.price is not None:
            check_price(listing, ticket.price, self._band(market, owner, ticket.side))
        # An order that waits under its own kind may wait for any price.
        if ticket.stop_price is not None and not ticket.waits_apart:
            check_price(listing, ticket.stop_price)

    @staticmethod
    def _band(market: Market, owner: Account, side: Side) -> tuple[Side, Decimal] | None:
        """What the price of an order is held against: the mark price, or that of the last trade."""
        if owner.unlimited:
            return None
        return side, market.mark if market.listing.is_perpetual else market.last

    def _check_state(self, owner: Account, market: Market, ticket: Ticket) -> None:
        listing = market.listing
        register = market.register(apart=ticket.waits_apart)
        earlier = register.client(ticket.client_id, owner.name) if ticket.client_id else None
        if earlier is not None and earlier.is_open:
            raise Refused(Reason.DUPLICATE_ID, ticket.client_id)
        if register.count_open(owner.name) >= listing.max_open_orders:
            raise Refused(Reason.TOO_MANY_ORDERS)
        if ticket.kind.waits:
            if self.waiting.count(market, owner.name) >= listing.max_waiting_orders:
                raise Refused(Reason.TOO_MANY_WAITING)
            return
        if ticket.post_only and market.book.crosses(ticket.side, ticket.price):
            raise Refused(Reason.WOULD_TAKE)
        if ticket.reduces:
            held = owner.position(ticket.symbol, ticket.position_side)
            if not held.reducible(ticket.side):
                raise Refused(Reason.REDUCE_ONLY)

    def _check_size(self, market: Market, ticket: Ticket, *, notional: bool) -> None:
        listing, quantity = market.listing, ticket.quantity
        priceless = not ticket.kind.has_limit
        if ticket.quote_quantity:
            if ticket.quote_quantity < listing.min_notional:
                raise Refused(Reason.NOTIONAL_LOW)
            return
        check_quantity(listing, quantity, market=priceless and not ticket.kind.waits)
        worth = quantity * (ticket.price or ticket.stop_price or market.last)
        if notional and worth < listing.min_notional and not ticket.reduces:
            raise Refused(Reason.NOTIONAL_LOW, f"{worth:f}")

    def _quantity_for(self, market: Market, ticket: Ticket) -> Decimal:
        """How much a market order of so much money buys or sells now."""
        left, quantity = ticket.quote_quantity, ZERO
        step = market.listing.step
        for price, level in market.book.takeable(ticket.side, None):
            taken = min(level.total, left / price)
            taken = (taken / step).to_integral_value(rounding=ROUND_DOWN) * step
            quantity += taken
            left -= taken * price
            if taken < level.total:
                break
        return quantity or market.listing.min_quantity

    def can_fill(self, account: str, ticket: Ticket) -> bool:
        """Whether all of it would be filled at once."""
        wanted = ticket.quantity
        return fillable(self.market(ticket.symbol), ticket.side, ticket.price, wanted, account) >= wanted

    def cancel(self, order: Order, *, request_id: str = "", reason: str = "") -> None:
        """End an order that is open."""
        if not order.is_open:
            raise Refused(Reason.NOT_OPEN)
        self.matcher.end(self.markets[order.symbol], order, What.CANCELLED, reason, request_id)

    def open_orders(self, account: str, symbol: str, *, apart: bool = False) -> list[Order]:
        """Open orders of an account in a symbol, oldest first."""
        return self.market(symbol).register(apart=apart).open_of(account)

    def amend(
        self,
        order: Order,
        quantity: Decimal,
        price: Decimal,
        *,
        shrink_only: bool = False,
        client_id: str = "",
    ) -> None:
        """Change a resting order; it keeps its place if it only gets smaller, and its name unless it is
        given a new one.

        It is cancelled if it wants no more than it has, or if it may only rest and the new price would not.
        """
        market, owner = self.markets[order.symbol], self.accounts[order.account]
        if not order.is_open:
            raise Refused(Reason.NOT_OPEN)
        if not market.book.holds(order):
            raise Refused(Reason.NOT_FOUND)
        if shrink_only and (price != order.price or quantity >= order.quantity):
            raise Refused(Reason.AMEND_GROWS)
        if (quantity, price) == (order.quantity, order.price):
            raise Refused(Reason.NO_CHANGE)
        check_quantity(market.listing, quantity)
        check_price(market.listing, price, self._band(market, owner, order.side))
        if quantity * price < market.listing.min_notional and not order.ticket.reduces:
            raise Refused(Reason.NOTIONAL_LOW)
        if quantity <= order.filled or (order.ticket.post_only and market.book.crosses(order.side, price)):
            self.matcher.end(market, order, What.CANCELLED, "amended")
            return
        if client_id:
            market.orders.rename(order, client_id)
        if price == order.price and quantity < order.quantity:
            self._shrink(market, owner, order, quantity)
        else:
            self._move(market, owner, order, quantity, price)
        self.waiting.run(market)

    def _shrink(self, market: Market, owner: Account, order: Order, quantity: Decimal) -> None:
        less = order.quantity - quantity
        market.book.reduce(order, less)
        market.money.release(owner, order, less)
        order.quantity, order.updated_ms = quantity, self.now()
        order.amended += 1
        self.emit(OrderMoved(order, What.AMENDED))
        self.matcher.tell_money(market, order)

    def _move(self, market: Market, owner: Account, order: Order, quantity: Decimal, price: Decimal) -> None:
        old_quantity, old_price = order.quantity, order.price
        market.book.remove(order)
        market.money.release(owner, order, order.remaining)
        order.quantity, order.price = quantity, price
        try:
            market.money.admit(owner, order)
        except Refused:
            order.quantity, order.price = old_quantity, old_price
            market.money.hold(owner, order)
            market.book.add(order)
            raise
        order.updated_ms = self.now()
        order.amended += 1
        self.emit(OrderMoved(order, What.AMENDED))
        self.matcher.tell_money(market, order)
        self.matcher.enter(market, order)

    # -- prices ------------------------------------------------------------------------------------
    def set_mark(self, symbol: str, price: Decimal) -> None:
        """Value positions at another price; wakes what waits for it and liquidates who must be."""
        market = self.market(symbol)
        market.mark = price
        self.waiting.run(market)
        self.liquidation.check(market)
