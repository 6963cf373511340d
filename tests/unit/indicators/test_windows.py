"""Windows: value for value what the indicators give, alone on a stream and in every kind of run."""

from __future__ import annotations

import math
import random
import time
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import backtrader as bt
from tests.unit.core.walk import MODES, Walk, run
from tests.unit.indicators.stage import run as run_indicator
from tests.unit.indicators.stage import values as line_values

#: Each window with the indicator it equals, and how far the two may be apart, relatively.
WINDOWS: dict[str, tuple[Any, Any, float]] = {
    "SMA": (bt.SMAEventWindow, bt.ind.SMA, 0.0),
    "EMA": (bt.EMAEventWindow, bt.ind.EMA, 0.0),
    "WMA": (bt.WMAEventWindow, bt.ind.WMA, 1e-15),
    "StdDev": (bt.StdDevEventWindow, bt.ind.StdDev, 0.0),
    "Highest": (bt.HighestEventWindow, bt.ind.Highest, 0.0),
    "Lowest": (bt.LowestEventWindow, bt.ind.Lowest, 0.0),
    "RSI": (bt.RSIEventWindow, bt.ind.RSI, 0.0),
    "ATR": (bt.ATREventWindow, bt.ind.ATR, 0.0),
}


def same(found: list[Any], expected: list[float], tolerance: float = 0.0) -> bool:
    """Equal bit for bit, or relatively within the tolerance; None and NaN are one."""
    numbers = [math.nan if value is None else value for value in found]
    return len(numbers) == len(expected) and all(
        a == b or (a != a and b != b) or (tolerance > 0.0 and abs(a - b) <= tolerance * abs(b))
        for a, b in zip(numbers, expected)
    )


def stream(window: Any, columns: dict[str, list[float]]) -> list[Any]:
    """What a window says after every value."""
    said = []
    for high, low, close in zip(columns["high"], columns["low"], columns["close"]):
        window.on_new_value(None, (high, low, close) if window.takes_bars else close)
        said.append(window.get_value())
    return said


def walk(count: int, seed: int, digits: int = 2) -> dict[str, list[float]]:
    r, price = random.Random(seed), 100.0
    columns: dict[str, list[float]] = {name: [] for name in ("open", "high", "low", "close")}
    for _ in range(count):
        price = round(price * (1 + r.gauss(0, 0.01)), digits)
        for name, value in (
            ("open", price),
            ("high", price + r.random()),
            ("low", price - r.random()),
            ("close", price),
        ):
            columns[name].append(value)
    return columns


@pytest.mark.parametrize("name", WINDOWS)
@pytest.mark.parametrize("size", [1, 2, 5, 14, 100])
def test_alone_on_a_stream_it_gives_what_the_indicator_gives(name: str, size: int) -> None:
    make, indicator, tolerance = WINDOWS[name]
    for seed, digits in ((1, 2), (2, 14)):
        columns = walk(400, seed, digits)
        expected = line_values(run_indicator(columns, f"make(d, period={size})", make=indicator))
        assert same(stream(make(size), columns), expected, tolerance)


@pytest.mark.parametrize("name", WINDOWS)
def test_missing_and_infinite_values_come_and_go_as_in_the_indicator(name: str) -> None:
    make, indicator, tolerance = WINDOWS[name]
    for odd in (math.nan, math.inf, -math.inf, 1e300, 0.0, -0.0):
        columns = walk(120, 3)
        for at in (2, 40, 41, 60):
            columns["close"][at] = odd
        columns["close"][90] = -odd
        expected = line_values(run_indicator(columns, "make(d, period=7)", make=indicator))
        assert same(stream(make(7), columns), expected, tolerance or 1e-15 * (name == "WMA")), odd


_numbers = st.one_of(
    st.floats(-1e9, 1e9),
    st.sampled_from([0.0, -0.0, 1.0, 1e16, -1e16, 1e-16, math.nan, math.inf]),
    st.integers(-5, 5).map(float),
)


@given(
    values=st.lists(_numbers, min_size=1, max_size=60),
    size=st.integers(1, 12),
    name=st.sampled_from(sorted(WINDOWS)),
)
def test_whatever_the_values(values: list[float], size: int, name: str) -> None:
    make, indicator, tolerance = WINDOWS[name]
    columns = {
        "open": values,
        "high": [v + 1.0 for v in values],
        "low": [v - 1.0 for v in values],
        "close": values,
    }
    expected = line_values(run_indicator(columns, f"make(d, period={size})", make=indicator))
    found = stream(make(size), columns)
    if tolerance:  # products of very different size: what rounding them costs counts against the largest
        scale = max((abs(v) for v in values if math.isfinite(v)), default=0.0)
        for a, b in zip(found, expected):
            a = math.nan if a is None else a
            assert a == b or (a != a and b != b) or abs(a - b) <= 1e-15 * scale
    else:
        assert same(found, expected)


# -- as part of a run ------------------------------------------------------------------------------
class Beside(bt.Strategy):
    """Every window as an indicator and hung on a line, beside the indicator it equals."""

    def __init__(self) -> None:
        self.parts = {}
        self.average = bt.ind.SMA(period=4)
        self.figures: dict[str, list[Any]] = {}
        for name, (make, indicator, _) in WINDOWS.items():
            on = self.data if make is bt.ATREventWindow else self.average
            self.parts[name] = (
                indicator(on, period=9),
                bt.ind.WindowIndicator(on, window=make(9)),
                bt.EventBasedFilter(on, make(9)),
            )
            self.figures[name] = [[], [], []]

    def prenext(self) -> None:
        self.next()

    def next(self) -> None:
        for name, parts in self.parts.items():
            for part, figures in zip(parts, self.figures[name]):
                figures.append(part[0])


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("hole", [0, 37])
def test_as_an_indicator_and_as_a_filter_in_every_kind_of_run(mode: str, hole: int) -> None:
    strategy = run(Beside, Walk(hole=hole), options=MODES[mode])
    for name, (indicator, as_indicator, as_filter) in strategy.figures.items():
        tolerance = WINDOWS[name][2]
        assert any(value == value for value in indicator), name
        assert same(as_indicator, indicator, tolerance), name
        assert same(as_filter, indicator, tolerance), name


def test_on_a_slower_feed_a_bar_counts_once() -> None:
    class Slow(bt.Strategy):
        def __init__(self) -> None:
            self.plain = bt.ind.SMA(self.data1, period=5)
            self.window = bt.ind.WindowIndicator(self.data1, window=bt.SMAEventWindow(5))
            self.seen: list[tuple[float, float]] = []

        def next(self) -> None:
            self.seen.append((self.plain[0], self.window[0]))

    for options in MODES.values():
        seen = run(Slow, Walk(), Walk(minutes=5 * 1440, count=80, seed=2), options=options).seen
        assert len(seen) > 300 and all(a == b for a, b in seen)


def test_in_a_replay_the_growing_bar_is_taken_anew() -> None:
    class Replayed(bt.Strategy):
        def __init__(self) -> None:
            self.pairs = [
                (bt.ind.SMA(period=3), bt.ind.WindowIndicator(window=bt.SMAEventWindow(3))),
                (bt.ind.RSI(period=3), bt.ind.WindowIndicator(window=bt.RSIEventWindow(3))),
            ]
            self.seen: list[Any] = []

        def next(self) -> None:
            self.seen.append([(a[0], b[0]) for a, b in self.pairs])

    cerebro = bt.Cerebro()
    cerebro.replaydata(Walk(minutes=360, count=200), timeframe=bt.TimeFrame.Days)
    cerebro.addstrategy(Replayed)
    seen = cerebro.run()[0].seen
    assert len(seen) > 150
    assert all(a == b for pairs in seen for a, b in pairs)


class Spread(bt.EventWindow):
    """A window of one's own: highest minus lowest, and when it last changed."""

    def __init__(self, size: int) -> None:
        super().__init__(size)
        self.times: list[Any] = []

    def on_new_value(self, date_time: Any, value: Any) -> None:
        super().on_new_value(date_time, value)
        self.times.append(date_time)

    def get_value(self) -> Any:
        return float(np.ptp(self.get_values())) if self.window_full() else None


@pytest.mark.parametrize("mode", MODES)
def test_a_window_of_ones_own(mode: str) -> None:
    class Own(bt.Strategy):
        def __init__(self) -> None:
            self.spread = bt.ind.WindowIndicator(self.data.close, window=Spread(6))
            self.check = bt.ind.Highest(period=6) - bt.ind.Lowest(period=6)
            self.total = 0.0

        def next(self) -> None:
            assert self.spread[0] == self.check[0]
            self.total += self.spread[0]

    strategy = run(Own, options=MODES[mode])
    assert strategy.total > 0.0
    assert strategy.spread.window.times[:400] == [bt.num2date(737425.0 + i) for i in range(400)]
    assert strategy.spread.plotlabel() == "WindowIndicator (Spread, 6)"


def test_the_window_given_is_copied_or_made() -> None:
    given = bt.SMAEventWindow(3)

    class Two(bt.Strategy):
        def __init__(self) -> None:
            self.a = bt.ind.WindowIndicator(self.data.close, window=given)
            self.b = bt.ind.WindowIndicator(self.data.close, window=lambda: bt.SMAEventWindow(3))

        def next(self) -> None:
            assert self.a[0] == self.b[0]

    run(Two)
    run(Two)
    assert given.get_value() is None and len(given.get_values()) == 0


def test_what_is_no_window_is_refused() -> None:
    class Wrong(bt.Strategy):
        def __init__(self) -> None:
            bt.ind.WindowIndicator(self.data, window=20)

    with pytest.raises(TypeError, match="needs an EventWindow"):
        run(Wrong)
    with pytest.raises(TypeError, match="needs an EventWindow"):
        bt.EventBasedFilter(Walk(), 20)  # type: ignore[arg-type]


# -- members -----------------------------------------------------------------------------------------
def test_members() -> None:
    window = bt.SMAEventWindow(3)
    assert not window.window_full() and window.get_value() is None and window.values_needed == 3
    for value in (1, 2.0, np.float64(6.0)):
        window.on_new_value(None, value)
    assert window.window_full() and window.get_value() == 3.0
    window.on_new_value(None, 10.0)
    values = window.get_values()
    assert values.tolist() == [2.0, 6.0, 10.0] and values.dtype == np.float64
    window.on_new_value(None, 1.0)
    assert values.tolist() == [2.0, 6.0, 10.0]


def test_none_passes_by_or_counts_as_missing() -> None:
    for name, (make, _, _) in WINDOWS.items():
        if name == "ATR":
            continue
        passing, missing = make(2), make(2, skip_none=False)
        for window in (passing, missing):
            for value in (1.0, None, 2.0, 3.0):
                window.on_new_value(None, value)
        assert passing.get_values().tolist() == [2.0, 3.0], name
        assert passing.get_value() == passing.get_value()
        missing.on_new_value(None, None)
        assert math.isnan(missing.get_values()[-1]), name
    bars = bt.ATREventWindow(2)
    bars.on_new_value(None, None)
    bars.on_new_value(None, bt.Bar(1.0, 1.0, 2.0, 0.5, 1.0))
    assert bars.get_value() is None and not bars.window_full()


def test_a_plain_window_holds_anything() -> None:
    window = bt.EventWindow(2, dtype=object, skip_none=False)
    for value in ("a", None, "b"):
        window.on_new_value(None, value)
    assert window.get_values().tolist() == [None, "b"] and window.window_full()
    with pytest.raises(NotImplementedError, match="EventWindow has no get_value"):
        window.get_value()


def test_sizes_that_make_no_sense() -> None:
    with pytest.raises(ValueError, match="SMAEventWindow: window_size must be at least 1"):
        bt.SMAEventWindow(0)
    with pytest.raises(TypeError):
        bt.SMAEventWindow(2.5)  # type: ignore[arg-type]


def test_filters_on_filters_and_their_history() -> None:
    class Chained(bt.Strategy):
        def __init__(self) -> None:
            self.first = bt.EventBasedFilter(self.data.close, bt.SMAEventWindow(3), max_length=5)
            self.second = bt.EventBasedFilter(self.first, bt.EMAEventWindow(4))
            self.plain = bt.ind.EMA(bt.ind.SMA(period=3), period=4)
            self.told: list[Any] = []
            self.second.get_new_value_event().subscribe(lambda *args: self.told.append(args))
            self.before: list[float] = []

        def next(self) -> None:
            if len(self) > 300:
                return
            assert self.second[0] == self.plain[0] == self.second.get_value() == self.told[-1][2]
            assert self.told[-1][1] == self.data.datetime.datetime()
            self.before.append(self.first[0])
            if len(self.before) >= 5:
                assert [self.first[i] for i in range(-4, 1)] == self.before[-5:]
                assert len(self.first) == 5
                with pytest.raises(IndexError):
                    self.first[1]
            if len(self) == 300:
                self.second.detach()

    strategy = run(Chained)
    assert len(strategy.told) == 300 and bool(strategy.second)


def test_the_cost_of_a_value_does_not_depend_on_the_window() -> None:
    columns = walk(4000, 5)

    def cost(make: Any, size: int) -> float:
        window = make(size)
        stream(window, columns)
        best = math.inf
        for _ in range(5):
            began = time.process_time()
            stream(window, columns)
            best = min(best, time.process_time() - began)
        return best

    for name, (make, _, _) in WINDOWS.items():
        assert cost(make, 1000) < 3 * cost(make, 10), name
