"""One feed out of contracts that expire: it changes over to the next when the time has come."""

from __future__ import annotations

from typing import Any

from .base import DataBase
from .lineup import Lineup


class RollOver(Lineup, DataBase):
    """Shows a contract until the next one takes over.

    ``checkdate(dt, data)`` says from when on a change is possible, ``checkcondition(data, next)``
    whether it takes place now (None: at once).  The bar on which it does is already the next
    contract's.  Without ``checkdate`` the change comes when a contract has no more bars.
    """

    params: Any = (
        ("checkdate", None),
        ("checkcondition", None),
    )

    _pending = False  # the contract has a bar, the ones to come are not up to it yet
    _reached: list[float | None]  # the bar each of those to come shows

    def start(self) -> None:
        """Start the feeds and begin with the first."""
        self._pending = False
        self._reached = [None] * len(self._members)
        super().start()

    def _load(self) -> Any:
        if not self._pending:
            answer = self._next_bar()
            if not answer:
                return answer
            self._pending = True
        if not self._follow(self._d.lines.datetime[0]):
            return None
        self._pending = False
        if self._due():
            self._take_turn()
        self._show(self._d)
        return True

    def _next_bar(self) -> Any:
        """Move the contract on; when it has ended, the next one takes its place."""
        while self._d is not None:
            answer = self._d.next()
            if answer is None or answer:
                return answer
            # compat: what the next contract shows already is passed over, also if it is later
            self._take_turn()
        return False

    def _follow(self, now: float) -> bool:
        """Move the contracts to come up to ``now``; false if one has to wait for its bar."""
        i = 0
        while i < len(self._coming):
            reached = self._reached[i]
            if reached is not None and reached >= now:
                i += 1
                continue
            answer = self._coming[i].next()
            if answer is None:
                return False
            if answer:
                self._reached[i] = self._coming[i].lines.datetime[0]
            else:  # over before its turn came
                del self._coming[i], self._reached[i]
        return True

    def _due(self) -> bool:
        """Whether the contract gives way to the next one on this bar."""
        check, data = self.p.checkdate, self._d
        if check is None or not check(data.datetime.datetime(), data):
            return False
        condition = self.p.checkcondition
        if not self._coming:
            return False
        return condition is None or bool(condition(data, self._coming[0]))

    def _take_turn(self) -> None:
        super()._take_turn()
        del self._reached[:1]
