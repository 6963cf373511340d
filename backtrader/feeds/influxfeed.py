"""Bars out of an InfluxDB (version 1), through the package ``influxdb``."""

from __future__ import annotations

import datetime as _dt
from collections.abc import Iterator
from typing import Any

from ..errors import DataError
from ..lines.clock import NAN
from ..lines.timeframe import TimeFrame
from ..utils.dateintern import date2num
from ..utils.optional import require
from .base import DataBase

TIMEFRAMES = {
    TimeFrame.Seconds: "s",
    TimeFrame.Minutes: "m",
    TimeFrame.Days: "d",
    TimeFrame.Weeks: "w",
    TimeFrame.Months: "m",
    TimeFrame.Years: "y",
}

_TOO_LONG = (TimeFrame.Months, TimeFrame.Years)
_FIELDS = (
    ("open", "open"),
    ("high", "high"),
    ("low", "low"),
    ("close", "close"),
    ("volume", "volume"),
    ("openinterest", "ointerest"),
)


class InfluxDB(DataBase):
    """Means over the feed's timeframe and compression of the measurement given as ``dataname``.

    ``high``, ``low`` and so on are the names of the fields; bars begin at ``startdate``.
    """

    params: Any = (
        ("host", "127.0.0.1"),
        ("port", "8086"),
        ("username", None),
        ("password", None),
        ("database", None),
        ("startdate", None),
        ("high", "high_p"),
        ("low", "low_p"),
        ("open", "open_p"),
        ("close", "close_p"),
        ("volume", "volume"),
        ("ointerest", "oi"),
    )

    ndb: Any
    biter: Iterator[dict[str, Any]]

    def __init__(self) -> None:
        self._package = require("influxdb", why="bt.feeds.InfluxDB")
        if self.p.timeframe in _TOO_LONG:
            name = TimeFrame.getname(self.p.timeframe)
            raise DataError(
                f"{self.p.dataname}: InfluxDB does not group by {name}: read days and resample them"
            )

    def start(self) -> None:
        """Ask the database."""
        super().start()
        p = self.p
        query = self._query()
        failures = (self._package.exceptions.InfluxDBClientError, OSError)
        try:
            self.ndb = self._package.InfluxDBClient(p.host, p.port, p.username, p.password, p.database)
            self.biter = iter(list(self.ndb.query(query).get_points()))
        except failures as error:
            raise DataError(
                f"{p.dataname}: InfluxDB at {p.host}:{p.port}, database {p.database!r}: {error}; "
                f"the query was {query}"
            ) from error

    def _query(self) -> str:
        p = self.p
        means = ", ".join(f'mean("{getattr(p, field)}") AS "{name}"' for name, field in _FIELDS)
        since = f">= '{p.startdate}'" if p.startdate else "<= now()"
        every = f"{p.compression}{TIMEFRAMES.get(p.timeframe, 'd')}"  # compat: ticks are read as days
        return f'SELECT {means} FROM "{p.dataname}" WHERE time {since} GROUP BY time({every}) fill(none)'

    def _load(self) -> bool:
        bar = next(self.biter, None)
        if bar is None:
            return False
        try:
            moment = _dt.datetime.fromisoformat(bar["time"])
            # compat: open interest is asked for and not taken
            for name, _ in _FIELDS[:-1]:
                value = bar[name]
                getattr(self.lines, name)[0] = NAN if value is None else value
        except (KeyError, TypeError, ValueError) as error:
            raise DataError(
                f"{self.p.dataname}: a point of InfluxDB cannot be read: {error!r}; it is {bar!r}"
            ) from error
        self.lines.datetime[0] = date2num(moment)
        return True
