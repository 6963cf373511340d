"""What the tests of feeds share: feeds of rows, a stand-in for Cerebro, dumps of bars."""

from __future__ import annotations

import datetime as dt
from typing import Any

import backtrader as bt

PRICES = ("open", "high", "low", "close", "volume", "openinterest")


class Environment:
    """As much of Cerebro as a feed asks for."""

    def __init__(self, calendar: Any = None) -> None:
        self._tradingcal = calendar


class Rows(bt.feeds.DataBase):
    """A feed of ``(datetime, open, high, low, close, volume, openinterest)``; None is "nothing yet"."""

    def start(self) -> None:
        super().start()
        self.left = list(self.p.dataname)

    def _load(self) -> Any:
        if not self.left:
            return False
        row = self.left.pop(0)
        if row is None:
            return None
        self.lines.datetime[0] = bt.date2num(row[0])
        for name, value in zip(PRICES, row[1:], strict=False):
            getattr(self.lines, name)[0] = value
        return True


class Hours(dt.tzinfo):
    """A zone some hours ahead of UTC."""

    def __init__(self, hours: float) -> None:
        self.hours = hours

    def utcoffset(self, when: Any) -> dt.timedelta:
        return dt.timedelta(hours=self.hours)

    def dst(self, when: Any) -> dt.timedelta:
        return dt.timedelta(0)


def days(count: int, first: dt.datetime = dt.datetime(2020, 1, 1)) -> list[Any]:
    """Daily rows with close 1, 2, 3 ..."""
    return [(first + dt.timedelta(days=i), i + 1, i + 2, i, i + 1, 10, 0) for i in range(count)]


def started(data: Any) -> Any:
    """The feed, started as Cerebro does it."""
    data.setenvironment(Environment())
    data._start()
    return data


def preloaded(data: Any) -> Any:
    """The feed, started and loaded whole."""
    started(data).preload()
    return data


def by_rows(data: Any) -> Any:
    """The feed, started and loaded row by row."""
    started(data)
    while data.load():
        pass
    data._last()
    data._settle()
    data.stop()
    return data


def bars(data: Any) -> dict[str, list[str]]:
    """Every value of every line, exactly."""
    size = data.buflen()
    return {
        name: [float(value).hex() for value in line.array[:size]]
        for name, line in zip(data.lines._names, data.lines, strict=True)
    }


def drain(data: Any, limit: int = 1000) -> list[Any]:
    """Call ``next`` until the feed has ended; what is shown after each call that gave a bar."""
    shown = []
    for _ in range(limit):
        answer = data.next()
        if answer is False:
            break
        if answer:
            shown.append((len(data), data.close[0], data.num2date()))
    return shown
