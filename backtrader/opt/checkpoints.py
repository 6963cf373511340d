"""Stopping a run that is not worth finishing: its objective so far against what others had by then."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from ..core.outcome import metrics_of
from .objective import ObjectiveError, ObjectiveFunction

__all__ = ["Checkpoints", "FirstBars"]


class Checkpoints:
    """Looks at a run after given shares of its bars, and stops it if it is below a threshold.

    Strategies know nothing of this: it is the loop that stops here.  ``bars`` is how many a run is
    expected to have where the loop cannot know, as bars come one by one.
    """

    def __init__(
        self,
        thresholds: Mapping[float, float | None],
        objective: Any = None,
        trading_days: float = 252.0,
        bars: int = 0,
    ) -> None:
        self._thresholds = sorted(thresholds.items())
        self._objective = objective or ObjectiveFunction("total_return")
        self._trading_days = trading_days
        self._bars = bars
        self._at: dict[int, float | None] = {}
        self.seen: list[tuple[int, float]] = []
        self.stopped = False

    def steps(self, length: int, warmup: int = 0) -> list[int]:
        """The steps, of ``length``, after which to look; 0 stands for an unknown length.

        Shares are of what comes after ``warmup``, when nothing is traded.
        """
        counted = max((length or self._bars) - warmup, 0)
        self._at = {warmup + math.floor(share * counted): limit for share, limit in self._thresholds}
        return sorted(step for step in self._at if step > 0)

    def look(self, cerebro: Any, strategies: Sequence[Any], step: int) -> None:
        """So many steps are done."""
        try:
            score, _ = self._objective.evaluate(metrics_of(strategies, self._trading_days))
        except ObjectiveError as error:
            raise ObjectiveError(
                f"runs can be stopped early by the metrics of the account only, not by analyzers: {error}"
            ) from None
        self.seen.append((step, score))
        threshold = self._at[step]
        if threshold is not None and self._objective.is_better(threshold, score):
            self.stopped = True
            cerebro.runstop()


class FirstBars:
    """Ends a run as soon as its strategy has acted once: everything has been built and computed by then."""

    def __init__(self, cerebro: Any) -> None:
        self._cerebro = cerebro

    def steps(self, length: int, warmup: int = 0) -> list[int]:
        """The step after which to stop."""
        return [max(strategy._minperiod for strategy in self._cerebro.runningstrats) + 1]

    def look(self, cerebro: Any, strategies: Sequence[Any], step: int) -> None:
        """That step is done."""
        cerebro.runstop()
