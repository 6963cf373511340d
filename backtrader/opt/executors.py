"""Where the runs of a search happen: here, in worker processes on this machine, or on a cluster."""

from __future__ import annotations

import math
import os
from collections.abc import Collection, Mapping
from concurrent.futures import Future
from typing import Any, Protocol

from ..errors import BacktraderError
from .cores import available_cores
from .entry import Outcome
from .pool import Processes
from .serial import Serial
from .sizes import bytes_of
from .worker import Limits

__all__ = ["Executor", "ExecutorError", "Serial", "make_executor"]


class ExecutorError(BacktraderError, ValueError):
    """A number of processes or a limit that makes no sense here."""


class Executor(Protocol):
    """Makes runs; whatever happens to one, its future has an `Outcome`."""

    @property
    def slots(self) -> int:
        """How many runs it makes at a time."""
        ...

    @property
    def ahead(self) -> int:
        """How many runs should be submitted at a time to keep it busy."""
        ...

    def expect(self, runs: int) -> None:
        """About so many runs will come: with many it pays to compile at once what they compute."""
        ...

    def submit(self, params: Mapping[str, Any], thresholds: Any = None) -> Future[Outcome]:
        """Make a run as soon as there is room."""
        ...

    def stop(self, now: bool = False) -> None:
        """End, after all that was submitted, or at once: what was not finished is then lost."""
        ...


def make_executor(
    job: Any,
    n_jobs: int = 1,
    timeout: float | None = None,
    memory_limit: Any = None,
    cluster: str | None = None,
    cpus: Collection[int] | None = None,
) -> Executor:
    """What makes the runs of ``job``: this process, ``n_jobs`` worker processes, or a Dask cluster.

    ``n_jobs=-1`` is one a core this process may use.  ``timeout`` (seconds a run) and ``memory_limit``
    (``"2GB"``, or a number of megabytes, for each worker beyond the data that all share) need a process
    that can be ended, so with one of them even a single run at a time is made in another process.
    ``cpus`` binds the workers to these cores.
    """
    if timeout is not None and not (timeout > 0 and math.isfinite(timeout)):
        raise ExecutorError(f"timeout is a number of seconds above 0, not {timeout!r}")
    limits = Limits(_memory(memory_limit), _cores(cpus))
    if cluster is not None:
        from .cluster import Cluster

        return Cluster(job, cluster, timeout=timeout, limits=limits)
    slots = _slots(n_jobs, limits)
    if slots == 1 and timeout is None and limits == Limits():
        return Serial(job)
    return Processes(job, slots, timeout, limits)


def _slots(n_jobs: int, limits: Limits) -> int:
    if n_jobs == -1:
        cores = available_cores()
        return cores if limits.cpus is None else min(cores, len(limits.cpus))
    if not isinstance(n_jobs, int) or n_jobs < 1:
        raise ExecutorError(
            f"n_jobs is a number of processes from 1 on, or -1 for one a core, not {n_jobs!r}"
        )
    return n_jobs


def _cores(cpus: Collection[int] | None) -> tuple[int, ...] | None:
    if cpus is None:
        return None
    if not hasattr(os, "sched_setaffinity"):
        raise ExecutorError("this system cannot bind processes to cores: leave out cpus")
    unknown = sorted(set(cpus) - os.sched_getaffinity(0))
    if unknown or not cpus:
        allowed = ", ".join(map(str, sorted(os.sched_getaffinity(0))))
        raise ExecutorError(f"cpus={sorted(cpus)!r}: this process may use {allowed}")
    return tuple(sorted(cpus))


def _memory(limit: Any) -> int | None:
    if limit is None:
        return None
    try:
        found = bytes_of(limit)
    except ValueError:
        found = 0
    if not found:
        raise ExecutorError(f"memory_limit is a size like '2GB', or a number of megabytes, not {limit!r}")
    if not os.path.exists("/proc/self/statm"):
        raise ExecutorError("memory_limit works on Linux only: leave it out")
    return found
