"""Two searches, or two sets of parameters, side by side; and whether what lies between them is luck."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from ..analyzers.metrics import METRICS
from .entry import Entry
from .job import job_of
from .overfitting import overfitting_report, periods_a_year, returns_by_number
from .surroundings import sensitivity
from .trials import AnalysisError, Trials

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["Comparison", "Row", "Significance", "compare", "compare_params", "paired_bootstrap"]

_RESAMPLES = 2000
_AT_ONCE = 2_000_000


@dataclass
class Row:
    """One number of both sides."""

    name: str
    unit: str
    a: Any
    b: Any
    difference: float = math.nan
    """Of b from a."""
    better: str = ""
    """``a``, ``b``, or nothing where they are equal or it cannot be said."""


@dataclass
class Significance:
    """The difference of the returns of b from those of a on the same periods, by a paired bootstrap.

    Stretches of returns are drawn again and again by chance (Politis and Romano's stationary bootstrap),
    the same ones for both sides.
    """

    periods: int
    correlation: float
    sharpe_difference: float
    """For a year."""
    p_value: float
    """How often chance alone makes as large a difference of the Sharpe ratios, two-sided."""
    low: float
    """The middle 95 % of the resampled differences begin here."""
    high: float
    mean_difference: float
    """Of the mean returns, in percent a year."""
    mean_p_value: float
    block: float
    """Mean length of the stretches."""
    resamples: int


@dataclass
class Comparison:
    """Rows for a table, in three parts."""

    names: tuple[str, str]
    params: list[Row] = field(default_factory=list)
    metrics: list[Row] = field(default_factory=list)
    searches: list[Row] = field(default_factory=list)
    """How both were searched; empty for two sets of parameters."""
    significance: Significance | None = None
    notes: list[str] = field(default_factory=list)

    @property
    def verdict(self) -> str:
        """In a sentence."""
        found = self.significance
        if found is None:
            return "not known: the returns of both are needed, on the same periods"
        better = self.names[1] if found.sharpe_difference > 0 else self.names[0]
        if found.p_value < 0.05:
            return f"{better} is better by its Sharpe ratio (p = {found.p_value:.3f})"
        return f"the difference may well be chance (p = {found.p_value:.3f})"

    def report(self, path: Any, **options: Any) -> Any:
        """Write it as one HTML file and return where it is; options as of `write_report`."""
        from .report import write_report

        return write_report(self, path, **options)

    def as_dict(self) -> dict[str, Any]:
        """All of it as plain data."""
        return asdict(self) | {"verdict": self.verdict}

    def __str__(self) -> str:
        lines = [f"{'':24} {self.names[0]:>16} {self.names[1]:>16} {'difference':>12}"]
        for rows in (self.params, self.metrics, self.searches):
            for row in rows:
                shown = [_shown(each) for each in (row.a, row.b)]
                apart = "" if math.isnan(row.difference) else f"{row.difference:+.4g}"
                ahead = {"a": self.names[0], "b": self.names[1]}.get(row.better, "")
                lines.append(f"{row.name:24} {shown[0]:>16} {shown[1]:>16} {apart:>12} {ahead}".rstrip())
        return "\n".join([*lines, self.verdict, *self.notes])


def compare(
    a: Any,
    b: Any,
    names: Sequence[str] | None = None,
    storage: Any = None,
    returns: tuple[Any, Any] | None = None,
    per_year: float | None = None,
    seed: int = 0,
    resamples: int = _RESAMPLES,
) -> Comparison:
    """Compare two searches by their best: results, lists of entries, or names of studies in ``storage``.

    Two single entries are compared just so.  ``returns`` are the returns by period of both bests, if
    their studies did not keep them.
    """
    sides = [_side(each, storage) for each in (a, b)]
    bests = [side.best() for side in sides]
    found = Comparison(_names(a, b, names), _params(*bests), _metrics(*bests))
    if all(len(side) > 1 for side in sides):
        found.searches = _searches(*sides)
    if returns is None:
        read = [returns_by_number(side, side.returns) for side in sides]
        returns = tuple(get([best]).get(best.number) for get, best in zip(read, bests, strict=True))  # type: ignore[assignment]
    assert returns is not None
    one, other = returns
    if one is None or other is None:
        found.notes.append("returns were not kept (keep_returns=True): chance is not judged")
    elif len(one) != len(other):
        found.notes.append(f"{len(one)} and {len(other)} returns: they are not of the same periods")
    else:
        year = per_year or periods_a_year(bests[0], _ratio(one))
        found.significance = paired_bootstrap(one, other, year, seed, resamples)
    return found


def compare_params(
    strategy: Any,
    data: Any,
    a: Mapping[str, Any],
    b: Mapping[str, Any],
    names: Sequence[str] = ("a", "b"),
    seed: int = 0,
    **options: Any,
) -> Comparison:
    """Run two sets of parameters over the same data and compare them; options are those of a run."""
    import numpy as np

    job = job_of(strategy, data, keep_returns=True, **options)
    for params in (a, b):
        job.check(dict(params))
    job.prepare()
    outcomes = [job.run(params) for params in (a, b)]
    for name, outcome in zip(names, outcomes, strict=True):
        if outcome.error:
            raise AnalysisError(f"the run of {name} failed:\n{outcome.error}")
    entries = [
        Entry(dict(params), outcome.metrics["total_return"], outcome.metrics, number)
        for number, (params, outcome) in enumerate(zip((a, b), outcomes, strict=True))
    ]
    arrays = [np.frombuffer(outcome.returns or b"", dtype=np.float32) for outcome in outcomes]
    return compare(entries[0], entries[1], names, returns=(arrays[0], arrays[1]), seed=seed)


def _side(given: Any, storage: Any) -> Trials:
    single = isinstance(given, Entry) or (isinstance(given, Mapping) and "params" in given)
    return Trials([given]) if single else Trials.of(given, storage=storage)


def _names(a: Any, b: Any, names: Sequence[str] | None) -> tuple[str, str]:
    if names is not None:
        return names[0], names[1]
    found = [each if isinstance(each, str) else str(getattr(each, "name", "") or "") for each in (a, b)]
    shown = [letter if name in ("", "unnamed") else name for letter, name in zip("ab", found, strict=True)]
    return shown[0], shown[1]


# -- rows ----------------------------------------------------------------------------------------------
def _params(a: Entry, b: Entry) -> list[Row]:
    rows = []
    for name in dict.fromkeys([*a.params, *b.params]):
        one, other = a.params.get(name), b.params.get(name)
        rows.append(Row(name, "", one, other, _difference(one, other)))
    return rows


def _metrics(a: Entry, b: Entry) -> list[Row]:
    rows = [_row("score", "", a.score, b.score, "")]
    for name in dict.fromkeys([*METRICS, *a.metrics, *b.metrics]):
        if name in a.metrics or name in b.metrics:
            about = METRICS.get(name)
            one, other = (entry.metrics.get(name, math.nan) for entry in (a, b))
            unit, better = ("", "") if about is None else (about.unit, about.better)
            rows.append(_row(name, unit, one, other, better))
    return rows


def _searches(a: Trials, b: Trials) -> list[Row]:
    rows = []
    reports = [overfitting_report(side) for side in (a, b)]
    around = [sensitivity(side) for side in (a, b)]
    for name, unit, better, values in (
        ("entries", "count", "", [len(side) for side in (a, b)]),
        ("counted", "count", "", [len(side.good) for side in (a, b)]),
        ("median score", "", "", [_median(side) for side in (a, b)]),
        ("plateau", "", "high", [each.plateau for each in around]),
        ("deflated sharpe", "", "high", [each.deflated_sharpe for each in reports]),
        ("overfitting", "", "low", [each.pbo for each in reports]),
    ):
        if not all(isinstance(value, float) and math.isnan(value) for value in values):
            rows.append(_row(name, unit, values[0], values[1], better))
    return rows


def _row(name: str, unit: str, a: float, b: float, better: str) -> Row:
    apart = _difference(a, b)
    ahead = ""
    if better and apart and not math.isnan(apart):
        ahead = "b" if (apart > 0) == (better == "high") else "a"
    return Row(name, unit, a, b, apart, ahead)


def _difference(a: Any, b: Any) -> float:
    numbers = all(isinstance(each, int | float) and not isinstance(each, bool) for each in (a, b))
    if not numbers or (a == b and math.isinf(a)):
        return math.nan
    return float(b - a)


def _median(side: Trials) -> float:
    import numpy as np

    scores = side.only_good().scores()
    return float(np.median(scores)) if len(scores) else math.nan


# -- chance --------------------------------------------------------------------------------------------
def paired_bootstrap(
    a: Any,
    b: Any,
    per_year: float = 252.0,
    seed: int = 0,
    resamples: int = _RESAMPLES,
    block: float | None = None,
) -> Significance:
    """Whether two series of returns on the same periods differ by more than chance.

    ``block`` is the mean length of the stretches drawn, the cube root of their number if not given; 1
    draws single returns.
    """
    import numpy as np

    one, other = np.asarray(a, dtype=float), np.asarray(b, dtype=float)
    kept = np.isfinite(one) & np.isfinite(other)
    one, other = one[kept], other[kept]
    count = len(one)
    if count < 10:
        raise AnalysisError(f"{count} returns on the same periods are too few to tell chance from skill")
    length = max(1.0, float(block) if block is not None else round(count ** (1 / 3)))
    generator = np.random.default_rng(seed)
    ratios, means = [], []
    portion = max(1, _AT_ONCE // count)
    for begin in range(0, resamples, portion):
        places = _places(generator, min(portion, resamples - begin), count, length)
        first, second = one[places], other[places]
        ratios.append(_ratios(second) - _ratios(first))
        means.append(second.mean(axis=1) - first.mean(axis=1))
    root = math.sqrt(per_year)
    drawn, drawn_means = np.concatenate(ratios) * root, np.concatenate(means)
    seen = (_ratio(other) - _ratio(one)) * root
    mean = float(other.mean() - one.mean())
    varied = np.ptp(one) > 0 and np.ptp(other) > 0
    return Significance(
        count,
        float(np.corrcoef(one, other)[0, 1]) if varied else math.nan,
        seen,
        _p_value(drawn, seen),
        float(np.quantile(drawn, 0.025)),
        float(np.quantile(drawn, 0.975)),
        100.0 * per_year * mean,
        _p_value(drawn_means, mean),
        length,
        resamples,
    )


def _p_value(drawn: NDArray[np.float64], seen: float) -> float:
    """How often draws are as far from what was seen as that is from nothing."""
    import numpy as np

    extreme = int((np.abs(drawn - seen) >= abs(seen)).sum())
    return (extreme + 1) / (len(drawn) + 1)


def _places(generator: np.random.Generator, resamples: int, count: int, length: float) -> NDArray[np.int64]:
    """Stretches of random length that begin anywhere and go around the end."""
    import numpy as np

    begins = generator.random((resamples, count)) < 1.0 / length
    begins[:, 0] = True
    starts = generator.integers(0, count, (resamples, count))
    steps = np.arange(count)
    last = np.maximum.accumulate(np.where(begins, steps, 0), axis=1)
    found: NDArray[np.int64] = (np.take_along_axis(starts, last, axis=1) + steps - last) % count
    return found


def _ratios(rows: NDArray[np.float64]) -> NDArray[np.float64]:
    """Sharpe ratios of rows; 0 for one that does nothing."""
    import numpy as np

    spread = rows.std(axis=1, ddof=1)
    return np.where(spread > 0, rows.mean(axis=1) / np.where(spread > 0, spread, 1.0), 0.0)


def _ratio(returns: Any) -> float:
    import numpy as np

    return float(_ratios(np.asarray(returns, dtype=float)[None, :])[0])


def _shown(value: Any) -> str:
    return f"{value:.6g}" if isinstance(value, float) else str(value)
