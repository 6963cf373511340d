"""Feeds made of feeds that take turns: chained and rolled over."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

import backtrader as bt
from tests.unit.feeds.stage import Environment, Hours, Rows, days, drain, started

FIRST = dt.datetime(2020, 1, 1)


def on(name: str, *numbers: int | None) -> Any:
    """A feed with bars on those days of January 2020; the close tells feed and day."""
    base = (ord(name) - ord("a") + 1) * 100
    rows = [None if n is None else (FIRST + dt.timedelta(n - 1), 0, 0, 0, base + n, 0, 0) for n in numbers]
    return Rows(dataname=rows, name=name)


def closes(data: Any, limit: int = 60) -> list[Any]:
    """The close of each bar; None where there was nothing yet."""
    shown: list[Any] = []
    for _ in range(limit):
        answer = data.next()
        if answer is False:
            return shown
        shown.append(int(data.close[0]) if answer else None)
    raise AssertionError("it does not end")


# -- chained ---------------------------------------------------------------------------------------
def test_each_feed_goes_on_where_the_one_before_ended() -> None:
    chained = started(bt.feeds.Chainer(on("a", 1, 2, 3), on("b", 2, 3, 4, 5), on("c"), on("d", 5, 7)))
    assert closes(chained) == [101, 102, 103, 204, 205, 407]
    assert chained.next() is False


def test_a_feed_that_has_nothing_yet_keeps_its_turn() -> None:
    assert closes(started(bt.feeds.Chainer(on("a", 1, None, 2), on("b", None, 3)))) == [
        101,
        None,
        102,
        None,
        203,
    ]


def test_kind_and_zone_are_those_of_the_first() -> None:
    first = Rows(dataname=days(2), timeframe=bt.TimeFrame.Weeks, compression=2, tz=Hours(2))
    chained = bt.feeds.Chainer(first, on("b", 9), timeframe=bt.TimeFrame.Years, dataname="both")
    assert (chained._timeframe, chained._compression, chained._name) == (bt.TimeFrame.Weeks, 2, "both")
    started(chained)
    assert chained.next()
    assert chained.num2date().hour == 2
    assert bt.feeds.Chainer()._timeframe == bt.TimeFrame.Days


def test_statuses_are_those_of_the_feed_whose_turn_it_is() -> None:
    first, second = on("a", 1), on("b", 2)
    chained = started(bt.feeds.Chainer(first, second))
    first.put_notification(first.LIVE)
    second.put_notification(second.DELAYED)
    assert chained.get_notifications() == [(first.LIVE, (), {})]
    drain(chained, 2)
    assert chained.get_notifications() == [(second.DELAYED, (), {})]
    assert chained.next() is False
    chained.put_notification(chained.DISCONNECTED)
    assert chained.get_notifications() == [(chained.DISCONNECTED, (), {})]


def test_the_waiting_is_done_by_the_feed_whose_turn_it_is() -> None:
    first, second = Rows(dataname=days(1), qcheck=2.0), on("b", 5)
    chained = started(bt.feeds.Chainer(first, second))
    chained.do_qcheck(True, 0.5)
    assert (first._qcheck, second._qcheck) == (1.5, 0.0)
    first.haslivedata = lambda: True  # type: ignore[method-assign]
    assert chained.haslivedata() is True
    drain(chained)
    assert chained.haslivedata() is False


def test_members_live_as_long_as_the_chain() -> None:
    calls: list[str] = []

    class Noted(Rows):
        def start(self) -> None:
            super().start()
            calls.append(f"start {self._name} {type(self._env).__name__}")

        def stop(self) -> None:
            super().stop()
            calls.append(f"stop {self._name}")

    chained = bt.feeds.Chainer(Noted(dataname=[], name="a"), Noted(dataname=[], name="b"))
    started(chained).stop()
    assert calls == ["start a Environment", "start b Environment", "stop a", "stop b"]


def test_a_chain_can_start_again() -> None:
    chained = started(bt.feeds.Chainer(on("a", 1), on("b", 2)))
    assert closes(chained) == [101, 202]
    chained._start()
    assert closes(chained) == [101, 202]


# -- rolled over -----------------------------------------------------------------------------------
def rolled(*feeds: Any, **kwargs: Any) -> Any:
    return started(bt.feeds.RollOver(*feeds, **kwargs))


def test_without_conditions_a_contract_runs_to_its_end() -> None:
    assert closes(rolled(on("a", 1, 2, 3), on("b", 2, 3, 4, 5))) == [101, 102, 103, 204, 205]


def test_the_bar_of_the_change_is_the_next_contracts() -> None:
    late = {"checkdate": lambda when, data: when.day >= 3}
    assert closes(rolled(on("a", 1, 2, 3, 4), on("b", 1, 2, 3, 4, 5), **late)) == [101, 102, 203, 204, 205]
    # compat: that bar may be later than the one it takes the place of
    assert closes(rolled(on("a", 1, 3, 4), on("b", 1, 6, 7), **late)) == [101, 206, 207]


def test_the_condition_sees_both_contracts_on_the_same_day() -> None:
    seen = []

    def condition(old: Any, new: Any) -> bool:
        seen.append((int(old.close[0]), int(new.close[0])))
        return old.close[0] == 104

    feeds = on("a", *range(1, 8)), on("b", *range(1, 9))
    got = closes(rolled(*feeds, checkdate=lambda when, data: when.day > 2, checkcondition=condition))
    assert got == [101, 102, 103, 204, 205, 206, 207, 208]
    assert seen == [(103, 203), (104, 204)]


def test_a_condition_alone_changes_nothing() -> None:
    assert closes(rolled(on("a", 1, 2), on("b", 1, 2, 3), checkcondition=lambda old, new: True)) == [
        101,
        102,
        203,
    ]


def test_one_change_a_bar() -> None:
    feeds = (on(name, *range(1, 6)) for name in "abc")
    assert closes(rolled(*feeds, checkdate=lambda when, data: True)) == [201, 302, 303, 304, 305]


def test_compat_what_the_next_contract_shows_already_is_passed_over() -> None:
    assert closes(rolled(on("a", 1, 2, 3), on("b", 1, 7, 8))) == [101, 102, 103, 208]


@pytest.mark.parametrize("rest", [(), (3, 4, 5, 6)])
def test_a_contract_that_is_over_before_its_turn_is_left_out(rest: tuple[int, ...]) -> None:
    feeds = on("a", 1, 2, 3, 4), on("b", 1, 2), on("c", *rest)
    got = closes(rolled(*feeds, checkdate=lambda when, data: when.day >= 3))
    assert got == [101, 102, *((303, 304, 305, 306) if rest else (103, 104))]


def test_waiting_for_any_of_the_contracts() -> None:
    feeds = on("a", 1, None, 2, 3), on("b", None, 1, 2, None, 3)
    late = {"checkdate": lambda when, data: when.day >= 3}
    assert closes(rolled(*feeds, **late)) == [None, 101, None, 102, None, 203]


def test_cerebro_adds_them() -> None:
    cerebro = bt.Cerebro()
    chained = cerebro.chaindata(on("a", 1), on("b", 2), name="chain", other="is not looked at")
    changing = cerebro.rolloverdata(on("a", 1), on("b", 1, 2), name="roll", checkdate=lambda when, data: True)
    assert (type(chained), type(changing)) == (bt.feeds.Chainer, bt.feeds.RollOver)
    assert cerebro.datasbyname == {"chain": chained, "roll": changing}
    assert chained.islive()
    assert changing.islive()
    cerebro.addstrategy(bt.Strategy)
    (strategy,) = cerebro.run()
    assert [len(data) for data in strategy.datas] == [2, 2]


def test_the_environment_is_handed_on() -> None:
    inner = on("a", 1)
    chained = bt.feeds.Chainer(inner)
    env = Environment()
    chained.setenvironment(env)
    chained._start()
    assert inner.getenvironment() is env
