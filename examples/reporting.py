"""Turn the figures of a few runs into a table and into one HTML page with a chart.

Takes plain numbers and knows nothing of the engine; the page needs no network and no
other file.
"""

import datetime as dt
from dataclasses import dataclass
from html import escape
from itertools import accumulate

COLOURS = ("#1f6fb2", "#c9782b")
WIDTH, EQUITY_HEIGHT, DRAWDOWN_HEIGHT, LEFT, TOP, GAP = 920, 300, 110, 74, 14, 34


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
    days: list[dt.date]
    equity: list[float]

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


# --- the page ------------------------------------------------------------------------------

STYLE = """
body { font: 15px/1.45 system-ui, sans-serif; max-width: 960px; margin: 2em auto; padding: 0 1em;
       color: #222; background: #fff }
h1 { font-size: 1.35em } h2 { font-size: 1.1em; margin-top: 2em }
table { border-collapse: collapse; font-variant-numeric: tabular-nums }
td, th { padding: .22em 1.1em .22em 0; text-align: right; border-bottom: 1px solid #e4e4e4 }
td:first-child, th:first-child { text-align: left }
svg { width: 100%; height: auto } svg text { font: 12px system-ui, sans-serif; fill: #666 }
.loss { color: #b03030 }
@media (prefers-color-scheme: dark) {
  body { color: #ddd; background: #1b1b1b } td, th { border-color: #383838 } svg text { fill: #aaa }
  .loss { color: #ec8080 } }
"""


def as_html(title: str, runs: list[Run]) -> str:
    """One page: the chart, the table, the years and every trade of the first run."""
    names = [run.name for run in runs]
    trades = [
        [
            str(trade.opened),
            str(trade.closed),
            str(trade.bars),
            *map(number, (trade.entry, trade.gross, trade.net)),
        ]
        for trade in runs[0].trades
    ]
    heading = ["Opened", "Closed", "Bars", "Entry", "Gross", "Net"]
    return "\n".join(
        [
            f"<!doctype html><html lang='en'><head><meta charset='utf-8'><title>{escape(title)}</title>",
            "<meta name='viewport' content='width=device-width'>",
            f"<style>{STYLE}</style></head><body>",
            f"<h1>{escape(title)}</h1>",
            chart(runs),
            html_table(["", *names], rows(runs)),
            "<h2>Year by year</h2>",
            html_table(["", *names], year_rows(runs)),
            f"<h2>Closed trades: {escape(names[0])}</h2>",
            html_table(heading, trades),
            "</body></html>\n",
        ]
    )


def html_table(heading: list[str], body: list[list[str]]) -> str:
    """A table; a figure below zero is marked."""

    def cell(text: str) -> str:
        negative = text.startswith("-") and len(text) > 1
        return f"<td class='loss'>{escape(text)}</td>" if negative else f"<td>{escape(text)}</td>"

    head = "".join(f"<th>{escape(text)}</th>" for text in heading)
    lines = ["<tr>" + "".join(map(cell, row)) + "</tr>" for row in body]
    return f"<table><thead><tr>{head}</tr></thead><tbody>{''.join(lines)}</tbody></table>"


def chart(runs: list[Run]) -> str:
    """The equity curves and, under them, how far each is below its best."""
    below = [[100 * (value / best - 1) for value, best in zip(*with_best(run), strict=True)] for run in runs]
    height = TOP + EQUITY_HEIGHT + GAP + DRAWDOWN_HEIGHT + 24
    parts = [f"<svg viewBox='0 0 {WIDTH} {height}' role='img' aria-label='Equity curve'>"]
    parts += panel([run.equity for run in runs], TOP, EQUITY_HEIGHT, "{:,.0f}")
    parts += panel(below, TOP + EQUITY_HEIGHT + GAP, DRAWDOWN_HEIGHT, "{:.0f} %")
    parts += year_marks(runs[0].days, height)
    for index, run in enumerate(runs):
        y = TOP + 16 + 18 * index
        parts.append(f"<rect x='{LEFT + 10}' y='{y - 9}' width='14' height='4' fill='{COLOURS[index]}'/>")
        parts.append(f"<text x='{LEFT + 30}' y='{y - 2}'>{escape(run.name)}</text>")
    return "".join([*parts, "</svg>"])


def with_best(run: Run) -> tuple[list[float], list[float]]:
    """A run's equity and the best it had been until then."""
    return run.equity, list(accumulate(run.equity, max, initial=run.cash))[1:]


def panel(curves: list[list[float]], top: float, height: float, form: str) -> list[str]:
    """Curves that share one vertical axis, with its lines and labels."""
    low, high = min(map(min, curves)), max(map(max, curves))
    span = (high - low) or 1.0

    def y(value: float) -> float:
        return top + height * (high - value) / span

    parts = []
    for value in ticks(low, high):
        line = f"x1='{LEFT}' x2='{WIDTH}' y1='{y(value):.1f}' y2='{y(value):.1f}'"
        parts.append(f"<line {line} stroke='#888' stroke-opacity='.25'/>")
        parts.append(
            f"<text x='{LEFT - 8}' y='{y(value) + 4:.1f}' text-anchor='end'>{form.format(value)}</text>"
        )
    for colour, curve in zip(COLOURS, curves, strict=False):
        step = (WIDTH - LEFT) / max(1, len(curve) - 1)
        points = " ".join(f"{LEFT + step * index:.1f},{y(value):.1f}" for index, value in enumerate(curve))
        parts.append(f"<polyline points='{points}' fill='none' stroke='{colour}' stroke-width='1.4'/>")
    return parts


def ticks(low: float, high: float) -> list[float]:
    """Three to eight round values between two others."""
    span = (high - low) or 1.0
    size = 10.0 ** len(str(int(span)))
    step = next(size / part for part in (1, 2, 4, 10, 20, 40, 100, 1000) if span / (size / part) >= 3)
    first = -(-low // step) * step
    return [first + step * index for index in range(int((high - first) / step) + 1)]


def year_marks(days: list[dt.date], height: float) -> list[str]:
    """A label where each year begins."""
    step = (WIDTH - LEFT) / max(1, len(days) - 1)
    starts = [index for index in range(1, len(days)) if days[index].year != days[index - 1].year]
    return [f"<text x='{LEFT + step * i:.1f}' y='{height - 6}'>{days[i].year}</text>" for i in starts]
