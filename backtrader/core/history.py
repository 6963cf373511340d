"""The account's past, step by step, for whatever is derived from it instead of being stepped."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from typing import Any

from ..analyzers.progress import EVERYBODY, Progress


class History:
    """Cash, value and fund of every step of a batch run, computed when asked for."""

    def __init__(self, strategy: Any, broker: Any, table: Any, first_next: int) -> None:
        self.strategy = strategy
        self._ledger = broker.ledger
        self._broker = broker
        self._table = table
        self.first_next = first_next
        self.length = table.length
        self.datetimes = table.times
        self._columns: dict[int, Any] = {}
        self.on_wake: Any = None
        self.progress = Progress(strategy._now)
        self.woken_early: list[Any] = []  # read before the first bar

    def close(self, data: Any) -> Any:
        """The close of a feed at each step."""
        return self.column(data, data.lines.close)

    def column(self, data: Any, line: Any) -> Any:
        """A line of a feed as it stood at each step."""
        found = self._columns.get(id(line))
        if found is None:
            found = self._columns[id(line)] = self._column(data._now, line.array)
        return found

    def worth(self, data: Any, start: int, stop: int) -> list[float]:
        """What the position in a feed was worth at steps ``start`` to ``stop - 1``."""
        return self._ledger.worth(data, self.close(data), start, stop)  # type: ignore[no-any-return]

    def positions(self, clock: Any) -> Any:
        """Where a timeline stands at each step."""
        return self._table.position_of(clock)

    @property
    def late(self) -> Any:
        """By step, what a strategy changed after the broker was done with the step."""
        return self._ledger.late

    def observed(self, start: int, stop: int) -> Any:
        """All curves over ``[start, stop)`` as observers see them: after the strategy had its say."""
        self._ledger.closes_of = self.close
        curves = self._ledger.series_upto(stop - 1)
        observed = type(curves)(*(curve[start:stop] for curve in curves))
        for step, late in self._ledger.late.items():
            if start <= step < stop:
                for curve, number in zip(observed, late, strict=True):
                    curve[step - start] = number
        return observed

    def wake(self, analyzer: Any, always: bool = False) -> None:
        """Results were read in the middle of the run: step this analyzer every bar from now on.

        ``always`` also if it was an observer, or the end of the run, that read them.
        """
        if self.progress.turn == EVERYBODY and not always:
            return
        if self.on_wake is None:
            self.woken_early.append(analyzer)
        else:
            self.on_wake(analyzer)

    def fills(self, start: int, stop: int) -> Any:
        """Executions of steps ``[start, stop)``: (step, feed, is a buy, average price of the order)."""
        return _between(self.strategy._fill_log, start, stop)

    def closed_trades(self, start: int, stop: int) -> Any:
        """Trades that closed at steps ``[start, stop)``: (step, feed, gross profit, net profit)."""
        return _between(self.strategy._trade_log, start, stop)

    def _column(self, clock: Any, values: Any) -> Any:
        positions = self._table.position_of(clock)
        if isinstance(positions, range):
            return values
        # compat: before a feed's first bar index -1 reads the far end; a position of 0 is worth 0 there
        return memoryview(array("d", [values[i] for i in positions]))

    def _series(self, upto: int) -> Any:
        self._ledger.closes_of = self.close
        return self._ledger.series_upto(upto - 1)

    def is_plain(self, upto: int) -> bool:
        """Whether `in_pieces` can be used."""
        return bool(self._ledger.is_plain(upto))

    def in_pieces(self, upto: int) -> Any:
        """(first step, arrays of cash, value, fund value and shares), nothing of which is kept."""
        return self._ledger.in_pieces(upto, self.close)

    def cash(self, upto: int) -> Any:
        """Cash after each step."""
        return self._series(upto).cash

    def values(self, upto: int) -> Any:
        """Account value after each step."""
        return self._series(upto).value

    def fundvalues(self, upto: int) -> Any:
        """Fund value after each step."""
        return self._series(upto).fundvalue

    def fundshares(self, upto: int) -> Any:
        """Fund shares after each step."""
        return self._series(upto).fundshares


def _between(log: list[Any], start: int, stop: int) -> Any:
    first = bisect_left(log, start, key=_step_of)
    return log[first : bisect_left(log, stop, lo=first, key=_step_of)]


def _step_of(entry: Any) -> int:
    return int(entry[0])
