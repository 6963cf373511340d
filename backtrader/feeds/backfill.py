"""History before a live stream: the bars of another feed come first."""

from __future__ import annotations

from typing import Any


class Backfill:
    """For live feeds with a parameter ``backfill_from``; put it before `DataBase` among the bases.

    ``_load`` begins with ``answer = self._backfill()``: True is a bar of the other feed, None
    nothing yet, False that the history is over and the stream goes on.
    """

    p: Any
    lines: Any
    _env: Any

    _history: Any = None

    def start(self) -> None:
        """Start the feed the history comes from."""
        super().start()  # type: ignore[misc]
        self._history = getattr(self.p, "backfill_from", None)
        if self._history is not None:
            self._history.setenvironment(self._env)
            self._history._start()

    def stop(self) -> None:
        """Stop the feed the history comes from, if it still runs."""
        super().stop()  # type: ignore[misc]
        self._end_history()

    def _backfill(self) -> Any:
        history = self._history
        if history is None:
            return False
        answer = history.next()
        if answer:
            for line, theirs in zip(self.lines, history.lines, strict=False):
                line[0] = theirs[0]
        elif answer is not None:
            self._end_history()
        return answer

    def _end_history(self) -> None:
        history, self._history = self._history, None
        if history is not None:
            history.stop()
