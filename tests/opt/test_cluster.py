"""A search on a real Dask cluster: a scheduler and workers in processes of their own, over the loopback."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from backtrader.opt.cluster import Cluster, ClusterError
from backtrader.opt.executors import make_executor
from backtrader.opt.job import job_of
from backtrader.opt.worker import Limits
from tests.unit.opt.runs_for_tests import Behaving, Cross, Unloadable, frame

ROOT = Path(__file__).resolve().parents[2]
# loading numpy and pandas in a fresh worker takes seconds on a busy machine
PATIENCE = 120


class LocalDask:
    """A scheduler and workers, started by their own commands as on a real cluster."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._processes: list[subprocess.Popen[bytes]] = []
        self.mortal: list[subprocess.Popen[bytes]] = []  # workers that nobody brings back
        self._file = folder / "scheduler.json"
        self._start("scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--no-show")
        until = time.monotonic() + PATIENCE
        while not self._file.exists() or not self._file.read_text().strip():
            assert time.monotonic() < until, self.log()
            time.sleep(0.05)
        self.address = json.loads(self._file.read_text())["address"]

    def _start(self, kind: str, *options: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "dask", kind, "--scheduler-file", str(self._file), *options]
        environment = {
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "1",
        }
        with open(self._folder / "log.txt", "ab") as log:
            process = subprocess.Popen(
                command, cwd=self._folder, env=environment, stdout=log, stderr=log, start_new_session=True
            )
        self._processes.append(process)
        return process

    def add_worker(self, nanny: bool = False) -> subprocess.Popen[bytes]:
        """One more; without a nanny nobody brings it back if it is killed."""
        options = ("--host", "127.0.0.1", "--nthreads", "1", "--no-dashboard")
        made = self._start("worker", *options, "--nanny" if nanny else "--no-nanny")
        if not nanny:
            self.mortal.append(made)
        return made

    def kill_one(self) -> None:
        """A worker in the middle of its work dies; another comes in its place."""
        victim = self.mortal.pop(0)
        victim.kill()
        assert victim.wait() == -signal.SIGKILL
        self.add_worker()

    def log(self) -> str:
        return (self._folder / "log.txt").read_text()[-3000:]

    def close(self) -> None:
        for process in reversed(self._processes):
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


@pytest.fixture(scope="module")
def dask(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalDask]:
    try:
        import distributed  # noqa: F401
    except ImportError:
        if os.environ.get("CI") == "true":
            raise
        pytest.skip("no Dask here: pip install 'backtrader[cluster]'")
    cluster = LocalDask(tmp_path_factory.mktemp("dask"))
    try:
        cluster.add_worker()
        cluster.add_worker(nanny=True)
        yield cluster
    finally:
        cluster.close()


@pytest.fixture
def executor(dask: LocalDask) -> Iterator[Any]:
    made = []

    def make(job: Any, **options: Any) -> Cluster:
        made.append(Cluster(job, dask.address, **options))
        until = time.monotonic() + PATIENCE
        while sum(made[-1]._client.nthreads().values()) < 2:
            assert time.monotonic() < until, dask.log()
            time.sleep(0.05)
        return made[-1]

    yield make
    for each in made:
        each.stop(now=True)


def test_a_sweep_gives_what_it_gives_at_home(executor: Any) -> None:
    job = job_of(Cross, frame(), cash=10_000)
    combinations = [{"fast": fast, "slow": slow} for fast in range(3, 8) for slow in (15, 20, 30)]
    cluster = executor(job)
    assert cluster.slots == 2
    outcomes = [future.result(PATIENCE) for future in [cluster.submit(each) for each in combinations]]
    assert [o.state for o in outcomes] == ["complete"] * 15, outcomes[0].error
    expected = [job.run(each).metrics for each in combinations]
    assert repr([o.metrics for o in outcomes]) == repr(expected)
    assert len({round(o.metrics["final_value"], 9) for o in outcomes}) > 5


def test_short_runs_travel_in_batches(executor: Any) -> None:
    cluster = executor(Behaving())
    futures = [cluster.submit({"value": i, "seconds": 0.005}) for i in range(600)]
    assert [future.result(PATIENCE).metrics["value"] for future in futures] == list(range(600))
    assert cluster._number < 300
    assert cluster.ahead > 2 * cluster.slots
    assert len({future.result().metrics["pid"] for future in futures}) == 2


def test_time_and_memory_are_limited_there_too(executor: Any) -> None:
    cluster = executor(Behaving(), timeout=3.0, limits=Limits(memory=300 * 2**20))
    endless, large, good = (
        cluster.submit(each) for each in ({"what": "spin"}, {"what": "memory", "mb": 600}, {"value": 3})
    )
    assert endless.result(PATIENCE).state == "timeout"
    assert "memory limit" in large.result(PATIENCE).error
    assert good.result(PATIENCE).metrics["value"] == 3


def test_a_run_that_kills_its_process_is_lost_alone(executor: Any) -> None:
    cluster = executor(Behaving())
    tasks = [{"value": i} if i != 20 else {"what": "die"} for i in range(40)]
    outcomes = [future.result(PATIENCE) for future in [cluster.submit(each) for each in tasks]]
    assert [i for i, outcome in enumerate(outcomes) if outcome.state != "complete"] == [20]
    assert outcomes[20].state == "lost" and "SIGKILL" in outcomes[20].error


def test_a_killed_dask_worker_costs_no_run(dask: LocalDask, executor: Any) -> None:
    cluster = executor(Behaving())
    futures = [cluster.submit({"value": i, "seconds": 0.02}) for i in range(300)]
    futures[10].result(PATIENCE)
    dask.kill_one()
    outcomes = [future.result(PATIENCE) for future in futures]
    assert [outcome.state for outcome in outcomes] == ["complete"] * 300
    assert [outcome.metrics["value"] for outcome in outcomes] == list(range(300))


def test_a_study_of_500_is_complete_and_the_same_if_a_dask_worker_is_killed(
    dask: LocalDask, tmp_path: Path
) -> None:
    pytest.importorskip("sqlalchemy")
    from tests.opt.sweeps import outcomes, study

    expected = outcomes(study(None, "undisturbed", pause=0.0).run().all_results)
    done = 0

    def kill_one(*_: Any) -> None:
        nonlocal done
        done += 1
        if done == 100:
            dask.kill_one()

    storage = tmp_path / "studies.db"
    found = study(storage, "disturbed", cluster=dask.address, callback=kill_one).run()
    assert outcomes(found.all_results) == expected and len(expected) == 500
    assert done == 500


def test_stop_now_frees_the_workers(executor: Any) -> None:
    cluster = executor(Behaving())
    endless = [cluster.submit({"what": "spin"}) for _ in range(4)]
    time.sleep(1.0)
    cluster.stop(now=True)
    assert {future.result(5).state for future in endless} == {"lost"}
    after = executor(Behaving())
    assert after.submit({"value": 7}).result(PATIENCE).metrics["value"] == 7


def test_what_cannot_work_is_said_at_once(dask: LocalDask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("backtrader.opt.cluster._CONNECT", 2.0)
    with pytest.raises(ClusterError, match=r"no Dask scheduler answers at 'tcp://127\.0\.0\.1:9'"):
        make_executor(Behaving(), cluster="tcp://127.0.0.1:9")
    with pytest.raises(ClusterError, match="not for you"):
        Cluster(Unloadable(), dask.address)
    job: Any = Behaving()
    job.lock = threading.Lock()
    with pytest.raises(ClusterError, match="cannot be sent"):
        Cluster(job, dask.address)
