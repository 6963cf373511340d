"""Where workers come from: by forking a process that has everything loaded, or by starting afresh.

Forking from the driver would be simpler, but a driver has threads (the pool's, a progress bar's, a
database's) whose locks a child forked in the wrong moment inherits locked.  So the driver forks one
process early, which does nothing but fork workers when asked, and share its memory with them.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import multiprocessing
import os
import pickle
import signal
import sys
import time
import traceback
from collections.abc import Callable
from multiprocessing import reduction
from multiprocessing.connection import Connection, Pipe, wait
from typing import Any

from ..lines.kernels.threshold import policy
from .heap import libc, return_large_blocks, trim
from .worker import Limits, serve_runs

__all__ = ["Forked", "Started", "Worker", "told"]

_PR_SET_PDEATHSIG = 1
_MOMENT = 2.0
_PATIENCE = 60.0
_BORN, _DIED, _WARM = "born", "died", "warm"


class Worker:
    """A worker process as its driver sees it."""

    def __init__(
        self, connection: Any, pid: int, end: Callable[[], None], fate: Callable[[int], str]
    ) -> None:
        self.connection = connection
        self.pid = pid
        self.end = end
        self._fate = fate
        self.ready = False
        self.leaving = False
        self.run: Any = None
        self.deadline = float("inf")

    def fate(self) -> str:
        """How it died."""
        return self._fate(self.pid)


class Started:
    """Workers started from nothing, who are sent the job: where there is no forking."""

    def __init__(self, job: Any, limits: Limits, method: str | None = None) -> None:
        self._context: Any = multiprocessing.get_context(method)
        self._limits = limits
        self._job = _pickled(job)
        self._processes: dict[int, Any] = {}

    def warm(self, params: Any, repeats: float) -> None:
        """Nothing to warm: each begins cold."""

    def is_warm(self, seconds: float, *others: Any) -> bool:
        """Whether workers can be had, or one of ``others`` has something to read."""
        return True

    def worker(self) -> Worker:
        """One more."""
        ours, theirs = Pipe()
        process = self._context.Process(
            target=_begin, args=(theirs, self._job, self._limits), name="backtrader.opt worker", daemon=True
        )
        process.start()
        theirs.close()
        self._processes[process.pid] = process
        return Worker(ours, process.pid, process.kill, self._fate)

    def _fate(self, pid: int) -> str:
        process = self._processes.pop(pid)
        process.join(_MOMENT)
        return told(process.exitcode)

    def close(self) -> None:
        """No more are wanted; those that are there end as their connections close."""
        for process in self._processes.values():
            process.join(_MOMENT)


def _pickled(job: Any) -> bytes:
    """The job for another process; by cloudpickle where there is one, which can do more."""
    try:
        pickler: Any = importlib.import_module("cloudpickle")
    except ImportError:
        pickler = pickle
    found: bytes = pickler.dumps(job)
    return found


def _begin(connection: Any, job: bytes, limits: Limits) -> None:
    try:
        made = pickle.loads(job)
        made.prepare()
    except Exception:
        connection.send(traceback.format_exc())
        return
    serve_runs(connection, made, limits)


class Forked:
    """Workers forked from a process that was forked early and has the job loaded and warm."""

    def __init__(self, job: Any, limits: Limits) -> None:
        self._connection, theirs = Pipe()
        self._fates: dict[int, int] = {}
        self._warming = False
        _flush()
        self._pid = os.fork()
        if not self._pid:
            try:
                self._connection.close()
                _Nursery(theirs, job, limits).live()
            finally:
                os._exit(0)
        theirs.close()

    def warm(self, params: Any, repeats: float) -> None:
        """Let it import and compile what so many runs with such parameters need."""
        self._connection.send((_WARM, (params, repeats)))
        self._warming = True

    def is_warm(self, seconds: float, *others: Any) -> bool:
        """Whether workers can be had within that time; also if one of ``others`` has something to read."""
        if self._warming and not wait([self._connection, *others], seconds):
            return False
        if self._warming and self._connection.poll():
            with contextlib.suppress(EOFError, OSError):
                self._connection.recv()
            self._warming = False
        return True

    def worker(self) -> Worker:
        """One more; `OSError` if the nursery itself has died."""
        ours, theirs = Pipe()
        try:
            self._connection.send((_BORN, None))
            reduction.send_handle(self._connection, theirs.fileno(), self._pid)
            pid = self._answer()
        except (OSError, EOFError) as error:
            ours.close()
            raise OSError(f"the process that workers are forked from has died: {error!r}") from None
        finally:
            theirs.close()
        return Worker(ours, pid, lambda: self._kill(pid), self._fate)

    def _answer(self) -> int:
        while self._connection.poll(_PATIENCE):
            word, pid, status = self._connection.recv()
            if word == _BORN:
                return int(pid)
            if word == _DIED:
                self._fates[pid] = status
        raise OSError(f"no answer for {_PATIENCE:g} seconds")

    def _kill(self, pid: int) -> None:
        with contextlib.suppress(OSError):
            self._connection.send((_DIED, pid))

    def _fate(self, pid: int) -> str:
        with contextlib.suppress(OSError, EOFError):
            while pid not in self._fates and self._connection.poll(_MOMENT):
                _, other, status = self._connection.recv()
                self._fates[other] = status
        known = self._fates.pop(pid, None)
        return told(None if known is None else os.waitstatus_to_exitcode(known))

    def close(self) -> None:
        """No more are wanted; those that are there are ended."""
        self._connection.close()
        until = time.monotonic() + (0.0 if self._warming else _MOMENT)
        with contextlib.suppress(OSError):
            while not os.waitpid(self._pid, os.WNOHANG)[0]:
                if time.monotonic() > until:
                    os.kill(self._pid, signal.SIGKILL)
                    os.waitpid(self._pid, 0)
                    return
                time.sleep(0.001)


class _Nursery:
    """The life of the process that forks workers."""

    def __init__(self, connection: Connection, job: Any, limits: Limits) -> None:
        self._connection, self._job, self._limits = connection, job, limits
        self._children: set[int] = set()

    def live(self) -> None:
        """Do what the driver asks for until it is gone."""
        signal.set_wakeup_fd(-1)  # it may be an event loop's of the driver
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        with open(os.devnull) as nothing:
            os.dup2(nothing.fileno(), 0)
        self._dies_with_parent = _dying_with_parent()
        return_large_blocks()
        gc.freeze()  # the collector would otherwise touch, and so copy, all that is shared
        asleep, awake = os.pipe()
        os.set_blocking(awake, False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(awake)
        try:
            while True:
                if asleep in wait([self._connection, asleep]):
                    os.read(asleep, 4096)
                    self._bury()
                elif not self._obey(asleep, awake):
                    return
        finally:
            for pid in self._children:
                os.kill(pid, signal.SIGKILL)

    def _warm_up(self, params: Any) -> None:
        """Let the job import and compile what runs need, unheard: errors come again where they belong."""
        with open(os.devnull, "w") as nothing, contextlib.suppress(Exception, SystemExit):
            _flush()
            kept = os.dup(1), os.dup(2)
            os.dup2(nothing.fileno(), 1)
            os.dup2(nothing.fileno(), 2)
            try:
                self._job.warm_up(params)
            finally:
                _flush()
                for number, fd in enumerate(kept, 1):
                    os.dup2(fd, number)
                    os.close(fd)

    def _obey(self, *private: int) -> bool:
        try:
            word, what = self._connection.recv()
        except (EOFError, OSError):
            return False
        if word == _BORN:
            self._fork(reduction.recv_handle(self._connection), private)
        elif word == _WARM:
            params, policy.repeats = what
            self._warm_up(params)
            gc.freeze()
            trim()
            self._connection.send((_WARM, 0, 0))
        elif what in self._children:
            os.kill(what, signal.SIGKILL)
        return True

    def _fork(self, handle: int, private: tuple[int, ...]) -> None:
        _flush()
        pid = os.fork()
        if pid:
            os.close(handle)
            self._children.add(pid)
            self._connection.send((_BORN, pid, 0))
            return
        try:
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            for fd in private:
                os.close(fd)
            self._connection.close()
            self._dies_with_parent()
            serve_runs(Connection(handle), self._job, self._limits)
        finally:
            _flush()
            os._exit(0)

    def _bury(self) -> None:
        with contextlib.suppress(ChildProcessError):
            while True:
                pid, status = os.waitpid(-1, os.WNOHANG)
                if not pid:
                    return
                self._children.discard(pid)
                with contextlib.suppress(OSError):
                    self._connection.send((_DIED, pid, status))


def _dying_with_parent() -> Callable[[], None]:
    """What makes a child die when its parent does, even if that was killed and it is in an endless loop."""
    if not sys.platform.startswith("linux"):
        return lambda: None
    parent, call = os.getpid(), libc().prctl

    def bind() -> None:
        call(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:
            os._exit(1)

    return bind


def told(code: int | None) -> str:
    """An exit code in words."""
    if code is None:
        return "for an unknown reason"
    if code >= 0:
        return f"with exit code {code}"
    known = {int(each): each.name for each in signal.Signals}
    name = known.get(-code, f"signal {-code}")
    why = {"SIGKILL": "killed by somebody, or for want of memory", "SIGSEGV": "a crash in compiled code"}
    return f"by {name}" + (f" ({why[name]})" if name in why else "")


def _flush() -> None:
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:
            with contextlib.suppress(OSError, ValueError):
                stream.flush()
