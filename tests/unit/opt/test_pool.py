"""Worker processes: whatever happens to one, its run comes back with an outcome and the others go on."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import textwrap
import threading
import time
from typing import Any

import pytest

from backtrader.opt.nursery import told
from backtrader.opt.pool import Processes
from backtrader.opt.worker import Limits
from tests.unit.opt.runs_for_tests import Behaving, Unloadable

METHODS = ["fork", "spawn"]


@pytest.fixture
def pool(request: pytest.FixtureRequest) -> Any:
    made = []

    def make(slots: int = 2, job: Any = None, **options: Any) -> Processes:
        made.append(Processes(job or Behaving(), slots, **options))
        return made[-1]

    yield make
    for each in made:
        each.stop(now=True)


def _gone(pid: int, seconds: float = 5.0) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            os.kill(pid, 0)
            with open(f"/proc/{pid}/stat") as file:
                if file.read().rpartition(")")[2].split()[0] == "Z":
                    return True
        except (ProcessLookupError, FileNotFoundError):
            return True
        time.sleep(0.01)
    return False


def test_a_run_that_gives_what_cannot_be_sent_has_failed_and_its_worker_goes_on(pool: Any) -> None:
    executor = pool(1)
    first, second = executor.submit({"what": "unsendable"}), executor.submit({"value": 1})
    assert first.result(30).state == "failed"
    assert "cannot be sent to the process that asked for it" in first.result().error
    assert second.result(30).metrics["value"] == 1


@pytest.mark.parametrize("method", METHODS)
def test_every_run_comes_back_with_its_own_outcome(pool: Any, method: str) -> None:
    executor = pool(2, method=method)
    futures = [executor.submit({"value": i}) for i in range(40)]
    assert [future.result(30).metrics["value"] for future in futures] == list(range(40))
    workers = {future.result().metrics["pid"] for future in futures}
    assert os.getpid() not in workers and 1 <= len(workers) <= 2


@pytest.mark.parametrize("method", METHODS)
def test_a_killed_worker_loses_its_run_only(pool: Any, method: str) -> None:
    executor = pool(2, method=method)
    futures = [
        executor.submit({"what": "die"} if i == 3 else {"value": i, "seconds": 0.01}) for i in range(12)
    ]
    outcomes = [future.result(30) for future in futures]
    assert [outcome.state for outcome in outcomes] == ["complete"] * 3 + ["lost"] + ["complete"] * 8
    assert "SIGKILL" in outcomes[3].error


def test_how_a_worker_died_is_told(pool: Any) -> None:
    executor = pool(1)
    ended = executor.submit({"what": "die", "signal": int(signal.SIGTERM)}).result(20)
    left = executor.submit({"what": "exit", "code": 7}).result(20)
    assert "SIGTERM" in ended.error and "exit code 7" in left.error
    assert "a crash in compiled code" in told(-signal.SIGSEGV)
    assert executor.submit({"value": 5}).result(20).metrics["value"] == 5


def test_kills_at_any_moment_break_nothing(pool: Any) -> None:
    """Also in the middle of sending, or idle: no run is without outcome, and none has another's."""
    executor, chance, going = pool(3), random.Random(5), True

    def killer() -> None:
        left = 150  # so that a slow machine gets something done, too
        while going and left:
            time.sleep(chance.random() * 0.02)
            left -= 1
            pids = executor.pids()
            if pids:
                try:
                    os.kill(chance.choice(pids), signal.SIGKILL)
                except ProcessLookupError:
                    continue

    executor.submit({"value": 0}).result(20)
    thread = threading.Thread(target=killer)
    thread.start()
    try:
        outcomes = [
            future.result(60)
            for future in [executor.submit({"value": i, "seconds": 0.002}) for i in range(400)]
        ]
    finally:
        going = False
        thread.join()
    done = [(i, outcome) for i, outcome in enumerate(outcomes) if outcome.state == "complete"]
    assert all(outcome.metrics["value"] == i for i, outcome in done)
    assert {outcome.state for outcome in outcomes} == {"complete", "lost"} and len(done) > 100


@pytest.mark.parametrize("what", ["spin", "numba_spin"])
@pytest.mark.parametrize("method", METHODS)
def test_an_endless_run_is_stopped_and_its_worker_free_again(pool: Any, method: str, what: str) -> None:
    executor = pool(1, timeout=1.0, method=method)
    first = executor.submit({"value": 1}).result(30)
    endless, after = executor.submit({"what": what}), executor.submit({"value": 2})
    outcome = endless.result(30)
    assert outcome.state == "timeout" and "1 s" in outcome.error
    assert 0.9 < outcome.seconds < 5.0
    assert after.result(30).metrics["value"] == 2
    assert _gone(int(first.metrics["pid"]))


def test_waiting_in_the_queue_is_no_part_of_the_time(pool: Any) -> None:
    executor = pool(1, timeout=0.6)
    futures = [executor.submit({"seconds": 0.25}) for _ in range(5)]
    assert [future.result(20).state for future in futures] == ["complete"] * 5


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="limits are those of Linux")
@pytest.mark.parametrize("what", [{"what": "memory", "mb": 600}, {"what": "crumbs"}])
def test_a_run_over_the_memory_limit_fails_and_says_so(pool: Any, what: dict[str, Any]) -> None:
    executor = pool(1, limits=Limits(memory=300 * 2**20))
    assert executor.submit({"what": "memory", "mb": 100}).result(30).state == "complete"
    outcome = executor.submit(what).result(30)
    assert outcome.state == "failed" and outcome.error.startswith("the run needed more than")
    assert "300 MB" in outcome.error
    assert executor.submit({"what": "memory", "mb": 100}).result(30).state == "complete"


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="this system cannot bind processes")
def test_workers_keep_to_the_cores_they_are_given(pool: Any) -> None:
    executor = pool(1, limits=Limits(cpus=(min(os.sched_getaffinity(0)),)))
    assert executor.submit({"what": "cpus"}).result(20).metrics["value"] == 1


def test_parameters_that_cannot_travel_fail_alone(pool: Any) -> None:
    executor = pool(1)
    outcome = executor.submit({"value": lambda: 1}).result(20)
    assert outcome.state == "failed" and "cannot be sent" in outcome.error
    assert executor.submit({"value": 2}).result(20).state == "complete"


def test_a_job_that_no_worker_can_read_ends_the_runs_with_the_reason(pool: Any) -> None:
    executor = pool(2, Unloadable(), method="spawn")
    outcomes = [future.result(30) for future in [executor.submit({"value": i}) for i in range(3)]]
    assert {outcome.state for outcome in outcomes} == {"lost"}
    assert all("not for you" in outcome.error for outcome in outcomes)


def test_stop_waits_for_what_was_submitted(pool: Any) -> None:
    executor = pool(2)
    futures = [executor.submit({"value": i, "seconds": 0.05}) for i in range(6)]
    executor.stop()
    assert [future.result(0).metrics["value"] for future in futures] == list(range(6))
    with pytest.raises(RuntimeError, match="stopped"):
        executor.submit({"value": 1})


def test_stop_now_ends_everything_at_once(pool: Any) -> None:
    executor = pool(2)
    executor.submit({"value": 1}).result(20)
    futures = [executor.submit({"what": "spin"}) for _ in range(4)]
    pids, began = executor.pids(), time.monotonic()
    executor.stop(now=True)
    assert time.monotonic() - began < 5
    assert {future.result(0).state for future in futures} == {"lost"}
    assert all(map(_gone, pids))


def test_a_cancelled_run_is_not_made(pool: Any) -> None:
    executor = pool(1)
    running, queued, last = (executor.submit({"value": i, "seconds": 0.2}) for i in range(3))
    assert queued.cancel()
    assert last.result(20).metrics["value"] == 2
    assert running.result(20).metrics["value"] == 0


def test_results_are_told_without_a_lock_held(pool: Any) -> None:
    """A callback may wait for another thread that submits."""
    executor, lock, told = pool(1), threading.Lock(), threading.Event()

    def told_of(_: Any) -> None:
        with lock:
            told.set()

    with lock:
        future = executor.submit({"value": 1})
        future.add_done_callback(told_of)
        time.sleep(0.3)  # the result is there, and its callback waits for the lock
        executor.submit({"value": 2})
    assert told.wait(10)


def test_workers_leave_ctrl_c_to_the_driver(pool: Any) -> None:
    assert pool(1).submit({"what": "ignores"}).result(20).metrics["value"] == 1


DRIVER = """
    import sys, time
    from backtrader.opt.pool import Processes
    from tests.unit.opt.runs_for_tests import Behaving

    executor = Processes(Behaving(), 2)
    executor.submit({"what": "print"}).result()
    spinning = [executor.submit({"what": "spin"}) for _ in range(2)]
    try:
        print(*executor.pids(), flush=True)
        time.sleep(60)
    except KeyboardInterrupt:
        executor.stop(now=True)
        print("stopped by hand")
"""


def _driver() -> Any:
    code = [sys.executable, "-c", textwrap.dedent(DRIVER)]
    return subprocess.Popen(
        code, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    )


def test_ctrl_c_in_the_terminal_ends_the_driver_without_a_word_from_workers() -> None:
    driver = _driver()
    assert driver.stdout.readline() == "heard from a worker\n"
    pids = [int(pid) for pid in driver.stdout.readline().split()]
    os.killpg(driver.pid, signal.SIGINT)  # as a terminal does: everybody gets it
    out, err = driver.communicate(timeout=20)
    assert (out, err, driver.returncode) == ("stopped by hand\n", "", 0)
    assert all(map(_gone, pids))


def test_workers_in_an_endless_loop_go_with_a_driver_that_is_killed() -> None:
    driver = _driver()
    driver.stdout.readline()
    pids = [int(pid) for pid in driver.stdout.readline().split()]
    assert len(pids) == 2
    driver.kill()
    driver.communicate(timeout=20)
    assert all(map(_gone, pids))


def test_if_the_process_that_forks_is_killed_another_takes_its_place(pool: Any) -> None:
    executor = pool(2)
    executor.submit({"value": 0}).result(20)
    old = executor.pids()
    os.kill(executor._nursery._pid, signal.SIGKILL)
    outcomes = [future.result(30) for future in [executor.submit({"value": i}) for i in range(20)]]
    lost = [outcome for outcome in outcomes if outcome.state == "lost"]
    assert len(lost) <= 2, "no more than the two that ran there"
    assert all(o.metrics["value"] == i for i, o in enumerate(outcomes) if o.state == "complete")
    assert all(map(_gone, old))
    states = [executor.submit({"value": 9}).result(20).state for _ in range(5)]
    assert states[2:] == ["complete"] * 3
