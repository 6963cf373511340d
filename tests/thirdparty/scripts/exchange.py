"""backtrader-binance: store, feed and broker over an exchange that is a few lines of Python."""

from __future__ import annotations

import datetime as dt
import os
import time
from typing import Any

os.environ["TZ"] = "UTC"
time.tzset()

import backtrader_binance.binance_store as exchange  # noqa: E402
from sample import say  # noqa: E402

import backtrader as bt  # noqa: E402

START = 1_700_000_000_000 // 60_000 * 60_000


class Client:
    """Twelve bars, a balance, and orders: at the market filled at once, others when we say so."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.orders: list[Any] = []

    def get_asset_balance(self, asset: str) -> Any:
        return {"free": "1000.5", "locked": "20.25"}

    def get_symbol_info(self, symbol: str) -> Any:
        filters = [
            {"filterType": "LOT_SIZE", "stepSize": "0.00010000", "minQty": "0.0001"},
            {"filterType": "PRICE_FILTER", "tickSize": "0.01000000"},
            {"filterType": "NOTIONAL", "minNotional": "5"},
        ]
        return {"symbol": symbol, "filters": filters}

    def get_historical_klines(self, symbol: str, interval: str, start: str) -> Any:
        prices = (100, 101.5, 99.5, 100.5, 10)
        return [[START + i * 60_000, *(str(x + i) for x in prices), *[0] * 6] for i in range(12)]

    def create_order(self, symbol: str, side: str, type: str, quantity: str, **options: Any) -> Any:
        self.orders.append([side, type, quantity, options])
        now = type == "MARKET"
        return {
            "symbol": symbol, "orderId": len(self.orders), "side": side, "type": type, "origQty": quantity,
            "price": options.get("price", "0"), "status": "FILLED" if now else "NEW",
            "executedQty": quantity if now else "0", "cummulativeQuoteQty": "25.0",
            "transactTime": START + 500_000,
            "fills": [{"price": "105.0", "qty": quantity, "commission": "0.01"}],
        }  # fmt: skip


class Sockets:
    """Keeps whom to call."""

    daemon = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        pass

    def start(self) -> None:
        pass

    def start_user_socket(self, callback: Any) -> None:
        Sockets.user = staticmethod(callback)

    @staticmethod
    def user(message: Any) -> None:
        raise AssertionError("nobody asked to be called")


class Trades(bt.Strategy):
    """Buys at the market, sells at a limit that is filled in two parts."""

    def __init__(self) -> None:
        self.average = bt.ind.SMA(period=3)

    def next(self) -> None:
        data, broker = self.data, self.broker
        say(
            "next", len(self), data.datetime.datetime(0), data.close[0], self.average[0], broker.getcash(),
            broker.getvalue(), self.getposition(data).size,
        )  # fmt: skip
        if len(self) == 4:
            self.buy(size=0.25)
        elif len(self) == 6:
            self.sell(size=0.25, exectype=bt.Order.Limit, price=110.123)
        elif len(self) in (8, 9):
            first = len(self) == 8
            Sockets.user({
                "e": "executionReport", "s": "ETHUSDT", "i": 2, "X": "PARTIALLY_FILLED" if first else "FILLED",
                "T": START + 600_000, "l": "0.1" if first else "0.15", "L": "110.12", "Z": "11", "n": "0.001",
            })  # fmt: skip

    def notify_order(self, order: Any) -> None:
        done = order.executed
        say(
            "order",
            order.getstatusname(),
            order.isbuy(),
            order.size,
            order.price,
            done.size,
            done.price,
            done.remsize,
        )

    def notify_trade(self, trade: Any) -> None:
        say("trade", trade.status, trade.size, trade.pnl)

    def notify_data(self, data: Any, status: int, *args: Any) -> None:
        say("data", data._getstatusname(status))


exchange.Client, exchange.ThreadedWebsocketManager = Client, Sockets
store = exchange.BinanceStore("key", "secret", "USDT")
for quick in (False, True):
    cerebro = bt.Cerebro(quicknotify=quick)
    cerebro.setbroker(store.getbroker())
    feed = store.getdata(
        dataname="ETHUSDT", start_date=dt.datetime(2023, 11, 14), timeframe=bt.TimeFrame.Minutes,
        compression=1, LiveBars=False,
    )  # fmt: skip
    cerebro.adddata(feed, name="ETHUSDT")
    cerebro.addstrategy(Trades)
    cerebro.addanalyzer(bt.analyzers.TradeAnalyzer)
    (strategy,) = cerebro.run()
    say(store.binance.orders, strategy.analyzers[0].get_analysis())
    store.binance.orders.clear()
