"""Yahoo Finance through the package yfinance."""

from __future__ import annotations

import datetime as _dt
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from ...lines.timeframe import TimeFrame
from ...utils.optional import require
from .base import OnlineData
from .source import Bar, Source, bars_of_frame

_INTERVALS = {
    (TimeFrame.Minutes, 1): "1m",
    (TimeFrame.Minutes, 2): "2m",
    (TimeFrame.Minutes, 5): "5m",
    (TimeFrame.Minutes, 15): "15m",
    (TimeFrame.Minutes, 30): "30m",
    (TimeFrame.Minutes, 60): "1h",
    (TimeFrame.Minutes, 90): "90m",
    (TimeFrame.Days, 1): "1d",
    (TimeFrame.Days, 5): "5d",
    (TimeFrame.Weeks, 1): "1wk",
    (TimeFrame.Months, 1): "1mo",
    (TimeFrame.Months, 3): "3mo",
}
_DAYS_AT_ONCE = {"1m": 7, "2m": 55, "5m": 55, "15m": 55, "30m": 55, "90m": 55, "1h": 700}
_DAYS_BACK = {"1m": 29, "2m": 59, "5m": 59, "15m": 59, "30m": 59, "90m": 59, "1h": 729}
_YEARS = 5 * 365  # at once, of days and longer: a long history comes in parts that can be resumed


class YFinanceSource(Source):
    """One symbol of Yahoo Finance.

    ``adjust`` takes splits and dividends out of the prices. ``session`` is handed to the client, for
    proxies and the like.
    """

    provider = "yfinance"

    def __init__(
        self,
        symbol: str,
        timeframe: int = TimeFrame.Days,
        compression: int = 1,
        adjust: bool = True,
        session: Any = None,
    ) -> None:
        super().__init__(symbol, timeframe, compression)
        if (timeframe, compression) not in _INTERVALS:
            raise self._unsupported(list(_INTERVALS.values()))
        self.adjust, self.session = adjust, session
        self._reason = ""  # the provider's, for having no prices

    @property
    def interval(self) -> str:
        """The bar length as Yahoo writes it."""
        return _INTERVALS[self.timeframe, self.compression]

    def describe(self) -> dict[str, Any]:
        """Symbol, bar length and adjustment."""
        return {**super().describe(), "adjusted": self.adjust}

    def pages(self, begin: _dt.datetime | None, end: _dt.datetime | None) -> Iterator[list[Bar]]:
        """Spans that the provider answers in one piece."""
        yfinance = require("yfinance", extra="online", why="YFinanceData")
        ticker = yfinance.Ticker(self.symbol, session=self.session)
        now = _dt.datetime.now(_dt.UTC).replace(tzinfo=None)
        last = min(end or now, now) + _dt.timedelta(days=1)  # the client leaves its end out
        back = _DAYS_BACK.get(self.interval)
        start = begin or (now - _dt.timedelta(days=back) if back else None)
        if start is None:
            bars = self._ask(yfinance, ticker, {"period": "max"})
            if not bars:
                raise self._refused(self._reason or "no bars")
            yield bars
            return
        span = _dt.timedelta(days=_DAYS_AT_ONCE.get(self.interval, _YEARS))
        limit = end or last
        empty, self._reason = True, ""
        while start < last:
            stop = min(start + span, last)
            bars = self._ask(yfinance, ticker, {"start": _day(start), "end": _day(stop)})
            bars = [bar for bar in bars if start <= bar.when <= limit and bar.when < stop]
            empty = empty and not bars
            yield bars
            start = stop
        if empty:
            raise self._refused(self._reason or "no bars between the dates asked for")

    def _ask(self, yfinance: Any, ticker: Any, span: dict[str, Any]) -> list[Bar]:
        """One request; a span without prices is no error by itself, the symbol may be younger or gone."""
        options = {**span, "interval": self.interval, "auto_adjust": self.adjust, "actions": False}
        passing = (yfinance.exceptions.YFRateLimitError, OSError)
        try:
            with _telling(yfinance):
                frame = self._patiently(lambda: ticker.history(**options), passing)
        except yfinance.exceptions.YFPricesMissingError as error:
            self._reason = f"{type(error).__name__}: {error}"
            return []
        except yfinance.exceptions.YFException as error:
            raise self._refused(error) from error
        except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
            # where the client stumbles over an answer without what it looks for
            what = f"no such symbol, or an answer the client does not understand ({error})"
            raise self._refused(what) from error
        if not self.intraday and len(frame):
            frame.index = frame.index.tz_localize(None).normalize()
        return [bar for bar in bars_of_frame(frame, self.symbol) if bar.close == bar.close]


def _day(when: _dt.datetime) -> _dt.datetime:
    return when.replace(hour=0, minute=0, second=0, microsecond=0)


@contextmanager
def _telling(yfinance: Any) -> Iterator[None]:
    """Let the client raise what went wrong instead of giving an empty table."""
    debug = yfinance.config.debug
    before = debug.hide_exceptions
    debug.hide_exceptions = False
    try:
        yield
    finally:
        debug.hide_exceptions = before


class YFinanceData(OnlineData):
    """Bars of a symbol from Yahoo Finance: ``YFinanceData(dataname="AAPL", fromdate=…)``.

    Times of day are UTC (``tz`` shows them in a zone), days carry the exchange's date.
    """

    params: Any = (("adjust", True), ("session", None))

    def _source(self) -> YFinanceSource:
        p = self.p
        return YFinanceSource(p.dataname, p.timeframe, p.compression, p.adjust, p.session)
