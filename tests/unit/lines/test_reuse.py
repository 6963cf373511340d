"""Values that outlive a run: the same numbers, computed once, in bounded memory."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import backtrader as bt
from backtrader.lines.reuse import Reuse
from backtrader.opt.job import job_of
from tests.unit.opt.runs_for_tests import frame


def _reuse(job: Any) -> Reuse:
    found: Reuse = job._runner.cerebro.datas[0]._reuse
    return found


class Many(bt.Strategy):
    """Kernels of windows and of recursion, one upon the other, and of two prices."""

    params = (("fast", 5), ("slow", 20))

    def __init__(self) -> None:
        fast = bt.indicators.EMA(self.data, period=self.p.fast)
        slow = bt.indicators.SMA(self.data.high, period=self.p.slow)
        self.rsi = bt.indicators.RSI(fast, period=10)
        self.macd = bt.indicators.MACD(self.data)
        self.bands = bt.indicators.BollingerBands(slow, period=8)
        self.cross = bt.indicators.CrossOver(fast, slow)
        self.high = bt.indicators.Highest(self.data.high(-2) - self.data.low, period=self.p.fast)
        self.seen: list[Any] = []

    def next(self) -> None:
        self.seen.append((self.rsi[0], self.macd.signal[0], self.bands.top[0], self.high[0]))
        if self.cross > 0 and self.rsi[-1] > 30:
            self.buy()
        elif self.cross < 0:
            self.close()

    def stop(self) -> None:
        RECORD.append(repr(self.seen))


RECORD: list[str] = []


@pytest.mark.parametrize("bars", [300, 6000])
def test_every_value_is_that_of_a_run_by_itself(bars: int) -> None:
    data = frame(bars)
    combinations = [{"fast": fast, "slow": slow} for _ in range(2) for fast in (4, 7) for slow in (15, 40)]
    found = []
    for memory in (0, "50MB"):
        RECORD.clear()
        job = job_of(Many, data, reuse_memory=memory)
        metrics = [repr(job.run(params).metrics) for params in combinations]
        found.append((list(RECORD), metrics))
        if memory:
            assert _reuse(job).hits > 20
    assert found[0] == found[1]
    assert len(set(found[0][0])) == 4


def test_memory_is_bounded_and_the_oldest_goes_first() -> None:
    job = job_of(Many, frame(2000), reuse_memory="0.1MB")
    for fast in range(2, 30):
        for _ in range(3):
            assert job.run({"fast": fast}).state == "complete"
            assert _reuse(job).used <= 0.1 * 2**20
    kept = _reuse(job)
    assert len(kept._columns) * 16_000 == kept.used > 0


def test_nothing_is_kept_that_came_up_once() -> None:
    job = job_of(Many, frame(500))
    job.run({"fast": 3, "slow": 30})
    assert _reuse(job).used == 0


def test_who_writes_to_a_line_has_memory_of_his_own() -> None:
    class Writes(bt.Strategy):
        params = (("write", False),)

        def __init__(self) -> None:
            self.sma = bt.indicators.SMA(period=5)
            self.total = 0.0

        def next(self) -> None:
            if self.p.write:
                self.sma.lines.sma[0] = 1.0
            self.total += self.sma[0]

        def stop(self) -> None:
            TOTALS.append(self.total)

    TOTALS: list[float] = []
    job = job_of(Writes, frame())
    for write in (False, False, False, True, False):
        assert job.run({"write": write}).state == "complete"
    first, *rest = TOTALS
    assert rest == [first, first, 296.0, first]


# -- indicators written in Python ------------------------------------------------------------------------
CALLS: list[int] = []


class Wander(bt.Indicator):
    """As users write them."""

    lines = ("up", "down")
    params = (("part", 0.1),)
    reusable = True

    def __init__(self) -> None:
        self.addminperiod(3)

    def nextstart(self) -> None:
        CALLS.append(1)
        self.lines.up[0] = self.lines.down[0] = self.data[0]

    def next(self) -> None:
        self.lines.up[0] = max(self.data[0], self.lines.up[-1] * (1 - self.p.part))
        self.lines.down[0] = min(self.data[0], self.lines.down[-1] * (1 + self.p.part))


class Wanders(bt.Strategy):
    params = (("part", 0.01), ("average", 5), ("level", 1.0))

    def __init__(self) -> None:
        self.wander = Wander(bt.indicators.SMA(period=self.p.average), part=self.p.part)
        self.other = Wander(self.wander.down, part=self.p.part)
        self.total = 0.0

    def next(self) -> None:
        self.total += self.wander.up[0] - self.other.down[0] * self.p.level

    def stop(self) -> None:
        RECORD.append(repr(self.total))


def test_an_indicator_that_says_so_is_computed_once() -> None:
    combinations = [
        {"part": p, "average": a, "level": v}
        for v in (1.0, 2.0, 3.0, 4.0)
        for p in (0.01, 0.02)
        for a in (5, 9)
    ]
    found = []
    for memory in (0, "50MB"):
        RECORD.clear()
        CALLS.clear()
        job = job_of(Wanders, frame(), reuse_memory=memory)
        assert {job.run(params).state for params in combinations} == {"complete"}
        found.append((list(RECORD), len(CALLS)))
    assert found[0][0] == found[1][0] and len(set(found[0][0])) > 8
    assert found[0][1] == 2 * 16
    assert found[1][1] == 2 * 2 * 4, "the first two times each"


def test_other_indicators_in_python_are_run_each_time() -> None:
    class Private(Wander):
        reusable = False

    class Uses(bt.Strategy):
        params = (("x", 1),)

        def __init__(self) -> None:
            self.private = Private()

        def next(self) -> None:
            self.private.up[0]

    CALLS.clear()
    job = job_of(Uses, frame())
    for x in range(4):
        job.run({"x": x})
    assert len(CALLS) == 4


def test_hurst_and_regressions_are_computed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    class Slow(bt.Strategy):
        params = (("level", 0.5),)

        def __init__(self) -> None:
            self.hurst = bt.indicators.HurstExponent(period=30)
            self.total = 0.0

        def next(self) -> None:
            self.total += self.hurst[0] > self.p.level

        def stop(self) -> None:
            RECORD.append(repr((self.total, np.asarray(self.hurst.array).tobytes())))

    RECORD.clear()
    calls = []
    once = bt.indicators.HurstExponent.once
    monkeypatch.setattr(
        bt.indicators.HurstExponent, "once", lambda self, *args: (calls.append(1), once(self, *args))[1]
    )
    job = job_of(Slow, frame())
    for _ in range(5):
        job.run({"level": 0.4})
    assert len(set(RECORD)) == 1 and 0 < len(calls) < 5
