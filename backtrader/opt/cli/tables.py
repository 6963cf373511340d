"""What the commands print: tables in colour where there is a terminal."""

from __future__ import annotations

import argparse
import json
import math
import sys
import time
from collections import Counter
from collections.abc import Sequence
from typing import Any

from ...analyzers.metrics import METRICS
from ...utils.optional import require
from ..codec import plain
from ..entry import FAILED, LOST, PRUNED, TIMEOUT, Entry
from ..store import StudyRecord
from ..tally import kind_of_error

__all__ = [
    "say", "show_best", "show_comparison", "show_result", "show_studies", "show_study", "show_walk",
]  # fmt: skip

_SHOWN = ("total_return", "sharpe_ratio", "max_drawdown_pct", "trades", "profit_factor")
_HEADS = {
    "total_return": "return %", "sharpe_ratio": "sharpe", "max_drawdown_pct": "draw-down %",
    "trades": "trades", "profit_factor": "profit factor",
}  # fmt: skip

_FEW = 10  # trades below which a result says little
_AROUND = {
    "plateau": "a plateau: neighbouring parameters do about as well",
    "slope": "a slope: neighbouring parameters do noticeably worse",
    "spike": "a spike: neighbouring parameters do much worse, which is what luck looks like",
}


def say(text: str) -> None:
    """A line for people, where it does not get between the lines for programs."""
    print(text, file=sys.stderr)


def _console() -> Any:
    require("rich", "opt", "the tables of btopt")
    from rich.console import Console

    return Console(highlight=False, width=None if sys.stdout.isatty() else 140)


def _table(title: str, *columns: Any) -> Any:
    from rich import box
    from rich.table import Table

    table = Table(title=title, title_justify="left", title_style="bold", box=box.SIMPLE_HEAD, pad_edge=False)
    for column in columns:
        name, right = (column, False) if isinstance(column, str) else column
        table.add_column(name, justify="right" if right else "left", overflow="fold")
    return table


def number(value: Any) -> str:
    """A number as people read it."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return str(getattr(value, "__name__", value))
    if math.isnan(value):
        return "–"
    if float(value).is_integer() and abs(value) < 1e15:
        return f"{value:,.0f}"
    return f"{value:,.2f}" if 1000 <= abs(value) < 1e12 else f"{value:,.4g}"


def params_text(params: Any) -> str:
    """Parameters in a line."""
    return ", ".join(f"{name}={_plain_number(value)}" for name, value in params.items())


def _plain_number(value: Any) -> str:
    return f"{value:.6g}" if isinstance(value, float) else str(getattr(value, "__name__", value))


def _entries_table(title: str, metric: str, entries: Sequence[Entry]) -> Any:
    names = list(dict.fromkeys(name for entry in entries for name in entry.params))
    shown = [name for name in _SHOWN if name != metric]
    table = _table(
        title, ("run", True), *[(name, True) for name in names], (metric, True),
        *[(_HEADS[name], True) for name in shown],
    )  # fmt: skip
    for entry in entries:
        table.add_row(
            str(entry.number), *[number(entry.params.get(name, math.nan)) for name in names],
            f"[bold]{number(entry.score)}[/]",
            *[number(entry.metrics.get(name, math.nan)) for name in shown],
        )  # fmt: skip
    return table


# -- after a run -----------------------------------------------------------------------------------
def show_result(result: Any, study: Any, args: argparse.Namespace) -> None:
    """The best, and what to do next."""
    console = _console()
    best = study.store.best(study.name, 5, maximize=study.objectives[0].maximize)
    if best:
        console.print(_entries_table(f"The best of {result.total_runs:,} runs", result.metric_name, best))
    counts = study.store.load(study.name).counts
    bad = {state: counts[state] for state in (FAILED, TIMEOUT, LOST, PRUNED) if counts.get(state)}
    if bad:
        console.print("Not complete: " + ", ".join(f"{count:,} {state}" for state, count in bad.items()))
    trades = best[0].metrics.get("trades", _FEW) if best else _FEW
    if trades < _FEW:
        console.print(
            f"[yellow]The best made {number(trades)} trades, too few to tell skill from luck.[/] "
            "Ask for more: --require 'trades >= 30'"
        )
    if args.study:
        console.print(f"More: btopt show {args.study}, btopt report {args.study} --open")


def show_walk(result: Any, args: argparse.Namespace) -> None:
    """The windows and what they came to."""
    if args.json:
        print(json.dumps(plain(result.as_dict()), indent=1, default=str))
        return
    console = _console()
    table = _table(
        "Walk-forward", "test", ("in sample", True), ("out of sample", True), ("return %", True),
        ("trades", True), "parameters",
    )  # fmt: skip
    for window in result.windows:
        out = window.out_of_sample or {}
        table.add_row(
            f"{window.test_start:%Y-%m-%d} – {window.test_end:%Y-%m-%d}", number(window.in_score),
            number(window.out_score), number(out.get("total_return", math.nan)),
            number(out.get("trades", math.nan)), params_text(window.params or {}) or window.note,
        )  # fmt: skip
    console.print(table)
    console.print(str(result).splitlines()[-1])


# -- what is stored --------------------------------------------------------------------------------
def show_studies(records: Sequence[StudyRecord], storage: str) -> None:
    """A line a study."""
    console = _console()
    if not records:
        console.print(f"No studies in {storage}.")
        return
    table = _table(
        f"Studies in {storage}", "study", "state", ("runs", True), ("failed", True), "objective", "sampler",
        "touched",
    )  # fmt: skip
    for record in records:
        bad = sum(record.counts.get(state, 0) for state in (FAILED, TIMEOUT, LOST))
        total = f" of {record.total:,}" if record.total else ""
        table.add_row(
            f"[bold]{record.name}[/]", record.state, f"{record.finished:,}{total}",
            number(bad) if bad else "", _objectives(record), str(record.settings.get("sampler", "")),
            _ago(record.updated),
        )  # fmt: skip
    console.print(table)


def _objectives(record: StudyRecord) -> str:
    return ", ".join(("" if each["maximize"] else "min ") + str(each["name"]) for each in record.objectives)


def _ago(when: float) -> str:
    seconds = max(0.0, time.time() - when)
    for size, name in ((86400, "days"), (3600, "h"), (60, "min")):
        if seconds >= size:
            return f"{seconds / size:.0f} {name} ago"
    return "just now"


def show_best(record: StudyRecord, entries: Sequence[Entry], by: str | None) -> None:
    """One as a list, several as a table."""
    console = _console()
    if len(entries) > 1:
        title = f"{record.name}: the best by {by or _objectives(record)}"
        console.print(_entries_table(title, str(record.objectives[0]["name"]), entries))
        return
    entry = entries[0]
    console.print(f"[bold]{params_text(entry.params)}[/]")
    table = _table(f"run {entry.number} of {record.name}", "metric", ("", True), "")
    for name, value in entry.metrics.items():
        known = METRICS.get(name)
        table.add_row(name, number(value), known.unit if known and known.unit != "count" else "")
    console.print(table)


def show_study(record: StudyRecord, analyzer: Any, top: int, errors: bool) -> None:
    """All about a study."""
    console = _console()
    total = f" of {record.total:,}" if record.total else ""
    console.print(
        f"[bold]{record.name}[/]: {record.state}, {record.finished:,}{total} runs, {_objectives(record)}"
    )
    _say_settings(console, record)
    if analyzer.trials.good:
        metric = str(record.objectives[0]["name"])
        console.print(_entries_table(f"The best {top}", metric, analyzer.get_top_n(top)))
        _say_importance(console, analyzer)
        verdict = analyzer.sensitivity().verdict
        console.print(f"Around the best: {_AROUND.get(verdict, verdict)}")
        _say_luck(console, analyzer.overfitting)
    else:
        console.print("No run counts so far.")
    _say_errors(console, [e for e in analyzer.entries if e.error and e.state != PRUNED], errors)


def _say_settings(console: Any, record: StudyRecord) -> None:
    command = record.settings.get("command") or {}
    parts = {
        "strategy": command.get("strategy") or record.settings.get("strategy"),
        "data": ", ".join(command.get("data", [])), "sampler": record.settings.get("sampler"),
    }  # fmt: skip
    for name, value in parts.items():
        if value:
            console.print(f"  {name}: {value}", markup=False)


def _say_importance(console: Any, analyzer: Any) -> None:
    found = analyzer.analyze_parameter_importance() if len(analyzer.trials.good) >= 10 else {}
    if not found:
        return
    table = _table("What matters", "parameter", ("fANOVA", True), ("", False), ("p of its levels", True))
    for name, each in found.items():
        share = each["fanova"]
        bar = "█" * round(20 * share) if share == share else ""
        table.add_row(name, number(share), f"[cyan]{bar}[/]", number(each["p_value"]))
    console.print(table)


_LUCK = {
    "holds": "[green]The best stands up to both tests below.[/]",
    "doubtful": "[yellow]How much of the best result is luck is open.[/]",
    "luck": "[red]Chance alone may well explain the best result.[/]",
    "unknown": "How much of the best result is luck cannot be told.",
}


def _say_luck(console: Any, found: Any) -> None:
    console.print(_LUCK[found.verdict])
    if not math.isnan(found.deflated_sharpe):
        console.print(
            f"  deflated Sharpe ratio {found.deflated_sharpe:.2f}: how probable it is that the best has "
            f"skill, having tried {found.trials:,} (0.95 is the usual bar)"
        )
    if not math.isnan(found.pbo):
        console.print(
            f"  probability of over-fitting {found.pbo:.2f}: how often the best of one half of the time was "
            "below the median in the other"
        )
    for note in found.notes:
        console.print(f"  {note}", markup=False)


def _say_errors(console: Any, failed: Sequence[Entry], full: bool) -> None:
    if not failed:
        return
    console.print(f"[red]{len(failed):,} runs failed[/]")
    kinds = Counter(map(kind_of_error, failed))
    for text, count in kinds.most_common(None if full else 5):
        console.print(f"  {count:,} × {text}", markup=False)
    if full:
        seen: set[str] = set()
        for entry in failed:
            kind = kind_of_error(entry)
            if kind not in seen:
                seen.add(kind)
                console.print(
                    f"\nrun {entry.number} ({params_text(entry.params)}):\n{entry.error}", markup=False
                )


def show_comparison(found: Any) -> None:
    """Two columns."""
    console = _console()
    first, second = found.names
    for title, rows in (
        ("Best parameters", found.params),
        ("Metrics", found.metrics),
        ("Searches", found.searches),
    ):
        if rows:
            table = _table(title, "", (first, True), (second, True), ("difference", True))
            for row in rows:
                shown = {"a": number(row.a), "b": number(row.b)}
                if row.better in shown:
                    shown[row.better] = f"[green]{shown[row.better]}[/]"
                table.add_row(row.name, shown["a"], shown["b"], number(row.difference))
            console.print(table)
    console.print(found.verdict[:1].upper() + found.verdict[1:])
    for note in found.notes:
        console.print(note, markup=False)
