"""Names of an older design for a grid over worker processes: thin, on the same machinery."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .optimizers import study_of
from .options import StudyError
from .results import OptimizationResult
from .study import Study

__all__ = ["OptimizerServer", "OptimizerWithProgress"]


class OptimizerServer:
    """Every combination of a grid for one strategy over some feeds.

    ``parameter_grid`` is a space, or a dict of lists; ``worker_count`` None is one process a core.
    ``batch_size`` is what it was: work is handed out as workers get free, so it has no say in it.
    More ``**options`` are those of `study_of`: objective=, study=, cash=, …
    """

    progress = False

    def __init__(
        self,
        strategy_class: Any,
        data_feeds: Any,
        parameter_grid: Mapping[str, Any],
        worker_count: int | None = None,
        batch_size: int = 10,
        **options: Any,
    ) -> None:
        if batch_size < 1:
            raise StudyError(f"batch_size is 1 or more, not {batch_size!r}")
        self.batch_size = batch_size
        self.study: Study = study_of(
            strategy_class, data_feeds, parameter_grid,
            **{"n_jobs": -1 if worker_count is None else worker_count, "progress": self.progress, **options},
        )  # fmt: skip

    def run(self) -> OptimizationResult:
        """Run them all; what is done already in the study is not run again."""
        return self.study.run()

    def get_progress(self) -> dict[str, Any]:
        """How it stands."""
        return self.study.get_progress()


class OptimizerWithProgress(OptimizerServer):
    """The same with a progress bar."""

    progress = True
