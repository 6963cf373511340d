"""Runs in the process that asks for them."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import Future
from typing import Any

from ..lines.kernels.threshold import policy
from .entry import Outcome

__all__ = ["Serial"]


class Serial:
    """Runs in this process, each at once."""

    slots = ahead = 1

    def __init__(self, job: Any) -> None:
        self._job = job

    def expect(self, runs: int) -> None:
        """So many runs will be made here."""
        policy.repeats = float(max(runs, 1))

    def submit(self, params: Mapping[str, Any], thresholds: Any = None) -> Future[Outcome]:
        """Run; the result is there when this returns."""
        future: Future[Outcome] = Future()
        future.set_running_or_notify_cancel()
        future.set_result(self._job.run(params, thresholds))
        return future

    def stop(self, now: bool = False) -> None:
        """There is nothing to stop; what is computed from now on is computed once."""
        policy.repeats = 1.0
