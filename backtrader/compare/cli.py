"""The command: ``python -m backtrader.compare script.py [ARGUMENT…]``"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Sequence

from .difference import Comparison, compare
from .original import OriginalMissing, find_original
from .process import Outcome, own_folder, run_script
from .show import printer, show

_EPILOG = """The script is not changed. It runs once under each engine while its orders, trades, values and
analyses are written down, and once more for the time; plots are left out. The exit status is 0 if
everything is equal, 1 if something differs, 2 if the comparison could not be made."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a script under both engines and print what is equal and what is not."""
    parser = argparse.ArgumentParser(
        prog="python -m backtrader.compare",
        description="Run a script under backtrader 1.9.78.123 and under this engine, side by side.",
        epilog=_EPILOG,
    )
    parser.add_argument("--orders", type=int, default=10, help="how many orders to show (10)")
    parser.add_argument("--tolerance", type=float, default=0.0, help="relative difference to let pass (0)")
    parser.add_argument("--once", action="store_true", help="no second run for the time")
    parser.add_argument("--timeout", type=float, help="seconds that one run of the script may take")
    parser.add_argument("--all", action="store_true", help="list all differences")
    parser.add_argument("--output", action="store_true", help="show what the script printed")
    parser.add_argument("--plain", action="store_true", help="no colours")
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    parser.add_argument("script", help="the script; what follows goes to it")
    parser.add_argument("arguments", nargs=argparse.REMAINDER, help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if not os.path.isfile(options.script):
        return _fail(f"{options.script}: there is no such file")
    for text in options.arguments:
        if text.startswith("--") and text[2:].partition("=")[0] in vars(options):
            note = f"note: {text} goes to the script; options of the comparison stand before its name"
            print(note, file=sys.stderr)
    try:
        original = find_original(lambda text: print(text, file=sys.stderr, flush=True))
    except OriginalMissing as error:
        return _fail(str(error))

    def both(record: bool) -> tuple[Outcome, Outcome]:
        args = options.script, options.arguments, record, options.timeout
        return run_script(original, *args), run_script(own_folder(), *args)

    outcomes = both(record=True)
    problem = _impossible(outcomes)
    if problem:
        return _fail(problem)
    times = None if options.once or any(outcome.error for outcome in outcomes) else both(record=False)
    found = compare(*outcomes, options.tolerance)
    if options.json:
        print(json.dumps(_document(found, outcomes, times), indent=1, ensure_ascii=False))
    else:
        out = printer(options.plain)
        if options.output:
            for outcome in outcomes:
                out.line(f"--- {outcome.version} printed:")
                out.line(outcome.output)
        show(found, outcomes, times, options.orders, out)
        if options.all:
            for difference in sorted(found.differences, key=lambda d: (d.run, d.bar, d.rank)):
                out.line(f"  run {difference.run}: {difference.text}")
    return 0 if found.equal else 1


def _impossible(outcomes: tuple[Outcome, Outcome]) -> str:
    """Why there is nothing to compare; empty if there is."""
    original, here = outcomes
    if original.error and here.error:
        return f"the script fails under both engines. Original: {original.error}. Here: {here.error}."
    if not original.version or not here.version:
        return original.error or here.error or "the script could not be started"
    if not original.runs and not here.runs:
        return "the script does not call cerebro.run()"
    return ""


def _fail(text: str) -> int:
    print(f"cannot compare: {text}", file=sys.stderr)
    return 2


def _document(
    found: Comparison, outcomes: tuple[Outcome, Outcome], times: tuple[Outcome, Outcome] | None
) -> dict[str, object]:
    first = found.first
    return {
        "equal": found.equal,
        "versions": [outcome.version for outcome in outcomes],
        "first_difference": None
        if first is None
        else {"run": first.run, "bar": first.bar, "text": first.text},
        "differences": [difference.text for difference in found.differences],
        "runs": [
            {
                "title": title,
                "rows": [[row.label, row.original, row.here, row.equal] for row in rows],
                "orders": [list(line) for line in orders],
            }
            for title, rows, orders in zip(found.titles, found.rows, found.orders, strict=True)
        ],
        "seconds": [[run["seconds"] for run in outcome.runs] for outcome in times or outcomes],
    }
