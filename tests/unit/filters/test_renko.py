"""Bricks."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

import backtrader as bt
from backtrader.errors import DataError
from tests.unit.feeds.stage import Rows, by_rows, drain, preloaded, started


def feed(*closes: float, **options: Any) -> Any:
    rows, before = [], closes[0]
    for i, close in enumerate(closes):
        high, low = max(before, close) + 0.5, min(before, close) - 0.5
        rows.append((dt.datetime(2020, 1, 1 + i), before, high, low, close, 10, 5))
        before = close
    data = Rows(dataname=rows)
    data.addfilter(bt.filters.Renko, **options)
    return data


def bricks(data: Any) -> list[tuple[int, float, float]]:
    lines = zip(data.datetime.array, data.open.array, data.close.array, strict=True)
    return [(bt.num2date(time).day, begin, end) for time, begin, end in lines]


def test_a_brick_needs_a_whole_move() -> None:
    data = preloaded(feed(100, 101, 103, 106, 104, 99, size=3))
    assert bricks(data) == [(3, 103, 106), (4, 106, 109), (5, 106, 103), (6, 103, 100)]
    assert list(data.volume.array) == list(data.openinterest.array) == [0.0] * 4


def test_the_size_can_follow_from_the_price() -> None:
    assert bricks(preloaded(feed(100, 110, autosize=10.0))) == [(2, 110, 120)]
    assert bricks(preloaded(feed(100, 110, 125, autosize=10.0, dynamic=True))) == [
        (2, 110, 121),
        (3, 121, 133),
    ]


def test_high_and_low_instead_of_the_close() -> None:
    assert bricks(preloaded(feed(100, 101.7, size=2))) == []
    assert bricks(preloaded(feed(100, 101.7, size=2, hilo=True))) == [(2, 102, 104)]


@pytest.mark.parametrize(
    ("options", "first"),
    [({}, 102), ({"align": 0.5}, 102), ({"align": 0.5, "roundstart": False}, 102.5), ({"align": 5}, 102)],
)
def test_where_the_first_brick_begins(options: Any, first: float) -> None:
    assert bricks(preloaded(feed(100.3, 120, size=2, **options)))[0][1] == first


def test_row_by_row_it_is_the_same() -> None:
    """The original stops where the first bar is taken away and nothing was preloaded."""
    closes = [100, 101, 103, 106, 104, 99]
    assert bricks(by_rows(feed(*closes, size=3))) == bricks(preloaded(feed(*closes, size=3)))
    assert len(drain(started(feed(*closes, size=3)))) >= 4


def test_without_a_first_price_it_says_so() -> None:
    data = feed(float("nan"), 100.0, size=2)
    with pytest.raises(DataError, match="no opening price in its first bar"):
        preloaded(data)
