"""What is measured, at which size, and how: in pairs, one engine after the other, several times."""

from __future__ import annotations

import json
import os
import shutil
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .data import write_daily_csv
from .engines import HERE, Engine, Worker

Say = Callable[[str], None]


@dataclass(frozen=True)
class Load:
    """A workload: how big for us and the peer, how big for the original (which would take minutes)."""

    name: str
    title: str
    run: str
    bars: int
    oracle_bars: int
    feeds: int = 1
    options: dict[str, Any] = field(default_factory=dict)
    oracle_options: dict[str, Any] = field(default_factory=dict)
    combinations: int = 1
    oracle_combinations: int = 1
    floor: float | None = None
    peer: bool = True

    def quick(self) -> Load:
        """The same at a fifth of the size."""
        smaller = {"bars": max(self.bars // 5, 2_000), "oracle_bars": max(self.oracle_bars // 5, 500)}
        return Load(**{**self.__dict__, **smaller})

    def request(self, engine: str) -> dict[str, Any]:
        """What to ask a worker."""
        bars = self.oracle_bars if engine == "oracle" else self.bars
        options = self.oracle_options if engine == "oracle" and self.oracle_options else self.options
        return {"run": self.run, "bars": bars, "feeds": self.feeds, "options": options}

    def steps(self, engine: str) -> int:
        """Bars handled in one run: of every feed, for every combination."""
        if engine == "oracle":
            return self.oracle_bars * self.feeds * self.oracle_combinations
        return self.bars * self.feeds * self.combinations


_FAST, _SLOW = list(range(4, 24)), list(range(25, 125, 10))

LOADS = [
    Load("W1-100k", "SMA 10/30 cross", "cross", 100_000, 100_000, floor=120.0),
    Load("W1-1M", "SMA 10/30 cross", "cross", 1_000_000, 100_000, floor=120.0),
    Load("W1b", "six indicators read each bar", "six_indicators", 100_000, 50_000, floor=45.0),
    Load("W2", "cross on 100 feeds", "many_feeds", 20_000, 1_000, feeds=100, floor=45.0),
    Load(
        "W3",
        "sweep, 200 combinations",
        "sweep",
        10_000,
        10_000,
        options={"fast": _FAST, "slow": _SLOW},
        oracle_options={"fast": _FAST[::10], "slow": _SLOW[::3]},
        combinations=len(_FAST) * len(_SLOW),
        oracle_combinations=len(_FAST[::10]) * len(_SLOW[::3]),
        floor=90.0,
        peer=False,
    ),
    Load("W6", "bracket every fifth bar", "brackets", 100_000, 20_000, floor=20.0),
]


def differences(mine: dict[str, Any], theirs: dict[str, Any]) -> list[str]:
    """Where two results are not equal to the last digit, of what both have."""
    common = [key for key in mine if key in theirs]
    if not common:
        return ["nothing to compare"]
    return [f"{key}: {mine[key]!r} against {theirs[key]!r}" for key in common if mine[key] != theirs[key]]


def in_process(load: Load, engines: list[Engine], pairs: int, say: Say) -> dict[str, Any]:
    """Times of a workload, warm, inside long-lived processes, in turns."""
    found: dict[str, Any] = {"title": load.title, "floor": load.floor, "engines": {}}
    workers = {engine.name: Worker(engine) for engine in engines if load.peer or engine.name != "peer"}
    try:
        for name, worker in workers.items():
            found["engines"][name] = {
                "steps": load.steps(name),
                "microseconds_per_step": [],
                "cpu_microseconds_per_step": [],
            }
            warm_up = (
                {**load.request(name), "bars": min(load.bars, 2_000)}
                if name == "oracle"
                else load.request(name)
            )
            answer = worker.ask(**warm_up)
            if "error" in answer:
                found["engines"][name]["error"] = answer["error"]
        results: dict[str, Any] = {}
        for number in range(pairs):
            for name, worker in workers.items():
                entry = found["engines"][name]
                if "error" in entry:
                    continue
                answer = worker.ask(**load.request(name))
                if "error" in answer:
                    entry["error"] = answer["error"]
                    continue
                results[name] = answer["result"]
                for clock in ("", "cpu_"):
                    step = answer[f"{clock}seconds"] / entry["steps"]
                    entry[f"{clock}microseconds_per_step"].append(step * 1e6)
                say(f"{load.name} {number + 1}/{pairs} {name}: {answer['seconds']:.3f} s")
        found["agreement"] = _agreement(load, workers["ours"], results)
    finally:
        for worker in workers.values():
            worker.__exit__()
    found["ratios"] = _ratios(found["engines"])
    return found


def _agreement(load: Load, ours: Worker, results: dict[str, Any]) -> dict[str, list[str]]:
    """Differences from each other engine, on equal input."""
    agreement = {}
    if "oracle" in results and "ours" in results:
        mine = results["ours"]
        if load.oracle_bars != load.bars:
            mine = ours.ask(**{**load.request("ours"), "bars": load.oracle_bars}).get("result", {})
        agreement["oracle"] = differences(mine, results["oracle"])
    if "peer" in results and "ours" in results:
        agreement["peer"] = differences(results["ours"], results["peer"])
    return agreement


def _ratios(engines: dict[str, Any]) -> dict[str, dict[str, float]]:
    """How many times faster than the original, pair by pair, by the clock and by processor time."""
    reference = engines.get("oracle", {})
    ratios = {}
    for name, entry in engines.items():
        if name == "oracle":
            continue
        for clock in ("", "cpu_"):
            times = f"{clock}microseconds_per_step"
            each = [slow / fast for slow, fast in zip(reference.get(times, []), entry[times], strict=False)]
            if each:
                ratios[f"{clock}{name}"] = _spread(each)
    return ratios


def whole_process(engines: list[Engine], pairs: int, say: Say) -> dict[str, Any]:
    """W0: the quick start from the start of the interpreter to its end, with caches cold and warm.

    Cold means that the engine's own byte code and compiled kernels are not there; those of the
    standard library and of numpy are, as on any machine where Python has run before.
    """
    found: dict[str, Any] = {"title": "quick start, whole process", "engines": {}}
    with tempfile.TemporaryDirectory() as folder:
        table = Path(folder) / "daily.csv"
        write_daily_csv(table)
        values: dict[str, float] = {}
        for engine in engines:
            found["engines"][engine.name] = {"cold": [], "warm": []}
            values[engine.name] = _quick_start(engine, Path(folder), table)[1]
        for state in ("cold", "warm"):
            for number in range(pairs):
                for engine in engines:
                    if state == "cold":
                        _chill(Path(folder) / engine.name)
                    seconds, _ = _quick_start(engine, Path(folder), table)
                    found["engines"][engine.name][state].append(seconds)
                    say(f"W0 {state} {number + 1}/{pairs} {engine.name}: {seconds:.3f} s")
    found["ratios"] = {
        f"{name} {state}": _pairwise(found["engines"]["oracle"][state], entry[state])
        for name, entry in found["engines"].items()
        if name != "oracle" and "oracle" in found["engines"]
        for state in ("cold", "warm")
    }
    mine = {"value": values["ours"]}
    found["agreement"] = {n: differences(mine, {"value": v}) for n, v in values.items() if n != "ours"}
    return found


def _pairwise(slow: list[float], fast: list[float]) -> dict[str, float]:
    return _spread([a / b for a, b in zip(slow, fast, strict=True)])


def _spread(each: list[float]) -> dict[str, float]:
    return {"median": statistics.median(each), "min": min(each), "max": max(each)}


def _quick_start(engine: Engine, folder: Path, table: Path) -> tuple[float, float]:
    caches = folder / engine.name
    environment = {
        **engine.environment,
        "PYTHONPYCACHEPREFIX": str(caches / "bytecode"),
        "NUMBA_CACHE_DIR": str(caches / "kernels"),
    }
    command = [engine.python, str(HERE / "quickstart.py"), str(table)]
    began = time.perf_counter()
    done = subprocess.run(command, env=environment, capture_output=True, text=True)
    seconds = time.perf_counter() - began
    if done.returncode:
        raise RuntimeError(f"the quick start failed under {engine.name}:\n{done.stderr}")
    return seconds, float(done.stdout.split()[-1])


def _chill(caches: Path) -> None:
    """Forget what was compiled of an engine, and only that."""
    shutil.rmtree(caches / "kernels", ignore_errors=True)
    for name in ("backtrader", "back_trader"):
        for found in [p for p in (caches / "bytecode").rglob(name) if p.is_dir()]:
            shutil.rmtree(found, ignore_errors=True)


def memory(engines: list[Engine], quick: bool, say: Say) -> dict[str, Any]:
    """W5: how much memory a run adds to a process that holds the bars already; a process a figure."""
    large, small = (200_000, 20_000) if quick else (1_000_000, 100_000)
    found: dict[str, Any] = {"title": f"memory of the SMA cross, {large:,} bars", "engines": {}}
    for engine in engines:
        if engine.name == "peer":
            continue
        entry = found["engines"][engine.name] = {}
        figures: list[tuple[str, int, dict[str, Any]]] = [
            ("whole", large, {}),
            ("exactbars=1", large, {"exactbars": 1}),
            ("exactbars=1, a tenth of the bars", small, {"exactbars": 1}),
        ]
        for label, bars, options in figures:
            with Worker(engine) as worker:
                # a short run first: imports and compiled kernels are not what is asked here
                worker.ask(run="cross", bars=2_000, options=options)
                answer = worker.ask(run="cross", bars=bars, options=options)
            kept = ("error",) if "error" in answer else ("peak_mb", "grown_mb", "seconds")
            entry[label] = {key: answer[key] for key in kept}
            say(f"W5 {engine.name} {label}: {json.dumps(entry[label])}")
    return found


def cores() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
