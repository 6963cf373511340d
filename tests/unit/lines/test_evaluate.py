"""However a line is computed, in one go or in pieces with what it is made of, the bits are the same."""

from __future__ import annotations

import math
import random
from typing import Any

import pytest

import backtrader as bt
from backtrader.lines import evaluate as module
from backtrader.lines import kernels as k
from tests.unit.core.walk import Walk
from tests.unit.indicators.cases import BUILT_IN, DATASETS, USER, USER_CLASSES, bars
from tests.unit.indicators.stage import evaluate

SCOPE: dict[str, Any] = {"bt": bt}
exec(USER_CLASSES, SCOPE)
CASES = BUILT_IN + [case for case in USER if "lambda" not in case]

MORE = [
    "bt.If(d > d(-3), d.high - d.low(-1), abs(d - d.open))",
    "bt.Max(d, d(-1), d(-2), 101.0) - bt.Min(d, d(-1))",
    "bt.And(d > d.open, d.high > d.high(-2), d.volume)",
    "bt.ind.SMA(bt.ind.SMA(d(-4), period=5)(-3), period=4)",
    "bt.ind.EMA((d.high + d.low) / 2.0 - bt.ind.Lowest(d.low - d(-7), period=6), period=3)",
    "bt.ind.Highest(-d, period=9) // (d.open - 50.0) ** 2.0",
    "(d - d.open) * (d - d.open) + (d - d.open)",
    "bt.ind.SMA(d, period=40)(-20) + d",
    "bt.Cmp(d, d.open) + bt.CmpEx(d, d(-1), d, 1.0, d.open(-2))",
    "bt.DivByZero(d, d - d(-1), zero=3.0) + bt.DivZeroByZero(d - d, d - d, dual=4.0)",
    "d(0)(-1)(0) - d",
    "bt.ind.EMA(bt.ind.SMMA(d - 1.0, period=1), period=1) + d",
    "bt.ind.DMA(d, period=1, hperiod=2)",
    "bt.ind.ParabolicSAR(d, period=7) - bt.ind.HeikinAshi(d).ha_open",
]


def lines_of(made: Any) -> list[Any]:
    return [made.lines[i] for i in range(made.lines.size())] if hasattr(made.lines, "size") else [made]


def bits(found: dict[str, Any]) -> dict[str, list[list[str]]]:
    return {case: [[v.hex() for v in line.array] for line in lines_of(x)] for case, x in found.items()}


@pytest.fixture
def in_pieces(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Make even short lines go the way of long ones."""
    pytest.importorskip("numba")

    def arrange(piece: int) -> None:
        monkeypatch.setattr(module, "MANY", 8)
        monkeypatch.setattr(module, "PIECE", piece)
        monkeypatch.setattr(module, "ALONE", 2 * piece)
        monkeypatch.setattr(k.policy, "always", True)

    return arrange


@pytest.mark.parametrize("name", ["walk", "holes", "zeros", "flat"])
def test_pieces_are_the_same_as_bar_by_bar(in_pieces: Any, name: str) -> None:
    # each indicator by itself: what two of them read is kept, and would not be computed on the way
    want = bits(evaluate(DATASETS[name], CASES + MORE, SCOPE, "event"))
    in_pieces(16)
    for case in CASES + MORE:
        assert bits(evaluate(DATASETS[name], [case], SCOPE, "batch"))[case] == want[case], case


def test_all_together_in_pieces_of_any_size(in_pieces: Any) -> None:
    want = bits(evaluate(DATASETS["walk"], CASES + MORE, SCOPE, "event"))
    for piece in (1, 5, 64):
        in_pieces(piece)
        found = bits(evaluate(DATASETS["walk"], CASES + MORE, SCOPE, "batch"))
        for case in CASES + MORE:
            assert found[case] == want[case], (piece, case)


LONG = [
    "bt.ind.RSI_Safe(d)",
    "bt.ind.MACDHisto(d)",
    "bt.ind.KAMA(d)",
    "bt.ind.DM(d)",
    "bt.ind.BollingerBandsPct(d)",
    "bt.ind.StochasticFull(d, safediv=True)",
    "bt.ind.CCI(d)",
    "bt.ind.KST(d)",
    "bt.ind.UltimateOscillator(d)",
    "bt.ind.PivotPoint(d)",
    "bt.ind.FibonacciPivotPoint(d)",
    "bt.ind.DemarkPivotPoint(d)",
    "bt.ind.HMA(d)",
    "bt.ind.DV2(d, period=60)",
    "bt.ind.SMA(d.volume, period=700)",
    "bt.ind.Vortex(d)",
]


@pytest.mark.parametrize("holes", [False, True])
def test_long_lines_take_that_way_by_themselves(monkeypatch: pytest.MonkeyPatch, holes: bool) -> None:
    pytest.importorskip("numba")
    monkeypatch.setattr(k.policy, "always", True)
    r = random.Random(3)
    price, prices = 100.0, []
    for i in range(4 * module.MANY):
        price = abs(price + r.gauss(0.0, 0.2)) + 0.01
        prices.append(math.nan if holes and i % 5003 == 4000 else round(price, 2))
    columns = bars(prices)
    together = []
    fill = module._Together.run
    monkeypatch.setattr(
        module._Together, "run", lambda self, out: together.append(len(self.nodes)) or fill(self, out)
    )
    batch = bits(evaluate(columns, LONG, SCOPE, "batch"))
    assert len(together) > len(LONG) and max(together) > 3
    event = bits(evaluate(columns, LONG, SCOPE, "event"))
    for case in LONG:
        assert batch[case] == event[case], case


def test_what_others_read_too_is_computed_once(in_pieces: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    in_pieces(16)
    ran: list[str] = []
    run = module._Together.run
    monkeypatch.setattr(
        module._Together,
        "run",
        lambda self, out: ran.extend(node.kernel.name for node in self.nodes) or run(self, out),
    )
    cases = ["bt.ind.BollingerBandsPct(d)", "bt.ind.DM(d, period=4)", "bt.ind.PGO(d, period=4)"]
    bits(evaluate(DATASETS["walk"], cases, SCOPE, "batch"))
    assert ran.count("deviation") == 1
    assert ran.count("true_range") == 1  # of the movement and of the oscillator
    assert ran.count("relative_strength") == 0


def test_a_history_longer_than_a_piece(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("numba")
    monkeypatch.setattr(k.policy, "always", True)
    columns = bars([100.0 + math.sin(i / 50.0) for i in range(3 * module.PIECE)])
    period = module.PIECE // 2 + 100
    case = f"bt.ind.SMA(2.0 * d - d(-{period}), period={period}) * 3.0 - 1.0"
    (batch,) = bits(evaluate(columns, [case], SCOPE, "batch"))[case]
    monkeypatch.setattr(module, "MANY", len(columns["close"]) + 1)
    (whole,) = bits(evaluate(columns, [case], SCOPE, "batch"))[case]
    assert batch == whole and batch[-1] != "nan"


def test_long_lines_of_other_timelines() -> None:
    class Two(bt.Strategy):
        def __init__(self) -> None:
            spread = self.data0.close - self.data1.close
            self.made = [
                bt.ind.SMA(spread, period=5),
                bt.ind.Highest(self.data1.high, period=3)() - self.data0,
                bt.Max(self.data0, self.data1, self.data0(-1)),
            ]
            self.seen: list[list[str]] = []

        def next(self) -> None:
            self.seen.append([line[0].hex() for line in self.made])

    found = []
    for options in ({}, {"runonce": False}):
        cerebro = bt.Cerebro(stdstats=False, **options)
        cerebro.adddata(Walk(count=module.MANY + 500, minutes=10))
        cerebro.adddata(Walk(count=module.MANY // 4, minutes=35, seed=2))
        cerebro.addstrategy(Two)
        found.append(cerebro.run()[0].seen)
    assert found[0] == found[1] and len(found[0]) > module.MANY


def test_memory_is_whole_and_missing_before_the_period() -> None:
    for size, missing in ((10, 3), (2 * module.MANY, 5)):
        memory = module.memory_for(size, missing)
        assert len(memory) == size and all(math.isnan(v) for v in memory[:missing])
        assert isinstance(memory[0], float) and not memory.readonly
