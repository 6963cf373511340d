"""The interpreters to measure, and talking to a worker in one of them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
ROOT = HERE.parent

#: Where the peer is looked for unless BACKTRADER_PEER_PYTHON says otherwise.
PEER_HOME = ROOT / ".bench" / "peer"


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

    def works(self) -> bool:
        """Whether the interpreter is there and has the engine."""
        try:
            return self.version() != "?"
        except OSError:
            return False


class Worker:
    """A running worker process of an engine."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._process = subprocess.Popen(
            [engine.python, str(HERE / "worker.py"), engine.name],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=engine.environment,
            text=True,
        )

    def ask(self, **request: Any) -> dict[str, Any]:
        """Run one workload once; an engine that cannot answers with ``error``."""
        assert self._process.stdin is not None and self._process.stdout is not None
        try:
            self._process.stdin.write(json.dumps(request) + "\n")
            self._process.stdin.flush()
            line = self._process.stdout.readline()
        except BrokenPipeError:
            line = ""
        if not line:
            return {"error": f"the worker ended with status {self._process.wait()}"}
        answer: dict[str, Any] = json.loads(line)
        return answer

    def __enter__(self) -> Worker:
        return self

    def __exit__(self, *exc: object) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait()


def ours() -> Engine:
    """This engine, from this checkout."""
    return Engine("ours", os.environ.get("BACKTRADER_BENCH_PYTHON", sys.executable), (ROOT,))


def oracle() -> Engine:
    """The original, from the folder the parity tests use."""
    python = os.environ.get("BACKTRADER_ORACLE_PYTHON")
    if not python:
        tool = ROOT / "tools" / "oracle.py"
        done = subprocess.run(
            [sys.executable, str(tool), "--python"], capture_output=True, text=True, check=True
        )
        python = done.stdout.strip().splitlines()[-1]
    return Engine("oracle", python)


def peer() -> Engine | None:
    """The C++ engine, or None where it is not installed."""
    engine = Engine("peer", os.environ.get("BACKTRADER_PEER_PYTHON") or str(PEER_HOME / "bin" / "python"))
    return engine if engine.works() else None
