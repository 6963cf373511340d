"""CSV of any layout: which column holds what is told by parameters."""

from __future__ import annotations

import datetime as _dt
from collections.abc import Callable, Iterator
from typing import Any

from ..lines.timeframe import TimeFrame
from ..utils.datearrays import datetimes_to_nums
from ..utils.dateintern import date2num
from . import csvcolumns
from .csvbase import CSVDataBase
from .csvfast import Wanted, nums
from .factory import CSVFeedBase

_DAY = 86_400_000_000


class GenericCSVData(CSVDataBase):
    """Columns by number; None or a negative number: the file has no such column.

    ``dtformat`` is a strptime format, 1 for seconds since 1970 (2: with a fraction), or a callable
    from text to datetime; ``tmformat`` is for a ``time`` column of its own.  An empty field becomes
    ``nullvalue``.  A line added in a subclass needs a parameter of its name for its column.
    """

    params: Any = (
        ("nullvalue", float("nan")),
        ("dtformat", "%Y-%m-%d %H:%M:%S"),
        ("tmformat", "%H:%M:%S"),
        ("datetime", 0),
        ("time", -1),
        ("open", 1),
        ("high", 2),
        ("low", 3),
        ("close", 4),
        ("volume", 5),
        ("openinterest", 6),
    )

    _dtstr: bool
    _dtconvert: Callable[[str], Any]
    _null: float
    _places: list[tuple[Any, int | None]]

    def start(self) -> None:
        """Open the source and look up which column goes to which line."""
        super().start()
        dtformat = self.p.dtformat
        self._dtstr = isinstance(dtformat, str)
        self._dtconvert = self._from_text if self._dtstr else _converter(dtformat)
        self._null = float(self.p.nullvalue)
        self._places = []
        for name, line in zip(self.lines._names, self.lines.itersize(), strict=True):
            if name != "datetime":
                column = getattr(self.p, name)
                self._places.append((line, None if column is None or column < 0 else column))

    # -- rows ----------------------------------------------------------------------------------
    def _loadline(self, linetokens: list[str]) -> bool:
        self.lines.datetime[0] = self._bar_time(self._wall_clock(linetokens))
        null = self._null
        for line, column in self._places:
            text = "" if column is None else linetokens[column]
            line[0] = null if text == "" else float(text)
        return True

    def _wall_clock(self, tokens: list[str]) -> Any:
        """The date (and time) of a row as written."""
        text = tokens[self.p.datetime]
        if self._dtstr and self._time_column() is not None:
            text += "T" + tokens[self.p.time]
        return self._dtconvert(text)

    def _from_text(self, text: str) -> _dt.datetime:
        return _dt.datetime.strptime(text, self._format())

    def _format(self) -> str:
        return self.p.dtformat if self._time_column() is None else f"{self.p.dtformat}T{self.p.tmformat}"

    def _time_column(self) -> int | None:
        column = self.p.time
        return column if column is not None and column >= 0 else None

    def _bar_time(self, moment: Any) -> float:
        """Days and longer get the session's end if that is later than what is written.

        compat: the two are compared in UTC, and the end is converted again with the input's zone.
        """
        if self.p.timeframe < TimeFrame.Days:
            return date2num(moment)
        written = date2num(self._tzinput.localize(moment) if self._tzinput else moment)
        end = self.date2num(_dt.datetime.combine(moment.date(), self.p.sessionend))
        return end if end > written else date2num(moment)

    def _bad_field(self, tokens: list[str]) -> str:
        readers: list[tuple[int, str, Any]] = []
        if self._time_column() is None:
            readers.append((self.p.datetime, "datetime", self._dtconvert))
        elif self._dtstr:
            readers.append((self.p.datetime, "datetime", lambda t: _dt.datetime.strptime(t, self.p.dtformat)))
            readers.append((self.p.time, "time", lambda t: _dt.datetime.strptime(t, self.p.tmformat)))
        readers.extend(
            (column, name, lambda text: text == "" or float(text)) for name, column in self._numbered()
        )
        bad = csvcolumns.first_unreadable(tokens, readers)
        for name, option in (("datetime", "dtformat"), ("time", "tmformat")):
            if self._dtstr and f"({name})" in bad:
                bad += f"; {option} is {self.p._get(option)!r}, and must say how the file writes it"
        return bad

    # -- columns ---------------------------------------------------------------------------------
    def _wanted(self, width: int) -> Any:
        if callable(self.p.dtformat) or not (self._dtstr or self.p.dtformat == 1):
            return None
        stamps: list[tuple[int, str | None]] = [(self.p.datetime, None)]
        if self._dtstr:
            if csvcolumns.layout_of(self._format()) is None:
                return None
            stamps = [(self.p.datetime, csvcolumns.layout_of(self.p.dtformat))]
            if self._time_column() is not None:
                stamps.append((self.p.time, csvcolumns.layout_of(self.p.tmformat)))
        return Wanted(width, self.separator, tuple(stamps), tuple(self._numbered()), self._null)

    def _numbered(self) -> Iterator[tuple[str, int]]:
        """The lines that have a column, with its number."""
        names = (name for name in self.lines._names if name != "datetime")
        for name, (_, column) in zip(names, self._places, strict=True):
            if column is not None:
                yield name, column

    def _finish_columns(self, micros: Any, columns: Any, width: int) -> Any:
        columns["datetime"] = self._bar_times(micros)
        if self._null == self._null:
            for name in self.lines._names:
                if name not in columns:
                    columns[name] = csvcolumns.constant(self._null, len(micros))
        return columns

    def _read_columns(self, fields: list[list[str]]) -> Any:
        micros = self._wall_clocks(fields)
        if micros is None:
            return None
        columns = {name: csvcolumns.floats(fields[column], self._null) for name, column in self._numbered()}
        return self._finish_columns(micros, columns, len(fields))

    def _wall_clocks(self, fields: list[list[str]]) -> Any:
        texts = fields[self.p.datetime]
        if self.p.dtformat == 1 and not callable(self.p.dtformat):
            return csvcolumns.seconds(texts)
        layout = csvcolumns.layout_of(self._format()) if self._dtstr else None
        if layout is None:
            return None
        if self._time_column() is not None:
            texts = [f"{day}T{time}" for day, time in zip(texts, fields[self.p.time], strict=True)]
        return csvcolumns.wall_clocks(texts, layout)

    def _bar_times(self, micros: Any) -> Any:
        """`_bar_time` of a whole column."""
        import numpy as np

        plain = nums(micros)
        if self.p.timeframe < TimeFrame.Days:
            return plain
        written = datetimes_to_nums(micros, "us", self._tzinput) if self._tzinput else plain
        midnight = np.floor_divide(micros, _DAY) * _DAY
        ends = datetimes_to_nums(midnight + csvcolumns.micros_of_day(self.p.sessionend), "us", self._tz)
        return np.where(ends > written, ends, plain)


def _converter(dtformat: Any) -> Callable[[str], Any]:
    """Text to datetime for a ``dtformat`` that is no text."""
    if callable(dtformat):
        return dtformat  # type: ignore[no-any-return]
    number: Callable[[str], Any] = int if int(dtformat) == 1 else float
    return lambda text: _dt.datetime.fromtimestamp(number(text), _dt.UTC).replace(tzinfo=None)


class GenericCSV(CSVFeedBase):
    """Makes `GenericCSVData`."""

    DataCls = GenericCSVData
