"""Market data by request: depth, trades, candles, tickers; the same on both markets but for details."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from ....model import Side
from ...candles import INTERVALS, Candle, closes_at
from ...market import Market
from ...orders import Trade
from .errors import BinanceError
from .params import Params
from .table import Ask, Table

__all__ = ["candle_row", "market_table", "ticker"]


def market_table(prefix: str, socket: bool = True) -> Table:
    """The table of one market; its paths begin with ``prefix`` (``/api/v3``)."""
    table = Table()

    def ws(name: str) -> str:
        return name if socket else ""

    def on(path: str, name: str, handler: Any, weight: int = 1, **more: Any) -> None:
        table.on(f"GET {prefix}/{path}", action="market", ws=ws(name), weight=weight, **more)(handler)

    table.on(f"GET {prefix}/ping", action="time", ws=ws("ping"))(lambda ask: {})
    table.on(f"GET {prefix}/time", action="time", ws=ws("time"))(
        lambda ask: {"serverTime": ask.face.clock.api_ms()}
    )
    on("depth", "depth", depth, weigh=_depth_weight)
    on("trades", "trades.recent", trades, 25)
    on("historicalTrades", "trades.historical", trades, 25)
    on("aggTrades", "trades.aggregate", agg_trades, 4)
    on("klines", "klines", klines, 2)
    on("ticker/24hr", "ticker.24hr", ticker_day, weigh=_ticker_weight(2, 80))
    on("ticker/price", "ticker.price", ticker_price, weigh=_ticker_weight(2, 4))
    on("ticker/bookTicker", "ticker.book", ticker_book, weigh=_ticker_weight(2, 4))
    return table


def _depth_weight(params: Params) -> int:
    limit = params.limit(100, 5000)
    return 5 if limit <= 100 else 25 if limit <= 500 else 50 if limit <= 1000 else 250


def _ticker_weight(one: int, every: int) -> Any:
    return lambda params: one if "symbol" in params else every


def _market(ask: Ask) -> Market:
    found: Market = ask.face.engine.market(ask.listing_symbol)
    return found


def depth(ask: Ask) -> dict[str, Any]:
    """Best levels of the book."""
    market, limit = _market(ask), ask.params.limit(100, 5000)
    face = ask.face
    told = {"lastUpdateId": market.book.update_id}
    if face.kind != "spot":
        told |= {"E": face.clock.now_ms(), "T": face.clock.now_ms()}
    return told | {
        word: [
            [face.money(price), face.money(quantity)] for price, quantity in market.book.depth(side, limit)
        ]
        for word, side in (("bids", Side.BUY), ("asks", Side.SELL))
    }


def _trades(ask: Ask) -> list[Trade]:
    """Those that are asked for: from an id or a time on, else the last ones."""
    market, params = _market(ask), ask.params
    limit = params.limit(500, 1000)
    start, end = params.maybe_integer("startTime"), params.maybe_integer("endTime")
    first = params.maybe_integer("fromId")
    found = [
        trade
        for trade in market.trades
        if (first is None or trade.number >= first)
        and (start is None or trade.time_ms >= start)
        and (end is None or trade.time_ms <= end)
    ]
    return found[:limit] if first is not None or start is not None else found[-limit:]


def trades(ask: Ask) -> list[dict[str, Any]]:
    """Recent trades, one by one."""
    face = ask.face
    return [
        {"id": trade.number, "price": face.money(trade.price), "qty": face.money(trade.quantity),
         "quoteQty": face.money(trade.price * trade.quantity), "time": trade.time_ms,
         "isBuyerMaker": trade.taker_side is Side.SELL, "isBestMatch": True}
        for trade in _trades(ask)
    ]  # fmt: skip


def agg_trades(ask: Ask) -> list[dict[str, Any]]:
    """Recent trades in the compressed form; each stands alone here."""
    face = ask.face
    return [
        {"a": trade.number, "p": face.money(trade.price), "q": face.money(trade.quantity),
         "f": trade.number, "l": trade.number, "T": trade.time_ms, "m": trade.taker_side is Side.SELL,
         "M": True}
        for trade in _trades(ask)
    ]  # fmt: skip


def klines(ask: Ask) -> list[list[Any]]:
    """Candles."""
    params, face = ask.params, ask.face
    interval = params.text("interval")
    if interval not in INTERVALS:
        raise BinanceError(-1120, "Invalid interval.")
    tape = face.venue.tape(ask.listing_symbol)
    tape.roll(face.clock.now_ms())
    rows = tape.candles(
        interval, params.maybe_integer("startTime"), params.maybe_integer("endTime"), params.limit(500, 1000)
    )
    return [candle_row(face, interval, candle) for candle in rows]


def candle_row(face: Any, interval: str, candle: Candle) -> list[Any]:
    """One candle as a row."""
    money = face.money
    return [
        candle.open_ms, money(candle.open), money(candle.high), money(candle.low), money(candle.close),
        money(candle.volume), closes_at(interval, candle.open_ms), money(candle.money), candle.trades,
        money(candle.bought), money(candle.bought_money), "0",
    ]  # fmt: skip


def _symbols(ask: Ask) -> list[str]:
    if "symbol" in ask.params:
        ask.face.ours(ask.params.text("symbol"))
        return [ask.params.text("symbol")]
    return list(ask.face.listings)


def _one_or_all(ask: Ask, rows: list[dict[str, Any]]) -> Any:
    return rows[0] if "symbol" in ask.params else rows


def ticker(face: Any, word: str) -> dict[str, Any]:
    """The last 24 hours of a symbol, as requests and streams tell it."""
    symbol = face.ours(word)
    market, tape = face.engine.market(symbol), face.venue.tape(symbol)
    now = face.clock.now_ms()
    tape.roll(now)
    day, book = tape.day(), market.book
    bid, ask = book.best(Side.BUY), book.best(Side.SELL)
    money = face.money
    change = market.last - day.open
    return {
        "symbol": word, "priceChange": money(change),
        "priceChangePercent": f"{change / day.open * 100 if day.open else Decimal(0):.3f}",
        "weightedAvgPrice": money(day.money / day.volume if day.volume else Decimal(0)),
        "prevClosePrice": money(day.open), "lastPrice": money(market.last),
        "lastQty": money(market.trades[-1].quantity if market.trades else None),
        "bidPrice": money(bid), "bidQty": money(book.quantity_at(Side.BUY, bid) if bid else None),
        "askPrice": money(ask), "askQty": money(book.quantity_at(Side.SELL, ask) if ask else None),
        "openPrice": money(day.open), "highPrice": money(day.high), "lowPrice": money(day.low),
        "volume": money(day.volume), "quoteVolume": money(day.money),
        "openTime": day.open_ms, "closeTime": now,
        "firstId": day.first, "lastId": day.last, "count": day.trades,
    }  # fmt: skip


def ticker_day(ask: Ask) -> Any:
    """The last 24 hours."""
    rows = [ticker(ask.face, word) for word in _symbols(ask)]
    if ask.face.kind != "spot":
        for row in rows:
            for name in ("prevClosePrice", "bidPrice", "bidQty", "askPrice", "askQty"):
                del row[name]
    return _one_or_all(ask, rows)


def ticker_price(ask: Ask) -> Any:
    """The price of the last trade."""
    face = ask.face
    rows = [
        {"symbol": word, "price": face.money(face.engine.market(face.ours(word)).last)}
        for word in _symbols(ask)
    ]
    if face.kind != "spot":
        for row in rows:
            row["time"] = face.clock.now_ms()
    return _one_or_all(ask, rows)


def ticker_book(ask: Ask) -> Any:
    """The best bid and offer."""
    rows = []
    for word in _symbols(ask):
        told = ticker(ask.face, word)
        row = {name: told[name] for name in ("symbol", "bidPrice", "bidQty", "askPrice", "askQty")}
        if ask.face.kind != "spot":
            row["time"] = ask.face.clock.now_ms()
        rows.append(row)
    return _one_or_all(ask, rows)
