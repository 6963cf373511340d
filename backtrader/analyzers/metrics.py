"""What a run came to, in numbers: the one place that knows the names and how each is worked out.

Reports, `cerebro.summary` and the search over parameters all read these.  Percentages are in
percent.  Returns are taken by period: by day for bars of a day or less, otherwise by bar, and put on
a year with 252 days, 52 weeks or 12 months, as the usual libraries do.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from math import inf, nan, sqrt
from typing import Any, NamedTuple

__all__ = ["METRICS", "Metric", "RunRecord", "Trail", "measure", "periods_in_a_year"]


class Metric(NamedTuple):
    """A metric's unit (``money``, ``%``, ``bars``, ``count`` or nothing), direction and meaning."""

    unit: str
    better: str
    text: str


METRICS: dict[str, Metric] = {
    "final_value": Metric("money", "high", "value of the account at the end"),
    "total_return": Metric("%", "high", "gain on the value at the start"),
    "annual_return": Metric("%", "high", "the same for a year, compounded"),
    "volatility": Metric("%", "low", "standard deviation of the returns, for a year"),
    "sharpe_ratio": Metric("", "high", "mean return over its standard deviation, for a year"),
    "sortino_ratio": Metric("", "high", "mean return over the deviation of the losses, for a year"),
    "calmar_ratio": Metric("", "high", "annual return over the deepest draw-down"),
    "sqn": Metric("", "high", "system quality number: mean trade over its deviation, by root of trades"),
    "trades": Metric("count", "high", "trades that were closed"),
    "wins": Metric("count", "high", "of these, not at a loss"),
    "losses": Metric("count", "low", "of these, at a loss"),
    "win_rate": Metric("%", "high", "share of trades not at a loss"),
    "gross_profit": Metric("money", "high", "sum of the gains, after commission"),
    "gross_loss": Metric("money", "low", "sum of the losses, after commission, as a positive number"),
    "profit_factor": Metric("", "high", "gross profit over gross loss"),
    "expectancy": Metric("money", "high", "mean result of a trade, after commission"),
    "max_drawdown_pct": Metric("%", "low", "deepest fall from a high"),
    "max_drawdown_len": Metric("bars", "low", "longest time below a high"),
    "exposure": Metric("%", "", "share of the bars with an open position"),
    "turnover": Metric("%", "", "money traded over the mean value of the account"),
    "commission": Metric("money", "low", "commission paid"),
}

# from here on numpy is quicker than a loop
_MANY = 100
_PIECE = 1 << 16
_DAYS, _YEAR = 5, {5: 252.0, 6: 52.0, 7: 12.0, 8: 1.0}


def periods_in_a_year(timeframe: int, compression: int, trading_days: float = 252.0) -> float:
    """How many returns a year has for bars of this kind; bars below a day are put together by day."""
    if timeframe < _DAYS:
        return trading_days
    count = trading_days if timeframe == _DAYS else _YEAR.get(timeframe, trading_days)
    return count / max(compression, 1)


@dataclass
class RunRecord:
    """What metrics are worked out from: an account's value by period, and sums over the run."""

    start_value: float
    values: Sequence[float] = field(default_factory=list)
    """Value at the end of each period."""
    per_year: float = 252.0
    deepest: float = 0.0
    """Deepest fall from a high, as a share of the high."""
    longest: int = 0
    """Longest time below a high, in bars."""
    bars: int = 0
    exposed: int = 0
    mean_value: float = nan
    traded: float = 0.0
    commission: float = 0.0
    results: Sequence[float] = field(default_factory=list)
    """Result of each closed trade after commission."""
    final_value: float | None = None
    """Value of the account at the end, where money came in or went out on the way."""


class Trail:
    """An account's value followed bar by bar: what `RunRecord` needs, in memory that grows by the day."""

    def __init__(self, start_value: float, by_day: bool) -> None:
        self.start_value = self._high = start_value
        self.by_day = by_day
        self.values: list[float] = []
        self.times: list[float] = []
        self.deepest = 0.0
        self.longest = self._below = 0
        self.bars = self.exposed = 0
        self._sum = 0.0
        self._day = -1

    def step(self, when: float, value: float, exposed: bool) -> None:
        """Take in one bar."""
        self.bars += 1
        self.exposed += exposed
        self._sum += value
        if value >= self._high:
            self._high, self._below = value, 0
        else:
            self._below += 1
            self.longest = max(self.longest, self._below)
            fall = (self._high - value) / self._high if self._high > 0 else nan
            if fall > self.deepest:
                self.deepest = fall
        day = int(when)
        if self.by_day and day == self._day and self.values:
            self.values[-1] = value
            self.times[-1] = when
        else:
            self.values.append(value)
            self.times.append(when)
        self._day = day

    def record(self, per_year: float) -> RunRecord:
        """What there is so far; trades and costs are for the caller to fill in."""
        return RunRecord(
            self.start_value, list(self.values), per_year, self.deepest, self.longest, self.bars,
            self.exposed, self._sum / self.bars if self.bars else nan,
        )  # fmt: skip


def trail_of_arrays(
    start_value: float, times: Any, values: Any, exposed: int, per_year: float, by_day: bool
) -> RunRecord:
    """The same for a whole run at once."""
    pieces = ((times[i : i + _PIECE], values[i : i + _PIECE]) for i in range(0, len(values), _PIECE))
    return trail_of_pieces(start_value, pieces, exposed, per_year, by_day)


def trail_of_pieces(
    start_value: float, pieces: Iterable[tuple[Any, Any]], exposed: int, per_year: float, by_day: bool
) -> RunRecord:
    """The same out of pieces of a run, each its times and its values, one after the other."""
    import numpy as np

    record = RunRecord(start_value, [], per_year, exposed=exposed)
    high, below_for, total, day = start_value, 0, 0.0, nan
    ends: list[Any] = []
    for times, values in pieces:
        value = np.asarray(values, dtype=float)
        highs = np.maximum(np.maximum.accumulate(value), high)
        below = value < highs
        with np.errstate(all="ignore"):
            falls = ((highs - value) / np.where(highs > 0, highs, nan))[below]
        if not np.isnan(falls).all():
            record.deepest = max(record.deepest, float(np.nanmax(falls)))
        steps = np.arange(len(value))
        last_high = np.maximum.accumulate(np.where(below, -1, steps))
        since = steps - np.where(last_high < 0, -1 - below_for, last_high)
        record.longest = max(record.longest, int(since.max()))
        if by_day:
            days = np.floor(np.asarray(times, dtype=float)[: len(value)])
            if ends and days[0] == day:
                ends[-1] = ends[-1][:-1]
            ends.append(value[np.flatnonzero(np.append(days[1:] != days[:-1], True))])
            day = days[-1]
        else:
            ends.append(value)
        high, below_for = float(highs[-1]), int(since[-1])
        total += float(value.sum())
        record.bars += len(value)
    if record.bars:
        whole: Any = ends[0] if len(ends) == 1 else np.concatenate(ends)
        record.values = whole
        record.mean_value = total / record.bars
    return record


def measure(record: RunRecord) -> dict[str, float]:
    """All of `METRICS`; NaN where a run has nothing to tell (no trades, a single return)."""
    found = dict.fromkeys(METRICS, nan)
    found |= _of_returns(record)
    found |= _of_trades(record.results)
    found["exposure"] = 100.0 * record.exposed / record.bars if record.bars else 0.0
    found["turnover"] = 100.0 * record.traded / record.mean_value if record.mean_value > 0 else nan
    found["commission"] = record.commission
    return found


def _of_returns(record: RunRecord) -> dict[str, float]:
    start, values = record.start_value, record.values
    final = float(values[-1]) if len(values) else start
    found = {
        "final_value": final if record.final_value is None else record.final_value,
        "total_return": 100.0 * (final / start - 1.0) if start else nan,
        "max_drawdown_pct": 100.0 * record.deepest,
        "max_drawdown_len": float(record.longest),
    }
    count = len(values)
    if not count or not start > 0:
        return found
    growth = (final / start) ** (record.per_year / count) if final > 0 else 0.0
    found["annual_return"] = annual = 100.0 * (growth - 1.0)
    found["calmar_ratio"] = annual / found["max_drawdown_pct"] if record.deepest > 0 else nan
    mean, squares, losses = (_moments if count < _MANY else _moments_of_array)(start, values)
    if count > 1:
        deviation = sqrt(squares / (count - 1))
        found["volatility"] = 100.0 * deviation * sqrt(record.per_year)
        found["sharpe_ratio"] = mean / deviation * sqrt(record.per_year) if deviation > 0 else nan
    downside = sqrt(losses / count)
    found["sortino_ratio"] = mean / downside * sqrt(record.per_year) if downside > 0 else nan
    return found


def _moments(start: float, values: Iterable[float]) -> tuple[float, float, float]:
    """Of the returns: their mean, the sum of squared distances from it, the sum of squared losses."""
    returns, before = [], float(start)
    for value in values:
        value = float(value)
        returns.append(value / before - 1.0 if before else nan)
        before = value
    mean = _total(returns) / len(returns)
    return mean, _total((r - mean) * (r - mean) for r in returns), _total(r * r for r in returns if r < 0)


def _total(numbers: Iterable[float]) -> float:
    """One after the other: ``sum`` does it in another way from Python 3.12 on, and numpy in a third."""
    total = 0.0
    for number in numbers:
        total += number
    return total


def _moments_of_array(start: float, values: Any) -> tuple[float, float, float]:
    """The same, to the last bit, for many."""
    import numpy as np

    after = np.asarray(values, dtype=float)
    before = np.concatenate(([start], after[:-1]))
    with np.errstate(all="ignore"):
        returns = np.where(before != 0, after / before - 1.0, nan)
        mean = float(np.add.accumulate(returns)[-1]) / len(returns)
        apart = returns - mean
        losses = returns[returns < 0]
        squares = float(np.add.accumulate(apart * apart)[-1])
        return mean, squares, float(np.add.accumulate(losses * losses)[-1]) if len(losses) else 0.0


def _of_trades(results: Sequence[float]) -> dict[str, float]:
    count = len(results)
    gains = [r for r in results if r >= 0]
    profit, loss = sum(gains), -sum(r for r in results if r < 0)
    found = {
        "trades": float(count),
        "wins": float(len(gains)),
        "losses": float(count - len(gains)),
        "gross_profit": profit,
        "gross_loss": loss,
    }
    if not count:
        return found
    mean = sum(results) / count
    found["win_rate"] = 100.0 * len(gains) / count
    found["expectancy"] = mean
    found["profit_factor"] = profit / loss if loss > 0 else (inf if profit > 0 else nan)
    if count > 1:
        deviation = sqrt(sum((r - mean) ** 2 for r in results) / count)
        found["sqn"] = sqrt(count) * mean / deviation if deviation > 0 else nan
    return found
