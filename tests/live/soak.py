"""What the long runs of the live tests came to, with the commit: `soak.json` beside this file."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

RECORD = Path(__file__).with_suffix(".json")
_OURS = ("backtrader", "real_trade", "tests/live")


def record(name: str, result: dict[str, Any]) -> None:
    """Replace what is written under the name."""
    known = json.loads(RECORD.read_text()) if RECORD.exists() else {}
    changed = [
        line for line in _git("status", "--porcelain", "--", *_OURS).splitlines() if RECORD.name not in line
    ]
    commit = {"commit": _git("rev-parse", "HEAD") or None, "clean": not changed}
    known[name] = commit | result | {"python": sys.version.split()[0]}
    RECORD.write_text(json.dumps(known, indent=1, sort_keys=True) + "\n")


def _git(*words: str) -> str:
    done = subprocess.run(["git", *words], cwd=RECORD.parents[2], capture_output=True, text=True, check=False)
    return done.stdout.rstrip()
