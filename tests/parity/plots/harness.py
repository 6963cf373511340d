"""Draws charts under both engines, each in processes of its own, and keeps what the original showed."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import zlib
from pathlib import Path
from typing import Any

from tools.oracle import ORACLE

from .compare import differences
from .stage import CHARTS, Chart

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[2]

Facts = dict[str, Any]
Size = tuple[float, float, float]

#: Inches and dots an inch of pictures.
SIZE = (16.0, 9.0, 80.0)


def facts(
    python: Path, names: list[str], paths: list[Path], pictures: Path | None = None, size: Size = SIZE
) -> dict[str, Facts]:
    """What the figures of charts show, drawn by the engine that an interpreter finds."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    if paths:
        environment["PYTHONPATH"] = os.pathsep.join(map(str, paths))
    more = [] if pictures is None else ["--pictures", str(pictures), "--size", *map(str, size), "--"]
    done = subprocess.run(
        [str(python), "-P", str(HERE / "worker.py"), *more, *names],
        env=environment, capture_output=True, text=True, check=False, timeout=1800,
    )  # fmt: skip
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    if done.returncode or len(answers) != len(names):
        raise RuntimeError(f"{python} drew {len(answers)} of {len(names)} charts:\n{done.stderr[-2000:]}")
    return {answer["name"]: answer for answer in answers}


def ours(names: list[str], pictures: Path | None = None, size: Size = SIZE) -> dict[str, Facts]:
    """Charts drawn by this engine."""
    return facts(Path(sys.executable), names, [ROOT], pictures, size)


def theirs(names: list[str], pictures: Path | None = None, size: Size = SIZE) -> dict[str, Facts]:
    """Charts drawn by the original, from disk where nothing has changed since."""
    if pictures is not None:
        return facts(ORACLE.python, names, [], pictures, size)
    kept = ROOT / "out" / "oracle-charts" / f"{_stamp()}.z"
    known: dict[str, Facts] = json.loads(zlib.decompress(kept.read_bytes())) if kept.exists() else {}
    new = [name for name in names if name not in known]
    if new:
        known.update(facts(ORACLE.python, new, []))
        kept.parent.mkdir(parents=True, exist_ok=True)
        for old in kept.parent.glob("*.z"):
            old.unlink()
        part = kept.with_suffix(f".{os.getpid()}")
        part.write_bytes(zlib.compress(json.dumps(known).encode(), 1))
        part.replace(kept)
    return {name: known[name] for name in names}


def _stamp() -> str:
    """Changes with the charts, with how they are read and with the original's environment."""
    found = hashlib.sha256(str(ORACLE.python).encode())
    for path in sorted([*HERE.rglob("*.py"), *(HERE.parents[1] / "data").glob("*.csv")]):
        if path.name not in ("compare.py", "harness.py", "__main__.py", "test_plots.py"):
            found.update(path.read_bytes())
    config = ORACLE.python.parent.parent / "pyvenv.cfg"
    found.update(str(config.stat().st_mtime if config.exists() else 0).encode())
    return found.hexdigest()[:20]


def verdict(name: str, original: Facts, here: Facts) -> list[str]:
    """What is wrong with a chart; nothing if it is as the original's, or better in the way it says."""
    known: Chart = CHARTS[name]
    crash = original.get("error", "").partition(":")[0] or None
    if crash != known.crash:
        return [f"the original ends with {original.get('error')!r}, which its entry does not say"]
    error = here.get("error", "").partition(":")[0] or None
    if error != known.refused:
        return [f"here it ends with {here.get('error')!r} at {here.get('where')}"]
    if crash is not None:
        return []
    return differences(original, here, frozenset(known.differs))


def needless(name: str, original: Facts, here: Facts) -> list[str]:
    """The differences that a chart's entry names and that are not there."""
    differs = CHARTS[name].differs
    if CHARTS[name].crash is not None:
        return []
    return [kind for kind in differs if not differences(original, here, frozenset(differs) - {kind})]
