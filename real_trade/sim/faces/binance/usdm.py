"""Binance USDⓈ-M futures: listing, sockets and listen keys."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

from ....model import TimeInForce
from ...book import BookChange
from ...events import Event
from ...instruments import Listing
from ...orders import Order
from ...refusals import Refused
from . import usdm_account, usdm_algo, usdm_orders
from .errors import BinanceError, usdm_error
from .face import BinanceFace
from .limits import Rule
from .market import market_table
from .streams import Streams
from .table import Ask, Table
from .usdm_user import UsdmUser

if TYPE_CHECKING:
    from ...rooms import Socket
    from ...venue import Venue

__all__ = ["Usdm"]

TABLE = market_table("/fapi/v1", socket=False)
TABLE.merge(usdm_orders.TABLE)
TABLE.merge(usdm_algo.TABLE)
TABLE.merge(usdm_account.TABLE)

_TYPES = [
    "LIMIT",
    "MARKET",
    "STOP",
    "STOP_MARKET",
    "TAKE_PROFIT",
    "TAKE_PROFIT_MARKET",
    "TRAILING_STOP_MARKET",
]


@TABLE.on("GET /fapi/v1/exchangeInfo", action="listing")
def exchange_info(ask: Ask) -> dict[str, Any]:
    """What is listed, with all filters."""
    face: Usdm = ask.face
    assets = sorted({row.settle for row in face.listings.values()})
    return {
        "timezone": "UTC", "serverTime": face.clock.api_ms(), "futuresType": "U_MARGINED",
        "rateLimits": face.limits.describe(), "exchangeFilters": [],
        "assets": [{"asset": asset, "marginAvailable": True,
        "autoAssetExchange": "-10000"} for asset in assets],
        "symbols": [_listing(word, row, face) for word, row in face.listings.items()],
    }  # fmt: skip


def _listing(word: str, listing: Listing, face: Usdm) -> dict[str, Any]:
    money = face.money
    lot = {"minQty": money(listing.min_quantity), "stepSize": money(listing.step)}
    return {
        "symbol": word, "pair": word, "contractType": "PERPETUAL", "deliveryDate": 4133404800000,
        "onboardDate": 1569398400000,
        "status": "SETTLING" if face.engine.market(listing.symbol).halted else "TRADING",
        "maintMarginPercent": "2.5000", "requiredMarginPercent": "5.0000", "baseAsset": listing.base,
        "quoteAsset": listing.quote, "marginAsset": listing.settle, "pricePrecision": _places(listing.tick),
        "quantityPrecision": _places(listing.step), "baseAssetPrecision": 8, "quotePrecision": 8,
        "underlyingType": "COIN", "underlyingSubType": ["PoW"], "triggerProtect": "0.0500",
        "liquidationFee": "0.012500", "marketTakeBound": "0.05", "maxMoveOrderLimit": 10000,
        "filters": [
            {"filterType": "PRICE_FILTER", "minPrice": money(listing.min_price),
             "maxPrice": money(listing.max_price), "tickSize": money(listing.tick)},
            {"filterType": "LOT_SIZE", "maxQty": money(listing.max_quantity), **lot},
            {"filterType": "MARKET_LOT_SIZE", "maxQty": money(listing.market_max_quantity), **lot},
            {"filterType": "MAX_NUM_ORDERS", "limit": listing.max_open_orders},
            {"filterType": "MAX_NUM_ALGO_ORDERS", "limit": listing.max_waiting_orders},
            {"filterType": "MIN_NOTIONAL", "notional": f"{listing.min_notional}"},
            {"filterType": "PERCENT_PRICE", "multiplierUp": f"{listing.band_up}",
             "multiplierDown": f"{listing.band_down}", "multiplierDecimal": "4"},
        ],
        "orderTypes": _TYPES, "timeInForce": ["GTC", "IOC", "FOK", "GTX", "GTD"],
    }  # fmt: skip


def _places(step: Decimal) -> int:
    return max(0, -int(step.normalize().as_tuple().exponent))


@TABLE.on("POST /fapi/v1/listenKey", action="listen_key", ws="userDataStream.start", security="key")
def start_stream(ask: Ask) -> dict[str, Any]:
    """A key for the user stream: the one that the account has, or a new one."""
    return {"listenKey": ask.face.keys.start(ask.account.name)}


@TABLE.on("PUT /fapi/v1/listenKey", action="keep_alive", ws="userDataStream.ping", security="key")
def keep_stream(ask: Ask) -> dict[str, Any]:
    """Keep the key for another hour."""
    return {"listenKey": ask.face.keys.keep(ask.account.name)}


@TABLE.on("DELETE /fapi/v1/listenKey", action="listen_key", ws="userDataStream.stop", security="key")
def stop_stream(ask: Ask) -> dict[str, Any]:
    """End the user stream."""
    ask.face.keys.stop(ask.account.name)
    return {}


class ListenKeys:
    """Keys of user streams, which expire unless they are kept alive."""

    def __init__(self, face: Usdm) -> None:
        self._face = face
        self._keys: dict[str, tuple[str, float]] = {}
        self._made = 0

    def start(self, account: str) -> str:
        """The account's key, kept alive, or a new one."""
        if account not in self._keys:
            self._made += 1
            seed = f"{self._face.venue.config.seed}/{account}/{self._made}"
            self._keys[account] = (hashlib.sha256(seed.encode()).hexdigest(), 0.0)
        return self.keep(account)

    def keep(self, account: str) -> str:
        """Keep it alive."""
        if account not in self._keys:
            raise BinanceError(-1125, "This listenKey does not exist.")
        key = self._keys[account][0]
        minutes = self._face.venue.config.listen_key_minutes
        self._keys[account] = (key, self._face.clock.link_s() + minutes * 60)
        return key

    def stop(self, account: str) -> None:
        """The key is no longer good."""
        self._keys.pop(account, None)

    def owner(self, key: str) -> str:
        """The account that a key belongs to; empty if to none."""
        return next((account for account, (known, _) in self._keys.items() if known == key), "")

    def expire(self, *, every: bool = False) -> None:
        """Forget keys whose time is over, or all, and tell their streams."""
        now = self._face.clock.link_s()
        for account, (key, until) in list(self._keys.items()):
            if every or until <= now:
                del self._keys[account]
                self._face.user.expired(key)


class Usdm(BinanceFace):
    """The USDⓈ-M market."""

    name = "binanceusdm"
    kind = "perpetual"
    # the demo account has names of its own: settings with ``testnet = true`` lead here as well
    api_hosts = ("ws-fapi.binance.com", "testnet.binancefuture.com")
    stream_hosts = ("fstream.binance.com", "fstream.binancefuture.com")
    hosts = ("fapi.binance.com", "demo-fapi.binance.com", *api_hosts, *stream_hosts)
    table: Table = TABLE
    messages_per_second = 10
    weight_rule = Rule(2400, 60, "1M", "MINUTE", 1)
    order_rules = (Rule(300, 10, "10S", "SECOND", 10), Rule(1200, 60, "1M", "MINUTE", 1))

    def __init__(self, venue: Venue) -> None:
        super().__init__(venue)
        self.streams = Streams(self)
        self.user = UsdmUser(self)
        self.keys = ListenKeys(self)
        self._countdowns: dict[tuple[str, str], Any] = {}

    def money(self, value: Decimal | None) -> str:
        """An amount as it is written here: no more zeros than there must be."""
        text = f"{value or Decimal(0):.8f}".rstrip("0")
        return text + "00" if text.endswith(".") else text

    def refusal(self, refused: Refused, symbol: str = "") -> BinanceError:
        """A refusal in the words of USDⓈ-M."""
        listing = self.listings.get(symbol)
        return usdm_error(refused, f"{listing.min_notional}" if listing else "100")

    def door(self, host: str, path: str) -> str:
        """Where sockets open: by category, or all in one place as of old."""
        if host in self.api_hosts:
            return "api" if path.rstrip("/") == "/ws-fapi/v1" else ""
        parts = path.strip("/").split("/")
        if host not in self.stream_hosts or not parts:
            return ""
        if parts[0] == "private" or (parts[0] == "ws" and len(parts) == 2 and self.keys.owner(parts[1])):
            return "user"
        return "market" if parts[0] in ("public", "market", "ws", "stream") else ""

    def open(self, socket: Socket, path: str, query: str) -> None:
        """A market socket may name streams in its address, a user socket its listen key."""
        if socket.kind == "market":
            self.streams.open(socket, path, query)
        elif socket.kind == "user":
            key = parse_qs(query).get("listenKey", [path.rstrip("/").rsplit("/", 1)[-1]])[0]
            self.user.open(socket, key, self.keys.owner(key))

    def hear(self, socket: Socket, text: str) -> Any:
        """Nothing is said on a user socket."""
        return None if socket.kind == "user" else super().hear(socket, text)

    def closed(self, socket: Socket) -> None:
        """Forget a socket."""
        self.streams.closed(socket)
        self.user.closed(socket)

    def tell(self, event: Event) -> None:
        """Pass on what happens."""
        self.streams.tell(event)
        self.user.tell(event)

    def flush(self, changes: Mapping[str, BookChange]) -> None:
        """Publish candles, depth and tickers."""
        self.streams.flush(changes)

    def tend(self) -> None:
        """Forget keys whose hour is over."""
        self.keys.expire()

    def expire_keys(self) -> None:
        """Forget all keys."""
        self.keys.expire(every=True)

    def end_streams(self) -> None:
        """The same, as far as a client sees."""
        self.keys.expire(every=True)

    def countdown(self, account: str, symbol: str, wait_ms: int) -> None:
        """End all orders of a symbol in a while; 0 calls it off."""
        running = self._countdowns.pop((account, symbol), None)
        if running is not None:
            running.cancel()
        if wait_ms:
            self._countdowns[account, symbol] = self.clock.link_after(
                wait_ms / 1000, lambda: self._count_down(account, symbol)
            )

    def _count_down(self, account: str, symbol: str) -> None:
        for order in self.engine.open_orders(account, symbol):
            self.engine.cancel(order, reason="countdown")

    @staticmethod
    def time_word(order: Order) -> str:
        """How long an order stands."""
        if order.ticket.close_position:
            return "GTE_GTC"
        if order.ticket.post_only:
            return "GTX"
        if order.ticket.expires_ms:
            return "GTD"
        return {TimeInForce.IOC: "IOC", TimeInForce.FOK: "FOK"}.get(order.ticket.time_in_force, "GTC")

    @staticmethod
    def side_word(side: str) -> str:
        """The position side."""
        return side.upper() or "BOTH"
