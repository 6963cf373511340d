"""Bars and events as records: smaller than plain objects, not slower."""

from __future__ import annotations

import pickle
import tracemalloc
from typing import Any

import pytest

import backtrader as bt
from tests.unit.feeds.stage import Rows, days, preloaded


class PlainBar:
    """What a bar would be without slots."""

    def __init__(
        self, datetime: Any, open: float, high: float, low: float, close: float,
        volume: float = 0.0, openinterest: float = 0.0,
    ) -> None:  # fmt: skip
        self.datetime = datetime
        self.open = open
        self.high = high
        self.low = low
        self.close = close
        self.volume = volume
        self.openinterest = openinterest


class PlainEvent:
    def __init__(self, datetime: Any, value: Any = None) -> None:
        self.datetime = datetime
        self.value = value


def bytes_each(make: Any, *args: Any) -> float:
    """Memory of one of ten thousand objects, what they refer to left out."""
    kept: list[Any] = [None] * 10_000
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        for i in range(len(kept)):
            kept[i] = make(*args)
        return (tracemalloc.get_traced_memory()[0] - before) / len(kept)
    finally:
        tracemalloc.stop()


def test_a_bar_takes_at_least_thirty_percent_less_memory_than_a_plain_object() -> None:
    values = (1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0)
    assert bytes_each(bt.Bar, *values) <= 0.7 * bytes_each(PlainBar, *values)
    assert bytes_each(bt.TimedEvent, 1.0, 2.0) <= 0.7 * bytes_each(PlainEvent, 1.0, 2.0)


def test_fields_and_defaults() -> None:
    bar = bt.Bar(1.0, 2.0, 3.0, 1.5, 2.5)
    assert (bar.volume, bar.openinterest) == (0.0, 0.0)
    assert list(bar) == [1.0, 2.0, 3.0, 1.5, 2.5, 0.0, 0.0]
    assert bar == bt.Bar(1.0, 2.0, 3.0, 1.5, 2.5) != bt.Bar(1.0, 2.0, 3.0, 1.5, 2.0)
    assert repr(bar).startswith("Bar(datetime=1.0, open=2.0")
    assert pickle.loads(pickle.dumps(bar)) == bar
    bar.close = 9.0
    assert bar.close == 9.0
    with pytest.raises(AttributeError):
        bar.other = 1.0  # type: ignore[attr-defined]


def test_a_bar_of_a_feed() -> None:
    feed = preloaded(Rows(dataname=days(3)))
    feed.advance(2)
    rows = days(3)
    assert list(bt.Bar.from_feed(feed)) == list(rows[1])
    assert list(bt.Bar.from_feed(feed, -1)) == list(rows[0])
