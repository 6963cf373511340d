"""Rings, bars and new-value events: what they cost, beside the original and beside plain objects.

    python -m benchmarks.bench_lines

- a `CyclicBuffer` against the line buffer of the original: add a value and read it back. The engines
  take turns, each in an interpreter of its own.
- `Bar` and `TimedEvent` against plain objects with the same fields: memory, making one, reading one
- a run in which nobody listens to new values against one in which an event was asked for and left
  alone, and what telling a value costs when somebody does listen

All times are processor times; ratios are taken pair by pair and the median is shown.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Callable
from typing import Any

PAIRS = 9
CALLS = 100_000


def timed(work: Callable[[], Any]) -> float:
    """Processor seconds of one call."""
    began = time.process_time()
    work()
    return time.process_time() - began


def in_pairs(first: Callable[[], Any], second: Callable[[], Any], pairs: int = PAIRS) -> tuple[float, float]:
    """Seconds of the first, and how many times longer the second takes."""
    both = [(timed(first), timed(second)) for _ in range(pairs)]
    return statistics.median(a for a, _ in both), statistics.median(b / a for a, b in both)


# -- the ring -----------------------------------------------------------------------------------------
def turn(engine: str) -> float:
    """Nanoseconds to add a value and read it back; the same script in both interpreters."""
    import backtrader as bt

    if engine == "ours":
        ring = bt.CyclicBuffer(1000, float)
        append = ring.append

        def work() -> None:
            for i in range(CALLS):
                append(1.0 * i)
                ring[-1]

    else:
        line = bt.LineBuffer()
        line.qbuffer()  # bounded, as the ring is
        line.reset()
        forward = line.forward

        def work() -> None:
            for i in range(CALLS):
                forward()
                line[0] = 1.0 * i
                line[0]

    return timed(work) / CALLS * 1e9


def rings() -> dict[str, bool]:
    """Both engines in turns."""
    from tools.oracle import ORACLE

    from .engines import Engine, ours

    if not ORACLE.installed:
        print("the original is not installed: python tools/oracle.py")
        return {}
    engines = [ours(), Engine("oracle", str(ORACLE.python))]
    times: dict[str, list[float]] = {engine.name: [] for engine in engines}
    for _ in range(PAIRS):
        for engine in engines:
            done = subprocess.run(
                [engine.python, "-P", __file__, engine.name],
                env=engine.environment, capture_output=True, text=True, check=True,
            )  # fmt: skip
            times[engine.name].append(json.loads(done.stdout))
    ratio = statistics.median(b / a for a, b in zip(*times.values(), strict=True))
    mine, theirs = (statistics.median(each) for each in times.values())
    print(
        f"ring: {mine:.0f} ns to add and read a value, "
        f"line buffer of the original {theirs:.0f} ns: {ratio:.1f}x"
    )
    return {"the ring is faster than the original's line buffer": ratio > 1.0}


# -- records ------------------------------------------------------------------------------------------
def plain_class(fields: tuple[str, ...], defaults: dict[str, str]) -> Any:
    """A class with these attributes and no slots."""
    arguments = ", ".join(f + (f"={defaults[f]}" if f in defaults else "") for f in fields)
    body = "; ".join(f"self.{f} = {f}" for f in fields)
    space: dict[str, Any] = {}
    exec(f"class Plain:\n def __init__(self, {arguments}): {body}", space)  # our own text
    return space["Plain"]


def memory_each(make: Any, values: tuple[float, ...]) -> float:
    """Bytes of one object, what it refers to left out."""
    kept: list[Any] = [None] * CALLS
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    for i in range(CALLS):
        kept[i] = make(*values)
    size = (tracemalloc.get_traced_memory()[0] - before) / CALLS
    tracemalloc.stop()
    return size


def records() -> dict[str, bool]:
    """Memory, making and reading, beside plain objects."""
    import backtrader as bt

    limits: dict[str, bool] = {}
    cases = [
        (
            bt.Bar,
            "datetime open high low close volume openinterest",
            {"volume": "0.0", "openinterest": "0.0"},
        ),
        (bt.TimedEvent, "datetime value", {"value": "None"}),
    ]
    for kind, names, defaults in cases:
        fields = tuple(names.split())
        plain, values = plain_class(fields, defaults), tuple(float(i) for i in range(len(fields)))
        share = memory_each(kind, values) / memory_each(plain, values)

        def making(make: Any, values: tuple[float, ...] = values) -> Callable[[], None]:
            def work() -> None:
                for _ in range(CALLS):
                    make(*values)

            return work

        def reading(record: Any, fields: tuple[str, ...] = fields) -> Callable[[], None]:
            body = "\n  ".join(f"record.{field}" for field in fields)
            space: dict[str, Any] = {}
            exec(f"def work(record):\n for _ in range({CALLS}):\n  {body}", space)  # our own text
            return lambda: space["work"](record)

        made, make_ratio = in_pairs(making(kind), making(plain))
        read, read_ratio = in_pairs(reading(kind(*values)), reading(plain(*values)))
        name = kind.__name__
        print(
            f"{name}: {share:.0%} of a plain object's memory, "
            f"{made / CALLS * 1e9:.0f} ns to make (plain {make_ratio:.2f}x), "
            f"{read / CALLS * 1e9:.0f} ns to read all fields (plain {read_ratio:.2f}x)"
        )
        limits[f"{name} takes at least 30 % less memory"] = share <= 0.7
        limits[f"{name} is made and read as fast, within 5 %"] = min(make_ratio, read_ratio) >= 0.95
    return limits


# -- new values -----------------------------------------------------------------------------------------
def events() -> dict[str, bool]:
    """Runs without a listener, with an event nobody listens to, and with a listener."""
    import backtrader as bt

    from .data import bars

    count = 100_000
    frame = bars(count)

    class Average(bt.Strategy):
        params = (("ask", False), ("listen", False))

        def __init__(self) -> None:
            self.sma = bt.indicators.SMA(period=20)
            event = self.sma.get_new_value_event() if self.p.ask else None
            if self.p.listen and event is not None:
                event.subscribe(self.hear)

        def hear(self, series: Any, when: Any, value: float) -> None:
            pass

        def next(self) -> None:
            self.sma[0]

    def runs(mode: dict[str, Any], bars: int, **params: Any) -> Callable[[], Any]:
        def work() -> None:
            cerebro = bt.Cerebro(stdstats=False, **mode)
            cerebro.adddata(bt.feeds.PandasData(dataname=frame[:bars]))
            cerebro.addstrategy(Average, **params)
            cerebro.run()

        return work

    limits = {}
    for name, mode, size in (("batch", {}, count), ("event", {"runonce": False}, count // 5)):
        quiet = runs(mode, size)
        quiet()
        base, asked = in_pairs(quiet, runs(mode, size, ask=True))
        _, heard = in_pairs(quiet, runs(mode, size, ask=True, listen=True), 5)
        print(
            f"new values, {name}: {base / size * 1e6:.2f} us a bar; with an event nobody hears {asked:.2f}x; "
            f"telling a value {base * (heard - 1) / size * 1e9:.0f} ns"
        )
        limits[f"an event nobody hears costs nothing ({name}, within 5 %)"] = asked < 1.05
    return limits


def main() -> int:
    """Print everything; the exit status is 1 if a limit is missed."""
    limits = {**rings(), **records(), **events()}
    for what, kept_to in limits.items():
        print(f"{'ok' if kept_to else 'MISSED':8}{what}")
    return 0 if all(limits.values()) else 1


if __name__ == "__main__":
    if len(sys.argv) > 1:
        print(json.dumps(turn(sys.argv[1])))
    else:
        sys.exit(main())
