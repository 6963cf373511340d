"""All orders that matter now: the events of the journal, applied one after another."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from .events import Event, Filled
from .orders import Alarm, LiveOrder, foreign_key, step

__all__ = ["Book", "Outcome"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an event did: the order before (if there was one) and after it."""

    event: Event
    before: LiveOrder | None
    after: LiveOrder
    alarms: tuple[Alarm, ...] = ()

    @property
    def new(self) -> bool:
        """Whether the event told anything that was not known."""
        return self.after is not self.before or bool(self.alarms)


class Book:
    """Orders by key, and the fills that were counted."""

    def __init__(self, events: Iterable[Event] = ()) -> None:
        self._orders: dict[str, LiveOrder] = {}
        self._by_venue: dict[tuple[str, str], str] = {}
        self._fills: dict[tuple[str, str], str] = {}
        self._alive: dict[str, None] = {}
        for event in events:
            self.apply(event)

    def apply(self, event: Event) -> Outcome:
        """Count an event in; one that was counted before changes nothing."""
        before = self._orders.get(event.key)
        if isinstance(event, Filled):
            assert before is not None, f"a fill for an order that never was: {event}"
            if event.fill.key in self._fills:
                return Outcome(event, before, before)
            self._fills[event.fill.key] = event.key
        found = step(before, event)
        order = found.order
        self._orders[event.key] = order
        if order.venue_id:
            self._by_venue[order.intent.symbol, order.venue_id] = event.key
        if order.final:
            self._alive.pop(event.key, None)
        else:
            self._alive[event.key] = None
        return Outcome(event, before, order, found.alarms)

    def get(self, key: str) -> LiveOrder | None:
        """The order, if it is in the book."""
        return self._orders.get(key)

    def find(self, symbol: str, *, client_id: str = "", venue_id: str = "") -> LiveOrder | None:
        """The order a venue speaks of, by whatever id it gives."""
        named = self._orders.get(client_id)
        if named is not None and named.intent.symbol == symbol:
            return named
        return self._orders.get(self._by_venue.get((symbol, venue_id)) or foreign_key(symbol, venue_id))

    def knows(self, fill: tuple[str, str]) -> bool:
        """Whether the fill was counted."""
        return fill in self._fills

    def alive(self) -> list[LiveOrder]:
        """The orders that have not come to their end, oldest first."""
        return [self._orders[key] for key in self._alive]

    def forget(self, keep: int) -> int:
        """Let go of the oldest orders that are done, beyond ``keep``; how many went."""
        done = [key for key, order in self._orders.items() if order.final]
        gone = set(done[: max(len(done) - keep, 0)])
        for key in gone:
            order = self._orders.pop(key)
            for venue_id in (order.venue_id, *order.former_ids):
                self._by_venue.pop((order.intent.symbol, venue_id), None)
        if gone:
            self._fills = {fill: key for fill, key in self._fills.items() if key not in gone}
        return len(gone)

    def __iter__(self) -> Iterator[LiveOrder]:
        return iter(list(self._orders.values()))

    def __len__(self) -> int:
        return len(self._orders)

    def __contains__(self, key: str) -> bool:
        return key in self._orders
