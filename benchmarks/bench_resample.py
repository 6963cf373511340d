"""Measure resampling and replaying: ``python -m benchmarks.bench_resample [--bars N] [--pairs N]``.

Both engines run the same script over the same minutes, one after the other, several times; each
pair gives a ratio, and both have to end with the same bars.  Resampling preloaded minutes has to be
at least 30 times as fast as in the original, alone and beside them, with and without observers.
"""

from __future__ import annotations

import argparse
import statistics
import sys
from dataclasses import dataclass
from typing import Any

from .engines import Worker, oracle, ours

_MINUTES, _DAYS, _WEEKS = 4, 5, 6


@dataclass(frozen=True)
class Case:
    """What is made of minutes; ``part`` is how much of all bars the cases that take long get."""

    name: str
    options: dict[str, Any]
    part: float = 1.0
    floor: float | None = None


_HOURS = {"how": "resample", "timeframe": _MINUTES, "compression": 60}

CASES = [
    Case("hours", _HOURS, floor=30.0),
    Case("five minutes", {"how": "resample", "timeframe": _MINUTES, "compression": 5}, 0.2, floor=30.0),
    Case("days", {"how": "resample", "timeframe": _DAYS, "compression": 1}, 0.2, floor=30.0),
    Case("weeks", {"how": "resample", "timeframe": _WEEKS, "compression": 1}, 0.2, floor=30.0),
    Case("hours beside", {**_HOURS, "beside": "clone"}, 0.1, floor=30.0),
    Case(
        "days beside",
        {"how": "resample", "timeframe": _DAYS, "compression": 1, "beside": "clone"},
        0.1,
        floor=30.0,
    ),
    Case("hours own", {**_HOURS, "beside": "own"}, 0.1, floor=30.0),
    Case("hours observed", {**_HOURS, "beside": "clone", "stdstats": True}, 0.1, floor=30.0),
    Case("hours replayed", {"how": "replay", "timeframe": _MINUTES, "compression": 60}, 0.1),
]


def measure(case: Case, bars: int, pairs: int, workers: tuple[Worker, Worker]) -> bool:
    """Run a case in pairs and say what came out; false if it is too slow."""
    count = int(bars * case.part)
    request = {"run": "larger", "bars": count, "options": case.options}
    workers[1].ask(**request)  # compiled and cached things are there in a user's second run, too
    ratios, times = [], []
    for _ in range(pairs):
        slow, fast = (worker.ask(**request) for worker in workers)
        for answer in (slow, fast):
            if "error" in answer:
                raise SystemExit(f"{case.name}: {answer['error']}")
        if slow["result"] != fast["result"]:
            raise SystemExit(f"{case.name}: other bars: {slow['result']} and {fast['result']}")
        ratios.append(slow["cpu_seconds"] / fast["cpu_seconds"])
        times.append((slow["cpu_seconds"], fast["cpu_seconds"]))
    middle = statistics.median(ratios)
    original, here = (statistics.median(column) for column in zip(*times, strict=True))
    verdict = "" if case.floor is None else ("  ok" if middle >= case.floor else f"  BELOW {case.floor:g}")
    print(
        f"{case.name:16} {count:9,} {original:9.2f} {here:9.3f} {middle:8.1f} "
        f"{min(ratios):8.1f} {max(ratios):8.1f}{verdict}",
        flush=True,
    )
    return case.floor is None or middle >= case.floor


def main() -> int:
    """Measure all cases; the exit code says whether one is below its limit."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.bench_resample", description=__doc__)
    parser.add_argument("--bars", type=int, default=1_000_000, help="minutes for the largest case")
    parser.add_argument("--pairs", type=int, default=3)
    parser.add_argument("--case", help="only cases whose name begins so")
    args = parser.parse_args()
    chosen = [case for case in CASES if case.name.startswith(args.case or "")]
    head = f"{'case':16} {'bars':>9} {'original':>9} {'here':>9} {'times':>8} {'least':>8} {'most':>8}"
    print(f"{head}   (CPU seconds)")
    with Worker(oracle()) as slow, Worker(ours()) as fast:
        fine = [measure(case, args.bars, args.pairs, (slow, fast)) for case in chosen]
    return 0 if all(fine) else 1


if __name__ == "__main__":
    sys.exit(main())
