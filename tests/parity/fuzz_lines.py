"""Lines over two timelines for fuzz cases with resampled feeds: couplers, operations, classes that count."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import backtrader as bt


class Counting(bt.Indicator):
    """Counts how often it is stepped; the original steps it on every bar of the strategy."""

    lines = ("count",)

    def __init__(self) -> None:
        self.steps = 0

    def next(self) -> None:
        self.steps += 1
        self.lines.count[0] = self.steps + self.data[0]


class Nested(bt.Indicator):
    """Has parts: one that counts, an operation on it, a mean."""

    lines = ("sum", "own")

    def __init__(self) -> None:
        self.inner = Counting(self.data)
        self.mean = bt.ind.SMA(self.data, period=2)
        self.lines.sum = self.inner.count + self.data.high

    def next(self) -> None:
        self.lines.own[0] = self.mean[0] * 2 + self.inner.count[0]


class Paired(bt.Indicator):
    """Reads another timeline in its own code, and adds up."""

    lines = ("both", "total")
    _mindatas = 2

    def __init__(self) -> None:
        self.total = 0.0
        self.mean = bt.ind.EMA(self.data1, period=2)

    def next(self) -> None:
        now = self.data0.close[0] + self.data1.close[0]
        self.total += now
        self.lines.both[0] = now
        self.lines.total[0] = self.total


def _coupled(slow: Any, fast: Any, period: int) -> list[Any]:
    line = bt.ind.SMA(slow, period=period)()
    return [line, fast.close - line]


def _coupled_line(slow: Any, fast: Any, period: int) -> list[Any]:
    line = slow.close()
    return [line, bt.ind.SMA(line, period=period), bt.If(fast.close > line, fast.high, line)]


def _onto(slow: Any, fast: Any, period: int) -> list[Any]:
    line = slow.high(fast)
    return [line, fast.close > line, bt.ind.EMA(line, period=period)]


def _onto_slow(slow: Any, fast: Any, period: int) -> list[Any]:
    line = fast.close(slow)
    return [line, slow.open - line]


def _onto_bundle(slow: Any, fast: Any, period: int) -> list[Any]:
    bundle = slow(fast)
    return [bundle.low + fast.low, bt.ind.Highest(bundle.high, period=period)]


def _back(slow: Any, fast: Any, period: int) -> list[Any]:
    found = slow.close - fast.close
    return [found, bt.ind.EMA(found, period=period), bt.Max(slow.high, fast.high)]


def _back_and_forth(slow: Any, fast: Any, period: int) -> list[Any]:
    line = (slow.close - fast.close)()
    return [line, bt.ind.SMA(line, period=period) + fast.open]


def _crossed(slow: Any, fast: Any, period: int) -> list[Any]:
    return [bt.ind.CrossOver(fast.close, slow.close()), bt.ind.CrossOver(slow.close, fast.close)]


def _counted(slow: Any, fast: Any, period: int) -> list[Any]:
    return [Counting(slow), Counting(fast), bt.ind.SMA(Counting(slow), period=period), Counting(slow)()]


def _nested(slow: Any, fast: Any, period: int) -> list[Any]:
    return [Nested(slow), Nested(fast)]


def _paired(slow: Any, fast: Any, period: int) -> list[Any]:
    return [Paired(slow, fast)]


def _stateful(slow: Any, fast: Any, period: int) -> list[Any]:
    return [
        bt.ind.RSI(slow, period=period, safediv=True),
        bt.ind.ATR(slow, period=period),
        bt.ind.MACD(slow.close),
    ]


KINDS: dict[str, Callable[[Any, Any, int], list[Any]]] = {
    "coupled": _coupled,
    "coupled line": _coupled_line,
    "onto": _onto,
    "onto slow": _onto_slow,
    "onto bundle": _onto_bundle,
    "back": _back,
    "back and forth": _back_and_forth,
    "crossed": _crossed,
    "counted": _counted,
    "nested": _nested,
    "paired": _paired,
    "stateful": _stateful,
}


def make(wanted: list[dict[str, Any]], datas: list[Any]) -> list[Any]:
    """The lines that a case asks for."""
    return [
        line
        for one in wanted
        for line in KINDS[one["kind"]](datas[one["slow"]], datas[one["fast"]], one["period"])
    ]


def shown(lines: list[Any]) -> list[Any]:
    """What lines show: how many bars, now and the bar before."""
    found = []
    for line in lines:
        seen = len(line)
        found.append([seen, line[0] if seen else None, line[-1] if seen > 1 else None])
    return found
