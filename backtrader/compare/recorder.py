"""Runs one script under one engine and writes down what happened; a process of its own.

Nothing of the package is imported here but by the name ``backtrader``: which engine answers to it is
what the first argument decides. The script is not changed: ``Cerebro.run`` adds an analyzer that
listens, and takes it away again before the script sees its results.
"""

from __future__ import annotations

import datetime
import importlib
import json
import os
import re
import runpy
import sys
import time
import traceback
from array import array
from collections.abc import Iterator
from typing import Any

_NAME = "_comparison_recorder"
_ADDRESS = re.compile(r" at 0x[0-9a-fA-F]+")
_DEEPEST = 12  # levels of an analysis; deeper is shown as text


def plain(value: Any, level: int = 0) -> Any:
    """Anything as JSON holds it: mappings as pairs, what is no number or text as its text."""
    if value is None or isinstance(value, (bool, str)):
        return value
    if isinstance(value, int):
        return value if type(value) is int else int(value)
    if isinstance(value, float):
        return float(value)
    if isinstance(value, (datetime.datetime, datetime.date, datetime.time)):
        return value.isoformat()
    if hasattr(value, "items") and level < _DEEPEST:
        return {"map": [[plain(key, level + 1), plain(item, level + 1)] for key, item in value.items()]}
    if isinstance(value, (list, tuple, set, frozenset)) and level < _DEEPEST:
        items = sorted(value, key=repr) if isinstance(value, (set, frozenset)) else value
        return [plain(item, level + 1) for item in items]
    if hasattr(value, "item") and getattr(value, "ndim", None) == 0:
        return plain(value.item(), level + 1)
    if hasattr(value, "tolist") and level < _DEEPEST:
        return plain(value.tolist(), level + 1)
    return _ADDRESS.sub("", repr(value))


class Numbers:
    """Small numbers for orders and trades in the order they are met: references differ between runs."""

    def __init__(self) -> None:
        self._known: dict[Any, int] = {}

    def of(self, ref: Any) -> int:
        """The number of a reference."""
        return self._known.setdefault(ref, len(self._known) + 1)


def make_analyzer(bt: Any) -> Any:
    """The analyzer that listens, for the engine at hand."""

    class Recorder(bt.Analyzer):
        def start(self) -> None:
            super().start()
            self.orders: list[Any] = []
            self.trades: list[Any] = []
            self.equity = (array("d"), array("d"), array("d"))
            self._order_numbers, self._trade_numbers = Numbers(), Numbers()

        def _now(self) -> list[Any]:
            strategy = self.strategy
            bars = len(strategy)
            return [bars, float(strategy.lines.datetime[0]) if bars else None]

        def notify_cashvalue(self, cash: float, value: float) -> None:
            when = self._now()[1]
            for column, number in zip(self.equity, (when or 0.0, cash, value), strict=True):
                column.append(float(number))

        def notify_order(self, order: Any) -> None:
            parent = getattr(order, "parent", None)
            done, asked = order.executed, order.created
            self.orders.append(
                [
                    *self._now(),
                    {
                        "order": self._order_numbers.of(order.ref),
                        "parent": self._order_numbers.of(parent.ref) if parent is not None else None,
                        "feed": _feed_name(order.data, self.strategy),
                        "side": order.ordtypename(),
                        "type": order.getordername(),
                        "status": order.getstatusname(),
                        "size": plain(asked.size),
                        "price": plain(asked.price),
                        "limit price": plain(asked.pricelimit),
                        "executed size": plain(done.size),
                        "executed price": plain(done.price),
                        "executed value": plain(done.value),
                        "commission": plain(done.comm),
                        "profit": plain(done.pnl),
                    },
                    _bar(order.data),
                ]
            )

        def notify_trade(self, trade: Any) -> None:
            self.trades.append(
                [
                    *self._now(),
                    {
                        "trade": self._trade_numbers.of(trade.ref),
                        "feed": _feed_name(trade.data, self.strategy),
                        "status": ("created", "open", "closed")[trade.status],
                        "size": plain(trade.size),
                        "price": plain(trade.price),
                        "value": plain(trade.value),
                        "commission": plain(trade.commission),
                        "profit": plain(trade.pnl),
                        "net profit": plain(trade.pnlcomm),
                        "opened at bar": plain(trade.baropen),
                        "closed at bar": plain(trade.barclose),
                    },
                    _bar(trade.data),
                ]
            )

    return Recorder


def _feed_name(data: Any, strategy: Any) -> str:
    name = getattr(data, "_name", None)
    if name:
        return str(name)
    return f"data{next((i for i, known in enumerate(strategy.datas) if known is data), 0)}"


def _bar(data: Any) -> list[Any]:
    """Open, high, low and close of the feed's current bar."""
    if not len(data):
        return []
    return [plain(line[0]) for line in (data.open, data.high, data.low, data.close)]


class Undrawn:
    """What ``cerebro.plot()`` gives: scripts go on to its figures and save them, so everything is taken."""

    def __getattr__(self, name: str) -> Undrawn:
        if name.startswith("__"):
            raise AttributeError(name)
        return self

    def __call__(self, *args: Any, **kwargs: Any) -> Undrawn:
        return self

    def __getitem__(self, place: Any) -> Undrawn:
        return self

    def __iter__(self) -> Iterator[Undrawn]:
        return iter((self,))

    def __len__(self) -> int:
        return 1


class Session:
    """Everything one script did."""

    def __init__(self, bt: Any, record: bool) -> None:
        self.bt, self.record = bt, record
        self.runs: list[dict[str, Any]] = []
        self._analyzer = make_analyzer(bt)
        self._equity: list[Any] = []

    def install(self) -> None:
        """Take over ``Cerebro.run`` and ``Cerebro.plot``."""
        session, cls = self, self.bt.Cerebro
        real_run = cls.run

        def run(cerebro: Any, *args: Any, **kwargs: Any) -> Any:
            return session.around(cerebro, real_run, args, kwargs)

        def plot(cerebro: Any, *args: Any, **kwargs: Any) -> Undrawn:
            return Undrawn()  # a window would wait for somebody to close it

        cls.run, cls.plot = run, plot

    def around(self, cerebro: Any, real_run: Any, args: Any, kwargs: Any) -> Any:
        """One run, listened to if it is a single one; sweeps are told by their results."""
        listens = self.record and not getattr(cerebro, "_dooptimize", False)
        if listens:
            cerebro.addanalyzer(self._analyzer, _name=_NAME)
        began = time.perf_counter()
        try:
            results = real_run(cerebro, *args, **kwargs)
        finally:
            seconds = time.perf_counter() - began
            if listens:
                cerebro.analyzers.pop()
        entry: dict[str, Any] = {"seconds": seconds}
        if self.record:
            recorders = [_take_away(strategy) for strategy in results] if listens else []
            entry |= self._described(cerebro, results, recorders)
        self.runs.append(entry)
        return results

    def _described(self, cerebro: Any, results: Any, recorders: list[Any]) -> dict[str, Any]:
        entry: dict[str, Any] = {
            "sweep": not recorders and bool(results),
            "cash": plain(cerebro.broker.getcash()),
            "value": plain(cerebro.broker.getvalue()),
            "strategies": [],
        }
        if not recorders:
            flat = [one for item in results for one in (item if isinstance(item, list) else [item])]
            entry["strategies"] = [_result(one) for one in flat]
            return entry
        for strategy, recorder in zip(results, recorders, strict=True):
            told = _result(strategy)
            told |= {
                "bars": len(strategy),
                "feeds": [[_feed_name(data, strategy), len(data)] for data in strategy.datas],
                "positions": [_position(strategy, data) for data in strategy.datas],
                "orders": recorder.orders,
                "trades": recorder.trades,
                "equity": len(self._equity),
            }
            self._equity.append(recorder.equity)
            entry["strategies"].append(told)
        return entry

    def write(self, path: str, extra: dict[str, Any]) -> None:
        """The record as JSON, and beside it the curves as raw doubles."""
        lengths = []
        with open(path + ".curves", "wb") as file:
            for curves in self._equity:
                lengths.append(len(curves[0]))
                for curve in curves:
                    curve.tofile(file)
        document = {"version": self.bt.__version__, "runs": self.runs, "curves": lengths, **extra}
        with open(path, "w", encoding="utf-8") as file:
            json.dump(document, file)


def _take_away(strategy: Any) -> Any:
    """The recorder of a strategy, removed from what the script can see."""
    items = strategy.analyzers
    place = items._names.index(_NAME)
    recorder = items._items.pop(place)
    items._names.pop(place)
    delattr(items, _NAME)
    return recorder


def _result(item: Any) -> dict[str, Any]:
    """A strategy, or what is left of one after a sweep."""
    analyzers = [
        [name, plain(analyzer.get_analysis())]
        for name, analyzer in zip(item.analyzers.getnames(), _each(item.analyzers), strict=True)
    ]
    cls = getattr(item, "strategycls", type(item))
    params = item.p if hasattr(item, "p") else item.params
    return {
        "class": cls.__name__,
        "params": plain(dict(params._getkwargs())),
        "analyzers": analyzers,
    }


def _each(items: Any) -> list[Any]:
    return [items[i] for i in range(len(items))]


def _position(strategy: Any, data: Any) -> list[Any]:
    held = strategy.broker.getposition(data)
    return [_feed_name(data, strategy), plain(held.size), plain(held.price)]


def load_engine(folder: str) -> Any:
    """The package ``backtrader`` that lies in ``folder``, and no other."""
    added = folder not in sys.path
    sys.path.insert(0, folder)
    bt = importlib.import_module("backtrader")
    if added:
        sys.path.remove(folder)
    else:
        sys.path.pop(0)
    found = os.path.dirname(os.path.dirname(os.path.abspath(str(bt.__file__))))
    if os.path.realpath(found) != os.path.realpath(folder):
        raise SystemExit(f"backtrader was found in {found}, not in {folder}")
    return bt


def main(arguments: list[str]) -> int:
    """``recorder.py ENGINE_FOLDER RECORD_FILE record|time SCRIPT [ARGUMENT…]``"""
    engine, target, mode, script, *rest = arguments
    began = time.perf_counter()
    session = Session(load_engine(engine), record=mode == "record")
    session.install()
    sys.argv = [script, *rest]
    sys.path.insert(0, os.path.dirname(os.path.abspath(script)))
    error = None
    try:
        runpy.run_path(script, run_name="__main__")
    except SystemExit as stop:
        if stop.code not in (None, 0):
            error = f"the script ended with exit status {stop.code}"
    except BaseException as problem:  # whatever the script raises is what is asked for here
        last = traceback.extract_tb(problem.__traceback__)[-1]
        error = f"{type(problem).__name__}: {problem} ({os.path.basename(last.filename)}, line {last.lineno})"
        traceback.print_exc()
    session.write(target, {"error": error, "seconds": time.perf_counter() - began})
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
