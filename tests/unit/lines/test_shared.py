"""The same computation is made once a run, unread ones not at all, and nobody's writing reaches others."""

from __future__ import annotations

import collections
from typing import Any

import pytest

import backtrader as bt
from backtrader.lines import evaluate
from backtrader.lines import kernels as k
from tests.unit.core.walk import Walk
from tests.unit.indicators.stage import Bars, Owner, closes, values
from tests.unit.indicators.stage import run as run_case

PRICES = [100.0 + (i * 7919 % 101) / 10.0 for i in range(80)]


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch) -> collections.Counter[str]:
    """How often each kernel is run over a whole line."""
    counted: collections.Counter[str] = collections.Counter()
    run = k.Kernel.run

    def counting(self: k.Kernel, *args: Any) -> None:
        counted[self.name] += 1
        run(self, *args)

    monkeypatch.setattr(k.Kernel, "run", counting)
    return counted


def made(*cases: str, scope: dict[str, Any] | None = None) -> dict[str, Any]:
    """Expressions over one feed, ready to be read."""
    feed = Bars(closes(PRICES))
    owner = Owner(feed, list(cases), scope or {})
    feed.settle()
    owner._once()
    return dict(owner.made)


def test_three_equal_averages_are_computed_once_and_share_memory(runs: Any) -> None:
    cases = ("bt.ind.SMA(d, period=30)", "bt.ind.SMA(d.close, period=30)", "bt.ind.MovAv.Simple(d)")
    lines = [indicator.lines.sma for indicator in made(*cases).values()]
    first, *others = (line.array for line in lines)
    assert runs == {"rolling_sum": 1}
    assert all(memory.obj is first.obj for memory in others)


def test_equal_operations_are_computed_once(runs: Any) -> None:
    cases = made("d.close(-1) + 0.0", "d.close(-1) + 0", "d.close(-2) + 0.0", "d.close(-1) - d.open")
    for line in cases.values():
        line.array
    # two delays for four readers, two sums for three
    assert runs == {"shift": 2, "add": 2, "subtract": 1}


def test_equal_parts_of_different_indicators_are_computed_once(runs: Any) -> None:
    cases = made("bt.ind.ATR(d, period=5)", "bt.ind.PlusDI(d, period=5)", "bt.ind.DI(d, period=5)")
    for indicator in cases.values():
        for line in indicator.lines:
            line.array
    # one for the true range, one for each direction
    assert runs["true_range"] == 1
    assert runs["exponential"] == 3


def test_other_parameters_inputs_and_periods_are_other_computations(runs: Any) -> None:
    cases = made(
        "bt.ind.SMA(d, period=30)",
        "bt.ind.SMA(d, period=31)",
        "bt.ind.SMA(d.open, period=30)",
        "bt.ind.SMA(d.close(-1), period=30)",
        "bt.ind.EMA(d, period=30)",
        "bt.ind.SMMA(d, period=30)",
        "bt.ind.SumN(d, period=30)",
    )
    for indicator in cases.values():
        indicator.lines[0].array
    assert runs == {"rolling_sum": 5, "exponential": 2, "shift": 1}


def test_a_negative_zero_is_another_constant() -> None:
    cases = made("d.close * 0.0", "d.close * -0.0")
    first, second = (line.array for line in cases.values())
    assert str(first[0]) == "0.0" and str(second[0]) == "-0.0"


def test_writing_to_one_leaves_the_other(runs: Any) -> None:
    one, other = made("bt.ind.SMA(d, period=3)", "bt.ind.SMA(d, period=3) ").values()
    before = values(other)
    one._now.idx = 10
    one.lines.sma[0] = 1.5
    one.lines.sma[-1] = 2.5
    assert (one[0], one[-1]) == (1.5, 2.5)
    assert values(other) == pytest.approx(before, nan_ok=True)
    assert values(one)[11:] == before[11:]
    assert runs == {"rolling_sum": 1}


def test_writing_before_the_other_is_read(runs: Any) -> None:
    one, other = made("bt.ind.SMA(d, period=3)", "bt.ind.SMA(d, period=3) ").values()
    one._now.idx = 10
    one.lines.sma[0] = -1.0
    assert values(other)[10] == values(run_case(closes(PRICES), "bt.ind.SMA(d, period=3)"))[10]
    assert runs["rolling_sum"] == 2  # once for both, once for the comparison


def test_memory_that_is_shared_cannot_be_written_directly() -> None:
    one, other = made("bt.ind.SMA(d, period=3)", "bt.ind.SMA(d, period=3) ").values()
    with pytest.raises(TypeError, match="read-only"):
        one.lines.sma.array[3] = 0.0
    assert other.lines.sma.array[3] != 0.0
    alone = made("bt.ind.SMA(d, period=3)")["bt.ind.SMA(d, period=3)"]
    alone.lines.sma.array[3] = 7.0
    assert alone.lines.sma.array[3] == 7.0


class Doubled(bt.ind.SMA):
    """Writes over what it is bound to."""

    def next(self) -> None:
        self.lines.sma[0] = self.data[0] * 2


class Halved(bt.ind.SMA):
    """Writes into the buffer, as the vectorised form of an indicator does."""

    def once(self, start: int, end: int) -> None:
        out, source = self.lines.sma.array, self.data.array
        for i in range(start, end):
            out[i] = source[i] / 2


SCOPE = {"Doubled": Doubled, "Halved": Halved}


def test_an_indicator_that_writes_its_own_line_is_not_seen_by_equal_ones() -> None:
    cases = made(
        "Doubled(d, period=3)",
        "bt.ind.SMA(d, period=3)",
        "Halved(d, period=3)",
        "bt.ind.EMA(Doubled(d, period=3), period=2)",
        "bt.ind.EMA(bt.ind.SMA(d, period=3), period=2)",
        scope=SCOPE,
    )
    doubled, plain, halved, of_doubled, of_plain = (values(x) for x in cases.values())
    assert doubled[5:] == [2 * p for p in PRICES[5:]]
    assert halved[5:] == [p / 2 for p in PRICES[5:]]
    alone = values(run_case(closes(PRICES), "bt.ind.SMA(d, period=3)"))
    assert plain[2:] == alone[2:]
    ema = values(run_case(closes(PRICES), "bt.ind.EMA(bt.ind.SMA(d, period=3), period=2)"))
    assert of_plain[3:] == ema[3:]
    assert of_doubled[10] > 1.5 * of_plain[10]


class Counted(bt.Indicator):
    """Keeps state of its own in Python."""

    lines = ("count",)
    made = 0

    def __init__(self) -> None:
        self.count = 0

    def next(self) -> None:
        self.count += 1
        type(self).made += 1
        self.lines.count[0] = self.count


def test_what_is_written_in_python_is_never_shared() -> None:
    Counted.made = 0
    one, other = made("Counted(d)", "Counted(d) ", scope={"Counted": Counted}).values()
    assert one.lines[0].array.obj is not other.lines[0].array.obj
    assert Counted.made == 2 * len(PRICES)
    one._now.idx = 3
    one.lines.count[0] = -5.0
    assert other.lines.count[0] == 4.0


def test_two_lines_bound_to_one_operation_are_written_apart() -> None:
    class Twins(bt.Indicator):
        lines = ("a", "b")

        def __init__(self) -> None:
            self.lines.a = self.lines.b = self.data.close - self.data.open(-1)

    twins = made("Twins(d)", scope={"Twins": Twins})["Twins(d)"]
    before = values(twins, "b")
    twins._now.idx = 5
    twins.lines.a[0] = 99.0
    assert values(twins, "b")[1:] == before[1:] and twins.lines.a[0] == 99.0


@pytest.mark.parametrize("case", ["bt.ind.SMA(d, period=30)", "bt.ind.DM(d, period=5)"])
def test_event_mode_gives_the_same_with_equal_indicators(case: str) -> None:
    feed = Bars(closes(PRICES))
    owner = Owner(feed, [case, case + " "], {})
    feed._now.grow()
    owner._begin()
    for _ in range(feed.count):
        feed.step()
        owner._next()
    one, other = owner.made.values()
    batch = run_case(closes(PRICES), case)
    for i in range(one.lines.size()):
        want = [v.hex() for v in values(batch, i)]
        assert [v.hex() for v in values(one, i)] == [v.hex() for v in values(other, i)] == want


# -- unread lines ------------------------------------------------------------------------------


class Bands(bt.Strategy):
    """Owns bands and more, and reads what it is told to."""

    params = (("read", ()),)

    def __init__(self) -> None:
        self.bands = bt.ind.BollingerBands(self.data, period=5, plot=True)
        self.macd = bt.ind.MACD(self.data)
        self.lines_read = [getattr(self.bands.lines, name) for name in self.p.read]

    def next(self) -> None:
        for line in self.lines_read:
            line[0]


def run(strategy: Any, *, writer: Any = None, **params: Any) -> Any:
    cerebro = bt.Cerebro(stdstats=False)
    cerebro.adddata(Walk(count=60))
    cerebro.addstrategy(strategy, **params)
    if writer is not None:
        cerebro.addwriter(bt.WriterFile, out=writer, csv=True)
    return cerebro.run()[0]


def test_lines_that_nobody_reads_are_not_computed(runs: Any) -> None:
    run(Bands)
    assert runs == {}


def test_only_what_is_read_is_computed(runs: Any) -> None:
    run(Bands, read=("mid",))
    assert runs == {"rolling_sum": 1, "shift": 1}
    runs.clear()
    run(Bands, read=("top",))
    assert runs["deviation"] == 1 and "exponential" not in runs


def test_what_was_left_out_is_there_when_it_is_read_after_the_run(runs: Any) -> None:
    strategy = run(Bands)
    assert runs == {}
    assert strategy.macd.lines.macd[0] == strategy.macd.lines.macd.array[-1]
    assert runs["exponential"] == 2


def test_being_written_counts_as_being_read(runs: Any, tmp_path: Any) -> None:
    class Written(Bands):
        def __init__(self) -> None:
            super().__init__()
            self.macd.csv = True

    run(Written, writer=str(tmp_path / "out.csv"))
    assert runs["exponential"] == 3 and "deviation" not in runs
    assert "MACD" in (tmp_path / "out.csv").read_text()


def test_being_plotted_counts_as_being_read(runs: Any) -> None:
    pytest.importorskip("matplotlib").use("agg")
    cerebro = bt.Cerebro(stdstats=False)
    cerebro.adddata(Walk(count=60))
    cerebro.addstrategy(Bands)
    cerebro.run()
    assert runs == {}
    cerebro.plot(iplot=False)
    assert runs["exponential"] == 3 and runs["deviation"] == 1


def test_a_line_on_the_way_to_another_has_no_memory_and_is_there_when_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pytest.importorskip("numba")
    monkeypatch.setattr(evaluate, "MANY", 16)
    monkeypatch.setattr(k.policy, "always", True)
    case = "bt.ind.RSI_Safe(d, period=5)"
    rsi = made(case)[case]
    want = values(run_case(closes(PRICES), case, "event"))
    assert [v.hex() for v in values(rsi)] == [v.hex() for v in want]
    averages = rsi.getindicators()
    held = [one for one in averages if "array" in getattr(one, "lines", [one])[0].__dict__]
    assert [type(one).__name__ for one in held] == ["Computed"]  # the index itself
    inner = next(one for one in averages if hasattr(one.lines, "smma"))
    alone = values(run_case(closes(PRICES), "bt.ind.SMMA(bt.ind.UpDay(d), period=5)", "event"))
    assert [v.hex() for v in values(inner)] == [v.hex() for v in alone]
