"""One question about searches, asked and answered as JSON: ``python -m benchmarks.opt_worker '{"what": …}'``.

A process a question: memory is that of the process, and the processes below it.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))  # where the workloads look for their data


def family(pid: int) -> list[int]:
    """The process and all below it."""
    below: dict[int, list[int]] = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
            except OSError:
                continue
            below.setdefault(parent, []).append(int(folder.name))
    found = [pid]
    for each in found:
        found.extend(below.get(each, []))
    return found


def proportional_mb(pid: int) -> float:
    """Memory of the process and all below it, each page counted once however many share it."""
    total = 0
    for each in family(pid):
        try:
            lines = Path(f"/proc/{each}/smaps_rollup").read_text().splitlines()
        except OSError:
            continue
        total += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return total / 1024


class Watch(threading.Thread):
    """Looks at the memory every so often."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.peak = 0.0
        self._over = threading.Event()

    def run(self) -> None:
        """Until it is stopped."""
        while not self._over.wait(0.1):
            self.peak = max(self.peak, proportional_mb(os.getpid()))

    def stop(self) -> float:
        """The most there was at a time."""
        self._over.set()
        self.join()
        return self.peak


def _combinations(runs: int) -> list[dict[str, int]]:
    return [{"fast": 4 + i % 20, "slow": 25 + 10 * (i // 20 % 10)} for i in range(runs)]


def _job(bars: int, **options: Any) -> Any:
    import workloads

    import backtrader as bt
    from backtrader.opt.job import job_of

    feed = bt.feeds.PandasData(dataname=workloads.prepare(bars)[0], timeframe=bt.TimeFrame.Minutes)
    return job_of(workloads.Cross, feed, cash=10_000_000.0, **options)


def memory(n_jobs: int, bars: int, runs: int) -> dict[str, Any]:
    """Peak memory of a sweep, by itself or with its workers."""
    from backtrader.opt.executors import make_executor

    job = _job(bars)
    executor = make_executor(job, n_jobs=n_jobs)
    watch = Watch()
    watch.start()
    executor.expect(runs)  # as a study does
    outcomes = [future.result() for future in [executor.submit(each) for each in _combinations(runs)]]
    peak = watch.stop()
    executor.stop()
    return {"mb": peak, "states": sorted({outcome.state for outcome in outcomes})}


def growth(bars: int, runs: int) -> dict[str, Any]:
    """What many runs add to the memory of a search that saw each combination and has the compiler loaded."""
    job = _job(bars)
    for each in _combinations(600):
        job.run(each)
    before = proportional_mb(os.getpid())
    for each in _combinations(runs):
        job.run(each)
    return {"mb": proportional_mb(os.getpid()) - before}


class _Nothing:
    """A run that takes no time: what is left is the search around it."""

    title, names, objective = "Nothing", None, None

    def check(self, space: Any) -> None:
        """Anything goes."""

    def prepare(self) -> None:
        """Nothing to load."""

    def warm_up(self, params: Any) -> None:
        """Nothing to warm."""

    def run(self, params: Any, thresholds: Any = None) -> Any:
        """At once."""
        from backtrader.analyzers.metrics import METRICS
        from backtrader.opt.entry import Outcome

        return Outcome(metrics=dict.fromkeys(METRICS, 1.0) | {"sharpe_ratio": float(params["a"])})


def scheduling(n_jobs: int, runs: int, sampler: str = "grid") -> dict[str, Any]:
    """Seconds of a whole search, kept in a file, whose runs take no time."""
    from backtrader.opt.study import Study

    with tempfile.TemporaryDirectory() as folder:
        study = Study(
            _Nothing(), {"a": (1, runs)}, "sharpe_ratio", name="nothing", storage=str(Path(folder) / "s.db"),
            n_jobs=n_jobs, sampler=sampler, n_trials=runs,
        )  # fmt: skip
        began = time.perf_counter()
        result = study.run()
        return {"seconds": time.perf_counter() - began, "runs": result.total_runs}


def main() -> None:
    """Answer the question in the first argument."""
    request = json.loads(sys.argv[1])
    found = {"memory": memory, "growth": growth, "scheduling": scheduling}[request.pop("what")](**request)
    print(json.dumps(found))


if __name__ == "__main__":
    main()
