"""Chinese shares, indices, funds and futures through the package akshare."""

from __future__ import annotations

import datetime as _dt
from collections.abc import Iterator
from typing import Any

from ...errors import DataError
from ...lines.timeframe import TimeFrame
from ...utils.optional import require
from .base import OnlineData
from .source import Bar, Source, bars_of_frame

_PERIODS = {TimeFrame.Days: "daily", TimeFrame.Weeks: "weekly", TimeFrame.Months: "monthly"}
_MINUTES = (1, 5, 15, 30, 60)
_ZONE = "Asia/Shanghai"
_ADJUSTMENTS = ("", "qfq", "hfq")

#: By kind: the client's function for days and longer, the one for minutes, whether it adjusts.
_FUNCTIONS = {
    "stock": ("stock_zh_a_hist", "stock_zh_a_hist_min_em", True),
    "index": ("index_zh_a_hist", None, False),
    "fund": ("fund_etf_hist_em", None, True),
    "futures": ("futures_zh_daily_sina", None, False),
}
_FIRST, _LAST = _dt.datetime(1970, 1, 1), _dt.datetime(2050, 1, 1)


class AkShareSource(Source):
    """One symbol: ``kind`` is ``stock``, ``index``, ``fund`` (traded ones) or ``futures``.

    ``adjust`` is ``qfq`` (today's prices are as traded), ``hfq`` (the first ones are) or empty. Minutes are
    there for stocks, the last days only.
    """

    provider = "akshare"

    def __init__(
        self,
        symbol: str,
        timeframe: int = TimeFrame.Days,
        compression: int = 1,
        kind: str = "stock",
        adjust: str = "",
    ) -> None:
        super().__init__(symbol, timeframe, compression)
        if kind not in _FUNCTIONS:
            raise DataError(f"akshare: kind={kind!r}: there are {', '.join(_FUNCTIONS)}")
        if adjust not in _ADJUSTMENTS:
            raise DataError(f"akshare: adjust={adjust!r}: there are 'qfq', 'hfq' and '' for none")
        self.kind, self.adjust = kind, adjust
        self._daily, self._by_minute, adjusts = _FUNCTIONS[kind]
        if adjust and not adjusts:
            raise DataError(f"akshare: {symbol}: prices of kind {kind!r} cannot be adjusted")
        self._check_interval()

    def _check_interval(self) -> None:
        periods = ["daily"] if self.kind == "futures" else list(_PERIODS.values())
        minutes = [f"{n} minutes" for n in _MINUTES] if self._by_minute else []
        if self.timeframe == TimeFrame.Minutes:
            known = self._by_minute is not None and self.compression in _MINUTES
        else:
            known = _PERIODS.get(self.timeframe) in periods and self.compression == 1
        if not known:
            raise self._unsupported([*minutes, *periods])

    @property
    def interval(self) -> str:
        """The bar length as the client writes it."""
        return str(self.compression) if self.intraday else _PERIODS[self.timeframe]

    def describe(self) -> dict[str, Any]:
        """Symbol, kind, bar length and adjustment."""
        return {**super().describe(), "kind": self.kind, "adjusted": self.adjust or "no"}

    def pages(self, begin: _dt.datetime | None, end: _dt.datetime | None) -> Iterator[list[Bar]]:
        """The provider gives everything in one answer."""
        akshare = require("akshare", extra="online", why="AkShareData")
        ask = self._minutes if self.intraday else self._days
        first, last = begin or _FIRST, end or _LAST
        try:
            frame = self._patiently(lambda: ask(akshare, first, last), (OSError,))
        except (KeyError, ValueError, TypeError, IndexError, AttributeError) as error:
            # what the client makes of an answer that is not what it expects
            raise self._refused(
                f"the answer cannot be understood ({type(error).__name__}: {error})"
            ) from error
        if not len(frame):
            raise self._refused("no such symbol, or no bars between the dates asked for")
        zone = _ZONE if self.intraday else None
        bars = bars_of_frame(frame, self.symbol, zone)
        yield [bar for bar in bars if first <= bar.when <= last]

    def _days(self, akshare: Any, first: _dt.datetime, last: _dt.datetime) -> Any:
        function = getattr(akshare, self._daily)
        if self.kind == "futures":
            return function(symbol=self.symbol)
        options = {
            "symbol": self.symbol,
            "period": self.interval,
            "start_date": first.strftime("%Y%m%d"),
            "end_date": last.strftime("%Y%m%d"),
        }
        if self.kind != "index":
            options["adjust"] = self.adjust
        return function(**options)

    def _minutes(self, akshare: Any, first: _dt.datetime, last: _dt.datetime) -> Any:
        # a day more on both sides: the client compares wall clocks of China
        day = _dt.timedelta(days=1)
        return getattr(akshare, str(self._by_minute))(
            symbol=self.symbol,
            period=self.interval,
            start_date=str((first - day).replace(microsecond=0)),
            end_date=str((last + day).replace(microsecond=0)),
            adjust=self.adjust,
        )


class AkShareData(OnlineData):
    """Bars of a Chinese share, index, fund or future: ``AkShareData(dataname="600519", adjust="qfq")``.

    Times of day are UTC (``tz="Asia/Shanghai"`` shows them as on the exchange), days carry the
    exchange's date.
    """

    params: Any = (("kind", "stock"), ("adjust", ""))

    def _source(self) -> AkShareSource:
        p = self.p
        return AkShareSource(p.dataname, p.timeframe, p.compression, p.kind, p.adjust)
