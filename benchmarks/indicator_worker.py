"""Measures one indicator at a time under either engine: requests and answers are lines of JSON.

Run by `bench_indicators` as a plain script; the first argument names the engine.  A batch of the original
is timed inside a real run, around the computing of all indicators; ours is computed when its lines are
read, so what is timed is the reading of all lines of the indicator after it was made. Times are those of
the processor: on a busy machine a few milliseconds by the clock are mostly waiting.
"""

from __future__ import annotations

import gc
import hashlib
import json
import math
import os
import sys
import time
from array import array
from pathlib import Path
from typing import Any

COLUMNS = ("open", "high", "low", "close", "volume")


def columns_of(bars: int) -> dict[str, array[float]]:
    """The bars of all benchmarks as columns."""
    from data import bars as frame_of

    frame = frame_of(bars)
    return {name: array("d", frame[name].to_numpy().tobytes()) for name in COLUMNS}


def named(made: Any) -> list[Any]:
    """The lines of an indicator."""
    return [made.lines[i] for i in range(made.lines.size())]


def digest(values: Any) -> str:
    """A name for the bits of a line, whatever kind of NaN is in it."""
    plain = array("d", (value if value == value else math.nan for value in values))
    return hashlib.sha256(plain.tobytes()).hexdigest()[:16]


class Worker:
    """What both engines do: steps in event mode, in a real run."""

    def __init__(self) -> None:
        import backtrader as bt

        self.bt = bt
        self._known: tuple[int, dict[str, array[float]]] = (0, {})

    def columns(self, bars: int) -> dict[str, array[float]]:
        """Columns of so many bars, kept until others are asked for."""
        if self._known[0] != bars:
            self._known = (bars, columns_of(bars))
        return self._known[1]

    def run(self, made: str, bars: int, copies: int, **options: Any) -> tuple[float, Any]:
        """Seconds of a real run of a strategy that owns the indicators, and the strategy."""
        bt, columns = self.bt, self.columns(bars)

        class Feed(bt.feed.DataBase):  # type: ignore[misc, name-defined]
            """The columns, one bar after the other."""

            def start(self) -> None:
                super().start()
                self.at = -1

            def _load(self) -> bool:
                self.at += 1
                if self.at >= bars:
                    return False
                self.lines.datetime[0] = 735000.0 + self.at / 1440.0
                for name in COLUMNS:
                    getattr(self.lines, name)[0] = columns[name][self.at]
                self.lines.openinterest[0] = 0.0
                return True

        class Probe(bt.Strategy):
            """Owns the indicators; in a batch it notes how long computing them takes."""

            seconds = 0.0

            def __init__(self) -> None:
                self.made = [eval(made, {"bt": bt, "d": self.data}) for _ in range(copies)]

            def _once(self) -> None:
                began = time.process_time()
                super()._once()
                self.seconds = time.process_time() - began

        cerebro = bt.Cerebro(stdstats=False)
        cerebro.adddata(Feed())
        cerebro.addstrategy(Probe)
        gc.collect()
        began = time.process_time()
        probe = cerebro.run(**options)[0]
        return time.process_time() - began, probe

    def step(self, made: str, bars: int, copies: int) -> dict[str, Any]:
        """Seconds of one bar of one indicator: a run with several of them, less a run with none."""
        without, _ = self.run(made, bars, 0, runonce=False)
        with_them, _ = self.run(made, bars, copies, runonce=False)
        return {"seconds": (with_them - without) / copies / bars}

    def batch(self, made: str, bars: int) -> dict[str, Any]:
        """Seconds of computing the whole indicator, and its values by digest."""
        _, probe = self.run(made, bars, 1)
        return {
            "seconds": probe.seconds,
            "lines": [digest(line.array[:bars]) for line in named(probe.made[0])],
        }


class OurWorker(Worker):
    """Whole lines on memory that is there already, and the loops written by hand."""

    def __init__(self) -> None:
        super().__init__()
        from backtrader.lines import LineIterator, OHLCDateTime

        class Owner(LineIterator):
            """Owns the indicator, as a strategy would."""

            _ltype = LineIterator.StratType

            def __init__(self, made: str, scope: dict[str, Any]) -> None:
                super().__init__()
                self.made = eval(made, {**scope, "d": self.data})

        self._owner, self._bars = Owner, OHLCDateTime

    def _make(self, made: str, bars: int) -> Any:
        feed = self._bars()
        owner = self._owner(feed, made, {"bt": self.bt})
        feed._now.settle(bars)
        for name, values in self.columns(bars).items():
            getattr(feed.lines, name).array = memoryview(values)
        return owner

    def whole(self, made: str, bars: int, repeat: int) -> dict[str, Any]:
        """The least seconds of several times."""
        least = math.inf
        for _ in range(repeat):
            owner = self._make(made, bars)
            lines = named(owner.made)
            gc.collect()  # lines and their owners hold each other: the memory of the last time goes only now
            began = time.process_time()
            owner._once()
            for line in lines:
                line.array  # noqa: B018
            least = min(least, time.process_time() - began)
            del owner, lines
        return {"seconds": least}

    def _loop(self, by_hand: str, bars: int) -> tuple[Any, dict[str, Any]]:
        import numpy as np

        from benchmarks import loops, loops_price

        columns = self.columns(bars)
        scope = {name[0]: np.frombuffer(columns[name]) for name in COLUMNS}
        scope["weights14"] = np.arange(14.0, 0.0, -1.0)
        return compile(by_hand, "by hand", "eval"), {**vars(loops), **vars(loops_price), **scope}

    def by_hand(self, by_hand: str, bars: int, repeat: int) -> dict[str, Any]:
        """The least seconds of the hand-written loops."""
        code, scope = self._loop(by_hand, bars)
        least = math.inf
        for _ in range(repeat):
            began = time.process_time()
            kept = eval(code, scope)
            least = min(least, time.process_time() - began)
            del kept
        return {"seconds": least}

    def compare(self, made: str, by_hand: str, bars: int) -> dict[str, Any]:
        """The largest distance of our lines from those of the loops, in parts of the size of the values."""
        import numpy as np

        code, scope = self._loop(by_hand, bars)
        theirs = eval(code, scope)
        theirs = theirs if isinstance(theirs, tuple) else (theirs,)
        owner = self._make(made, bars)
        owner._once()
        ours = [np.frombuffer(line.array) for line in named(owner.made)]
        if len(ours) != len(theirs):
            return {"error": f"{len(theirs)} lines by hand, {len(ours)} of the indicator"}
        worst = 0.0
        for a, b in zip(ours, theirs, strict=True):
            valid = ~np.isnan(a)
            size = np.maximum(np.abs(a[valid]), max(np.abs(a[valid]).mean(), 1e-300))
            distance = np.nan_to_num(np.abs(a[valid] - b[valid]) / size, nan=math.inf)
            worst = max(worst, float(distance.max()))
        return {"distance": worst, "calls": owner._now.calls}


def main() -> None:
    """Answer requests until the input ends."""
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what an engine prints must not get between the answers
    sys.path.insert(0, str(Path(__file__).parent))
    worker = OurWorker() if sys.argv[1] == "ours" else Worker()
    for line in sys.stdin:
        request = json.loads(line)
        try:
            answer = getattr(worker, request.pop("do"))(**request)
        except Exception as error:  # an indicator that cannot be run is reported, not hidden
            answer = {"error": f"{type(error).__name__}: {error}"}
        answers.write(json.dumps(answer) + "\n")
        answers.flush()


if __name__ == "__main__":
    main()
