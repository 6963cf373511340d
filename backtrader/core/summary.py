"""The numbers of a run as people read them: a table in the terminal, a frame, a row in a notebook."""

from __future__ import annotations

import html
from collections.abc import Iterator, Mapping
from math import isfinite
from typing import Any

from ..analyzers.metrics import METRICS
from ..utils.dateintern import num2date
from .outcome import metrics_of

__all__ = ["TITLES", "Summary", "summarise"]

TITLES = {
    "final_value": "Final value", "total_return": "Total return", "annual_return": "Annual return",
    "volatility": "Volatility, annual", "sharpe_ratio": "Sharpe ratio", "sortino_ratio": "Sortino ratio",
    "calmar_ratio": "Calmar ratio", "sqn": "SQN", "trades": "Trades closed", "wins": "Won", "losses": "Lost",
    "win_rate": "Win rate", "gross_profit": "Gross profit", "gross_loss": "Gross loss",
    "profit_factor": "Profit factor", "expectancy": "Mean trade", "max_drawdown_pct": "Max draw-down",
    "max_drawdown_len": "Longest draw-down", "exposure": "Exposure", "turnover": "Turnover",
    "commission": "Commission",
}  # fmt: skip


class Summary(Mapping[str, float]):
    """The metrics of a run by name; `str` is the table, `to_frame` a pandas DataFrame.

    ``strategies`` are the names of the strategies, ``start`` and ``end`` the times of the first and last
    bar, ``start_value`` the money the run began with.
    """

    def __init__(
        self, metrics: dict[str, float], strategies: list[str], start: Any, end: Any, bars: int,
        start_value: float,
    ) -> None:  # fmt: skip
        self.metrics = metrics
        self.strategies = strategies
        self.start, self.end, self.bars = start, end, bars
        self.start_value = start_value

    def __getitem__(self, name: str) -> float:
        try:
            return self.metrics[name]
        except KeyError:
            from ..utils.params import nearest

            raise KeyError(f"there is no metric {name!r}; " + nearest(name, self.metrics)) from None

    def __getattr__(self, name: str) -> float:
        if name.startswith("_") or name == "metrics" or name not in self.metrics:
            raise AttributeError(name)
        return self.metrics[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.metrics)

    def __len__(self) -> int:
        return len(self.metrics)

    def rows(self) -> list[tuple[str, str]]:
        """(what, value as text), in the order of the table."""
        rows = [
            ("Strategy", ", ".join(self.strategies)),
            ("Period", f"{_moment(self.start)} to {_moment(self.end)}, {self.bars:,} bars"),
            ("Start value", f"{self.start_value:,.2f}"),
        ]
        return rows + [(TITLES[name], _text(name, value)) for name, value in self.metrics.items()]

    def to_dict(self) -> dict[str, float]:
        """The plain numbers."""
        return dict(self.metrics)

    def to_frame(self) -> Any:
        """A pandas DataFrame: a row a metric, with value and unit."""
        import pandas as pd

        units = [METRICS[name].unit for name in self.metrics]
        return pd.DataFrame(
            {"value": list(self.metrics.values()), "unit": units}, index=pd.Index(self.metrics, name="metric")
        )

    def show(self, file: Any = None) -> None:
        """Print the table: with rich if it is there, plainly otherwise."""
        try:
            from rich.console import Console
            from rich.table import Table
        except ImportError:
            print(self, file=file)
            return
        table = Table(title="Result", show_header=False, title_justify="left")
        table.add_column(style="dim")
        table.add_column(justify="right")
        for title, text in self.rows():
            table.add_row(title, text)
        Console(file=file).print(table)

    def __str__(self) -> str:
        rows = self.rows()
        wide, deep = max(len(title) for title, _ in rows), max(len(text) for _, text in rows)
        return "\n".join(f"{title:<{wide}}  {text:>{deep}}" for title, text in rows)

    __repr__ = __str__

    def _repr_html_(self) -> str:
        cells = "".join(
            f"<tr><td>{html.escape(title)}</td><td style='text-align:right'>{html.escape(text)}</td></tr>"
            for title, text in self.rows()
        )
        return f"<table>{cells}</table>"


def summarise(strategies: Any, trading_days: float = 252.0) -> Summary:
    """The summary of strategies of one run."""
    strategies = list(strategies)
    first = strategies[0]
    names = [type(strategy).__name__ for strategy in strategies]
    times = [_ends(data) for data in first.cerebro.datas if len(data)]
    start = min((begin for begin, _ in times), default=None)
    end = max((last for _, last in times), default=None)
    started = float(getattr(first.broker, "startingcash", float("nan")))
    return Summary(metrics_of(strategies, trading_days), names, start, end, len(first), started)


def _ends(data: Any) -> tuple[Any, Any]:
    line = data.lines.datetime
    tz = data._tz
    return num2date(line.array[0], tz), num2date(line[0], tz)


def _moment(when: Any) -> str:
    if when is None:
        return "-"
    return str(
        when.date() if not (when.hour or when.minute) or when.hour == 23 else when.replace(microsecond=0)
    )


def _text(name: str, value: float) -> str:
    unit = METRICS[name].unit
    if not isfinite(value):
        return "-" if value != value else "unlimited"
    if unit in ("count", "bars"):
        return f"{value:,.0f}" + (" bars" if unit == "bars" else "")
    return f"{value:,.2f}" + (" %" if unit == "%" else "")
