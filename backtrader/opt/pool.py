"""Worker processes on this machine: each has a pipe of its own, so one that is killed harms no other."""

from __future__ import annotations

import contextlib
import os
import pickle
import sys
import threading
import time
from collections import deque
from collections.abc import Mapping
from concurrent.futures import Future
from multiprocessing.connection import Pipe, wait
from typing import Any

from .entry import FAILED, LOST, TIMEOUT, Outcome
from .nursery import Forked, Started, Worker
from .worker import READY, Limits

__all__ = ["Processes"]

_NEVER = float("inf")
# runs that one may expect of who starts worker processes, if he does not say
_MANY = 100
# so many workers that die before they are ready mean that none will ever be
_STILLBORN = 3
_PATIENCE = 60.0


class _Run:
    """A run that was asked for."""

    __slots__ = ("began", "future", "task")

    def __init__(self, task: bytes) -> None:
        self.future: Future[Outcome] = Future()
        self.task = task
        self.began = 0.0

    def without_outcome(self, state: str, error: str) -> Outcome:
        """What is said of it if nothing came back, for this reason."""
        seconds = time.perf_counter() - self.began if self.began else 0.0
        return Outcome(state, error=error, seconds=seconds)


class Processes:
    """Runs in ``slots`` worker processes; ``timeout`` is in seconds a run."""

    def __init__(
        self,
        job: Any,
        slots: int,
        timeout: float | None = None,
        limits: Limits | None = None,
        method: str | None = None,
    ) -> None:
        self.slots = slots
        self._job, self._timeout, self._limits = job, timeout, limits or Limits()
        # macOS can fork, but its own libraries do not survive it
        self._method = method or ("fork" if hasattr(os, "fork") and sys.platform != "darwin" else "spawn")
        self._lock = threading.RLock()
        self._queue: deque[_Run] = deque()
        self._workers: list[Worker] = []
        self._over: list[tuple[_Run, Outcome]] = []  # to be told once the lock is free
        self._thread: threading.Thread | None = None
        self._stillborn = 0
        self._broken = ""
        self._closing = False
        self._wakes_at = _NEVER
        self._expected = _MANY
        self._bell, self._ringer = Pipe(duplex=False)
        self._rung = False
        job.workers = slots
        job.prepare()
        self._nursery = self._new_nursery()

    def _new_nursery(self) -> Any:
        if self._method == "fork":
            return Forked(self._job, self._limits)
        return Started(self._job, self._limits, self._method)

    @property
    def ahead(self) -> int:
        """How many runs should be submitted at a time: one for each worker, and one that waits for it."""
        return 2 * self.slots

    # -- the driver's side -----------------------------------------------------------------------
    def submit(self, params: Mapping[str, Any], thresholds: Any = None) -> Future[Outcome]:
        """Run in a worker that is free, or will be."""
        params = dict(params)
        try:
            run = _Run(pickle.dumps((params, thresholds), pickle.HIGHEST_PROTOCOL))
        except Exception as error:
            run = _Run(b"")
            run.future.set_result(
                Outcome(FAILED, error=f"the parameters cannot be sent to another process: {error!r}")
            )
            return run.future
        with self._lock:
            if self._closing:
                raise RuntimeError("the executor was stopped")
            if self._thread is None:
                self._nursery.warm(params, self._expected / self.slots)
                self._thread = threading.Thread(target=self._manage, name="backtrader.opt", daemon=True)
                self._thread.start()
            if self._broken:
                run.future.set_result(run.without_outcome(LOST, self._broken))
                return run.future
            self._queue.append(run)
            self._hand_out()
        return run.future

    def expect(self, runs: int) -> None:
        """So many runs will be made by all workers together."""
        self._expected = runs

    def stop(self, now: bool = False) -> None:
        """End the workers: when they are done with all that was submitted, or now."""
        with self._lock:
            self._closing = True
            if now:
                self._drop_queue("stopped before it began")
                for worker in self._workers:
                    if worker.run is not None:
                        self._finish(worker, LOST, "stopped")
                        worker.end()
            self._ring()
        self._tell()
        if self._thread is not None and self._thread is not threading.current_thread():
            self._thread.join()
        elif self._thread is None:
            self._nursery.close()

    def pids(self) -> list[int]:
        """The worker processes that are there now."""
        with self._lock:
            return [worker.pid for worker in self._workers]

    # -- the thread that looks after the workers ---------------------------------------------------
    def _manage(self) -> None:
        try:
            if not self._nursery.is_warm(_PATIENCE, self._bell):
                self._nursery.close()  # what it was to prepare for does not come to an end
                self._nursery = self._new_nursery()
            while True:
                with self._lock:
                    if self._is_done():
                        return
                    self._fill_up()
                    waiting = [self._bell, *(worker.connection for worker in self._workers)]
                    self._wakes_at = min((worker.deadline for worker in self._workers), default=_NEVER)
                self._tell()
                left = None if self._wakes_at == _NEVER else max(0.0, self._wakes_at - time.perf_counter())
                ready = wait(waiting, left)
                with self._lock:
                    self._attend(ready)
                self._tell()
        finally:
            self._end()

    def _is_done(self) -> bool:
        return self._closing and not self._queue and all(worker.run is None for worker in self._workers)

    def _fill_up(self) -> None:
        while len(self._workers) < self.slots and not self._broken:
            try:
                self._workers.append(self._nursery.worker())
            except OSError as error:
                self._count_stillborn(str(error))
                if not self._broken:
                    self._nursery.close()
                    self._nursery = self._new_nursery()

    def _attend(self, ready: list[Any]) -> None:
        if self._bell in ready:
            self._bell.recv_bytes()
            self._rung = False
        for worker in [worker for worker in self._workers if worker.connection in ready]:
            try:
                self._hear(worker, worker.connection.recv())
            except (EOFError, OSError):
                self._lose(worker)
        now = time.perf_counter()
        for worker in self._workers:
            if worker.deadline <= now:
                self._finish(worker, TIMEOUT, f"stopped: it took longer than {self._timeout:g} s")
                worker.end()
        self._hand_out()

    def _hear(self, worker: Worker, word: Any) -> None:
        if word == READY:
            worker.ready, self._stillborn = True, 0
        elif isinstance(word, Outcome):
            if worker.run is not None:
                self._over.append((worker.run, word))
            worker.run, worker.deadline = None, _NEVER
            if self._limits.broken_by(word):
                worker.leaving = True
        else:
            self._count_stillborn(str(word), _STILLBORN)

    def _hand_out(self) -> None:
        """Give runs that wait to workers that are free."""
        for worker in self._workers:
            if worker.run is not None or not worker.ready or worker.leaving:
                continue
            run = self._next_run()
            if run is None:
                return
            run.began = time.perf_counter()
            worker.run = run
            if self._timeout is not None:
                worker.deadline = run.began + self._timeout
                if worker.deadline < self._wakes_at:
                    self._ring()
            # if it is dead its connection tells so next
            with contextlib.suppress(OSError):
                worker.connection.send_bytes(run.task)

    def _next_run(self) -> _Run | None:
        while self._queue:
            run = self._queue.popleft()
            if run.future.set_running_or_notify_cancel():
                return run
        return None

    def _finish(self, worker: Worker, state: str, error: str) -> None:
        """The run of a worker has ended without an outcome, and so will the worker."""
        self._over.append((worker.run, worker.run.without_outcome(state, error)))
        worker.run, worker.deadline, worker.leaving = None, _NEVER, True

    def _lose(self, worker: Worker) -> None:
        self._workers.remove(worker)
        worker.connection.close()
        fate = f"the worker died {worker.fate()}"
        if worker.run is not None:
            self._finish(worker, LOST, fate)
        elif not (worker.ready or worker.leaving):
            self._count_stillborn(fate)

    def _count_stillborn(self, reason: str, by: int = 1) -> None:
        self._stillborn += by
        if self._stillborn >= _STILLBORN:
            self._broken = f"no worker can be started: {reason}"
            self._drop_queue(self._broken)

    def _drop_queue(self, reason: str) -> None:
        while self._queue:
            run = self._queue.popleft()
            if run.future.set_running_or_notify_cancel():
                self._over.append((run, run.without_outcome(LOST, reason)))

    def _tell(self) -> None:
        """Set results, without the lock: what waits for them may have locks of its own."""
        with self._lock:
            over, self._over = self._over, []
        for run, outcome in over:
            run.future.set_result(outcome)

    def _ring(self) -> None:
        if not self._rung:
            self._rung = True
            self._ringer.send_bytes(b"")

    def _end(self) -> None:
        with self._lock:
            self._closing = True
            self._drop_queue("the pool has ended")
            for worker in self._workers:
                if worker.run is not None:
                    self._finish(worker, LOST, "the pool has ended")
                worker.connection.close()
            self._workers.clear()
            self._nursery.close()
        self._tell()
