"""The example of the guide."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path


def test_the_example_loses_and_doubles_nothing() -> None:
    root = Path(__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "examples/rehearsal.py"], cwd=root, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr
    *orders, last = done.stdout.splitlines()
    assert [line.split()[-1] for line in orders] == ["Completed", "Accepted"] * 3
    assert sum("at first Unknown" in line for line in orders) == 2
    assert last == "6 orders were sent, 6 are at the exchange; differences: 0"
