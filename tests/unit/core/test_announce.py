"""New values are told once a bar, in the same order in every kind of run, and cost nothing unheard."""

from __future__ import annotations

import datetime
from typing import Any

import pytest

import backtrader as bt
from backtrader.core.announce import Turn
from tests.unit.core.walk import MODES, Walk, run

WAYS = {
    **MODES,
    "cheating": {"cheat_on_open": True},
    "quick": {"quicknotify": True},
    "bare": {"stdstats": False},
}


class Story(bt.Strategy):
    """Writes down every new value of several series, and what the strategy itself does between them."""

    params = (("who", ""), ("log", None))

    def __init__(self) -> None:
        self.average = bt.ind.SMA(self.data0, period=5)
        self.slower = bt.ind.EMA(self.data1, period=3)
        self.spread = self.data0.close - self.average
        self.listen("spread", self.spread)
        self.listen("average", self.average)
        self.listen("slower", self.slower.ema)
        self.listen("close", self.data0.close)
        self.listen("feed 1", self.data1)
        self.listen("own", self.datetime)

    def listen(self, name: str, series: Any) -> None:
        def heard(source: Any, when: datetime.datetime, value: float) -> None:
            assert source is series
            self.note(name, when, value)

        series.get_new_value_event().subscribe(heard)

    def note(self, what: str, *rest: Any) -> None:
        self.p.log.append((self.p.who, what, *(None if x != x else x for x in rest)))

    def start(self) -> None:
        self.listen("high, from the start", self.data0.high)

    def prenext(self) -> None:
        self.note("prenext", len(self))

    def next(self) -> None:
        self.note("next", len(self))
        if len(self) == 20:
            self.listen("low, since bar 20", self.data0.low)
        if len(self) % 7 == 0:
            self.buy()

    def notify_order(self, order: Any) -> None:
        self.note("order", order.status)


def tell(options: dict[str, Any], who: tuple[str, ...]) -> list[Any]:
    log: list[Any] = []
    cerebro = bt.Cerebro()
    feed = cerebro.adddata(Walk(count=60))
    cerebro.adddata(Walk(count=12, minutes=5 * 1440, seed=2))
    feed.open.get_new_value_event().subscribe(lambda *args: log.append(("before the run", *args[1:])))
    for name in who:
        cerebro.addstrategy(Story, who=name, log=log)
    cerebro.run(**options)
    return log


@pytest.mark.parametrize("who", [("a",), ("a", "b")])
@pytest.mark.parametrize("way", WAYS)
def test_the_same_story_in_every_kind_of_run(way: str, who: tuple[str, ...]) -> None:
    log, expected = tell(WAYS[way], who), tell({"cheat_on_open": True} if way == "cheating" else {}, who)
    if way == "quick":  # orders are told at once; everything else is as ever
        log, expected = ([entry for entry in story if entry[1] != "order"] for story in (log, expected))
    assert log == expected
    assert len([entry for entry in log if entry[0] == "before the run"]) == 60
    for name in who:
        mine = [entry[1] for entry in log if entry[0] == name]
        assert mine.count("spread") == mine.count("own") == mine.count("high, from the start") == 60
        assert mine.count("slower") == mine.count("feed 1") == 12
        assert mine.count("low, since bar 20") == 40


def test_within_a_bar_values_come_in_the_order_of_subscription_before_anybody_acts() -> None:
    log = tell({}, ("a", "b"))
    first_bar = [entry[:2] for entry in log[: log.index(("b", "prenext", 1)) + 1]]
    assert first_bar == [
        ("before the run", datetime.datetime(2020, 1, 1)),
        ("a", "spread"), ("a", "average"), ("a", "slower"),
        ("a", "close"), ("b", "close"), ("a", "feed 1"), ("b", "feed 1"), ("a", "own"),
        ("a", "high, from the start"), ("b", "high, from the start"),
        ("a", "prenext"),
        ("b", "spread"), ("b", "average"), ("b", "slower"), ("b", "own"),
        ("b", "prenext"),
    ]  # fmt: skip
    heard = [entry for entry in log if entry[1] == "average" and entry[0] == "a"]
    assert [value for *_, value in heard[:4]] == [None] * 4 and heard[4][3] is not None


def test_the_time_is_that_of_the_bar_in_the_zone_of_the_feed() -> None:
    class Ahead(datetime.tzinfo):
        def utcoffset(self, when: Any) -> datetime.timedelta:
            return datetime.timedelta(hours=3)

        def dst(self, when: Any) -> datetime.timedelta:
            return datetime.timedelta(0)

    class Times(bt.Strategy):
        def __init__(self) -> None:
            self.times: list[Any] = []
            for line in (self.data1, bt.ind.SMA(self.data1, period=2)):
                line.get_new_value_event().subscribe(lambda series, when, value: self.times.append(when))

        def next(self) -> None:
            assert self.times[-1] == self.times[-2] == self.data1.datetime.datetime()

    assert run(Times, Walk(), Walk(tz=Ahead())).times[0] == datetime.datetime(2020, 1, 1, 3)


def test_what_a_run_subscribed_ends_with_it() -> None:
    feed, calls = Walk(count=10), []
    event = feed.get_new_value_event()
    event.subscribe(lambda *args: calls.append(args))

    class Listening(bt.Strategy):
        def __init__(self) -> None:
            self.heard = 0
            self.data.get_new_value_event().subscribe(self.hear)

        def hear(self, *args: Any) -> None:
            self.heard += 1

    first, second = run(Listening, feed), run(Listening, feed)
    assert first.heard == second.heard == 10 and len(calls) == 20 and len(event) == 1


def test_every_run_of_a_sweep_hears_its_own() -> None:
    class Listening(bt.Strategy):
        params = (("n", 0),)

        def __init__(self) -> None:
            self.heard = 0
            self.data.get_new_value_event().subscribe(self.hear)

        def hear(self, *args: Any) -> None:
            self.heard += 1

        def stop(self) -> None:
            counts.append(self.heard)

    counts: list[int] = []
    cerebro = bt.Cerebro(maxcpus=1)
    cerebro.adddata(Walk(count=30))
    cerebro.optstrategy(Listening, n=range(3))
    cerebro.run()
    assert counts == [30, 30, 30]


def test_a_run_that_fails_lets_go_as_well() -> None:
    class Failing(bt.Strategy):
        def __init__(self) -> None:
            self.data.get_new_value_event().subscribe(self.hear)

        def hear(self, *args: Any) -> None:
            raise RuntimeError("a handler's own mistake")

    feed = Walk(count=10)
    with pytest.raises(RuntimeError, match="own mistake") as raised:
        run(Failing, feed)
    assert raised.value.__notes__ == ["Failing was at bar 1, 2020-01-01 00:00:00"]
    assert len(feed.get_new_value_event()) == 0


def test_who_unsubscribes_hears_no_more() -> None:
    class Once(bt.Strategy):
        def __init__(self) -> None:
            self.heard = 0
            self.event = self.data.get_new_value_event()
            self.event.subscribe(self.hear)

        def hear(self, *args: Any) -> None:
            self.heard += 1
            self.event.unsubscribe(self.hear)

    for options in MODES.values():
        assert run(Once, options=options).heard == 1


def test_orders_from_a_handler_are_orders_of_that_bar() -> None:
    class Buying(bt.Strategy):
        def __init__(self) -> None:
            self.data.close.get_new_value_event().subscribe(self.hear)
            self.prices: list[float] = []

        def hear(self, series: Any, when: Any, value: float) -> None:
            if len(self.data) % 50 == 0:
                self.buy()

        def notify_order(self, order: Any) -> None:
            if order.status == order.Completed:
                self.prices.append(order.executed.price)
                assert order.executed.price == self.data.open[0]

    expected = run(Buying).prices
    assert len(expected) == 7
    for options in MODES.values():
        assert run(Buying, options=options).prices == expected


def test_nothing_is_done_while_nobody_listens(monkeypatch: pytest.MonkeyPatch) -> None:
    class Quiet(bt.Strategy):
        def __init__(self) -> None:
            self.data.get_new_value_event()  # asked for, not subscribed
            self.average = bt.ind.SMA(period=5)

    monkeypatch.setattr(Turn, "__call__", lambda self: pytest.fail("somebody was told"))
    for options in MODES.values():
        assert run(Quiet, options=options)._announce is None
    strategy = run(Quiet)
    assert "array" not in strategy.average.lines.sma.__dict__


def test_a_line_somebody_listens_to_is_computed() -> None:
    class Heard(bt.Strategy):
        def __init__(self) -> None:
            self.average = bt.ind.SMA(period=5)
            self.values: list[float] = []
            self.average.sma.get_new_value_event().subscribe(lambda s, w, value: self.values.append(value))

    strategy = run(Heard)
    assert len(strategy.values) == 400 and strategy.values[4:] == list(strategy.average.array)[4:]


def test_lines_of_observers_and_bundles_of_one_line() -> None:
    class Watching(bt.Strategy):
        def __init__(self) -> None:
            self.heard: list[Any] = []
            self.wrapped = bt.lines.LineSeriesStub(self.data.close)
            assert self.wrapped.get_new_value_event() is self.data.close.get_new_value_event()

        def start(self) -> None:
            self.observers.broker.lines.value.get_new_value_event().subscribe(
                lambda series, when, value: self.heard.append((when, value))
            )

    expected = run(Watching).heard
    assert len(expected) >= 399
    assert run(Watching, options={"runonce": False}).heard == expected
