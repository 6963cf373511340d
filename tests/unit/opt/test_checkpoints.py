"""Looking at a run on the way, and ending it where it is not worth finishing."""

from __future__ import annotations

from typing import Any

import pytest

import backtrader as bt
from backtrader.core.outcome import metrics_of
from backtrader.opt.job import job_of
from backtrader.opt.objective import ObjectiveFunction
from tests.unit.opt.runs_for_tests import Cross, frame

SHARES = {0.25: None, 0.5: None, 0.75: None}
MODES: list[dict[str, Any]] = [{}, {"runonce": False}, {"exactbars": 1}, {"stdstats": True}]


def _by_hand(bars: int) -> dict[str, float]:
    """The metrics of a run over the first bars only."""
    cerebro = bt.Cerebro()
    cerebro.adddata(bt.feeds.PandasData(dataname=frame(400).iloc[:bars]))
    cerebro.addstrategy(Cross, fast=4)
    return metrics_of(cerebro.run())


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("metric", ["total_return", "max_drawdown_pct", "trades"])
def test_what_is_seen_is_what_a_run_so_far_would_have_come_to(mode: dict[str, Any], metric: str) -> None:
    job = job_of(Cross, frame(400), objective=ObjectiveFunction(metric), **mode)
    plain = job.run({"fast": 4})
    watched = job.run({"fast": 4}, SHARES)
    assert [bars for bars, _ in watched.interim] == [100, 200, 300]
    expected = [_by_hand(bars)[metric] for bars in (100, 200, 300)]
    assert [score for _, score in watched.interim] == pytest.approx(expected)
    assert watched.state == "complete"
    assert watched.metrics == pytest.approx(plain.metrics, nan_ok=True)
    assert plain.interim == []


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("maximize", [True, False])
def test_a_run_below_the_threshold_ends_there(mode: dict[str, Any], maximize: bool) -> None:
    objective = ObjectiveFunction(
        custom_func=lambda m: m["total_return"], **({} if maximize else {"maximize": False})
    )
    job = job_of(Cross, frame(400), objective=objective, **mode)
    scores = [score for _, score in (job.run({"fast": 4}), job.run({"fast": 4}, SHARES))[1].interim]
    worse, better = (1.0, -1.0) if maximize else (-1.0, 1.0)
    stopped = job.run({"fast": 4}, {0.25: scores[0] + better, 0.5: scores[1] + worse, 0.75: None})
    assert stopped.state == "pruned"
    assert stopped.interim == [(100, pytest.approx(scores[0])), (200, pytest.approx(scores[1]))]
    assert job.run({"fast": 4}, {0.25: scores[0], 0.5: scores[1]}).state == "complete", "equal is good enough"
    assert job.run({"fast": 4}).state == "complete", "the next run is not stopped"


def test_a_stopped_strategy_is_stopped_as_at_the_end_and_saw_no_more_bars() -> None:
    seen: list[tuple[str, int]] = []

    class Watched(bt.Strategy):
        def next(self) -> None:
            seen.append(("next", len(self)))

        def stop(self) -> None:
            seen.append(("stop", len(self)))

    outcome = job_of(Watched, frame(400)).run({}, {0.5: 5.0})
    assert outcome.state == "pruned"
    assert seen[-1] == ("stop", 200) and seen[-2] == ("next", 200)


def test_looking_does_not_change_a_run_with_several_feeds_and_timers() -> None:
    class Timed(bt.Strategy):
        def __init__(self) -> None:
            self.add_timer(bt.timer.SESSION_START)
            self.calls = 0

        def notify_timer(self, timer: Any, when: Any, *args: Any, **kwargs: Any) -> None:
            self.calls += 1
            if self.calls % 7 == 0:
                self.order_target_size(data=self.datas[self.calls % 2], target=self.calls % 3)

    job = job_of(Timed, [frame(400), frame(300, seed=5)])
    plain, watched = job.run({}), job.run({}, SHARES)
    assert repr(plain.metrics) == repr(watched.metrics) and len(watched.interim) == 3
    assert plain.metrics["trades"] > 5


def test_pruning_by_what_only_an_analyzer_knows_says_why_it_cannot() -> None:
    job = job_of(Cross, frame(), analyzers=bt.analyzers.SQN, objective=ObjectiveFunction("analyzers.sqn.sqn"))
    assert job.run({}).state == "complete"
    refused = job.run({}, {0.5: 0.0})
    assert refused.state == "failed" and "not by analyzers" in refused.error


def test_a_factory_may_be_watched_too() -> None:
    def factory(params: dict[str, Any]) -> bt.Cerebro:
        cerebro = bt.Cerebro()
        cerebro.adddata(bt.feeds.PandasData(dataname=frame(400)))
        cerebro.addstrategy(Cross, **params)
        return cerebro

    job = job_of(cerebro_factory=factory)
    assert job.run({}, {0.5: 1e9}).state == "pruned"
    assert job.run({}, {0.5: -1e9}).state == "complete"
