"""One script under one engine, as a process; its record read back."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from array import array
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

_RECORDER = Path(__file__).with_name("recorder.py")


@dataclass
class Outcome:
    """What a script did under one engine."""

    version: str = ""
    runs: list[dict[str, Any]] = field(default_factory=list)
    curves: list[tuple[Any, Any, Any]] = field(default_factory=list)
    """Time, cash and value by bar, of each strategy that was listened to."""
    seconds: float = 0.0
    """The script from its start to its end, without starting Python and importing the engine."""
    error: str | None = None
    output: str = ""
    complaints: str = ""
    """Standard error."""


def own_folder() -> Path:
    """The folder this engine is imported from."""
    return Path(__file__).resolve().parent.parent.parent


def run_script(
    engine: Path,
    script: str,
    arguments: Sequence[str] = (),
    record: bool = True,
    timeout: float | None = None,
) -> Outcome:
    """Run ``script`` under the engine in folder ``engine``; ``record=False`` only takes the time."""
    with tempfile.TemporaryDirectory(prefix="backtrader-compare-") as folder:
        target = os.path.join(folder, "record.json")
        # -P: neither the script's nor the current folder may lend it another engine
        command = [
            sys.executable, "-P", str(_RECORDER), str(engine), target, "record" if record else "time",
            script, *arguments,
        ]  # fmt: skip
        environment = {**os.environ, "MPLBACKEND": "Agg", "PYTHONHASHSEED": "0"}
        try:
            done = subprocess.run(
                command,
                capture_output=True,
                stdin=subprocess.DEVNULL,
                env=environment,
                timeout=timeout,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return Outcome(error=f"not finished after {timeout:g} seconds")
        output = done.stdout.decode("utf-8", "replace")
        complaints = done.stderr.decode("utf-8", "replace")
        if not os.path.exists(target):
            last = complaints.strip().splitlines()
            return Outcome(error=last[-1] if last else f"ended with {done.returncode}", complaints=complaints)
        with open(target, encoding="utf-8") as file:
            document = json.load(file)
        return Outcome(
            version=document["version"],
            runs=document["runs"],
            curves=_read_curves(target + ".curves", document["curves"]),
            seconds=document["seconds"],
            error=document["error"],
            output=output,
            complaints=complaints,
        )


def _read_curves(path: str, lengths: list[int]) -> list[tuple[Any, Any, Any]]:
    found = []
    with open(path, "rb") as file:
        for length in lengths:
            columns = []
            for _ in range(3):
                column = array("d")
                column.fromfile(file, length)
                columns.append(column)
            found.append((columns[0], columns[1], columns[2]))
    return found
