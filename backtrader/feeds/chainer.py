"""One feed out of several, each taking over when the one before has ended."""

from __future__ import annotations

from typing import Any

from .base import DataBase
from .lineup import Lineup


class Chainer(Lineup, DataBase):
    """Shows the bars of the first feed to its end, then those of the next that are later, and so on.

    Timeframe, compression and zone are those of the first feed.
    """

    _shown_until = float("-inf")

    def start(self) -> None:
        """Start the feeds and begin with the first."""
        super().start()
        self._shown_until = float("-inf")

    def get_notifications(self) -> list[Any]:
        """The statuses of the feed whose turn it is."""
        return super().get_notifications() if self._d is None else self._d.get_notifications()

    def _load(self) -> Any:
        while self._d is not None:
            answer = self._d.next()
            if answer is None:
                return None  # nothing now, it goes on later
            if not answer:
                self._take_turn()
                continue
            time = self._d.lines.datetime[0]
            if time > self._shown_until:
                self._shown_until = time
                self._show(self._d)
                return True
        return False
