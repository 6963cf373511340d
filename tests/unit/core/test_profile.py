"""Memory profiles: the same results, and less memory."""

from __future__ import annotations

import mmap
import tracemalloc
from typing import Any

import numpy as np
import pandas as pd
import pytest

import backtrader as bt
from tests.unit.core.walk import Walk, run

P = bt.MemoryProfile


class Six(bt.Strategy):
    """Six indicators read on each bar, orders now and then."""

    def __init__(self) -> None:
        self.seen = (
            bt.ind.SMA(period=20), bt.ind.EMA(period=50), bt.ind.RSI(period=14), bt.ind.MACD(),
            bt.ind.BollingerBands(period=20).lines.top, bt.ind.ATR(period=14),
        )  # fmt: skip
        self.values: list[float] = []

    def next(self) -> None:
        self.values.append(sum(line[0] for line in self.seen))
        if len(self) % 31 == 0:
            self.close() if self.position else self.buy()


class Lean(Six):
    """The same, keeping nothing itself."""

    def next(self) -> None:
        for line in self.seen:
            line[0]


def test_the_numbers_of_the_profiles() -> None:
    assert (P.CONSERVATIVE, P.BALANCED, P.AGGRESSIVE) == (0, 1, 2)


def test_none_is_what_the_other_parameters_say() -> None:
    assert bt.Cerebro().p.memory_profile is None
    cerebro = bt.Cerebro(runonce=False)
    cerebro.adddata(Walk())
    cerebro.run()
    assert (cerebro._dopreload, cerebro._dorunonce, cerebro._exactbars) == (True, False, 0)


@pytest.mark.parametrize(
    ("profile", "modes"),
    [
        (P.CONSERVATIVE, (True, True, 0)), (P.BALANCED, (True, True, -1)), (P.AGGRESSIVE, (False, False, 1)),
        (1, (True, True, -1)), ("aggressive", (False, False, 1)),
    ],
)  # fmt: skip
def test_a_profile_stands_for_three_parameters(profile: Any, modes: tuple[bool, bool, int]) -> None:
    cerebro = bt.Cerebro(memory_profile=profile, exactbars=False, preload=True)
    cerebro.adddata(Walk())
    cerebro.run()
    assert (cerebro._dopreload, cerebro._dorunonce, cerebro._exactbars) == modes


@pytest.mark.parametrize("wrong", [3, "tiny", 1.5])
def test_a_profile_that_is_none(wrong: Any) -> None:
    with pytest.raises(ValueError, match=r"MemoryProfile\.BALANCED.* or None, not"):
        run(Six, options={"memory_profile": wrong})


def test_all_profiles_have_the_same_results() -> None:
    feed = {"count": 1500}
    expected = run(Six, Walk(**feed))
    for profile in P:
        strategy = run(Six, Walk(**feed), options={"memory_profile": profile})
        assert strategy.values == expected.values
        assert strategy.broker.getvalue() == expected.broker.getvalue()


class Weighing(Lean):
    """Adds up the memory of all lines of the run at its last bar; memory that lines share counts once."""

    def next(self) -> None:
        super().next()
        if len(self) == self.data.buflen():
            found: dict[int, int] = {}
            for thing in (self, self.data, *self.getobservers()):
                self.collect(thing, found)
            self.bytes = sum(found.values())

    def collect(self, thing: Any, found: dict[int, int]) -> None:
        for line in thing.lines:
            memory = line.__dict__.get("array")
            if isinstance(memory, memoryview):
                gone = line._now.filler.first_of(line) if isinstance(memory.obj, mmap.mmap) else 0
                found[id(memory.obj)] = 8 * (len(memory) - gone)
        for inner in thing.getindicators() if hasattr(thing, "getindicators") else ():
            self.collect(inner, found)


def test_balanced_takes_at_most_sixty_percent_of_conservative() -> None:
    bars = 150_000
    frame = pd.DataFrame(
        {name: np.linspace(100.0, 200.0, bars) for name in ("open", "high", "low", "close", "volume")},
        index=pd.date_range("2020-01-01", periods=bars, freq="min"),
    )

    def kept(profile: Any) -> int:
        feed = bt.feeds.PandasData(dataname=frame, timeframe=bt.TimeFrame.Minutes)
        return int(run(Weighing, feed, options={"memory_profile": profile}).bytes)

    kept_whole = kept(P.CONSERVATIVE)
    assert kept_whole >= (7 + 6) * 8 * bars  # the feed and what is read at least
    assert kept(P.BALANCED) <= 0.6 * kept_whole


def peak(bars: int) -> int:
    """The most memory a run takes, of what Python allocates."""
    tracemalloc.start()
    try:
        run(Lean, Walk(count=bars, minutes=1), options={"memory_profile": P.AGGRESSIVE})
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_aggressive_is_flat_in_the_number_of_bars() -> None:
    peak(1000)
    assert peak(2500) <= 1.05 * peak(1000)


def test_a_run_that_cannot_be_a_batch_goes_on_all_the_same() -> None:
    for profile in P:
        cerebro = bt.Cerebro(memory_profile=profile)
        cerebro.replaydata(Walk(count=300, minutes=360), timeframe=bt.TimeFrame.Days)
        cerebro.addstrategy(Six)
        strategy = cerebro.run()[0]
        assert len(strategy.values) > 50
