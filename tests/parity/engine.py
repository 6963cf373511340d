"""The other side of the pipe: starts a worker under one engine and asks it for traces."""

from __future__ import annotations

import json
import os
import select
import struct
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from tools.oracle import ORACLE

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
ORACLE_VERSION = ORACLE.requirement.rpartition("=")[2]


class WorkerDied(RuntimeError):
    """The process ended, or answered nothing in time."""


class OracleMissing(RuntimeError):
    """No interpreter with the original engine was found."""


def oracle_python() -> Path:
    """The interpreter that has the original, as ``tools/oracle.py`` knows it."""
    if not ORACLE.python.exists():
        raise OracleMissing(
            f"no interpreter with {ORACLE.requirement} ({ORACLE.python}): run `python tools/oracle.py`"
        )
    return ORACLE.python


@dataclass
class Engine:
    """One engine in a process of its own, started when first asked, restarted after a crash."""

    label: str
    python: Path
    pythonpath: Path | None = None
    timeout: float = 300.0
    _process: subprocess.Popen[bytes] | None = field(default=None, repr=False)
    _errors: IO[bytes] | None = field(default=None, repr=False)

    def ask(self, request: dict[str, Any]) -> bytes:
        """The answer's bytes; ``WorkerDied`` with the end of its error output if there is none."""
        if self._process is None:
            self._start()
        process = self._process
        assert process is not None and process.stdin is not None
        try:
            process.stdin.write(json.dumps(request).encode() + b"\n")
            process.stdin.flush()
            return self._read()
        except (BrokenPipeError, WorkerDied) as exc:
            tail = self._tail()
            self.close()
            raise WorkerDied(f"{self.label} worker: {exc or type(exc).__name__}\n{tail}") from exc

    def hello(self) -> dict[str, Any]:
        """Version, file and Python of the engine behind this process."""
        answer: dict[str, Any] = json.loads(self.ask({"do": "hello"}))
        return answer

    def _start(self) -> None:
        env = {key: value for key, value in os.environ.items() if key not in ("PYTHONPATH", "PYTHONHOME")}
        if self.pythonpath is not None:
            env["PYTHONPATH"] = str(self.pythonpath)
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115  closed together with the process
        self._process = subprocess.Popen(
            [str(self.python), str(HERE / "worker.py")],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._errors, env=env,
            cwd=tempfile.gettempdir(), bufsize=0,
        )  # fmt: skip

    def _read(self) -> bytes:
        deadline = time.monotonic() + self.timeout
        (size,) = struct.unpack(">Q", self._exactly(8, deadline))
        return self._exactly(size, deadline)

    def _exactly(self, size: int, deadline: float) -> bytes:
        process = self._process
        assert process is not None and process.stdout is not None
        got = bytearray()
        while len(got) < size:
            ready, _, _ = select.select([process.stdout], [], [], max(0.0, deadline - time.monotonic()))
            if not ready:
                raise WorkerDied(f"no answer within {self.timeout:.0f} s")
            piece = os.read(process.stdout.fileno(), min(1 << 20, size - len(got)))
            if not piece:
                raise WorkerDied("the process ended")
            got += piece
        return bytes(got)

    def _tail(self) -> str:
        if self._errors is None:
            return ""
        self._errors.seek(0)
        return self._errors.read()[-3000:].decode(errors="replace")

    def close(self) -> None:
        """End the process."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.wait()
            for stream in (process.stdin, process.stdout):
                if stream is not None:
                    stream.close()
        if self._errors is not None:
            self._errors.close()
            self._errors = None


def oracle_engine(root: Path = ROOT) -> Engine:
    """A process with the original, checked to be it."""
    engine = Engine("oracle", oracle_python())
    said = engine.hello()
    if said["version"] != ORACLE_VERSION or Path(said["file"]).is_relative_to(root / "backtrader"):
        engine.close()
        raise OracleMissing(
            f"expected backtrader {ORACLE_VERSION}, found {said['version']} at {said['file']}"
        )
    return engine


def product_engine(root: Path = ROOT) -> Engine:
    """A process with the engine of this repository, checked to be it."""
    engine = Engine("product", Path(sys.executable), root)
    said = engine.hello()
    if not Path(said["file"]).is_relative_to(root / "backtrader"):
        engine.close()
        raise WorkerDied(f"expected the engine of {root}, found {said['file']}")
    return engine
