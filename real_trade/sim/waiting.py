"""Orders that wait for a price: stops, take-profits, trailing stops."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from ..model import OrderKind, Side, TimeInForce
from .accounts import Account
from .events import OrderMoved, What
from .market import Market
from .orders import Order, Ticket
from .refusals import Reason, Refused

if TYPE_CHECKING:
    from .engine import Engine

__all__ = ["Waiting", "comes_due"]

_STOPS = (OrderKind.STOP, OrderKind.STOP_LIMIT, OrderKind.TRAILING)


def comes_due(kind: OrderKind, side: Side, stop_price: Decimal, price: Decimal) -> bool:
    """Whether an order that waits for ``stop_price`` goes off at ``price``.

    A stop follows the market: a purchase waits for higher prices; a take-profit waits for the better side.
    """
    rising = (side is Side.BUY) == (kind in _STOPS)
    return price >= stop_price if rising else price <= stop_price


class Waiting:
    """Takes such orders in, and enters them into the market when their price comes."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._running: set[str] = set()

    def count(self, market: Market, account: str) -> int:
        """How many orders of an account wait."""
        return sum(1 for order in market.watched.values() if order.account == account)

    def admit(self, market: Market, owner: Account, order: Order) -> None:
        """Take an order in; refused if its price is there already."""
        ticket = order.ticket
        price = self._price(market, ticket)
        if ticket.kind is OrderKind.TRAILING:
            self._trail(order, price)
        stop = order.stop_price
        if stop is None and ticket.kind is not OrderKind.TRAILING:
            raise Refused(Reason.PRICE_ZERO, "no price to wait for")
        if stop is not None and comes_due(ticket.kind, ticket.side, stop, price):
            raise Refused(Reason.WOULD_TRIGGER)
        if not ticket.waits_apart:
            if stop is None:
                order.stop_price = price
            market.money.admit(owner, order)
            order.stop_price = stop
        market.register(apart=ticket.waits_apart).add(order, remember=owner.remembered)
        market.watched[ticket.waits_apart, order.number] = order
        self.engine.matcher.emit(OrderMoved(order, What.NEW))
        self.engine.matcher.tell_money(market, order)

    def run(self, market: Market) -> None:
        """Enter whatever is due; what that trades may make more of them due."""
        symbol = market.listing.symbol
        if symbol in self._running or not market.watched:
            return
        self._running.add(symbol)
        try:
            while (order := self._due(market)) is not None:
                self._trigger(market, order)
        finally:
            self._running.discard(symbol)

    def _due(self, market: Market) -> Order | None:
        for order in market.watched.values():
            price = self._price(market, order.ticket)
            if order.kind is OrderKind.TRAILING:
                self._trail(order, price)
            if order.stop_price is not None and comes_due(order.kind, order.side, order.stop_price, price):
                return order
        return None

    @staticmethod
    def _price(market: Market, ticket: Ticket) -> Decimal:
        return market.mark if ticket.by_mark else market.last

    @staticmethod
    def _trail(order: Order, price: Decimal) -> None:
        """Move the stop of a trailing order behind the best price since it is active."""
        ticket, sign = order.ticket, order.side.sign
        if order.extreme is None:
            if ticket.activation is not None and (price - ticket.activation) * sign > 0:
                return
            order.extreme = price
        if (price - order.extreme) * sign < 0:
            order.extreme = price
        distance = order.extreme * (ticket.trail or Decimal(0)) / 100
        order.stop_price = order.extreme + distance * sign

    # -- going off -----------------------------------------------------------------------------------
    def _trigger(self, market: Market, order: Order) -> None:
        engine = self.engine
        market.watched.pop((order.ticket.waits_apart, order.number), None)
        order.triggered_ms = order.updated_ms = engine.now()
        if order.ticket.waits_apart:
            self._spawn(market, order)
            return
        owner = engine.accounts[order.account]
        if order.price is None:
            market.money.release(owner, order, order.remaining)
        order.working = True
        engine.matcher.emit(OrderMoved(order, What.TRIGGERED))
        try:
            if order.ticket.post_only and market.book.crosses(order.side, order.price):
                raise Refused(Reason.WOULD_TAKE)
            if order.price is None:
                engine.repay(market, owner, order)
        except Refused as refused:
            engine.matcher.end(market, order, What.REJECTED, refused.reason)
            return
        engine.matcher.enter(market, order)

    def _spawn(self, market: Market, order: Order) -> None:
        """Make the order that the waiting one stands for."""
        engine, waited = self.engine, order.ticket
        owner = engine.accounts[order.account]
        quantity = order.quantity
        if waited.close_position:
            quantity = owner.position(waited.symbol, waited.position_side).reducible(waited.side)
        limit = waited.kind.has_limit
        ticket = Ticket(
            symbol=waited.symbol, side=waited.side, kind=OrderKind.LIMIT if limit else OrderKind.MARKET,
            quantity=quantity, price=waited.price if limit else None, client_id=order.client_id,
            time_in_force=waited.time_in_force if limit else TimeInForce.GTC, post_only=waited.post_only,
            reduce_only=waited.reduce_only or waited.close_position, position_side=waited.position_side,
            self_trade=waited.self_trade, origin=waited.origin, extra=waited.extra,
        )  # fmt: skip
        child = engine.make(market, order.account, ticket)
        order.working, order.child = True, child
        try:
            engine.check(owner, market, ticket)
            engine.start(market, owner, child)
        except Refused as refused:
            order.child = None
            engine.matcher.end(market, order, What.REJECTED, refused.reason)
            return
        # The venue tells of the fill first and of the trigger afterwards.
        engine.matcher.emit(OrderMoved(order, What.TRIGGERED))
        child.parent = order
        engine.matcher.settle_parent(market, child)
