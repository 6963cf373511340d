"""A venue on loopback, with the exchanges' own wire protocols, for rehearsals and for tests.

One matching engine, a market that follows a price path, and faces: Binance spot and USDⓈ-M so far.  It is
served over TLS under the real host names, so that an unmodified client with its real addresses talks to it;
what is changed is only where names lead and which authority is believed.  Nothing else is ever contacted.

In a test::

    async with Venue(data={"BTC/USDT": "flat"}) as venue:
        exchange = venue.attach(ccxt.pro.binance({"apiKey": KEY, "secret": SECRET}))
        await exchange.create_order("BTC/USDT", "limit", "buy", 0.01, 59000)
        venue.move("BTC/USDT", "58990")                # the price falls through the order
        await exchange.close()

``venue.client_settings()``
    The attributes that a ccxt client gets before its first request (``asyncio_loop ssl_context
    tcp_connector session``), for a gateway that takes its transport as an argument; ``venue.connector()``
    for anything else on aiohttp.  A new set for each client: closing the client closes them.
``venue.clock.advance(seconds)``
    Lets time pass on a stepped clock (the default; ``speed=1`` is the world's pace): prices, candles, keys
    that expire.  What a client is told as the server's time, and what its signatures are held against, is
    the world's time plus ``venue.clock.skew_ms``.  ``await venue.settle()`` waits until all is sent.
``venue.move(symbol, price, volume=0)``, ``venue.place(account, symbol, side, quantity, price=None)``,
``venue.cancel(order)``, ``venue.fill(order, quantity=None)``
    Meddling by hand: the price, orders from the venue's own pages, fills by somebody else.
``venue.orders(account)``, ``.open_orders(account)``, ``.order(client_id)``, ``.fills(account)``,
``.account(name)``, ``.book(symbol)``
    What the venue holds to be true: `orders.Order` and `orders.Execution`, with our symbols and `Decimal`.
``venue.faults.add({"when": "place", "what": "drop", "side": "after"})``, ``.do({...})``, ``.fired``,
``.clear()``, ``.release()``
    What goes wrong; see `faults` for all of it.  ``await venue.restart(down=1.0)`` keeps all orders.
``venue.log.requests("place")``, ``venue.log.records``, ``venue.hosts_asked``
    What went over the wire.

In a process of its own::

    python -m real_trade sim --data BTC/USDT=walk --info venue.json

and in another one ``Link.read("venue.json").attach(exchange)``; `RemoteVenue` starts such a process
and asks and meddles through its control API with the same calls.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .accounts import Key
    from .config import KEY, SECRET, AccountConfig, VenueConfig
    from .faults import Fault, FaultError, Faults
    from .house import HouseConfig
    from .instruments import STANDARD, Listing
    from .remote import RemoteVenue
    from .venue import Venue
    from .wire import Link

__all__ = [
    "KEY", "SECRET", "STANDARD", "AccountConfig", "Fault", "FaultError", "Faults", "HouseConfig", "Key",
    "Link", "Listing", "RemoteVenue", "Venue", "VenueConfig",
]  # fmt: skip

_HOMES = {
    "KEY": "config", "SECRET": "config", "AccountConfig": "config", "VenueConfig": "config",
    "Key": "accounts",
    "Fault": "faults", "FaultError": "faults", "Faults": "faults", "HouseConfig": "house",
    "STANDARD": "instruments", "Listing": "instruments", "Venue": "venue", "Link": "wire",
    "RemoteVenue": "remote",
}  # fmt: skip


def __getattr__(name: str) -> Any:
    """Load what is asked for: the venue needs aiohttp, its records do not."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f".{_HOMES[name]}", __name__), name)
