"""The interpreters to measure, and talking to a worker in one of them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from tools.oracle import ORACLE, PEER, install

HERE = Path(__file__).parent
ROOT = HERE.parent


class Engine:
    """A named engine: its interpreter and the environment its processes get."""

    def __init__(self, name: str, python: str, paths: tuple[Path, ...] = ()) -> None:
        self.name = name
        self.python = python
        # the folder of one engine must not reach another, and byte code must be kept to have a warm start
        dropped = ("PYTHONPATH", "PYTHONDONTWRITEBYTECODE")
        self.environment = {k: v for k, v in os.environ.items() if k not in dropped}
        if paths:
            self.environment["PYTHONPATH"] = os.pathsep.join(map(str, paths))

    def version(self) -> str:
        """The engine's own version."""
        module = "back_trader" if self.name == "peer" else "backtrader"
        code = f"import {module} as bt; print(bt.__version__)"
        done = subprocess.run(
            [self.python, "-P", "-c", code], env=self.environment, capture_output=True, text=True
        )
        return done.stdout.strip() or "?"


class Worker:
    """A running worker process of an engine; ``script`` is what answers."""

    def __init__(self, engine: Engine, script: str = "worker.py") -> None:
        self.engine = engine
        self._process = subprocess.Popen(
            [engine.python, str(HERE / script), engine.name],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=engine.environment,
            text=True,
        )

    def ask(self, **request: Any) -> dict[str, Any]:
        """Run one workload once; an engine that cannot answers with ``error``."""
        questions, answers = self._process.stdin, self._process.stdout
        if questions is None or answers is None:
            raise RuntimeError("the worker was started without pipes")
        try:
            questions.write(json.dumps(request) + "\n")
            questions.flush()
            line = answers.readline()
        except BrokenPipeError:
            line = ""
        if not line:
            return {"error": f"the worker ended with status {self._process.wait()}"}
        answer: dict[str, Any] = json.loads(line)
        return answer

    def __enter__(self) -> Worker:
        return self

    def __exit__(self, *exc: object) -> None:
        if self._process.stdin is not None:
            self._process.stdin.close()
        self._process.wait()


def ours() -> Engine:
    """This engine, from this checkout."""
    return Engine("ours", os.environ.get("BACKTRADER_BENCH_PYTHON", sys.executable), (ROOT,))


def oracle() -> Engine:
    """The original, from the folder the parity tests use; installed there if it is not yet."""
    if not install(ORACLE):
        raise SystemExit("nothing to compare with")
    return Engine("oracle", str(ORACLE.python))


def peer() -> Engine | None:
    """The C++ engine, or None where it is not installed."""
    return Engine("peer", str(PEER.python)) if PEER.installed else None
