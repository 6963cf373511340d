"""What a run came to: the numbers of `analyzers.metrics` for strategies that have run."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterator
from typing import Any

from ..analyzers.metrics import RunRecord, Trail, measure, periods_in_a_year, trail_of_pieces

__all__ = ["follow", "metrics_of", "record_of"]

_DAYS = 5
_IN_PIECES_FROM = 2000  # shorter runs do without numpy


class AccountTrail(Trail):
    """Follows the account of an event run; a batch run has its ledger instead."""

    def __init__(self, cerebro: Any) -> None:
        self._broker = broker = cerebro._broker
        positions = getattr(broker, "positions", None)
        self._positions = {} if positions is None else positions
        self._shares = broker.get_fundshares()
        self._start_unit = broker.get_fundvalue()
        super().__init__(broker.getvalue(), _timeframe(cerebro)[0] <= _DAYS)
        self.final_value = self.start_value
        self._whole = cerebro._exactbars < 1  # in bounded memory a day's last value has to do
        self._begin = cerebro.datas[0]._begins_at
        self._bar_times, self._bar_values = array("d"), array("d")

    def note(self, now: float) -> None:
        """The strategies are done with a bar."""
        if now < self._begin:
            return
        broker = self._broker
        self.final_value = value = broker.getvalue()
        if broker.get_fundshares() != self._shares:  # money came in or went out: that is no return
            value = self.start_value * broker.get_fundvalue() / self._start_unit
        exposed = any(position.size for position in self._positions.values())
        self.step(now, value, exposed)
        if self._whole:
            self._bar_times.append(now)
            self._bar_values.append(value)

    def curve(self) -> tuple[Any, Any]:
        """Times and values: bar by bar, or day by day in bounded memory."""
        return (self._bar_times, self._bar_values) if self._whole else (self.times, self.values)


class WatchedTrail(AccountTrail):
    """The same for a run that something looks at after given numbers of bars."""

    def __init__(self, cerebro: Any, strats: list[Any]) -> None:
        super().__init__(cerebro)
        self._cerebro, self._strats = cerebro, strats
        self._warmup = cerebro.datas[0]._warmup
        self._looks = set(cerebro._checkpoints.steps(0, self._warmup))

    def note(self, now: float) -> None:
        """The strategies are done with a bar."""
        super().note(now)
        step = self._warmup + self.bars
        if self.bars and step in self._looks:
            self._cerebro._checkpoints.look(self._cerebro, self._strats, step)


def follow(cerebro: Any, strats: list[Any]) -> AccountTrail:
    """Begin to follow the account of an event run on behalf of these strategies."""
    trail = AccountTrail(cerebro) if cerebro._checkpoints is None else WatchedTrail(cerebro, strats)
    for strat in strats:
        strat._trail = trail
    return trail


def record_of(strategies: Any, trading_days: float = 252.0) -> RunRecord:
    """What the metrics of these strategies of one run are worked out from."""
    strategies = list(strategies)
    first = strategies[0]
    cerebro, broker = first.cerebro, first.broker
    per_year = periods_in_a_year(*_timeframe(cerebro), trading_days)
    if first._trail is not None:
        record: RunRecord = first._trail.record(per_year)
        record.final_value = first._trail.final_value
    else:
        record = _from_history(first, per_year)
    ledger = getattr(broker, "ledger", None)
    if ledger is not None:
        record.traded, record.commission = ledger.turnover()
    record.results = array("d", [result for strategy in strategies for result in strategy._results])
    return record


def metrics_of(strategies: Any, trading_days: float = 252.0) -> dict[str, float]:
    """All of `analyzers.metrics.METRICS` for the strategies of one run."""
    return measure(record_of(strategies, trading_days))


def _from_history(strategy: Any, per_year: float) -> RunRecord:
    history = getattr(strategy, "_history", None)
    start = float(getattr(strategy.broker, "startingcash", 0.0) or strategy.broker.getvalue())
    if history is None:
        return RunRecord(start, [], per_year)
    count = min(len(strategy), history.length)
    by_day = _timeframe(strategy.cerebro)[0] <= _DAYS
    first = bisect_left(history.datetimes, strategy.datas[0]._begins_at, 0, count)
    exposed = strategy.broker.ledger.exposed(count)
    final: list[float] = [start]
    record = trail_of_pieces(start, _pieces(history, start, first, count, final), exposed, per_year, by_day)
    record.final_value = final[0]
    return record


def _pieces(history: Any, start: float, first: int, count: int, final: list[float]) -> Iterator[Any]:
    """(times, values) from the step ``first`` on; ``final`` becomes the account's value at the end."""
    times = history.datetimes
    if count >= _IN_PIECES_FROM and history.is_plain(count):
        for begin, (_, values, _, _) in history.in_pieces(count):
            skipped = max(first - begin, 0)
            final[0] = float(values[-1])
            if skipped < len(values):
                yield times[begin + skipped : begin + len(values)], values[skipped:]
        return
    values = values_of_units = history.values(count)[:count]
    shares = history.fundshares(count)[:count]
    if count and _varies(shares):  # money came in or went out: that is no return
        units = history.fundvalues(count)[:count]
        begin = start / shares[0]
        values_of_units = [start * unit / begin for unit in units]
    if count:
        final[0] = values[-1]
    if count > first:
        yield times[first:count], values_of_units[first:]


def _varies(numbers: Any) -> bool:
    """Whether they are not all the same."""
    return bool(numbers.tobytes() != numbers[:1].tobytes() * len(numbers))


def _timeframe(cerebro: Any) -> tuple[int, int]:
    return min((data._timeframe, data._compression) for data in cerebro.datas)
