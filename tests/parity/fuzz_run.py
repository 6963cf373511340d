"""Runs a fuzz case under whichever engine the worker has: feeds, account and the program of orders."""

from __future__ import annotations

import datetime as dt
import math
from typing import Any

import backtrader as bt

from . import fuzz_lines, snapshot
from .data import Row
from .stage import Stage


def perform(case: dict[str, Any], stage: Stage) -> None:
    """Build and run the case."""
    # the original takes its strategy for signals the way a user's would come, which is watched
    make = stage.plain_cerebro if case.get("signals") else stage.cerebro
    cerebro = make(**case["cerebro"])
    _add_feeds(cerebro, case, stage)
    _account(cerebro.broker, case)
    if case["sizer"]:
        cerebro.addsizer(getattr(bt.sizers, case["sizer"][0]), **case["sizer"][1])
    if case["analyzers"]:
        cerebro.addanalyzer(bt.analyzers.TradeAnalyzer)
        cerebro.addanalyzer(bt.analyzers.SQN)
    for timer in case.get("timers", ()):
        if timer["by"] == "cerebro":
            cerebro.add_timer(strats=True, **_timer(timer))
    if case.get("signals"):
        _add_signals(cerebro, case, stage)
    else:
        hooked = any(step["when"] == "fill" for step in case["program"])
        cerebro.addstrategy(FillDriven if hooked else Driven, case=case)
    found = stage.run(cerebro)
    if (
        case["cerebro"].get("stdstats", True)
        and len(cerebro.datas) == 1
        and stage.mode.run.get("exactbars", 0) < 1
    ):
        for observer in found[0].getobservers():
            stage.note(
                type(observer).__name__, [list(line.array)[: len(observer)] for line in observer.lines]
            )


def _add_feeds(cerebro: Any, case: dict[str, Any], stage: Stage) -> None:
    feeds = [_feed(feed, stage) for feed in case["feeds"]]
    derived = case.get("derived", [])
    taken = {one["of"] for one in derived if one.get("own")}
    if not any(one["instead"] for one in derived):
        for number, feed in enumerate(feeds):
            if number not in taken:
                cerebro.adddata(feed)
    for one in derived:
        make = getattr(cerebro, f"{one['how']}data")
        timeframe = getattr(bt.TimeFrame, one["timeframe"])
        make(
            feeds[one["of"]],
            name=one["name"],
            timeframe=timeframe,
            compression=one["compression"],
            **one["options"],
        )


def _filter(feed: Any, name: str, kwargs: dict[str, Any]) -> None:
    if name == "odd":
        feed.addfilter(_drop_odd)
    elif name == "half":
        feed.addfilter_simple(lambda data: data.volume[0] < 300.0)
    else:
        feed.addfilter(getattr(bt.filters, name), **kwargs)


def _drop_odd(data: Any) -> bool:
    if not data.openinterest[0] % 2:
        return False
    data.backwards()
    return True


def _timer(timer: dict[str, Any]) -> dict[str, Any]:
    """Keyword arguments of ``add_timer``."""
    when = {"start": bt.timer.SESSION_START, "end": bt.timer.SESSION_END}.get(timer["when"])
    kwargs: dict[str, Any] = {"when": dt.time.fromisoformat(timer["when"]) if when is None else when}
    for name in ("offset", "repeat"):
        if name in timer:
            kwargs[name] = dt.timedelta(minutes=timer[name])
    return kwargs | {
        key: timer[key]
        for key in ("weekdays", "weekcarry", "monthdays", "monthcarry", "cheat")
        if key in timer
    }


class Above(bt.Indicator):
    """How far a feed's close is above its mean."""

    lines = ("signal",)
    params = (("period", 3), ("number", 0))

    def __init__(self) -> None:
        data = self.datas[self.p.number % len(self.datas)]
        self.lines.signal = data - bt.ind.SMA(data, period=self.p.period)


class Told(bt.Analyzer):
    """What the strategy of signals is told; such a strategy cannot be watched as others are."""

    params = (("watch", True),)

    def start(self) -> None:
        self.told: list[Any] = []
        self.refs = snapshot.Refs()

    def notify_order(self, order: Any) -> None:
        if self.p.watch:
            self.told.append(snapshot.order(order, self.refs))

    def notify_trade(self, trade: Any) -> None:
        if self.p.watch:
            self.told.append(snapshot.trade(trade, self.refs))

    def notify_cashvalue(self, cash: float, value: float) -> None:
        if self.p.watch:
            self.told.append([cash, value])

    def get_analysis(self) -> Any:
        return self.told


def _add_signals(cerebro: Any, case: dict[str, Any], stage: Stage) -> None:
    for signal in case["signals"]:
        kind = getattr(bt, f"SIGNAL_{signal['type']}")
        cerebro.add_signal(kind, Above, period=signal["period"], number=signal["data"])
    cerebro.addanalyzer(bt.analyzers.Transactions)
    cerebro.addanalyzer(Told, watch=stage.mode.watch)


def _rows(rows: list[list[Any]]) -> list[Row]:
    return [(dt.datetime.fromisoformat(row[0]), *row[1:]) for row in rows]  # type: ignore[misc]


def _feed(feed: dict[str, Any], stage: Stage) -> Any:
    kwargs: dict[str, Any] = {
        "timeframe": bt.TimeFrame.Minutes if feed["intraday"] else bt.TimeFrame.Days,
        "compression": feed["step"],
    }
    if feed.get("weeks"):
        kwargs["timeframe"] = bt.TimeFrame.Weeks
    if "sessionend" in feed:
        kwargs["sessionend"] = dt.time.fromisoformat(feed["sessionend"])
    made = stage.feed(_rows(feed["rows"]), feed["name"], feed["kind"], **kwargs)
    for name, options in feed.get("filters", ()):
        _filter(made, name, options)
    return made


def _account(broker: Any, case: dict[str, Any]) -> None:
    settings = case["broker"]
    broker.setcash(settings["cash"])
    for name in ("coc", "coo", "eosbar", "checksubmit", "shortcash", "int2pnl", "fundmode"):
        if name in settings:
            getattr(broker, f"set_{name}")(settings[name])
    if "slippage" in settings:
        kind, value, flags = settings["slippage"]
        getattr(broker, f"set_slippage_{kind}")(value, **flags)
    if "filler" in settings:
        name, kwargs = settings["filler"]
        broker.set_filler(_own_filler if name == "own" else getattr(bt.fillers, name)(**kwargs))
    for commission in case["commissions"]:
        broker.setcommission(**commission)


def _own_filler(order: Any, price: float, ago: int) -> float:
    """A user's filler: half of the rest, rounded up, nothing on quiet bars."""
    volume = order.data.volume[ago]
    if not volume > 100:
        return 0
    rest = abs(order.executed.remsize)
    return rest if rest <= 1 else math.ceil(rest / 2)


class Driven(bt.Strategy):
    """Does what the program says; keeps every order it made and shows their last state."""

    params = (("case", None),)

    def __init__(self) -> None:
        self.made: list[Any] = []
        self.last_states: list[Any] = []
        self.steps: dict[tuple[str, int], list[dict[str, Any]]] = {}
        for step in self.p.case["program"]:
            self.steps.setdefault((step["when"], step["bar"]), []).append(step)
        self.fills: list[dict[str, Any]] = [step for step in self.p.case["program"] if step["when"] == "fill"]
        self.rings = 0
        for timer in self.p.case.get("timers", ()):
            if timer["by"] == "strategy":
                self.add_timer(**_timer(timer))
        if self.p.case["period"]:
            self.means = [bt.ind.SMA(data, period=self.p.case["period"]) for data in self.datas]
        self.between = fuzz_lines.make(self.p.case.get("between", []), self.datas)
        self.log: list[Any] = []

    def prenext(self) -> None:
        self._work("next", len(self))

    def next(self) -> None:
        self._work("next", len(self))

    def notify_timer(self, timer: Any, when: Any, *args: Any, **kwargs: Any) -> None:
        self.rings += 1
        self._work("timer", self.rings)

    def prenext_open(self) -> None:
        self._work("open", len(self))

    def nextstart_open(self) -> None:
        self._work("open", len(self))

    def next_open(self) -> None:
        self._work("open", len(self))

    def stop(self) -> None:
        refs = snapshot.Refs()
        self.last_states = [snapshot.order(order, refs) for order in self.made]

    def _work(self, when: str, bar: int) -> None:
        if self.between and all(map(len, self.datas)):  # before, the original shows a bar that has not come
            self.log.append([when, fuzz_lines.shown(self.between)])
        for step in self.steps.get((when, bar), ()):
            self._do(step)

    def _do(self, step: dict[str, Any]) -> None:
        data = self.datas[step["data"]]
        if not len(data):
            return
        outcome = getattr(self, f"_do_{step['op']}")(step, data)
        found = outcome if isinstance(outcome, list) else [outcome]
        self.made.extend(order for order in found if order is not None)

    def _do_order(self, step: dict[str, Any], data: Any) -> Any:
        kwargs = self._arguments(step, data)
        return None if kwargs is None else getattr(self, step["side"])(data=data, **kwargs)

    def _do_close(self, step: dict[str, Any], data: Any) -> Any:
        kwargs = self._arguments(step, data)
        return None if kwargs is None else self.close(data=data, **kwargs)

    def _do_cancel(self, step: dict[str, Any], data: Any) -> Any:
        order = self._earlier(step["order"])
        if order is not None:
            self.cancel(order)

    def _do_bracket(self, step: dict[str, Any], data: Any) -> Any:
        kwargs = self._arguments(step, data)
        stop, limit = self._price(step["stopprice"], data), self._price(step["limitprice"], data)
        if kwargs is None or stop is None or limit is None:
            return None
        order = bt.Order
        kwargs |= {"stopexec": step["stop"] and getattr(order, step["stop"]), "stopprice": stop}
        kwargs |= {"limitexec": step["limit"] and getattr(order, step["limit"]), "limitprice": limit}
        if step["stop"] == "StopTrail":
            kwargs |= {"stopprice": None, "stopargs": {"trailpercent": 0.01}}
        return getattr(self, f"{step['side']}_bracket")(data=data, **kwargs)

    def _do_family(self, step: dict[str, Any], data: Any) -> Any:
        parent = self._do_order(step["parent"] | {"transmit": False}, data)
        if parent is None:
            return None
        made = [parent]
        for i, child in enumerate(step["children"]):
            kwargs = self._arguments(child, data)
            if kwargs is None:
                continue
            kwargs |= {"parent": parent, "transmit": i == len(step["children"]) - 1}
            made.append(getattr(self, child["side"])(data=data, **kwargs))
        return made

    def _do_target(self, step: dict[str, Any], data: Any) -> Any:
        kwargs = self._arguments(step, data)
        if kwargs is None or math.isnan(data.close[0]):
            return None
        return getattr(self, f"order_target_{step['kind']}")(data=data, target=step["target"], **kwargs)

    def _do_pair(self, step: dict[str, Any], data: Any) -> Any:
        first = self._do_order(step["first"], data)
        kwargs = self._arguments(step["second"], data)
        if first is None or kwargs is None:
            return first
        kwargs["oco"] = first
        return [first, getattr(self, step["second"]["side"])(data=data, **kwargs)]

    def _do_cash(self, step: dict[str, Any], data: Any) -> None:
        self.broker.add_cash(step["amount"])

    def _arguments(self, step: dict[str, Any], data: Any) -> dict[str, Any] | None:
        """Keyword arguments of an order; None if a price or a size would be no number.

        The original takes such an order and spoils the account; here it is rejected, which has a test of its own.
        """
        kwargs = {
            name: step[name]
            for name in ("size", "trailamount", "trailpercent", "tradeid", "transmit")
            if name in step
        }
        if not math.isfinite(data.close[0]) or math.isnan(self.getposition(data).size):
            return None
        if step.get("size", 0) is None and math.isnan(self.getsizing(data)):
            return None
        if "exectype" in step:
            kwargs["exectype"] = getattr(bt.Order, step["exectype"])
        for name in ("price", "plimit"):
            if name in step:
                kwargs[name] = self._price(step[name], data)
                if kwargs[name] is None:
                    return None
        if "valid" in step:
            kwargs["valid"] = self._valid(step["valid"], data)
        for name in ("oco", "parent"):
            if step.get(name) is not None:
                kwargs[name] = self._earlier(step[name])
        return kwargs

    def _earlier(self, back: int) -> Any:
        return self.made[-back] if back <= len(self.made) else None

    @staticmethod
    def _price(given: list[Any], data: Any) -> float | None:
        value = getattr(data, given[0])[0]
        return round(float(value) * given[1], 2) if math.isfinite(value) else None

    @staticmethod
    def _valid(given: list[Any], data: Any) -> Any:
        kind, now = given[0], data.datetime.datetime(0)
        if kind == "day":
            return bt.Order.DAY
        amount = given[1]
        return {
            "days": dt.timedelta(days=amount), "minutes": dt.timedelta(minutes=amount),
            "date": (now + dt.timedelta(days=amount)).date(), "datetime": now + dt.timedelta(minutes=amount),
            "number": amount, "float": data.datetime[0] + amount,
        }[kind]  # fmt: skip


class FillDriven(Driven):
    """Also acts inside notifications: every completed order sets off the next step of that kind."""

    def notify_order(self, order: Any) -> None:
        if order.status == order.Completed and self.fills:
            self._do(self.fills.pop(0))
