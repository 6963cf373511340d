"""Measure searches over parameters: ``python -m benchmarks.bench_opt [--only sweep,memory] [--record]``.

- sweep: combinations of the moving-average cross on 10,000 bars, one process; at least 90 times as
  many a second as the original's ``optstrategy(maxcpus=1)``, with the same results.
- processes: the same in two processes, at least 1.8 times as fast as in one.
- reuse: the same for a strategy with a slow indicator that only some parameters change.
- scheduling: a study kept in a file whose runs take no time; below 2 ms a run.
- memory: eight workers on 1,000,000 bars, all processes together, each page counted once: less than 1.5
  times that of one process and 60 MB a worker. And what hundreds of runs add: nothing.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
from collections.abc import Callable
from typing import Any

from . import report
from .engines import ROOT, Worker, oracle, ours

_FAST, _SLOW = list(range(4, 24)), list(range(25, 125, 10))
# the original takes minutes for all of them; these have as many orders on average
_SOME_FAST, _SOME_SLOW = _FAST[::5], _SLOW[::3]
_BARS = 10_000
_LEAST_TIMES, _LEAST_SPEEDUP, _MOST_MS = 90.0, 1.8, 2.0


def ask(**request: Any) -> dict[str, Any]:
    """A question to a process of its own."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.opt_worker", json.dumps(request)],
        cwd=ROOT, env=environment, capture_output=True, text=True,
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(done.stderr)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def memory(n_jobs: int, bars: int, runs: int) -> float:
    """Megabytes that a sweep takes at most at a time, all its processes together."""
    found = ask(what="memory", n_jobs=n_jobs, bars=bars, runs=runs)
    if found["states"] != ["complete"]:
        raise RuntimeError(f"runs ended as {found['states']}")
    return float(found["mb"])


_found: dict[str, dict[str, Any]] = {}


def _report(name: str, shown: str, good: bool, **figures: Any) -> bool:
    print(f"{name:34} {shown}  {'ok' if good else 'MISSED'}", flush=True)
    _found[name] = {**figures, "kept": good}
    return good


def _answer(worker: Worker, **request: Any) -> dict[str, Any]:
    found = worker.ask(**request)
    if "error" in found:
        raise SystemExit(f"{request['run']}: {found['error']}")
    return found


def _spread(ratios: list[float]) -> str:
    return f"{statistics.median(ratios):7.1f}  (least {min(ratios):.1f}, most {max(ratios):.1f})"


def bench_sweep(pairs: int) -> bool:
    """Beside the original, run by run."""
    whole = {"fast": _FAST, "slow": _SLOW}
    some = {"fast": _SOME_FAST, "slow": _SOME_SLOW}
    ratios, cpu = [], []
    with Worker(oracle()) as slow, Worker(ours()) as fast:
        _answer(fast, run="search", bars=_BARS, options=whole)
        for _ in range(pairs):
            theirs = _answer(slow, run="sweep", bars=_BARS, options=some)
            here = _answer(fast, run="search", bars=_BARS, options=whole)
            for name, found in theirs["result"].items():
                if here["result"][name] != found:
                    raise SystemExit(f"{name}: {here['result'][name]} against {found}")
            count = len(whole["fast"]) * len(whole["slow"]), len(theirs["result"])
            ratios.append(theirs["seconds"] / count[1] / (here["seconds"] / count[0]))
            cpu.append(theirs["cpu_seconds"] / count[1] / (here["cpu_seconds"] / count[0]))
            print(
                f"  a run: {here['seconds'] / count[0] * 1e3:.2f} ms, "
                f"original {theirs['seconds'] / count[1]:.3f} s"
            )
    good = statistics.median(cpu) >= _LEAST_TIMES
    _report("runs a second, times original, CPU", _spread(cpu), good, ratios=cpu, floor=_LEAST_TIMES)
    good = statistics.median(ratios) >= _LEAST_TIMES
    return _report(
        "runs a second, times the original", _spread(ratios), good, ratios=ratios, floor=_LEAST_TIMES
    )


def bench_processes(pairs: int) -> bool:
    """Two processes beside one."""
    request = {"run": "search", "bars": _BARS}
    ratios = []
    with Worker(ours()) as worker:
        for number in range(pairs + 1):
            options = {"fast": _FAST, "slow": _SLOW}
            one = _answer(worker, **request, options=options)
            two = _answer(worker, **request, options=options | {"n_jobs": 2})
            if one["result"] != two["result"]:
                raise SystemExit("two processes found something else than one")
            if number:  # the first is to warm up
                ratios.append(one["seconds"] / two["seconds"])
    good = statistics.median(ratios) >= _LEAST_SPEEDUP
    return _report("two processes, times one", _spread(ratios), good, ratios=ratios, floor=_LEAST_SPEEDUP)


def bench_reuse(pairs: int) -> bool:
    """Computing once what combinations share."""
    ratios = []
    with Worker(ours()) as worker:
        for number in range(pairs + 1):
            with_, without = (
                _answer(worker, run="levels", bars=_BARS, options={"reuse": reuse}) for reuse in (True, False)
            )
            if with_["result"] != without["result"]:
                raise SystemExit("shared indicators have other values")
            if number:
                ratios.append(without["seconds"] / with_["seconds"])
    good = statistics.median(ratios) >= 1.5
    return _report("slow indicator shared, times without", _spread(ratios), good, ratios=ratios, floor=1.5)


def bench_scheduling(pairs: int) -> bool:
    """A study without runs to speak of."""
    good = True
    for n_jobs in (1, 2):
        for sampler in ("grid", "random"):
            found = [ask(what="scheduling", n_jobs=n_jobs, runs=2000, sampler=sampler) for _ in range(pairs)]
            times = [answer["seconds"] / answer["runs"] * 1e3 for answer in found]
            each = statistics.median(times)
            name = f"scheduling, {sampler}, {n_jobs} process(es)"
            good &= _report(name, f"{each:7.2f} ms", each < _MOST_MS, ms=times, limit=_MOST_MS)
    return good


def bench_memory(pairs: int) -> bool:
    """Sharing of data, and nothing left behind."""
    ones, eights = [], []
    for _ in range(pairs):
        ones.append(memory(1, 1_000_000, 4))
        eights.append(memory(8, 1_000_000, 24))
    one, eight = statistics.median(ones), statistics.median(eights)
    most = 1.5 * one + 8 * 60
    shown = f"{eight:7.0f} MB  (one process {one:.0f} MB, limit {most:.0f} MB)"
    good = _report(
        "eight workers on 1,000,000 bars", shown, eight < most, mb=eights, one_process_mb=ones, limit=most
    )
    grown = ask(what="growth", bars=_BARS, runs=600)["mb"]
    return _report("added by 600 runs", f"{grown:7.1f} MB", grown < 10, mb=grown, limit=10) and good


PARTS: dict[str, Callable[[int], bool]] = {
    "sweep": bench_sweep,
    "processes": bench_processes,
    "reuse": bench_reuse,
    "scheduling": bench_scheduling,
    "memory": bench_memory,
}


def main() -> int:
    """Measure; the exit code says whether a limit was missed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.bench_opt", description=__doc__)
    parser.add_argument("--only", default=",".join(PARTS), help="parts to measure, by comma")
    parser.add_argument("--pairs", type=int, default=3)
    parser.add_argument("--record", action="store_true", help="keep the figures in results/opt-<date>.json")
    args = parser.parse_args()
    fine = [PARTS[name](args.pairs) for name in args.only.split(",")]
    if args.record:
        result = report.record(_found, [ours(), oracle()], quick=False)
        path = report.HERE / "results" / f"opt-{result['date']}.json"
        path.write_text(json.dumps(result, indent=1) + "\n")
        print(f"written: benchmarks/results/{path.name}")
    return 0 if all(fine) else 1


if __name__ == "__main__":
    sys.exit(main())
