"""What a walk-forward came to: window by window, and as one account."""

from __future__ import annotations

import datetime as _dt
import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from typing import Any, NamedTuple

from ..utils.dateintern import num2date
from ..utils.optional import require
from .honesty import minimum_track_record, moments_of, probabilistic_sharpe
from .objective import ObjectiveFunction
from .space import ParamSpace
from .stitched import Stitched

__all__ = ["Stability", "WalkForwardResult", "WindowResult"]


@dataclass
class WindowResult:
    """One window: what was found on the first stretch, and what it did on the second."""

    number: int
    train_start: _dt.datetime
    """The first and last bars of both stretches."""
    train_end: _dt.datetime
    test_start: _dt.datetime
    test_end: _dt.datetime
    start_value: float = math.nan
    """Of the account, where the second stretch begins."""
    params: dict[str, Any] | None = None
    """What was traded; None if nothing that was found could be."""
    in_score: float = math.nan
    out_score: float = math.nan
    in_sample: dict[str, float] = field(default_factory=dict)
    out_of_sample: dict[str, float] = field(default_factory=dict)
    trials: int = 0
    failures: int = 0
    note: str = ""
    """Why nothing was traded."""
    curve: tuple[Any, Any] | None = None
    """Times and values of the account; only for the search in hindsight."""


class Stability(NamedTuple):
    """What became of one parameter from window to window."""

    values: list[Any]
    changes: float
    """Share of the windows in which it is another value than in the one before."""
    drift: float
    """Mean distance from one window to the next as a share of the range: 0 stays, a third is chance.

    For choices the same as `changes`."""


@dataclass
class WalkForwardResult:
    """The windows, and the account that went through all of them."""

    windows: list[WindowResult]
    stitched: Stitched
    objective: ObjectiveFunction
    space: ParamSpace
    settings: dict[str, Any] = field(default_factory=dict)
    hindsight: WindowResult | None = None
    """A search that saw all the tests, if it was asked for."""

    @property
    def metrics(self) -> dict[str, float]:
        """All metrics of the account through the tests."""
        return self.stitched.metrics

    @property
    def times(self) -> list[_dt.datetime]:
        """When the account was worth `values`: at every bar of the tests."""
        return [num2date(number) for number in self.stitched.times]

    @property
    def values(self) -> Any:
        """The value of the account at `times`."""
        return self.stitched.values

    # -- how much of the search came true --------------------------------------------------------------
    @property
    def efficiency(self) -> float:
        """The annual return of the account as a share of what the searches showed on average.

        No number where those showed no gain.
        """
        promised = self._mean([w.in_sample.get("annual_return", math.nan) for w in self.windows])
        return self.metrics["annual_return"] / promised if promised > 0 else math.nan

    @property
    def decay(self) -> float:
        """How much worse the objective is out of sample than in sample, on average; below 0 it is better."""
        sign = 1.0 if self.objective.maximize else -1.0
        return self._mean([sign * (w.in_score - w.out_score) for w in self.windows])

    @property
    def winning(self) -> float:
        """Share of the traded windows that made money."""
        traded = [w.out_of_sample["total_return"] > 0 for w in self.windows if w.out_of_sample]
        return sum(traded) / len(traded) if traded else math.nan

    @cached_property
    def stability(self) -> dict[str, Stability]:
        """How the chosen parameters move from window to window."""
        chosen = [window.params for window in self.windows if window.params is not None]
        found = {}
        for name, dimension in self.space.dimensions.items():
            values = [params[name] for params in chosen if name in params]
            if dimension.kind in ("fixed", "derived") or not values:
                continue
            pairs = list(pairwise(values))
            changes = self._mean([float(a != b) for a, b in pairs])
            span = _span(dimension)
            drift = self._mean([abs(a - b) / span for a, b in pairs]) if span else changes
            found[name] = Stability(values, changes, drift)
        return found

    @cached_property
    def honesty(self) -> dict[str, float]:
        """Probability that the account's true Sharpe ratio is above 0, and the years to be 95 % sure of it.

        The tests were not searched on, so that nothing is to be deflated: but do not choose among many
        walk-forwards by them.
        """
        moments = moments_of(self.stitched.returns)
        if math.isnan(moments.sharpe):
            return {"probabilistic_sharpe": math.nan, "minimum_track_record": math.nan}
        shape = {"skew": moments.skew, "kurtosis": moments.kurtosis}
        needed = minimum_track_record(moments.sharpe, **shape) / self.stitched.record.per_year
        return {
            "probabilistic_sharpe": probabilistic_sharpe(moments.sharpe, 0.0, moments.count, **shape),
            "minimum_track_record": needed,
        }

    @staticmethod
    def _mean(values: Sequence[float]) -> float:
        known = [value for value in values if math.isfinite(value)]
        return sum(known) / len(known) if known else math.nan

    # -- to look at --------------------------------------------------------------------------------------
    def rows(self) -> list[dict[str, Any]]:
        """A row a window: its dates, what was chosen, scores and returns of both stretches."""
        return [
            {
                "window": window.number,
                "train_start": window.train_start,
                "train_end": window.train_end,
                "test_start": window.test_start,
                "test_end": window.test_end,
                "params": window.params,
                "in_score": window.in_score,
                "out_score": window.out_score,
                "in_return": window.in_sample.get("annual_return", math.nan),
                "out_return": window.out_of_sample.get("annual_return", math.nan),
                "trades": window.out_of_sample.get("trades", 0.0),
                "trials": window.trials,
                "note": window.note,
            }
            for window in self.windows
        ]

    def to_dataframe(self) -> Any:
        """`rows` as a DataFrame, with a column for each parameter."""
        pandas = require("pandas", "pandas", "to_dataframe()")
        rows = []
        for row in self.rows():
            params = row.pop("params") or {}
            rows.append(row | {name: params.get(name) for name in self.space.names})
        return pandas.DataFrame(rows)

    def as_dict(self) -> dict[str, Any]:
        """Everything as plain data, times as ISO texts."""
        rows = [
            {
                name: value.isoformat() if isinstance(value, _dt.datetime) else value
                for name, value in row.items()
            }
            for row in self.rows()
        ]
        found: dict[str, Any] = {
            "settings": self.settings, "objective": self.objective.name, "windows": rows,
            "metrics": self.metrics, "efficiency": self.efficiency, "decay": self.decay,
            "winning": self.winning, "honesty": self.honesty,
            "stability": {name: each._asdict() for name, each in self.stability.items()},
            "times": [time.isoformat() for time in self.times], "values": self.values.tolist(),
        }  # fmt: skip
        if self.hindsight is not None:
            times, values = self.hindsight.curve or ([], [])
            found["hindsight"] = {
                "params": self.hindsight.params, "metrics": self.hindsight.in_sample,
                "times": [num2date(time).isoformat() for time in times], "values": list(map(float, values)),
            }  # fmt: skip
        return found

    def report(self, path: Any, **options: Any) -> Any:
        """Write the report, one HTML file, and return where it is; options as of `write_report`."""
        from .report import write_report

        return write_report(self, path, **options)

    def plot(self) -> Any:
        """The account through the tests, beside the search in hindsight, and both scores of each window."""
        from .walkplot import walk_forward_figure

        return walk_forward_figure(self)

    def __str__(self) -> str:
        lines = [f"{'test':23} {'in':>9} {'out':>9} {'return %':>9} {'trades':>6}  parameters"]
        for window in self.windows:
            dates = f"{window.test_start:%Y-%m-%d}..{window.test_end:%Y-%m-%d}"
            out = window.out_of_sample
            shown = ", ".join(f"{name}={_short(value)}" for name, value in (window.params or {}).items())
            lines.append(
                f"{dates:23} {window.in_score:9.4g} {window.out_score:9.4g} "
                f"{out.get('total_return', 0.0):9.2f} {out.get('trades', 0.0):6.0f}  {shown or window.note}"
            )
        metrics = self.metrics
        lines.append(
            f"together: return {metrics['total_return']:.2f} %, a year {metrics['annual_return']:.2f} %, "
            f"Sharpe ratio {metrics['sharpe_ratio']:.2f}, draw-down {metrics['max_drawdown_pct']:.2f} %; "
            f"efficiency {self.efficiency:.2f}, windows with a gain {100 * self.winning:.0f} %"
        )
        return "\n".join(lines)


def _span(dimension: Any) -> float:
    """The range of a number; 0 for what has none."""
    if dimension.kind in ("int", "float"):
        return float(dimension.high - dimension.low)
    numbers = [choice for choice in dimension.choices if isinstance(choice, int | float)]
    several = len(numbers) == len(dimension.choices) and not any(isinstance(n, bool) for n in numbers)
    return float(max(numbers) - min(numbers)) if several else 0.0


def _short(value: Any) -> str:
    return f"{value:.6g}" if isinstance(value, float) else str(value)
