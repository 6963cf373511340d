"""Scenario by scenario: trace of the original (kept on disk), trace of this engine, and their comparison."""

from __future__ import annotations

import hashlib
import json
import os
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .compare import Difference, Report, compare, compare_bytes
from .engine import ROOT, Engine, oracle_engine, oracle_python, product_engine
from .modes import MODES, Mode
from .registry import Scenario


def request(scenario: Scenario, mode: Mode) -> dict[str, Any]:
    """What a worker is asked for one scenario in one mode."""
    return {
        "do": "scenario", "name": scenario.name, "module": scenario.module,
        "mode": mode.name, "run": mode.run, "watch": mode.watch,
    }  # fmt: skip


@dataclass
class TraceStore:
    """Traces of the original by scenario, mode and source; stale ones are dropped when a new one is kept."""

    folder: Path
    python: Path

    def _path(self, scenario: Scenario, mode: Mode) -> Path:
        stamp = hashlib.sha256(
            f"{self.python}{self._installed()}{scenario.digest()}{mode}".encode()
        ).hexdigest()[:20]
        return self.folder / f"{scenario.name}@{mode.name.replace('=', '_')}@{stamp}.z"

    def _installed(self) -> float:
        config = self.python.parent.parent / "pyvenv.cfg"
        return config.stat().st_mtime if config.exists() else 0.0

    def get(self, scenario: Scenario, mode: Mode) -> bytes | None:
        """The stored trace, if it is still good."""
        path = self._path(scenario, mode)
        return zlib.decompress(path.read_bytes()) if path.exists() else None

    def put(self, scenario: Scenario, mode: Mode, trace: bytes) -> None:
        """Keep a trace."""
        path = self._path(scenario, mode)
        self.folder.mkdir(parents=True, exist_ok=True)
        for old in self.folder.glob(path.name.rsplit("@", 1)[0] + "@*"):
            old.unlink(missing_ok=True)
        part = path.with_suffix(f".{os.getpid()}")
        part.write_bytes(zlib.compress(trace, 1))
        part.replace(path)


@dataclass
class Parity:
    """Both engines, each in one long-lived process that starts when it is first needed.

    ``plain`` compares like with like everywhere: for the original against itself.
    """

    root: Path = ROOT
    cached: bool = True
    plain: bool = False
    start_product: Callable[[Path], Engine] = product_engine
    _engines: dict[str, Engine] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.store = TraceStore(self.root / "out" / "oracle-traces", oracle_python())

    @property
    def oracle(self) -> Engine:
        """The original."""
        if "oracle" not in self._engines:
            self._engines["oracle"] = oracle_engine(self.root)
        return self._engines["oracle"]

    @property
    def product(self) -> Engine:
        """This engine."""
        if "product" not in self._engines:
            self._engines["product"] = self.start_product(self.root)
        return self._engines["product"]

    def oracle_trace(self, scenario: Scenario, mode: Mode) -> bytes:
        """The original's trace, from disk if possible."""
        kept = self.store.get(scenario, mode) if self.cached else None
        if kept is None:
            kept = self.oracle.ask(request(scenario, mode))
            if self.cached:
                self.store.put(scenario, mode, kept)
        return kept

    def product_trace(self, scenario: Scenario, mode: Mode) -> bytes:
        """This engine's trace."""
        return self.product.ask(request(scenario, mode))

    def check(self, scenario: Scenario, mode: Mode, exact: bool = False) -> Report:
        """Run in both and judge, with what is known about the scenario taken into account."""
        oracle = self.oracle_trace(scenario, mode)
        wrong = oracle_surprise(scenario, mode, oracle)
        if wrong is not None:
            return Report([wrong])
        product = self.product_trace(scenario, mode)
        if mode.name in scenario.like and not self.plain:
            return self._check_like(scenario, mode, product, exact)
        report = compare_bytes(oracle, product, exact)
        if not report.equal and scenario.expected_crash(mode.name) and json.loads(product)["error"] is None:
            return Report()
        return report

    def _check_like(self, scenario: Scenario, mode: Mode, product: bytes, exact: bool) -> Report:
        """The original is wrong in this mode: callbacks must be those it makes in a mode where it is right."""
        right = json.loads(self.oracle_trace(scenario, MODES[scenario.like[mode.name]]))
        return compare(without_nested(right), without_nested(json.loads(product)), exact, only_events=True)

    def close(self) -> None:
        """End both processes."""
        for engine in self._engines.values():
            engine.close()
        self._engines.clear()


def without_nested(trace: dict[str, Any]) -> dict[str, Any]:
    """The trace without indicators inside indicators: only stepping modes show them bar by bar."""
    for event in trace["events"]:
        for name in [name for name in event.get("lines", ()) if name.count(".") > 1]:
            del event["lines"][name]
    return trace


def oracle_surprise(scenario: Scenario, mode: Mode, trace: bytes) -> Difference | None:
    """The original must end as the scenario says: normally, or with the recorded exception."""
    error = json.loads(trace[trace.rindex(b'"error":') + 8 : -1])
    expected = scenario.expected_crash(mode.name)
    found = error["type"] if error else None
    if found == expected:
        return None
    return Difference(
        f"{scenario.name}: how the original ends",
        expected or "normally",
        error["where"] if error else "normally",
    )
