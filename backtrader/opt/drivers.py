"""Starting a process that goes on with a study."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .store import Store, StudyRecord

__all__ = ["Drivers", "resume_command"]

_TOLD = 1500  # characters of what a process said before it failed


def resume_command(record: StudyRecord, store: Store) -> list[str] | None:
    """What goes on with a study that was begun on the command line; None for any other, or in memory."""
    if not record.settings.get("command") or store.database.in_memory:
        return None
    url = store.database.url
    where = str(Path(str(url.database)).resolve()) if store.database.is_sqlite else _without_password(url)
    return [sys.executable, "-m", "backtrader.opt", "resume", record.name, "--storage", where]


def _without_password(url: Any) -> str:
    """A password is not for the list of processes: it goes by the environment."""
    return str(url.set(password=None).render_as_string(hide_password=False))


@dataclass
class _Started:
    process: subprocess.Popen[bytes]
    said: Any


class Drivers:
    """The processes a server has started; they outlive it."""

    def __init__(
        self, store: Store, command: Callable[[StudyRecord, Store], list[str] | None] | None = None
    ) -> None:
        self._store, self._command = store, command or resume_command
        self._started: dict[str, _Started] = {}

    def can_resume(self, record: StudyRecord) -> bool:
        """Whether it is known how to go on with a study."""
        return self._command(record, self._store) is not None

    def start(self, record: StudyRecord) -> str:
        """Start one; nothing, or why that is not possible."""
        if record.drivers or self.is_starting(record.name):
            return "there is somebody at work on it already"
        command = self._command(record, self._store)
        if command is None:
            return "the study does not say how it was begun"
        self._store.ask_to_stop(record.name, "")
        said = tempfile.TemporaryFile()  # noqa: SIM115  as long as the process
        environment = dict(os.environ)
        password = self._store.database.url.password
        if password:
            environment["PGPASSWORD"] = str(password)
        alone: dict[str, Any] = {"start_new_session": True} if os.name != "nt" else {}
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=said, stderr=subprocess.STDOUT, env=environment, **alone
        )
        self._started[record.name] = _Started(process, said)
        return ""

    def is_starting(self, name: str) -> bool:
        """Whether a process we started for a study is there."""
        started = self._started.get(name)
        return started is not None and started.process.poll() is None

    def complaint(self, name: str) -> str:
        """What the process we started last for a study said before it failed; nothing if it did not."""
        started = self._started.get(name)
        if started is None or started.process.poll() in (None, 0):
            return ""
        started.said.seek(0)
        text: str = started.said.read().decode("utf-8", "replace").strip()
        return text[-_TOLD:] or f"the process ended with status {started.process.returncode}"

    def left(self) -> list[tuple[str, int]]:
        """(study, process) of those that go on when the server ends."""
        return [(name, each.process.pid) for name, each in self._started.items() if self.is_starting(name)]
