"""Searches that other processes run: ``python -m tests.opt.sweeps STORAGE NAME [OPTION=VALUE …]``.

The run is a real strategy over the small bundled bars or, with ``pause=``, a function that takes as long.
"""

from __future__ import annotations

import ast
import math
import sys
import time
from pathlib import Path
from typing import Any

from backtrader.opt.entry import Outcome
from backtrader.opt.study import Study

SPACE = {"fast": (1, 25), "slow": (1, 20)}  # 500 combinations


class Paused:
    """A run whose outcome follows from its parameters, after a pause."""

    title, names = "Paused", None

    def __init__(self, pause: float) -> None:
        self.pause = pause

    def check(self, space: Any) -> None:
        """Anything goes."""

    def prepare(self) -> None:
        """Nothing to load."""

    def run(self, params: dict[str, Any], thresholds: Any = None) -> Outcome:
        """A hill with its top at 17, 3."""
        time.sleep(self.pause)
        score = -((params["fast"] - 17) ** 2) - math.sin(params["slow"] - 3.0) ** 2
        return Outcome(metrics={"sharpe_ratio": score, "trades": float(params["slow"])})


def study(storage: Any, name: str, pause: float = 0.004, **options: Any) -> Study:
    """The sweep of 500."""
    return Study(Paused(pause), SPACE, "sharpe_ratio", name=name, storage=storage, **options)


def outcomes(entries: list[Any]) -> dict[tuple[Any, ...], tuple[str, float, float]]:
    """What came of each combination; fails if one is there twice."""
    found: dict[tuple[Any, ...], tuple[str, float, float]] = {}
    for entry in entries:
        key = tuple(sorted(entry.params.items()))
        assert key not in found, f"{key} twice"
        found[key] = (entry.state, entry.score, entry.metrics["trades"])
    return found


def main(storage: str, name: str, *given: str) -> None:
    """Run it, and say when it begins and what it came to."""
    options = {key: ast.literal_eval(value) for key, _, value in (each.partition("=") for each in given)}
    found = study(storage, name, **options)
    print("begins", flush=True)
    result = found.run()
    own = sum(1 for entry in result.all_results if entry.error == "")
    print(f"ended {result.total_runs} {own}", flush=True)


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
    main(*sys.argv[1:])
