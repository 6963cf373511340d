"""Daily bars as Yahoo gives them: from a file, or straight from the service."""

from __future__ import annotations

import datetime as _dt
from typing import Any

from ..errors import DataError
from ..lines.timeframe import TimeFrame
from ..utils.dateintern import date2num
from . import csvcolumns
from .csvbase import CSVDataBase
from .csvfast import Wanted, nums
from .factory import CSVFeedBase

_NULL = "null"
_LINES = ("open", "high", "low", "close", "adjclose", "volume")
_DAY = csvcolumns.ANY.join(("YYYY", "mm", "dd"))


class YahooFinanceCSVData(CSVDataBase):
    """``Date,Open,High,Low,Close,Adj Close,Volume``; rows with a ``null`` hold no bar.

    ``adjclose``: prices are adjusted by the ratio of the two closes, with ``adjvolume`` the volume
    the other way round.  ``round``: prices get ``decimals`` digits, the volume always gets
    ``roundvolume`` of them.  ``swapcloses``: the two closes change places first (files of a time in
    which Yahoo had them so).  ``reverse``: the newest row comes first in the file.
    """

    lines: Any = ("adjclose",)

    params: Any = (
        ("reverse", False),
        ("adjclose", True),
        ("adjvolume", True),
        ("round", True),
        ("decimals", 2),
        ("roundvolume", False),
        ("swapcloses", False),
    )

    def start(self) -> None:
        """Open the source; a file with the newest row first is turned around."""
        super().start()
        if self.p.reverse:
            self._turn_around()

    # -- rows ----------------------------------------------------------------------------------
    def _no_bar(self, tokens: list[str]) -> bool:
        return _NULL in tokens[1:]

    def _loadline(self, linetokens: list[str]) -> bool:
        p, lines = self.p, self.lines
        day = csvcolumns.iso_date(linetokens[0])
        prices = [float(text) for text in linetokens[1:6]]
        volume = _volume(linetokens[6:7])
        if p.swapcloses:
            prices[3], prices[4] = prices[4], prices[3]
        adjusted = prices.pop()
        if p.adjclose:
            factor = prices[3] / adjusted
            prices[:3] = [price / factor for price in prices[:3]]
            prices[3] = adjusted
            volume = volume * factor if p.adjvolume else volume
        if p.round:
            prices = [round(price, p.decimals) for price in prices]
        lines.datetime[0] = date2num(_dt.datetime.combine(day, p.sessionend))
        lines.open[0], lines.high[0], lines.low[0], lines.close[0] = prices
        # compat: False is no digits and True is one
        lines.volume[0] = round(volume, p.roundvolume)
        lines.openinterest[0] = 0.0
        lines.adjclose[0] = adjusted
        return True

    def _bad_field(self, tokens: list[str]) -> str:
        readers = [
            (0, "date", csvcolumns.iso_date),
            *((i, name, float) for i, name in enumerate(_LINES[:5], 1)),
        ]
        bad = csvcolumns.first_unreadable(tokens, readers)
        if not bad and self.p.adjclose and not (float(tokens[4]) and float(tokens[5])):
            bad = "a close of 0 makes adjusting impossible; adjclose=False takes prices as they are"
        return bad

    # -- columns ---------------------------------------------------------------------------------
    def _columns_of(self, lines: list[str]) -> Any:
        if any(_NULL in line for line in lines):
            separator = self.separator
            # the row's last field still has the line's end
            lines = [line for line in lines if not self._no_bar(line.rstrip("\n").split(separator))]
            if not lines:
                return self._no_columns()
        return super()._columns_of(lines)

    def _no_columns(self) -> Any:
        import numpy as np

        return {name: np.empty(0) for name in self.lines._names}

    def _wanted(self, width: int) -> Any:
        # what is empty becomes NaN, which is sorted out afterwards
        return Wanted(width, self.separator, ((0, _DAY),), tuple((n, i) for i, n in enumerate(_LINES, 1)))

    def _read_columns(self, fields: list[list[str]]) -> Any:
        if len(fields) < 7:
            return None
        micros = csvcolumns.wall_clocks([text[:10] for text in fields[0]], _DAY)
        if micros is None:
            return None
        columns = {
            name: csvcolumns.floats(texts) for name, texts in zip(_LINES[:5], fields[1:6], strict=True)
        }
        columns["volume"] = csvcolumns.floats(fields[6], 0.0)
        return self._finish_columns(micros, columns, len(fields))

    def _finish_columns(self, micros: Any, columns: Any, width: int) -> Any:
        import numpy as np

        p = self.p
        if any(np.isnan(column).any() for column in columns.values()):
            return None
        *prices, adjusted, volume = (columns[name] for name in _LINES)
        if p.swapcloses:
            prices[3], adjusted = adjusted, prices[3]
        if p.adjclose:
            with np.errstate(all="ignore"):
                factor = prices[3] / adjusted
                if not (adjusted.all() and factor.all()):
                    return None  # a division by zero: the row is named when it is read by itself
                prices = [*(column / factor for column in prices[:3]), adjusted]
            volume = volume * factor if p.adjvolume else volume
        if p.round:
            prices = [csvcolumns.rounded(column, p.decimals) for column in prices]
        done = dict(zip(_LINES[:4], prices, strict=True))
        done["adjclose"], done["volume"] = adjusted, csvcolumns.rounded(volume, p.roundvolume)
        done["openinterest"] = csvcolumns.constant(0.0, len(micros))
        done["datetime"] = nums(micros + csvcolumns.micros_of_day(p.sessionend))
        return done


def _volume(field: list[str]) -> float:
    """compat: a volume that is missing or no number is 0."""
    try:
        return float(field[0])
    except (IndexError, ValueError):
        return 0.0


class YahooLegacyCSV(YahooFinanceCSVData):
    """Files saved from the service before 2017; they are read in the same way."""

    params: Any = (("version", ""),)


class YahooFinanceCSV(CSVFeedBase):
    """Makes `YahooFinanceCSVData`."""

    DataCls = YahooFinanceCSVData


class YahooFinanceData(YahooFinanceCSVData):
    """Asks the service for the bars of the symbol given as ``dataname``.

    A page (``urlhist``) gives a cookie and the crumb that the download (``urldown``) wants to see.
    Yahoo has changed the rules more than once: if a download is refused, get the file with another
    program and read it with `YahooFinanceCSVData`.
    """

    params: Any = (
        ("proxies", {}),
        ("period", "d"),  # compat: not looked at, the timeframe decides
        ("urlhist", "https://finance.yahoo.com/quote/{}/history"),
        ("urldown", "https://query1.finance.yahoo.com/v7/finance/download"),
        ("retries", 3),
    )

    _INTERVALS = {TimeFrame.Days: "1d", TimeFrame.Weeks: "1wk", TimeFrame.Months: "1mo"}

    error: str | None = None

    def start(self) -> None:
        """Download the bars, then read them as a file."""
        self.start_v7()
        super().start()

    def start_v7(self) -> None:
        """Download with version 7 of the interface: ``f`` is the text, ``error`` what went wrong."""
        from .download import Session

        p = self.p
        self.error = self.f = None
        interval = self._INTERVALS.get(p.timeframe)
        if interval is None:
            raise DataError(
                f"{p.dataname}: Yahoo has days, weeks and months, not {TimeFrame.getname(p.timeframe)}"
            )
        session = Session(p.proxies)
        symbol = session.quote(p.dataname)
        crumb = self._crumb(session, p.urlhist.format(symbol))
        query = {"interval": interval, "events": "history", "crumb": crumb}
        for name, moment in (("period1", p.fromdate), ("period2", p.todate)):
            if moment is not None:
                query[name] = str(int((moment - _dt.datetime(1970, 1, 1)).total_seconds()))
        self.f = self._insist(lambda: session.table(f"{p.urldown}/{symbol}", query))

    def _crumb(self, session: Any, url: str) -> str:
        from .download import crumb_of

        return str(self._insist(lambda: crumb_of(session.text(url), url)))

    def _insist(self, ask: Any) -> Any:
        """Ask once, then again as often as ``retries`` allows; the last failure is the error."""
        for left in range(self.p.retries, -1, -1):
            try:
                return ask()
            except DataError as error:
                self.error = str(error)
                if not left:
                    raise DataError(f"{self.p.dataname}: {error}") from error
        return None


class YahooFinance(CSVFeedBase):
    """Makes `YahooFinanceData`."""

    DataCls = YahooFinanceData

    params: Any = YahooFinanceData.params._gettuple()
