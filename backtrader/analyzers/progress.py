"""How far a strategy's analyzers and observers have come in a batch run.

In a batch run a strategy's clock shows the new bar while the user's methods run; analyzers and
observers, which come after them, have seen one bar less until their turn.  Those that are stepped
need not know, but what is derived from the account's history must answer as if it had been stepped.
"""

from __future__ import annotations

import sys
from typing import Any, Protocol

#: `Progress.turn` when analyzers and observers are through with the bar the clock shows.
EVERYBODY = sys.maxsize
#: The place of observers: after the last analyzer.
OBSERVERS = EVERYBODY - 1


class Progress:
    """Whose turn it is: analyzers at places below ``turn`` are through with the clock's bar.

    The loop sets ``turn`` to 0 before the user's methods of a bar, to an analyzer's place before it
    steps that analyzer and to `EVERYBODY` before observers are stepped and after the last bar.
    """

    __slots__ = ("clock", "turn")

    def __init__(self, clock: Any) -> None:
        self.clock = clock
        self.turn = 0

    def done(self, place: int) -> int:
        """How many bars the analyzer at ``place`` (or the observers) would have seen by now."""
        seen = len(self.clock)
        return seen if place < self.turn or not seen else seen - 1


class History(Protocol):
    """The account's past, step by step, as the run hands it to what is derived from it.

    Arrays are indexed by step of the strategy, steps before its minimum period included, and hold
    at least ``upto`` steps.  ``late`` holds, by step, what a strategy changed after the broker was
    done with the step, as (cash, value, fund value, fund shares): observers see that, analyzers do
    not, because they are told before.
    """

    progress: Progress
    datetimes: Any
    late: dict[int, tuple[float, float, float, float]]

    def cash(self, upto: int) -> Any:
        """Cash after each step."""

    def values(self, upto: int) -> Any:
        """Account value after each step."""

    def fundvalues(self, upto: int) -> Any:
        """Fund value after each step."""

    def fundshares(self, upto: int) -> Any:
        """Fund shares after each step."""

    def column(self, data: Any, line: Any) -> Any:
        """A line of a feed as it stood at each step."""

    def worth(self, data: Any, start: int, stop: int) -> list[float]:
        """What the position in a feed was worth at steps ``start`` to ``stop - 1``."""

    def wake(self, analyzer: Any, always: bool = False) -> None:
        """Results were read in the middle of the run: from now on step this analyzer every bar.

        Whoever holds on to a results dictionary expects it to change under his hands.
        """
