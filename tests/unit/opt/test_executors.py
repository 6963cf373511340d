"""Choosing where runs are made, and that it makes no difference to what comes out."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import backtrader as bt
from backtrader.opt.cores import available_cores
from backtrader.opt.executors import ExecutorError, Serial, make_executor
from backtrader.opt.job import job_of
from backtrader.opt.pool import Processes
from backtrader.opt.sizes import bytes_of
from tests.unit.opt.runs_for_tests import Behaving, Cross, frame


def test_one_run_at_a_time_needs_no_process_unless_it_must_be_stopped() -> None:
    assert isinstance(make_executor(Behaving()), Serial)
    for options in ({"timeout": 5.0}, {"memory_limit": "1GB"}, {"n_jobs": 2}):
        executor = make_executor(Behaving(), **options)
        assert isinstance(executor, Processes)
        executor.stop()
    executor = make_executor(Behaving(), n_jobs=-1, timeout=9)
    assert executor.slots == available_cores()
    executor.stop()


@pytest.mark.parametrize(
    ("options", "text"),
    [
        ({"n_jobs": 0}, "n_jobs is a number of processes"),
        ({"n_jobs": 1.5}, "n_jobs is a number of processes"),
        ({"timeout": 0}, "timeout is a number of seconds"),
        ({"timeout": float("nan")}, "timeout is a number of seconds"),
        ({"memory_limit": "much"}, "memory_limit is a size like"),
        ({"memory_limit": 0}, "memory_limit is a size like"),
        ({"cpus": [10**6]}, "this process may use"),
        ({"cpus": []}, "this process may use"),
    ],
)
def test_what_makes_no_sense_is_refused(options: dict[str, Any], text: str) -> None:
    with pytest.raises(ExecutorError, match=text):
        make_executor(Behaving(), **options)


def test_sizes_are_written_as_people_do() -> None:
    sizes = {"2GB": 2 << 30, "500M": 500 << 20, "1.5 GiB": 3 << 29, "64k": 64 << 10, 100: 100 << 20}
    assert {size: bytes_of(size) for size in sizes} == sizes
    with pytest.raises(ValueError, match="a size is written like"):
        bytes_of("a lot")


@pytest.mark.parametrize("options", [{}, {"n_jobs": 2}, {"timeout": 60.0}])
def test_where_it_runs_makes_no_difference(options: dict[str, Any]) -> None:
    job = job_of(Cross, frame(400), cash=5000, keep_returns=True, analyzers=bt.analyzers.TradeAnalyzer)
    combinations = [{"fast": fast, "slow": slow} for fast in (3, 6, 9) for slow in (15, 30)]
    expected = [job.run(params) for params in combinations]
    executor = make_executor(job, **options)
    found = [future.result(60) for future in [executor.submit(params) for params in combinations]]
    executor.stop()
    assert {outcome.state for outcome in found} == {"complete"}
    assert repr([o.metrics for o in found]) == repr([o.metrics for o in expected])
    assert [o.returns for o in found] == [o.returns for o in expected]


class Endless(bt.Strategy):
    """Never comes back from some bar on."""

    params = (("endless", False),)

    def next(self) -> None:
        while self.p.endless and len(self) > 100:
            pass


def test_a_strategy_in_an_endless_loop_is_stopped_and_the_sweep_goes_on() -> None:
    executor = make_executor(job_of(Endless, frame()), timeout=1.0)
    combinations = [{"endless": False}, {"endless": True}, {"endless": False}]
    outcomes = [future.result(60) for future in [executor.submit(params) for params in combinations]]
    executor.stop()
    assert [outcome.state for outcome in outcomes] == ["complete", "timeout", "complete"]


def test_an_endless_warm_up_does_not_hold_up_the_sweep(monkeypatch: pytest.MonkeyPatch) -> None:
    """Workers are prepared with the first parameters; if that does not end they begin unprepared."""

    class Stuck(bt.Strategy):
        params = (("endless", False),)

        def start(self) -> None:
            while self.p.endless:
                pass

    monkeypatch.setattr("backtrader.opt.pool._PATIENCE", 0.5)
    executor = make_executor(job_of(Stuck, frame()), timeout=1.0)
    stuck, good = executor.submit({"endless": True}), executor.submit({"endless": False})
    assert stuck.result(30).state == "timeout" and good.result(30).state == "complete"
    executor.stop()


class Loud(bt.Strategy):
    """Says how often it was started."""

    def start(self) -> None:
        print("started", flush=True)
        raise RuntimeError("no")


def test_what_is_printed_to_prepare_workers_is_not_heard(tmp_path: Path) -> None:
    code = (
        "from backtrader.opt.executors import make_executor\n"
        "from backtrader.opt.job import job_of\n"
        "from tests.unit.opt.test_executors import Loud, frame\n"
        "executor = make_executor(job_of(Loud, frame()), timeout=9)\n"
        "print(executor.submit({}).result().state)\n"
        "executor.stop()\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert (done.stdout, done.stderr) == ("started\nfailed\n", "")


@pytest.mark.skipif(not os.path.exists("/proc/self/smaps_rollup"), reason="no proportional set sizes here")
@pytest.mark.slow
def test_workers_share_the_data() -> None:
    """Memory of all processes while they run, each page counted once: a fraction of a copy each."""
    from benchmarks.bench_opt import memory

    one = memory(n_jobs=1, bars=250_000, runs=3)
    four = memory(n_jobs=4, bars=250_000, runs=12)
    assert four < 1.5 * one + 4 * 60, (one, four)
