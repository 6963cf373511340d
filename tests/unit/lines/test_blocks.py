"""Lines of which only a part is in memory: the same values, also for who looks back, ahead or afterwards."""

from __future__ import annotations

import mmap
from typing import Any

import pytest

import backtrader as bt
from backtrader.lines import blocks
from tests.unit.core.walk import Walk, run

BALANCED = {"memory_profile": bt.MemoryProfile.BALANCED}

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
    "self.data.close - self.data2.close",
    "bt.ind.Highest(bt.ind.ROC(period=90), period=40)",
    "bt.ind.EMA(bt.ind.EMA(self.data.close / 0.0, period=3), period=3)",
    "bt.And(self.data > self.data1, self.data.close > bt.ind.EMA(self.data.volume * 0.1, period=30))",
    "bt.ind.PercentRank(bt.ind.Momentum(bt.ind.SMA(period=4), period=6), period=25)",
    "bt.ind.SMA(period=5)",
    "bt.ind.SMA(period=5)",
]


@pytest.fixture(autouse=True)
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Many blocks in a short run, and pages given back."""
    monkeypatch.setattr(blocks, "BLOCK", 64)
    monkeypatch.setattr(blocks, "AHEAD", 3)
    monkeypatch.setattr(blocks, "KEPT", 200)


class Reading(bt.Strategy):
    """Reads every line on every bar, some from the bar 700 on, some back, and all after the run."""

    def __init__(self) -> None:
        self.made = [eval(text, {"bt": bt, "self": self}) for text in EXPRESSIONS]
        self.seen: list[Any] = []

    def prenext(self) -> None:
        self.next()

    def next(self) -> None:
        for i, line in enumerate(self.made):
            if i % 3 or len(self) > 700:
                back = line[-min(150, len(line) - 1)] if len(line) > 1 else None
                ahead = line[1] if i % 2 and len(self) < len(self.data.array) - 2 and i not in (11,) else None
                self.seen.append(str((line[0], back, ahead)))

    def stop(self) -> None:
        self.whole = [[value.hex() for value in line.array[: line.buflen()]] for line in self.made]


def feeds(count: int, hole: int = 0) -> list[Any]:
    return [
        Walk(count=count, hole=hole),
        Walk(count=count, seed=2),
        Walk(count=count // 5, minutes=7200, seed=3),
    ]


@pytest.mark.parametrize(("count", "hole"), [(1000, 0), (1023, 397), (2500, 0)])
@pytest.mark.parametrize("options", [{}, {"cheat_on_open": True}])
def test_the_same_values_as_in_one_go(count: int, hole: int, options: dict[str, Any]) -> None:
    found = run(Reading, *feeds(count, hole), options={**BALANCED, **options})
    expected = run(Reading, *feeds(count, hole), options=options)
    assert found.seen == expected.seen and len(found.seen) > count
    for text, a, b in zip(EXPRESSIONS, found.whole, expected.whole):
        assert a == b, text


def partial(strategy: Any) -> int:
    """How many lines are there in part."""
    filler = strategy.data._eval.filler
    return 0 if filler is None else len(filler.chains)


class Counting(bt.Strategy):
    """Reads a line, and counts how many are there in part."""

    def __init__(self) -> None:
        self.line = self.make()
        self.counts: list[int] = []
        self.total = 0.0

    def make(self) -> Any:
        return bt.ind.RSI()

    def next(self) -> None:
        self.total += self.line[0]
        self.counts.append(partial(self))


def test_only_what_is_read_is_there_and_only_in_part() -> None:
    class Memory(Counting):
        def make(self) -> Any:
            self.unread = bt.ind.MACD()
            return bt.ind.RSI()

        def next(self) -> None:
            super().next()
            if len(self) == 1900:
                chain = next(iter(self.data._eval.filler.chains.values()))
                assert isinstance(self.line.array.obj, mmap.mmap) and self.line.array.readonly
                assert chain.first > 1000 and chain.done < 2000
                assert "array" not in self.unread.lines.macd.__dict__
                assert len(self.line.get_view()) == 1900 - chain.first
                assert self.line.get_view(10).tolist() == list(self.line.get(size=10))

    strategy = run(Memory, Walk(count=2500), options=BALANCED)
    assert set(strategy.counts) == {1} and partial(strategy) == 0
    assert strategy.total == sum(list(strategy.line.array)[33:])  # whole again after the run


@pytest.mark.parametrize(
    "make",
    [
        lambda self: bt.ind.WindowIndicator(window=bt.SMAEventWindow(5)),
        lambda self: self.data.close() * 1.0,
        lambda self: bt.ind.ApplyN(func=sum, period=3),
        lambda self: bt.ind.SMA(self.data, period=3) - bt.ind.SMA(self.data2, period=3),
        lambda self: bt.ind.SMA(self.data2, period=3)(),
    ],
)
def test_with_a_line_of_another_kind_all_are_whole(make: Any) -> None:
    class Other(Counting):
        def make(self) -> Any:
            self.other = make(self)
            return bt.ind.RSI()

        def next(self) -> None:
            super().next()
            self.total += self.other[0]

    strategy = run(Other, *feeds(600), options=BALANCED)
    assert set(strategy.counts) == {0}
    assert strategy.total == run(Other, *feeds(600)).total


def test_a_line_made_while_the_run_goes_on_sees_all() -> None:
    class Late(Counting):
        def next(self) -> None:
            super().next()
            if len(self) == 900:
                self.late = bt.ind.ApplyN(bt.ind.SMA(self.line, period=3), func=max, period=30)
            if len(self) >= 900:
                self.total += self.late[0]

    strategy = run(Late, Walk(count=1200), options=BALANCED)
    assert 1 in strategy.counts and strategy.counts[-1] == 0
    assert strategy.total == run(Late, Walk(count=1200)).total


def test_who_writes_to_a_line_gets_it_whole() -> None:
    class Writing(Counting):
        def next(self) -> None:
            super().next()
            if len(self) == 900:
                self.line.lines.rsi[0] = 50.0
            if len(self) > 900:
                assert self.line[-(len(self) - 900)] == 50.0

    strategy = run(Writing, Walk(count=1200), options=BALANCED)
    assert strategy.counts[-1] == 0 and strategy.total == run(Writing, Walk(count=1200)).total


def test_stopped_or_failed_a_run_leaves_lines_whole() -> None:
    class Stopping(Counting):
        def next(self) -> None:
            super().next()
            if len(self) == 700:
                self.cerebro.runstop()

    strategy = run(Stopping, Walk(count=1200), options=BALANCED)
    assert list(strategy.line.array)[300:] == list(run(Counting, Walk(count=1200)).line.array)[300:]

    class Failing(Counting):
        def next(self) -> None:
            super().next()
            if len(self) == 700:
                made.append(self)
                raise RuntimeError("no")

    made: list[Any] = []
    with pytest.raises(RuntimeError):
        run(Failing, Walk(count=1200), options=BALANCED)
    assert partial(made[0]) == 0 and list(made[0].line.array)[300:] == list(strategy.line.array)[300:]


def test_every_run_of_a_sweep_has_its_own() -> None:
    def totals(**options: Any) -> list[float]:
        class Swept(bt.Strategy):
            params = (("period", 3),)

            def __init__(self) -> None:
                self.rsi = bt.ind.RSI(period=self.p.period)
                self.total = 0.0

            def next(self) -> None:
                self.total += self.rsi[0]

            def stop(self) -> None:
                found.append(self.total)

        found: list[float] = []
        cerebro = bt.Cerebro(maxcpus=1, **options)
        cerebro.adddata(Walk(count=1000))
        cerebro.optstrategy(Swept, period=range(3, 9))
        cerebro.run()
        return found

    assert totals(**BALANCED) == totals()
