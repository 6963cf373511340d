"""Daily bars in the layout of Quandl's free share prices: from a file, or from the service."""

from __future__ import annotations

import datetime as _dt
from typing import Any

from ..utils.dateintern import date2num
from . import csvcolumns
from .csvbase import CSVDataBase
from .csvfast import Wanted, nums

__all__ = ["Quandl", "QuandlCSV"]

_NAMES = ("open", "high", "low", "close", "volume")
_PLAIN, _ADJUSTED = 1, 8  # the first column of each set of prices
_DAY = csvcolumns.ANY.join(("YYYY", "mm", "dd"))


class QuandlCSV(CSVDataBase):
    """``Date``, five plain columns, dividend, split ratio, five adjusted columns.

    ``adjclose`` takes the adjusted ones.  ``round``: everything gets ``decimals`` digits.
    ``reverse``: the newest row comes first in the file.
    """

    params: Any = (
        ("reverse", False),
        ("adjclose", True),
        ("round", False),
        ("decimals", 2),
    )

    def start(self) -> None:
        """Open the source; a file with the newest row first is turned around."""
        super().start()
        if self.p.reverse:
            self._turn_around()

    def _first(self) -> int:
        return _ADJUSTED if self.p.adjclose else _PLAIN

    def _loadline(self, linetokens: list[str]) -> bool:
        lines, first = self.lines, self._first()
        day = csvcolumns.iso_date(linetokens[0])
        lines.datetime[0] = date2num(_dt.datetime.combine(day, self.p.sessionend))
        for column, name in enumerate(_NAMES, first):
            value = float(linetokens[column])
            getattr(lines, name)[0] = round(value, self.p.decimals) if self.p.round else value
        lines.openinterest[0] = 0.0
        return True

    def _bad_field(self, tokens: list[str]) -> str:
        columns = enumerate(_NAMES, self._first())
        readers = [(0, "date", csvcolumns.iso_date), *((column, name, float) for column, name in columns)]
        return csvcolumns.first_unreadable(tokens, readers)

    def _wanted(self, width: int) -> Any:
        lines = tuple((name, column) for column, name in enumerate(_NAMES, self._first()))
        return Wanted(width, self.separator, ((0, _DAY),), lines, takes_empty=False)

    def _read_columns(self, fields: list[list[str]]) -> Any:
        micros = csvcolumns.wall_clocks([text[:10] for text in fields[0]], _DAY)
        if micros is None:
            return None
        columns = {name: csvcolumns.floats(fields[i]) for i, name in enumerate(_NAMES, self._first())}
        return self._finish_columns(micros, columns, len(fields))

    def _finish_columns(self, micros: Any, columns: Any, width: int) -> Any:
        if self.p.round:
            columns = {name: csvcolumns.rounded(column, self.p.decimals) for name, column in columns.items()}
        columns["openinterest"] = csvcolumns.constant(0.0, len(micros))
        columns["datetime"] = nums(micros + csvcolumns.micros_of_day(self.p.sessionend))
        return columns


class Quandl(QuandlCSV):
    """Asks the service for the bars of the symbol given as ``dataname``.

    ``reverse`` asks for the oldest row first.  The service now belongs to Nasdaq and wants an
    ``apikey``; ``baseurl`` may point to another server that gives the same layout.
    """

    params: Any = (
        ("reverse", True),
        ("baseurl", "https://www.quandl.com/api/v3/datasets"),
        ("proxies", {}),
        ("buffered", True),  # compat: the answer is always read at once
        ("apikey", None),
        ("dataset", "WIKI"),
    )

    error: str | None = None

    def start(self) -> None:
        """Download the bars, then read them as a file."""
        from ..errors import DataError
        from .download import Session

        self.error = self.f = None
        p = self.p
        session = Session(p.proxies)
        url = f"{p.baseurl}/{p.dataset}/{session.quote(p.dataname)}.csv"
        try:
            self.f = session.table(url, self._query())
        except DataError as error:
            self.error = str(error)
            raise DataError(f"{p.dataname}: {error}") from error
        super(QuandlCSV, self).start()  # the service has turned it around already

    def _query(self) -> dict[str, str]:
        p = self.p
        query = {"order": "asc"} if p.reverse else {}
        for name, moment in (("start_date", p.fromdate), ("end_date", p.todate)):
            if moment is not None:
                query[name] = f"{moment:%Y-%m-%d}"
        if p.apikey is not None:
            query["api_key"] = p.apikey
        return query
