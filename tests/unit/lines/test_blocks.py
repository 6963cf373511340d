"""Lines computed in blocks: the same bits, and nothing left of what they are made of."""

from __future__ import annotations

from typing import Any

import pytest

import backtrader as bt
from backtrader.lines import blocks
from tests.unit.core.walk import Walk, run

#: What a strategy may make, from two feeds of the same times and one of larger bars.
EXPRESSIONS = [
    "bt.ind.MACDHisto().histo",
    "bt.ind.RSI(period=14)",
    "bt.ind.RSI(period=300)",
    "bt.ind.BollingerBands(period=20).bot",
    "bt.ind.Stochastic().percD",
    "bt.ind.ADX(period=14)",
    "bt.ind.KAMA(period=30)",
    "bt.ind.CrossOver(bt.ind.SMA(period=5), bt.ind.SMA(period=50))",
    "bt.If(self.data.close > bt.ind.SMA(period=20), self.data.high - self.data.low, self.data(-70))",
    "bt.ind.WMA(bt.ind.WMA(self.data.close - self.data1.close(-3), period=70), period=12)",
    "bt.Max(bt.ind.SMA(period=3), bt.ind.SMA(period=9), self.data.open) - bt.ind.Highest(period=130)",
    "bt.ind.SMA(bt.ind.EMA(self.data2, period=3), period=3)",
    "bt.ind.EMA(self.data.close - bt.ind.SMA(self.data2, period=3)(), period=8)",
    "bt.ind.Highest(bt.ind.ROC(period=90), period=40)",
    "bt.ind.EMA(bt.ind.EMA(self.data.close / 0.0, period=3), period=3)",
    "bt.And(self.data > self.data1, self.data.close > bt.ind.EMA(self.data.volume * 0.1, period=30))",
    "bt.ind.PercentRank(bt.ind.Momentum(bt.ind.SMA(period=4), period=6), period=25)",
]


def lines(profile: Any, count: int) -> list[list[str]]:
    """Every bit of every expression."""

    class All(bt.Strategy):
        def __init__(self) -> None:
            self.made = [eval(text, {"bt": bt, "self": self}) for text in EXPRESSIONS]

        def next(self) -> None:
            pass

        def prenext(self) -> None:
            pass

    feeds = [
        Walk(count=count, hole=197),
        Walk(count=count, seed=2),
        Walk(count=count // 5, minutes=7200, seed=3),
    ]
    strategy = run(All, *feeds, options={"memory_profile": profile})
    return [[value.hex() for value in made.array[: made.buflen()]] for made in strategy.made]


@pytest.mark.parametrize("block", [64, 256])
@pytest.mark.parametrize("count", [1000, 1023])
def test_the_same_bits_as_in_one_go(monkeypatch: pytest.MonkeyPatch, block: int, count: int) -> None:
    expected = lines(None, count)
    monkeypatch.setattr(blocks, "BLOCK", block)
    done = []
    compute = blocks.compute_in_blocks
    monkeypatch.setattr(
        "backtrader.core.plan.compute_in_blocks", lambda line: done.append(compute(line)) or done[-1]
    )
    found = lines(bt.MemoryProfile.BALANCED, count)
    assert sum(done) >= 14  # most were made of something
    for text, a, b in zip(EXPRESSIONS, found, expected):
        assert a == b, text


def test_only_what_is_read_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    class Made(bt.Strategy):
        def __init__(self) -> None:
            self.fast, self.slow = bt.ind.SMA(period=5), bt.ind.SMA(period=9)
            self.cross = bt.ind.CrossOver(self.fast, self.slow)
            self.macd = bt.ind.MACD()

        def next(self) -> None:
            self.seen = self.cross[0], self.macd.signal[0], self.fast[0]

    def with_memory(obj: Any) -> int:
        return sum("array" in line.__dict__ for line in obj.lines) + sum(
            map(with_memory, obj.getindicators())
        )

    monkeypatch.setattr(blocks, "BLOCK", 50)
    strategy = run(Made, options={"memory_profile": bt.MemoryProfile.BALANCED})
    assert [with_memory(ind) > 0 for ind in (strategy.fast, strategy.slow, strategy.cross)] == [
        True,
        False,
        True,
    ]
    assert with_memory(strategy.macd) == 2  # the signal, and the operation it is bound to
    expected = run(Made)
    assert with_memory(expected.slow) > 0 and with_memory(expected.macd) > 2
    # read after all, it is computed then
    assert list(strategy.slow.array)[8:] == list(expected.slow.array)[8:]


def test_short_runs_are_computed_in_one_go(monkeypatch: pytest.MonkeyPatch) -> None:
    assert blocks.BLOCK > 1000

    class Rsi(bt.Strategy):
        def __init__(self) -> None:
            self.rsi = bt.ind.RSI()

        def next(self) -> None:
            self.rsi[0]

    strategy = run(Rsi, options={"memory_profile": bt.MemoryProfile.BALANCED})
    rises = strategy.rsi.getindicators()[0]
    assert any("array" in line.__dict__ for line in rises.lines)
