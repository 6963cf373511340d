"""Keeping count of a session: what ended how, the best so far, how fast it goes, when to stop."""

from __future__ import annotations

import math
import time
from collections import Counter, deque
from collections.abc import Mapping, Sequence
from typing import Any

from .entry import COMPLETE, FAILED, LOST, PRUNED, TIMEOUT, Entry
from .objective import ObjectiveFunction
from .options import Options, StudyError

__all__ = ["NoScore", "Tally", "TooManyFailures"]

_BAD = (FAILED, TIMEOUT, LOST)
_WINDOW = 30.0  # seconds of which the rate is the mean


class TooManyFailures(StudyError):
    """More runs failed than may; the message has the errors by kind."""


class NoScore(StudyError):
    """No run came to a score that is a number."""


class Tally:
    """Counts of a study: those it began the session with, and what this session adds."""

    def __init__(
        self, objective: ObjectiveFunction, options: Options, counts: Mapping[str, int], best: Entry | None
    ) -> None:
        self.objective, self.options = objective, options
        self.counts: Counter[str] = Counter(counts)
        self.best = best
        self.session: Counter[str] = Counter()
        self.began = time.monotonic()
        self.total: int | None = None
        self.running = 0
        self.stage = ""
        self._since_best = 0
        self._mark = best.score if best is not None else math.nan
        self._errors: dict[str, list[str]] = {}
        self._ended: deque[float] = deque()
        self.scored = 0 if best is None else 1

    def add(self, entry: Entry) -> bool:
        """A run of this session ended; whether it is the best so far."""
        self.session[entry.state] += 1
        self.counts[entry.state] += 1
        self._ended.append(time.monotonic())
        if entry.state in _BAD:
            self._errors.setdefault(kind_of_error(entry), []).append(entry.error)
        return self._judge(entry)

    def hear(self, entry: Entry) -> None:
        """A run of another driver ended."""
        self.counts[entry.state] += 1
        self._judge(entry)

    def _judge(self, entry: Entry) -> bool:
        """Whether an entry is the best so far."""
        self._since_best += 1
        if entry.state != COMPLETE or math.isnan(entry.score):
            return False
        self.scored += 1
        if not entry.valid:
            return False
        margin = self.options.min_improvement
        mark = self._mark + (margin if self.objective.maximize else -margin)
        if math.isnan(self._mark) or self.objective.is_better(entry.score, mark):
            self._since_best, self._mark = 0, entry.score
        if self.best is not None and not self.objective.is_better(entry.score, self.best.score):
            return False
        self.best = entry
        return True

    # -- when to stop ------------------------------------------------------------------------------
    def verdict(self) -> str:
        """Why to stop now; nothing if there is no reason."""
        options = self.options
        if options.time_limit is not None and self.elapsed >= options.time_limit:
            return f"the time limit of {options.time_limit:g} seconds"
        if options.patience is not None and self._since_best >= options.patience:
            return f"no better score in {self._since_best} runs"
        target, best = options.target, self.best
        if target is not None and best is not None and not self.objective.is_better(target, best.score):
            return f"the target of {target:g} was reached"
        return ""

    def check_failures(self) -> None:
        """`TooManyFailures` if more than the share that may have failed."""
        failed, ended = sum(self.session[state] for state in _BAD), self.session.total()
        if ended >= self.options.failures_after and failed > self.options.max_failures * ended:
            raise TooManyFailures(
                f"{failed} of {ended} runs failed, more than the share of {self.options.max_failures:g} "
                f"that may (max_failures):\n{self.account()}"
            )

    def check_scores(self) -> None:
        """`NoScore` if runs ended well and none of them has a score."""
        ended = self.counts[COMPLETE]
        if ended and not self.scored:
            raise NoScore(
                f"{self.objective.name} is not a number in any of the {ended} runs: too few trades for it, "
                "or another objective is meant"
            )
        failed = sum(self.counts[state] for state in _BAD)
        if failed and not ended and not self.counts[PRUNED]:
            raise TooManyFailures(f"all {failed} runs failed:\n{self.account()}")

    def account(self) -> str:
        """The errors of this session by kind, the most frequent first, with one traceback each."""
        lines = []
        for kind, texts in sorted(self._errors.items(), key=lambda item: -len(item[1])):
            lines.append(f"  {len(texts)} x {kind}")
        first = max(self._errors.values(), key=len, default=[])
        if first:
            lines.append("The first of the most frequent kind:")
            lines += ["  " + line for line in first[0].rstrip().splitlines()[-25:]]
        return "\n".join(lines)

    # -- how it goes -------------------------------------------------------------------------------
    @property
    def elapsed(self) -> float:
        """Seconds since the session began."""
        return time.monotonic() - self.began

    @property
    def rate(self) -> float:
        """Runs a second, lately."""
        now = time.monotonic()
        while self._ended and self._ended[0] < now - _WINDOW:
            self._ended.popleft()
        return len(self._ended) / max(min(_WINDOW, now - self.began), 1e-3)

    def progress(self) -> dict[str, Any]:
        """How it stands, as plain data."""
        counts, rate = self.counts, self.rate
        failed = sum(counts[state] for state in _BAD)
        ended = counts[COMPLETE] + counts[PRUNED] + failed
        left = None if self.total is None else max(self.total - ended, 0)
        best = self.best
        return {
            "total": self.total,
            "done": ended,
            "completed": counts[COMPLETE],
            "pruned": counts[PRUNED],
            "failed": failed,
            "running": self.running,
            "pending": None if left is None else max(left - self.running, 0),
            "percent": None if not self.total else 100.0 * ended / self.total,
            "elapsed": self.elapsed,
            "rate": rate,
            "eta": None if left is None or not rate else left / rate,
            "best_score": None if best is None else best.score,
            "best_params": None if best is None else dict(best.params),
            "metric": self.objective.name,
            "stage": self.stage,
        }


def kind_of_error(entry: Entry) -> str:
    """What a traceback comes to: its exception, without the notes below it that tell runs apart."""
    lines: Sequence[str] = [line for line in entry.error.strip().splitlines() if line.strip()]
    frames = [number for number, line in enumerate(lines) if line.startswith("  File ")]
    for line in lines[frames[-1] :] if frames else ():
        if not line.startswith(" "):
            return line.strip()[:200]
    return lines[-1].strip()[:200] if lines else entry.state
