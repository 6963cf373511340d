"""Accepted orders that wait for their price, and the few of them a bar can possibly reach.

Orders are tried in the order they came.  Most of them are limits and stops that wait for a price far
away, and most users who have many of those have very many: these stand in two heaps a feed, one for
prices below the market and one for prices above it, and cost nothing on a bar that does not come
near.  Children of a bracket wait for their parent at no cost either.  Everything else is tried on
every bar.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from heapq import heappop, heappush
from typing import Any

from .bars import BarReader
from .matching import Bar

__all__ = ["Waiting"]

_LIMIT, _STOP = 2, 3

_Entry = tuple[float, int, Any]


class Waiting:
    """The accepted orders, first come first tried."""

    __slots__ = ("_books", "_each", "_last", "_orders", "_seats", "turn")

    def __init__(self) -> None:
        self._orders: dict[int, Any] = {}  # by seat
        self._seats: dict[int, int] = {}  # seat by ref
        self._each: dict[int, Any] = {}  # by seat: tried on every bar
        self._books: dict[Any, tuple[list[_Entry], list[_Entry], BarReader]] = {}  # by feed: below, above
        self._last = 0
        self.turn = 0  # the seat of the order that is being tried

    def __len__(self) -> int:
        return len(self._orders)

    def __iter__(self) -> Iterator[Any]:
        return iter(list(self._orders.values()))

    def append(self, order: Any) -> None:
        """Take in an order; it is the last to be tried."""
        self._last = seat = self._last + 1
        self._orders[seat] = order
        self._seats[order.ref] = seat
        if not self._wait(seat, order):
            self._each[seat] = order

    def take(self, ref: int) -> Any:
        """Take out the order of this number and return it; None if it is not here, or being tried."""
        seat = self._seats.get(ref)
        if seat is None or seat == self.turn:
            return None
        del self._seats[ref]
        self._each.pop(seat, None)
        return self._orders.pop(seat)

    def to_strike(self, refs: Iterable[int]) -> list[Any]:
        """Those of the orders with these numbers that are here, in the order in which they are ended.

        compat: the last to come is the first, but while a bar goes round, those which had their turn
        before the order that ends them come first.
        """
        seats = [self._seats[ref] for ref in refs if self._seats.get(ref, self.turn) != self.turn]
        seats.sort(key=lambda seat: (seat < self.turn, seat), reverse=True)
        return [self._orders[seat] for seat in seats]

    def try_again(self, ref: int) -> None:
        """Something about the order of this number changed: look where it has to wait now."""
        seat = self._seats.get(ref)
        if seat is not None and seat not in self._each:
            order = self._orders[seat]
            if not self._wait(seat, order):
                self._each[seat] = order

    def _wait(self, seat: int, order: Any) -> bool:
        """Let an order wait for its price, or for its parent, if that is all it needs."""
        own = order.__dict__
        if own.get("_valid"):
            return False
        asked = own.get("_asked")
        created = own["created"] if asked is None else asked.created
        if order._active:
            kind = order.exectype
            if kind != _LIMIT and kind != _STOP:
                return False
            price = asked.base if created is None else created.price
            if price != price:
                return False
            below, above, _ = self._book(order.data)
            if (kind == _LIMIT) != bool(order.ordtype):
                heappush(below, (-price, seat, order))
            else:
                heappush(above, (price, seat, order))
        if asked is not None:
            asked.waiting = self
        if created is not None:
            created.watch(self, order.ref)
        return True

    def _book(self, data: Any) -> tuple[list[_Entry], list[_Entry], BarReader]:
        book = self._books.get(data)
        if book is None:
            book = self._books[data] = [], [], BarReader(data)
        return book

    def bar(self, data: Any) -> Bar:
        """The bar that orders in this feed are matched with."""
        return self._book(data)[2]()

    def due(self) -> list[tuple[int, Any]]:
        """(seat, order) of all that this bar may concern, in the order they came."""
        found = list(self._each.items())
        for below, above, bar in self._books.values():
            if not (below or above):
                continue
            opened, high, low, _ = bar()
            # the one of the two that reaches further; a price that is none (NaN) reaches nothing
            floor = opened if opened < low or low != low else low
            while below and -below[0][0] >= floor:
                self._rise(heappop(below), found)
            ceiling = opened if opened > high or high != high else high
            while above and above[0][0] <= ceiling:
                self._rise(heappop(above), found)
        if len(found) > 1:
            found.sort()
        return found

    def _rise(self, entry: _Entry, found: list[tuple[int, Any]]) -> None:
        _, seat, order = entry
        if seat in self._orders and seat not in self._each:
            self._each[seat] = order
            found.append((seat, order))

    # -- while an order is tried, nobody can take it out -----------------------------------------
    def begin(self, seat: int) -> bool:
        """Whether the order is still here; from now on it is being tried."""
        self.turn = seat
        return seat in self._orders

    def end(self, seat: int, order: Any, alive: bool) -> None:
        """The order was tried; it stays if it is alive, waiting for its price if that is all it needs."""
        if alive:
            if self._wait(seat, order):
                self._each.pop(seat, None)
        else:
            self._each.pop(seat, None)
            del self._orders[seat], self._seats[order.ref]
