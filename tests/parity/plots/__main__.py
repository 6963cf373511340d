"""Compare charts by hand: ``python -m tests.parity.plots [--list] [--pictures FOLDER] [NAME...]``."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from . import harness
from .charts import NAMES


def main() -> int:
    """Print the differences; with ``--pictures`` write what both engines draw."""
    parser = argparse.ArgumentParser(prog="python -m tests.parity.plots")
    parser.add_argument("--list", action="store_true", help="the names of all charts")
    parser.add_argument(
        "--pictures", type=Path, help="write ours/NAME-0.png and theirs/NAME-0.png into a folder"
    )
    parser.add_argument("names", nargs="*", help="charts, or parts of their names; all by default")
    args = parser.parse_args()
    names = [name for name in NAMES if not args.names or any(part in name for part in args.names)]
    if args.list:
        print("\n".join(names))
        return 0
    if args.pictures is not None:
        for side, draw in (("ours", harness.ours), ("theirs", harness.theirs)):
            (args.pictures / side).mkdir(parents=True, exist_ok=True)
            draw(names, args.pictures / side)
        return 0
    original, here = harness.theirs(names), harness.ours(names)
    wrong = 0
    for name in names:
        found = harness.verdict(name, original[name], here[name])
        wrong += bool(found)
        for line in found:
            print(f"{name}: {line}")
    print(f"{len(names)} charts, {wrong} differ")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
