"""One engine in its own interpreter: reads requests as lines of JSON, answers with lines of JSON.

It stays alive between requests, so that compiled kernels stay compiled and two engines can be
measured in turns.  Run by the driver as a plain script; the first argument names the engine.
"""

from __future__ import annotations

import gc
import json
import os
import resource
import sys
import time
from pathlib import Path
from typing import Any


def main() -> None:
    """Answer requests until the input ends."""
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what an engine prints must not get between the answers
    sys.path.insert(0, str(Path(__file__).parent))
    if sys.argv[1] == "peer":
        import back_trader  # noqa: F401  (registers itself under the name the workloads import)
    import workloads

    prepared: dict[tuple[int, int], list[Any]] = {}
    for line in sys.stdin:
        request = json.loads(line)
        key = request["bars"], request.get("feeds", 1)
        if key not in prepared:
            prepared.clear()
            prepared[key] = workloads.prepare(*key)
        answers.write(json.dumps(_answer(workloads, request, prepared[key])) + "\n")
        answers.flush()


def _answer(workloads: Any, request: dict[str, Any], frames: list[Any]) -> dict[str, Any]:
    gc.collect()
    before = _peak()
    began, began_cpu = time.perf_counter(), time.process_time()
    try:
        result = workloads.RUNS[request["run"]](frames, **request.get("options", {}))
    except Exception as error:  # an engine that cannot run a workload is reported, not hidden
        return {"error": f"{type(error).__name__}: {error}"}
    return {
        "seconds": time.perf_counter() - began,
        "cpu_seconds": time.process_time() - began_cpu,
        "result": result,
        "peak_mb": _peak(),
        "grown_mb": _peak() - before,
    }


def _peak() -> float:
    """The most memory this process has held so far, in megabytes."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1024.0**2 if sys.platform == "darwin" else 1024.0)


if __name__ == "__main__":
    main()
