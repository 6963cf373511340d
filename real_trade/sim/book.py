"""The order book of one symbol: price levels, each a queue."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from ..model import Side
from .orders import Order

__all__ = ["Book", "BookChange", "Level"]

ZERO = Decimal(0)


class Level:
    """All orders at one price, oldest first, and the sum of what they want."""

    __slots__ = ("orders", "total")

    def __init__(self) -> None:
        self.orders: dict[int, Order] = {}
        self.total = ZERO


class _Half:
    """One side; ``prices`` are sorted so that the best is last."""

    __slots__ = ("levels", "prices", "sign")

    def __init__(self, side: Side) -> None:
        self.sign = side.sign
        self.levels: dict[Decimal, Level] = {}
        self.prices: list[Decimal] = []

    def level(self, price: Decimal) -> Level:
        """The level, made if it is not there."""
        found = self.levels.get(price)
        if found is None:
            found = self.levels[price] = Level()
            insort(self.prices, price * self.sign)
        return found

    def drop(self, price: Decimal) -> None:
        """Take an empty level away."""
        del self.levels[price]
        del self.prices[bisect_left(self.prices, price * self.sign)]

    @property
    def best(self) -> Decimal | None:
        """The price that is dealt with first."""
        return self.prices[-1] * self.sign if self.prices else None

    def walk(self) -> Iterator[tuple[Decimal, Level]]:
        """Levels, best first."""
        for signed in reversed(self.prices):
            price = signed * self.sign
            yield price, self.levels[price]


@dataclass(frozen=True, slots=True)
class BookChange:
    """Levels that changed, by the numbers of the first and of the last change."""

    first_id: int
    last_id: int
    levels: tuple[tuple[Side, Decimal], ...]


class Book:
    """Resting orders by price and time; ``update_id`` grows with each change."""

    def __init__(self) -> None:
        self._halves = {side: _Half(side) for side in Side}
        self.update_id = 1
        self._told_id = 1
        self._changed: dict[tuple[Side, Decimal], None] = {}

    def take_change(self) -> BookChange | None:
        """What changed since the last call, for those who publish differences."""
        if not self._changed:
            return None
        change = BookChange(self._told_id + 1, self.update_id, tuple(self._changed))
        self._told_id = self.update_id
        self._changed.clear()
        return change

    def add(self, order: Order) -> None:
        """Put an order at the end of the queue of its price."""
        assert order.price is not None
        level = self._halves[order.side].level(order.price)
        level.orders[order.number] = order
        level.total += order.remaining
        self._note(order.side, order.price)

    def remove(self, order: Order) -> None:
        """Take an order out."""
        assert order.price is not None
        half = self._halves[order.side]
        level = half.levels[order.price]
        del level.orders[order.number]
        level.total -= order.remaining
        if not level.orders:
            half.drop(order.price)
        self._note(order.side, order.price)

    def reduce(self, order: Order, quantity: Decimal) -> None:
        """The order is about to want less by ``quantity`` and keeps its place."""
        assert order.price is not None
        self._halves[order.side].levels[order.price].total -= quantity
        self._note(order.side, order.price)

    def holds(self, order: Order) -> bool:
        """Whether the order rests here."""
        level = self._halves[order.side].levels.get(order.price) if order.price is not None else None
        return level is not None and order.number in level.orders

    def best(self, side: Side) -> Decimal | None:
        """The best price of a side."""
        return self._halves[side].best

    def front(self, side: Side) -> Order | None:
        """The order that is filled first."""
        price = self._halves[side].best
        if price is None:
            return None
        return next(iter(self._halves[side].levels[price].orders.values()))

    def quantity_at(self, side: Side, price: Decimal) -> Decimal:
        """What rests at a price."""
        level = self._halves[side].levels.get(price)
        return level.total if level is not None else ZERO

    def walk(self, side: Side) -> Iterator[tuple[Decimal, Level]]:
        """The levels of a side, best first."""
        return self._halves[side].walk()

    def depth(self, side: Side, limit: int = 0) -> list[tuple[Decimal, Decimal]]:
        """Prices and quantities of a side, best first."""
        rows = []
        for price, level in self.walk(side):
            rows.append((price, level.total))
            if limit and len(rows) == limit:
                break
        return rows

    def crosses(self, side: Side, price: Decimal | None) -> bool:
        """Whether an order of that side and price would trade at once; without a price, any would."""
        best = self._halves[_other(side)].best
        if best is None:
            return False
        return price is None or (price - best) * side.sign >= 0

    def takeable(self, side: Side, price: Decimal | None) -> Iterator[tuple[Decimal, Level]]:
        """The levels that an order of that side and price would trade with."""
        for at, level in self.walk(_other(side)):
            if price is not None and (price - at) * side.sign < 0:
                return
            yield at, level

    def _note(self, side: Side, price: Decimal) -> None:
        self.update_id += 1
        self._changed[side, price] = None


def _other(side: Side) -> Side:
    return Side.SELL if side is Side.BUY else Side.BUY
