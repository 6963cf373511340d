"""From measurements to a record that can be committed and a table that can be read."""

from __future__ import annotations

import datetime
import json
import os
import platform
import statistics
import subprocess
from pathlib import Path
from typing import Any

from .engines import HERE, ROOT, Engine
from .measure import cores

Record = dict[str, Any]

ENGINES = ("ours", "oracle", "peer")


def record(found: dict[str, Any], engines: list[Engine], quick: bool) -> Record:
    """The measurements with what is needed to understand them later."""
    return {
        "date": datetime.date.today().isoformat(),
        "commit": _commit(),
        "quick": quick,
        "machine": {"cpu": _cpu(), "cores": cores(), "memory_gb": _memory_gb(), "system": platform.system()},
        "python": platform.python_version(),
        "engines": {engine.name: engine.version() for engine in engines},
        "workloads": found,
    }


def write(result: Record) -> Path:
    """Keep a record under today's date; a quick one gets a name of its own and is not for keeping."""
    folder = HERE / "results"
    folder.mkdir(exist_ok=True)
    path = folder / f"{result['date']}{'-quick' if result['quick'] else ''}.json"
    path.write_text(json.dumps(result, indent=1) + "\n")
    return path


def table(result: Record) -> str:
    """One line a workload, then memory and what does not agree."""
    engines = ", ".join(f"{name} {version}" for name, version in result["engines"].items())
    machine = result["machine"]
    lines = [
        f"{result['date']}  commit {result['commit']}  Python {result['python']}  {engines}",
        f"{machine['cpu']}, {machine['cores']} cores, {machine['memory_gb']} GB"
        + ("  QUICK" if result["quick"] else ""),
        "",
        "times in microseconds a bar (of each feed and combination); W0 in milliseconds",
        _row(
            "workload", "bars", ["ours", "oracle", "peer"], "times the oracle", "by cpu", "floor", "results"
        ),
    ]
    for name, entry in result["workloads"].items():
        if name == "W0":
            lines += _whole_process_lines(entry)
        elif name != "W5":
            lines.append(_workload_line(name, entry))
    if "W5" in result["workloads"]:
        lines += _memory_lines(result["workloads"]["W5"])
    lines += _difference_lines(result)
    return "\n".join(lines)


def disagreements(result: Record) -> list[str]:
    """Workloads whose results are not the original's."""
    return [n for n, entry in result["workloads"].items() if entry.get("agreement", {}).get("oracle")]


def _row(title: str, bars: str, times: list[str], ratio: str, cpu: str, floor: str, results: str) -> str:
    cells = "".join(text.rjust(width) for text, width in zip(times, (9, 10, 8), strict=True))
    return f"{title:<36}{bars:>10}{cells}  {ratio:<24}{cpu:>7}{floor:>7}  {results}"


def _workload_line(name: str, entry: Record) -> str:
    times = []
    for engine in ENGINES:
        measured = entry["engines"].get(engine, {}).get("microseconds_per_step", [])
        times.append(f"{statistics.median(measured):.2f}" if measured else "-")
    cpu = entry["ratios"].get("cpu_ours")
    results = _agreement(entry)
    ours, oracle = entry["engines"].get("ours", {}), entry["engines"].get("oracle", {})
    if ours.get("steps") != oracle.get("steps"):
        results += f" (oracle ran {oracle.get('steps', 0):,} bars)"
    return _row(
        f"{name} {entry['title']}",
        f"{ours.get('steps', 0):,}",
        times,
        _ratio(entry["ratios"].get("ours")),
        f"{cpu['median']:.1f}" if cpu else "-",
        f"{entry['floor']:.0f}" if entry["floor"] else "-",
        results,
    )


def _whole_process_lines(entry: Record) -> list[str]:
    lines = []
    for state in ("cold", "warm"):
        times = []
        for engine in ENGINES:
            measured = entry["engines"].get(engine, {}).get(state, [])
            times.append(f"{statistics.median(measured) * 1000:.0f}" if measured else "-")
        ratio = _ratio(entry["ratios"].get(f"ours {state}"))
        lines.append(_row(f"W0 {entry['title']}, {state}", "250", times, ratio, "-", "1", _agreement(entry)))
    return lines


def _memory_lines(entry: Record) -> list[str]:
    lines = ["", f"W5 {entry['title']}: megabytes added by the run (peak of the process)"]
    for engine, figures in entry["engines"].items():
        for label, figure in figures.items():
            text = figure.get("error") or f"{figure['grown_mb']:8.1f} ({figure['peak_mb']:.1f})"
            lines.append(f"  {engine:<8}{label:<36}{text}")
    return lines


def _difference_lines(result: Record) -> list[str]:
    lines = []
    for name, entry in result["workloads"].items():
        for engine, found in entry.get("agreement", {}).items():
            lines += [f"{name}: not the {engine}'s result: {text}" for text in found[:3]]
        for engine, figures in entry["engines"].items():
            if "error" in figures:
                lines.append(f"{name}: {engine} failed: {figures['error']}")
    return ["", *lines] if lines else []


def _ratio(ratio: dict[str, float] | None) -> str:
    return "-" if ratio is None else f"{ratio['median']:.1f} ({ratio['min']:.1f} to {ratio['max']:.1f})"


def _agreement(entry: Record) -> str:
    words = []
    for engine, found in entry.get("agreement", {}).items():
        words.append(f"{'same as' if not found else 'NOT'} {engine}")
    return ", ".join(words) or "not compared"


def _commit() -> str:
    done = subprocess.run(
        ["git", "describe", "--always", "--dirty", "--abbrev=10", "--match="],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    return done.stdout.strip() or "none"


def _cpu() -> str:
    try:
        rows = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    names = [row.partition(":")[2].strip() for row in rows if row.startswith("model name")]
    return names[0] if names else platform.machine()


def _memory_gb() -> float:
    return round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1024**3, 1)
