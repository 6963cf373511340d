"""Turn the figures of a few runs into a table for the terminal.

Takes plain numbers and knows nothing of the engine. Not a program: ``quickstart.py`` uses it.
"""

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True)
class TradeRow:
    """One closed trade."""

    opened: dt.date
    closed: dt.date
    bars: int
    entry: float
    gross: float
    net: float


@dataclass(frozen=True)
class Run:
    """What one strategy did with the money."""

    name: str
    cash: float
    value: float
    cagr: float
    sharpe: float | None
    sqn: float | None
    drawdown: float
    drawdown_money: float
    drawdown_bars: int
    trades: list[TradeRow]
    open_trades: int
    commission: float
    years: dict[int, float]

    @property
    def won(self) -> list[float]:
        """The net results of the trades that made money."""
        return [trade.net for trade in self.trades if trade.net > 0]

    @property
    def lost(self) -> list[float]:
        """The net results of those that did not."""
        return [trade.net for trade in self.trades if trade.net <= 0]

    def win_rate(self) -> float | None:
        """How many of a hundred closed trades made money."""
        return 100 * len(self.won) / len(self.trades) if self.trades else None

    def profit_factor(self) -> float | None:
        """Money won for each unit of money lost."""
        return sum(self.won) / -sum(self.lost) if sum(self.lost) < 0 else None


def number(value: float | None, form: str = ",.2f", unit: str = "") -> str:
    """A figure as text; a dash where there is none."""
    return "-" if value is None else f"{value:{form}}{unit}"


def mean(values: list[float]) -> float | None:
    """The average, or nothing of nothing."""
    return sum(values) / len(values) if values else None


def figures(run: Run) -> list[tuple[str, str]]:
    """The rows of the table for one run: a label and its figure each."""
    net = [trade.net for trade in run.trades]
    return [
        ("Start value", number(run.cash)),
        ("Final value", number(run.value)),
        ("Net profit", number(run.value - run.cash, "+,.2f")),
        ("Total return", number(100 * (run.value / run.cash - 1), "+.2f", " %")),
        ("Return a year (CAGR)", number(run.cagr, "+.2f", " %")),
        ("Max draw-down", number(run.drawdown, ".2f", " %")),
        ("Max draw-down, money", number(run.drawdown_money)),
        ("Longest draw-down", number(run.drawdown_bars, ",.0f", " bars")),
        ("Sharpe ratio (a year)", number(run.sharpe)),
        ("SQN", number(run.sqn if run.trades else None)),
        ("Trades closed", number(len(run.trades), "d")),
        ("Trades open at the end", number(run.open_trades, "d")),
        ("Win rate", number(run.win_rate(), ".1f", " %")),
        ("Profit factor", number(run.profit_factor())),
        ("Average trade, net", number(mean(net), "+,.2f")),
        ("Best trade, net", number(max(net, default=None), "+,.2f")),
        ("Worst trade, net", number(min(net, default=None), "+,.2f")),
        ("Bars in a trade, average", number(mean([trade.bars for trade in run.trades]), ".1f")),
        ("Commission paid", number(run.commission)),
    ]


def rows(runs: list[Run]) -> list[list[str]]:
    """The table: each label once, then the figure of every run."""
    columns = [figures(run) for run in runs]
    return [[label, *(column[index][1] for column in columns)] for index, (label, _) in enumerate(columns[0])]


def year_rows(runs: list[Run]) -> list[list[str]]:
    """The return of every calendar year, run beside run."""
    years = sorted({year for run in runs for year in run.years})
    return [[str(year), *(yearly(run.years.get(year)) for run in runs)] for year in years]


def yearly(change: float | None) -> str:
    """A year's return as a percentage."""
    return number(None if change is None else 100 * change, "+.2f", " %")


def as_text(title: str, runs: list[Run]) -> str:
    """The table for a terminal."""
    heading = ["", *(run.name for run in runs)]
    body, years = rows(runs), year_rows(runs)
    widths = [max(len(row[column]) for row in [heading, *body, *years]) for column in range(len(heading))]

    def line(row: list[str]) -> str:
        cells = [row[0].ljust(widths[0])]
        cells += [cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True)]
        return "   ".join(cells).rstrip()

    rule = "-" * len(line(["x" * width for width in widths]))
    parts = [title, "", line(heading), rule, *map(line, body), rule, *map(line, years)]
    return "\n".join(parts)
