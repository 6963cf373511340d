"""Measure how text feeds load: ``python -m benchmarks.bench_feeds [--quick]``.

Each layout is loaded here and, with fewer rows, by the original; the ratio compares the time of
one row, and both have to end with the same bars. Beside it stands ``pandas.read_csv`` of the same
file. Limits: generic CSV at least 50 times as fast as the original, within 3 times of pandas.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from .engines import Engine, oracle, ours

_LEAST_RATIO = 50.0
_MOST_OF_PANDAS = 3.0

#: Runs under both engines: loads each file a few times; one line a file: seconds, processor seconds, digest.
LOAD = """
import hashlib, json, sys, time
import backtrader as bt

class Environment:
    _tradingcal = None

def load(kind, path):
    make = getattr(bt.feeds, kind)
    data = make(dataname=path, timeframe=bt.TimeFrame.Days if "Yahoo" in kind else bt.TimeFrame.Minutes)
    data.setenvironment(Environment())
    data._start()
    wall, cpu = time.perf_counter(), time.process_time()
    data.preload()
    return data, time.perf_counter() - wall, time.process_time() - cpu

for kind, path, pairs in json.loads(sys.argv[1]):
    taken = []
    for _ in range(pairs):
        data, wall, cpu = load(kind, path)
        taken.append((wall, cpu))
    rows = data.buflen()
    shown = hashlib.sha256()
    for line in data.lines:
        shown.update(bytes(memoryview(line.array)[: int(sys.argv[2])]))
    print(json.dumps({"rows": rows, "wall": [w for w, _ in taken], "cpu": [c for _, c in taken],
                      "digest": shown.hexdigest()}))
"""

PANDAS = """
import json, sys, time
import pandas
taken = []
for _ in range(int(sys.argv[2])):
    wall, cpu = time.perf_counter(), time.process_time()
    pandas.read_csv(sys.argv[1])
    taken.append((time.perf_counter() - wall, time.process_time() - cpu))
print(json.dumps({"wall": [w for w, _ in taken], "cpu": [c for _, c in taken]}))
"""


def _walk(count: int) -> Iterator[tuple[datetime, list[float], int]]:
    rnd = random.Random(11)
    when, last = datetime(2015, 1, 5, 9, 30), 100.0
    for _ in range(count):
        opened, last = last, max(1.0, last + rnd.gauss(0, 0.05))
        high, low = max(opened, last) + abs(rnd.gauss(0, 0.02)), min(opened, last) - abs(rnd.gauss(0, 0.02))
        yield when, [opened, high, low, last], rnd.randrange(1, 5000)
        when += timedelta(minutes=1)


def _prices(values: list[float]) -> str:
    return ",".join(f"{value:.2f}" for value in values)


def _generic(count: int) -> Iterator[str]:
    yield "datetime,open,high,low,close,volume,openinterest\n"
    for when, values, volume in _walk(count):
        yield f"{when},{_prices(values)},{volume},0\n"


def _plain(count: int) -> Iterator[str]:
    yield "Date,Time,Open,High,Low,Close,Volume,OpenInterest\n"
    for when, values, volume in _walk(count):
        yield f"{when:%Y-%m-%d,%H:%M:%S},{_prices(values)},{volume},0\n"


def _mt4(count: int) -> Iterator[str]:
    yield "Date,Time,Open,High,Low,Close,Volume\n"
    for when, values, volume in _walk(count):
        yield f"{when:%Y.%m.%d,%H:%M},{_prices(values)},{volume}\n"


def _yahoo(count: int) -> Iterator[str]:
    yield "Date,Open,High,Low,Close,Adj Close,Volume\n"
    for i, (_, values, volume) in enumerate(_walk(count)):
        day = datetime(1500, 1, 1) + timedelta(days=i)
        yield f"{day:%Y-%m-%d},{_prices(values)},{values[3] * 0.9:.6f},{volume}\n"


CASES: list[tuple[str, Callable[[int], Iterator[str]], int]] = [
    ("GenericCSVData", _generic, 1_000_000),
    ("BacktraderCSVData", _plain, 1_000_000),
    ("MT4CSVData", _mt4, 1_000_000),
    ("YahooFinanceCSVData", _yahoo, 200_000),
]


def _ask(engine: Engine, cases: list[tuple[str, str, int]], shown: int) -> list[dict[str, Any]]:
    command = [engine.python, "-P", "-W", "ignore", "-c", LOAD, json.dumps(cases), str(shown)]
    done = subprocess.run(command, env=engine.environment, capture_output=True, text=True, check=True)
    return [json.loads(line) for line in done.stdout.splitlines()]


def _measure(folder: Path, kind: str, write: Callable[[int], Iterator[str]], rows: int) -> dict[str, Any]:
    fewer = max(rows // 20, 1000)
    large, small = folder / f"{kind}.csv", folder / f"{kind}-small.csv"
    large.write_text("".join(write(rows)))
    small.write_text("".join(write(fewer)))
    first, mine = _ask(ours(), [(kind, str(large), 1), (kind, str(large), 7)], fewer)
    (theirs,) = _ask(oracle(), [(kind, str(small), 3)], fewer)
    done = subprocess.run(
        [sys.executable, "-c", PANDAS, str(large), "7"], capture_output=True, text=True, check=True
    )
    pandas = json.loads(done.stdout)
    ratio = {
        how: min(theirs[how]) / theirs["rows"] / (min(mine[how]) / mine["rows"]) for how in ("wall", "cpu")
    }
    return {
        "kind": kind, "rows": rows, "first": first["wall"][0], "seconds": min(mine["wall"]),
        "cpu": min(mine["cpu"]), "ratio": ratio["wall"], "ratio_cpu": ratio["cpu"],
        "of_pandas": min(mine["wall"]) / min(pandas["wall"]),
        "of_pandas_cpu": min(mine["cpu"]) / min(pandas["cpu"]), "same": mine["digest"] == theirs["digest"],
    }  # fmt: skip


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print; 1 if a limit is not kept or the bars differ."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.bench_feeds", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a tenth of the size; no limits")
    parser.add_argument("--only", choices=[kind for kind, _, _ in CASES])
    options = parser.parse_args(arguments)
    good = True
    print(f"{'feed':22}{'rows':>9}{'first':>8}{'best':>8}{'cpu':>8}{'x original':>12}{'x (cpu)':>9}"
          f"{'of pandas':>11}{'(cpu)':>8}  same bars")  # fmt: skip
    for kind, write, rows in CASES:
        if options.only in (None, kind):
            with tempfile.TemporaryDirectory() as folder:
                found = _measure(Path(folder), kind, write, rows // 10 if options.quick else rows)
            print("{kind:22}{rows:>9}{first:>8.3f}{seconds:>8.3f}{cpu:>8.3f}{ratio:>12.1f}{ratio_cpu:>9.1f}"
                  "{of_pandas:>11.2f}{of_pandas_cpu:>8.2f}  {same}".format(**found), flush=True)  # fmt: skip
            good &= found["same"] and (options.quick or kind != "GenericCSVData" or _kept(found))
    return 0 if good else 1


def _kept(found: dict[str, Any]) -> bool:
    """Whether the limits are kept, by wall clock or, on a busy machine, by processor time."""
    fast = max(found["ratio"], found["ratio_cpu"]) >= _LEAST_RATIO
    near = min(found["of_pandas"], found["of_pandas_cpu"]) <= _MOST_OF_PANDAS
    if not fast:
        print(f"  not {_LEAST_RATIO:.0f} times as fast as the original")
    if not near:
        print(f"  more than {_MOST_OF_PANDAS:.0f} times the time of pandas.read_csv")
    return fast and near


if __name__ == "__main__":
    began = time.perf_counter()
    code = main()
    print(f"{time.perf_counter() - began:.0f} s")
    sys.exit(code)
