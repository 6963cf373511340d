"""Indicators without an engine: bars in columns, one clock, batch or bar by bar."""

from __future__ import annotations

from array import array
from typing import Any

import backtrader as bt
from backtrader.lines import LineIterator, OHLCDateTime

Columns = dict[str, list[float]]


class Bars(OHLCDateTime):
    """Bars that are all known."""

    def __init__(self, columns: Columns) -> None:
        super().__init__()
        self.columns = dict(columns)
        size = len(columns["close"])
        self.columns.setdefault("volume", [100.0] * size)
        self.columns.setdefault("openinterest", [0.0] * size)
        self.columns.setdefault("datetime", [737425.0 + i for i in range(size)])
        self.count = size

    def settle(self) -> None:
        """All bars at once."""
        self._now.settle(self.count)
        for name, values in self.columns.items():
            getattr(self.lines, name).array = memoryview(array("d", values))

    def step(self) -> None:
        """One bar more."""
        self._now.forward()
        at = len(self) - 1
        for name, values in self.columns.items():
            getattr(self.lines, name)[0] = values[at]


def closes(values: list[float]) -> Columns:
    """Bars that only have a price."""
    return {name: list(values) for name in ("open", "high", "low", "close")}


class Owner(LineIterator):
    """Owns the indicators, as a strategy would."""

    def __init__(self, cases: list[str], scope: dict[str, Any]) -> None:
        super().__init__()
        names = {"bt": bt, "d": self.data, **scope}
        self.made = {case: eval(case, names) for case in cases}


def evaluate(columns: Columns, cases: list[str], scope: dict[str, Any], mode: str) -> dict[str, Any]:
    """Each expression over the bars, in ``batch`` or ``event`` mode."""
    feed = Bars(columns)
    owner = Owner(feed, cases, scope)
    if mode == "batch":
        feed.settle()
        owner._once()
    else:
        feed._now.grow()
        owner._begin()
        for _ in range(feed.count):
            feed.step()
            owner._next()
    return dict(owner.made)


def run(columns: Columns, case: str, mode: str = "batch", **scope: Any) -> Any:
    """One expression over the bars."""
    return evaluate(columns, [case], scope, mode)[case]


def values(indicator: Any, line: str | int = 0) -> list[float]:
    """All values of one line."""
    lines = indicator.lines
    return list((getattr(lines, line) if isinstance(line, str) else lines[line]).array)
