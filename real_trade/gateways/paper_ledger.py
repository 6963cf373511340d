"""The books of the paper venue: its orders, money and positions, and the rules by which it fills.

One quote per symbol is all it knows of the market: the best bid and ask, how much stands there, and
the last price.  An order that comes takes what the quote offers, at the quote's price.  An order that
waits is filled at its own price as soon as a quote reaches that.  What our orders take from a quote is
gone until the next one.  There is no queue and no other trader, and nobody is liquidated.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

from ..errors import Rejected
from ..model import (
    Balance,
    Fill,
    Instrument,
    OrderIntent,
    OrderKind,
    OrderReport,
    Position,
    Side,
    VenueStatus,
)

__all__ = ["Ledger", "PaperOrder", "Quote"]

ZERO: Final = Decimal(0)


@dataclass(slots=True)
class Quote:
    """The market in one symbol; a quantity of None is without end."""

    bid: Decimal
    ask: Decimal
    last: Decimal
    bid_quantity: Decimal | None = None
    ask_quantity: Decimal | None = None

    def against(self, side: Side) -> Decimal:
        """The price an order of that side gets at once."""
        return self.ask if side is Side.BUY else self.bid

    def room(self, side: Side) -> Decimal | None:
        """How much it gets."""
        return self.ask_quantity if side is Side.BUY else self.bid_quantity

    def take(self, side: Side, quantity: Decimal) -> None:
        """Use some of it up."""
        if side is Side.BUY and self.ask_quantity is not None:
            self.ask_quantity -= quantity
        elif side is Side.SELL and self.bid_quantity is not None:
            self.bid_quantity -= quantity


@dataclass(slots=True)
class PaperOrder:
    """An order at the paper venue."""

    intent: OrderIntent
    venue_id: str
    quantity: Decimal
    price: Decimal | None
    time_ns: int
    status: VenueStatus = VenueStatus.OPEN
    filled: Decimal = ZERO
    worth: Decimal = ZERO
    waiting: bool = False
    """For its stop price."""
    best: Decimal | None = None
    """Of a trailing order: the best price since it came."""
    reason: str = ""

    @property
    def rest(self) -> Decimal:
        """What is still to be filled."""
        return self.quantity - self.filled

    def report(self) -> OrderReport:
        """The order as a venue tells it."""
        intent = self.intent
        return OrderReport(
            symbol=intent.symbol,
            client_id=intent.client_id,
            venue_id=self.venue_id,
            status=self.status,
            quantity=self.quantity,
            filled=self.filled,
            side=intent.side,
            kind=intent.kind,
            price=self.price,
            stop_price=intent.stop_price,
            average_price=self.worth / self.filled if self.filled else None,
            time_in_force=intent.time_in_force,
            reduce_only=intent.reduce_only,
            time_ns=self.time_ns,
            reason=self.reason,
        )


@dataclass(slots=True)
class Ledger:
    """Money, positions and orders of one paper account."""

    instruments: dict[str, Instrument]
    money: dict[str, Decimal]
    maker_fee: Decimal
    taker_fee: Decimal
    leverage: Decimal
    numbers: Iterator[int]
    """Of trades; never the same ones again, even over a restart."""
    orders: dict[str, PaperOrder] = field(default_factory=dict)
    """By client id, in the order they came; all there ever were."""
    alive: dict[str, PaperOrder] = field(default_factory=dict)
    """Those that may be open; the ones that ended since are dropped when it is read."""
    fills: list[Fill] = field(default_factory=list)
    held: dict[str, tuple[Decimal, Decimal]] = field(default_factory=dict)
    """Quantity and entry price of positions in derivatives."""
    quotes: dict[str, Quote] = field(default_factory=dict)

    def open_orders(self, symbol: str | None = None) -> list[PaperOrder]:
        """Those that are not over."""
        self.alive = {name: one for name, one in self.alive.items() if not one.status.is_final}
        return [one for one in self.alive.values() if symbol in (None, one.intent.symbol)]

    def enter(self, order: PaperOrder) -> None:
        """Take an order into the books."""
        self.orders[order.intent.client_id] = self.alive[order.intent.client_id] = order

    # -- money -----------------------------------------------------------------------------------
    def is_spot(self, symbol: str) -> bool:
        """Whether what is bought is owned, not just a position."""
        return self.instruments[symbol].kind in ("spot", "stock")

    def cash_of(self, symbol: str) -> str:
        """The asset in which it is paid."""
        instrument = self.instruments[symbol]
        return instrument.settle or instrument.quote

    def locked(self, asset: str, *, without: PaperOrder | None = None) -> Decimal:
        """What orders and positions hold of an asset."""
        total = ZERO
        for order in self.open_orders():
            if order is not without:
                total += self.reserve(order, asset)
        for symbol, (quantity, entry) in self.held.items():
            if self.cash_of(symbol) == asset:
                total += abs(quantity) * entry * self.instruments[symbol].contract_size / self.leverage
        return total

    def reserve(self, order: PaperOrder, asset: str) -> Decimal:
        """What one order holds of an asset."""
        intent, symbol = order.intent, order.intent.symbol
        instrument = self.instruments[symbol]
        if self.is_spot(symbol) and intent.side is Side.SELL:
            return order.rest if asset == instrument.base else ZERO
        if asset != self.cash_of(symbol) or intent.reduce_only:
            return ZERO
        price = order.price or intent.stop_price or self.quotes[symbol].against(intent.side)
        worth = order.rest * price * instrument.contract_size
        if self.is_spot(symbol):
            return worth * (1 + self.taker_fee)
        return self._opening(intent, order.rest) / order.rest * worth / self.leverage if order.rest else ZERO

    def _opening(self, intent: OrderIntent, quantity: Decimal) -> Decimal:
        """How much of an order goes beyond closing what is held."""
        held = self.held.get(intent.symbol, (ZERO, ZERO))[0]
        against = -held * intent.side.sign
        return max(quantity - max(against, ZERO), ZERO)

    def check_funds(self, order: PaperOrder) -> None:
        """`Rejected` if there is not enough for the order, whether it is in the books or not."""
        symbol = order.intent.symbol
        asset = self.instruments[symbol].base if self._sells_owned(order) else self.cash_of(symbol)
        need = self.reserve(order, asset)
        free = self.money.get(asset, ZERO) - self.locked(asset, without=order)
        if need > free:
            raise Rejected(
                f"{symbol}: {need.normalize():f} {asset} are needed and {free.normalize():f} are free",
                code="insufficient-funds",
            )

    def _sells_owned(self, order: PaperOrder) -> bool:
        return self.is_spot(order.intent.symbol) and order.intent.side is Side.SELL

    def balances(self) -> dict[str, Balance]:
        """Money by asset."""
        found = {}
        for asset, total in self.money.items():
            locked = self.locked(asset)
            if total or locked:
                found[asset] = Balance(asset, total - locked, locked)
        return found

    def position(self, symbol: str) -> Position:
        """What is held of a derivative, zero included."""
        quantity, entry = self.held.get(symbol, (ZERO, ZERO))
        mark = self.quotes[symbol].last if symbol in self.quotes else entry
        size = self.instruments[symbol].contract_size
        return Position(symbol, quantity, entry, "", mark, quantity * (mark - entry) * size)

    # -- filling ---------------------------------------------------------------------------------
    def reducible(self, order: PaperOrder) -> Decimal:
        """How much of a reduce-only order can be filled without turning the position round."""
        held = self.held.get(order.intent.symbol, (ZERO, ZERO))[0]
        return min(max(-held * order.intent.side.sign, ZERO), order.rest)

    def fill(self, order: PaperOrder, price: Decimal, quantity: Decimal, *, maker: bool, now: int) -> Fill:
        """Book one execution."""
        symbol, side = order.intent.symbol, order.intent.side
        instrument, cash = self.instruments[symbol], self.cash_of(symbol)
        worth = price * quantity * instrument.contract_size
        fee = worth * (self.maker_fee if maker else self.taker_fee)
        if self.is_spot(symbol):
            self._add(instrument.base, quantity * side.sign)
            self._add(cash, -worth * side.sign - fee)
        else:
            self._add(cash, self._move_position(symbol, quantity * side.sign, price) - fee)
        order.filled += quantity
        order.worth += price * quantity
        order.time_ns = now
        order.status = VenueStatus.FILLED if not order.rest else VenueStatus.PARTIAL
        self.quotes[symbol].take(side, quantity)
        one = Fill(
            symbol=symbol,
            trade_id=str(next(self.numbers)),
            venue_id=order.venue_id,
            client_id=order.intent.client_id,
            side=side,
            price=price,
            quantity=quantity,
            fee=fee,
            fee_asset=cash,
            maker=maker,
            time_ns=now,
        )
        self.fills.append(one)
        return one

    def _add(self, asset: str, amount: Decimal) -> None:
        self.money[asset] = self.money.get(asset, ZERO) + amount

    def _move_position(self, symbol: str, change: Decimal, price: Decimal) -> Decimal:
        """Change a position; the answer is the profit that is realised by it."""
        held, entry = self.held.get(symbol, (ZERO, ZERO))
        size = self.instruments[symbol].contract_size
        if held * change >= 0:
            total = held + change
            self.held[symbol] = total, (held * entry + change * price) / total
            return ZERO
        closed = min(abs(change), abs(held))
        profit = closed * (price - entry) * (1 if held > 0 else -1) * size
        rest = held + change
        if not rest:
            self.held.pop(symbol)
        else:
            self.held[symbol] = rest, entry if abs(change) < abs(held) else price
        return profit

    def triggers(self, order: PaperOrder, quote: Quote) -> bool:
        """Whether the last price reaches the stop price of an order that waits."""
        intent, up = order.intent, order.intent.side is Side.BUY
        if intent.kind is OrderKind.TRAILING:
            best = order.best if order.best is not None else quote.last
            order.best = best = min(best, quote.last) if up else max(best, quote.last)
            distance = best * (intent.trail or ZERO) / 100
            return quote.last >= best + distance if up else quote.last <= best - distance
        stop = intent.stop_price
        if stop is None:
            return True
        if intent.kind in (OrderKind.TAKE_PROFIT, OrderKind.TAKE_PROFIT_LIMIT):
            up = not up
        return quote.last >= stop if up else quote.last <= stop
