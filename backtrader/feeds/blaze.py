"""Bars out of anything that can be iterated over, such as a Blaze table."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..errors import DataError
from ..lines.clock import NAN
from ..utils.dateintern import date2num
from .base import DataBase


class BlazeData(DataBase):
    """Rows of an iterable, columns by position; a negative number means there is no such column.

    Blaze itself is no longer maintained and not needed: any iterable of tuples will do.  Columns
    of further lines are read if their names are added to ``datafields``.
    """

    params: Any = (
        ("datetime", 0),
        ("open", 1),
        ("high", 2),
        ("low", 3),
        ("close", 4),
        ("volume", 5),
        ("openinterest", 6),
    )

    datafields = ["datetime", "open", "high", "low", "close", "volume", "openinterest"]

    _rows: Iterator[Any]
    _seen = 0

    def start(self) -> None:
        """Go to the first row."""
        super().start()
        try:
            self._rows = iter(self.p.dataname)
        except TypeError:
            raise DataError(f"dataname={self.p.dataname!r} is nothing that has rows") from None
        self._seen = 0
        places = {name: getattr(self.p, name) for name in self.datafields}
        when = places.pop("datetime")
        if not isinstance(when, int) or when < 0:
            raise DataError(f"datetime={when!r}: the number of a column is needed, counted from 0")
        self._places = [
            (getattr(self.lines, name), place)
            for name, place in places.items()
            if place is not None and place >= 0
        ]

    def _load(self) -> bool:
        row = next(self._rows, None)
        if row is None:
            self._rows = iter(())  # a generator cannot be sent to another process
            return False
        self._seen += 1
        place: int = self.p.datetime
        try:
            self.lines.datetime[0] = date2num(row[place])
            for line, place in self._places:
                value = row[place]
                line[0] = NAN if value is None else value
        except (TypeError, IndexError, AttributeError, ValueError) as error:
            raise DataError(
                f"feed {self._name or type(self).__name__!r}, row {self._seen}: "
                f"column {place} cannot be read: {error}; the row is {row!r}"
            ) from error
        return True
