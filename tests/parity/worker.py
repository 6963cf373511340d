"""A long-lived process around one engine: requests as JSON lines in, traces as length-prefixed JSON out.

Started as a script, with the interpreter and the PYTHONPATH of the engine to be watched.
User code may print what it likes: the real standard output is kept for the answers.
"""

from __future__ import annotations

import importlib
import json
import os
import struct
import sys
import traceback
import warnings
from pathlib import Path
from typing import Any, BinaryIO


def _own_stdout() -> BinaryIO:
    """Keep the answer channel to ourselves; everything printed goes to standard error."""
    channel = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return channel


def _find_package() -> str:
    """Make this folder importable as a package without putting the repository's root on the path."""
    here = Path(__file__).resolve().parent
    sys.path[:] = [item for item in sys.path if Path(item or ".").resolve() != here]
    sys.path.append(str(here.parent))
    return here.name


def _answer(channel: BinaryIO, payload: dict[str, Any]) -> None:
    body = json.dumps(payload, separators=(",", ":")).encode()
    channel.write(struct.pack(">Q", len(body)))
    channel.write(body)
    channel.flush()


class Worker:
    """Runs one request after another."""

    def __init__(self, package: str) -> None:
        self._package = package
        self._modes = importlib.import_module(f"{package}.modes")
        self._stage = importlib.import_module(f"{package}.stage")
        self._registry = importlib.import_module(f"{package}.registry")

    def hello(self) -> dict[str, Any]:
        """Which engine this is."""
        import backtrader as bt

        return {"version": bt.__version__, "file": str(bt.__file__), "python": sys.version.split()[0]}

    def handle(self, request: dict[str, Any]) -> dict[str, Any]:
        """A scenario, a fuzz case, a resampled feed, indicators, or a word of greeting."""
        if request["do"] == "hello":
            return self.hello()
        if request["do"].startswith("indicator"):
            found: dict[str, Any] = importlib.import_module(f"{self._package}.indicator_run").answer(request)
            return found
        mode = self._modes.Mode(request["mode"], request["run"], request["watch"])
        stage = self._stage.Stage(mode, light=request["do"] == "fuzz")
        try:
            self._perform(request, stage)
        except Exception as exc:
            stage.recorder.error = self._failure(exc)
        finally:
            stage.close()
        trace: dict[str, Any] = stage.recorder.trace()
        return trace

    def _perform(self, request: dict[str, Any], stage: Any) -> None:
        if request["do"] in ("fuzz", "resample"):
            module = importlib.import_module(f"{self._package}.{request['do']}_run")
            module.perform(request["case"], stage)
            return
        importlib.import_module(f"{self._package}.scenarios.{request['module']}")
        built = self._registry.function(request["name"])(stage)
        if built is not None:
            stage.run(built)

    def _failure(self, exc: Exception) -> dict[str, Any]:
        found: dict[str, Any] = importlib.import_module(f"{self._package}.snapshot").failure(exc)
        found["where"] = "".join(traceback.format_exception(exc))[-3000:]
        return found


def main() -> None:
    """Serve until standard input ends."""
    channel = _own_stdout()
    warnings.simplefilter("ignore")
    worker = Worker(_find_package())
    for line in sys.stdin:
        _answer(channel, worker.handle(json.loads(line)))


if __name__ == "__main__":
    main()
