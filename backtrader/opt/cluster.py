"""Runs on a Dask cluster: the job travels once, runs in batches, and each is made in a process of its own.

Dask brings what a cluster needs: workers that come and go, work of a lost worker done again by another,
encryption.  Its workers are threads, which nothing can stop; so each Dask worker keeps a small pool
of processes for the runs, and limits of time and memory hold there as they do at home.
"""

from __future__ import annotations

import contextlib
import importlib
import math
import os
import pickle
import sys
import threading
import time
import uuid
import warnings
from collections import OrderedDict, deque
from collections.abc import Mapping
from concurrent.futures import Future
from typing import Any

from ..errors import BacktraderError
from ..utils.optional import require
from .entry import FAILED, LOST, Outcome
from .worker import Limits

__all__ = ["Cluster", "ClusterError"]

_CONNECT = 15.0
# a batch should take about so long: what travels costs some milliseconds each time
_BATCH_SECONDS = 0.2
_LARGEST_BATCH = 500
_LINGER = 0.002
_COUNT_EVERY = 2.0

Task = tuple[dict[str, Any], Any]


class ClusterError(BacktraderError):
    """A cluster that does not answer, has no workers, or workers that cannot do what is asked."""


class _Run:
    __slots__ = ("future", "task")

    def __init__(self, task: Task) -> None:
        self.future: Future[Outcome] = Future()
        self.task = task


class Cluster:
    """Runs on the cluster of the Dask scheduler at ``address``."""

    def __init__(
        self, job: Any, address: str, timeout: float | None = None, limits: Limits | None = None
    ) -> None:
        self._distributed: Any = require("distributed", extra="cluster", why=f"cluster={address!r}")
        self._client = self._connect(address)
        self._options = timeout, limits or Limits()
        self._token = f"backtrader-{uuid.uuid4().hex}"
        self._counted, self._threads = 0.0, 0
        self._await_workers(address)
        self._job = self._send(job)
        self._condition = threading.Condition()
        self._pending: deque[_Run] = deque()
        self._under_way: dict[Any, list[_Run]] = {}
        self._seconds = _BATCH_SECONDS
        self._closing = False
        self._number = 0
        self._thread = threading.Thread(target=self._dispatch, name="backtrader.opt cluster", daemon=True)
        self._thread.start()

    # -- beginning ---------------------------------------------------------------------------------
    def _connect(self, address: str) -> Any:
        try:
            return self._distributed.Client(address, timeout=_CONNECT, set_as_default=False)
        except (OSError, ValueError) as error:
            raise ClusterError(f"no Dask scheduler answers at {address!r}: {error}") from error

    def _await_workers(self, address: str) -> None:
        try:
            self._client.wait_for_workers(1, timeout=_CONNECT)
        except Exception as error:
            self._client.close()
            raise ClusterError(
                f"the Dask scheduler at {address!r} has no workers: start some with `dask worker {address}`"
            ) from error

    def _send(self, job: Any) -> Any:
        """The job as a task's result: should its holders die, the scheduler makes it again."""
        try:
            cloudpickle = importlib.import_module("cloudpickle")
            made: bytes = cloudpickle.dumps(job)
        except Exception as error:
            self._client.close()
            raise ClusterError(f"the job cannot be sent to a cluster: {error!r}") from error
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Dask finds a job with its data in it large
            held = self._client.submit(bytes, made, key=f"{self._token}-job", pure=False)
        timeout, _ = self._options
        found = self._client.submit(
            _try_out, self._token, held, timeout, key=f"{self._token}-try", pure=False
        )
        try:
            problem = found.result()
        except Exception as error:
            problem = f"{type(error).__name__}: {error}"
        if problem:
            self._client.close()
            raise ClusterError(f"the workers of the cluster cannot run the job: {problem}")
        return held

    # -- for the driver ----------------------------------------------------------------------------
    @property
    def slots(self) -> int:
        """How many runs the cluster makes at a time; workers may come and go."""
        now = time.monotonic()
        if now - self._counted > _COUNT_EVERY:
            self._counted, self._threads = now, sum(self._client.nthreads().values())
        return max(self._threads, 1)

    @property
    def ahead(self) -> int:
        """How many runs should be submitted at a time for workers not to wait for the next batch."""
        return 2 * self.slots * self._batch_size()

    def expect(self, runs: int) -> None:
        """Workers of a cluster come and go: each expects many."""

    def submit(self, params: Mapping[str, Any], thresholds: Any = None) -> Future[Outcome]:
        """Run somewhere on the cluster, with others if runs are short."""
        run = _Run((dict(params), thresholds))
        with self._condition:
            if self._closing:
                raise RuntimeError("the executor was stopped")
            self._pending.append(run)
            self._condition.notify_all()
        return run.future

    def stop(self, now: bool = False) -> None:
        """Leave the cluster: when all is done that was submitted, or now."""
        with self._condition:
            self._closing = True
            dropped: list[_Run] = []
            if now:
                dropped = [*self._pending, *(run for runs in self._under_way.values() for run in runs)]
                gone = list(self._under_way)
                self._pending.clear()
                self._under_way.clear()
            self._condition.notify_all()
        for run in dropped:
            _settle(run, Outcome(LOST, error="stopped"))
        if now:
            with contextlib.suppress(Exception):
                self._client.cancel(gone)
        self._thread.join()
        with contextlib.suppress(Exception):  # the cluster may be gone before us
            self._client.run(_forget, self._token)
            self._client.close(timeout=_CONNECT)

    # -- batches -----------------------------------------------------------------------------------
    def _batch_size(self) -> int:
        return max(1, min(_LARGEST_BATCH, round(_BATCH_SECONDS / max(self._seconds, 1e-4))))

    def _dispatch(self) -> None:
        while True:
            with self._condition:
                self._condition.wait_for(lambda: self._has_room() or self._is_done())
                if self._is_done():
                    return
            time.sleep(_LINGER)  # more may be about to come, and go along
            slots = self.slots
            with self._condition:
                count = min(self._batch_size(), math.ceil(len(self._pending) / slots))
                runs = [self._pending.popleft() for _ in range(count)]
            runs = [run for run in runs if run.future.set_running_or_notify_cancel()]
            if runs:
                self._start(runs)

    def _has_room(self) -> bool:
        return bool(self._pending) and len(self._under_way) < 2 * max(self._threads, 1)

    def _is_done(self) -> bool:
        return self._closing and not (self._pending or self._under_way)

    def _start(self, runs: list[_Run]) -> None:
        self._number += 1
        tasks = [run.task for run in runs]
        try:
            future = self._client.submit(
                _run_batch, self._token, self._job, tasks, *self._options,
                key=f"{self._token}-{self._number}", pure=False,
            )  # fmt: skip
        except Exception as error:
            for run in runs:
                _settle(run, Outcome(FAILED, error=f"the run cannot be sent to the cluster: {error!r}"))
            return
        with self._condition:
            self._under_way[future] = runs
        future.add_done_callback(self._arrived)

    def _arrived(self, future: Any) -> None:
        try:
            outcomes: list[Outcome] = future.result()
            problem = ""
        except BaseException as error:  # a cancelled one raises what is no Exception
            outcomes, problem = [], f"{type(error).__name__}: {error}"
        with self._condition:
            runs = self._under_way.pop(future, [])
            again = problem and len(runs) > 1 and not self._closing
        if again:  # one of them may have taken its worker with it: by itself it takes nobody else
            for run in runs:
                self._start([run])
            runs = []
        elif problem:
            outcomes = [Outcome(LOST, error=f"lost on the cluster: {problem}")] * len(runs)
        for run, outcome in zip(runs, outcomes, strict=True):
            _settle(run, outcome)
        if not problem and runs:
            mean = sum(outcome.seconds for outcome in outcomes) / len(outcomes)
            self._seconds = 0.7 * self._seconds + 0.3 * mean
        with self._condition:
            self._condition.notify_all()


def _settle(run: _Run, outcome: Outcome) -> None:
    if run.future.cancelled() or run.future.done():
        return
    run.future.set_result(outcome)


# -- on the workers ------------------------------------------------------------------------------------
_pools: OrderedDict[str, Any] = OrderedDict()
_lock = threading.Lock()
# a driver that was killed leaves its pool behind: the next but one takes its place
_MOST_POOLS = 2


def _try_out(token: str, job: bytes, timeout: float | None) -> str:
    """What keeps this worker from running the job, if anything."""
    try:
        pickle.loads(job).prepare()
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    if timeout is not None and not hasattr(os, "fork"):
        return "a timeout needs workers on a system that can fork processes"
    return ""


def _run_batch(
    token: str, job: bytes, tasks: list[Task], timeout: float | None, limits: Limits
) -> list[Outcome]:
    pool = _pool(token, job, timeout, limits)
    futures = [pool.submit(params, thresholds) for params, thresholds in tasks]
    return [future.result() for future in futures]


def _pool(token: str, job: bytes, timeout: float | None, limits: Limits) -> Any:
    """This worker's processes for a job; there are as many as Dask gives it runs at a time."""
    with _lock:
        found = _pools.get(token)
        if found is None:
            found = _pools[token] = _make_pool(pickle.loads(job), timeout, limits)
            old = [_pools.popitem(last=False)[1] for _ in range(len(_pools) - _MOST_POOLS)]
        else:
            _pools.move_to_end(token)
            old = []
    for each in old:
        each.stop(now=True)
    return found


def _make_pool(job: Any, timeout: float | None, limits: Limits) -> Any:
    from .pool import Processes
    from .serial import Serial

    if not hasattr(os, "fork") or sys.platform == "darwin":
        return Serial(job)
    worker = importlib.import_module("distributed").get_worker()
    return Processes(job, worker.state.nthreads, timeout, limits)


def _forget(token: str) -> None:
    with _lock:
        found = _pools.pop(token, None)
    if found is not None:
        found.stop(now=True)
