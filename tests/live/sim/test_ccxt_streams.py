"""Market streams through the unmodified ccxt client, on both markets."""

from __future__ import annotations

import asyncio
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from real_trade.model import Side
from tests.live.sim.stage import PERP, SPOT, Watcher, desk, run, until

D = Decimal
BOTH = pytest.mark.parametrize(("name", "symbol"), [("binance", SPOT), ("binanceusdm", PERP)])


@BOTH
def test_the_book_follows_every_change(name: str, symbol: str) -> None:
    async def scenario() -> None:
        async with desk(name) as (venue, exchange):
            watcher = Watcher(lambda: exchange.watch_order_book(symbol))
            await until(lambda: watcher.seen)
            for step in range(40):
                venue.move(symbol, str(60000 + (step % 7) * 31))
                order = venue.place("main", symbol, "buy", "0.01", str(59000 + step))
                if step % 2:
                    venue.cancel(order)
                await asyncio.sleep(0.002)

            def same() -> bool:
                book = venue.book(symbol)
                mine = exchange.orderbooks[symbol]
                return all(
                    [[float(p), float(q)] for p, q in book.depth(side)]
                    == [list(row[:2]) for row in mine[word]]
                    for word, side in (("bids", Side.BUY), ("asks", Side.SELL))
                )

            await until(same)
            assert not watcher.failed
            await watcher.stop()

    run(scenario)


@BOTH
def test_a_gap_in_the_depth_stream_is_noticed_by_the_client(name: str, symbol: str) -> None:
    async def scenario() -> None:
        async with desk(name) as (venue, exchange):
            watcher = Watcher(lambda: exchange.watch_order_book(symbol))
            await until(lambda: watcher.seen)
            venue.move(symbol, "60100")
            await venue.settle()
            fault = venue.faults.add({"when": "market:depth", "what": "skip"})
            venue.move(symbol, "60200")
            await until(lambda: fault.fired)
            venue.move(symbol, "60300")
            await until(lambda: watcher.failed)
            venue.move(symbol, "60400")
            await until(lambda: exchange.orderbooks.get(symbol) and exchange.orderbooks[symbol]["bids"]
                        and exchange.orderbooks[symbol]["bids"][0][0] == float(venue.book(symbol).best(Side.BUY) or 0))  # fmt: skip
            await watcher.stop()

    run(scenario)


@BOTH
def test_trades_tickers_and_quotes(name: str, symbol: str) -> None:
    async def scenario() -> None:
        async with desk(name) as (venue, exchange):
            trades = Watcher(lambda: exchange.watch_trades(symbol))
            ticker = Watcher(lambda: exchange.watch_ticker(symbol))
            quotes = Watcher(lambda: exchange.watch_bids_asks([symbol]))
            await until(lambda: len([r for r in venue.log.records if "SUBSCRIBE" in r.get("text", "")]) == 3)
            for price in ("60100", "60200", "59900"):
                venue.move(symbol, price, "0.5")
            await until(lambda: {60100, 60200, 59900} <= {t["price"] for rows in trades.seen for t in rows})
            await until(lambda: ticker.seen and ticker.seen[-1]["last"] == 59900)
            assert (ticker.seen[-1]["high"], ticker.seen[-1]["low"]) == (60200, 59900)
            best = float(venue.book(symbol).best(Side.SELL) or 0)
            await until(lambda: quotes.seen and quotes.seen[-1][symbol]["ask"] == best)
            for watcher in (trades, ticker, quotes):
                assert not watcher.failed
                await watcher.stop()

    run(scenario)


@BOTH
def test_candles_close_once_and_agree_with_those_that_are_asked_for(name: str, symbol: str) -> None:
    async def scenario() -> None:
        async with desk(name, start_ms=1_700_000_040_000) as (venue, exchange):
            watcher = Watcher(lambda: exchange.watch_ohlcv(symbol, "1m"))
            raw: list[Any] = []
            handle = exchange.handle_ohlcv

            def keep(link: Any, message: Any) -> Any:
                raw.append(message["k"])
                return handle(link, message)

            exchange.handle_ohlcv = keep
            await until(lambda: watcher.seen)
            for minute in range(5):
                for step in range(4):
                    venue.move(symbol, str(60000 + minute * 10 + step), "0.1")
                    venue.clock.advance(15)
                    await venue.settle()
                if minute == 2:
                    venue.clock.advance(120)
            await venue.settle()
            await asyncio.sleep(1)
            print([(k["t"], k["x"]) for k in raw])
            await until(lambda: len([k for k in raw if k["x"]]) >= 7)
            closed = [k for k in raw if k["x"]]
            assert [k["t"] for k in closed] == [1_700_000_040_000 + 60_000 * n for n in range(len(closed))]
            rows = {row[0]: row for row in await exchange.fetch_ohlcv(symbol, "1m", limit=20)}
            for k in closed:
                assert rows[k["t"]] == [k["t"], *(float(k[word]) for word in "ohlcv")]
            assert rows[1_700_000_040_000][1:5] == [60000, 60003, 60000, 60003]
            flat = rows[1_700_000_040_000 + 3 * 60_000]
            assert flat[1] == flat[2] == flat[3] == flat[4] == 60023 and flat[5] == 0
            await watcher.stop()

    run(scenario)


def test_a_file_is_played_with_its_past_and_ends(tmp_path: Path) -> None:
    path = tmp_path / "prices.csv"
    rows = [f"{1_600_000_000 + 60 * n},{100 + n},{102 + n},{99 + n},{101 + n},8" for n in range(30)]
    path.write_text("timestamp,open,high,low,close,volume\n" + "\n".join(rows) + "\n")

    async def scenario() -> None:
        start = 1_700_000_040_000
        async with desk(data={SPOT: str(path)}, history_minutes=20, start_ms=start) as (venue, exchange):
            past = await exchange.fetch_ohlcv(SPOT, "1m", limit=50)
            assert [row[0] for row in past] == [start - 60_000 * n for n in range(20, -1, -1)]
            for n, row in enumerate(past[:20]):
                assert row[1:] == [100 + n, 102 + n, 99 + n, 101 + n, 8]
            venue.clock.advance(9 * 60 + 59)
            assert not venue.drivers[SPOT].ended or venue.drivers[SPOT].played == 40
            venue.clock.advance(60)
            assert venue.drivers[SPOT].ended and venue.drivers[SPOT].played == 40
            future = {row[0]: row for row in await exchange.fetch_ohlcv(SPOT, "1m", limit=50)}
            for n in range(20, 30):
                assert future[start + 60_000 * (n - 20)][1:] == [100 + n, 102 + n, 99 + n, 101 + n, 8]
            assert (await exchange.fetch_ticker(SPOT))["last"] == 130

    run(scenario)


def test_the_same_seed_gives_the_same_market() -> None:
    async def scenario() -> None:
        async def play(seed: int) -> list[Any]:
            async with desk(data={SPOT: "walk"}, seed=seed, start_ms=1_700_000_040_000) as (venue, exchange):
                venue.clock.advance(600)
                return list(await exchange.fetch_ohlcv(SPOT, "1m"))

        first = await play(4)
        assert first == await play(4)
        assert first != await play(5)

    run(scenario)


def test_a_socket_is_closed_after_a_day_and_the_client_dials_again() -> None:
    async def scenario() -> None:
        async with desk() as (venue, exchange):
            watcher = Watcher(lambda: exchange.watch_trades(SPOT))
            await until(lambda: venue.server.sockets)
            (first,) = venue.server.sockets
            venue.clock.advance(24 * 3600)
            await until(lambda: watcher.failed)
            await until(lambda: venue.server.sockets and first not in venue.server.sockets)
            await until(lambda: len([r for r in venue.log.records if "SUBSCRIBE" in r.get("text", "")]) == 2)
            venue.move(SPOT, "60100")
            await until(lambda: watcher.seen)
            await watcher.stop()

    run(scenario)


def test_pings_are_answered_and_who_does_not_answer_is_cut() -> None:
    async def scenario() -> None:
        async with desk(ping_seconds=0.1, pong_seconds=0.1) as (venue, exchange):
            watcher = Watcher(lambda: exchange.watch_trades(SPOT))
            await until(lambda: venue.server.sockets)
            await asyncio.sleep(0.6)
            assert not watcher.failed, "this client answers"

            async def silent(message: bytes = b"") -> None:
                pass

            for link in exchange.clients.values():
                link.connection.pong = silent
            await until(lambda: watcher.failed)
            await watcher.stop()

    run(scenario)
