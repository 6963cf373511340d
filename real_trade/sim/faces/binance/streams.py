"""Binance's market streams: subscriptions by name, and what is published under each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

from ....model import Side
from ...book import BookChange
from ...candles import INTERVALS, Candle, closes_at
from ...events import Event, Traded
from ...orders import Trade
from .market import ticker

if TYPE_CHECKING:
    from ...rooms import Socket
    from .face import BinanceFace

__all__ = ["Streams"]

_MOST = 1024


class Streams:
    """Who listens to what.  Trades go out as they happen, the rest when the venue flushes."""

    def __init__(self, face: BinanceFace) -> None:
        self.face = face
        self._sockets: dict[int, Socket] = {}
        self._wanted: dict[str, dict[int, Socket]] = {}
        #: By stream: what was published last.
        self._last: dict[str, Any] = {}
        self._changes: Mapping[str, BookChange] = {}

    # -- subscriptions -----------------------------------------------------------------------------
    def open(self, socket: Socket, path: str, query: str) -> None:
        """``/ws/<stream>`` and ``/stream?streams=a/b`` subscribe by their address."""
        parts = path.strip("/").split("/")
        while parts and parts[0] in ("public", "market", "private"):
            parts = parts[1:]
        socket.memory["combined"] = parts[0] == "stream"
        socket.memory["streams"] = {}
        self._sockets[socket.number] = socket
        named = parse_qs(query).get("streams", [""])[0].split("/") if parts[0] == "stream" else parts[1:]
        for name in named:
            if "@" in name or name.startswith("!"):
                self._subscribe(socket, name)

    def hear(self, socket: Socket, message: Any) -> None:
        """``SUBSCRIBE``, ``UNSUBSCRIBE`` and ``LIST_SUBSCRIPTIONS``."""
        if not isinstance(message, dict) or "method" not in message:
            socket.answer({"error": {"code": 2, "msg": "Invalid request: request is not valid JSON"}})
            return
        number, names = message.get("id"), message.get("params") or []
        method = message["method"]
        if method == "LIST_SUBSCRIPTIONS":
            socket.answer({"result": list(socket.memory["streams"]), "id": number})
            return
        if method not in ("SUBSCRIBE", "UNSUBSCRIBE") or not all(isinstance(name, str) for name in names):
            socket.answer(
                {"error": {"code": 2, "msg": f"Invalid request: unknown method {method}"}, "id": number}
            )
            return
        for name in names:
            (self._subscribe if method == "SUBSCRIBE" else self._unsubscribe)(socket, name)
        socket.answer({"result": None, "id": number})

    def _subscribe(self, socket: Socket, name: str) -> None:
        if len(socket.memory["streams"]) >= _MOST:
            socket.close_soon(1008, b"too many streams")
            return
        socket.memory["streams"][name] = None
        self._wanted.setdefault(name, {})[socket.number] = socket
        self.face.venue.publish_soon()

    def _unsubscribe(self, socket: Socket, name: str) -> None:
        socket.memory["streams"].pop(name, None)
        sockets = self._wanted.get(name, {})
        sockets.pop(socket.number, None)
        if not sockets:
            self._wanted.pop(name, None)
            self._last.pop(name, None)

    def closed(self, socket: Socket) -> None:
        """A socket is gone."""
        self._sockets.pop(socket.number, None)
        for name in list(socket.memory.get("streams", {})):
            self._unsubscribe(socket, name)

    def _publish(self, name: str, word: str, payload: Any, symbol: str) -> None:
        event = payload.get("e", word) if isinstance(payload, dict) else word
        for socket in list(self._wanted.get(name, {}).values()):
            framed = {"stream": name, "data": payload} if socket.memory["combined"] else payload
            socket.push(framed, ("market", f"market:{word}", name, event), {"symbol": symbol})

    # -- at once -----------------------------------------------------------------------------------
    def tell(self, event: Event) -> None:
        """Trades."""
        if not self._wanted or not isinstance(event, Traded):
            return
        trade = event.trade
        word = self.face.theirs(trade.symbol)
        low = word.lower()
        if f"{low}@trade" in self._wanted:
            self._publish(f"{low}@trade", "trade", self._trade(trade, word), trade.symbol)
        if f"{low}@aggTrade" in self._wanted:
            told = self._trade(trade, word) | {
                "e": "aggTrade",
                "a": trade.number,
                "f": trade.number,
                "l": trade.number,
            }
            del told["t"]
            self._publish(f"{low}@aggTrade", "trade", told, trade.symbol)

    def _trade(self, trade: Trade, word: str) -> dict[str, Any]:
        money = self.face.money
        told = {
            "e": "trade", "E": self.face.clock.now_ms(), "s": word, "t": trade.number,
            "p": money(trade.price),
            "q": money(trade.quantity), "T": trade.time_ms, "m": trade.taker_side is Side.SELL,
        }  # fmt: skip
        return told | ({"M": True} if self.face.kind == "spot" else {"X": "MARKET"})

    # -- when the venue flushes ----------------------------------------------------------------------
    def flush(self, changes: Mapping[str, BookChange]) -> None:
        """Everything that changed since the last time, for those who listen."""
        self._changes = changes
        for name in list(self._wanted):
            self._one(name)

    def _one(self, name: str) -> None:
        word, _, rest = name.partition("@")
        if name.startswith("!"):
            self._every(name)
            return
        listing = self.face.listings.get(word.upper())
        if listing is None:
            return
        kind = rest.partition("@")[0]
        symbol = listing.symbol
        if kind.startswith("kline_"):
            self._kline(name, word.upper(), symbol, kind.removeprefix("kline_"))
        elif kind == "depth":
            self._difference(name, word.upper(), symbol)
        elif kind in ("depth5", "depth10", "depth20"):
            self._partial(name, word.upper(), symbol, int(kind.removeprefix("depth")))
        elif kind == "bookTicker":
            self._touch(name, word.upper(), symbol)
        elif kind in ("ticker", "miniTicker"):
            self._changed(name, "ticker", self._day(word.upper(), mini=kind == "miniTicker"), symbol)
        elif kind == "markPrice":
            self._changed(name, "mark", self._mark(word.upper(), symbol), symbol)

    def _changed(self, name: str, word: str, payload: dict[str, Any], symbol: str) -> None:
        """Publish if anything but the time is new."""
        compared = {key: value for key, value in payload.items() if key not in ("E", "C", "T", "O")}
        if self._last.get(name) != compared:
            self._last[name] = compared
            self._publish(name, word, payload, symbol)

    def _every(self, name: str) -> None:
        kind = name.strip("!").split("@")[0]
        if kind not in ("ticker", "miniTicker"):
            return
        rows = [self._day(word, mini=kind == "miniTicker") for word in self.face.listings]
        if self._last.get(name) != (told := [row["c"] for row in rows]):
            self._last[name] = told
            self._publish(name, "ticker", rows, "")

    def _kline(self, name: str, word: str, symbol: str, interval: str) -> None:
        if interval not in INTERVALS:
            return
        tape = self.face.venue.tape(symbol)
        tape.roll(self.face.clock.now_ms())
        current = tape.current(interval)
        shown: tuple[int, int] | None = self._last.get(name)
        at = current.open_ms if shown is None else shown[0]
        # Each candle that ended since is shown once more, closed.
        while at < current.open_ms:
            closed = tape.at(interval, at)
            self._publish(name, "kline", self._candle(word, interval, closed, closed=True), symbol)
            at = closes_at(interval, at) + 1
        if shown != (current.open_ms, current.last):
            self._last[name] = (current.open_ms, current.last)
            self._publish(name, "kline", self._candle(word, interval, current, closed=False), symbol)

    def _candle(self, word: str, interval: str, candle: Candle, *, closed: bool) -> dict[str, Any]:
        money = self.face.money
        return {
            "e": "kline", "E": self.face.clock.now_ms(), "s": word,
            "k": {
                "t": candle.open_ms, "T": closes_at(interval, candle.open_ms), "s": word, "i": interval,
                "f": candle.first, "L": candle.last, "o": money(candle.open), "c": money(candle.close),
                "h": money(candle.high), "l": money(candle.low), "v": money(candle.volume),
                "n": candle.trades,
                "x": closed, "q": money(candle.money), "V": money(candle.bought),
                "Q": money(candle.bought_money), "B": "0",
            },
        }  # fmt: skip

    def _difference(self, name: str, word: str, symbol: str) -> None:
        change = self._changes.get(symbol)
        if change is None:
            return
        book, money = self.face.engine.market(symbol).book, self.face.money
        rows = {
            side: [
                [money(price), money(book.quantity_at(side, price))]
                for s, price in change.levels
                if s is side
            ]
            for side in Side
        }
        now = self.face.clock.now_ms()
        told = {"e": "depthUpdate", "E": now, "s": word, "U": change.first_id, "u": change.last_id}
        if self.face.kind != "spot":
            told |= {"T": now, "pu": change.first_id - 1}
        self._publish(name, "depth", told | {"b": rows[Side.BUY], "a": rows[Side.SELL]}, symbol)

    def _partial(self, name: str, word: str, symbol: str, limit: int) -> None:
        book, money = self.face.engine.market(symbol).book, self.face.money
        if self._last.get(name) == book.update_id:
            return
        self._last[name] = book.update_id
        bids, asks = (
            [[money(price), money(quantity)] for price, quantity in book.depth(side, limit)]
            for side in (Side.BUY, Side.SELL)
        )
        told: dict[str, Any] = {"lastUpdateId": book.update_id, "bids": bids, "asks": asks}
        if self.face.kind != "spot":
            now = self.face.clock.now_ms()
            told = {"e": "depthUpdate", "E": now, "T": now, "s": word,
                    "U": book.update_id, "u": book.update_id,
                    "pu": book.update_id - 1, "b": bids, "a": asks}  # fmt: skip
        self._publish(name, "depth", told, symbol)

    def _touch(self, name: str, word: str, symbol: str) -> None:
        book, money = self.face.engine.market(symbol).book, self.face.money
        bid, ask = book.best(Side.BUY), book.best(Side.SELL)
        told: dict[str, Any] = {
            "u": book.update_id, "s": word, "b": money(bid), "B": money(book.quantity_at(Side.BUY,
            bid) if bid else None),
            "a": money(ask), "A": money(book.quantity_at(Side.SELL, ask) if ask else None),
        }  # fmt: skip
        touch = {key: value for key, value in told.items() if key != "u"}
        if self._last.get(name) == touch:
            return
        self._last[name] = touch
        if self.face.kind != "spot":
            now = self.face.clock.now_ms()
            told |= {"e": "bookTicker", "E": now, "T": now}
        self._publish(name, "book", told, symbol)

    def _day(self, word: str, *, mini: bool) -> dict[str, Any]:
        row = ticker(self.face, word)
        told = {
            "e": "24hrMiniTicker" if mini else "24hrTicker", "E": self.face.clock.now_ms(), "s": word,
            "c": row["lastPrice"], "o": row["openPrice"], "h": row["highPrice"], "l": row["lowPrice"],
            "v": row["volume"], "q": row["quoteVolume"],
        }  # fmt: skip
        if mini:
            return told
        return told | {
            "p": row["priceChange"], "P": row["priceChangePercent"], "w": row["weightedAvgPrice"],
            "x": row["prevClosePrice"], "Q": row["lastQty"], "b": row["bidPrice"], "B": row["bidQty"],
            "a": row["askPrice"], "A": row["askQty"], "O": row["openTime"], "C": row["closeTime"],
            "F": row["firstId"], "L": row["lastId"], "n": row["count"],
        }  # fmt: skip

    def _mark(self, word: str, symbol: str) -> dict[str, Any]:
        market, now, money = self.face.engine.market(symbol), self.face.clock.now_ms(), self.face.money
        mark = money(market.mark)
        return {
            "e": "markPriceUpdate", "E": now, "s": word, "p": mark, "i": mark, "P": mark,
            "r": f"{market.listing.funding_rate:.8f}", "T": (now // 28_800_000 + 1) * 28_800_000,
        }  # fmt: skip
