"""Price paths: files and generated ones."""

from __future__ import annotations

from decimal import Decimal
from itertools import islice, pairwise
from pathlib import Path

import pytest

from real_trade.errors import ConfigError
from real_trade.sim.instruments import STANDARD
from real_trade.sim.paths import Tick, open_path, read_bars, ticks_of, walk

D = Decimal
BTC, PERP = STANDARD[0], STANDARD[3]


def ticks(path: Path) -> list[Tick]:
    return list(ticks_of(read_bars(path), str(path)))


def test_a_bar_becomes_four_ticks_and_the_nearer_extreme_comes_first(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("timestamp,open,high,low,close,volume\n60,100,110,99,105,4\n120,105,106,90,95,8\n")
    found = ticks(path)
    assert [tick.price for tick in found] == [D(n) for n in (100, 99, 110, 105, 105, 106, 90, 95)]
    assert [tick.time_ms for tick in found] == [60000, 75000, 90000, 105000, 120000, 135000, 150000, 165000]
    assert [tick.volume for tick in found] == [D(1)] * 4 + [D(2)] * 4


def test_prices_alone_are_ticks(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("Date,Price\n2024-01-01T00:00:00Z,1\n2024-01-01 00:00:05,2\n")
    assert ticks(path) == [Tick(1704067200000, D(1)), Tick(1704067205000, D(2))]


@pytest.mark.parametrize(
    "stamp", ["1704067200", "1704067200000", "1704067200000000", "1704067200000000000", "2024-01-01"]
)
def test_times_are_told_by_their_size(tmp_path: Path, stamp: str) -> None:
    path = tmp_path / "a.csv"
    path.write_text(f"time,close\n{stamp},1\n")
    assert ticks(path)[0].time_ms == 1704067200000


def test_parquet_says_the_same_as_csv(tmp_path: Path) -> None:
    pyarrow = pytest.importorskip("pyarrow")
    from pyarrow import parquet

    text = "timestamp,open,high,low,close,volume\n60,100,110,99,105,4\n120,105,106,90,95,8\n"
    (tmp_path / "a.csv").write_text(text)
    head, *rows = [line.split(",") for line in text.split()]
    columns = {name: [float(row[index]) for row in rows] for index, name in enumerate(head)}
    columns["timestamp"] = [int(value) for value in columns["timestamp"]]
    parquet.write_table(pyarrow.table(columns), tmp_path / "a.parquet")
    assert ticks(tmp_path / "a.parquet") == ticks(tmp_path / "a.csv")


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "it has no rows"),
        ("time,close\n", "it has no rows"),
        ("when,close\n1,1\n", "no column for the time"),
        ("time,worth\n1,1\n", "no column for the close"),
        ("time,close\nnoon,1\n", "row 2: 'noon' is no time"),
        ("time,close\n1,1\n2,x\n", "row 3: close is 'x'"),
        ("time,close\n1,1\n2,-1\n", "row 3: close is '-1'"),
        ("time,close\n1,1\n2,nan\n", "row 3: close is 'nan'"),
        ("time,close\n2,1\n1,1\n", "row 3: it is older than the row before it"),
        ("time,open,high,low,close\n1,5,6,4,7\n", "row 2: close 7 is not between low 4 and high 6"),
    ],
)
def test_what_is_wrong_in_a_file_is_named(tmp_path: Path, text: str, complaint: str) -> None:
    path = tmp_path / "bad.csv"
    path.write_text(text)
    with pytest.raises(ConfigError) as caught:
        ticks(path)
    assert complaint in str(caught.value)
    assert "bad.csv" in str(caught.value)


def test_a_walk_depends_on_pair_and_seed_alone() -> None:
    first, again = list(islice(walk(BTC, 7, 1), 500)), list(islice(walk(BTC, 7, 1), 500))
    assert first == again
    assert first != list(islice(walk(BTC, 8, 1), 500))
    perpetual = list(islice(walk(PERP, 7, 1), 500))
    assert all(abs(a.price - b.price) <= D("0.1") for a, b in zip(first, perpetual))
    assert all(tick.price % BTC.tick == 0 and tick.price > 0 for tick in first)
    assert [tick.time_ms for tick in first[:3]] == [0, 1000, 2000]


def test_a_walk_is_about_as_wild_as_it_is_told() -> None:
    def spread(volatility: float) -> float:
        prices = [float(tick.price) for tick in islice(walk(BTC, 1, 60, volatility), 5000)]
        moves = [b / a - 1 for a, b in pairwise(prices)]
        return (sum(move * move for move in moves) / len(moves)) ** 0.5

    assert 2 < spread(1.2) / spread(0.3) < 6


def test_sources_are_told_apart() -> None:
    assert open_path("flat", BTC, 1, 1.0) is None
    assert open_path("walk:0.9", BTC, 1, 1.0) is not None
    with pytest.raises(ConfigError, match="is no volatility"):
        open_path("walk:much", BTC, 1, 1.0)
    with pytest.raises(ConfigError, match="no such file"):
        open_path("nowhere.csv", BTC, 1, 1.0)
