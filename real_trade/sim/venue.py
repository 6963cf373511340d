"""A whole venue: engine, house, clock, faces, faults and the way in."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from ..errors import ConfigError
from ..model import OrderKind, Side
from .accounts import Account
from .book import Book
from .candles import Tape
from .clock import Clock
from .config import AccountConfig, VenueConfig
from .driver import Driver, schedule_funding
from .engine import Engine
from .events import Event, Traded
from .faces.base import Face
from .faults import Fault, Faults
from .house import House
from .orders import Execution, Order, Ticket
from .paths import open_path
from .server import Server
from .wire import Link, make_certificates
from .wirelog import WireLog

if TYPE_CHECKING:
    import aiohttp

__all__ = ["Venue"]


class Venue:
    """Runs inside ``async with``; see the package for how it is used."""

    def __init__(self, config: VenueConfig | None = None, **changes: Any) -> None:
        self.config = replace(config or VenueConfig(), **changes)
        self.clock = Clock(self.config.speed, self.config.start_ms)
        self.engine = Engine(self.config.listings, self.clock.now_ms)
        self.faults = Faults(self.config.seed)
        self.faults.load(list(self.config.faults))
        self.faults.doer = self._do
        self.log = WireLog(self.config.log_file, self.config.log_kept)
        for account in self.config.accounts:
            self.open_account(account)
        now = self.clock.now_ms()
        self._tapes = {
            symbol: Tape(now, market.listing.start_price) for symbol, market in self.engine.markets.items()
        }
        self.houses: dict[str, House] = {}
        if self.config.house is not None:
            for symbol in self.engine.markets:
                self.houses[symbol] = House(self.engine, symbol, self.config.house, self.config.seed)
        self.drivers = {symbol: self._driver(symbol, source) for symbol, source in self._sources()}
        self.faces: list[Face] = [face for name in self.config.faces for face in _faces(name, self)]
        hosts = tuple(host for face in self.faces for host in face.hosts)
        self.certificates = make_certificates(hosts)
        self.server = Server(self)
        self._hosts = hosts
        self._link: Link | None = None
        self._due = False
        #: Mistakes of the venue itself: raised when it closes.
        self.failures: list[Exception] = []
        self._tasks: set[asyncio.Task[None]] = set()
        self.engine.listeners.append(self._tell)

    def _sources(self) -> list[tuple[str, str]]:
        for symbol in self.config.data:
            if symbol not in self.engine.markets:
                raise ConfigError(f"{symbol} is not listed; listed are {', '.join(self.engine.markets)}")
        if self.config.data and not self.houses:
            raise ConfigError("a venue without a house cannot follow a path")
        return [(symbol, source) for symbol, source in self.config.data.items() if source != "flat"]

    def _driver(self, symbol: str, source: str) -> Driver:
        listing = self.engine.markets[symbol].listing
        ticks = open_path(source, listing, self.config.seed, self.config.tick_seconds)
        assert ticks is not None
        history = self.config.history_minutes * 60_000
        return Driver(self.clock, self.houses[symbol], self._tapes[symbol], ticks, history)

    # -- life --------------------------------------------------------------------------------------
    async def __aenter__(self) -> Venue:
        for driver in self.drivers.values():
            driver.start()
        for symbol, house in self.houses.items():
            house.requote()
            if house.market.listing.is_perpetual:
                schedule_funding(self.clock, self.engine.liquidation, symbol)
        await self.server.start(self.config.port)
        self._link = Link(self.server.port, self.certificates.authority, self._hosts)
        self.clock.moved.append(self._moved)
        self.clock.start()
        self._keep(self._tend())
        return self

    async def __aexit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        self.faults.clear()
        try:
            await self.clock.stop()
        except Exception as failed:
            self.failures.append(failed)
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        ended = await asyncio.gather(*tasks, return_exceptions=True)
        self.failures += [failed for failed in ended if isinstance(failed, Exception)]
        await self.server.stop()
        self.log.close()
        # A venue with a mistake of its own proves nothing about its clients.
        if self.failures and error is None:
            raise self.failures[0]

    async def restart(self, down: float = 0.0) -> None:
        """Go down, cutting everybody off, and come up again on the same port with all orders and money."""
        port = self.server.port
        await self.server.stop()
        await asyncio.sleep(down)
        await self.server.start(port)

    async def settle(self) -> None:
        """Let everything that happened go out to the clients."""
        for _ in range(3):
            await asyncio.sleep(0)
        self._moved()
        await self.server.settle()

    def _keep(self, work: Any) -> None:
        task: asyncio.Task[None] = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _tend(self) -> None:
        ticks = 0
        while True:
            await asyncio.sleep(0.1)
            ticks += 1
            if not self.clock.stepped:
                self._flush()
            if ticks % 10 == 0:
                self._age()

    def _age(self) -> None:
        for face in self.faces:
            face.tend()
        self.server.age()

    def _moved(self) -> None:
        self._flush()
        self._age()

    def _flush(self) -> None:
        taken = {symbol: market.book.take_change() for symbol, market in self.engine.markets.items()}
        changes = {symbol: change for symbol, change in taken.items() if change is not None}
        for face in self.faces:
            face.flush(changes)

    def _tell(self, event: Event) -> None:
        if isinstance(event, Traded):
            self._tapes[event.trade.symbol].trade(event.trade)
        for face in self.faces:
            face.tell(event)
        if self.clock.stepped or isinstance(event, Traded):
            self.publish_soon()

    def publish_soon(self) -> None:
        """Let what is gathered go out when the engine is through with what it does."""
        # Before the venue opens there is no loop, and nobody to hear.
        if not self._due and self._link is not None:
            self._due = True
            asyncio.get_running_loop().call_soon(self._soon)

    def _soon(self) -> None:
        self._due = False
        for house in self.houses.values():
            if house.config.refill and house.was_hit:
                house.requote(resting=True)
        if self.clock.stepped:
            self._flush()

    # -- the way in --------------------------------------------------------------------------------
    @property
    def link(self) -> Link:
        """What a client needs to know, in this process or in another."""
        if self._link is None:
            raise RuntimeError("the venue is not open: use it in `async with`")
        return self._link

    @property
    def hosts_asked(self) -> list[str]:
        """Every host that clients of `link` wanted to reach."""
        return self.link.asked

    def ssl_context(self) -> ssl.SSLContext:
        """A client's TLS context that believes the venue's throw-away authority and nobody else."""
        return self.link.ssl_context()

    def connector(self) -> aiohttp.TCPConnector:
        """A new aiohttp connector in which the venue's hosts lead here."""
        return self.link.connector()

    def client_settings(self) -> dict[str, Any]:
        """Attributes that a ccxt client is given before its first request."""
        return self.link.client_settings()

    def attach(self, exchange: Any) -> Any:
        """Let a ccxt client talk to this venue; gives the client back."""
        return self.link.attach(exchange)

    # -- looking and meddling ----------------------------------------------------------------------
    def open_account(self, config: AccountConfig) -> Account:
        """Take in another customer."""
        money = {wallet: dict(assets) for wallet, assets in config.money.items()}
        return self.engine.open_account(Account(config.name, money, keys=config.keys, hedged=config.hedged))

    def book(self, symbol: str) -> Book:
        """The book of a symbol."""
        return self.engine.market(symbol).book

    def tape(self, symbol: str) -> Tape:
        """Candles and day statistics of a symbol."""
        return self._tapes[symbol]

    def orders(self, account: str = "main", symbol: str = "", *, apart: bool | None = None) -> list[Order]:
        """All orders that an account ever had, oldest first.

        ``apart`` False leaves those out that wait under their own kind (algo orders), True leaves only them.
        """
        found: list[Order] = []
        for market in self._markets(symbol):
            for kind in (False, True) if apart is None else (apart,):
                found += market.register(apart=kind).all_of(account)
        return sorted(found, key=lambda order: order.created_ms)

    def open_orders(self, account: str = "main", symbol: str = "") -> list[Order]:
        """Those that are open."""
        return [order for order in self.orders(account, symbol) if order.is_open]

    def order(self, client_id: str, account: str = "main") -> Order | None:
        """The last order to which the account gave that id."""
        found = [order for order in self.orders(account) if order.client_id == client_id]
        return found[-1] if found else None

    def fills(self, account: str = "main", symbol: str = "") -> list[Execution]:
        """All fills of an account, by symbol and then oldest first."""
        return [fill for market in self._markets(symbol) for fill in market.executions[account]]

    def account(self, name: str = "main") -> Account:
        """An account with its money and its positions."""
        return self.engine.accounts[name]

    def _markets(self, symbol: str) -> list[Any]:
        return [self.engine.market(symbol)] if symbol else list(self.engine.markets.values())

    def move(self, symbol: str, price: Decimal | str, volume: Decimal | str = "0") -> None:
        """Let the price of a symbol move, and the crowd trade so much there."""
        self.engine.market(symbol)
        if not self.houses:
            raise ConfigError("a venue without a house has no price to move: place orders instead")
        self.houses[symbol].tick(Decimal(price), Decimal(volume))

    def place(
        self, account: str, symbol: str, side: str, quantity: Decimal | str,
        price: Decimal | str | None = None, **more: Any,
    ) -> Order:  # fmt: skip
        """Enter an order by hand, as if the owner of the account did on the venue's own pages."""
        more.setdefault("kind", OrderKind.MARKET if price is None else OrderKind.LIMIT)
        more.setdefault("origin", "manual")
        return self.engine.place(
            account,
            Ticket(
                symbol=symbol, side=Side(side), quantity=Decimal(quantity),
                price=None if price is None else Decimal(price), **more,
            ),
        )  # fmt: skip

    def cancel(self, order: Order) -> None:
        """Cancel an order by hand."""
        self.engine.cancel(order, reason="cancelled by hand")

    def fill(self, order: Order, quantity: Decimal | str | None = None) -> None:
        """Let an order that rests on the book be filled, in part or whole, by somebody else."""
        wanted = order.remaining if quantity is None else Decimal(quantity)
        side = "sell" if order.side is Side.BUY else "buy"
        self._counterparty(order, Side(side), wanted)

    def _counterparty(self, order: Order, side: Side, wanted: Decimal) -> None:
        market = self.engine.market(order.symbol)
        if not market.book.holds(order):
            raise ValueError(f"order {order.number} does not rest on the book")
        if "filler" not in self.engine.accounts:
            self.engine.open_account(Account("filler", unlimited=True, remembered=False))
        self.engine.matcher.meet(market, order, "filler", side, wanted)

    def _do(self, fault: Fault, facts: Mapping[str, str], at_once: bool) -> None:
        from .mishaps import carry_out

        if at_once:
            carry_out(self, fault, dict(facts))
        else:
            # What strikes while the engine is busy happens right afterwards.
            asyncio.get_running_loop().call_soon(carry_out, self, fault, dict(facts))


def _faces(name: str, venue: Venue) -> list[Face]:
    if name == "binance":
        from .faces.binance import faces

        return faces(venue)
    raise ValueError(f"there is no face {name!r}; there is binance")
