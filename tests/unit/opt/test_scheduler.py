"""Tasks with priorities over a pool of processes that grows and shrinks."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path
from typing import Any

import pytest

from backtrader.opt.entry import Outcome
from backtrader.opt.job import Job
from backtrader.opt.scheduler import SchedulerError, Task, TaskScheduler, TaskStatus


def square(params: dict[str, Any]) -> int:
    return int(params["n"]) ** 2


def wait(params: dict[str, Any]) -> float:
    time.sleep(params["seconds"])
    return float(params["seconds"])


def die(params: dict[str, Any]) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def until(condition: Any, seconds: float = 20.0) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "too slow"
        time.sleep(0.01)


class ByFile:
    """Fails until a file has been written to so often."""

    def __init__(self, path: Path, failures: int) -> None:
        self.path, self.failures = path, failures

    def __call__(self, params: dict[str, Any]) -> str:
        with open(self.path, "a") as file:
            file.write("x")
        if len(self.path.read_text()) <= self.failures:
            raise ValueError(f"attempt {len(self.path.read_text())}")
        return "done"


class Doubles(Job):
    """A job of a search."""

    def run(self, params: Any, thresholds: Any = None) -> Outcome:
        return Outcome(metrics={"sqn": 2.0 * params["n"]})


def test_results_and_progress() -> None:
    scheduler = TaskScheduler(n_workers=2, function=square)
    ids = [scheduler.add_task({"n": n}) for n in range(6)]
    assert scheduler.get_progress() == {"total": 6, "completed": 0, "failed": 0, "running": 0, "pending": 6}
    assert scheduler.get_task_status(ids[0]) is TaskStatus.PENDING
    scheduler.start()
    assert [scheduler.get_result(task, timeout=20) for task in ids] == [0, 1, 4, 9, 16, 25]
    assert scheduler.get_progress() == {"total": 6, "completed": 6, "failed": 0, "running": 0, "pending": 0}
    assert scheduler.get_task_status(ids[0]).value == "completed"
    late = scheduler.add_task({"n": 7})
    assert scheduler.get_result(late, timeout=20) == 49
    scheduler.stop()


def test_high_priorities_first(tmp_path: Path) -> None:
    log = tmp_path / "log"

    def note(params: dict[str, Any]) -> None:
        with open(log, "a") as file:
            file.write(f"{params} ")

    with TaskScheduler(n_workers=1, function=note) as scheduler:
        first = scheduler.add_task("first")
        scheduler.get_result(first, 20)
        scheduler.stop()
        for name, priority in (("low", -1), ("a", 0), ("high", 5), ("b", 0)):
            scheduler.add_task(name, priority)
        scheduler.start()
    assert log.read_text().split() == ["first", "high", "a", "b", "low"]


def test_what_fails_is_tried_again_and_the_reasons_kept(tmp_path: Path) -> None:
    with TaskScheduler(n_workers=1, max_retries=2) as scheduler:
        good = scheduler.add_task({}, function=ByFile(tmp_path / "a", 2))
        bad = scheduler.add_task({}, function=ByFile(tmp_path / "b", 9))
        assert scheduler.get_result(good, 30) == "done"
        with pytest.raises(
            SchedulerError, match=r"failed 3 times: ValueError: attempt 1; .*attempt 3"
        ) as caught:
            scheduler.get_result(bad, 30)
    assert "in __call__" in str(caught.value)  # the traceback of the other process
    assert scheduler.tasks[good].reasons == ["ValueError: attempt 1", "ValueError: attempt 2"]
    assert scheduler.get_progress()["failed"] == 1 and len((tmp_path / "b").read_text()) == 3


def test_a_task_that_takes_too_long_is_stopped_and_one_that_dies_is_no_harm() -> None:
    with TaskScheduler(n_workers=1, max_retries=0, timeout=0.3, function=wait) as scheduler:
        long = scheduler.add_task({"seconds": 60})
        dead = scheduler.add_task({}, function=die)
        fine = scheduler.add_task({"seconds": 0.01})
        assert scheduler.get_result(fine, 20) == 0.01
        for task, reason in ((long, "stopped after 0.3 seconds"), (dead, "ProcessExpired")):
            with pytest.raises(SchedulerError, match=reason):
                scheduler.get_result(task, 20)


def test_the_pool_grows_and_shrinks() -> None:
    scheduler = TaskScheduler(n_workers=3, function=wait, idle=0.2)
    scheduler.start()
    assert scheduler.workers == 0
    scheduler.add_task({"seconds": 0.3})
    until(lambda: scheduler.get_progress()["running"] == 1)
    assert scheduler.workers == 1
    for _ in range(5):
        scheduler.add_task({"seconds": 0.3})
    until(lambda: scheduler.get_progress()["running"] == 3)
    assert scheduler.workers == 3
    until(lambda: scheduler.get_progress()["completed"] == 6)
    until(lambda: scheduler.workers == 0)
    again = scheduler.add_task({"seconds": 0.0})
    assert scheduler.get_result(again, 20) == 0.0
    scheduler.stop()


def test_what_ran_when_it_was_stopped_is_pending_again() -> None:
    scheduler = TaskScheduler(n_workers=1, function=wait)
    task = scheduler.add_task({"seconds": 0.5})
    scheduler.start()
    until(lambda: scheduler.get_task_status(task) is TaskStatus.RUNNING)
    with pytest.raises(TimeoutError, match="is still running"):
        scheduler.get_result(task, timeout=0.01)
    scheduler.stop()
    assert scheduler.get_task_status(task) is TaskStatus.PENDING and scheduler.workers == 0
    scheduler.start()
    assert scheduler.get_result(task, 20) == 0.5
    scheduler.stop()


def test_a_job_of_a_search_is_a_function_too() -> None:
    with TaskScheduler(1, function=Doubles()) as scheduler:
        assert scheduler.get_result(scheduler.add_task({"n": 4}), 20).metrics == {"sqn": 8.0}


def test_what_makes_no_sense() -> None:
    scheduler = TaskScheduler()
    assert (scheduler.max_retries, scheduler.timeout) == (2, 300)
    with pytest.raises(SchedulerError, match="n_workers"):
        TaskScheduler(0)
    with pytest.raises(SchedulerError, match="no task 7"):
        scheduler.get_task_status(7)
    scheduler.add_task({})
    with pytest.raises(SchedulerError, match="nothing to run"):
        scheduler.start()
    assert Task(1, {}).attempts == 0
