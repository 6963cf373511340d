"""Measure this engine beside the original and beside the peer: ``python -m benchmarks.bench``."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from . import report
from .engines import Engine, oracle, ours, peer
from .measure import LOADS, in_process, memory, whole_process


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the chosen workloads, print the table, keep the record; 1 if results are not the original's."""
    options = _options(arguments)
    engines = _engines(options.no_peer)
    pairs = options.pairs or (2 if options.quick else 3)
    found: dict[str, dict[str, object]] = {}
    if _wanted("W0", options.only):
        found["W0"] = whole_process(engines, pairs if options.quick else 2 * pairs, _say)
    for load in LOADS:
        if _wanted(load.name, options.only):
            found[load.name] = in_process(load.quick() if options.quick else load, engines, pairs, _say)
    if _wanted("W5", options.only):
        found["W5"] = memory(engines, options.quick, _say)
    record = report.record(found, engines, options.quick)
    print(report.table(record))
    if not options.no_record:
        print(f"written: benchmarks/results/{report.write(record).name}")
    return 1 if report.disagreements(record) else 0


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.bench", description=__doc__)
    names = ", ".join(["W0", *(load.name for load in LOADS), "W5"])
    parser.add_argument("--only", help=f"comma-separated: {names} (W1 means all that start with it)")
    parser.add_argument("--quick", action="store_true", help="a fifth of the size, two pairs")
    parser.add_argument("--pairs", type=int, help="how many times each engine runs each workload (3)")
    parser.add_argument("--no-peer", action="store_true", help="leave the C++ engine out")
    parser.add_argument("--no-record", action="store_true", help="print only")
    return parser.parse_args(arguments)


def _wanted(name: str, only: str | None) -> bool:
    return only is None or any(name == each or name.startswith(f"{each}-") for each in only.split(","))


def _engines(no_peer: bool) -> list[Engine]:
    engines = [ours(), oracle()]
    third = None if no_peer else peer()
    if third is not None:
        engines.append(third)
    elif not no_peer:
        _say("measured without the peer: `python tools/oracle.py --peer` installs it")
    return engines


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
