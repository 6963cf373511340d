"""Writes down everything a run shows: every callback in order, the state at each bar, all lines at the end."""

from __future__ import annotations

import math
import re
from typing import Any

import backtrader as bt

from . import snapshot
from .modes import Mode

_FEED = bt.feed.AbstractDataBase
# Names every line object has; user code mentions them without setting them.
_STANDARD = re.compile(r"_|(data\d*(_\w+)?|datas|dnames|lines?|l|p|params|plotinfo|plotlines)$")


def _own_names(obj: Any) -> list[str]:
    """Attributes which user code sets in ``__init__``: names its code mentions and the object has."""
    names: dict[str, None] = {}
    for cls in type(obj).__mro__:
        init = vars(cls).get("__init__")
        code = getattr(init, "__code__", None)
        if code is not None and not cls.__module__.startswith("backtrader"):
            names.update(dict.fromkeys(code.co_names))
    lines = getattr(obj, "lines", None)
    aliases = lines.getlinealiases() if hasattr(lines, "getlinealiases") else ()
    held = vars(obj)
    return [name for name in names if name in held and name not in aliases and not _STANDARD.match(name)]


def _line_objects(value: Any, name: str) -> dict[str, Any]:
    """Line objects in a value, also inside lists and dicts, by a readable name."""
    if isinstance(value, bt.LineRoot):
        feed_like = isinstance(value, (_FEED, bt.Strategy))
        return {} if feed_like else {name: value}
    items: list[tuple[Any, Any]] = []
    if isinstance(value, (list, tuple)):
        items = list(enumerate(value))
    elif isinstance(value, dict):
        items = list(value.items())
    out: dict[str, Any] = {}
    for key, item in items:
        out.update(_line_objects(item, f"{name}[{key}]"))
    return out


def watched(obj: Any, prefix: str = "") -> dict[str, Any]:
    """All line objects reachable through attributes that user code has set."""
    out: dict[str, Any] = {}
    for name in _own_names(obj):
        for path, found in _line_objects(vars(obj)[name], prefix + name).items():
            out[path] = found
            if not type(found).__module__.startswith("backtrader") and len(path) < 60:
                out.update(watched(found, path + "."))
    return out


def lines_of(obj: Any, name: str) -> dict[str, Any]:
    """The single lines of an object, by name."""
    lines = getattr(obj, "lines", None)
    if lines is None or not hasattr(lines, "getlinealiases"):
        return {name: obj}
    aliases = list(lines.getlinealiases())
    size = lines.fullsize()
    labels = [aliases[i] if i < len(aliases) else f"line{i}" for i in range(size)]
    return {f"{name}.{label}": lines[i] for i, label in enumerate(labels)}


def now(line: Any, seen: int) -> Any:
    """The current value of a line, NaN before its first bar."""
    return snapshot.number(line[0]) if seen else math.nan


class Recorder:
    """The trace of one scenario in one mode."""

    def __init__(self, mode: Mode, light: bool = False) -> None:
        self.mode = mode
        self.light = light
        self.refs = snapshot.Refs()
        self.events: list[dict[str, Any]] = []
        self.notes: list[list[Any]] = []
        self.results: list[Any] = []
        self.error: dict[str, Any] | None = None
        self._count = 0
        self._lines: dict[int, dict[str, tuple[Any, Any]]] = {}
        # Computed in advance, the original does not move indicators inside indicators on with the bars.
        self._deep = any(key in mode.run for key in ("runonce", "preload", "exactbars"))

    def number_strategy(self) -> int:
        """Number of the next strategy that is created."""
        self._count += 1
        return self._count - 1

    def event(self, strategy: Any, name: str, **data: Any) -> None:
        """One callback: which, where in time, with what."""
        entry: dict[str, Any] = {"event": name, "strategy": strategy.trace_number, "len": len(strategy)}
        entry["lens"] = [len(data_) for data_ in strategy.datas]
        self.events.append(entry | data)

    def bar(self, strategy: Any, name: str) -> None:
        """The state as the user's method finds it."""
        datas = strategy.datas
        state: dict[str, Any] = {
            "datetime": now(strategy.lines.datetime, len(strategy)),
            **snapshot.account(strategy.broker),
        }
        state["positions"] = _positions(strategy)
        if not self.light:
            state["datas"] = [self._feed_now(data) for data in datas]
            state["lines"] = {
                path: now(line, len(owner)) for path, (owner, line) in self._watched(strategy).items()
            }
            state["observers"] = [self._observer_now(item) for item in strategy.getobservers()]
        self.event(strategy, name, **state)

    def _watched(self, strategy: Any) -> dict[str, tuple[Any, Any]]:
        key = strategy.trace_number
        if key not in self._lines:
            found = {name: obj for name, obj in watched(strategy).items() if self._deep or "." not in name}
            self._lines[key] = {
                path: (obj, line) for name, obj in found.items() for path, line in lines_of(obj, name).items()
            }
        return self._lines[key]

    @staticmethod
    def _feed_now(data: Any) -> list[Any]:
        if not len(data):
            return []
        return [now(data.lines[i], 1) for i in range(data.lines.fullsize())]

    @staticmethod
    def _observer_now(item: Any) -> list[Any]:
        if not len(item):
            return []
        return [now(item.lines[i], 1) for i in range(item.lines.fullsize())]

    def result(self, outcome: Any) -> None:
        """What ``Cerebro.run`` gave back."""
        self.results.append([self._one_result(item) for item in outcome])

    def _one_result(self, item: Any) -> Any:
        if isinstance(item, list):
            return [self._one_result(one) for one in item]
        if isinstance(item, bt.Strategy):
            return self._finished(item)
        return self._opt_return(item)

    def _finished(self, strategy: Any) -> dict[str, Any]:
        out: dict[str, Any] = {
            "class": type(strategy).__name__,
            "len": len(strategy),
            "params": snapshot.plain(dict(strategy.p._getkwargs())),
            "account": snapshot.account(strategy.broker),
            "positions": _positions(strategy),
            "analyzers": [[name, _analysis(one)] for name, one in strategy.analyzers.getitems()],
            "log": snapshot.plain(vars(strategy).get("log")),
            "orders": vars(strategy).get("last_states"),
        }
        if not self.light:
            out |= self._series(strategy)
        return out

    def _series(self, strategy: Any) -> dict[str, Any]:
        indicators = [item for item in strategy.getindicators() if isinstance(item, bt.Indicator)]
        found = {path: obj for path, obj in watched(strategy).items() if self._kept(obj, path)}
        unbound = {
            f"indicators[{i}] {type(obj).__name__}": obj
            for i, obj in enumerate(indicators)
            if self._kept(obj, "")
        }
        return {
            "names": [type(item).__name__ for item in indicators],
            "observer names": [type(item).__name__ for item in strategy.getobservers()],
            "lens": [[data._name, len(data), self._loaded(data)] for data in strategy.datas],
            "datetime": self._whole(strategy, "strategy", ("datetime",)),
            "datas": [self._whole(data, data._name) for data in strategy.datas],
            "observers": [self._whole(obs, type(obs).__name__) for obs in strategy.getobservers()],
            "lines": {path: self._whole(obj, path) for path, obj in found.items()},
            "indicators": {path: self._whole(obj, path) for path, obj in unbound.items()},
        }

    def _loaded(self, data: Any) -> int | None:
        """Bars in memory; with bounded memory that is the engine's own business."""
        return None if self.mode.run.get("exactbars") else data.buflen()

    def _kept(self, obj: Any, path: str) -> bool:
        """Are this object's old values kept in this mode?"""
        bounded = self.mode.run.get("exactbars", 0)
        if not bounded:
            return True
        top_level = isinstance(obj, bt.Indicator) and "." not in path
        return (bounded == -1 and top_level) or (bounded == -2 and top_level and bool(obj.plotinfo.plot))

    def _whole(self, obj: Any, name: str, only: tuple[str, ...] = ()) -> dict[str, Any]:
        """All values of all lines of an object; with ``exactbars=1`` nothing is kept (not even the last bar)."""
        seen = len(obj)
        out: dict[str, Any] = {"len": seen}
        if self.mode.run.get("exactbars", 0) >= 1:
            return out
        for path, line in lines_of(obj, name).items():
            label = path.rsplit(".", 1)[-1]
            if only and label not in only:
                continue
            out[label] = [snapshot.number(value) for value in list(line.array)[:seen]]
        return out

    @staticmethod
    def _opt_return(item: Any) -> dict[str, Any]:
        analyzers = [[name, _analysis(one)] for name, one in item.analyzers.getitems()]
        return {
            "class": type(item).__name__,
            "params": snapshot.plain(dict(item.p._getkwargs())),
            "analyzers": analyzers,
        }

    def trace(self) -> dict[str, Any]:
        """The whole trace."""
        loose = snapshot.Loose.on
        return {
            "events": self.events,
            "notes": self.notes,
            "results": self.results,
            "loose": loose,
            "error": self.error,
        }


def _positions(strategy: Any) -> list[dict[str, Any]]:
    """Positions by feed, without making entries: an entry alone makes the account look at that feed's price."""
    broker = strategy.broker
    out = []
    for data in strategy.datas:
        held = broker.positions[data] if data in broker.positions else bt.Position()
        out.append(snapshot.position(held, not broker.getcommissioninfo(data).stocklike))
    return out


def _analysis(analyzer: Any) -> Any:
    return snapshot.plain(analyzer.get_analysis())


def traced(cls: Any, recorder: Recorder) -> Any:
    """A subclass of a strategy class which tells the recorder about every callback before the user's code runs."""

    class Traced(cls):  # type: ignore[misc]
        def __init__(self, *args: Any, **kwargs: Any) -> None:
            self.trace_number = recorder.number_strategy()
            super().__init__(*args, **kwargs)

        def start(self) -> None:
            recorder.event(self, "start")
            super().start()

        def stop(self) -> None:
            recorder.event(self, "stop", **snapshot.account(self.broker))
            super().stop()

        def prenext(self) -> None:
            recorder.bar(self, "prenext")
            super().prenext()

        def nextstart(self) -> None:
            recorder.event(self, "nextstart")
            super().nextstart()

        def next(self) -> None:
            recorder.bar(self, "next")
            super().next()

        def prenext_open(self) -> None:
            recorder.event(self, "prenext_open")
            super().prenext_open()

        def nextstart_open(self) -> None:
            recorder.event(self, "nextstart_open")
            super().nextstart_open()

        def next_open(self) -> None:
            recorder.bar(self, "next_open")
            super().next_open()

        def notify_order(self, order: Any) -> None:
            recorder.event(self, "notify_order", order=snapshot.order(order, recorder.refs))
            super().notify_order(order)

        def notify_trade(self, trade: Any) -> None:
            recorder.event(self, "notify_trade", trade=snapshot.trade(trade, recorder.refs))
            super().notify_trade(trade)

        def notify_cashvalue(self, cash: float, value: float) -> None:
            recorder.event(self, "notify_cashvalue", given=[snapshot.plain(cash), snapshot.plain(value)])
            super().notify_cashvalue(cash, value)

        def notify_fund(self, cash: float, value: float, fundvalue: float, shares: float) -> None:
            given = [snapshot.plain(item) for item in (cash, value, fundvalue, shares)]
            recorder.event(self, "notify_fund", given=given)
            super().notify_fund(cash, value, fundvalue, shares)

        def notify_data(self, data: Any, status: int, *args: Any, **kwargs: Any) -> None:
            recorder.event(
                self, "notify_data", given=[data._name, status, snapshot.plain(args), snapshot.plain(kwargs)]
            )
            super().notify_data(data, status, *args, **kwargs)

        def notify_store(self, msg: Any, *args: Any, **kwargs: Any) -> None:
            recorder.event(
                self,
                "notify_store",
                given=[snapshot.plain(msg), snapshot.plain(args), snapshot.plain(kwargs)],
            )
            super().notify_store(msg, *args, **kwargs)

        def notify_timer(self, timer: Any, when: Any, *args: Any, **kwargs: Any) -> None:
            given = [timer.p.tid, snapshot.plain(when), snapshot.plain(args), snapshot.plain(kwargs)]
            recorder.event(self, "notify_timer", given=given)
            super().notify_timer(timer, when, *args, **kwargs)

    Traced.__name__ = Traced.__qualname__ = cls.__name__
    Traced.__module__ = cls.__module__
    return Traced
