"""Showing how a search goes: a bar in a terminal, a line now and then elsewhere."""

from __future__ import annotations

import sys
import time
from collections.abc import Mapping
from typing import Any

from ..utils.optional import require

__all__ = ["Bar", "Lines", "Silent", "describe", "progress_of"]

_EVERY = 10.0  # seconds between two lines where there is no terminal


class Silent:
    """Shows nothing."""

    def update(self, progress: Mapping[str, Any]) -> None:
        """How it stands now."""

    def close(self, progress: Mapping[str, Any], stopped: str) -> None:
        """The end, and why if it came early."""


class Lines(Silent):
    """A line now and then, for logs."""

    def __init__(self, file: Any = None, every: float = _EVERY) -> None:
        self._file = file or sys.stderr
        self._every = every
        self._told = time.monotonic()

    def update(self, progress: Mapping[str, Any]) -> None:
        """A line, if the last one was a while ago."""
        if time.monotonic() - self._told >= self._every:
            self._told = time.monotonic()
            print(describe(progress), file=self._file, flush=True)

    def close(self, progress: Mapping[str, Any], stopped: str) -> None:
        """The last line."""
        print(describe(progress, stopped, ended=True), file=self._file, flush=True)


class Bar(Silent):
    """A bar with rate, time left, failures, and the best so far with its parameters."""

    def __init__(self, console: Any = None) -> None:
        require("rich", "opt", "the progress bar")
        from rich.console import Console
        from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn

        self._console = console or Console(stderr=True)
        self._progress = Progress(
            SpinnerColumn(), TextColumn("{task.fields[stage]}{task.completed:,.0f}{task.fields[of]}"),
            BarColumn(bar_width=24), TextColumn("{task.fields[speed]}"),
            TextColumn("{task.fields[best]}", style="bold"), TextColumn("{task.fields[failed]}", style="red"),
            console=self._console, refresh_per_second=8, redirect_stdout=False, redirect_stderr=False,
        )  # fmt: skip
        self._task = self._progress.add_task(
            "", total=None, stage="", of=" runs", speed="", best="", failed=""
        )
        self._progress.start()

    def update(self, progress: Mapping[str, Any]) -> None:
        """Move the bar."""
        total = progress["total"]
        self._progress.update(
            self._task, completed=progress["done"], total=total,
            stage=f"{progress['stage']}: " if progress["stage"] else "",
            of=f"/{total:,}" if total else " runs", speed=_speed(progress), best=_best(progress),
            failed=f"{progress['failed']} failed" if progress["failed"] else "",
        )  # fmt: skip

    def close(self, progress: Mapping[str, Any], stopped: str) -> None:
        """Leave the bar as it ended, and the outcome below it."""
        self.update(progress)
        self._progress.stop()
        self._console.print(describe(progress, stopped, ended=True), highlight=False, markup=False)


def describe(progress: Mapping[str, Any], stopped: str = "", ended: bool = False) -> str:
    """How it stands, in a line."""
    total = f" of {progress['total']:,}" if progress["total"] else ""
    parts = [f"{progress['done']:,}{total} runs"]
    parts += [f"{progress[name]:,} {name}" for name in ("pruned", "failed") if progress[name]]
    parts.append(f"in {_time(progress['elapsed'])}" if ended else _speed(progress))
    if stopped:
        parts.append(f"stopped: {stopped}")
    best = _best(progress)
    return ", ".join(part for part in parts if part) + (f"; {best}" if best else "")


def _speed(progress: Mapping[str, Any]) -> str:
    rate, eta = progress["rate"], progress["eta"]
    if not rate:
        return ""
    speed = f"{rate:,.1f} runs/s" if rate >= 0.1 else f"{1 / rate:,.0f} s a run"
    return speed if eta is None else f"{speed}, {_time(eta)} left"


def _best(progress: Mapping[str, Any]) -> str:
    if progress["best_score"] is None:
        return ""
    params = ", ".join(f"{name}={_short(value)}" for name, value in progress["best_params"].items())
    return f"best {progress['metric']} {progress['best_score']:.6g} ({params})"


def _short(value: Any) -> str:
    return f"{value:.6g}" if isinstance(value, float) else str(getattr(value, "__name__", value))


def _time(seconds: float) -> str:
    whole = round(seconds)
    if whole < 60:
        return f"{seconds:.1f} s" if seconds < 10 else f"{whole} s"
    minutes, rest = divmod(whole, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes:02d} min" if hours else f"{minutes} min {rest:02d} s"


def progress_of(given: Any) -> Any:
    """What shows progress: a bar or lines for True, nothing for False, or the object given."""
    if given is None or given is False:
        return Silent()
    if given is not True:
        return given
    return Bar() if sys.stderr.isatty() else Lines()
