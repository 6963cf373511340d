"""A feed, a strategy and a run made of nothing: what the tests of a broker need and no more."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, time
from types import SimpleNamespace
from typing import Any

from ..utils.dateintern import TIME_MAX, date2num, num2date
from .order import Order
from .trade import Trade

__all__ = ["Tape", "TapeFeed", "TapeOwner", "TapeRun"]

Tape = Sequence[tuple[float, float, float, float, float, float]]
"""Bars as (datetime number, open, high, low, close, volume)."""


class TapeLine:
    """One column of a tape, read at the feed's position."""

    def __init__(self, feed: TapeFeed, values: list[float]) -> None:
        self.feed = feed
        self.values = values

    def __getitem__(self, ago: int) -> float:
        return self.values[self.feed.at + ago]

    def datetime(self, ago: int = 0) -> datetime:
        """The moment of a bar."""
        return num2date(self[ago])

    def date(self, ago: int = 0) -> date:
        """The day of a bar."""
        return self.datetime(ago).date()


class TapeFeed:
    """A feed that plays a list of bars."""

    _tz = None
    _dataname = None
    tick_open = tick_high = tick_low = tick_close = None

    def __init__(
        self, bars: Tape, name: str = "tape", sessionend: time = TIME_MAX, compensate: TapeFeed | None = None
    ) -> None:
        columns = [list(column) for column in zip(*bars, strict=True)] or [[] for _ in range(6)]
        self.at = -1
        self._name = name
        self._compensate = compensate
        self.p = SimpleNamespace(sessionend=sessionend)
        self.sessionend = sessionend
        self.datetime, self.open, self.high, self.low, self.close, self.volume = (
            TapeLine(self, column) for column in columns
        )

    num2date = staticmethod(num2date)
    date2num = staticmethod(date2num)

    def __len__(self) -> int:
        return self.at + 1

    def due(self) -> float | None:
        """The time of the bar to come."""
        times = self.datetime.values
        return times[self.at + 1] if self.at + 1 < len(times) else None


class TapeOwner:
    """Stands in for a strategy: keeps every notification, and builds trades out of the fills."""

    def __init__(self, historyon: bool = False) -> None:
        self.orders: list[Any] = []
        self.trades: list[Trade] = []
        self.historyon = historyon
        self._open: dict[Any, Trade] = {}

    def take(self, order: Any) -> list[Trade]:
        """Take one notification; the trades it opened or closed."""
        if order.exectype != Order.Historical or order.histnotify:
            self.orders.append(order)
        told: list[Trade] = []
        data = order.data if order.data._compensate is None else order.data._compensate
        key = data, order.tradeid
        for bit in order.executed.iterpending():
            trade = self._open[key] if key in self._open else self._new_trade(key)
            if bit.closed:
                trade.update(
                    order, bit.closed, bit.price, bit.closedvalue, bit.closedcomm, bit.pnl, order.comminfo
                )
                if trade.isclosed:
                    told.append(trade.clone())
            if bit.opened:
                if trade.isclosed:
                    trade = self._new_trade(key)
                trade.update(
                    order, bit.opened, bit.price, bit.openedvalue, bit.openedcomm, bit.pnl, order.comminfo
                )
                if trade.isclosed:
                    told.append(trade.clone())
            if trade.justopened:
                told.append(trade.clone())
        self.trades.extend(told)
        return told

    def _new_trade(self, key: tuple[Any, Any]) -> Trade:
        trade = self._open[key] = Trade(key[0], key[1], self.historyon)
        return trade


class TapeRun:
    """Plays feeds in step and lets a broker work, as the run loop does.

    ``on_step(run)`` is the strategy's turn, ``on_open(run)`` comes before the broker,
    ``on_order(run, order)`` for every notification.  The run is its own clock.
    """

    def __init__(
        self,
        broker: Any,
        feeds: Sequence[TapeFeed],
        on_step: Callable[[TapeRun], None] = lambda run: None,
        on_open: Callable[[TapeRun], None] | None = None,
        on_order: Callable[[TapeRun, Any], None] = lambda run, order: None,
        owner: TapeOwner | None = None,
    ) -> None:
        self.broker = broker
        self.feeds = list(feeds)
        self.owner = owner or TapeOwner()
        self.on_step = on_step
        self.on_open = on_open
        self.on_order = on_order
        self.idx = -1
        self.closes: dict[Any, list[float]] = {feed: [] for feed in feeds}
        broker.cerebro = SimpleNamespace(
            p=SimpleNamespace(quicknotify=False),
            datas=self.feeds,
            datasbyname={feed._name: feed for feed in feeds},
            runningstrats=[self.owner],
        )
        broker.clock = self
        broker.eager = broker.eager or on_open is not None
        broker.start()

    def play(self, steps: int | None = None) -> TapeRun:
        """Run so many steps, or to the end."""
        for _ in self._times(steps):
            if self.on_open is not None:
                self.on_open(self)
            if self.broker.awake or self.broker.eager:
                self.broker.next()
            self.deliver()
            self.on_step(self)
        return self

    def deliver(self) -> None:
        """Hand the broker's notifications on."""
        while (order := self.broker.get_notification()) is not None:
            self.owner.take(order)
            self.on_order(self, order)

    def _times(self, steps: int | None) -> Iterable[float]:
        while steps is None or self.idx + 1 < steps:
            times = [due for feed in self.feeds if (due := feed.due()) is not None]
            if not times:
                return
            now = min(times)
            for feed in self.feeds:
                if feed.due() == now:
                    feed.at += 1
                self.closes[feed].append(feed.close[0])
            self.idx += 1
            yield now
