"""Short real runs for observers and for analyzers that look at a whole run."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable
from typing import Any

import backtrader as bt

Row = tuple[dt.datetime, float]

#: a batch run and the two ways bar by bar
MODES: tuple[dict[str, Any], ...] = ({}, {"runonce": False}, {"preload": False})


class Closes(bt.feed.DataBase):
    """A feed from (time, price): all prices of a bar are the same, but for a low and a high of 10 %."""

    def start(self) -> None:
        super().start()
        self._rows = iter(self.p.dataname)

    def _load(self) -> bool:
        row = next(self._rows, None)
        if row is None:
            return False
        lines = self.lines
        lines.datetime[0] = bt.date2num(row[0])
        lines.open[0] = lines.close[0] = row[1]
        lines.high[0], lines.low[0] = row[1] * 1.1, row[1] * 0.9
        lines.volume[0] = lines.openinterest[0] = 0.0
        return True


def days(count: int, start: dt.datetime = dt.datetime(2020, 12, 1)) -> list[Row]:
    """A wave of prices around 100, one a day."""
    return [(start + dt.timedelta(days=i), round(100.0 + 10.0 * math.sin(i / 3.0), 2)) for i in range(count)]


class Plan(bt.Strategy):
    """Orders by bar: ``{bar: [(data, size), ...]}``; a size of None closes."""

    params = (("plan", {}), ("look", None), ("period", 1))

    def __init__(self) -> None:
        self.seen: list[Any] = []
        if self.p.period > 1:
            self.sma = bt.ind.SMA(period=self.p.period)

    def next(self) -> None:
        if self.p.look is not None:
            self.seen.append(self.p.look(self))
        for index, size in self.p.plan.get(len(self), ()):
            data = self.datas[index]
            if size is None:
                self.close(data)
            else:
                (self.buy if size > 0 else self.sell)(data, size=abs(size))


# sizes are powers of two: multiplying and dividing by them does not round
IN_OUT: dict[int, list[tuple[int, float | None]]] = {
    3: [(0, 8)],
    8: [(0, None)],
    12: [(0, -4)],
    15: [(0, None)],
}


def run(
    *feeds: list[Row],
    setup: Callable[[Any], None] | None = None,
    mode: dict[str, Any] | None = None,
    names: list[str | None] | None = None,
    **params: Any,
) -> Any:
    """One strategy over these feeds."""
    mode = dict(mode or {})
    cerebro = bt.Cerebro(stdstats=mode.pop("stdstats", True))
    for i, rows in enumerate(feeds or [days(20)]):
        cerebro.adddata(Closes(dataname=rows), name=names[i] if names else f"d{i}")
    if setup is not None:
        setup(cerebro)
    cerebro.addstrategy(Plan, **{"plan": IN_OUT, **params})
    return cerebro.run(**mode)[0]


def values(line: Any, count: int) -> list[float]:
    """The first values of a line."""
    return [float(value) for value in line.array[:count]]


def noted(line: Any, count: int) -> dict[int, float]:
    """Those of them that are there, by bar number."""
    return {i + 1: value for i, value in enumerate(values(line, count)) if value == value}
