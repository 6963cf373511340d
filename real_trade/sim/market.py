"""The state of one symbol: its book, its orders and what was traded."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterator

from .book import Book
from .instruments import Listing
from .money import Money
from .orders import Execution, Order, Trade

__all__ = ["Market", "Register"]


class Register:
    """Orders by number and by the client's own id; ids may come again once an order is over."""

    def __init__(self, numbers: Iterator[int]) -> None:
        self._numbers = numbers
        self._by_number: dict[int, Order] = {}
        self._by_client: dict[tuple[str, str], Order] = {}
        self._open: defaultdict[str, dict[int, Order]] = defaultdict(dict)
        self._all: defaultdict[str, list[Order]] = defaultdict(list)

    def next_number(self) -> int:
        """A number for a new order."""
        return next(self._numbers)

    def add(self, order: Order, *, remember: bool) -> None:
        """Take in a new order."""
        self._by_number[order.number] = order
        self._open[order.account][order.number] = order
        if remember:
            self._by_client[order.account, order.client_id] = order
            self._all[order.account].append(order)

    def rename(self, order: Order, client_id: str) -> None:
        """The client calls its order something else from now on."""
        self._by_client.pop((order.account, order.client_id), None)
        order.client_id = client_id
        self._by_client[order.account, client_id] = order

    def close(self, order: Order, *, remember: bool) -> None:
        """The order is over."""
        self._open[order.account].pop(order.number, None)
        if not remember:
            self._by_number.pop(order.number, None)

    def number(self, number: int, account: str = "") -> Order | None:
        """The order with that number, if it is that account's."""
        found = self._by_number.get(number)
        return found if found is not None and account in ("", found.account) else None

    def client(self, client_id: str, account: str) -> Order | None:
        """The last order to which the account gave that id."""
        return self._by_client.get((account, client_id))

    def open_of(self, account: str) -> list[Order]:
        """Open orders of an account, oldest first."""
        return list(self._open[account].values())

    def count_open(self, account: str) -> int:
        """How many those are."""
        return len(self._open[account])

    def all_of(self, account: str) -> list[Order]:
        """All orders that an account ever had, oldest first."""
        return self._all[account]


class Market:
    """One symbol.  ``orders`` holds what has ordinary numbers, ``apart`` what waits under its own kind."""

    def __init__(
        self, listing: Listing, money: Money, numbers: Iterator[int], apart: Iterator[int], kept: int = 5000
    ) -> None:
        self.listing = listing
        self.money = money
        self.book = Book()
        self.orders = Register(numbers)
        self.apart = Register(apart)
        self.last = listing.start_price
        self.mark = listing.start_price
        self.trades: deque[Trade] = deque(maxlen=kept)
        self.executions: defaultdict[str, list[Execution]] = defaultdict(list)
        self.trade_number = 0
        self.halted = False
        #: Orders that wait for a price, kept apart so that a trade without any costs nothing.
        self.watched: dict[tuple[bool, int], Order] = {}

    def register(self, *, apart: bool) -> Register:
        """Where an order of that kind is kept."""
        return self.apart if apart else self.orders

    def find(
        self, account: str, *, number: int | None = None, client_id: str = "", apart: bool = False
    ) -> Order | None:
        """An account's order by its number, or else by its client id."""
        register = self.register(apart=apart)
        if number is not None:
            found = register.number(number, account)
            return found if found is None or not client_id or found.client_id == client_id else None
        return register.client(client_id, account)
