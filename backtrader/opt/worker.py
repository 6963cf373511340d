"""A worker process: takes parameters from a pipe, runs, sends outcomes back."""

from __future__ import annotations

import contextlib
import gc
import os
import pickle
import signal
import sys
from dataclasses import dataclass
from typing import Any

from .entry import FAILED, Outcome
from .heap import trim

__all__ = ["READY", "Limits", "serve_runs"]

#: The first word of a worker, before any outcome.
READY = "ready"

_MB = 2**20
# what a run makes is taken apart after it, so the collector need not look often
_YOUNG_OBJECTS = 100_000
# giving memory back takes a millisecond, which a run of so many seconds has
_LONG = 0.1


@dataclass(frozen=True)
class Limits:
    """What a worker may take: ``memory`` in bytes beyond what it starts with, ``cpus`` to run on."""

    memory: float | None = None
    cpus: tuple[int, ...] | None = None

    def set(self) -> None:
        """Bind this process to them."""
        if self.cpus is not None:
            os.sched_setaffinity(0, self.cpus)
        if self.memory is not None:
            self._set_memory(_address_space() + int(self.memory))

    def _set_memory(self, most: int) -> None:
        import resource

        hard = resource.getrlimit(resource.RLIMIT_AS)[1]
        resource.setrlimit(resource.RLIMIT_AS, (most, hard))

    def lift(self) -> None:
        """Let there be memory to say that there was none."""
        import resource

        self._set_memory(resource.getrlimit(resource.RLIMIT_AS)[1])

    def broken_by(self, outcome: Outcome) -> bool:
        """Whether a run has shown that memory is short; its worker ends after it."""
        return self.memory is not None and outcome.error.startswith(self.exceeded())

    def exceeded(self) -> str:
        """What is said of a run that wanted more memory."""
        assert self.memory is not None
        return f"the run needed more than the memory limit of {self.memory / _MB:.0f} MB a worker"


def _address_space() -> int:
    with open("/proc/self/statm") as file:
        return int(file.read().split()[0]) * os.sysconf("SC_PAGE_SIZE")


def serve_runs(connection: Any, job: Any, limits: Limits) -> None:
    """Run what comes in until the other end closes or a run has shown that memory is short."""
    _quiet_signals()
    gc.set_threshold(_YOUNG_OBJECTS, 20, 20)
    limits.set()
    with contextlib.suppress(OSError):  # the other end has gone: nobody waits for more
        connection.send(READY)
        while True:
            try:
                task = connection.recv_bytes()
            except EOFError:
                return
            outcome = _one_run(job, task, limits)
            _flush()
            connection.send_bytes(_packed(outcome))
            if outcome.seconds > _LONG:
                gc.collect()  # little is left to look at; and it empties free lists, which hold on to memory
                trim()
            if limits.broken_by(outcome):
                return  # what is left of the memory is in pieces: a fresh worker does better


def _one_run(job: Any, task: bytes, limits: Limits) -> Outcome:
    try:
        params, thresholds = pickle.loads(task)
        outcome: Outcome = job.run(params, thresholds)
    except MemoryError:
        outcome = Outcome(FAILED, error="MemoryError")
    except Exception as error:  # parameters that this process cannot make sense of
        return Outcome(FAILED, error=f"the worker cannot read the parameters: {error!r}")
    if limits.memory is not None and outcome.state == FAILED and "MemoryError" in outcome.error:
        limits.lift()
        outcome.error = f"{limits.exceeded()}\n{outcome.error}"
    return outcome


def _packed(outcome: Outcome) -> bytes:
    """The outcome as bytes; one with something in it that cannot be sent has failed."""
    try:
        return pickle.dumps(outcome)
    except Exception as error:  # whatever objects of users raise
        text = f"what the run gave cannot be sent to the process that asked for it: {error!r}"
        return pickle.dumps(Outcome(FAILED, error=text, seconds=outcome.seconds))


def _quiet_signals() -> None:
    """Ctrl-C in the terminal reaches every process; it is for the driver to say what follows."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)


def _flush() -> None:
    """Bring out what strategies printed: a worker may be killed any time."""
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:
            with contextlib.suppress(OSError, ValueError):
                stream.flush()
