"""Bars that only warm indicators up: nothing is decided on them, whatever the strategy hooks into."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

import backtrader as bt
from backtrader.core.outcome import metrics_of
from backtrader.opt.bars import Part, load_bars
from backtrader.opt.job import job_of
from tests.unit.opt.made import prices

MODES: list[dict[str, Any]] = [{}, {"runonce": False}, {"preload": False}, {"exactbars": 1}]
WARM = 40


class Everywhere(bt.Strategy):
    """Trades wherever it is called."""

    params: Any = (("period", 5),)

    def __init__(self) -> None:
        self.average = bt.ind.SMA(period=self.p.period)
        self.calls: list[tuple[str, int]] = []
        self.answers: list[Any] = []
        self.add_timer(bt.timer.SESSION_START)

    def _here(self, name: str) -> None:
        self.calls.append((name, len(self.data)))
        self.answers.append((len(self.data), self.buy(size=1)))

    def prenext(self) -> None:
        self._here("prenext")

    def nextstart(self) -> None:
        self._here("nextstart")

    def next(self) -> None:
        self._here("next")

    def prenext_open(self) -> None:
        self._here("prenext_open")

    def notify_timer(self, timer: Any, when: Any, *args: Any, **kwargs: Any) -> None:
        assert self.buy_bracket(size=1) == [None, None, None] or len(self.data) > WARM
        self._here("timer")


def _run(strategy: Any, part: Any, **kwargs: Any) -> Any:
    cerebro = bt.Cerebro(stdstats=False, **kwargs)
    for feed in part():
        cerebro.adddata(feed)
    cerebro.addstrategy(strategy)
    return cerebro.run()[0]


def _part(start: int = WARM, stop: int = 100, warmup: int | None = None) -> Part:
    return Part(load_bars(prices(120)), start, stop, warmup)


@pytest.mark.parametrize("mode", [*MODES, {"cheat_on_open": True}], ids=str)
def test_nothing_is_sent_before_the_run_proper(mode: dict[str, Any]) -> None:
    strat = _run(Everywhere, _part(), **mode)
    early = [answer for length, answer in strat.answers if length <= WARM]
    later = [answer for length, answer in strat.answers if length > WARM + 1]
    assert early and not any(early)
    assert later and all(order is not None for order in later)
    quiet = [name for name, length in strat.calls if length <= WARM]
    assert set(quiet) <= {"timer"}
    assert [(n, at) for n, at in strat.calls if n in ("nextstart", "next")][:2] == [
        ("nextstart", WARM + 1),
        ("next", WARM + 2),
    ]


def test_a_longer_period_than_there_are_bars_before_is_waited_for() -> None:
    class Slow(Everywhere):
        params: Any = (("period", 60),)

    strat = _run(Slow, _part())
    called = [(n, at) for n, at in strat.calls if n != "timer"]
    assert called[0] == ("prenext", WARM + 1) and ("nextstart", 60) in called


def test_methods_of_the_users_come_back() -> None:
    class Counting(Everywhere):
        bought = 0

        def buy(self, *args: Any, **kwargs: Any) -> Any:
            self.bought += 1
            return super().buy(*args, **kwargs)

    strat = _run(Counting, _part())
    assert strat.bought > 0 and "buy" not in strat.__dict__


class Quiet(bt.Strategy):
    """The same in plain words: looks from the first bar, trades from some bar on."""

    params: Any = (("from_bar", 0),)

    def __init__(self) -> None:
        self.cross = bt.ind.EMA(period=5) > bt.ind.EMA(period=13)

    def next(self) -> None:
        if len(self) <= self.p.from_bar:
            return
        if self.cross[0] and not self.position:
            self.buy(size=20)
        elif not self.cross[0] and self.position:
            self.close()


@pytest.mark.parametrize("mode", MODES, ids=str)
def test_a_part_trades_what_a_run_over_everything_before_it_would(mode: dict[str, Any]) -> None:
    held = _run(Quiet, _part(60, 110), **mode)

    class Late(Quiet):
        params: Any = (("from_bar", 60),)

    plain = _run(Late, Part(load_bars(prices(120)), 0, 110), **mode)
    assert held.broker.getvalue() == plain.broker.getvalue() != 10_000
    assert list(held._results) == list(plain._results)


@pytest.mark.parametrize("mode", MODES, ids=str)
def test_metrics_do_not_count_the_time_before(mode: dict[str, Any]) -> None:
    found = metrics_of([_run(Quiet, _part(60, 110), **mode)])
    values = []

    class Noting(Quiet):
        params: Any = (("from_bar", 60),)

        def notify_cashvalue(self, cash: float, value: float) -> None:
            values.append(value)

        def stop(self) -> None:
            values.append(self.broker.getvalue())

    _run(Noting, Part(load_bars(prices(120)), 0, 110))
    value = values[60:110]  # told on the next bar; the last at the end
    assert found["total_return"] == pytest.approx(100 * (value[-1] / 10_000 - 1))
    years = len(value) / 252
    assert found["annual_return"] == pytest.approx(100 * ((value[-1] / 10_000) ** (1 / years) - 1))


def test_daily_values_begin_in_the_middle_of_a_day() -> None:
    frame = prices(300, freq="h")
    found = metrics_of([_run(Quiet, Part(load_bars(frame), 130, 230))])
    days = {stamp.date() for stamp in frame.index[130:230]}
    growth = 1 + found["total_return"] / 100
    assert found["annual_return"] == pytest.approx(100 * (growth ** (252 / len(days)) - 1))


def test_several_feeds_begin_at_the_same_moment() -> None:
    class Both(bt.Strategy):
        def __init__(self) -> None:
            self.moments: list[Any] = []
            bt.ind.SMA(self.data1, period=3)

        def next(self) -> None:
            self.moments.append(self.datetime.datetime(0))

    daily, weekly = prices(200), prices(40, seed=2, freq="W")
    bars = load_bars({"d": daily, "w": weekly})
    for mode in ({}, {"runonce": False}):
        cerebro = bt.Cerebro(stdstats=False, **mode)
        for feed in Part(bars, 100, 150)():
            cerebro.adddata(feed)
        cerebro.addstrategy(Both)
        strat = cerebro.run()[0]
        assert strat.moments[0] == daily.index[100]
        assert strat.moments[-1] == max(daily.index[149], weekly.index[weekly.index <= daily.index[149]][-1])
        assert all(isinstance(moment, dt.datetime) for moment in strat.moments)


@pytest.mark.parametrize("mode", [{}, {"runonce": False}], ids=str)
def test_a_search_looks_at_shares_of_the_run_proper(mode: dict[str, Any]) -> None:
    job = job_of(Quiet, _part(60, 110), **mode)
    job.run({})  # a stepped run knows its length from the one before
    outcome = job.run({}, {0.2: None, 0.5: None})
    assert [step for step, _ in outcome.interim] == [60 + 10, 60 + 25]
    plain = job_of(Quiet, Part(load_bars(prices(120)), 60, 85), **mode).run({})
    assert outcome.interim[1][1] == pytest.approx(plain.metrics["total_return"])
