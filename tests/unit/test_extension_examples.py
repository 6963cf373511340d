"""The extensions used as a user would: each example runs as it stands."""

from __future__ import annotations

import datetime
from typing import Any

import numpy as np
import pytest

import backtrader as bt
from tests.unit.core.walk import MODES, Walk


def run(strategy: Any, feed: Any = None, **options: Any) -> Any:
    """The usual script."""
    cerebro = bt.Cerebro(**options)
    cerebro.adddata(feed if feed is not None else Walk(count=120), name="walk")
    cerebro.addstrategy(strategy)
    return cerebro.run()[0]


# -- lines and data --------------------------------------------------------------------------------
def test_cyclic_buffer() -> None:
    buf = bt.CyclicBuffer(3, dtype=float)
    buf.append(1.0)
    buf.extend([2.0, 3.0, 4.0])
    assert (buf[0], buf[-1], len(buf), buf.full, buf.capacity) == (2.0, 4.0, 3, True, 3)
    assert buf.to_array().tolist() == [2.0, 3.0, 4.0]
    with pytest.raises(IndexError):
        buf[3]
    buf.clear()
    assert len(buf) == 0

    anything = bt.CyclicBuffer(capacity=2)
    anything.extend([{"a": 1}, "b", None])
    assert anything[0] == "b" and anything[-1] is None


def test_data_view() -> None:
    view = bt.DataView(np.array([1.0, 2.0, 3.0, 4.0]))
    assert (view.shape, view.dtype, view.size, len(view), view[0], view[-1]) == ((4,), float, 4, 4, 1.0, 4.0)
    assert isinstance(view[1:3], bt.DataView) and list(view[1:3]) == [2.0, 3.0]
    assert np.mean(view) == 2.5
    with pytest.raises(TypeError):
        view[0] = 9.0  # type: ignore[index]


@pytest.mark.parametrize("mode", MODES)
def test_a_view_of_a_line(mode: str) -> None:
    class Volatility(bt.Strategy):
        def __init__(self) -> None:
            self.kept: Any = None
            self.old: Any = None

        def next(self) -> None:
            if len(self) < 20:
                return
            window = self.data.close.get_view(20)
            assert len(window) == 20 and window[-1] == self.data.close[0]
            self.volatility = float(np.std(window))
            if self.old is not None:
                with pytest.raises(bt.errors.StaleViewError):
                    self.old[0]
                assert len(self.kept) == 20
            self.old, self.kept = window, window.copy()

    strategy = run(Volatility, **MODES[mode])
    assert strategy.volatility > 0 and len(strategy.data.get_view()) == 120


def test_memory_profile() -> None:
    class Average(bt.Strategy):
        def __init__(self) -> None:
            self.sma = bt.ind.SMA(period=10)
            self.total = 0.0

        def next(self) -> None:
            self.total += self.sma[0]

    assert list(bt.MemoryProfile) == [0, 1, 2]
    profiles = (None, bt.MemoryProfile.CONSERVATIVE, bt.MemoryProfile.BALANCED, bt.MemoryProfile.AGGRESSIVE)
    assert len({run(Average, memory_profile=profile).total for profile in profiles}) == 1


def test_event_windows_on_a_stream() -> None:
    window = bt.SMAEventWindow(3)
    for minute, price in enumerate([10.0, 11.0, 12.0, 13.0]):
        window.on_new_value(datetime.datetime(2024, 1, 1, 9, minute), price)
    assert window.window_full() and window.get_value() == 12.0
    assert window.get_values().tolist() == [11.0, 12.0, 13.0]
    for name in ("EMA", "WMA", "StdDev", "Highest", "Lowest", "RSI"):
        ready = getattr(bt, f"{name}EventWindow")(3)
        for price in (10.0, 11.0, 10.5, 12.0):
            ready.on_new_value(None, price)
        assert ready.window_full() and ready.get_value() > 0
    ranges = bt.ATREventWindow(2)
    for high, low, close in ((11.0, 9.0, 10.0), (12.0, 10.0, 11.0), (13.0, 10.0, 12.0)):
        ranges.on_new_value(None, (high, low, close))
    assert ranges.get_value() == 2.5


def test_an_event_window_of_ones_own() -> None:
    class Median(bt.EventWindow):
        def get_value(self) -> Any:
            return float(np.median(self.get_values())) if self.window_full() else None

    window = Median(3)
    for value in (5.0, None, 1.0, 9.0):
        window.on_new_value(None, value)
    assert window.get_value() == 5.0


def test_event_based_filter_and_window_indicator() -> None:
    class Both(bt.Strategy):
        def __init__(self) -> None:
            self.follows = bt.EventBasedFilter(self.data.close, bt.SMAEventWindow(10))
            self.line = bt.WindowIndicator(self.data.close, window=bt.SMAEventWindow(10))
            self.sma = bt.ind.SMA(period=10)

        def next(self) -> None:
            assert self.follows[0] == self.follows.get_value() == self.line[0] == self.sma[0]
            self.checked = len(self)

    assert run(Both).checked == 120


def test_event() -> None:
    heard: list[Any] = []

    def handler(*args: Any, **kwargs: Any) -> None:
        heard.append((args, kwargs))

    event = bt.Event()
    event.subscribe(handler)
    event.subscribe(handler)
    event.emit(1, key="value")
    event.unsubscribe(handler)
    event.emit(2)
    assert heard == [((1,), {"key": "value"})]


@pytest.mark.parametrize("mode", MODES)
def test_new_value_events(mode: str) -> None:
    heard: list[Any] = []
    feed = Walk(count=120)
    feed.get_new_value_event().subscribe(lambda series, when, value: heard.append(("feed", when, value)))

    class Listening(bt.Strategy):
        def __init__(self) -> None:
            self.sma = bt.ind.SMA(period=5)
            self.sma.get_new_value_event().subscribe(self.on_average)
            self.data.close.get_new_value_event().subscribe(self.on_close)

        def on_average(self, series: Any, when: datetime.datetime, value: float) -> None:
            assert series is self.sma and (value == series[0] or value != value)
            heard.append(("average", when, value))

        def on_close(self, series: Any, when: datetime.datetime, value: float) -> None:
            heard.append(("close", when, value))

        def next(self) -> None:
            heard.append(("next", self.data.datetime.datetime(), self.data.close[0]))

    run(Listening, feed, **MODES[mode])
    assert [entry[0] for entry in heard[:3]] == ["feed", "average", "close"]
    assert [entry[0] for entry in heard[-4:]] == ["feed", "average", "close", "next"]
    assert heard[-1][1:] == heard[-2][1:] == heard[-4][1:]
    assert sum(entry[0] == "average" for entry in heard) == 120


def test_dispatcher() -> None:
    log: list[Any] = []

    class News(bt.Subject):
        """A subject of one's own: two members are enough."""

        def __init__(self, times: list[int]) -> None:
            self.times = times

        def peek_datetime(self) -> Any:
            return self.times[0] if self.times else None

        def dispatch(self) -> bool:
            log.append((dispatcher.get_current_datetime(), self.get_dispatch_priority(), self.times.pop(0)))
            if log[-1][0] == 5:
                dispatcher.stop()
            return True

    dispatcher = bt.Dispatcher()
    dispatcher.add_subject(News([1, 3, 5, 7]), priority=2)
    dispatcher.add_subject(News([1, 2, 3]), priority=1)
    dispatcher.run()
    assert log == [(1, 1, 1), (1, 2, 1), (2, 1, 2), (3, 1, 3), (3, 2, 3), (5, 2, 5)]


def test_bar() -> None:
    bar = bt.Bar(datetime.datetime(2024, 1, 1), 10.0, 12.0, 9.0, 11.0, volume=500.0)
    assert (bar.open, bar.high, bar.low, bar.close, bar.volume, bar.openinterest) == (
        10.0,
        12.0,
        9.0,
        11.0,
        500.0,
        0.0,
    )
    assert not hasattr(bar, "__dict__")
