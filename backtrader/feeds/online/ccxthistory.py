"""Candles of crypto exchanges through the package ccxt."""

from __future__ import annotations

import datetime as _dt
import time
from collections.abc import Iterator
from typing import Any

from ...errors import DataError
from ...lines.timeframe import TimeFrame
from ...utils.optional import require
from ...utils.params import nearest
from .base import OnlineData
from .source import Bar, Source

_UNITS = {
    TimeFrame.Seconds: "s",
    TimeFrame.Minutes: "m",
    TimeFrame.Days: "d",
    TimeFrame.Weeks: "w",
    TimeFrame.Months: "M",
}
_PAGE = 1000
_EPOCH = _dt.datetime(1970, 1, 1)


class CCXTSource(Source):
    """One market of one exchange, candles stamped at their start as exchanges do.

    ``client`` is a ccxt exchange object that is set up already (proxy, keys); otherwise one is made for
    ``exchange``. The candle that is still forming is left out.
    """

    provider = "ccxt"

    def __init__(
        self,
        symbol: str,
        timeframe: int = TimeFrame.Days,
        compression: int = 1,
        exchange: str = "binance",
        client: Any = None,
    ) -> None:
        super().__init__(symbol, timeframe, compression)
        self.exchange, self._client = exchange, client
        if timeframe not in _UNITS:
            raise self._unsupported(["1m", "5m", "15m", "1h", "4h", "1d", "1w", "1M"])

    @property
    def intraday(self) -> bool:
        """Candles always have a time: exchanges never close, their days are UTC's."""
        return True

    @property
    def interval(self) -> str:
        """The bar length as ccxt writes it."""
        size, unit = self.compression, _UNITS[self.timeframe]
        if unit == "m" and size % 60 == 0:
            size, unit = size // 60, "h"
        return f"{size}{unit}"

    def describe(self) -> dict[str, Any]:
        """Exchange, market and bar length."""
        return {**super().describe(), "exchange": self.client.id}

    @property
    def client(self) -> Any:
        """The exchange object."""
        if self._client is None:
            ccxt = require("ccxt", extra="online", why="CCXTHistoryData")
            if self.exchange not in ccxt.exchanges:
                raise DataError(
                    f"ccxt: no exchange {self.exchange!r}; {nearest(self.exchange, ccxt.exchanges)}"
                )
            self._client = getattr(ccxt, self.exchange)({"enableRateLimit": True})
        return self._client

    def pages(self, begin: _dt.datetime | None, end: _dt.datetime | None) -> Iterator[list[Bar]]:
        """Candles from ``begin`` on, request by request; without it the latest ones in one request."""
        ccxt = require("ccxt", extra="online", why="CCXTHistoryData")
        client = self.client
        length = int(client.parse_timeframe(self.interval)) * 1000
        finished = int(time.time() * 1000) - length
        last = finished if end is None else min(finished, _milliseconds(end))
        since = None if begin is None else _milliseconds(begin)
        while since is None or since <= last:
            rows = self._ask(ccxt, client, since)
            page = [row for row in rows if row[0] <= last and (since is None or row[0] >= since)]
            if page:
                yield [_bar(row) for row in page]
            if since is None:
                return
            following = int(max((row[0] for row in rows), default=since - length)) + length
            if following <= since:
                return  # nothing newer
            since = following

    def _ask(self, ccxt: Any, client: Any, since: int | None) -> list[list[float]]:
        def ask() -> Any:
            return client.fetch_ohlcv(self.symbol, self.interval, since=since, limit=_PAGE)

        try:
            rows: list[list[float]] = self._patiently(ask, (ccxt.NetworkError,))
        except ccxt.BaseError as error:
            raise self._refused(error) from error
        return rows


def _milliseconds(when: _dt.datetime) -> int:
    return (when - _EPOCH) // _dt.timedelta(milliseconds=1)


def _bar(row: list[float]) -> Bar:
    when = _EPOCH + _dt.timedelta(milliseconds=row[0])
    return Bar(when, *(float("nan") if value is None else float(value) for value in row[1:6]))


class CCXTHistoryData(OnlineData):
    """Past candles of a crypto market: ``CCXTHistoryData(dataname="BTC/USDT", exchange="okx", fromdate=…)``.

    Times are UTC, at the start of the candle.
    """

    params: Any = (("exchange", "binance"), ("client", None))

    def _source(self) -> CCXTSource:
        p = self.p
        return CCXTSource(p.dataname, p.timeframe, p.compression, p.exchange, p.client)
