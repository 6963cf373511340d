"""Matching: price first, then time; what a trade does to two orders and two accounts."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from ..model import OrderKind, Side, TimeInForce, VenueStatus
from .accounts import Account
from .events import BookMoved, Event, MoneyMoved, OrderMoved, Traded, What
from .market import Market
from .orders import Execution, Order, SelfTrade, Ticket, Trade
from .refusals import Reason

__all__ = ["Matcher", "cost_of", "fillable"]

ZERO, ONE = Decimal(0), Decimal(1)


def fillable(
    market: Market, side: Side, price: Decimal | None, quantity: Decimal, account: str = ""
) -> Decimal:
    """How much of an order would be filled at once; orders of ``account`` itself do not count."""
    found = ZERO
    for _, level in market.book.takeable(side, price):
        own = (
            sum((o.remaining for o in level.orders.values() if o.account == account), ZERO)
            if account
            else ZERO
        )
        found += level.total - own
        if found >= quantity:
            return quantity
    return found


def cost_of(market: Market, side: Side, price: Decimal | None, quantity: Decimal) -> Decimal:
    """What that much costs when it is taken from the book now, as far as the book goes."""
    left, cost = quantity, ZERO
    for at, level in market.book.takeable(side, price):
        taken = min(left, level.total)
        cost += taken * at
        left -= taken
        if not left:
            break
    return cost


class Matcher:
    """Enters orders into books, and ends them."""

    def __init__(
        self, accounts: dict[str, Account], now: Callable[[], int], emit: Callable[[Event], None]
    ) -> None:
        self.accounts = accounts
        self.now = now
        self.emit = emit

    def enter(self, market: Market, order: Order) -> None:
        """Trade as far as it goes; what is left rests on the book or ends."""
        order.working, order.working_ms = True, self.now()
        ticket = order.ticket
        if ticket.time_in_force is TimeInForce.FOK and self._short(market, order):
            self.end(market, order, What.EXPIRED, "not all of it could be filled at once")
            return
        self._match(market, order)
        if not order.is_open:
            return
        if order.price is None or ticket.time_in_force is not TimeInForce.GTC:
            self.end(market, order, What.EXPIRED, "the rest could not be filled at once")
        elif ticket.reduces and not self._capped(order, order.remaining):
            self.end(market, order, What.EXPIRED, Reason.REDUCE_ONLY)
        else:
            market.book.add(order)
            self.emit(BookMoved(order.symbol))

    def end(self, market: Market, order: Order, what: What, reason: str = "", request_id: str = "") -> None:
        """Cancel, expire or reject what is left of an order."""
        account = self.accounts[order.account]
        on_book = market.book.holds(order)
        if on_book:
            market.book.remove(order)
        market.money.release(account, order, order.remaining)
        order.status = {
            What.CANCELLED: VenueStatus.CANCELLED,
            What.REJECTED: VenueStatus.REJECTED,
        }.get(what, VenueStatus.EXPIRED)
        order.reason, order.updated_ms = reason, self.now()
        self.forget(market, order)
        self.emit(OrderMoved(order, what, request_id=request_id))
        self.tell_money(market, order)
        if on_book:
            self.emit(BookMoved(order.symbol))
        self.settle_parent(market, order)

    def settle_parent(self, market: Market, child: Order) -> None:
        """An order that waited apart is over when the one that it made is."""
        parent = child.parent
        if parent is None or child.is_open or not parent.is_open:
            return
        parent.filled, parent.money = child.filled, child.money
        parent.status, parent.updated_ms = VenueStatus.FILLED, child.updated_ms
        self.forget(market, parent)
        self.emit(OrderMoved(parent, What.FINISHED))

    def forget(self, market: Market, order: Order) -> None:
        """The order is over: strike it from the open ones."""
        register = market.register(apart=order.ticket.waits_apart)
        register.close(order, remember=self.accounts[order.account].remembered)
        market.watched.pop((order.ticket.waits_apart, order.number), None)

    def tell_money(self, market: Market, order: Order) -> None:
        """Balances changed because of an order on spot: locked, unlocked or spent."""
        account = self.accounts[order.account]
        if account.remembered and not market.listing.is_perpetual:
            listing = market.listing
            self.emit(MoneyMoved(account, listing.wallet, (listing.base, listing.quote), order=order))

    def meet(self, market: Market, order: Order, stranger: str, side: Side, quantity: Decimal) -> None:
        """Fill an order that rests, whatever its place in the queue, by a stranger's order."""
        ticket = Ticket(
            symbol=order.symbol, side=side, kind=OrderKind.MARKET, quantity=quantity, origin="manual"
        )
        other = Order(
            account=stranger, ticket=ticket, number=market.orders.next_number(), client_id="stranger",
            quantity=quantity, price=None, created_ms=self.now(), working=True,
        )  # fmt: skip
        self._trade(market, other, order, min(quantity, order.remaining))

    def take_over(self, market: Market, order: Order, account: str, price: Decimal) -> None:
        """Fill all of an order at a price, beside the book, with somebody who takes it over."""
        side = Side.SELL if order.side is Side.BUY else Side.BUY
        ticket = Ticket(symbol=order.symbol, side=side, kind=OrderKind.MARKET, quantity=order.remaining)
        other = Order(
            account=account, ticket=ticket, number=market.orders.next_number(), client_id="taken-over",
            quantity=order.remaining, price=None, created_ms=self.now(), working=True,
        )  # fmt: skip
        market.trade_number += 1
        buyer, seller = (order, other) if order.side is Side.BUY else (other, order)
        trade = Trade(
            order.symbol, market.trade_number, price, order.remaining, self.now(), order.side,
            buyer.number, seller.number,
        )  # fmt: skip
        for one in (other, order):
            self.fill(market, one, trade, maker=False)

    # -- one order against the book ----------------------------------------------------------------
    def _match(self, market: Market, taker: Order) -> None:
        opposite = Side.SELL if taker.side is Side.BUY else Side.BUY
        while taker.is_open and market.book.crosses(taker.side, taker.price):
            maker = market.book.front(opposite)
            assert maker is not None
            if self._prevent(market, taker, maker):
                continue
            quantity = self._capped(taker, min(taker.remaining, maker.remaining))
            if not quantity:
                self.end(market, taker, What.EXPIRED, Reason.REDUCE_ONLY)
                return
            quantity = self._capped(maker, quantity)
            if not quantity:
                self.end(market, maker, What.EXPIRED, Reason.REDUCE_ONLY)
                continue
            self._trade(market, taker, maker, quantity)

    def _prevent(self, market: Market, taker: Order, maker: Order) -> bool:
        mode = taker.ticket.self_trade
        if taker.account != maker.account or mode is SelfTrade.NONE:
            return False
        if mode is not SelfTrade.EXPIRE_TAKER:
            self.end(market, maker, What.PREVENTED, "met an order of the same account")
        if mode is not SelfTrade.EXPIRE_MAKER:
            self.end(market, taker, What.PREVENTED, "met an order of the same account")
        return True

    def _trade(self, market: Market, taker: Order, maker: Order, quantity: Decimal) -> None:
        assert maker.price is not None
        market.trade_number += 1
        buyer, seller = (taker, maker) if taker.side is Side.BUY else (maker, taker)
        trade = Trade(
            market.listing.symbol, market.trade_number, maker.price, quantity, self.now(),
            taker.side, buyer.number, seller.number,
        )  # fmt: skip
        if maker.remaining == quantity:
            market.book.remove(maker)
        else:
            market.book.reduce(maker, quantity)
        market.last = maker.price
        market.trades.append(trade)
        self.emit(Traded(trade))
        for order in (maker, taker):
            self.fill(market, order, trade, maker=order is maker)
        self.emit(BookMoved(market.listing.symbol))
        for account in {maker.account, taker.account}:
            self.trim(market, account)

    def fill(self, market: Market, order: Order, trade: Trade, *, maker: bool) -> None:
        """Book one side of a trade."""
        account = self.accounts[order.account]
        settled = market.money.settle(account, order, trade.price, trade.quantity, maker=maker)
        order.filled += trade.quantity
        order.money += trade.price * trade.quantity
        order.updated_ms = trade.time_ms
        order.status = VenueStatus.PARTIAL if order.remaining else VenueStatus.FILLED
        execution = Execution(
            order.symbol, trade.number, order.number, order.client_id, order.account, order.side,
            trade.price, trade.quantity, settled.fee, settled.fee_asset, maker, settled.realised,
            order.ticket.position_side, trade.time_ms,
        )  # fmt: skip
        if not order.is_open:
            if order.locked:
                market.money.release(account, order, order.quantity)
            self.forget(market, order)
        listing = market.listing
        if account.remembered:
            market.executions[order.account].append(execution)
            if listing.is_perpetual:
                key = (order.symbol, order.ticket.position_side)
                account.position(*key).updated_ms = trade.time_ms
                self.emit(MoneyMoved(account, listing.wallet, (listing.settle,), (key,), order=order))
        self.emit(OrderMoved(order, What.TRADE, execution))
        self.tell_money(market, order)
        self.settle_parent(market, order)

    # -- orders that may only make a position smaller ------------------------------------------------
    def _capped(self, order: Order, quantity: Decimal) -> Decimal:
        if not order.ticket.reduces:
            return quantity
        held = self.accounts[order.account].position(order.symbol, order.ticket.position_side)
        return min(quantity, held.reducible(order.side))

    def trim(self, market: Market, account: str) -> None:
        """End orders of an account that have no position left to reduce."""
        if not market.listing.is_perpetual or not self.accounts[account].remembered:
            return
        for order in market.apart.open_of(account):
            if order.ticket.close_position and not order.working and not self._capped(order, ONE):
                self.end(market, order, What.EXPIRED, Reason.REDUCE_ONLY)
        for order in market.orders.open_of(account):
            if order.ticket.reduces and market.book.holds(order) and not self._capped(order, order.remaining):
                self.end(market, order, What.EXPIRED, Reason.REDUCE_ONLY)

    def _short(self, market: Market, order: Order) -> bool:
        wanted = order.remaining
        own = order.account if order.ticket.self_trade is not SelfTrade.NONE else ""
        return fillable(market, order.side, order.price, wanted, own) < wanted or (
            self._capped(order, wanted) < wanted
        )
