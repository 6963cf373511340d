"""A run of a search: what goes in, what comes out, and that nothing of the user's can break it."""

from __future__ import annotations

import gc
import math
import pickle
import weakref
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import backtrader as bt
from backtrader.core.outcome import metrics_of
from backtrader.errors import DataError, UnknownParameterError
from backtrader.opt.job import JobError, job_of
from backtrader.opt.objective import ObjectiveFunction
from backtrader.opt.space import ParamSpace
from tests.unit.opt.runs_for_tests import Cross, frame


def _alone(params: dict[str, Any], data: Any, **options: Any) -> dict[str, float]:
    """The metrics of the same run by hand, with a Cerebro of its own."""
    cerebro = bt.Cerebro(**options)
    cerebro.adddata(bt.feeds.PandasData(dataname=data))
    cerebro.addstrategy(Cross, **params)
    cerebro.broker.setcash(5000.0)
    return metrics_of(cerebro.run())


# -- numbers -------------------------------------------------------------------------------------------
def test_runs_over_shared_feeds_are_those_of_a_cerebro_each() -> None:
    data = frame(500)
    job = job_of(Cross, data, cash=5000)
    combinations = [{"fast": f, "slow": s, "size": 3} for f in (3, 5, 8) for s in (15, 40)]
    found = [job.run(params) for params in combinations]
    assert repr([outcome.metrics for outcome in found]) == repr([_alone(p, data) for p in combinations])
    again = [job.run(params) for params in reversed(combinations)]
    assert repr([outcome.metrics for outcome in reversed(again)]) == repr([o.metrics for o in found])
    assert len({outcome.metrics["final_value"] for outcome in found}) == 6


@pytest.mark.parametrize("options", [{"runonce": False}, {"preload": False}, {"exactbars": 1}])
def test_other_modes_of_running_give_the_same(options: dict[str, Any]) -> None:
    data = frame()
    fast = job_of(Cross, data, cash=5000).run({"fast": 4})
    slow = job_of(Cross, data, cash=5000, **options)
    for _ in range(2):
        outcome = slow.run({"fast": 4})
        assert outcome.state == "complete", outcome.error
        assert outcome.metrics == pytest.approx(fast.metrics, nan_ok=True)


def test_broker_sizer_and_commission() -> None:
    class Sizes(bt.Sizer):
        params = (("stake", 1),)

        def _getsizing(self, comminfo: Any, cash: float, data: Any, isbuy: bool) -> int:
            return int(self.p.stake)

    class Always(bt.Strategy):
        def next(self) -> None:
            if not self.position:
                self.buy()
            else:
                self.close()

    data = frame(60)
    plain = job_of(Always, data, cash=9000).run({}).metrics
    assert plain["commission"] == 0 and plain["trades"] > 10
    for commission in (0.001, {"commission": 0.001}, bt.CommissionInfo(commission=0.001)):
        fee = job_of(Always, data, cash=9000, commission=commission).run({}).metrics["commission"]
        assert fee == pytest.approx(0.001 * plain["turnover"] / 100 * 9000, rel=0.01)
    ten = job_of(Always, data, cash=9000, sizer=10).run({}).metrics
    assert ten["turnover"] == pytest.approx(10 * plain["turnover"], rel=0.05)
    same = job_of(Always, data, cash=9000, sizer=(Sizes, {"stake": 10})).run({}).metrics
    assert same == pytest.approx(ten, nan_ok=True)
    slipped = job_of(Always, data, cash=9000, broker={"slip_perc": 0.01, "slip_open": True}).run({}).metrics
    assert slipped["final_value"] < plain["final_value"]

    class Own(bt.brokers.BackBroker):
        params = (("cash", 777.0),)

    for broker in (Own, Own()):
        job = job_of(Always, data, broker=broker)
        assert [job.run({}).metrics["final_value"] for _ in range(2)] == [pytest.approx(777, rel=0.05)] * 2
    with pytest.raises(bt.errors.UnknownParameterError, match="slip_perc"):
        job_of(Always, data, broker={"slip_prc": 0.1}).prepare()


def test_analyzers_are_read_by_dotted_path() -> None:
    job = job_of(
        Cross,
        frame(400),
        analyzers={"sharpe": bt.analyzers.SharpeRatio, "trades": bt.analyzers.TradeAnalyzer},
    )
    metrics = job.run({}).metrics
    assert metrics["analyzers.trades.total.closed"] == metrics["trades"] > 3
    assert metrics["analyzers.trades.pnl.net.total"] == pytest.approx(
        metrics["gross_profit"] - metrics["gross_loss"]
    )
    assert math.isfinite(metrics["analyzers.sharpe.sharperatio"])
    unnamed = job_of(Cross, frame(400), analyzers=[bt.analyzers.DrawDown, (bt.analyzers.SQN, {})])
    found = unnamed.run({}).metrics
    assert found["analyzers.drawdown.max.drawdown"] == pytest.approx(found["max_drawdown_pct"])
    score, valid = ObjectiveFunction("analyzers.sqn.sqn").evaluate(found)
    assert valid and math.isfinite(score)


def test_what_an_analyzer_lists_day_by_day_stays_out() -> None:
    metrics = job_of(Cross, frame(), analyzers=bt.analyzers.TimeReturn).run({}).metrics
    assert not [name for name in metrics if name.startswith("analyzers.")]


def test_returns_are_kept_if_wanted() -> None:
    assert job_of(Cross, frame()).run({}).returns is None
    outcome = job_of(Cross, frame(), cash=1000, keep_returns=True).run({"size": 5})
    assert outcome.returns is not None
    returns = np.frombuffer(outcome.returns, dtype=np.float32)
    assert len(returns) == 300
    assert np.prod(1 + returns.astype(float)) == pytest.approx(
        outcome.metrics["final_value"] / 1000, rel=1e-5
    )


# -- what the user's code may do --------------------------------------------------------------------------
class Raises(bt.Strategy):
    params = (("where", "next"),)

    def _maybe(self, where: str) -> None:
        if self.p.where == where:
            raise RuntimeError(f"no luck in {where}")

    def __init__(self) -> None:
        self.sma = bt.indicators.SMA(period=3)
        self._maybe("init")
        if self.p.where == "skip":
            raise bt.StrategySkipError
        if self.p.where == "exit":
            raise SystemExit(3)

    def start(self) -> None:
        self._maybe("start")

    def next(self) -> None:
        if len(self) == 50:
            self._maybe("next")

    def stop(self) -> None:
        self._maybe("stop")


@pytest.mark.parametrize("where", ["init", "start", "next", "stop"])
def test_a_strategy_that_raises_is_a_failed_run_and_the_next_one_is_as_ever(where: str) -> None:
    job = job_of(Raises, frame())
    good = job.run({"where": "nowhere"})
    assert good.state == "complete"
    bad = job.run({"where": where})
    assert bad.state == "failed" and bad.metrics == {}
    assert f"RuntimeError: no luck in {where}" in bad.error and "test_job.py" in bad.error
    assert repr(job.run({"where": "nowhere"}).metrics) == repr(good.metrics)


def test_a_strategy_may_leave_itself_out_or_try_to_leave_altogether() -> None:
    job = job_of(Raises, frame())
    skipped = job.run({"where": "skip"})
    assert (skipped.state, skipped.metrics) == ("pruned", {}) and "left out" in skipped.error
    left = job.run({"where": "exit"})
    assert left.state == "failed" and "SystemExit" in left.error


def test_a_search_leaves_nothing_behind_in_memory() -> None:
    job = job_of(Cross, frame(), analyzers=bt.analyzers.TradeAnalyzer)
    job.run({})
    alive: list[Any] = []

    class Seen(Cross):
        def start(self) -> None:
            alive.extend([weakref.ref(self), weakref.ref(self.cross), weakref.ref(self.cross.lines[0])])

    watched = job_of(Seen, frame(), analyzers=bt.analyzers.TradeAnalyzer)
    gc.collect()
    gc.disable()
    try:
        for fast in range(3, 9):
            assert watched.run({"fast": fast}).state == "complete"
        assert [reference() is None for reference in alive[:15]] == [True] * 15
        assert gc.collect() < 600, "what is left over by circles is little"
    finally:
        gc.enable()


def test_a_run_does_not_depend_on_those_before_it() -> None:
    class Meddles(Cross):
        params = (("meddle", False),)

        def __init__(self) -> None:
            super().__init__()
            if self.p.meddle:
                self.broker.setcommission(commission=0.01)
                self.broker.setcash(777.0)
                self.broker.set_slippage_perc(0.05)
                self.broker.set_coc(True)
                self.add_timer(bt.timer.SESSION_START)
                self.timed = 0

        def notify_timer(self, *args: Any, **kwargs: Any) -> None:
            self.timed += 1

    job = job_of(Meddles, frame(), cash=5000)
    before = job.run({})
    meddled = job.run({"meddle": True})
    assert meddled.metrics["commission"] > 0 and meddled.metrics["final_value"] < 1000
    assert repr(job.run({}).metrics) == repr(before.metrics)
    assert repr(job.run({"meddle": True}).metrics) == repr(meddled.metrics)


# -- what is asked for wrongly ----------------------------------------------------------------------------
def test_unknown_parameters_are_named_with_what_may_be_meant() -> None:
    job = job_of(Cross, frame())
    job.check({"fast": (1, 3), "slow": [5]})
    with pytest.raises(UnknownParameterError, match=r"Cross has no parameter 'fats'; did you mean 'fast'"):
        job.check(ParamSpace(fats=(1, 3)))


def test_keywords_of_an_init_count_as_parameters() -> None:
    class Named(bt.Strategy):
        params = (("a", 1),)

        def __init__(self, extra: int = 3) -> None:
            self.extra = extra

    class Anything(bt.Strategy):
        def __init__(self, **kwargs: Any) -> None:
            self.kwargs = kwargs

    assert job_of(Named, frame()).names == ["a", "extra"]
    assert job_of(Anything, frame()).names is None
    assert job_of(Cross, frame()).names == ["fast", "slow", "size"]
    assert job_of(Anything, frame()).run({"whatever": 3}).state == "complete"


def test_a_strategy_may_bring_its_own_space() -> None:
    class Bringing(Cross):
        opt_space = {"fast": (2, 4), "slow": [10, 20]}

    space = job_of(Bringing, frame()).own_space()
    assert space is not None and len(space) == 6
    assert job_of(Cross, frame()).own_space() is None


def test_a_job_needs_a_strategy_and_data() -> None:
    with pytest.raises(JobError, match="say what to run"):
        job_of(None, frame())
    with pytest.raises(JobError, match="Cross needs data"):
        job_of(Cross)
    with pytest.raises(JobError, match="leave out cash"):
        job_of(cerebro_factory=lambda params: bt.Cerebro(), cash=5)
    with pytest.raises(DataError, match="data is int"):
        job_of(Cross, 5).prepare()
    with pytest.raises(DataError, match=r"no file 'nowhere.csv'"):
        job_of(Cross, "nowhere.csv").prepare()


# -- data --------------------------------------------------------------------------------------------------
def test_data_in_every_form_is_the_same_data(tmp_path: Path) -> None:
    table = frame()
    table.index.name = "datetime"
    table.to_csv(tmp_path / "bars.csv")
    table.to_parquet(tmp_path / "bars.parquet")
    forms: list[Any] = [
        table,
        table.reset_index(),
        [table],
        {"x": table},
        lambda: table,
        bt.feeds.PandasData(dataname=table),
        [bt.feeds.PandasData(dataname=table)],
        str(tmp_path / "bars.csv"),
        tmp_path / "bars.parquet",
        lambda: tmp_path / "bars.parquet",
    ]
    expected = job_of(Cross, table).run({}).metrics
    for form in forms:
        outcome = job_of(Cross, form).run({})
        assert outcome.state == "complete", outcome.error
        assert outcome.metrics == pytest.approx(expected, nan_ok=True)


def test_several_feeds_by_name() -> None:
    class Two(bt.Strategy):
        def start(self) -> None:
            assert [data._name for data in self.datas] == ["one", "two"]

        def next(self) -> None:
            if len(self) == 5:
                self.buy(data=self.getdatabyname("two"))

    assert job_of(Two, {"one": frame(), "two": frame(seed=4)}).run({}).state == "complete"


@pytest.mark.parametrize(
    ("freq", "timeframe", "compression"),
    [
        ("1s", bt.TimeFrame.Seconds, 1), ("30s", bt.TimeFrame.Seconds, 30),
        ("1min", bt.TimeFrame.Minutes, 1), ("15min", bt.TimeFrame.Minutes, 15),
        ("4h", bt.TimeFrame.Minutes, 240), ("1D", bt.TimeFrame.Days, 1), ("B", bt.TimeFrame.Days, 1),
        ("W", bt.TimeFrame.Weeks, 1), ("MS", bt.TimeFrame.Months, 1), ("YS", bt.TimeFrame.Years, 1),
    ],
)  # fmt: skip
def test_the_timeframe_of_a_table_is_told_by_its_times(freq: str, timeframe: int, compression: int) -> None:
    table = frame(60)
    table.index = pd.date_range("2001-01-01", periods=60, freq=freq)
    job = job_of(Cross, table)
    job.prepare()
    feed = job._runner.cerebro.datas[0]  # type: ignore[attr-defined]
    assert (feed._timeframe, feed._compression) == (timeframe, compression)


def test_a_table_without_times_is_refused() -> None:
    with pytest.raises(DataError, match="no times"):
        job_of(Cross, frame().reset_index(drop=True)).prepare()


# -- a factory -----------------------------------------------------------------------------------------------
def _factory(params: dict[str, Any]) -> bt.Cerebro:
    cerebro = bt.Cerebro()
    cerebro.adddata(bt.feeds.PandasData(dataname=frame()))
    cerebro.addstrategy(Cross, **params)
    cerebro.addanalyzer(bt.analyzers.SQN, _name="quality")
    return cerebro


def test_a_factory_makes_the_cerebro_of_each_run() -> None:
    job = job_of(cerebro_factory=_factory)
    assert job.names is None
    job.check({"anything": [1]})
    outcome = job.run({"fast": 4})
    assert outcome.state == "complete" and "analyzers.quality.sqn" in outcome.metrics
    expected = job_of(Cross, frame()).run({"fast": 4}).metrics
    assert {k: outcome.metrics[k] for k in expected} == pytest.approx(expected, nan_ok=True)
    failed = job.run({"fats": 4})
    assert failed.state == "failed" and "fats" in failed.error
    nothing = job_of(cerebro_factory=lambda params: None).run({})
    assert nothing.state == "failed" and "must return a Cerebro" in nothing.error


# -- travel ----------------------------------------------------------------------------------------------------
def test_a_job_travels_without_what_it_has_loaded() -> None:
    job = job_of(Cross, frame(), cash=5000)
    expected = job.run({"fast": 3}).metrics
    copy = pickle.loads(pickle.dumps(job))
    assert copy._runner is None and job._runner is not None  # type: ignore[attr-defined]
    assert repr(copy.run({"fast": 3}).metrics) == repr(expected)


def test_a_strategy_that_reads_its_observers_has_them() -> None:
    class Reads(Cross):
        def stop(self) -> None:
            assert [self.stats.broker.value[0] for _ in range(1)] == [self.broker.getvalue()]

    assert job_of(Reads, frame()).run({}).state == "complete"
    for strategy, expected in ((Reads, True), (Cross, False)):
        job = job_of(strategy, frame())
        job.prepare()
        assert job._runner.cerebro.p.stdstats is expected  # type: ignore[attr-defined]
