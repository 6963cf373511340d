"""Run scenarios by hand: ``python -m tests.parity [NAME ...] [--mode MODE] [--list] [--self] [--exact]``."""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import Counter
from typing import Any

from .compare import Kinds
from .engine import oracle_engine
from .harness import Parity
from .modes import Mode
from .registry import Scenario, scenarios


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.parity", description=__doc__)
    parser.add_argument("names", nargs="*", help="scenarios, or parts of their names or modules; all without")
    parser.add_argument("--mode", action="append", help="only this mode (may be repeated)")
    parser.add_argument("--list", action="store_true", help="list scenarios and modes, run nothing")
    parser.add_argument("--self", action="store_true", dest="same", help="the original against itself")
    parser.add_argument("--exact", action="store_true", help="no tolerance for rounding")
    parser.add_argument("--no-cache", action="store_true", help="run the original even if its trace is kept")
    parser.add_argument("--summary", action="store_true", help="what the original's trace contains")
    parser.add_argument(
        "--kinds", action="store_true", help="only which kinds of difference there are, and how often"
    )
    parser.add_argument("--dump", choices=["oracle", "product"], help="print the trace of one engine as JSON")
    return parser.parse_args()


def _chosen(args: argparse.Namespace) -> list[tuple[Scenario, Mode]]:
    every = scenarios()
    picked = [every[name] for name in args.names if name in every]
    parts = [name for name in args.names if name not in every]
    picked += [one for one in every.values() if any(part in f"{one.module}.{one.name}" for part in parts)]
    if not args.names:
        picked = list(every.values())
    return [(one, mode) for one in picked for mode in one.modes() if not args.mode or mode.name in args.mode]


def summary(trace: dict[str, Any]) -> str:
    """One line about a trace: how much of what it holds."""
    events = trace["events"]
    kinds = Counter(event["event"] for event in events)
    ends = Counter(event["order"]["names"][0] for event in events if event["event"] == "notify_order")
    error = trace["error"]["type"] if trace["error"] else None
    bars = {
        key: kinds[key]
        for key in ("prenext", "nextstart", "next", "notify_trade", "notify_data", "notify_timer")
    }
    return f"{ {k: v for k, v in bars.items() if v} } orders {dict(ends)} notes {len(trace['notes'])} error {error}"


def main() -> int:
    """Run what was asked for; the exit code says whether all was equal."""
    args = _arguments()
    chosen = _chosen(args)
    if args.list:
        for name in dict.fromkeys(one.name for one, _ in chosen):
            one = scenarios()[name]
            print(
                f"{one.module + '.' + name:44} {', '.join(m.name for m in one.modes())}\n    {one.doc.splitlines()[0]}"
            )
        return 0
    parity = Parity(cached=not args.no_cache)
    if args.same:
        parity.start_product, parity.plain = oracle_engine, True
    try:
        return _run(parity, chosen, args)
    finally:
        parity.close()


def _run(parity: Parity, chosen: list[tuple[Scenario, Mode]], args: argparse.Namespace) -> int:
    bad, kinds = 0, Kinds()
    started = time.perf_counter()
    for one, mode in chosen:
        title = f"{one.module}.{one.name} [{mode.name}]"
        if args.dump:
            print(
                (parity.oracle_trace if args.dump == "oracle" else parity.product_trace)(one, mode).decode()
            )
            continue
        if args.summary:
            print(title, summary(json.loads(parity.oracle_trace(one, mode))), flush=True)
            continue
        report = parity.check(one, mode, args.exact)
        known = one.known_difference(mode.name)
        bad += not report.equal and not known
        if not report.equal and not known:
            kinds.add(title, report)
        if not args.kinds and (not report.equal or report.rounded or len(chosen) < 20):
            print(f"{title}: {'known: ' + known if known and not report.equal else report}", flush=True)
    if args.kinds:
        print(kinds.table())
    print(f"{len(chosen)} runs, {bad} with differences, {time.perf_counter() - started:.1f} s")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
