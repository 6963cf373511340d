"""How orders are paid for: from what is held (spot) or on margin (perpetuals).

Both answer the same three questions: may this order be entered, what does ending it give back, and what
does a fill move.  Nothing here knows of books or of time.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from decimal import ROUND_UP, Decimal

from ..model import Side
from .accounts import Account, Position, Purse
from .instruments import Listing
from .orders import Order
from .refusals import Reason, Refused

__all__ = ["Margin", "Money", "Settled", "Spot", "available", "equity", "initial_margin"]

ZERO = Decimal(0)
Marks = Callable[[str], tuple[Listing, Decimal]]
"""The listing of a symbol and its mark price."""


@dataclass(frozen=True, slots=True)
class Settled:
    """What a fill cost and brought besides the goods."""

    fee: Decimal
    fee_asset: str
    realised: Decimal = ZERO


class Money(ABC):
    """The way of paying for one listing; fees go to the account ``till``."""

    def __init__(self, listing: Listing, till: Account) -> None:
        self.listing = listing
        self.till = till

    @abstractmethod
    def admit(self, account: Account, order: Order, cost: Decimal | None = None) -> None:
        """Refuse an order that cannot be paid; lock what it needs.

        ``cost`` is what an order without a price would cost now; such an order locks nothing, as it is
        dealt with at once.
        """

    @abstractmethod
    def hold(self, account: Account, order: Order) -> None:
        """Lock what the order needs, without asking whether it can be paid."""

    @abstractmethod
    def release(self, account: Account, order: Order, quantity: Decimal) -> None:
        """Unlock what that part of the order has locked."""

    @abstractmethod
    def settle(
        self, account: Account, order: Order, price: Decimal, quantity: Decimal, *, maker: bool
    ) -> Settled:
        """Move goods, money and fee of one fill; unlocks what was locked for it."""

    def fee_rate(self, *, maker: bool) -> Decimal:
        """Part of the worth that a fill costs."""
        return self.listing.maker_fee if maker else self.listing.taker_fee

    def _charge(self, account: Account, asset: str, base: Decimal, *, maker: bool) -> Decimal:
        rate = ZERO if account.unlimited else self.fee_rate(maker=maker)
        fee = (base * rate).quantize(self.listing.money, rounding=ROUND_UP)
        account.purse(self.listing.wallet).add(asset, -fee)
        self.till.purse(self.listing.wallet).add(asset, fee)
        return fee


class Spot(Money):
    """Goods against money, both of which must be there."""

    def admit(self, account: Account, order: Order, cost: Decimal | None = None) -> None:
        """Lock the whole price of the order, or the goods that it sells."""
        purse = account.purse(self.listing.wallet)
        if order.price is None and (order.stop_price is None or order.working):
            need = order.quantity if order.side is Side.SELL else (cost or ZERO)
            self._check(purse, self._pays(order), need)
            return
        self._check(purse, self._pays(order), self._need(order, order.remaining))
        self.hold(account, order)

    def hold(self, account: Account, order: Order) -> None:
        """Lock the price of the order, or the goods that it sells."""
        order.locked = self._need(order, order.remaining)
        account.purse(self.listing.wallet).lock(self._pays(order), order.locked)

    def release(self, account: Account, order: Order, quantity: Decimal) -> None:
        """Unlock the price of that quantity."""
        # The stop price by which it was reckoned may have moved since, so the last part is all that is left.
        last = quantity >= order.remaining
        amount = order.locked if last else min(order.locked, self._need(order, quantity))
        order.locked -= amount
        account.purse(self.listing.wallet).unlock(self._pays(order), amount)

    def settle(
        self, account: Account, order: Order, price: Decimal, quantity: Decimal, *, maker: bool
    ) -> Settled:
        """Goods one way, money the other; the fee is taken from what comes in."""
        if order.locked:
            self.release(account, order, quantity)
        purse = account.purse(self.listing.wallet)
        sign = order.side.sign
        purse.add(self.listing.base, quantity * sign)
        purse.add(self.listing.quote, -price * quantity * sign)
        bought = order.side is Side.BUY
        asset, amount = (self.listing.base, quantity) if bought else (self.listing.quote, price * quantity)
        return Settled(self._charge(account, asset, amount, maker=maker), asset)

    def _pays(self, order: Order) -> str:
        return self.listing.quote if order.side is Side.BUY else self.listing.base

    def _need(self, order: Order, quantity: Decimal) -> Decimal:
        if order.side is Side.SELL:
            return quantity
        price = order.price if order.price is not None else order.stop_price
        return (price or ZERO) * quantity

    @staticmethod
    def _check(purse: Purse, asset: str, need: Decimal) -> None:
        if not purse.affords(asset, need):
            raise Refused(Reason.FUNDS, f"needs {need:f} {asset}, {purse.free[asset]:f} is free")


class Margin(Money):
    """Positions against a deposit; profit, loss and fees go through the purse."""

    def __init__(self, listing: Listing, till: Account, marks: Marks) -> None:
        super().__init__(listing, till)
        self.marks = marks

    def admit(self, account: Account, order: Order, cost: Decimal | None = None) -> None:
        """See that the deposit bears the position that the order could lead to."""
        ticket = order.ticket
        worth = order.price * order.remaining if order.price is not None else (cost or ZERO)
        if account.unlimited or ticket.reduces:
            self.hold(account, order)
            return
        key = (order.symbol, ticket.position_side, order.side)
        before = initial_margin(account, self.listing, self.marks(order.symbol)[1])
        account.ordered[key] += worth
        after = initial_margin(account, self.listing, self.marks(order.symbol)[1])
        if after > before and available(account, self.listing.wallet, self.listing.settle, self.marks) < 0:
            account.ordered[key] -= worth
            raise Refused(Reason.MARGIN, f"needs {after - before:f} {self.listing.settle} more")
        account.ordered[key] -= worth
        self.hold(account, order)

    def hold(self, account: Account, order: Order) -> None:
        """Count the worth of the order among those that are open."""
        order.locked = order.price * order.remaining if order.price is not None else ZERO
        if order.locked and not order.ticket.reduces:
            account.ordered[order.symbol, order.ticket.position_side, order.side] += order.locked

    def release(self, account: Account, order: Order, quantity: Decimal) -> None:
        """Count that quantity no longer."""
        if order.price is None or not order.locked:
            return
        amount = order.locked if quantity >= order.remaining else min(order.locked, order.price * quantity)
        order.locked -= amount
        if not order.ticket.reduces:
            account.ordered[order.symbol, order.ticket.position_side, order.side] -= amount

    def settle(
        self, account: Account, order: Order, price: Decimal, quantity: Decimal, *, maker: bool
    ) -> Settled:
        """Move the position; profit and fee go through the purse."""
        self.release(account, order, quantity)
        held = account.position(order.symbol, order.ticket.position_side)
        before = abs(held.quantity)
        realised = held.apply(quantity * order.side.sign, price)
        self._move_margin(account, held, before, price)
        asset = self.listing.settle
        account.purse(self.listing.wallet).add(asset, realised)
        return Settled(self._charge(account, asset, price * quantity, maker=maker), asset, realised)

    def _move_margin(self, account: Account, held: Position, before: Decimal, price: Decimal) -> None:
        if held.symbol not in account.isolated:
            return
        after = abs(held.quantity)
        if after > before:
            leverage = account.leverage.get(held.symbol, self.listing.leverage)
            held.margin += (after - before) * price / leverage
        elif before:
            held.margin = held.margin * after / before


def initial_margin(account: Account, listing: Listing, mark: Decimal) -> Decimal:
    """The deposit that positions and open orders in one symbol ask for."""
    symbol, leverage = listing.symbol, account.leverage.get(listing.symbol, listing.leverage)

    def worth(side: str) -> Decimal:
        held = account.positions.get((symbol, side))
        return held.quantity * mark if held else ZERO

    buys = {side: account.ordered[symbol, side, Side.BUY] for side in ("", "long", "short")}
    sells = {side: account.ordered[symbol, side, Side.SELL] for side in ("", "long", "short")}
    net = max(abs(worth("") + buys[""]), abs(worth("") - sells[""]))
    apart = worth("long") + buys["long"] - worth("short") + sells["short"]
    return (net + apart) / leverage


def equity(account: Account, wallet: str, asset: str, marks: Marks) -> tuple[Decimal, Decimal]:
    """Money and unrealised profit that all cross positions settled in ``asset`` share, and the deposit
    that they must not fall below.
    """
    total, least = account.purse(wallet).total(asset), ZERO
    for held in account.positions.values():
        listing, mark = marks(held.symbol)
        if (listing.wallet, listing.settle) != (wallet, asset):
            continue
        if held.symbol in account.isolated:
            total -= held.margin
        else:
            total += held.unrealised(mark)
            least += abs(held.quantity) * mark * listing.maintenance
    return total, least


def available(account: Account, wallet: str, asset: str, marks: Marks) -> Decimal:
    """What is left for new positions: equity less the deposits of positions and orders."""
    left = account.purse(wallet).total(asset)
    used = {key[0] for key in account.positions} | {key[0] for key, worth in account.ordered.items() if worth}
    for symbol in used:
        listing, mark = marks(symbol)
        if (listing.wallet, listing.settle) != (wallet, asset):
            continue
        left -= initial_margin(account, listing, mark)
        if symbol not in account.isolated:
            sides = (account.positions.get((symbol, side)) for side in ("", "long", "short"))
            left += sum((held.unrealised(mark) for held in sides if held), ZERO)
    return left
