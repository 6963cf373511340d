"""Binance spot: orders, account and listing, by REST and over the WebSocket API."""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from ....model import OrderKind, TimeInForce
from ...book import BookChange
from ...events import Event
from ...instruments import Listing
from ...orders import Order
from ...refusals import Refused
from . import spot_account, spot_orders
from .errors import BinanceError, spot_error
from .face import BinanceFace
from .limits import Rule
from .market import market_table
from .spot_user import SpotUser
from .streams import Streams
from .table import Ask, Table

if TYPE_CHECKING:
    from ...rooms import Socket
    from ...venue import Venue

__all__ = ["Spot"]

TABLE = market_table("/api/v3")
TABLE.merge(spot_orders.TABLE)
TABLE.merge(spot_account.TABLE)


@TABLE.on("GET /api/v3/exchangeInfo", action="listing", ws="exchangeInfo", weight=20)
def exchange_info(ask: Ask) -> dict[str, Any]:
    """What is listed, with all filters."""
    face: Spot = ask.face
    words = _wanted(ask, face)
    return {
        "timezone": "UTC", "serverTime": face.clock.api_ms(), "rateLimits": face.limits.describe(),
        "exchangeFilters": [], "symbols": [_listing(word, face.listings[word], face) for word in words],
    }  # fmt: skip


def _wanted(ask: Ask, face: Spot) -> list[str]:
    if "symbol" in ask.params:
        words = [ask.params.text("symbol")]
    elif "symbols" in ask.params:
        words = json.loads(ask.params.text("symbols"))
    else:
        return list(face.listings)
    for word in words:
        face.ours(word)
    return words


def _listing(word: str, listing: Listing, face: Spot) -> dict[str, Any]:
    money = face.money
    lot = {"minQty": money(listing.min_quantity), "stepSize": money(listing.step)}
    market_most = listing.market_max_quantity or listing.max_quantity
    return {
        "symbol": word, "status": "BREAK" if face.engine.market(listing.symbol).halted else "TRADING",
        "baseAsset": listing.base, "baseAssetPrecision": 8, "quoteAsset": listing.quote,
        "quotePrecision": 8, "quoteAssetPrecision": 8, "baseCommissionPrecision": 8,
        "quoteCommissionPrecision": 8,
        "orderTypes": ["LIMIT", "LIMIT_MAKER", "MARKET", "STOP_LOSS", "STOP_LOSS_LIMIT", "TAKE_PROFIT",
                       "TAKE_PROFIT_LIMIT"],
        "icebergAllowed": False, "ocoAllowed": False, "otoAllowed": False,
        "quoteOrderQtyMarketAllowed": True, "allowTrailingStop": True, "cancelReplaceAllowed": True,
        "amendAllowed": True, "isSpotTradingAllowed": True, "isMarginTradingAllowed": False,
        "filters": [
            {"filterType": "PRICE_FILTER", "minPrice": money(listing.min_price),
             "maxPrice": money(listing.max_price), "tickSize": money(listing.tick)},
            {"filterType": "LOT_SIZE", "maxQty": money(listing.max_quantity), **lot},
            {"filterType": "MARKET_LOT_SIZE", "maxQty": money(market_most), **lot, "stepSize": "0.00000000",
             "minQty": "0.00000000"},
            {"filterType": "PERCENT_PRICE_BY_SIDE", "bidMultiplierUp": f"{listing.band_up}",
             "bidMultiplierDown": f"{listing.band_down}", "askMultiplierUp": f"{listing.band_up}",
             "askMultiplierDown": f"{listing.band_down}", "avgPriceMins": 5},
            {"filterType": "NOTIONAL", "minNotional": money(listing.min_notional), "applyMinToMarket": True,
             "maxNotional": "9000000.00000000", "applyMaxToMarket": False, "avgPriceMins": 5},
            {"filterType": "MAX_NUM_ORDERS", "maxNumOrders": listing.max_open_orders},
            {"filterType": "MAX_NUM_ALGO_ORDERS", "maxNumAlgoOrders": listing.max_waiting_orders},
        ],
        "permissions": [], "permissionSets": [["SPOT"]],
        "defaultSelfTradePreventionMode": "EXPIRE_MAKER",
        "allowedSelfTradePreventionModes": ["NONE", "EXPIRE_TAKER", "EXPIRE_MAKER", "EXPIRE_BOTH"],
    }  # fmt: skip


@TABLE.on("GET /api/v3/avgPrice", action="market", ws="avgPrice", weight=2)
def average_price(ask: Ask) -> dict[str, Any]:
    """The average price of five minutes."""
    face: Spot = ask.face
    symbol = ask.listing_symbol
    minutes = face.venue.tape(symbol).minutes[-5:]
    volume = sum((minute.volume for minute in minutes), Decimal(0))
    money = sum((minute.money for minute in minutes), Decimal(0))
    price = money / volume if volume else face.engine.market(symbol).last
    return {"mins": 5, "price": face.money(price), "closeTime": face.clock.now_ms()}


class Spot(BinanceFace):
    """The spot market."""

    name = "binance"
    kind = "spot"
    # the test network has names of its own: settings with ``testnet = true`` lead here as well
    api_hosts = ("ws-api.binance.com", "ws-api.testnet.binance.vision")
    stream_hosts = ("stream.binance.com", "stream.testnet.binance.vision")
    hosts = ("api.binance.com", "dapi.binance.com", "testnet.binance.vision", *api_hosts, *stream_hosts)
    table: Table = TABLE
    messages_per_second = 5
    weight_rule = Rule(6000, 60, "1M", "MINUTE", 1)
    order_rules = (Rule(100, 10, "10S", "SECOND", 10), Rule(200_000, 86400, "1D", "DAY", 1))

    def __init__(self, venue: Venue) -> None:
        super().__init__(venue)
        self.streams = Streams(self)
        self.user = SpotUser(self)

    def refusal(self, refused: Refused, symbol: str = "") -> BinanceError:
        """A refusal in the words of spot."""
        return spot_error(refused)

    def door(self, host: str, path: str) -> str:
        """Where sockets open."""
        if host in self.api_hosts:
            return "api" if path.rstrip("/") == "/ws-api/v3" else ""
        if host in self.stream_hosts and path.split("/")[1] in ("ws", "stream"):
            return "market"
        return ""

    def open(self, socket: Socket, path: str, query: str) -> None:
        """Market sockets may name streams in their address."""
        if socket.kind == "market":
            self.streams.open(socket, path, query)

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

    def end_streams(self) -> None:
        """End all user streams."""
        self.user.end_all()

    @staticmethod
    def time_word(order: Order) -> str:
        """How long an order stands."""
        if order.kind in (OrderKind.MARKET, OrderKind.STOP, OrderKind.TAKE_PROFIT):
            return "GTC"
        return {TimeInForce.IOC: "IOC", TimeInForce.FOK: "FOK"}.get(order.ticket.time_in_force, "GTC")
