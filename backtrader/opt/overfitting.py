"""One look at a search with the question: how much of its best result is luck?

The search itself knows how often it has tried; that is what single back-tests cannot tell.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from .cscv import pbo
from .entry import COMPLETE, PRUNED, Entry
from .honesty import (
    deflated_sharpe,
    effective_trials,
    expected_maximum_sharpe,
    haircut_sharpe,
    minimum_backtest_years,
    minimum_track_record,
    moments_of,
    probabilistic_sharpe,
)
from .trials import Trials

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["OverfittingReport", "ReturnsOf", "overfitting_report", "periods_a_year", "returns_by_number"]

ReturnsOf = Callable[[Sequence[Entry]], Mapping[int, Any]]
"""Gives the returns by period of entries, by their numbers; those without any are left out."""

_BLOCKS, _SHORTEST_BLOCK, _MOST = 16, 5, 500


@dataclass
class OverfittingReport:
    """What the statistics say of the best entry; NaN where something they need is not known.

    Sharpe ratios are for a year, lengths in years.
    """

    trials: int
    """Runs with a Sharpe ratio, and those stopped early: what the best was chosen from."""
    effective_trials: float = math.nan
    """How many independent ones they amount to, by their mean correlation."""
    periods: int = 0
    """Number of returns of the best."""
    per_year: float = math.nan
    """Returns a year."""
    sharpe: float = math.nan
    """Of the best entry."""
    expected_maximum: float = math.nan
    """The best ratio to be expected of as many trials without any skill."""
    haircut: float = math.nan
    """The ratio that is left after correcting its p-value for the number of trials."""
    probabilistic_sharpe: float = math.nan
    """Probability that the true ratio is above 0, as if the best had been the only trial."""
    deflated_sharpe: float = math.nan
    """Probability that it is above what luck alone would have found."""
    track_record: float = math.nan
    """How long the returns go."""
    minimum_track_record: float = math.nan
    """How long they would have to go on like this to be 95 % sure of a ratio above 0."""
    minimum_backtest: float = math.nan
    """Below this length so many trials find a ratio of 1 where there is no skill."""
    pbo: float = math.nan
    """Probability of back-test over-fitting: the best of one half of the time is below the median in the
    other."""
    loss: float = math.nan
    """How often that choice loses money in the other half."""
    slope: float = math.nan
    """How much of a better ratio comes back in the other half; below 0 it turns around."""
    splits: int = 0
    notes: list[str] = field(default_factory=list)
    """What could not be worked out, and why."""

    @property
    def verdict(self) -> str:
        """``luck``, ``doubtful``, ``holds`` or ``unknown``."""
        known = [each for each in (self.deflated_sharpe, 1.0 - self.pbo) if not math.isnan(each)]
        if not known:
            return "unknown"
        if min(known) < 0.5:
            return "luck"
        certain = math.isnan(self.deflated_sharpe) or self.deflated_sharpe >= 0.95
        stable = math.isnan(self.pbo) or self.pbo <= 0.2
        return "holds" if certain and stable else "doubtful"

    def as_dict(self) -> dict[str, Any]:
        """All of it, and the verdict."""
        return asdict(self) | {"verdict": self.verdict}

    def __str__(self) -> str:
        lines = [f"{self.trials} trials", f"verdict: {self.verdict}"]
        for name, value in asdict(self).items():
            if isinstance(value, float) and not math.isnan(value):
                lines.append(f"{name.replace('_', ' ')}: {value:.4g}")
        return "\n".join([*lines, *self.notes])


def overfitting_report(
    entries: Any,
    returns: Any = None,
    per_year: float | None = None,
    blocks: int = _BLOCKS,
    score: Callable[[Any], Any] | None = None,
    seed: int = 0,
    most: int = _MOST,
) -> OverfittingReport:
    """The statistics for the best of ``entries``.

    ``returns`` are the returns by period: a mapping by number of entry, a table with a column an entry, or
    a function that gives the mapping for some entries.  Without them only the number of trials is known.
    ``per_year`` is how many a year has; by default as the metrics were put on a year.  Of more than
    ``most`` entries as many, taken by chance, stand for all in what needs everybody's returns.
    """
    trials = Trials.of(entries)
    ratios = [_sharpe(e) for e in trials.entries if e.state == COMPLETE and not math.isnan(_sharpe(e))]
    stopped = sum(entry.state == PRUNED for entry in trials.entries)
    report = OverfittingReport((len(ratios) or len(trials.good)) + stopped)
    if not trials.good:
        report.notes.append("there is no valid entry")
        return report
    best = trials.best()
    read = returns_by_number(trials, trials.returns if returns is None else returns)
    own = read([best]).get(best.number)
    if own is None:
        report.notes.append("returns were not kept (keep_returns=True): there are no statistics on them")
        return report
    _count_trials(report, trials, read, blocks, score, seed, most)
    _judge_best(report, best, own, ratios, per_year)
    return report


def _judge_best(
    report: OverfittingReport, best: Entry, own: Any, ratios: list[float], per_year: float | None
) -> None:
    moments = moments_of(own)
    report.periods = moments.count
    if math.isnan(moments.sharpe):
        report.notes.append("the best entry's returns do not vary: nothing to judge")
        return
    report.per_year = per_year = per_year or periods_a_year(best, moments.sharpe)
    root = math.sqrt(per_year)
    shape = {"skew": moments.skew, "kurtosis": moments.kurtosis}
    report.sharpe = moments.sharpe * root
    report.probabilistic_sharpe = probabilistic_sharpe(moments.sharpe, 0.0, moments.count, **shape)
    report.track_record = moments.count / per_year
    report.minimum_track_record = minimum_track_record(moments.sharpe, **shape) / per_year
    number = report.trials if math.isnan(report.effective_trials) else report.effective_trials
    report.minimum_backtest = minimum_backtest_years(number)
    report.haircut = haircut_sharpe(moments.sharpe, number, moments.count) * root
    if len(ratios) < 2:
        report.notes.append("one trial is no choice: nothing to deflate")
        return
    mean = sum(ratios) / len(ratios)
    variance = sum((ratio - mean) ** 2 for ratio in ratios) / (len(ratios) - 1) / per_year
    report.expected_maximum = expected_maximum_sharpe(variance, number) * root
    report.deflated_sharpe = deflated_sharpe(moments.sharpe, variance, number, moments.count, **shape)


def _count_trials(
    report: OverfittingReport, trials: Trials, read: ReturnsOf, blocks: int, score: Any, seed: int, most: int
) -> None:
    """What needs the returns of everybody."""
    table = _table(trials, read, seed, most, report.notes)
    if table is None:
        return
    sampled = effective_trials(table)
    # of a sample: the mean correlation holds for all
    count = table.shape[1]
    mean = (count - sampled) / (count - 1)
    report.effective_trials = mean + (1.0 - mean) * max(report.trials, count)
    blocks = min(blocks, len(table) // _SHORTEST_BLOCK // 2 * 2)
    if blocks < 4:
        report.notes.append(f"{len(table)} returns are too few to be cut into halves in many ways")
        return
    found = pbo(table, blocks, score)
    report.pbo, report.loss, report.slope = found.probability, found.loss, found.slope
    report.splits = len(found.logits)


def _table(
    trials: Trials, read: ReturnsOf, seed: int, most: int, notes: list[str]
) -> NDArray[np.float64] | None:
    """A column of returns for each good entry that has them in the usual number."""
    import numpy as np

    good = trials.good
    if len(good) > most:
        chosen = np.random.default_rng(seed).choice(len(good), most, replace=False)
        good = [good[place] for place in sorted(chosen.tolist())]
        notes.append(f"over-fitting was judged from {most} entries, taken by chance")
    columns = [np.asarray(each, dtype=float) for each in read(good).values()]
    columns = [each for each in columns if len(each) and np.isfinite(each).all() and np.ptp(each) > 0]
    lengths, counts = np.unique([len(each) for each in columns], return_counts=True)
    usual = int(lengths[counts.argmax()]) if len(lengths) else 0
    kept = [each for each in columns if len(each) == usual]
    if len(kept) < 2:
        notes.append("fewer than two entries have returns: the probability of over-fitting is not known")
        return None
    return np.column_stack(kept)


def returns_by_number(trials: Trials, given: Any) -> ReturnsOf:
    """However returns are given, a function that gives them by the numbers of entries."""
    if given is None:
        return lambda some: {}
    if isinstance(given, Mapping):
        return lambda some: {e.number: given[e.number] for e in some if e.number in given}
    if callable(given):
        found: ReturnsOf = given
        return found
    import numpy as np

    table = np.asarray(given, dtype=float)
    if table.ndim != 2 or table.shape[1] != len(trials):
        raise ValueError(f"a table of returns has a column for each of the {len(trials)} entries")
    numbered = all(entry.number >= 0 for entry in trials.entries)
    if not numbered:
        for place, entry in enumerate(trials.entries):
            entry.number = place
    columns = {entry.number: table[:, place] for place, entry in enumerate(trials.entries)}
    return lambda some: {e.number: columns[e.number] for e in some}


def _sharpe(entry: Entry) -> float:
    value = entry.metrics.get("sharpe_ratio")
    return math.nan if value is None or math.isinf(value) else float(value)


def periods_a_year(best: Entry, sharpe: float) -> float:
    """How many returns a year has, as its metrics were put on a year; ``sharpe`` is by period."""
    annual = _sharpe(best)
    if math.isnan(annual) or not sharpe or annual / sharpe <= 0:
        return 252.0
    found = (annual / sharpe) ** 2
    return float(round(found)) if abs(found - round(found)) < 0.01 * found else found
