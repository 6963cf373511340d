"""The comparison as text: with rich if it is installed and somebody looks, plain otherwise."""

from __future__ import annotations

import importlib.util
import sys
from typing import Any

from .difference import Comparison, Row
from .process import Outcome

_HERE = "this engine"


class Plain:
    """Columns of text."""

    def line(self, text: str = "", good: bool | None = None) -> None:
        """A line of its own."""
        print(text)

    def table(self, title: str, heads: tuple[str, str, str], rows: list[Row]) -> None:
        """A title, then label, both values and whether they are equal."""
        print(title)
        widths = [
            max([len(head), *(len(getattr(row, name)) for row in rows)])
            for head, name in zip(heads, ("label", "original", "here"), strict=True)
        ]
        lines = [heads, *((row.label, row.original, row.here) for row in rows)]
        for i, cells in enumerate(lines):
            mark = "" if i == 0 else _mark(rows[i - 1].equal)
            first = cells[0].ljust(widths[0])
            rest = "  ".join(cell.ljust(width) for cell, width in zip(cells[1:], widths[1:], strict=True))
            print(f"  {first}  {rest}  {mark}".rstrip())


class Rich(Plain):
    """Tables in colour."""

    def __init__(self, rich: Any) -> None:
        self._table = rich.table.Table
        self._console = rich.console.Console(highlight=False)
        self._escape = rich.markup.escape

    def line(self, text: str = "", good: bool | None = None) -> None:
        """A line of its own, green or red if it is good or bad."""
        style = {None: None, True: "green", False: "bold red"}[good]
        self._console.print(self._escape(text), style=style)

    def table(self, title: str, heads: tuple[str, str, str], rows: list[Row]) -> None:
        """A title, then label, both values and whether they are equal."""
        table = self._table(title=title, title_justify="left")
        table.add_column(heads[0])
        for head in heads[1:]:
            table.add_column(head, justify="right")
        table.add_column("")
        for row in rows:
            cells = [self._escape(cell) for cell in (row.label, row.original, row.here)]
            mark = _mark(row.equal)
            table.add_row(*cells, "[red]" + mark if mark == "differs" else mark)
        self._console.print(table)


def _mark(equal: bool | None) -> str:
    return {True: "=", False: "differs", None: ""}[equal]


def printer(plain: bool) -> Plain:
    """How to print: rich on a terminal that has it."""
    if plain or not sys.stdout.isatty() or importlib.util.find_spec("rich") is None:
        return Plain()
    import rich.console
    import rich.markup
    import rich.table

    return Rich(rich)


def show(
    found: Comparison,
    outcomes: tuple[Outcome, Outcome],
    times: tuple[Outcome, Outcome] | None,
    orders: int,
    out: Plain,
) -> None:
    """Print everything."""
    original, here = outcomes
    heads = ("", f"original {original.version}", f"{_HERE} {here.version}")
    for title, rows, lines in zip(found.titles, found.rows, found.orders, strict=True):
        out.table(title, heads, rows)
        if lines and orders:
            _show_orders(lines, orders, heads, out)
        out.line()
    out.table("time in seconds", heads, _times(outcomes, times))
    out.line()
    if original.output != here.output:
        out.line("The script printed different text (not counted; --output shows both).")
    first = found.first
    if first is None:
        out.line("Equal: every order, trade, value and analysis is the same.", good=True)
    else:
        more = len(found.differences) - 1
        out.line(f"First difference, run {first.run}: {first.text}", good=False)
        if more:
            out.line(f"{more} more {'thing differs' if more == 1 else 'things differ'}; --all lists them.")


def _show_orders(
    lines: list[tuple[str, str, bool]], orders: int, heads: tuple[str, str, str], out: Plain
) -> None:
    """The first orders, and around the first difference."""
    first = next((i for i, line in enumerate(lines) if not line[2]), 0)
    begin = max(0, min(first - orders // 2, len(lines) - orders))
    rows = [
        Row(str(i + 1), a, b, equal) for i, (a, b, equal) in enumerate(lines[begin : begin + orders], begin)
    ]
    out.table(f"orders {begin + 1} to {begin + len(rows)} of {len(lines)}", ("order", *heads[1:]), rows)


def _times(outcomes: tuple[Outcome, Outcome], times: tuple[Outcome, Outcome] | None) -> list[Row]:
    """Seconds of each run and of the script; from runs without a recorder if there are any."""
    a, b = times or outcomes
    rows = []
    for i, (theirs, ours) in enumerate(zip(a.runs, b.runs, strict=False), 1):
        rows.append(_time_row(f"cerebro.run() {i}", theirs["seconds"], ours["seconds"]))
    rows.append(_time_row("the whole script", a.seconds, b.seconds))
    if times is None:
        rows[-1].label += " (while recording)"
    return rows


def _time_row(label: str, theirs: float, ours: float) -> Row:
    ratio = theirs / ours if ours else 0.0
    row = Row(label, f"{theirs:.3f}", f"{ours:.3f} ({ratio:.1f}x)", True)
    row.equal = None  # type: ignore[assignment]
    return row
