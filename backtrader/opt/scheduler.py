"""A queue of tasks with priorities, and a pool of processes that grows and shrinks with it."""

from __future__ import annotations

import heapq
import itertools
import multiprocessing
import threading
import time
from collections.abc import Callable
from concurrent.futures import CancelledError, Future
from concurrent.futures import TimeoutError as FutureTimeout
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from ..errors import BacktraderError
from ..utils.optional import require
from .cores import available_cores
from .entry import COMPLETE, Outcome
from .job import Job

__all__ = ["SchedulerError", "Task", "TaskScheduler", "TaskStatus"]

_IDLE = 2.0  # seconds after which a worker that has nothing to do is ended


class SchedulerError(BacktraderError):
    """A task that does not exist, failed, or a scheduler that does not know what to run."""


class TaskStatus(Enum):
    """Where a task is."""

    PENDING = "pending"
    RUNNING = "running"
    COMPLETED = "completed"
    FAILED = "failed"


@dataclass
class Task:
    """One thing to do: a function called with ``params``."""

    id: int
    params: Any
    priority: int = 0
    status: TaskStatus = TaskStatus.PENDING
    result: Any = None
    error: str = ""
    """Why it failed in the end."""
    reasons: list[str] = field(default_factory=list)
    """What each attempt that did not succeed ended with."""
    function: Callable[[Any], Any] | None = None
    ended: threading.Event = field(default_factory=threading.Event, repr=False)

    @property
    def attempts(self) -> int:
        """How often it was tried without success."""
        return len(self.reasons)


class TaskScheduler:
    """Runs tasks in up to ``n_workers`` processes, those of high priority first.

    A task that raises, takes longer than ``timeout`` seconds (it is stopped), or whose process dies, is
    tried again up to ``max_retries`` times.  ``function(params)`` is what to run: a function or a `Job`;
    a task may have one of its own.  Processes are started as tasks wait, and ended when there are none.
    """

    def __init__(
        self,
        n_workers: int | None = None,
        max_retries: int = 2,
        timeout: float | None = 300,
        function: Any = None,
        idle: float = _IDLE,
    ) -> None:
        if n_workers is not None and n_workers < 1:
            raise SchedulerError(f"n_workers is 1 or more, not {n_workers!r}")
        self.n_workers = n_workers or available_cores()
        self.max_retries, self.timeout, self.function, self.idle = max_retries, timeout, function, idle
        self.tasks: dict[int, Task] = {}
        self._ids = itertools.count(1)
        self._order = itertools.count()
        self._queue: list[tuple[int, int, Task]] = []
        self._workers: list[_Worker] = []
        self._changed = threading.Condition(threading.RLock())
        self._thread: threading.Thread | None = None
        self._stopping = False

    # -- tasks -----------------------------------------------------------------------------------------
    def add_task(self, params: Any, priority: int = 0, function: Callable[[Any], Any] | None = None) -> int:
        """Put a task into the queue; its number.  Higher priorities go first, equal ones in turn."""
        with self._changed:
            task = Task(next(self._ids), params, priority, function=function)
            self.tasks[task.id] = task
            self._enqueue(task)
            return task.id

    def _enqueue(self, task: Task) -> None:
        task.status = TaskStatus.PENDING
        heapq.heappush(self._queue, (-task.priority, next(self._order), task))
        self._changed.notify_all()

    def _task(self, task_id: int) -> Task:
        try:
            return self.tasks[task_id]
        except KeyError:
            raise SchedulerError(f"there is no task {task_id!r}; there are {len(self.tasks)}") from None

    def get_task_status(self, task_id: int) -> TaskStatus:
        """Where a task is."""
        return self._task(task_id).status

    def get_result(self, task_id: int, timeout: float | None = None) -> Any:
        """The result, waiting for it up to ``timeout`` seconds (TimeoutError then).

        `SchedulerError` with what each attempt ended with, if the task failed.
        """
        task = self._task(task_id)
        if not task.ended.wait(timeout):
            raise TimeoutError(f"task {task_id} is still {task.status.value} after {timeout:g} seconds")
        if task.status is TaskStatus.FAILED:
            raise SchedulerError(
                f"task {task_id} failed {task.attempts} times: " + "; ".join(task.reasons) + f"\n{task.error}"
            )
        return task.result

    def get_progress(self) -> dict[str, int]:
        """How many tasks there are: total, completed, failed, running, pending."""
        with self._changed:
            states = [task.status for task in self.tasks.values()]
        counts = {status.value: states.count(status) for status in TaskStatus}
        return {"total": len(states), **{name: counts[name] for name in _NAMES}}

    @property
    def workers(self) -> int:
        """How many processes there are now."""
        return len(self._workers)

    # -- running ---------------------------------------------------------------------------------------
    def start(self, function: Any = None) -> None:
        """Begin to run tasks, those there are and those to come."""
        require("pebble", "opt", "TaskScheduler")
        self.function = function or self.function
        with self._changed:
            if self.function is None and any(task.function is None for _, _, task in self._queue):
                raise SchedulerError(
                    "nothing to run: give TaskScheduler(function=…), start(…) or the tasks one"
                )
            if self._thread is None:
                self._stopping = False
                self._thread = threading.Thread(target=self._serve, name="task-scheduler", daemon=True)
                self._thread.start()

    def stop(self, wait: bool = False) -> None:
        """End all processes; what was running is pending again.  ``wait`` lets the queue run dry first."""
        if wait and self._thread is not None:
            for task in list(self.tasks.values()):
                task.ended.wait()
        with self._changed:
            self._stopping = True
            self._changed.notify_all()
        if self._thread is not None:
            self._thread.join()
            self._thread = None

    def __enter__(self) -> TaskScheduler:
        self.start()
        return self

    def __exit__(self, kind: Any, *_rest: Any) -> None:
        self.stop(wait=kind is None)

    def _serve(self) -> None:
        with self._changed:
            while not self._stopping:
                self._hand_out()
                self._shrink()
                self._changed.wait(0.1 if self._workers else None)
            workers, self._workers = self._workers, []
            for worker in workers:
                if worker.task is not None:
                    task, worker.task = worker.task, None
                    self._enqueue(task)
        for worker in workers:
            worker.end()

    def _hand_out(self) -> None:
        while self._queue:
            function = self._queue[0][2].function or self.function
            worker = self._free_worker(function)
            if worker is None:
                return
            _, _, task = heapq.heappop(self._queue)
            task.status = TaskStatus.RUNNING
            worker.run(task, function, self.timeout, self._done)

    def _free_worker(self, function: Any) -> _Worker | None:
        """One that has nothing to do and knows the function; a new one if there may be more."""
        free = [each for each in self._workers if each.task is None]
        fit = next((each for each in free if each.knows(function)), None)
        if fit is not None:
            return fit
        if len(self._workers) >= self.n_workers:
            if not free:
                return None
            self._workers.remove(free[0])
            free[0].end()
        self._workers.append(_Worker())
        return self._workers[-1]

    def _shrink(self) -> None:
        now = time.monotonic()
        for worker in list(self._workers):
            if worker.task is None and now - worker.since > self.idle:
                self._workers.remove(worker)
                worker.end()

    def _done(self, worker: _Worker, task: Task, future: Future[Any]) -> None:
        """A worker is through with a task, one way or the other; called from the worker's own thread."""
        reason, text, result = _came_of(future, self.timeout)
        with self._changed:
            if worker.task is not task:
                return  # stopped meanwhile: the task is in the queue again
            worker.task, worker.since = None, time.monotonic()
            if reason is None:
                task.status, task.result = TaskStatus.COMPLETED, result
                task.ended.set()
            else:
                task.reasons.append(reason)
                task.error = text
                if task.attempts <= self.max_retries:
                    self._enqueue(task)
                else:
                    task.status = TaskStatus.FAILED
                    task.ended.set()
            self._changed.notify_all()


_NAMES = ("completed", "failed", "running", "pending")


#: Functions by their identity: a forked process has those of its birth, lambdas and local ones as well.
_functions: dict[int, Any] = {}


class _Worker:
    """A pool of one process: so each can be ended alone."""

    def __init__(self) -> None:
        from pebble import ProcessPool

        self._forks = "fork" in multiprocessing.get_all_start_methods()
        self._pool = ProcessPool(1, context=multiprocessing.get_context("fork" if self._forks else None))
        self._known: set[int] | None = None  # until the first task there is no process
        self.task: Task | None = None
        self.since = time.monotonic()

    def knows(self, function: Any) -> bool:
        """Whether its process can run the function."""
        return not self._forks or self._known is None or id(function) in self._known

    def run(self, task: Task, function: Any, timeout: float | None, done: Any) -> None:
        """Begin with a task; ``done`` is called when it is over."""
        self.task = task
        if self._known is None:
            _functions[id(function)] = function
            self._known = set(_functions)
        given = id(function) if self._forks else function
        future = self._pool.schedule(_call, args=(given, task.params), timeout=timeout)
        future.add_done_callback(lambda future: done(self, task, future))

    def end(self) -> None:
        """End the process."""
        self._pool.stop()  # type: ignore[no-untyped-call]
        self._pool.join()


def _call(function: Any, params: Any) -> Any:
    function = _functions[function] if isinstance(function, int) else function
    return function.run(params) if isinstance(function, Job) else function(params)


def _came_of(future: Future[Any], timeout: float | None) -> tuple[str | None, str, Any]:
    """(why it did not succeed, or None; the traceback; the result)."""
    try:
        result = future.result()
    except FutureTimeout:
        return f"stopped after {timeout:g} seconds", "", None
    except CancelledError:
        return "cancelled", "", None
    except Exception as error:  # whatever the task raised, or the death of its process
        return f"{type(error).__name__}: {error}", str(getattr(error, "traceback", "")), None
    if isinstance(result, Outcome) and result.state != COMPLETE:
        return result.state, result.error, None
    return None, "", result
