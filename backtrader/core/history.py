"""The account's past, step by step, for whatever is derived from it instead of being stepped."""

from __future__ import annotations

from array import array
from typing import Any


class History:
    """Cash, value and fund of every step of a batch run, computed when asked for."""

    def __init__(self, strategy: Any, broker: Any, table: Any, steps: Any, first_next: int) -> None:
        self.strategy = strategy
        self._ledger = broker.ledger
        self._broker = broker
        self._table = table
        self._steps = steps
        self.first_next = first_next
        self.length = table.length
        self.datetimes = table.times
        self._closes: dict[int, Any] = {}

    @property
    def now(self) -> int:
        """How many steps were made so far."""
        return int(self._steps.idx) + 1

    def close(self, data: Any, upto: int | None = None) -> Any:
        """The close of a feed at each step."""
        found = self._closes.get(id(data))
        if found is None:
            found = self._closes[id(data)] = self._column(data._now, data.lines.close.array)
        return found

    def opening(self, data: Any) -> Any:
        """The open of a feed at each step."""
        return self._column(data._now, data.lines.open.array)

    def positions(self, clock: Any) -> Any:
        """Where a timeline stands at each step."""
        return self._table.position_of(clock)

    def observed(self) -> Any:
        """All curves over the whole run as observers see them: after the strategy had its say."""
        upto = self.length if self.now >= self.length else self.now
        curves = self._ledger.series(upto, self.close)
        for step, late in self._ledger.late.items():
            if step < upto:
                for curve, number in zip(curves, late, strict=True):
                    curve[step] = number
        missing = self.length - upto
        if missing:
            for curve in curves:
                curve.extend([float("nan")] * missing)
        return curves

    def _column(self, clock: Any, values: Any) -> Any:
        positions = self._table.position_of(clock)
        if isinstance(positions, range):
            return values
        return memoryview(array("d", [values[i] if i >= 0 else float("nan") for i in positions]))

    def _series(self, upto: int | None) -> Any:
        return self._ledger.series(self.now if upto is None else upto, self.close)

    def cash(self, upto: int | None = None) -> Any:
        """Cash after each step."""
        return self._series(upto).cash

    def values(self, upto: int | None = None) -> Any:
        """Account value after each step."""
        return self._series(upto).value

    def fundvalues(self, upto: int | None = None) -> Any:
        """Fund value after each step."""
        return self._series(upto).fundvalue

    def fundshares(self, upto: int | None = None) -> Any:
        """Fund shares after each step."""
        return self._series(upto).fundshares
