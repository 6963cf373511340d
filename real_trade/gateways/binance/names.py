"""Which client id goes with which id of the venue, as far as answers and events told.

Lists of trades name the venue's id only, and a conditional order on futures gets another one when it
triggers.  The venue counts orders by symbol, so an id without its symbol is none.  This is a hint for
the reader, not a record: it is bounded, lost at the end, and nothing depends on it being complete.
"""

from __future__ import annotations

from collections import OrderedDict
from typing import Final

from ...model import is_ours

__all__ = ["ALGO", "Names"]

#: Before the id of a conditional order: its numbers are not those of other orders.
ALGO: Final = "algo-"


class Names:
    """The last ``limit`` pairs of ids."""

    def __init__(self, limit: int = 10_000) -> None:
        self._limit = limit
        self._clients: OrderedDict[tuple[str, str], str] = OrderedDict()
        self._bound: dict[tuple[str, str], str] = {}

    def learn(self, symbol: str, venue_id: str, client_id: str) -> str:
        """Remember the pair; the answer is the client id the order goes by, which `bind` may have set."""
        there = symbol, venue_id
        client_id = self._bound.get(there, client_id)
        known = self._clients.get(there, "")
        if known != client_id and is_ours(known) and not is_ours(client_id):
            # changed by hand, which gives an order another id; it stays ours
            client_id = known
        if client_id:
            self._clients[there] = client_id
            self._clients.move_to_end(there)
            if len(self._clients) > self._limit:
                self._bound.pop(self._clients.popitem(last=False)[0], None)
        return client_id

    def bind(self, symbol: str, venue_id: str, client_id: str) -> None:
        """The venue made this order of one with that client id, whatever it calls it itself."""
        if client_id:
            self._bound[symbol, venue_id] = client_id
            self.learn(symbol, venue_id, client_id)

    def of(self, symbol: str, venue_id: str) -> str:
        """The client id, or nothing if it is not known."""
        return self._clients.get((symbol, venue_id), "")
