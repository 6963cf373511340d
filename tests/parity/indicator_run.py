"""Computes expressions of indicators under whichever engine the worker has."""

from __future__ import annotations

import base64
from array import array
from typing import Any

import backtrader as bt

from .feeds import rows_feed
from .indicator_data import rows

_NAMES = {
    **vars(bt.indicators),
    "Fractal": bt.studies.Fractal,
    "LinePlotterIndicator": bt.LinePlotterIndicator,
}


def answer(request: dict[str, Any]) -> dict[str, Any]:
    """One result for each expression: its lines, or what it raised."""
    if request["do"] == "indicator names":
        return {"names": names()}
    return {"results": _results(request, request["expressions"], request["together"])}


def names() -> dict[str, list[str]]:
    """Every indicator under each of its names, with the names of its bases."""
    return {
        name: [base.__name__ for base in found.__mro__[1:]]
        for name, found in _NAMES.items()
        if isinstance(found, type)
        and issubclass(found, bt.Indicator)
        and found.__name__ == name
        and name[0] != "_"
    }


def _results(request: dict[str, Any], expressions: list[str], together: int) -> list[dict[str, Any]]:
    """Many expressions in one run; if that ends with an exception, half of them at a time."""
    found: list[dict[str, Any]] = []
    for first in range(0, len(expressions), together):
        part = expressions[first : first + together]
        try:
            found += _run(request, part)
        except Exception as exc:
            if len(part) == 1:
                family = [base.__name__ for base in type(exc).__mro__]
                found.append({"error": family[0], "family": family, "message": str(exc)[:300]})
            else:
                found += _results(request, part, (len(part) + 1) // 2)
    return found


class Watcher(bt.Strategy):
    """Holds the indicators and notes what they show on each bar."""

    params = (("expressions", ()), ("seen", None))

    def __init__(self) -> None:
        names = {**_NAMES, "d": self.datas[0], "e": self.datas[-1]}
        self.made = [eval(text, names) for text in self.p.expressions]
        self.columns = [[array("d") for _ in one.lines] for one in self.made] if self.p.seen else []

    def next(self) -> None:
        for one, columns in zip(self.made, self.columns):
            for line, column in zip(one.lines, columns):
                column.append(line[0])

    prenext = nextstart = next


def _run(request: dict[str, Any], expressions: list[str]) -> list[dict[str, Any]]:
    seen = request["run"].get("exactbars", 0) >= 1
    cerebro = bt.Cerebro(stdstats=False)
    for feed in range(request["feeds"]):
        cerebro.adddata(rows_feed(rows(request["kind"], feed, request["feeds"])))
    cerebro.addstrategy(Watcher, expressions=expressions, seen=seen)
    watcher = cerebro.run(**request["run"])[0]
    bars = len(watcher)
    results = []
    for i, one in enumerate(watcher.made):
        names = [one.lines._getlinealias(n) for n in range(len(list(one.lines)))]
        columns = watcher.columns[i] if seen else [list(line.array)[:bars] for line in one.lines]
        lines = [[name, _packed(column)] for name, column in zip(names, columns)]
        results.append({"period": one._minperiod, "lines": lines})
    return results


def _packed(values: Any) -> str:
    """Floats as text, every NaN with the same bits."""
    return base64.b64encode(array("d", [v if v == v else float("nan") for v in values]).tobytes()).decode()
