"""What a search came to."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any

from .entry import COMPLETE, Entry
from .objective import ObjectiveFunction

__all__ = ["OptimizationResult"]


class OptimizationResult:
    """The best combination, and all others.

    ``entries`` may be a function that reads them when they are first looked at: a study of 100,000 runs
    is not read to know its best.
    """

    def __init__(
        self,
        entries: Any,
        objective: Any = None,
        best: Entry | None = None,
        optimization_time: float = 0.0,
        total_runs: int | None = None,
        name: str = "",
        stopped: str = "",
        study: Any = None,
    ) -> None:
        given = objective if isinstance(objective, list | tuple) else [objective or ObjectiveFunction()]
        self.objectives: list[ObjectiveFunction] = list(given)
        self._read = entries if callable(entries) else None
        self._entries: list[Entry] | None = None
        if not callable(entries):
            self._entries = [Entry.of(each) for each in entries]
        self._best = best
        self.optimization_time = optimization_time
        """Seconds."""
        self._total_runs = total_runs
        self.name = name
        """The study's name."""
        self.stopped = stopped
        """Why it ended before all was done; nothing if it did not."""
        self.study = study

    @property
    def objective(self) -> ObjectiveFunction:
        """The first objective."""
        return self.objectives[0]

    @property
    def all_results(self) -> list[Entry]:
        """Every combination that was evaluated, well or not, in the order it was taken up."""
        if self._entries is None:
            assert self._read is not None
            self._entries = list(self._read())
        return self._entries

    @property
    def results(self) -> list[Entry]:
        """The same as `all_results`."""
        return self.all_results

    @property
    def total_runs(self) -> int:
        """How many combinations were evaluated."""
        return len(self.all_results) if self._total_runs is None else self._total_runs

    def get_best(self) -> Entry | None:
        """The best valid entry by the first objective; None if there is none."""
        if self._best is None and self._read is None:
            for entry in self.all_results:
                counts = entry.valid and entry.state == COMPLETE and not math.isnan(entry.score)
                if counts and (self._best is None or self.objective.is_better(entry.score, self._best.score)):
                    self._best = entry
        return self._best

    @property
    def best_params(self) -> dict[str, Any]:
        """The best combination; empty if none counts."""
        best = self.get_best()
        return dict(best.params) if best is not None else {}

    @property
    def best_score(self) -> float:
        """Its score; no number if none counts."""
        best = self.get_best()
        return best.score if best is not None else math.nan

    @property
    def best_metric(self) -> float:
        """The same as `best_score`."""
        return self.best_score

    @property
    def best_metrics(self) -> dict[str, float]:
        """All metrics of the best combination."""
        best = self.get_best()
        return dict(best.metrics) if best is not None else {}

    @property
    def metric_name(self) -> str:
        """What was made large or small."""
        return self.objective.name

    def top(self, n: int = 10) -> list[Entry]:
        """The best ``n`` valid entries, best first."""
        counted = [entry for entry in self.all_results if entry.valid and not math.isnan(entry.score)]
        sign = -1.0 if self.objective.maximize else 1.0
        return sorted(counted, key=lambda entry: (sign * entry.score, entry.number))[:n]

    def pareto_front(self) -> list[Entry]:
        """Of several objectives: the entries that no other is better than in all of them."""
        return _front(
            [entry for entry in self.all_results if entry.valid and not any(map(math.isnan, entry.scores))],
            [objective.maximize for objective in self.objectives],
        )

    def report(self, path: Any, **options: Any) -> Any:
        """Write the report, one HTML file, and return where it is; options as of `write_report`."""
        from .report import write_report

        return write_report(self, path, **options)

    def __iter__(self) -> Iterator[Entry]:
        return iter(self.all_results)

    def __len__(self) -> int:
        return self.total_runs

    def __getitem__(self, index: Any) -> Any:
        return self.all_results[index]

    def __repr__(self) -> str:
        best = ", ".join(f"{name}={value!r}" for name, value in self.best_params.items())
        text = f"{self.total_runs} runs in {self.optimization_time:.1f} s, best {self.metric_name}"
        return f"<OptimizationResult: {text} {self.best_score:g} ({best or 'none that counts'})>"


def _front(entries: Sequence[Entry], directions: Sequence[bool]) -> list[Entry]:
    signs = [1.0 if maximize else -1.0 for maximize in directions]
    points = sorted(
        ((tuple(sign * score for sign, score in zip(signs, e.scores, strict=True)), e) for e in entries),
        key=lambda pair: pair[0],
        reverse=True,
    )
    front: list[tuple[tuple[float, ...], Entry]] = []
    for point, entry in points:  # whoever dominates it sorts before it
        if not any(_dominates(other, point) for other, _ in front):
            front.append((point, entry))
    return sorted((entry for _, entry in front), key=lambda entry: entry.number)


def _dominates(one: Sequence[float], other: Sequence[float]) -> bool:
    return one != other and all(a >= b for a, b in zip(one, other, strict=True))
